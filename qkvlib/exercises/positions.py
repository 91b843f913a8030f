"""Lesson 07: positions as sines and cosines."""

import numpy as np

from ..models.positions import positions
from .check import Report, check_function


def check_positions(function) -> Report:
    """Check a function (n, d_model) -> array, shape (n, d_model), the waves of Vaswani et al. 2017; d_model is even."""
    return check_function("positions", function, lambda n, d_model: positions(int(n), int(d_model)), CASES, MISTAKES)


CASES = {
    "four_by_four": {"n": 4, "d_model": 4},
    "long": {"n": 12, "d_model": 6},
    "one_wave": {"n": 3, "d_model": 2},
    "first_only": {"n": 1, "d_model": 8},
}


def _waves(n, d_model, exponents=None, base=10000, first=0):
    exponents = np.arange(0, d_model, 2) / d_model if exponents is None else exponents
    return (np.arange(int(n)) + first)[:, None] / base**exponents


def _paired(sines, cosines):
    return np.stack([sines, cosines], axis=-1).reshape(len(sines), -1)


def _from(angles):
    return _paired(np.sin(angles), np.cos(angles))


MISTAKES = [
    ("positions_halves", lambda n, d_model: np.hstack([np.sin(a := _waves(n, d_model)), np.cos(a)])),
    ("positions_swapped", lambda n, d_model: _paired(np.cos(a := _waves(n, d_model)), np.sin(a))),
    ("positions_swapped", lambda n, d_model: np.hstack([np.cos(a := _waves(n, d_model)), np.sin(a)])),
    ("positions_from_one", lambda n, d_model: _from(_waves(n, d_model, first=1))),
    ("positions_multiplied", lambda n, d_model: _from(_waves(n, d_model, -np.arange(0, d_model, 2) / d_model))),
    ("positions_exponent", lambda n, d_model: _from(_waves(n, d_model, np.arange(d_model // 2) / d_model))),
    ("positions_exponent", lambda n, d_model: _from(_waves(n, d_model, np.arange(0, d_model, 2)))),
    ("positions_base", lambda n, d_model: _from(_waves(n, d_model, base=1000))),
    ("positions_base", lambda n, d_model: _from(_waves(n, d_model, base=1))),
    (
        "positions_one_wave",
        lambda n, d_model: np.sin(np.arange(int(n))[:, None] / 10000 ** (np.arange(d_model) / d_model)),
    ),
    ("positions_counted", lambda n, d_model: np.tile(np.arange(float(n))[:, None], (1, int(d_model)))),
]
