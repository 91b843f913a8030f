"""Lesson 04: the whole chain X -> Q, K, V -> scores -> weights -> output, each number with those it was made from."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import Dropdown

from .. import words
from ..attention import attention, causal_mask
from ..text.handmade import FEATURES, MATCH, PLANE, W_k, W_q, W_v
from ..views.arithmetic import MARKS, arithmetic, products_of
from ..views.look import number
from ..views.matrix import matrix
from . import mixing, scores
from .base import CellState, Sentence, SentenceExplorer, changed, place_of, read
from .fields import choice, index, vectors, within
from .weights import weight_of

PARTS = ("X", "Q", "K", "V", "scores", "weights", "output")
MASKS = ("none", "causal")
WEIGHTS = {"Q": W_q, "K": W_k, "V": W_v}
ROLE = {"Q": "query", "K": "key", "V": "value", "output": "query"}  # of the word of a row


@dataclass(frozen=True)
class State(CellState):
    """What the reader sets, beside the sentence.

    mask : "none" or "causal"
    part, row, column : the chosen number: its matrix, and where in it
    queries, keys, values : dict, word -> its numbers, as changed in other explorers
    """

    column: int = index(1)
    mask: str = choice("none", MASKS)
    part: str = choice("output", PARTS)
    queries: dict = vectors(len(MATCH), scores.REACH)
    keys: dict = vectors(len(MATCH), scores.REACH)
    values: dict = vectors(len(PLANE), mixing.REACH)


@dataclass(frozen=True, eq=False)
class Result:
    """matrices : dict, name of the part -> array; mask : shape (n, n), True = may look."""

    sentence: Sentence
    matrices: dict
    mask: np.ndarray
    row: int
    column: int


def compute(state: State) -> Result:
    """Every matrix of the chain. Raises InputError."""
    sentence = read(state.sentence)
    tokens, X = sentence.tokens, sentence.X
    Q = changed(X @ W_q, tokens, state.queries)
    K = changed(X @ W_k, tokens, state.keys)
    V = changed(X @ W_v, tokens, state.values)
    n = len(tokens)
    mask = causal_mask(n) if state.mask == "causal" else np.ones((n, n), dtype=bool)
    attended = attention(Q, K, V, mask)
    found = (X, Q, K, V, attended.scores, attended.weights, attended.output)
    matrices = dict(zip(PARTS, found, strict=True))
    n_rows, n_columns = matrices[state.part].shape
    return Result(sentence, matrices, mask, within(state.row, n_rows), within(state.column, n_columns))


def pictures(state: State, result: Result) -> dict:
    """All matrices, small, with the sources of the chosen number marked; and how it was made."""
    tokens = result.sentence.tokens
    sources = _sources(state, result)
    token_axis, feature_axis = words.text("axis.token"), words.text("axis.feature")
    drawn = {}
    for name, values in result.matrices.items():
        square = name in ("scores", "weights")
        own = name == "V" and not np.allclose(values, result.matrices["X"] @ WEIGHTS["V"])
        drawn[name] = matrix(
            values,
            tokens,
            tokens if square else column_names(name),
            words.text("chain.V_own" if own else f"chain.{name}"),
            "weights" if name == "weights" else "scores",
            chosen=(result.row, result.column) if name == state.part else None,
            masked=~result.mask if square else None,
            masked_text="−∞" if name == "scores" else "0",
            sums=name == "weights",
            axes=None if square else (token_axis, feature_axis),
            sources=sources.get(name),
            small=True,
            asks=True,
        )
    return {**drawn, "arithmetic": _line(state, result)}


def column_names(part) -> list[str]:
    """What the columns of X, Q, K, V or the output are."""
    if part in ("V", "output"):
        return [words.text(f"plane.short.{name}") for name in PLANE]
    return [words.text(f"feature.{name}") for name in (FEATURES if part == "X" else MATCH)]


def _sources(state, result):
    """Which numbers the chosen one was made from: name of the part -> boolean array."""
    i, j = result.row, result.column
    lines = {  # part -> (matrix, row or column of it)
        "X": (),
        "Q": (("X", np.s_[i]),),
        "K": (("X", np.s_[i]),),
        "V": (("X", np.s_[i]),),
        "scores": (("Q", np.s_[i]), ("K", np.s_[j])),
        "weights": (("scores", np.s_[i]),),
        "output": (("weights", np.s_[i]), ("V", np.s_[:, j])),
    }
    marked = {}
    for name, line in lines[state.part]:
        marked[name] = np.zeros(result.matrices[name].shape, dtype=bool)
        marked[name][line] = True
    return marked


def _line(state, result):
    """The chosen number, worked out."""
    i, j, part, m = result.row, result.column, state.part, result.matrices
    tokens = result.sentence.tokens
    if part == "X":
        return arithmetic(words.text("chain.unknown" if tokens[i] in result.sentence.unknown else "chain.known"))
    if part == "scores":
        return arithmetic(scores.score_of(m["Q"][i], m["K"][j], True), query=tokens[i], key=tokens[j])
    if part == "weights":
        allowed = np.where(result.mask, m["scores"], -np.inf)[i]
        return arithmetic(weight_of(allowed, j), query=tokens[i], key=tokens[j])
    left, right = (m["weights"][i], m["V"][:, j]) if part == "output" else (m["X"][i], WEIGHTS[part][:, j])
    column, value = column_names(part)[j], number(m[part][i, j])
    if np.isclose(left @ right, m[part][i, j]):
        marks = {"query": MARKS["query"], "key": MARKS["key"], "value_of": MARKS["value"]}
        products = products_of(left, right)
        line = words.text(f"chain.of_{part}", **marks, column=column, products=products, value=value)
    else:
        line = words.text("chain.own", of=MARKS[ROLE[part]], column=column, value=value)
    return arithmetic(line, **{ROLE[part]: tokens[i]})


def presets():
    go = place_of("go")
    return {
        "query": {"part": "Q", "row": 0, "column": 1},
        "score": {"part": "scores", "row": 0, "column": go},
        "weight": {"part": "weights", "row": 0, "column": go},
        "causal": {"mask": "causal", "part": "weights", "row": 1, "column": 0},
    }


class ChainExplorer(SentenceExplorer):
    """Choose any number of the chain, and see what it was made from."""

    above = ("sentence", "mask")

    def _make_controls(self):
        super()._make_controls()
        self.control(Dropdown, "mask", options=[(words.text(f"weights.mask.{mask}"), mask) for mask in MASKS])

    def _picked(self, name, changes):
        return {"part": name, **changes}
