"""Lesson 10: every head of every layer of a trained model, on any sentence."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import Checkbox, Dropdown, IntSlider, Text

from .. import words
from ..models import trained
from ..models.trained import N_HEADS, N_LAYERS, Run
from ..text.tokens import MAX_TOKENS
from ..views.arithmetic import MARKS, arithmetic, products_of
from ..views.bars import bars
from ..views.field import field
from ..views.look import number
from ..views.matrix import matrix
from ..words import InputError
from .base import Explorer, Prediction
from .fields import State as Ruled
from .fields import flag, index, text, whole, within
from .weights import weights_of

SENTENCE, INSERTED = "I go to school", "I slowly go to school"  # English: the model has learned nothing else
BANK, CUT = "We sat on the bank of the river", "The snowboarders smiled"
NEXT, VERB = (1, 8), (1, 4)  # layer and head: two that look from "I" at "go"
N_LARGEST = 2  # products of a score that are written out


@dataclass(frozen=True)
class State(Ruled):
    """What the reader sets.

    sentence : as typed
    layer, head : counted from 0
    row, column : the token that asks and the one that answers, counted from [CLS]
    hidden : the token that nobody sees, counted from [CLS]; 0 for none
    ends : show [CLS] and [SEP]
    """

    sentence: str = text(SENTENCE)
    layer: int = whole(NEXT[0], 0, N_LAYERS - 1)
    head: int = whole(NEXT[1], 0, N_HEADS - 1)
    row: int = index(1)
    column: int = index(2)
    hidden: int = index(0)
    ends: bool = flag(True)


@dataclass(frozen=True, eq=False)
class Result:
    """run : with the token hidden; shown : which tokens are; cosine : of the last vector of the token that asks, with
    the token hidden and without; row, column, hidden : tokens that are there, counted from [CLS]."""

    run: Run
    shown: range
    row: int
    column: int
    hidden: int
    cosine: float


def compute(state: State) -> Result:
    """The sentence's way through the model, and once more with a token hidden. Raises InputError."""
    model = trained.load()
    run = before = model(state.sentence)
    n = len(run.tokens)
    if (count := n - 2 + run.left_out) > MAX_TOKENS:
        raise InputError("sentence", "too_many", count=count, limit=MAX_TOKENS)
    shown = range(n) if state.ends else range(1, n - 1)
    row, column = (max(within(i, shown.stop), shown.start) for i in (state.row, state.column))
    hidden = within(state.hidden, n - 1)
    if hidden:
        run = model(state.sentence, mask=np.arange(n) != hidden)
    ones = [vectors[row] / np.linalg.norm(vectors[row]) for vectors in (before.vectors[-1], run.vectors[-1])]
    return Result(run, shown, row, column, hidden, float(ones[0] @ ones[1]))


def pictures(state: State, result: Result) -> dict:
    """Every head as a small picture, the chosen head's row as arcs and all its weights, and where its score is from."""
    run, shown = result.run, result.shown
    tokens, part = run.tokens[shown.start : shown.stop], slice(shown.start, shown.stop)
    row, column = result.row - shown.start, result.column - shown.start
    weights = run.weights[:, :, part, part]
    masked = np.arange(shown.start, shown.stop) == result.hidden
    masked &= result.hidden > 0
    own = weights[state.layer, state.head]
    title = words.text("inside.weights", layer=state.layer, head=state.head)
    return {
        "field": field(
            weights,
            map(str, range(N_LAYERS)),
            map(str, range(N_HEADS)),
            [tokens[i] for i in weights[:, :, row].argmax(axis=-1).flat],
            words.text("inside.field"),
            (words.text("inside.layer"), words.text("inside.head")),
            (state.layer, state.head),
            asks=True,
        ),
        **weights_of(own[row], tokens, row, column, masked, asks=True),
        "weights": matrix(
            own,
            tokens,
            tokens,
            title,
            "weights",
            chosen=(row, column),
            masked=np.tile(masked, (len(tokens), 1)),
            masked_text="0",
            sums=True,
            small=True,
            asks=True,
        ),
        "strip": _strip(state, result),
        "arithmetic": _score(state, result),
    }


