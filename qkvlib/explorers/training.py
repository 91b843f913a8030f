"""Lesson 05: attention learns the grammar from random numbers, and a slider goes back and forth through it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np
from ipywidgets import Dropdown, IntSlider

from .. import words
from ..arguments import read_only
from ..attention import scores, softmax
from ..text.handmade import FEATURES, W_k, W_q
from ..text.tokens import tokens
from ..text.vectors import look_up
from ..views.arcs import arcs
from ..views.arithmetic import MARKS, arithmetic
from ..views.curves import curves
from ..views.look import MAX_ARCS, number
from ..views.matrix import matrix
from ..words import InputError
from .base import CellState, Sentence, SentenceExplorer
from .fields import choice, index, text, whole, within
from .grammar import (
    ASKED,
    EVERY,
    KINDS,
    N_STEPS,
    N_WORDS,
    ROLES,
    TRAINED,
    VOCABULARY,
    accuracy,
    found,
    sentences,
    train,
    vectors,
)
from .work import Workbench

MEANS = vectors(*np.indices((len(KINDS), N_WORDS))).mean(axis=1)  # (4, d_model): the mean word of each kind
read_only(MEANS)
HAND_MADE = read_only(scores(W_q, W_k)[: len(ASKED)])  # what a feature gives to each, by the matrices of lesson 02
N_HELD_OUT = 500  # sentences that no training sees


@dataclass(frozen=True, eq=False)
class History:
    """A training: by step the parameters, and the accuracy of each kind that asks.

    Explorers share it, so nothing of it can be changed.
    """

    parameters: Mapping
    accuracy: Mapping


@dataclass(frozen=True)
class State(CellState):
    """What the reader sets, beside the sentence and the chosen cell.

    tied : "none", "qk" or "all"
    seed : of the random numbers at the start
    step : of the training
    """

    sentence: str = text(lambda: TRAINED[words.language()])
    row: int = index(1)
    tied: str = choice("none", ROLES)
    seed: int = whole(0, 0, 9)
    step: int = whole(N_STEPS, 0, N_STEPS, step=EVERY)


@dataclass(frozen=True, eq=False)
class Result:
    """kinds, words : by token, as in `grammar.Sentences`; probabilities : shape (n, 5), of the possible answers;
    between : shape (3, 4), the mean score that a word of each kind that asks gives to the words of each kind."""

    sentence: Sentence
    kinds: np.ndarray
    words: np.ndarray
    row: int
    column: int
    history: History
    weights: np.ndarray
    probabilities: np.ndarray
    between: np.ndarray


def compute(state: State) -> Result:
    """The sentence as the layer sees it after so many steps. Raises InputError."""
    sentence, kinds, of_kind = _read(state.sentence)
    history = trained(state.tied, state.seed)
    parameters = dict(history.parameters[state.step])
    *_, attended, logits = found(parameters, sentence.X, state.tied)
    between = found(parameters, MEANS, state.tied)[3].scores[: len(ASKED)]
    row, column = (within(i, len(sentence.tokens)) for i in (state.row, state.column))
    return Result(sentence, kinds, of_kind, row, column, history, attended.weights, softmax(logits), between)


def _read(sentence):
    """The sentence, and the kind and the number of each token."""
    known = {
        word: (kind, i) for kind, name in enumerate(KINDS) for i, word in enumerate(VOCABULARY[words.language()][name])
    }
    shown = tokens(sentence, known)
    found_words = [look_up(token, known) for token in shown]
    if None in found_words:
        raise InputError("sentence", "not_in_grammar", word=shown[found_words.index(None)])
    kinds, of_kind = np.array(found_words).T
    was_cut = len(shown) > len(sentence.split())
    return Sentence(shown, vectors(kinds, of_kind), [], was_cut), kinds, of_kind


@cache
def trained(tied, seed) -> History:
    """The training, which takes a third of a second."""
    snapshots = dict(train(seed, tied))
    shares = {step: read_only(accuracy(parameters, _held_out(), tied)) for step, parameters in snapshots.items()}
    kept = {step: MappingProxyType(read_only(parameters)) for step, parameters in snapshots.items()}
    return History(MappingProxyType(kept), MappingProxyType(shares))


@cache
def _held_out():
    return sentences(np.random.default_rng(2_000_000), N_HELD_OUT)


def pictures(state: State, result: Result) -> dict:
    """The weights after so many steps, learned and hand-made scores between kinds, and the accuracy at every step."""
    steps = np.arange(0, N_STEPS + 1, EVERY)
    shares = np.array([result.history.accuracy[step] for step in steps])  # (n_snapshots, 3)
    lines = {words.text(f"training.asks.{kind}"): shares[:, i] for i, kind in enumerate(KINDS[:3])}
    guessing = words.text("training.guessing")
    features = [words.text(f"feature.{feature}") for feature in FEATURES]
    asking, kinds = features[: len(ASKED)], [*features[: len(ASKED)], words.text("training.kind.filler")]
    hand_made = words.text("training.hand_made")
    return {
        "weights": _weights(state, result),
        "kinds": matrix(result.between, asking, kinds, words.text("training.kinds"), "scores", small=True),
        "hand_made": matrix(HAND_MADE, asking, features, hand_made, "scores", small=True),
        "accuracy": curves(
            steps,
            {**lines, guessing: np.full(len(steps), 1 / N_WORDS)},
            words.text("training.accuracy", n=N_HELD_OUT),
            (words.text("training.step"), words.text("training.share")),
            at=state.step // EVERY,
            limits=(0, 1),
            styles=[*KINDS[:3], "guessing"],
            asks=True,
        ),
        "arithmetic": _answer(result, result.row),
    }


def _weights(state, result):
    """Those of the word that asks as arcs, or of many words as a heatmap; what a filler looks at means nothing."""
    shown, row = result.sentence.tokens, result.row
    fillers = np.broadcast_to(result.kinds[:, None] >= len(ASKED), result.weights.shape)
    if len(shown) > MAX_ARCS:
        title, at = words.text("training.weights", step=state.step), (row, result.column)
        return matrix(result.weights, shown, shown, title, "weights", at, fillers, "–", small=True, asks=True)
    title = words.text("training.arcs", token=shown[row], step=state.step)
    strongest = int(result.weights[row].argmax())
    return arcs(result.weights[row], shown, title, row, strongest, fillers[row], "–", asks=True)


def _answer(result, i):
    """What the word at i asks for, and what it is told."""
    token = result.sentence.tokens[i]
    if result.kinds[i] >= len(ASKED):
        return arithmetic(words.text("training.filler", query=MARKS["query"]), query=token)
    asked = ASKED[result.kinds[i]]
    best = int(result.probabilities[i].argmax())
    right = best in result.words[result.kinds == asked]
    line = words.text(
        "training.line",
        query=MARKS["query"],
        kind=words.text(f"training.kind.{KINDS[asked]}"),
        answer=f"{VOCABULARY[words.language()][KINDS[asked]][best]} {'✓' if right else '✗'}",
        probability=number(result.probabilities[i, best]),
    )
    return arithmetic(line, query=token)


def presets():
    return {
        "before": {"step": 0},
        "halfway": {"step": 25},
        "one": {"tied": "all"},
    }


class TrainingExplorer(Workbench, SentenceExplorer):
    """A training with matrices tied or untied: watch it, and go back and forth through it."""

    above = ("sentence", "tied")
    works_on = ("tied", "seed")
    pause = 0.03

    def work(self):
        for step in self.result.history.parameters:
            yield step / N_STEPS, {"step": step}

    def _make_controls(self):
        super()._make_controls()
        self.control(Dropdown, "tied", options=[(words.text(f"roles.tied.{tied}"), tied) for tied in ROLES])
        self.control(IntSlider, "seed")
        self.control(IntSlider, "step")

    def _picked(self, name, changes):
        return {"step": changes["at"] * EVERY} if name == "accuracy" else changes
