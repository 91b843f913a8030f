"""Lesson 04: softmax(Q @ K.T / sqrt(d_k)) @ V, with a mask."""

import numpy as np

from ..attention import attention, causal_mask, padding_mask, scores, softmax
from .check import Report, check_function
from .softmax import WITHOUT_KEEPDIMS, divided, exps


def check_attention(function) -> Report:
    """Check a function (Q, K, V, mask) -> output of shape (n_queries, d_v); each query may look at some key.

    Q of shape (n_queries, d_k), K (n_keys, d_k), V (n_keys, d_v), mask (n_queries, n_keys), True = may look.
    """
    return check_function("attention", function, _output, CASES, MISTAKES)


def _output(Q, K, V, mask):
    return attention(Q, K, V, mask).output


CASES = {
    "all_seen": {
        "Q": [[1.0, 0.0, 2.0, 1.0], [0.5, -1.0, 0.0, 0.0]],
        "K": [[1.0, 1.0, 0.0, 0.0], [0.5, 0.0, 1.0, 1.0], [0.0, -1.0, 0.5, 0.0]],
        "V": [[1.0, -2.0], [0.5, 1.0], [-3.0, 0.0]],
        "mask": np.ones((2, 3), dtype=bool),
    },
    "causal": {
        "Q": [[1.0, 0.0], [0.5, -1.0], [0.0, 2.0]],
        "K": [[1.0, 1.0], [0.5, -0.5], [-1.0, 0.5]],
        "V": [[1.0, 0.0, 0.0, 2.0], [0.0, 3.0, 0.0, 1.0], [0.0, 0.0, 4.0, -1.0]],
        "mask": causal_mask(3),
    },
    "padding": {
        "Q": [[0.5, -1.0, 1.0], [1.0, 1.5, 0.0]],
        "K": np.arange(12).reshape(4, 3) % 5 / 2 - 1,
        "V": np.arange(20).reshape(4, 5) % 7 / 2,
        "mask": np.repeat(padding_mask(3, 4), 2, axis=0),
    },
    # √4 and halves are exact, so that float32 gives the same output.
    "far_apart": {  # scores 1000.5, 1000.25, 1001 and -0.75, -0.25, -1.5
        "Q": [[1000.0, 1.0, 0.0, 0.0], [0.0, 0.0, -2.0, 1.0]],
        "K": [[2.0, 1.0, 1.0, 0.5], [2.0, 0.5, 1.0, 1.5], [2.0, 2.0, 1.0, -1.0]],
        "V": [[1.0], [2.0], [4.0]],
        "mask": [[True, True, False], [False, True, True]],
    },
    "masked_largest": {  # scores -19999.5, -19999, 20000, 19999, -20000 and -19998, -19999.5, 20001, 19999, -19999
        "Q": [[40000.0, 1.0, 0.0, 0.0], [40000.0, 0.0, 1.0, 2.0]],
        "K": [
            [-1.0, 1.0, 4.0, 0.0],
            [-1.0, 2.0, -1.0, 1.0],
            [1.0, 0.0, 0.0, 1.0],
            [1.0, -2.0, -2.0, 0.0],
            [-1.0, 0.0, 0.0, 1.0],
        ],
        "V": [[1.0, 0.0, -1.0], [0.0, 2.0, 1.0], [4.0, -3.0, 0.0], [-2.0, 0.0, 5.0], [3.0, 1.0, 2.0]],
        "mask": [[True, True, False, False, False], [False, True, False, False, True]],
    },
}


def _masked(Q, K, mask, value=-np.inf):
    return np.where(mask, scores(Q, K), value)


def _mix(scores, V, mask):
    return softmax(np.where(mask, scores, -np.inf)) @ V


