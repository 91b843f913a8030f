"""Lesson 05: X, the three matrices, and the queries, keys, values and scores that they make, tied and untied."""

from dataclasses import dataclass, field

import numpy as np
from ipywidgets import Dropdown, FloatSlider, Layout, Text

from .. import words
from ..attention import attention
from ..examples import FEATURES, SENTENCES, W_k, W_q, W_v
from ..grammar import ROLES
from ..views import matrix, number, terms
from .base import Explorer, Sentence, finite, read
from .chain import column_names

MATRICES = {"W_q": W_q, "W_k": W_k, "W_v": W_v}


@dataclass(frozen=True)
class State:
    """What the reader sets.

    tied : "none", "qk" (W_q makes the keys, too) or "all" (W_q makes everything)
    entries : dict, (name of a matrix, row, column) -> number, where the reader changed it
    chosen : name of a matrix, row, column: the entry that the slider moves
    row, column : the pair of tokens that is compared
    """

    sentence: str = field(default_factory=lambda: SENTENCES[words.language()])
    tied: str = "none"
    entries: dict = field(default_factory=dict)
    chosen: tuple = ("W_q", 1, 0)
    row: int = 0
    column: int = field(default_factory=lambda: {"en": 1, "ja": 3}[words.language()])  # "go"


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
            matrices[name][row, column] = finite("entry", value)
    Q, K, V = (sentence.X @ matrices[name] for name in ROLES[state.tied])
    attended = attention(Q, K, V)
    row, column = (min(max(i, 0), len(sentence.tokens) - 1) for i in (state.row, state.column))
    chosen = state.chosen if state.chosen[0] in matrices else ("W_q", *state.chosen[1:])
    return Result(sentence, matrices, Q, K, V, attended.scores, attended.weights, chosen, row, column)


def pictures(state: State, result: Result) -> dict:
    """Every matrix, small; the chosen pair both ways round."""
    tokens, at = result.sentence.tokens, (result.row, result.column)
    axes = (words.text("axis.token"), words.text("axis.feature"))
    features = [words.text(f"feature.{name}") for name in FEATURES]
    title = words.text("whole.X")
    drawn = {"X": matrix(result.sentence.X, tokens, features, title, "scores", axes=axes, small=True)}
    for name, values in result.matrices.items():
        chosen = result.chosen[1:] if name == result.chosen[0] else None
        roles = " = ".join(role for role, used in zip(MATRICES, ROLES[state.tied], strict=True) if used == name)
        inside = (words.text("roles.has"), words.text("roles.gives"))
        drawn[name] = matrix(values, features, _columns(values), roles, "scores", chosen, axes=inside, small=True)
    for name, role in zip("QKV", ROLES[state.tied], strict=True):
        values = getattr(result, name)
        title = words.text("roles.product", name=name, matrix=role)
        drawn[name] = matrix(values, tokens, _columns(values), title, "scores", axes=axes, small=True)
    mirror = np.zeros(result.scores.shape, dtype=bool)
    mirror[at[::-1]] = True
    for name in ("scores", "weights"):
        values, sums = getattr(result, name), name == "weights"
        title = words.text(f"whole.{name}")
        drawn[name] = matrix(values, tokens, tokens, title, name, at, sums=sums, sources=mirror, small=True)
    return {**drawn, "pair": _pair(result)}


def _columns(values):
    return column_names("V" if values.shape[1] == W_v.shape[1] else "Q")


def _pair(result):
    """The chosen score and weight, there and back."""
    there, back = (result.row, result.column), (result.column, result.row)
    tokens = result.sentence.tokens
    rows = [
        [f"{tokens[i]} → {tokens[j]}", number(result.scores[i, j]), number(result.weights[i, j])]
        for i, j in (there, back)
    ]
    difference = np.abs(result.scores - result.scores.T).max()
    return terms(
        words.text("roles.pair"),
        ["", words.text("whole.score"), words.text("whole.weight")],
        rows,
        [],
        note=words.text("roles.difference", difference=number(difference)),
    )


class RolesExplorer(Explorer):
    """Tie and untie the matrices, change any entry of them, and compare who looks for whom."""

    name = "roles"
    State = State
    compute = staticmethod(compute)
    pictures = staticmethod(pictures)

    @staticmethod
    def presets():
        return {"qk": {"tied": "qk"}, "all": {"tied": "all"}, "one_way": {"entries": {("W_q", 1, 0): -1.5}}}

    @staticmethod
    def status(state, result):
        return result.sentence.status()

    def _controls(self):
        ties = [(words.text(f"roles.tied.{tied}"), tied) for tied in ROLES]
        wide = {"style": {"description_width": "100px"}, "layout": Layout(width="380px")}
        return {
            "sentence": Text(description=words.text("control.sentence"), continuous_update=False, **wide),
            "tied": Dropdown(options=ties, description=words.text("control.tied"), **wide),
            "entry": FloatSlider(min=-3, max=3, step=0.05, description=words.text("control.entry"), **wide),
        }

    def _values(self):
        name, row, column = self.result.chosen
        return super()._values() | {"entry": float(np.round(self.result.matrices[name][row, column], 9))}

    def _changes(self, name, value):
        if name != "entry":
            return super()._changes(name, value)
        matrix_name, row, column = self.result.chosen
        if np.isclose(self.result.matrices[matrix_name][row, column], value):  # the page's rounding, not the reader
            return {}
        return {"entries": {**self.state.entries, (matrix_name, row, column): value}}

    def _on_picture(self, name, changes):
        if name in MATRICES:
            self.set(chosen=(name, changes["row"], changes["column"]))
        elif name in ("scores", "weights"):
            self.set(**changes)