def _strip(state, result):
    """The query, key and value of the chosen pair, entry by entry, and the products that add up to its score."""
    run, i, j = result.run, result.row, result.column
    q, k, v = (part[state.layer, state.head, at] for part, at in ((run.Q, i), (run.K, j), (run.V, j)))
    products = q * k / np.sqrt(len(q))
    largest = int(np.abs(products).argmax())
    return matrix(
        [q, k, products, v],
        ["q", "k", f"q × k ÷ √{len(q)}", "v"],
        map(str, range(len(q))),
        words.text("inside.strip", query=run.tokens[i], key=run.tokens[j]),
        "scores",
        chosen=(2, largest),
        sums=[False, False, True, False],
        axes=(words.text("inside.vector"), words.text("inside.entry")),
        row_roles=["query", "key", "", "value"],
        sources=np.arange(4 * len(q)).reshape(4, -1) % len(q) == [[largest]] * 2 + [[-1]] * 2,
    )


def _score(state, result):
    """The chosen score, by the largest of its 32 products, and what hiding a word has done."""
    run, i, j = result.run, result.row, result.column
    named = {"query": run.tokens[i], "key": run.tokens[j]}
    if j == result.hidden > 0:
        line = words.text("weights.masked", **MARKS)
    else:
        q, k = run.Q[state.layer, state.head, i], run.K[state.layer, state.head, j]
        order = np.argsort(-np.abs(q * k), kind="stable")
        largest, others = order[:N_LARGEST], order[N_LARGEST:]
        score, weight = (part[state.layer, state.head, i, j] for part in (run.scores, run.weights))
        line = words.text(
            "inside.score",
            **MARKS,
            products=products_of(q[largest], k[largest]),
            count=len(others),
            others=number(q[others] @ k[others]),
            d_k=len(q),
            score=number(score),
            weight=number(weight),
        )
    drawn = arithmetic(line, **named)
    if result.hidden:
        hidden, cosine = run.tokens[result.hidden], number(result.cosine, 3)
        drawn["note"] = words.text("inside.hidden", hidden=hidden, token=run.tokens[i], cosine=cosine)
    return drawn


def status(state: State, result: Result) -> str:
    """Remarks on the sentence, on pieces of words, and on what is not shown."""
    pieces = any(token.startswith("##") for token in result.run.tokens)
    said = [result.run.remarks(), *([words.text("inside.pieces")] if pieces else [])]
    return " ".join(filter(None, [*said, *([] if state.ends else [words.text("inside.no_ends")])]))


def presets():
    inserted, bank = {"sentence": INSERTED}, {"sentence": BANK, "layer": 0, "head": 4, "row": 5}
    return {
        "next": inserted,
        "verb": {**inserted, "layer": VERB[0], "head": VERB[1], "column": 3},
        "before": {**inserted, "layer": 0, "head": 2, "row": 2, "column": 1},
        "river": {**bank, "column": 8},
        "hidden": {**bank, "column": 2, "hidden": 8},
        "pieces": {"sentence": CUT, "row": 3, "column": 4},
    }


def prediction() -> Prediction:
    """Two heads look from "I" at "go"; is it the verb that they look for, or the next word?"""
    model, shown = trained.load(), {}
    runs = [model(sentence) for sentence in (SENTENCE, INSERTED)]
    tops = []
    for name, (layer, head) in (("one", NEXT), ("other", VERB)):
        for when, run in zip(("before", "after"), runs, strict=True):
            row, tokens = run.weights[layer, head, 1, 1:-1], run.tokens[1:-1]
            top = int(row.argmax())
            shown[f"{name}_{when}"] = bars(row, tokens, words.text(f"predict.inside.{name}_{when}"), top)
        tops.append(tokens[top])
    right = {"slowly": "next", "go": "verb"}.get(tops[0]) if tops[0] == tops[1] else "open"
    return Prediction(right, ("verb", "next", "open"), shown)


class InsideExplorer(Explorer):
    """Type a sentence, choose a layer and a head, and hide a word."""

    above = ("sentence", "hidden", "layer", "head", "ends")

    def _make_controls(self):
        self.control(Text, "sentence", continuous_update=False)
        self.control(Dropdown, "hidden")
        self.control(IntSlider, "layer")
        self.control(IntSlider, "head")
        self.control(Checkbox, "ends", indent=False)

    def _options(self):
        named = enumerate(self.result.run.tokens[1:-1], 1)
        nobody = words.text("inside.nobody"), 0
        return {"hidden": (nobody, *((f"{i} {token}", i) for i, token in named))}

    def _values(self):
        return super()._values() | {"hidden": self.result.hidden}

    def _picked(self, name, changes):
        if name == "field":
            return {"layer": changes["row"], "head": changes["column"]}
        return {field: i + self.result.shown.start for field, i in changes.items()}
