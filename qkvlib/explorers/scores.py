"""Lesson 02: sentence -> Q and K -> scores, with one score written out term by term."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import Checkbox, FloatSlider, Label, VBox

from .. import words
from ..attention import scores as score_matrix
from ..text.handmade import MATCH, W_k, W_q
from ..text.vectors import word_of
from ..views.arcs import arcs
from ..views.arithmetic import MARKS, arithmetic, products_of
from ..views.bars import bars
from ..views.look import MAX_ARCS, number
from ..views.matrix import matrix
from .base import CellState, Prediction, Sentence, SentenceExplorer, changed, place_of, read
from .fields import flag, vectors, within

ROLES = {"q": "queries", "k": "keys"}  # role -> field of the state
SLIDERS = {role: [f"{role}{i}" for i in range(len(MATCH))] for role in ROLES}
REACH = 3.0  # of the sliders, to both sides


@dataclass(frozen=True)
class State(CellState):
    """What the reader sets, beside the sentence and the chosen cell.

    scale : divide by sqrt(d_k)
    queries, keys : dict, word -> its d_k numbers, where the reader changed them
    """

    scale: bool = flag(True)
    queries: dict = vectors(len(MATCH), REACH, "q{}".format)
    keys: dict = vectors(len(MATCH), REACH, "k{}".format)


@dataclass(frozen=True, eq=False)
class Result:
    """row, column : the chosen cell within the matrix; Q, K : shape (n, d_k); scores : shape (n, n)."""

    sentence: Sentence
    row: int
    column: int
    Q: np.ndarray
    K: np.ndarray
    scores: np.ndarray


def compute(state: State) -> Result:
    """Scores of the sentence, with the reader's own queries and keys where there are any. Raises InputError."""
    sentence = read(state.sentence)
    n = len(sentence.tokens)
    Q = changed(sentence.X @ W_q, sentence.tokens, state.queries)
    K = changed(sentence.X @ W_k, sentence.tokens, state.keys)
    return Result(sentence, within(state.row, n), within(state.column, n), Q, K, score_matrix(Q, K, state.scale))


def pictures(state: State, result: Result) -> dict:
    """The scores of the word that asks as arcs, all scores, and the chosen score as the sum of products that it is."""
    tokens, (row, column) = result.sentence.tokens, (result.row, result.column)
    title = words.text("scores.arcs", token=tokens[row])
    drawn = {}
    if len(tokens) <= MAX_ARCS:
        note = words.text("scores.dashed") if result.scores[row].min() < 0 else ""
        drawn["arcs"] = arcs(result.scores[row], tokens, title, row, column, note=note, asks=True)
    drawn["scores"] = matrix(
        result.scores, tokens, tokens, words.text("scores.title"), "scores", (row, column), asks=True
    )
    line = arithmetic(score_of(result.Q[row], result.K[column], state.scale), query=tokens[row], key=tokens[column])
    return {**drawn, "arithmetic": line}


def score_of(q, k, scaled) -> str:
    """A score, worked out."""
    score = q @ k / np.sqrt(len(q)) if scaled else q @ k
    return words.text(
        "scores.scaled" if scaled else "scores.product",
        **MARKS,
        products=products_of(q, k),
        sum=number(q @ k),
        d_k=len(q),
        root=number(np.sqrt(len(q))),
        score=number(score),
    )


def presets():
    go, school = place_of("go"), place_of("school")
    return {
        "back": {"row": go, "column": 0},
        "opposite": {"row": school, "column": school},
        "repeated": {"sentence": words.text("scores.repeated"), "row": 1, "column": 2},
    }


def prediction() -> Prediction:
    """For "I", which of the other words gets the highest score?"""
    result = compute(State())
    row, tokens = result.scores[0], result.sentence.tokens
    kinds = {place_of("go"): "action", place_of("to"): "link", place_of("school"): "place"}
    best = max(kinds, key=lambda i: row[i])
    shown = bars(row, tokens, words.text("predict.scores.bars"), chosen=best)
    return Prediction(kinds[best], ("place", "link", "action"), {"bars": shown})


class ScoresExplorer(SentenceExplorer):
    """Edit the sentence, choose a cell, move the query of its row and the key of its column."""

    def _make_controls(self):
        super()._make_controls()
        self.control(Checkbox, "scale", indent=False)
        for role in ROLES:
            for name, feature in zip(SLIDERS[role], _features(), strict=True):
                label = f"{role} · {feature}"
                self.control(FloatSlider, name, description=label, min=-REACH, max=REACH, step=0.05)

    def _arrange(self):
        groups = [
            VBox([Label(words.text(f"scores.caption.{role}")), *(self.controls[name] for name in SLIDERS[role])])
            for role in ROLES
        ]
        return [*groups, self.controls["scale"]]

    def _values(self):
        shown = [zip(SLIDERS[role], self._vector(role)[1], strict=True) for role in ROLES]
        return super()._values() | dict(shown[0]) | dict(shown[1])

    def _changes(self, name, value):
        for role, field_name in ROLES.items():
            if name in SLIDERS[role]:
                token, vector = self._vector(role)
                vector[SLIDERS[role].index(name)] = value
                return {field_name: {**getattr(self.state, field_name), word_of(token): vector}}
        return super()._changes(name, value)

    def _vector(self, role):
        """The token whose query or key the sliders show, and its d_k numbers."""
        result = self.result
        at, rows = (result.row, result.Q) if role == "q" else (result.column, result.K)
        return result.sentence.tokens[at], np.round(rows[at], 9).tolist()


def _features():
    return [words.text(f"feature.{name}") for name in MATCH]
