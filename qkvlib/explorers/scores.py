"""Lesson 02: sentence -> Q and K -> scores, with one score written out term by term."""

from dataclasses import dataclass, field

import numpy as np
from ipywidgets import Box, Checkbox, FloatSlider, Label, Layout, Text, VBox

from .. import words
from ..attention import scores as score_matrix
from ..examples import MATCH, SENTENCES, W_k, W_q
from ..vectors import word_of
from ..views import matrix, number, terms
from .base import Explorer, Sentence, changed, read

ROLES = {"q": "queries", "k": "keys"}  # role -> field of the state
SLIDERS = {role: [f"{role}{i}" for i in range(len(MATCH))] for role in ROLES}


@dataclass(frozen=True)
class State:
    """What the reader sets.

    row, column : the chosen cell: the token that asks and the token that answers
    scale : divide by sqrt(d_k)
    queries, keys : dict, word -> its d_k numbers, where the reader changed them
    """

    sentence: str = field(default_factory=lambda: SENTENCES[words.language()])
    row: int = 0
    column: int = field(default_factory=lambda: {"en": 1, "ja": 3}[words.language()])  # "go"
    scale: bool = True
    queries: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)


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
    Q = changed("q{}".format, sentence.X @ W_q, sentence.tokens, state.queries)
    K = changed("k{}".format, sentence.X @ W_k, sentence.tokens, state.keys)
    row, column = (min(max(i, 0), len(sentence.tokens) - 1) for i in (state.row, state.column))
    return Result(sentence, row, column, Q, K, score_matrix(Q, K, state.scale))


def pictures(state: State, result: Result) -> dict:
    """The score matrix, and the chosen score as a sum of products."""
    tokens, at = result.sentence.tokens, (result.row, result.column)
    asks, answers = tokens[at[0]], tokens[at[1]]
    q, k = result.Q[at[0]], result.K[at[1]]
    rows = [[name, number(a), number(b), number(a * b)] for name, a, b in zip(_features(), q, k, strict=True)]
    foot = [(words.text("scores.terms.sum"), number(q @ k))]
    if state.scale:
        foot.append((words.text("scores.terms.scaled", d_k=len(q)), number(result.scores[at])))
    head = [words.text("scores.terms.feature"), words.text("scores.terms.q", token=asks)]
    head += [words.text("scores.terms.k", token=answers), words.text("scores.terms.product")]
    return {
        "scores": matrix(result.scores, tokens, tokens, words.text("scores.title"), "scores", chosen=at),
        "terms": terms(words.text("scores.terms.title", asks=asks, answers=answers), head, rows, foot),
    }


class ScoresExplorer(Explorer):
    """Edit the sentence, choose a cell, move the query of its row and the key of its column."""

    name = "scores"
    State = State
    compute = staticmethod(compute)
    pictures = staticmethod(pictures)

    @staticmethod
    def presets():
        go, school = {"en": (1, 3), "ja": (3, 1)}[words.language()]
        return {
            "back": {"row": go, "column": 0},
            "opposite": {"row": school, "column": school},
            "repeated": {"sentence": words.text("scores.repeated"), "row": 1, "column": 2},
        }

    @staticmethod
    def status(state, result):
        return result.sentence.status()

    def _controls(self):
        sliders = {
            name: FloatSlider(min=-3, max=3, step=0.05, description=f"{role} · {feature}", layout=Layout(width="300px"))
            for role in ROLES
            for name, feature in zip(SLIDERS[role], _features(), strict=True)
        }
        return {
            "sentence": Text(
                description=words.text("control.sentence"), continuous_update=False, layout=Layout(width="460px")
            ),
            "scale": Checkbox(description=words.text("control.scale"), indent=False, layout=Layout(width="auto")),
            **sliders,
        }

    def _arrange(self):
        groups = [
            VBox([Label(words.text(f"scores.caption.{role}")), *(self.controls[name] for name in SLIDERS[role])])
            for role in ROLES
        ]
        return Box([self.controls["sentence"], self.controls["scale"], *groups])

    def _values(self):
        values = super()._values()
        for role in ROLES:
            values |= zip(SLIDERS[role], self._chosen(role)[1], strict=True)
        return values

    def _changes(self, name, value):
        for role, field_name in ROLES.items():
            if name in SLIDERS[role]:
                token, vector = self._chosen(role)
                i = SLIDERS[role].index(name)
                if np.isclose(vector[i], value):  # the page's rounding, not the reader
                    return {}
                vector[i] = value
                return {field_name: {**getattr(self.state, field_name), word_of(token): tuple(vector)}}
        return super()._changes(name, value)

    def _chosen(self, role):
        """The token whose query or key the sliders show, and its d_k numbers."""
        result = self.result
        at, matrix = (result.row, result.Q) if role == "q" else (result.column, result.K)
        return result.sentence.tokens[at], np.round(matrix[at], 9).tolist()


def _features():
    return [words.text(f"feature.{name}") for name in MATCH]
