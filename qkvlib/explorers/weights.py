"""Lesson 03: scores -> weights, by a softmax of each row."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import Checkbox, Dropdown, FloatLogSlider, IntSlider

from .. import words
from ..attention import causal_mask, padding_mask, softmax
from ..attention import scores as score_matrix
from ..text.handmade import W_k, W_q
from ..views.arcs import arcs
from ..views.arithmetic import MARKS, arithmetic, sum_of
from ..views.bars import bars
from ..views.look import MAX_ARCS, number, significant
from ..views.matrix import matrix
from .base import CellState, Prediction, Sentence, SentenceExplorer, read, remarks
from .fields import choice, flag, real, whole, within

PAD = "<pad>"
MASKS = ("none", "causal", "padding")  # "causal": nobody looks ahead; "padding": nobody looks at <pad>


@dataclass(frozen=True)
class State(CellState):
    """What the reader sets, beside the sentence and the chosen cell.

    temperature : the scores are divided by it
    mask : "none", "causal" (nobody looks ahead) or "padding" (nobody looks at <pad>)
    padding : how many <pad> tokens follow the sentence
    scale : divide by sqrt(d_k)
    by_column : the usual mistake, a softmax along the columns
    """

    temperature: float = real(1.0, 0.1, 10.0)
    mask: str = choice("none", MASKS)
    padding: int = whole(0, 0, 4)
    scale: bool = flag(True)
    by_column: bool = flag(False)


@dataclass(frozen=True, eq=False)
class Result:
    """tokens : with <pad>; mask : shape (n, n), True = may look; allowed : scores / temperature, -inf where masked."""

    sentence: Sentence
    tokens: list[str]
    row: int
    column: int
    scores: np.ndarray
    mask: np.ndarray
    allowed: np.ndarray
    weights: np.ndarray


def compute(state: State) -> Result:
    """Scores and weights of the sentence. Raises InputError."""
    sentence = read(state.sentence)
    X = np.pad(sentence.X, [(0, state.padding), (0, 0)])  # a <pad> is a vector of zeros
    n = len(X)
    scores = score_matrix(X @ W_q, X @ W_k, state.scale)
    masks = {
        "none": np.ones((n, n), dtype=bool),
        "causal": causal_mask(n),
        "padding": np.tile(padding_mask(len(sentence.tokens), n), (n, 1)),
    }
    mask = masks[state.mask]
    allowed = np.where(mask, scores, -np.inf) / state.temperature
    tokens = sentence.tokens + [PAD] * state.padding
    weights = softmax(allowed, axis=0 if state.by_column else 1)
    return Result(sentence, tokens, within(state.row, n), within(state.column, n), scores, mask, allowed, weights)


def pictures(state: State, result: Result) -> dict:
    """The chosen row of weights as arcs, the scores, the weights, and the chosen weight as the division that it is."""
    tokens, at = result.tokens, (result.row, result.column)
    title = words.text("weights.title_by_column" if state.by_column else "weights.title")
    shared = {"chosen": at, "masked": ~result.mask, "asks": True}
    return {
        **weights_of(result.weights[result.row], tokens, *at, ~result.mask[result.row], asks=True),
        "scores": matrix(
            result.scores, tokens, tokens, words.text("scores.title"), "scores", masked_text="−∞", **shared
        ),
        "weights": matrix(result.weights, tokens, tokens, title, "weights", masked_text="0", sums=True, **shared),
        "arithmetic": arithmetic(_division(state, result), query=tokens[at[0]], key=tokens[at[1]]),
    }


def weights_of(row, tokens, asker, chosen, masked=None, asks=False) -> dict:
    """A row of weights as arcs from word to word, for as many words as have room."""
    if len(tokens) > MAX_ARCS:
        return {}
    title = words.text("weights.bars.title", token=tokens[asker], sum=number(row.sum()))
    return {"arcs": arcs(row, tokens, title, asker, chosen, masked, "0", asks=asks)}


def _division(state, result):
    """The chosen weight, worked out."""
    if state.by_column:
        return words.text("weights.by_column", sum=number(result.weights[result.row].sum()))
    return weight_of(result.allowed[result.row], result.column)


def weight_of(allowed, i) -> str:
    """A weight, worked out. allowed : the scores of its row, -inf where masked."""
    if np.isneginf(allowed[i]):
        return words.text("weights.masked", **MARKS)
    seen = allowed[np.isfinite(allowed)]
    power, total = np.exp(allowed[i]), np.exp(seen).sum()
    return words.text(
        "weights.division",
        **MARKS,
        power=f"e^{{{number(allowed[i])}}}",
        powers=sum_of(f"e^{{{number(score)}}}" for score in seen),
        exp=large(power),
        total=large(total),
        weight=number(softmax(allowed)[i]),
    )


def large(value):
    """A number that may be large or small."""
    return number(value) if value == 0 or 0.01 <= value < 1e5 else significant(value)


def status(state: State, result: Result) -> str:
    """Remarks on the sentence and on a mask that masks nothing."""
    hint = words.text("weights.no_padding") if state.mask == "padding" and not state.padding else ""
    return " ".join(filter(None, [remarks(result.sentence), hint]))


def presets():
    return {
        "sharp": {"temperature": 0.1},
        "causal": {"mask": "causal", "row": 1, "column": 0},
        "padding": {"padding": 2, "mask": "padding"},
        "mistake": {"by_column": True},
    }


def prediction() -> Prediction:
    """If every score doubles, what becomes of the largest weight?"""
    result = compute(State())
    row, tokens = result.scores[0], result.tokens
    once, twice = softmax(row), softmax(2 * row)
    before, after = once.max(), twice.max()
    right = "same" if np.isclose(before, after) else "double" if np.isclose(2 * before, after) else "closer"
    best = int(row.argmax())
    shown = {
        name: bars(weights, tokens, words.text(f"predict.weights.{name}"), best)
        for name, weights in (("once", once), ("twice", twice))
    }
    return Prediction(right, ("same", "double", "closer"), shown)


class WeightsExplorer(SentenceExplorer):
    """Move the temperature, switch scaling and masks, and make the usual mistake."""

    def _make_controls(self):
        super()._make_controls()
        self.control(FloatLogSlider, "temperature", min=-1, max=1, step=0.05)
        self.control(Dropdown, "mask", options=[(words.text(f"weights.mask.{mask}"), mask) for mask in MASKS])
        self.control(IntSlider, "padding")
        self.control(Checkbox, "scale", indent=False)
        self.control(Checkbox, "by_column", indent=False)
