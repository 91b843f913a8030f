"""Lesson 03: exp(scores) divided by the sum of each row."""

import numpy as np

from ..attention import softmax
from .check import Report, check_function


def check_softmax(function) -> Report:
    """Check a function (scores) -> weights of the same shape, whose rows sum to 1."""
    return check_function("softmax", function, softmax, CASES, MISTAKES)


CASES = {
    "rows": {"scores": [[0.0, 1.0, 2.0], [0.5, -0.5, 0.0]]},
    "square": {"scores": [[1.0, 0.0, -1.0], [0.3, 0.6, 0.9], [2.0, 0.5, 0.0]]},
    "equal": {"scores": [[0.7, 0.7, 0.7, 0.7], [0.0, 0.0, 0.0, 0.0]]},
    "masked": {"scores": [[1.0, -np.inf, 0.0], [0.2, 0.4, -np.inf]]},
    "big": {"scores": [[1000.0, 1001.0, 999.5], [1000.0, 1000.0, 1000.5]]},
    "low": {"scores": [[-2000.0, -2001.0], [0.0, 0.5]]},
}


def exps(scores):
    """exp of the scores, the maximum of each row subtracted."""
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


def divided(exps):
    """Divided by the sum of each row."""
    return exps / exps.sum(axis=-1, keepdims=True)


WITHOUT_KEEPDIMS = [  # the maximum, the sum or both of each row lose their axis; only square scores allow it
    lambda s: np.exp(s) / np.exp(s).sum(axis=-1),
    lambda s: exps(s) / exps(s).sum(axis=-1),
    lambda s: divided(np.exp(s - s.max(axis=-1))),
    lambda s: (e := np.exp(s - s.max(axis=-1))) / e.sum(axis=-1),
]

MISTAKES = [
    ("overflow", lambda s: divided(np.exp(s))),
    ("overflow", lambda s: divided(np.exp(s - s.max()))),
    ("columns", lambda s: softmax(s, axis=0)),
    ("columns", lambda s: np.exp(s) / np.exp(s).sum(axis=0)),
    ("columns", lambda s: exps(s) / exps(s).sum(axis=0)),
    ("whole", lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum()),
    ("whole", lambda s: np.exp(s) / np.exp(s).sum()),
    ("transposed_softmax", lambda s: softmax(s.T)),
    ("transposed_softmax", lambda s: softmax(s).T),
    ("no_exp", lambda s: s / s.sum(axis=-1, keepdims=True)),
    ("no_division", np.exp),
    ("no_division", exps),
    ("logarithm", lambda s: np.log(softmax(s))),
    ("mean", lambda s: softmax(s) * s.shape[-1]),
    *(("keepdims", softmax) for softmax in WITHOUT_KEEPDIMS),
]
