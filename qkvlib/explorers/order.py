"""Lesson 07: the same words in another order, with and without positions, and with a causal mask."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import Dropdown, FloatSlider

from .. import words
from ..attention import Attention, attention, causal_mask
from ..models.positions import positions
from ..text.handmade import FEATURES, PLANE, W_k, W_q, W_v
from ..views.arcs import arcs_or_bars
from ..views.arithmetic import arithmetic
from ..views.look import number
from ..views.table import table
from .base import Prediction, Sentence, SentenceExplorer, SentenceState, read
from .fields import choice, real, within
from .mixing import pair

ORDERS = ("kept", "reversed", "shuffled")
MASKS = ("none", "causal")


@dataclass(frozen=True)
class State(SentenceState):
    """What the reader sets, beside the sentence and the token that asks, counted in the new order.

    order : how the words are put; strength : what the positions are multiplied by before they are added to the words;
    mask : "none" or "causal"
    """

    order: str = choice("kept", ORDERS)
    strength: float = real(0.0, 0.0, 1.0, step=0.1)
    mask: str = choice("none", MASKS)


@dataclass(frozen=True, eq=False)
class Result:
    """order : the place that each token of the new order had; attended : in the new order; before, after : output of
    each token, in the old order, as it stood and as it was put, shape (n, 2); change : the largest difference."""

    sentence: Sentence
    row: int
    order: np.ndarray
    attended: Attention
    before: np.ndarray
    after: np.ndarray
    change: float


def compute(state: State) -> Result:
    """Attention on the words as they stand and as they are put. Raises InputError."""
    sentence = read(state.sentence)
    n = len(sentence.tokens)
    order = {"kept": np.arange(n), "reversed": np.arange(n)[::-1], "shuffled": shuffled(n)}[state.order]
    added = state.strength * positions(n, len(FEATURES))
    mask = causal_mask(n) if state.mask == "causal" else None
    before, attended = (_attend(sentence.X[places] + added, mask) for places in (np.arange(n), order))
    after = np.empty_like(before.output)
    after[order] = attended.output
    change = float(np.abs(after - before.output).max())
    return Result(sentence, within(state.row, n), order, attended, before.output, after, change)


def shuffled(n) -> np.ndarray:
    """An order of n tokens, always the same one: every second, then the others."""
    return np.concatenate([np.arange(1, n, 2), np.arange(0, n, 2)])


def _attend(X, mask):
    return attention(X @ W_q, X @ W_k, X @ W_v, mask)


def pictures(state: State, result: Result) -> dict:
    """The weights of one word in the new order, and the outputs of all words before and after."""
    tokens = [result.sentence.tokens[i] for i in result.order]
    weights, token = result.attended.weights[result.row], tokens[result.row]
    kept = np.array_equal(result.order, np.arange(len(tokens)))
    title = words.text("order.arcs_kept" if kept else "order.arcs", token=token)
    hidden = ~causal_mask(len(tokens))[result.row] if state.mask == "causal" else None
    head = [words.text(f"order.head.{name}") for name in ("token", "before", "after", "change")]
    rows = [
        [label, pair(before), pair(after), number(np.abs(after - before).max())]
        for label, before, after in zip(result.sentence.tokens, result.before, result.after, strict=True)
    ]
    same = number(result.change) == "0.00"
    axes = ", ".join(words.text(f"plane.short.{name}") for name in PLANE)
    if kept:
        line = words.text("order.kept" if len({*tokens}) == len(tokens) else "order.kept_twice")
    else:
        line = words.text("order.same" if same else "order.differs", change=number(result.change))
    return {
        "weights": arcs_or_bars(weights, tokens, title, result.row, hidden),
        "outputs": table(words.text("order.outputs", axes=axes), head, rows),
        "arithmetic": arithmetic(line),
    }


def presets():
    return {
        "shuffled": {"order": "shuffled"},
        "positions": {"order": "shuffled", "strength": 0.5},
        "causal": {"order": "shuffled", "mask": "causal"},
        "twice": {"sentence": words.text("order.repeated"), "strength": 0.5},
    }


def prediction() -> Prediction:
    """The words are put in another order; what becomes of the output of each?"""
    state = State(order="shuffled")
    result = compute(state)
    right = "same" if result.change < 1e-9 else "all"
    return Prediction(right, ("all", "neighbours", "same"), {"outputs": pictures(state, result)["outputs"]})


class OrderExplorer(SentenceExplorer):
    """Put the words in another order, add positions, mask what comes later."""

    def _make_controls(self):
        super()._make_controls()
        self.control(Dropdown, "order", options=[(words.text(f"order.order.{order}"), order) for order in ORDERS])
        self.control(FloatSlider, "strength", readout_format=".1f")
        self.control(Dropdown, "mask", options=[(words.text(f"weights.mask.{mask}"), mask) for mask in MASKS])
