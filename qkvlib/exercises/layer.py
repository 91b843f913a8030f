"""Lesson 10: what a layer does with what attention brings home: add it, and normalise each row."""

import numpy as np

from .check import Report, check_function


def check_layer(function) -> Report:
    """Check a function (X, change, gain, shift) -> X + change, each row normalised, times gain, plus shift.

    X, change : arrays, shape (n, d); gain, shift : arrays, shape (d,). Normalised is a row of mean 0 and variance 1.
    """
    return check_function("layer", function, _step, CASES, MISTAKES)


def _normalised(X, axis=1, ddof=0):
    return (X - X.mean(axis=axis, keepdims=True)) / X.std(axis=axis, keepdims=True, ddof=ddof)


def _step(X, change, gain, shift):
    return _normalised(X + change) * gain + shift


CASES = {
    "layer_small": {
        "X": [[1.0, 2.0, 0.0, -1.0], [0.5, 0.0, 3.0, 1.0]],
        "change": [[0.5, 0.0, 1.0, 1.5], [-1.0, 2.0, 0.0, 0.0]],
        "gain": [1.0, 0.5, 2.0, -1.0],
        "shift": [0.0, 1.0, -0.5, 0.0],
    },
    "layer_plain": {
        "X": [[2.0, 0.0, 1.0], [0.0, -1.0, 4.0], [1.0, 1.0, 0.5]],
        "change": [[0.0, 1.0, 3.0], [2.0, 0.0, -1.0], [0.0, 2.0, 0.0]],
        "gain": [1.0, 1.0, 1.0],
        "shift": [0.0, 0.0, 0.0],
    },
    "layer_large": {
        "X": [[1000.0, 1001.0, 1003.0, 1002.0, 998.0]],
        "change": [[5.0, -5.0, 2.0, 0.0, 1.0]],
        "gain": [2.0, 2.0, 2.0, 1.0, 1.0],
        "shift": [1.0, 0.0, 0.0, 0.0, 1.0],
    },
    "layer_long": {
        "X": np.arange(30).reshape(5, 6) % 7 / 2 - 1,
        "change": np.arange(30).reshape(5, 6) % 4 - 1.5,
        "gain": np.arange(6) / 2 - 1,
        "shift": 2.0 - np.arange(6),
    },
}


def _scaled(X, by):
    """The rows, their mean taken away, divided by a function of them."""
    X = X - X.mean(axis=1, keepdims=True)
    return X / by(X)


def _at_columns(X):
    return (X - X.mean(axis=1)) / X.std(axis=1)


MISTAKES = [
    ("layer_not_added", lambda X, change, gain, shift: _normalised(change) * gain + shift),
    ("layer_not_added", lambda X, change, gain, shift: _normalised(X) * gain + shift),
    ("layer_early", lambda X, change, gain, shift: X + _normalised(change) * gain + shift),
    ("layer_early", lambda X, change, gain, shift: (_normalised(X) + change) * gain + shift),
    ("layer_early", lambda X, change, gain, shift: _normalised(X) * gain + shift + change),
    ("layer_columns", lambda X, change, gain, shift: _normalised(X + change, axis=0) * gain + shift),
    ("layer_whole", lambda X, change, gain, shift: _normalised(X + change, axis=None) * gain + shift),
    (
        "layer_variance",
        lambda X, change, gain, shift: _scaled(X + change, lambda X: X.var(axis=1, keepdims=True)) * gain + shift,
    ),
    (
        "layer_length",
        lambda X, change, gain, shift: (
            _scaled(X + change, lambda X: np.linalg.norm(X, axis=1, keepdims=True)) * gain + shift
        ),
    ),
    ("layer_ddof", lambda X, change, gain, shift: _normalised(X + change, ddof=1) * gain + shift),
    ("layer_unscaled", lambda X, change, gain, shift: _scaled(X + change, lambda X: 1) * gain + shift),
    (
        "layer_mean",
        lambda X, change, gain, shift: (X + change) / (X + change).std(axis=1, keepdims=True) * gain + shift,
    ),
    ("layer_keepdims", lambda X, change, gain, shift: _at_columns(X + change) * gain + shift),
    ("layer_no_gain", lambda X, change, gain, shift: _normalised(X + change) + shift),
    ("layer_no_gain", lambda X, change, gain, shift: _normalised(X + change) * gain),
    ("layer_no_gain", lambda X, change, gain, shift: _normalised(X + change)),
    ("layer_not_normalised", lambda X, change, gain, shift: (X + change) * gain + shift),
    ("layer_not_normalised", lambda X, change, gain, shift: X + change),
]