MISTAKES = [
    ("unscaled", lambda Q, K, V, mask: _mix(Q @ K.T, V, mask)),
    ("d_k", lambda Q, K, V, mask: _mix(Q @ K.T / K.shape[1], V, mask)),
    ("d_v", lambda Q, K, V, mask: _mix(Q @ K.T / np.sqrt(V.shape[1]), V, mask)),
    ("n_keys", lambda Q, K, V, mask: _mix(Q @ K.T / np.sqrt(len(K)), V, mask)),
    ("n_keys", lambda Q, K, V, mask: _mix(Q @ K.T / np.sqrt(len(Q)), V, mask)),
    ("multiplied", lambda Q, K, V, mask: _mix(Q @ K.T * np.sqrt(K.shape[1]), V, mask)),
    ("scaled_late", lambda Q, K, V, mask: _mix(Q @ K.T, V, mask) / np.sqrt(K.shape[1])),
    ("transposed", lambda Q, K, V, mask: _mix(scores(K, Q), V, mask)),
    ("columns", lambda Q, K, V, mask: softmax(_masked(Q, K, mask), axis=0) @ V),
    ("columns", lambda Q, K, V, mask: divided(exps(_masked(Q, K, mask).T)).T @ V),  # nan where a column is masked
    ("columns", lambda Q, K, V, mask: divided(exps(_masked(Q, K, mask)).T).T @ V),
    ("whole", lambda Q, K, V, mask: softmax((s := _masked(Q, K, mask)).ravel()).reshape(s.shape) @ V),
    ("overflow", lambda Q, K, V, mask: divided(np.exp(_masked(Q, K, mask))) @ V),
    ("overflow", lambda Q, K, V, mask: divided(np.exp((s := _masked(Q, K, mask)) - s.max())) @ V),
    ("undivided", lambda Q, K, V, mask: np.exp(_masked(Q, K, mask)) @ V),
    ("undivided", lambda Q, K, V, mask: exps(_masked(Q, K, mask)) @ V),
    ("no_softmax", lambda Q, K, V, mask: _masked(Q, K, mask) @ V),
    ("no_softmax", lambda Q, K, V, mask: scores(Q, K) * mask @ V),
    ("no_softmax", lambda Q, K, V, mask: scores(Q, K) @ V),
    ("softmax_last", lambda Q, K, V, mask: softmax(scores(Q, K) @ V)),
    ("weights_returned", lambda Q, K, V, mask: softmax(_masked(Q, K, mask))),
    ("weights_returned", lambda Q, K, V, mask: softmax(scores(Q, K))),
    ("averaged_again", lambda Q, K, V, mask: _output(Q, K, V, mask) / len(K)),
    ("mask_ignored", lambda Q, K, V, mask: softmax(scores(Q, K)) @ V),
    ("mask_after", lambda Q, K, V, mask: softmax(scores(Q, K)) * mask @ V),
    ("mask_inverted", lambda Q, K, V, mask: _mix(scores(Q, K), V, ~mask)),
    ("mask_inverted", lambda Q, K, V, mask: divided(exps(_masked(Q, K, ~mask))) @ V),
    ("mask_inverted", lambda Q, K, V, mask: softmax(_masked(Q, K, ~mask, -1e9)) @ V),
    ("mask_inverted", lambda Q, K, V, mask: softmax(scores(Q, K) - 1e9 * mask) @ V),
    ("mask_multiplied", lambda Q, K, V, mask: softmax(scores(Q, K) * mask) @ V),
    ("mask_added", lambda Q, K, V, mask: softmax(scores(Q, K) + mask) @ V),
    ("mask_finite", lambda Q, K, V, mask: softmax(_masked(Q, K, mask, -100)) @ V),
    ("mask_finite", lambda Q, K, V, mask: softmax(_masked(Q, K, mask, -10)) @ V),
    ("mask_finite", lambda Q, K, V, mask: softmax(scores(Q, K) - 100 * ~mask) @ V),
    ("maximum_early", lambda Q, K, V, mask: divided(exps(scores(Q, K)) * mask) @ V),
    ("maximum_early", lambda Q, K, V, mask: divided(np.exp((s := scores(Q, K)) - s.max()) * mask) @ V),
    *(
        ("keepdims", lambda Q, K, V, mask, softmax=softmax: softmax(_masked(Q, K, mask)) @ V)
        for softmax in WITHOUT_KEEPDIMS
    ),
]
