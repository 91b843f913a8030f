"""Lesson 11: a letter is drawn, each as probable as its score says at a temperature."""

import numpy as np

from ..attention import softmax
from .check import Report, check_function


def check_sampling(function) -> Report:
    """Check a function (scores, temperature, u) -> the number of the letter that is drawn, counted from 0.

    scores of shape (n_letters,), temperature a number above 0, u one from 0 to 1, all equally likely. The letter is the
    first by which the probabilities, added up from letter 0 on, exceed u.
    """
    return check_function("sampling", function, _drawn, CASES, MISTAKES)


def _drawn(scores, temperature, u):
    return np.array(_first(softmax(scores / temperature), u))


def _first(probabilities, u):
    return np.argmax(np.cumsum(probabilities) > u)


CASES = {
    "drawn_middle": {"scores": [2.0, 1.0, 0.0, -1.0], "temperature": 1.0, "u": 0.75},
    "drawn_cold": {"scores": [1.0, 1.2, 0.8, 0.9], "temperature": 0.1, "u": 0.7},
    "drawn_hot": {"scores": [3.0, 1.0, 0.0, -2.0], "temperature": 2.0, "u": 0.9},
    "drawn_first": {"scores": [0.5, 2.0, -1.0], "temperature": 0.8, "u": 0.05},
    "drawn_more": {"scores": [0.2, 0.1, 1.5, 0.4, 1.0], "temperature": 0.5, "u": 0.85},
    "drawn_last": {"scores": [0.3, 0.3, 0.3, 0.3, 0.3], "temperature": 0.5, "u": 0.97},
    "drawn_large": {"scores": [999.0, 1001.0, 1000.0], "temperature": 1.0, "u": 0.5},
}


def _exps(scores, temperature):
    return np.exp((scores - scores.max()) / temperature)


MISTAKES = [
    ("drawn_overflow", lambda s, t, u: np.argmax(np.cumsum(np.exp(s / t) / np.exp(s / t).sum()) > u)),
    ("drawn_overflow", lambda s, t, u: np.searchsorted(np.cumsum(np.exp(s / t) / np.exp(s / t).sum()), u)),
    ("drawn_greedy", lambda s, t, u: np.argmax(s)),
    ("drawn_no_temperature", lambda s, t, u: _first(softmax(s), u)),
    ("drawn_multiplied", lambda s, t, u: _first(softmax(s * t), u)),
    ("drawn_late", lambda s, t, u: _first(softmax(s) / t, u)),
    ("drawn_late", lambda s, t, u: np.searchsorted(np.cumsum(softmax(s) / t), u)),
    ("drawn_undivided", lambda s, t, u: _first(_exps(s, t), u)),
    ("drawn_no_softmax", lambda s, t, u: _first(s / t, u)),
    ("drawn_no_softmax", lambda s, t, u: _first(s / s.sum(), u)),
    ("drawn_not_added", lambda s, t, u: np.argmax(softmax(s / t) > u)),
    ("drawn_other_side", lambda s, t, u: np.argmax(np.cumsum(softmax(s / t)) < u)),
    ("drawn_from_one", lambda s, t, u: _first(softmax(s / t), u) + 1),
    ("drawn_probabilities", lambda s, t, u: softmax(s / t)),
    ("drawn_sums", lambda s, t, u: np.cumsum(softmax(s / t))),
    ("drawn_sums", lambda s, t, u: np.cumsum(softmax(s / t)) > u),
]
