"""Lesson 04: weights and values -> output, as arrows in the plane."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import Checkbox, Dropdown

from .. import words
from ..attention import attention
from ..text.handmade import PLANE, SENTENCES, W_k, W_q, W_v
from ..text.vectors import word_of
from ..views.arithmetic import MARKS, arithmetic, sum_of
from ..views.bars import bars
from ..views.look import number
from ..views.plane import SMALLEST, plane
from ..views.table import table
from ..words import InputError
from .base import Prediction, Sentence, SentenceExplorer, SentenceState, changed, place_of, read
from .fields import listed, number_in, ruled, vectors, within

REACH = 1000.0  # how far a tip can be pulled


def _by_hand(name, weights):
    """Weights as shares, each 0 or more, or None for those from Q and K."""
    if weights is None:
        return None
    weights = np.array([number_in(name, weight, -np.inf, np.inf) for weight in listed(weights)])
    if not weights.any() or weights.min() < 0:
        raise InputError(name, "weights")
    shares = weights / weights.max()  # large numbers have a sum, too
    are_shares = weights.max() <= 1 and np.isclose(weights.sum(), 1, rtol=0, atol=1e-12)  # not to be rounded again
    return tuple((weights if are_shares else shares / shares.sum()).tolist())


@dataclass(frozen=True)
class State(SentenceState):
    """What the reader sets, beside the sentence and the token that asks.

    values : dict, word -> its two numbers, where the reader changed them
    weights : one share for each token, set by hand, or None for those from Q and K
    """

    values: dict = vectors(len(PLANE), REACH)
    weights: tuple | None = ruled(_by_hand, None)


@dataclass(frozen=True, eq=False)
class Result:
    """V : shape (n, 2); weights : shape (n,), sum 1; output : shape (2,), weights @ V."""

    sentence: Sentence
    row: int
    V: np.ndarray
    weights: np.ndarray
    output: np.ndarray


def compute(state: State) -> Result:
    """One row of weights, and the mixture of values that it makes. Raises InputError."""
    sentence = read(state.sentence)
    n = len(sentence.tokens)
    row = within(state.row, n)
    V = changed(sentence.X @ W_v, sentence.tokens, state.values)
    weights = attention(sentence.X @ W_q, sentence.X @ W_k, V).weights[row]
    if state.weights is not None:
        weights = np.array(state.weights)
        if len(weights) != n:
            raise InputError("weights", "weights_count", count=len(weights), n=n)
    return Result(sentence, row, V, weights, weights @ V)


def pictures(state: State, result: Result) -> dict:
    """The plane, the weights as sliders, and the mixture as a sum."""
    tokens, token = result.sentence.tokens, result.sentence.tokens[result.row]
    axes = [words.text(f"plane.{name}") for name in PLANE]
    names = {
        "value": words.text("plane.value"),
        "step": words.text("plane.step"),
        "moved": words.text("plane.moved", token=token),
        "after": words.text("plane.after", token=token),
    }
    title = words.text("mixing.plane", token=token)
    drawn = plane(result.V, result.weights, tokens, title, axes, result.row, names, asks=True)
    if drawn["radius"] > SMALLEST:
        drawn["note"] = words.text("plane.scale", radius=f"{drawn['radius']:g}")
    parts = result.weights[:, None] * result.V  # (n, 1) * (n, 2) -> (n, 2)
    rows = [[label, pair(part), number(np.hypot(*part))] for label, part in zip(tokens, parts, strict=True)]
    head = [words.text(f"mixing.terms.{name}") for name in ("token", "part", "size")]
    products = sum_of(
        f"{number(weight)} × {pair(value)}" for weight, value in zip(result.weights, result.V, strict=True)
    )
    line = words.text("mixing.output", query=MARKS["query"], products=products, output=pair(result.output))
    by_hand = "qk" if state.weights is None else "hand"
    return {
        "plane": drawn,
        "weights": bars(
            result.weights,
            tokens,
            words.text("weights.bars.title", token=token, sum=number(result.weights.sum())),
            note=words.text(f"mixing.note.{by_hand}"),
            names=[words.text("mixing.weight", token=token) for token in tokens],
            asks=True,
        ),
        "terms": table(words.text("mixing.terms.title"), head, rows),
        "arithmetic": arithmetic(line, query=token),
    }


def pair(point) -> str:
    """A point of the plane as text."""
    return f"({', '.join(map(number, point))})"


def presets():
    go, to = place_of("go"), place_of("to")
    words_of = SENTENCES[words.language()].split()
    only_both = tuple(0.5 if i in (go, to) else 0.0 for i in range(len(words_of)))
    return {
        "equal": {"weights": (0.25,) * len(words_of)},
        "quiet": {"values": {words_of[go]: (0.0, 0.05)}},
        "cancelled": {"values": {words_of[go]: (0.0, 1.0), words_of[to]: (0.0, -1.0)}, "weights": only_both},
    }


def prediction() -> Prediction:
    """Only the value of "school" changes; what changes for "I"?"""
    before = compute(State())
    tokens = before.sentence.tokens
    after = compute(State(values={tokens[place_of("school")]: (0.0, 3.0)}))
    same_weights = np.allclose(before.weights, after.weights)
    right = "both" if not same_weights else "nothing" if np.allclose(before.output, after.output) else "only_output"
    labels = {"weights": tokens, "output": [words.text(f"plane.short.{name}") for name in PLANE]}
    shown = {
        f"{part}_{when}": bars(getattr(result, part), labels[part], words.text(f"predict.mixing.{part}.{when}"))
        for part in labels
        for when, result in (("before", before), ("after", after))
    }
    return Prediction(right, ("both", "only_output", "nothing"), shown)


class MixingExplorer(SentenceExplorer):
    """Choose who asks, pull the tips of the values, and set the weights by hand."""

    def _make_controls(self):
        super()._make_controls()
        self.control(Dropdown, "row")
        self.control(Checkbox, "from_qk", indent=False)

    def _options(self):
        return {"row": tuple((f"{i + 1} {token}", i) for i, token in enumerate(self.result.sentence.tokens))}

    def _values(self):
        return super()._values() | {"row": self.result.row, "from_qk": self.state.weights is None}

    def _changes(self, name, value):
        match name:
            case "sentence":
                return {"sentence": value, "weights": None}
            case "from_qk":
                return {"weights": None if value else tuple(self.result.weights.tolist())}
        return super()._changes(name, value)

    def _picked(self, name, changes):
        if name == "plane":
            i, *tip = changes["tip"]
            word = word_of(self.result.sentence.tokens[i])
            return {"values": {**self.state.values, word: tuple(np.round(tip, 2).tolist())}}
        return {"weights": give_way(self.result.weights, changes["bar"], changes["value"])}


def give_way(weights, i, value) -> tuple:
    """Weights with one set to `value`; the others keep their proportions and share what is left, so the sum stays 1.

    weights : array, shape (n,), sum 1
    Where the others were all 0 they share it equally; a weight that stands alone stays 1.
    """
    others = np.delete(weights, i)
    if others.size == 0:
        return (1.0,)
    shares = others / others.sum() if others.sum() > 0 else np.full(others.shape, 1 / others.size)
    return tuple(np.insert((1 - value) * shares, i, value).tolist())
