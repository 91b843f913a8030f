"""Lesson 05: X, the three matrices, and the queries, keys, values and scores that they make, tied and untied."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from ipywidgets import Dropdown, FloatSlider

from .. import words
from ..attention import attention
from ..text.handmade import FEATURES, W_k, W_q, W_v
from ..views.arithmetic import MARKS, arithmetic
from ..views.look import number
from ..views.matrix import matrix
from .base import CellState, Prediction, Sentence, SentenceExplorer, read
from .chain import column_names
from .fields import choice, number_in, refused, ruled, within
from .grammar import ROLES

MATRICES = {"W_q": W_q, "W_k": W_k, "W_v": W_v}
ENTRIES = {at: at for name, W in MATRICES.items() for at in ((name, *place) for place in np.ndindex(W.shape))}
REACH = 3.0  # of the slider, to both sides


def _entry(name, entry):
    try:
        return ENTRIES[tuple(entry)]
    except (TypeError, KeyError):
        raise refused("entry", "entry", entry) from None


def _entries(name, entries):
    if not isinstance(entries, Mapping):
        raise refused("entry", "entry", entries)
    return {_entry(name, at): number_in("entry", value, -REACH, REACH) for at, value in entries.items()}


@dataclass(frozen=True)
class State(CellState):
    """What the reader sets, beside the sentence and the pair of tokens that is compared.

    tied : "none", "qk" (W_q makes the keys, too) or "all" (W_q makes everything)
    entries : dict, (name of a matrix, row, column) -> number, where the reader changed it
    chosen : name of a matrix, row, column: the entry that the slider moves
    """

    tied: str = choice("none", ROLES)
    entries: dict = ruled(_entries, {})
    chosen: tuple = ruled(_entry, ("W_q", 1, 0))


@dataclass(frozen=True, eq=False)
class Result:
    """matrices : dict, name of each matrix that is in use -> array; chosen : the entry that the slider moves."""

    sentence: Sentence
    matrices: dict
    Q: np.ndarray
    K: np.ndarray
    V: np.ndarray
    scores: np.ndarray
    weights: np.ndarray
    chosen: tuple
    row: int
    column: int


def compute(state: State) -> Result:
    """Queries, keys and values by the matrices that are in use, and what follows. Raises InputError."""
    sentence = read(state.sentence)
    matrices = {name: MATRICES[name].copy() for name in ROLES[state.tied]}
    for (name, row, column), value in state.entries.items():
        if name in matrices:
            matrices[name][row, column] = value
    Q, K, V = (sentence.X @ matrices[name] for name in ROLES[state.tied])
    attended = attention(Q, K, V)
    row, column = (within(i, len(sentence.tokens)) for i in (state.row, state.column))
    chosen = state.chosen if state.chosen[0] in matrices else ("W_q", *state.chosen[1:])
    return Result(sentence, matrices, Q, K, V, attended.scores, attended.weights, chosen, row, column)


def pictures(state: State, result: Result) -> dict:
    """The matrices that are in use, small, and what follows: scores, weights; the chosen pair both ways round."""
    tokens, at = result.sentence.tokens, (result.row, result.column)
    features = [words.text(f"feature.{name}") for name in FEATURES]
    drawn = {}
    for name, values in result.matrices.items():
        chosen = result.chosen[1:] if name == result.chosen[0] else None
        roles = " = ".join(role for role, used in zip(MATRICES, ROLES[state.tied], strict=True) if used == name)
        inside = (words.text("roles.has"), words.text("roles.gives"))
        columns = _columns(values)
        drawn[name] = matrix(values, features, columns, roles, "scores", chosen, axes=inside, small=True, asks=True)
    mirror = np.zeros(result.scores.shape, dtype=bool)
    mirror[at[::-1]] = True
    for name in ("scores", "weights"):
        values, sums = getattr(result, name), name == "weights"
        title = words.text(f"chain.{name}")
        drawn[name] = matrix(values, tokens, tokens, title, name, at, sums=sums, sources=mirror, small=True, asks=True)
    return {**drawn, "arithmetic": _pair(result)}


def _columns(values):
    return column_names("V" if values.shape[1] == W_v.shape[1] else "Q")


def _pair(result):
    """The chosen score and weight, there and back."""
    there, back = (result.row, result.column), (result.column, result.row)
    line = words.text(
        "roles.there",
        **MARKS,
        score=number(result.scores[there]),
        weight=number(result.weights[there]),
        score_back=number(result.scores[back]),
        weight_back=number(result.weights[back]),
    )
    difference = words.text("roles.difference", difference=number(np.abs(result.scores - result.scores.T).max()))
    tokens = result.sentence.tokens
    return arithmetic(line, query=tokens[result.row], key=tokens[result.column]) | {"note": difference}


def presets():
    return {"qk": {"tied": "qk"}, "all": {"tied": "all"}, "one_way": {"entries": {("W_q", 1, 0): -1.5}}}


def prediction() -> Prediction:
    """With W_q = W_k, "I" gives "go" a score; which one does "go" give to "I"?"""
    result = compute(State(tied="qk"))
    tokens, at = result.sentence.tokens, (result.row, result.column)
    there, back = result.scores[at], result.scores[at[::-1]]
    right = "same" if np.isclose(there, back) else "larger" if back > there else "smaller"
    mirror = np.zeros(result.scores.shape, dtype=bool)
    mirror[at[::-1]] = True
    shown = matrix(result.scores, tokens, tokens, words.text("predict.roles.scores"), "scores", at, sources=mirror)
    return Prediction(right, ("smaller", "same", "larger"), {"scores": shown})


class RolesExplorer(SentenceExplorer):
    """Tie and untie the matrices, change any entry of them, and compare who looks for whom."""

    def _make_controls(self):
        super()._make_controls()
        self.control(Dropdown, "tied", options=[(words.text(f"roles.tied.{tied}"), tied) for tied in ROLES])
        self.control(FloatSlider, "entry", min=-REACH, max=REACH, step=0.05)

    def _values(self):
        name, row, column = self.result.chosen
        return super()._values() | {"entry": float(np.round(self.result.matrices[name][row, column], 9))}

    def _changes(self, name, value):
        if name != "entry":
            return super()._changes(name, value)
        return {"entries": {**self.state.entries, self.result.chosen: value}}

    def _picked(self, name, changes):
        return {"chosen": (name, changes["row"], changes["column"])} if name in MATRICES else changes
