"""Lesson 03: scores -> weights, by a softmax of each row."""

from dataclasses import dataclass, field

import numpy as np
from ipywidgets import Checkbox, Dropdown, FloatLogSlider, IntSlider, Layout, Text

from .. import words
from ..attention import causal_mask, padding_mask, softmax
from ..attention import scores as score_matrix
from ..examples import SENTENCES, W_k, W_q
from ..views import bars, matrix, number
from .base import Explorer, Sentence, finite, read

PAD = "<pad>"


@dataclass(frozen=True)
class State:
    """What the reader sets.

    row, column : the chosen cell
    temperature : above 0; the scores are divided by it
    scale : divide by sqrt(d_k)
    mask : "none", "causal" (nobody looks ahead) or "padding" (nobody looks at <pad>)
    padding : how many <pad> tokens follow the sentence
    by_column : the usual mistake, a softmax along the columns
    """

    sentence: str = field(default_factory=lambda: SENTENCES[words.language()])
    row: int = 0
    column: int = field(default_factory=lambda: {"en": 1, "ja": 3}[words.language()])  # "go"
    temperature: float = 1.0
    scale: bool = True
    mask: str = "none"
    padding: int = 0
    by_column: bool = False


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
    temperature = finite("temperature", state.temperature, low=0)
    X = np.pad(sentence.X, [(0, state.padding), (0, 0)])  # a <pad> is a vector of zeros
    n = len(X)
    scores = score_matrix(X @ W_q, X @ W_k, state.scale)
    masks = {
        "none": np.ones((n, n), dtype=bool),
        "causal": causal_mask(n),
        "padding": np.tile(padding_mask(len(sentence.tokens), n), (n, 1)),
    }
    mask = masks[state.mask]
    allowed = np.where(mask, scores, -np.inf) / temperature
    row, column = (min(max(i, 0), n - 1) for i in (state.row, state.column))
    tokens = sentence.tokens + [PAD] * state.padding
    weights = softmax(allowed, axis=0 if state.by_column else 1)
    return Result(sentence, tokens, row, column, scores, mask, allowed, weights)


def pictures(state: State, result: Result) -> dict:
    """The scores, the weights, and the chosen row of weights as bars."""
    tokens, at, masked = result.tokens, (result.row, result.column), ~result.mask
    row = result.weights[result.row]
    title = words.text("weights.title_by_column" if state.by_column else "weights.title")
    return {
        "scores": matrix(
            result.scores, tokens, tokens, words.text("scores.title"), "scores", at, masked, masked_text="−∞"
        ),
        "weights": matrix(result.weights, tokens, tokens, title, "weights", at, masked, masked_text="0", sums=True),
        "bars": bars(
            row,
            tokens,
            words.text("weights.bars.title", token=tokens[result.row], sum=number(row.sum())),
            chosen=result.column,
            note=_division(state, result),
        ),
    }


def _division(state, result):
    """The chosen weight as the division that it is."""
    at, token = (result.row, result.column), result.tokens[result.column]
    if state.by_column:
        return words.text("weights.by_column", sum=number(result.weights[result.row].sum()))
    if not result.mask[at]:
        return words.text("weights.masked", token=token)
    allowed = result.allowed[result.row]
    exps = np.exp(allowed - allowed.max())
    return words.text(
        "weights.division",
        token=token,
        difference=f"{number(allowed[result.column])} − {_signed(allowed.max())}",
        exp=number(exps[result.column]),
        total=number(exps.sum()),
        weight=number(result.weights[at]),
    )


def _signed(value):
    return number(value) if value >= 0 else f"({number(value)})"


class WeightsExplorer(Explorer):
    """Move the temperature, switch scaling and masks, and make the usual mistake."""

    name = "weights"
    State = State
    compute = staticmethod(compute)
    pictures = staticmethod(pictures)

    @staticmethod
    def presets():
        return {
            "sharp": {"temperature": 0.1},
            "causal": {"mask": "causal", "row": 1, "column": 0},
            "padding": {"padding": 2, "mask": "padding"},
            "mistake": {"by_column": True},
        }

    @staticmethod
    def status(state, result):
        hint = words.text("weights.no_padding") if state.mask == "padding" and not state.padding else ""
        return " ".join(filter(None, [result.sentence.status(), hint]))

    def _controls(self):
        masks = [(words.text(f"weights.mask.{mask}"), mask) for mask in ("none", "causal", "padding")]
        narrow = {"indent": False, "layout": Layout(width="auto")}
        wide = {"style": {"description_width": "100px"}, "layout": Layout(width="360px")}
        return {
            "sentence": Text(
                description=words.text("control.sentence"),
                continuous_update=False,
                style={"description_width": "75px"},
                layout=Layout(width="440px"),
            ),
            "temperature": FloatLogSlider(
                min=-1, max=1, step=0.05, description=words.text("control.temperature"), **wide
            ),
            "mask": Dropdown(
                options=masks,
                description=words.text("control.mask"),
                style={"description_width": "75px"},
                layout=Layout(width="440px"),
            ),
            "padding": IntSlider(min=0, max=4, description=words.text("control.padding"), **wide),
            "scale": Checkbox(description=words.text("control.scale"), **narrow),
            "by_column": Checkbox(description=words.text("control.by_column"), **narrow),
        }
