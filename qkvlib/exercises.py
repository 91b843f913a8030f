"""Checks of the functions that the reader writes: what is right, and what kind of mistake it is."""

import warnings
from dataclasses import dataclass

import numpy as np

from . import words
from .attention import attention, causal_mask, padding_mask, scores, softmax
from .examples import FEATURES, KNOWN, SENSE_WORDS, SENSES, SENSE_W_k, SENSE_W_q, SENSE_W_v
from .text import InputError, tokens
from .vectors import embed, word_of


@dataclass(frozen=True)
class Report:
    """What a check found; shows as its text."""

    right: bool
    text: str

    def __repr__(self):
        return self.text


def check_soft_lookup(function) -> Report:
    """Check a function (query, keys, values) -> softmax(keys @ query) @ values.

    query of shape (d,), keys (n, d), values (n, d_v); the result is of shape (d_v,).
    """
    return _check(function, _soft_lookup, LOOKUP_CASES, LOOKUP_MISTAKES)


def check_scores(function) -> Report:
    """Check a function (Q, K) -> Q @ K.T / sqrt(d_k), for Q of shape (n_queries, d_k) and K of shape (n_keys, d_k)."""
    return _check(function, scores, SCORES_CASES, SCORES_MISTAKES)


def check_softmax(function) -> Report:
    """Check a function (scores) -> weights of the same shape, whose rows sum to 1."""
    return _check(function, softmax, SOFTMAX_CASES, SOFTMAX_MISTAKES)


def check_attention(function) -> Report:
    """Check a function (Q, K, V, mask) -> output of shape (n_queries, d_v); each query may look at some key.

    Q of shape (n_queries, d_k), K (n_keys, d_k), V (n_keys, d_v), mask (n_queries, n_keys), True = may look.
    """
    return _check(function, _output, ATTENTION_CASES, ATTENTION_MISTAKES)


def check_rnn_step(function) -> Report:
    """Check a function (x, h, W, U, b) -> the next state tanh(x @ W + h @ U + b).

    x of shape (n_in,), h (n_hidden,), W (n_in, n_hidden), U (n_hidden, n_hidden), b (n_hidden,).
    """
    return _check(function, _rnn_step, STEP_CASES, STEP_MISTAKES)


def check_roles(W_q, W_k) -> Report:
    """Check matrices by which every noun (who or place) gives the verb (action) more than half of its attention.

    W_q, W_k : arrays, shape (4, d_k), for the vectors of `qkvlib.KNOWN`; they are tried on several sentences
    """
    if W_q is Ellipsis or W_k is Ellipsis:
        return Report(False, "… " + words.text("exercise.roles.not_yet"))
    q, k = _as_numbers(W_q), _as_numbers(W_k)
    if q is None or k is None or not (np.isfinite(q).all() and np.isfinite(k).all()):
        return Report(False, "✗ " + words.text("exercise.advice", hint=words.text("exercise.hint.roles_numbers")))
    if q.ndim != 2 or q.shape != k.shape or len(q) != len(FEATURES) or not q.size:
        hint = words.text("exercise.hint.roles_shape", q=q.shape, k=k.shape)
        return Report(False, "✗ " + words.text("exercise.advice", hint=hint))
    sentences = NOUNS_AND_VERB[words.language()]
    for sentence in sentences:
        shown = sentence.split()
        X, _ = embed(shown, KNOWN)
        rows = _noun_rows(X)
        weights = attention(X @ q, X @ k, X).weights
        verb = int(X[:, FEATURES.index("action")].argmax())
        wrong = [i for i in rows if weights[i, verb] <= 0.5]
        if wrong:
            i = wrong[0]
            hint = _roles_hint(q, k, X, weights, i, verb)
            named = {"noun": shown[i], "found": shown[weights[i].argmax()]} if hint == "roles_other" else {}
            lines = [
                "✗ " + words.text("exercise.roles.wrong", sentence=sentence, verb=shown[verb], noun=shown[i]),
                "  ".join(f"{token} {weight:.2f}" for token, weight in zip(shown, weights[i], strict=True)),
                words.text("exercise.advice", hint=words.text(f"exercise.hint.{hint}", **named)),
            ]
            return Report(False, "\n".join(lines))
    return Report(True, "✓ " + words.text("exercise.roles.right", count=len(sentences)))


