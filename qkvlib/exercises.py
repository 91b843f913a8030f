"""Checks of the functions that the reader writes: what is right, and what kind of mistake it is."""

import warnings
from dataclasses import dataclass

import numpy as np

from . import words
from .attention import scores, softmax


@dataclass(frozen=True)
class Report:
    """What a check found; shows as its text."""

    right: bool
    text: str

    def __repr__(self):
        return self.text


def check_scores(function) -> Report:
    """Check a function (Q, K) -> Q @ K.T / sqrt(d_k), for Q of shape (n_queries, d_k) and K of shape (n_keys, d_k)."""
    return _check(function, scores, SCORES_CASES, SCORES_MISTAKES)


def check_softmax(function) -> Report:
    """Check a function (scores) -> weights of the same shape, whose rows sum to 1."""
    return _check(function, softmax, SOFTMAX_CASES, SOFTMAX_MISTAKES)


# Small numbers, so that no softmax of them is all 0 and 1, and shapes that tell the typical mistakes apart.
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
    numbers = _as_numbers(value)
    return repr(value) if numbers is None else np.array2string(numbers, precision=3, suppress_small=True)
