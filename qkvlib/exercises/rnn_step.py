"""Lesson 06: tanh(x @ W + h @ U + b)."""

import numpy as np

from .check import Report, check_function


def check_rnn_step(function) -> Report:
    """Check a function (x, h, W, U, b) -> the next state tanh(x @ W + h @ U + b).

    x of shape (n_in,), h (n_hidden,), W (n_in, n_hidden), U (n_hidden, n_hidden), b (n_hidden,).
    """
    return check_function("rnn_step", function, _rnn_step, CASES, MISTAKES)


def _rnn_step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)


CASES = {
    "step_small": {
        "x": [1.0, -0.5],
        "h": [0.5, 0.0, -1.0],
        "W": [[0.5, 0.0, -0.5], [1.0, 0.5, 0.0]],
        "U": [[0.0, 0.5, 0.0], [-0.5, 0.0, 0.25], [0.5, 0.0, 0.5]],
        "b": [0.1, -0.2, 0.3],
    },
    "step_square": {
        "x": [0.5, 1.0],
        "h": [-0.5, 0.25],
        "W": [[0.5, -1.0], [0.0, 0.5]],
        "U": [[0.0, 1.0], [-0.5, 0.5]],
        "b": [0.2, -0.1],
    },
    "step_first": {
        "x": [0.0, 1.0, 0.0],
        "h": [0.0, 0.0],
        "W": [[0.5, -0.5], [0.25, 1.0], [0.0, 0.5]],
        "U": [[0.5, 0.5], [-0.5, 0.5]],
        "b": [0.0, -0.5],
    },
    "step_large": {"x": [30.0], "h": [1.0, -1.0], "W": [[1.0, -1.0]], "U": [[2.0, 0.0], [0.0, 2.0]], "b": [0.5, 0.5]},
}

MISTAKES = [
    ("step_no_tanh", lambda x, h, W, U, b: x @ W + h @ U + b),
    ("step_no_bias", lambda x, h, W, U, b: np.tanh(x @ W + h @ U)),
    ("step_no_hidden", lambda x, h, W, U, b: np.tanh(x @ W + b)),
    ("step_no_input", lambda x, h, W, U, b: np.tanh(h @ U + b)),
    ("step_transposed", lambda x, h, W, U, b: np.tanh(x @ W + U @ h + b)),
    ("step_transposed", lambda x, h, W, U, b: np.tanh(W @ x + U @ h + b)),
    ("step_transposed", lambda x, h, W, U, b: np.tanh(W @ x + h @ U + b)),
    ("step_elementwise", lambda x, h, W, U, b: np.tanh(W * x + U * h + b)),
    ("step_exchanged", lambda x, h, W, U, b: np.tanh(x @ U + h @ W + b)),
    ("step_tanh_early", lambda x, h, W, U, b: np.tanh(x @ W) + np.tanh(h @ U) + b),
    ("step_tanh_early", lambda x, h, W, U, b: np.tanh(x @ W) + h @ U + b),
    ("step_tanh_early", lambda x, h, W, U, b: x @ W + np.tanh(h @ U) + b),
    ("step_tanh_early", lambda x, h, W, U, b: np.tanh(x @ W + h @ U) + b),
    ("step_tanh_twice", lambda x, h, W, U, b: np.tanh(np.tanh(x @ W + h @ U + b))),
    ("step_sigmoid", lambda x, h, W, U, b: 0.5 * (1 + np.tanh(0.5 * (x @ W + h @ U + b)))),
    ("step_added", lambda x, h, W, U, b: h + np.tanh(x @ W + h @ U + b)),
    ("step_added", lambda x, h, W, U, b: np.tanh(x @ W + h @ U + h + b)),
]