def check_context(sentence) -> Report:
    """Check a sentence in which a word leans to its second sense, although a clue for the first is there.

    The word is "bank" (money or river), in Japanese はし (chopsticks or bridge); it must lean by more than 0.2.
    """
    if sentence is Ellipsis:
        return Report(False, "… " + words.text("exercise.context.not_yet"))
    word = {"en": "bank", "ja": "はし"}[words.language()]
    first, second = (words.text(f"sense.{sense}") for sense in SENSES[word])

    def refused(hint, **named):
        return Report(False, "✗ " + words.text("exercise.advice", hint=words.text(f"exercise.hint.{hint}", **named)))

    if not isinstance(sentence, str):
        return refused("context_not_text")
    try:
        typed = [word_of(token) for token in tokens(sentence)]
    except InputError as error:
        return refused("context_word", word=word) if error.reason == "empty" else refused("context_too_long")
    if typed.count(word) != 1:
        return refused("context_word", word=word)
    X = np.array([SENSE_WORDS.get(token, (0, 0, 0, 0)) for token in typed], dtype=float)
    values = (X @ SENSE_W_v)[:, 0]
    if values.min() >= 0:
        return refused("context_first", sense=first)
    if values.max() <= 0:
        return refused("context_none", sense=second)
    at = typed.index(word)
    position = attention(X @ SENSE_W_q, X @ SENSE_W_k, X @ SENSE_W_v).output[at, 0]
    shown = f"{position:+.2f}".replace("-", "−")
    if position < -0.05:
        return refused("context_leans", sense=first, position=shown)
    if position <= 0.2:
        return refused("context_middle", sense=second, position=shown)
    clue = typed[int(values.argmin())]
    named = {"word": word, "sense": second, "position": shown, "clue": clue}
    return Report(True, "✓ " + words.text("exercise.context.right", **named))


def _noun_rows(X):
    """The rows whose largest feature is who or place."""
    nouns = (FEATURES.index("who"), FEATURES.index("place"))
    return [i for i, feature in enumerate(X.argmax(axis=1)) if feature in nouns]


def _roles_hint(q, k, X, weights, i, verb):
    """The key of a hint: what would make every noun of this sentence find the verb, or why none does."""
    rows = _noun_rows(X)

    def finds(q, k):
        return (attention(X @ q, X @ k, X).weights[rows, verb] > 0.5).all()

    if finds(k, q):
        return "roles_swapped"
    if finds(-q, k):
        return "roles_sign"
    if weights[i].argmax() == verb and finds(10 * q, k):
        return "roles_weak"
    return "roles_same" if np.allclose(q, k) else "roles_other"


NOUNS_AND_VERB = {
    "en": ("I go to school", "the dog run in the park", "at home she read", "friend and teacher walk from station"),
    "ja": ("私は 学校 へ 行く", "犬 が 公園 を 走る", "家 で 彼女は 読む", "友だち と 先生 が 駅 から 歩く"),
}

