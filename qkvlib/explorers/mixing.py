"""Lesson 04: weights and values -> output, as arrows in the plane."""

from dataclasses import dataclass, field

import numpy as np
from ipywidgets import Checkbox, Dropdown, Layout, Text

from .. import words
from ..attention import attention
from ..examples import PLANE, SENTENCES, W_k, W_q, W_v
from ..text import InputError
from ..vectors import word_of
from ..views import bars, number, plane, terms
from ..views.plane import SMALLEST
from .base import Explorer, Sentence, changed, finite, read


@dataclass(frozen=True)
class State:
    """What the reader sets.

    row : the token that asks
    values : dict, word -> its two numbers, where the reader changed them
    weights : one number for each token, set by hand, or None for those from Q and K; they are divided by their sum
    """

    sentence: str = field(default_factory=lambda: SENTENCES[words.language()])
    row: int = 0
    values: dict = field(default_factory=dict)
    weights: tuple | None = None


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
    row = min(max(state.row, 0), len(sentence.tokens) - 1)
    V = changed(lambda _: "values", sentence.X @ W_v, sentence.tokens, state.values)
    weights = attention(sentence.X @ W_q, sentence.X @ W_k, V).weights[row]
    if state.weights is not None:
        weights = _by_hand(state.weights, len(weights))
    return Result(sentence, row, V, weights, weights @ V)


def _by_hand(weights, n):
    weights = np.array([finite("weights", weight) for weight in np.ravel(weights)])
    if len(weights) != n or (weights < 0).any() or not weights.any():
        raise InputError("weights", "weights", n=n)
    shares = weights / weights.max()  # large numbers have a sum, too
    return shares / shares.sum()


def pictures(state: State, result: Result) -> dict:
    """The plane, the weights as sliders, and the mixture as a sum."""
    tokens, token = result.sentence.tokens, result.sentence.tokens[result.row]
    axes = [words.text(f"plane.{name}") for name in PLANE]
    names = {
        "value": words.text("plane.value"),
        "step": words.text("plane.step"),
        "before": words.text("plane.before", token=token),
        "after": words.text("plane.after", token=token),
    }
    title = words.text("mixing.plane", token=token)
    drawn = plane(result.V, result.weights, tokens, title, axes, result.row, names)
    if drawn["radius"] > SMALLEST:
        drawn["note"] = words.text("plane.scale", radius=f"{drawn['radius']:g}")
    parts = result.weights[:, None] * result.V  # (n, 1) * (n, 2) -> (n, 2)
    rows = [
        [label, number(weight), pair(value), pair(part), number(np.hypot(*part))]
        for label, weight, value, part in zip(tokens, result.weights, result.V, parts, strict=True)
    ]
    head = [words.text(f"mixing.terms.{name}") for name in ("token", "weight", "value", "part", "size")]
    foot = [(words.text("mixing.terms.output", token=token), pair(result.output))]
    by_hand = "qk" if state.weights is None else "hand"
    return {
        "plane": drawn,
        "weights": bars(
            result.weights,
            tokens,
            words.text("weights.bars.title", token=token, sum=number(result.weights.sum())),
            note=words.text(f"mixing.note.{by_hand}"),
            editable=True,
        ),
        "terms": terms(words.text("mixing.terms.title"), head, rows, foot),
    }


def pair(point) -> str:
    """A point of the plane as text."""
    return f"({', '.join(map(number, point))})"


class MixingExplorer(Explorer):
    """Choose who asks, pull the tips of the values, and set the weights by hand."""

    name = "mixing"
    State = State
    compute = staticmethod(compute)
    pictures = staticmethod(pictures)

    @staticmethod
    def presets():
        go, to = {"en": (1, 2), "ja": (3, 2)}[words.language()]
        words_of = SENTENCES[words.language()].split()
        only_both = tuple(0.5 if i in (go, to) else 0.0 for i in range(len(words_of)))
        return {
            "equal": {"weights": (0.25,) * len(words_of)},
            "quiet": {"values": {words_of[go]: (0.0, 0.05)}},
            "cancelled": {"values": {words_of[go]: (0.0, 1.0), words_of[to]: (0.0, -1.0)}, "weights": only_both},
        }

    @staticmethod
    def status(state, result):
        return result.sentence.status()

    def _controls(self):
        return {
            "sentence": Text(
                description=words.text("control.sentence"), continuous_update=False, layout=Layout(width="360px")
            ),
            "row": Dropdown(description=words.text("mixing.row"), layout=Layout(width="200px")),
            "from_qk": Checkbox(description=words.text("mixing.from_qk"), indent=False, layout=Layout(width="auto")),
        }

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

    def _on_picture(self, name, changes):
        if name == "plane":
            i, *tip = changes["tip"]
            word = word_of(self.result.sentence.tokens[i])
            self.set(values={**self.state.values, word: tuple(np.round(tip, 2).tolist())})
        else:
            self.set(weights=give_way(self.result.weights, changes["bar"], changes["value"]))


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
