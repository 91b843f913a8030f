"""Lesson 01: softmax(keys @ query) @ values."""

import numpy as np

from ..attention import softmax
from .check import Report, check_function
from .softmax import divided, exps


def check_soft_lookup(function) -> Report:
    """Check a function (query, keys, values) -> softmax(keys @ query) @ values.

    query of shape (d,), keys (n, d), values (n, d_v); the result is of shape (d_v,).
    """
    return check_function("soft_lookup", function, _soft_lookup, CASES, MISTAKES)


def _soft_lookup(query, keys, values):
    return softmax(keys @ query) @ values  # (n, d) @ (d,) -> (n,), then (n,) @ (n, d_v) -> (d_v,)


# Small numbers, so that no softmax of them is all 0 and 1, and shapes that tell the typical mistakes apart.
CASES = {
    "three_keys": {
        "query": [1.0, 0.5],
        "keys": [[1.0, 0.0], [0.0, 1.0], [0.5, -0.5]],
        "values": [[1.0, 0.0, 0.0, 2.0], [0.0, 3.0, 0.0, 1.0], [0.0, 0.0, 4.0, -1.0]],
    },
    "five_keys": {
        "query": [0.5, -1.0, 0.0, 1.5],
        "keys": np.arange(20).reshape(5, 4) % 7 / 5 - 0.6,
        "values": [[1.0, -2.0], [0.5, 1.0], [-3.0, 0.0], [2.0, 2.0], [0.0, -1.0]],
    },
    "as_wide": {"query": [1.0, 0.0, 0.5], "keys": [[0.2, 0.4, 0.0], [1.0, 0.0, 1.0]], "values": np.eye(3)[:2] * 2},
    "no_match": {"query": [0.0, 0.0], "keys": np.arange(8).reshape(4, 2), "values": np.arange(12).reshape(4, 3) / 2},
}

MISTAKES = [
    ("mean_of_values", lambda q, k, v: v.mean(axis=0)),
    ("mean_of_values", lambda q, k, v: v.sum(axis=0)),
    ("hard", lambda q, k, v: v[np.argmax(k @ q)]),
    ("no_softmax", lambda q, k, v: (k @ q) @ v),
    ("no_exp", lambda q, k, v: (k @ q) / (k @ q).sum() @ v),
    ("softmax_last", lambda q, k, v: softmax((k @ q) @ v)),
    ("softmax_last", lambda q, k, v: (k @ q) @ softmax(v)),
    ("softmax_last", lambda q, k, v: (k @ q) @ softmax(v, axis=0)),
    ("undivided", lambda q, k, v: np.exp(k @ q) @ v),
    ("undivided", lambda q, k, v: np.exp(k @ q - (k @ q).max()) @ v),
    ("no_values", lambda q, k, v: softmax(k @ q)),
    ("no_values", lambda q, k, v: k @ q),
    ("not_summed", lambda q, k, v: softmax(k @ q)[:, None] * v),
    ("scaled", lambda q, k, v: softmax(k @ q / np.sqrt(len(q))) @ v),
    ("cosine", lambda q, k, v: softmax(k @ q / np.linalg.norm(k, axis=1)) @ v),
    ("cosine", lambda q, k, v: divided(exps(k @ q / np.linalg.norm(k, axis=1) / np.linalg.norm(q))) @ v),
    ("swapped", lambda q, k, v: softmax(v @ q) @ k),
]
