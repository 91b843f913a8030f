"""Lesson 02: Q @ K.T / sqrt(d_k)."""

import numpy as np

from ..attention import scores, softmax
from .check import Report, check_function


def check_scores(function) -> Report:
    """Check a function (Q, K) -> Q @ K.T / sqrt(d_k), for Q of shape (n_queries, d_k) and K of shape (n_keys, d_k)."""
    return check_function("scores", function, scores, CASES, MISTAKES)


CASES = {
    "small": {
        "Q": [[1.0, 0.0, 2.0, 1.0], [0.5, 1.0, 0.0, 0.0], [0.0, 2.0, 1.0, 1.0]],
        "K": [[1.0, 1.0, 0.0, 0.0], [0.5, 0.0, 1.0, 2.0]],
    },
    "negative": {
        "Q": [[-1.0, 0.5, 0.0], [2.0, -1.5, 1.0]],
        "K": [[1.0, 1.0, -1.0], [0.0, -2.0, 0.5], [0.3, 0.0, 0.0], [-1.0, 1.0, 1.0]],
    },
    "large_d_k": {"Q": np.arange(36).reshape(4, 9) / 20 - 0.9, "K": np.arange(27).reshape(3, 9) % 5 / 4 - 0.5},
    "one": {"Q": [[1.0, 2.0]], "K": [[0.5, -1.0]]},
}

MISTAKES = [
    ("unscaled", lambda Q, K: Q @ K.T),
    ("d_k", lambda Q, K: Q @ K.T / K.shape[1]),
    ("d_model", lambda Q, K: Q @ K.T / 2),
    ("n_keys", lambda Q, K: Q @ K.T / np.sqrt(len(K))),
    ("n_keys", lambda Q, K: Q @ K.T / np.sqrt(len(Q))),
    ("multiplied", lambda Q, K: Q @ K.T * np.sqrt(K.shape[1])),
    ("transposed", lambda Q, K: K @ Q.T / np.sqrt(K.shape[1])),
    ("already_softmax", lambda Q, K: softmax(scores(Q, K))),
    ("already_softmax", lambda Q, K: softmax(Q @ K.T)),
    ("elementwise", lambda Q, K: Q * K / np.sqrt(K.shape[1])),
    ("elementwise", lambda Q, K: Q * K),
]
