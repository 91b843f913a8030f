"""Lesson 09: several heads, each on its own columns of Q, K and V, and their outputs side by side."""

import numpy as np

from ..attention import attention
from .check import Report, check_function


def check_heads(function) -> Report:
    """Check a function (Q, K, V, n_heads) -> the outputs of all heads side by side, shape (n_queries, d_v).

    Q of shape (n_queries, d_k), K (n_keys, d_k), V (n_keys, d_v); n_heads divides d_k and d_v. Head 1 has the first
    d_k / n_heads columns of Q and K, and the first d_v / n_heads of V.
    """
    return check_function("heads", function, _output, CASES, MISTAKES)


def _parts(Q, K, V, n_heads):
    return zip(*(np.split(M, int(n_heads), axis=1) for M in (Q, K, V)), strict=True)


def _output(Q, K, V, n_heads):
    return np.hstack([attention(*parts).output for parts in _parts(Q, K, V, n_heads)])


CASES = {
    "two_heads": {
        "Q": [[1.0, 0.0, 0.5, -1.0], [0.0, 2.0, 1.0, 0.5], [-0.5, 1.0, 0.0, 1.5]],
        "K": [[2.0, 0.0, 1.0, 0.0], [0.5, 1.0, 0.0, -1.0], [0.0, -1.0, 2.0, 0.5]],
        "V": [[1.0, 0.0, 2.0, -1.0], [0.0, 3.0, -2.0, 0.5], [-1.0, 1.0, 0.0, 4.0]],
        "n_heads": 2,
    },
    "three_heads": {
        "Q": np.arange(12).reshape(2, 6) % 5 / 2 - 1,
        "K": np.arange(24).reshape(4, 6) % 7 / 2 - 1,
        "V": np.arange(12).reshape(4, 3) % 5 - 2.0,
        "n_heads": 3,
    },
    "one_head": {
        "Q": [[1.0, 0.5], [0.0, -1.0]],
        "K": [[1.0, 1.0], [-0.5, 2.0], [0.0, 1.5]],
        "V": [[1.0, 0.0], [0.0, 2.0], [3.0, -1.0]],
        "n_heads": 1,
    },
    "head_per_column": {
        "Q": [[1.0, 0.5, -2.0, 0.0]],
        "K": [[1.0, 1.0, 0.5, 2.0], [-0.5, 2.0, 1.0, 1.0], [0.0, 1.5, -1.0, 0.5]],
        "V": [[1.0, 0.0, 2.0, 1.0], [0.0, 2.0, 0.0, -1.0], [3.0, -1.0, 1.0, 0.0]],
        "n_heads": 4,
    },
}


def _heads(Q, K, V, n_heads, scale=None):
    scale = scale or (lambda part: np.sqrt(part.shape[1]))
    return [attention(q, k, v, scale=False, temperature=float(scale(q))).output for q, k, v in _parts(Q, K, V, n_heads)]


def _strided(M, n_heads):
    return [M[:, i :: int(n_heads)] for i in range(int(n_heads))]


MISTAKES = [
    ("heads_ignored", lambda Q, K, V, n_heads: attention(Q, K, V).output),
    ("heads_scale", lambda Q, K, V, n_heads: np.hstack(_heads(Q, K, V, n_heads, lambda part: np.sqrt(Q.shape[1])))),
    ("unscaled", lambda Q, K, V, n_heads: np.hstack(_heads(Q, K, V, n_heads, lambda part: 1))),
    ("heads_summed", lambda Q, K, V, n_heads: np.sum(_heads(Q, K, V, n_heads), axis=0)),
    ("heads_summed", lambda Q, K, V, n_heads: np.mean(_heads(Q, K, V, n_heads), axis=0)),
    ("heads_below", lambda Q, K, V, n_heads: np.vstack(_heads(Q, K, V, n_heads))),
    ("heads_listed", lambda Q, K, V, n_heads: np.array(_heads(Q, K, V, n_heads))),
    (
        "heads_columns",
        lambda Q, K, V, n_heads: np.hstack(
            [attention(*parts).output for parts in zip(*(_strided(M, n_heads) for M in (Q, K, V)), strict=True)]
        ),
    ),
    (
        "heads_reshaped",
        lambda Q, K, V, n_heads: np.hstack(attention(*(M.reshape(int(n_heads), len(M), -1) for M in (Q, K, V))).output),
    ),
    (
        "heads_values",
        lambda Q, K, V, n_heads: np.hstack([attention(q, k, V).output for q, k, _ in _parts(Q, K, V, n_heads)]),
    ),
]