# Small numbers, so that no softmax of them is all 0 and 1, and shapes that tell the typical mistakes apart.
LOOKUP_CASES = {
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
LOOKUP_MISTAKES = [
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
    ("swapped", lambda q, k, v: softmax(v @ q) @ k),
]

SCORES_CASES = {
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
SCORES_MISTAKES = [
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

SOFTMAX_CASES = {
    "rows": {"scores": [[0.0, 1.0, 2.0], [0.5, -0.5, 0.0]]},
    "square": {"scores": [[1.0, 0.0, -1.0], [0.3, 0.6, 0.9], [2.0, 0.5, 0.0]]},
    "equal": {"scores": [[0.7, 0.7, 0.7, 0.7], [0.0, 0.0, 0.0, 0.0]]},
    "masked": {"scores": [[1.0, -np.inf, 0.0], [0.2, 0.4, -np.inf]]},
    "big": {"scores": [[1000.0, 1001.0, 999.5], [1000.0, 1000.0, 1000.5]]},
    "low": {"scores": [[-2000.0, -2001.0], [0.0, 0.5]]},
}
SOFTMAX_MISTAKES = [
    ("overflow", lambda s: np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True)),
    ("overflow", lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum(axis=-1, keepdims=True)),
    ("columns", lambda s: softmax(s, axis=0)),
    ("columns", lambda s: np.exp(s) / np.exp(s).sum(axis=0)),
    ("columns", lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum(axis=0)),
    ("columns", lambda s: _exps(s) / _exps(s).sum(axis=0)),
    ("whole", lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum()),
    ("whole", lambda s: np.exp(s) / np.exp(s).sum()),
    ("transposed_softmax", lambda s: softmax(s.T)),
    ("transposed_softmax", lambda s: softmax(s).T),
    ("no_exp", lambda s: s / s.sum(axis=-1, keepdims=True)),
    ("no_division", np.exp),
    ("no_division", lambda s: _exps(s)),
    ("logarithm", lambda s: np.log(softmax(s))),
    ("mean", lambda s: softmax(s) * s.shape[-1]),
]

ATTENTION_CASES = {
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
    "big": {
        "Q": [[1000.0, 0.0], [0.0, 2000.0]],
        "K": [[1.0, 1.0], [1.001, 0.9995], [1.002, 1.0005]],
        "V": [[1.0], [2.0], [4.0]],
        "mask": [[True, True, False], [False, True, True]],
    },
}
ATTENTION_MISTAKES = [
    ("unscaled", lambda Q, K, V, mask: _mix(Q @ K.T, V, mask)),
    ("d_k", lambda Q, K, V, mask: _mix(Q @ K.T / K.shape[1], V, mask)),
    ("d_v", lambda Q, K, V, mask: _mix(Q @ K.T / np.sqrt(V.shape[1]), V, mask)),
    ("n_keys", lambda Q, K, V, mask: _mix(Q @ K.T / np.sqrt(len(K)), V, mask)),
    ("n_keys", lambda Q, K, V, mask: _mix(Q @ K.T / np.sqrt(len(Q)), V, mask)),
    ("multiplied", lambda Q, K, V, mask: _mix(Q @ K.T * np.sqrt(K.shape[1]), V, mask)),
    ("scaled_late", lambda Q, K, V, mask: _mix(Q @ K.T, V, mask) / np.sqrt(K.shape[1])),
    ("transposed", lambda Q, K, V, mask: _mix(scores(K, Q), V, mask)),
    ("columns", lambda Q, K, V, mask: softmax(_masked(Q, K, mask), axis=0) @ V),
    ("columns", lambda Q, K, V, mask: _divided(_exps(_masked(Q, K, mask).T)).T @ V),  # nan where a column is masked
    ("columns", lambda Q, K, V, mask: _divided(_exps(_masked(Q, K, mask)).T).T @ V),
    ("whole", lambda Q, K, V, mask: softmax(_masked(Q, K, mask), axis=None) @ V),
    ("overflow", lambda Q, K, V, mask: _divided(np.exp(_masked(Q, K, mask))) @ V),
    ("undivided", lambda Q, K, V, mask: np.exp(_masked(Q, K, mask)) @ V),
    ("undivided", lambda Q, K, V, mask: _exps(_masked(Q, K, mask)) @ V),
    ("no_softmax", lambda Q, K, V, mask: _masked(Q, K, mask) @ V),
    ("no_softmax", lambda Q, K, V, mask: scores(Q, K) * mask @ V),
    ("no_softmax", lambda Q, K, V, mask: scores(Q, K) @ V),
    ("softmax_last", lambda Q, K, V, mask: softmax(scores(Q, K) @ V)),
    ("softmax_last", lambda Q, K, V, mask: softmax(scores(Q, K) * mask @ V)),
    ("weights_returned", lambda Q, K, V, mask: softmax(_masked(Q, K, mask))),
    ("weights_returned", lambda Q, K, V, mask: softmax(scores(Q, K))),
    ("averaged_again", lambda Q, K, V, mask: _output(Q, K, V, mask) / len(K)),
    ("mask_ignored", lambda Q, K, V, mask: softmax(scores(Q, K)) @ V),
    ("mask_after", lambda Q, K, V, mask: softmax(scores(Q, K)) * mask @ V),
    ("mask_inverted", lambda Q, K, V, mask: _mix(scores(Q, K), V, ~mask)),
    ("mask_inverted", lambda Q, K, V, mask: _divided(_exps(_masked(Q, K, ~mask))) @ V),
    ("mask_inverted", lambda Q, K, V, mask: softmax(np.where(mask, -1e9, scores(Q, K))) @ V),
    ("mask_multiplied", lambda Q, K, V, mask: softmax(scores(Q, K) * mask) @ V),
]

STEP_CASES = {
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
STEP_MISTAKES = [
    ("step_no_tanh", lambda x, h, W, U, b: x @ W + h @ U + b),
    ("step_no_bias", lambda x, h, W, U, b: np.tanh(x @ W + h @ U)),
    ("step_no_hidden", lambda x, h, W, U, b: np.tanh(x @ W + b)),
    ("step_no_input", lambda x, h, W, U, b: np.tanh(h @ U + b)),
    ("step_transposed", lambda x, h, W, U, b: np.tanh(x @ W + U @ h + b)),
    ("step_transposed", lambda x, h, W, U, b: np.tanh(W @ x + U @ h + b)),
    ("step_transposed", lambda x, h, W, U, b: np.tanh(W @ x + h @ U + b)),
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


def _soft_lookup(query, keys, values):
    return softmax(keys @ query) @ values  # (n, d) @ (d,) -> (n,), then (n,) @ (n, d_v) -> (d_v,)


def _output(Q, K, V, mask):
    return attention(Q, K, V, mask).output


def _rnn_step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)


def _mix(scores, V, mask):
    return softmax(np.where(mask, scores, -np.inf)) @ V


def _masked(Q, K, mask):
    return np.where(mask, scores(Q, K), -np.inf)


def _divided(exps):
    return exps / exps.sum(axis=-1, keepdims=True)


def _exps(s):
    return np.exp(s - s.max(axis=-1, keepdims=True))


def _check(function, oracle, cases, mistakes):
    cases = {name: {key: np.array(value) for key, value in inputs.items()} for name, inputs in cases.items()}
    outcomes = [_outcome(function, inputs) for inputs in cases.values()]
    if all(came is Ellipsis for came, _ in outcomes):
        return Report(False, "… " + words.text("exercise.not_yet"))
    for (name, inputs), (came, changed) in zip(cases.items(), outcomes, strict=True):
        expected = oracle(**inputs)
        hint = _hint(came, expected, changed)
        if hint is None:
            continue
        if hint in ("values", "shape", "exception"):
            hint = _typical(outcomes, cases.values(), mistakes) or hint
        shapes = {"came": np.shape(came), "expected": expected.shape} if hint == "shape" else {}
        lines = [
            "✗ "
            + words.text("exercise.wrong")
            + " "
            + words.text("exercise.input", name=words.text(f"exercise.case.{name}")),
            *(f"{key} =\n{_numbers(value)}" for key, value in inputs.items()),
            words.text("exercise.expected") + f"\n{_numbers(expected)}",
            words.text("exercise.raised", error=f"{type(came).__name__}: {came}")
            if isinstance(came, Exception)
            else words.text("exercise.came") + f"\n{_numbers(came)}",
            words.text("exercise.advice", hint=words.text(f"exercise.hint.{hint}", **shapes)),
        ]
        return Report(False, "\n".join(lines))
    return Report(True, "✓ " + words.text("exercise.right", count=len(cases)))


def _outcome(function, inputs):
    """What the function gave or raised, and whether it changed its arguments."""
    given = {name: value.copy() for name, value in inputs.items()}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            came = function(*given.values())
        except Exception as error:
            came = error
    return came, any(not np.array_equal(given[name], inputs[name]) for name in inputs)


def _hint(came, expected, changed):
    """None if it is right, else the key of a hint."""
    if isinstance(came, (OverflowError, ZeroDivisionError)):  # of math.exp, where NumPy gives inf and nan
        return "overflow"
    if isinstance(came, Exception):
        return "exception"
    if came is None:
        return "none"
    numbers = _as_numbers(came)
    if numbers is None:
        return "not_array"
    if numbers.shape != expected.shape:
        return "shape"
    if not _close(numbers, expected):
        return "values"
    if not isinstance(came, np.ndarray):
        return "list"
    return "in_place" if changed else None


def _typical(outcomes, cases, mistakes):
    """The typical mistake that gives just what the function gave, on every input."""
    for hint, mistake in mistakes:
        theirs = [_outcome(mistake, inputs)[0] for inputs in cases]
        if all(_same(came, other) for (came, _), other in zip(outcomes, theirs, strict=True)) and not all(
            isinstance(other, Exception) for other in theirs
        ):
            return hint
    return None


def _same(came, other):
    if isinstance(came, Exception) or isinstance(other, Exception):
        return isinstance(came, Exception) and isinstance(other, Exception)
    came = _as_numbers(came)
    return came is not None and came.shape == other.shape and _close(came, other)


def _as_numbers(came):
    """What a function gave as a float array, or None if it is no array of real numbers, whatever else it may be."""
    try:
        numbers = np.asarray(came)
        return None if numbers.dtype.kind == "c" else numbers.astype(float)
    except Exception:
        return None


def _close(came, expected):
    return np.allclose(came, expected, rtol=1e-4, atol=1e-6, equal_nan=True)


def _numbers(value):
    numbers = value if isinstance(value, np.ndarray) and value.dtype.kind == "b" else _as_numbers(value)
    return repr(value) if numbers is None else np.array2string(numbers, precision=3, suppress_small=True)
