"""Lesson 09: one row of weights against two heads, each with a row of its own."""

import itertools
from dataclasses import dataclass

import numpy as np
from ipywidgets import Dropdown

from .. import words
from ..attention import attention
from ..text.handmade import MATCH, PLANE, W_k, W_o, W_q, W_v
from ..views.arcs import arcs_or_bars
from ..views.arithmetic import MARKS, arithmetic, products_of
from ..views.axis import axis
from ..views.bars import bars
from ..views.look import MAX_ARCS, WIDE_ARCS, number
from .base import Prediction, Sentence, SentenceExplorer, SentenceState, place_of, read
from .fields import choice, index, within

COUNTS = ("one", "two")
LOOKS = ("first", "second")  # fields of the state: what each of two heads looks for
THROUGH = {  # how the heads, side by side (d_v each), become how much of a person and how much of a place came home
    "one": np.array([[-1.0, 1.0], [0.0, 0.0]]),
    "two": W_o,
}
ALONG = PLANE.index("person_place")


@dataclass(frozen=True)
class State(SentenceState):
    """What the reader sets, beside the sentence and the token that asks.

    heads : "one" (all three entries of queries and keys) or "two" (one entry each)
    first, second : which entry each of two heads has
    """

    row: int = index(lambda: place_of("go"))
    heads: str = choice("two", COUNTS)
    first: str = choice("who", MATCH)
    second: str = choice("place", MATCH)


@dataclass(frozen=True, eq=False)
class Result:
    """weights : shape (n_heads, n), rows sum to 1; V : shape (n, 2); outputs : shape (n_heads, 2);
    found : shape (2,), how much of a person and of a place is left after W_o."""

    sentence: Sentence
    row: int
    V: np.ndarray
    weights: np.ndarray
    outputs: np.ndarray
    found: np.ndarray


def compute(state: State) -> Result:
    """One row of weights for each head, and what they bring home, side by side, through W_o. Raises InputError."""
    sentence = read(state.sentence)
    row = within(state.row, len(sentence.tokens))
    V = sentence.X @ W_v
    entries = [[MATCH.index(getattr(state, look))] for look in LOOKS] if state.heads == "two" else [[0, 1, 2]]
    attended = [attention(sentence.X @ W_q[:, own], sentence.X @ W_k[:, own], V) for own in entries]
    weights, outputs = (np.array([getattr(head, part)[row] for head in attended]) for part in ("weights", "output"))
    return Result(sentence, row, V, weights, outputs, outputs.ravel() @ THROUGH[state.heads])


def pictures(state: State, result: Result) -> dict:
    """The weights of each head as arcs, with what it brings home on the axis from person to place."""
    tokens, drawn, lines = result.sentence.tokens, {}, {}
    for i, weights in enumerate(result.weights):
        title = _title(state, i, tokens[result.row])
        drawn[f"head{i}"] = arcs_or_bars(weights, tokens, title, result.row, size=WIDE_ARCS)
        products = products_of(weights, result.V[:, ALONG])
        line = words.text("heads.line", **MARKS, products=products, output=number(result.outputs[i, ALONG]))
        lines[f"line{i}"] = arithmetic(line, query=tokens[result.row])
    person, place = map(number, result.found)
    lines[f"line{len(lines) - 1}"]["note"] = words.text(f"heads.found.{state.heads}", person=person, place=place)
    if len(tokens) > MAX_ARCS:  # bars stand side by side
        return drawn | lines
    return dict(itertools.chain.from_iterable(zip(drawn.items(), lines.items(), strict=True)))


def _title(state, i, token):
    if state.heads == "one":
        return words.text("heads.one", token=token)
    feature = words.text(f"feature.{getattr(state, LOOKS[i])}")
    return words.text("heads.two", n=i + 1, token=token, feature=feature)


def presets():
    return {
        "one": {"heads": "one"},
        "same": {"second": "who"},
        "swapped": {"first": "place", "second": "who"},
    }


def prediction() -> Prediction:
    """In one head, "go" finds a person and a place about equally; what is left of both on the axis between them?"""
    result = compute(State(heads="one"))
    along = result.outputs[0, ALONG]
    right = "cancel" if abs(along) < 0.25 else "both" if along < 0 else "larger"
    outputs = [along, *compute(State()).outputs[:, ALONG]]
    marks = {words.text(f"predict.heads.{name}"): value for name, value in zip(("one", *LOOKS), outputs, strict=True)}
    ends = [words.text(f"heads.{end}") for end in ("person", "place")]
    shown = {
        "weights": bars(result.weights[0], result.sentence.tokens, words.text("predict.heads.weights")),
        "outputs": axis(marks, ends, words.text("predict.heads.outputs")),
    }
    return Prediction(right, ("both", "larger", "cancel"), shown)


class HeadsExplorer(SentenceExplorer):
    """Choose who asks, how many heads there are, and what each looks for."""

    above = ("sentence", "heads", *LOOKS)

    def _make_controls(self):
        super()._make_controls()
        self.control(Dropdown, "heads", options=[(words.text(f"heads.count.{count}"), count) for count in COUNTS])
        for look in LOOKS:
            self.control(Dropdown, look, options=[(words.text(f"feature.{name}"), name) for name in MATCH])
