"""Lesson 05: two matrices by which every noun finds the verb."""

import numpy as np

from .. import words
from ..attention import softmax
from ..text.handmade import FEATURES, KNOWN
from ..text.handmade import W_q as W_q_of_lesson
from ..text.vectors import embed
from .check import Report, accepted, advice, as_numbers, not_yet, refused

SENTENCES = {
    "en": ("I go to school", "the dog run in the park", "at home she read", "friend and teacher walk from station"),
    "ja": ("私は 学校 へ 行く", "犬 が 公園 を 走る", "家 で 彼女は 読む", "友だち と 先生 が 駅 から 歩く"),
}


def check_roles(W_q, W_k) -> Report:
    """Check matrices by which every noun (who or place) gives the verb (action) more than half of its attention.

    W_q, W_k : arrays, shape (4, d_k), for the vectors of `qkvlib.KNOWN`; they are tried on several sentences
    """
    if W_q is Ellipsis or W_k is Ellipsis:
        return not_yet(words.text("exercise.roles.not_yet"))
    q, k = as_numbers(W_q), as_numbers(W_k)
    if q is None or k is None or not (np.isfinite(q).all() and np.isfinite(k).all()):
        return refused("roles_numbers", "roles")
    if q.ndim != 2 or q.shape != k.shape or len(q) != len(FEATURES) or not q.size:
        return refused("roles_shape", "roles", q=q.shape, k=k.shape)
    if q.shape == W_q_of_lesson.shape and _is_multiple(q, W_q_of_lesson):
        return refused("roles_copied", "roles")
    sentences = SENTENCES[words.language()]
    for sentence in sentences:
        tokens = sentence.split()
        weights = _weights(tokens, q, k)
        if weights is None:
            return refused("roles_large", "roles")
        nouns, verb = _nouns_and_verb(tokens)
        for i in nouns:
            if weights[i, verb] > 0.5:
                continue
            shown = weights[i].round(2)
            lines = [
                "✗ " + words.text("exercise.roles.wrong", sentence=sentence, verb=tokens[verb], noun=tokens[i]),
                "  ".join(f"{token} {weight:.2f}" for token, weight in zip(tokens, shown, strict=True)),
                advice(exercise="roles", **_hint(q, k, tokens, weights, i, shown)),
            ]
            return Report(False, "\n".join(lines))
    return accepted(words.text("exercise.roles.right", count=len(sentences)), "roles")


def _is_multiple(one, other):
    """Whether a matrix is another one times a number that is not 0."""
    scaled = [M / np.abs(M).max() for M in (one, other) if M.any()]
    return len(scaled) == 2 and any(np.allclose(sign * scaled[0], scaled[1]) for sign in (1, -1))


def _weights(tokens, q, k):
    """Shape (n, n); None where the scores are too large for a float."""
    X, _ = embed(tokens, KNOWN)
    with np.errstate(all="ignore"):
        scores = (X @ q) @ (X @ k).T / np.sqrt(q.shape[1])  # (n, d_k) @ (d_k, n) -> (n, n)
        return softmax(scores) if np.isfinite(scores).all() else None


def _nouns_and_verb(tokens):
    """The rows whose largest feature is who or place, and the row with the most action."""
    X, _ = embed(tokens, KNOWN)
    nouns = (FEATURES.index("who"), FEATURES.index("place"))
    return np.flatnonzero(np.isin(X.argmax(axis=1), nouns)), X[:, FEATURES.index("action")].argmax()


def _hint(q, k, tokens, weights, i, shown):
    """What is true of the weights that are shown, those of the noun i, with what fills it."""
    nouns, verb = _nouns_and_verb(tokens)
    largest = np.flatnonzero(shown == shown.max())
    if _right(k, q) and weights[verb, nouns].sum() > 0.5:
        return {"hint": "roles_swapped"}
    if _right(-q, k):
        return {"hint": "roles_sign"}
    if len(largest) > 1:
        return {"hint": "roles_tied", "noun": tokens[i], "found": " · ".join(tokens[j] for j in largest)}
    if largest == verb:
        return {"hint": "roles_weak"}
    if largest == i and np.array_equal(q, k):
        return {"hint": "roles_same"}
    return {"hint": "roles_other", "noun": tokens[i], "found": tokens[largest[0]]}


def _right(q, k):
    for sentence in SENTENCES[words.language()]:
        nouns, verb = _nouns_and_verb(sentence.split())
        weights = _weights(sentence.split(), q, k)
        if weights is None or not (weights[nouns, verb] > 0.5).all():
            return False
    return True
