"""Lesson 04: the whole chain X -> Q, K, V -> scores -> weights -> output, each number with those it was made from."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import Dropdown

from .. import words
from ..attention import attention, causal_mask
from ..text.handmade import FEATURES, MATCH, PLANE, W_k, W_q, W_v
from ..views.look import number
from ..views.matrix import matrix
from ..views.terms import terms
from . import mixing, scores
from .base import CellState, Sentence, SentenceExplorer, changed, place_of, read
from .fields import choice, index, vectors, within

PARTS = ("X", "Q", "K", "V", "scores", "weights", "output")
MASKS = ("none", "causal")


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
        drawn[name] = matrix(
            values,
            tokens,
            tokens if square else column_names(name),
            words.text(f"chain.{name}"),
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
    return {**drawn, "terms": _terms(state, result)}


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


def _terms(state, result):
    """The chosen number as the sum that it is."""
    i, j, part, m = result.row, result.column, state.part, result.matrices
    token = result.sentence.tokens[i]
    key = result.sentence.tokens[j] if part in ("scores", "weights") else column_names(part)[j]
    title = words.text(f"chain.title.{part}", token=token, column=key)
    value = number(m[part][i, j])
    if part == "X":
        reason = "unknown" if token in result.sentence.unknown else "known"
        return terms(title, [words.text("chain.number"), value], [], note=words.text(f"chain.{reason}"))
    if part == "weights":
        return _softmax_terms(result, title, value)
    if part in ("Q", "K", "V"):
        W = {"Q": W_q, "K": W_k, "V": W_v}[part]
        names, left, right = column_names("X"), m["X"][i], W[:, j]
        heads = ["chain.x", f"chain.w_{part.lower()}"]
    elif part == "scores":
        names, left, right, heads = column_names("Q"), m["Q"][i], m["K"][j], ["chain.q", "chain.k"]
    else:
        names, left, right, heads = result.sentence.tokens, m["weights"][i], m["V"][:, j], ["chain.weight", "chain.v"]
    rows = [[name, number(a), number(b), number(a * b)] for name, a, b in zip(names, left, right, strict=True)]
    foot = [(words.text("chain.sum"), number(left @ right))]
    note = ""
    if part == "scores":
        foot.append((words.text("scores.terms.scaled", d_k=len(left)), number(left @ right / np.sqrt(len(left)))))
        note = "" if result.mask[i, j] else words.text("chain.masked")
    elif not np.isclose(left @ right, m[part][i, j]):
        foot.append((words.text("chain.own"), value))
    return terms(title, ["", *map(words.text, heads), words.text("chain.product")], rows, foot, note=note)


def _softmax_terms(result, title, value):
    i, j = result.row, result.column
    allowed = np.where(result.mask, result.matrices["scores"], -np.inf)[i]
    exps = np.exp(allowed - allowed.max())
    shown = [number(score) if np.isfinite(score) else "−∞" for score in allowed]
    rows = [[token, score, number(exp)] for token, score, exp in zip(result.sentence.tokens, shown, exps, strict=True)]
    foot = [
        (words.text("chain.sum"), number(exps.sum())),
        (words.text("chain.division", exp=number(exps[j]), total=number(exps.sum())), value),
    ]
    head = ["", words.text("chain.score"), words.text("chain.exp", largest=number(allowed.max()))]
    return terms(title, head, rows, foot)


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

    def _make_controls(self):
        super()._make_controls()
        self.control(Dropdown, "mask", options=[(words.text(f"weights.mask.{mask}"), mask) for mask in MASKS])

    def _picked(self, name, changes):
        return {"part": name, **changes}
