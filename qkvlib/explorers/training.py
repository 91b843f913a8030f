"""Lesson 05: attention learns the grammar from random numbers, and a slider goes back and forth through it."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from ipywidgets import Dropdown, IntSlider, Layout, Text

from .. import words
from ..attention import softmax
from ..examples import TRAINED, VOCABULARY
from ..grammar import ASKED, EVERY, KINDS, N_STEPS, N_WORDS, ROLES, accuracy, found, sentences, train, vectors
from ..text import InputError, tokens
from ..vectors import word_of
from ..views import curves, matrix, number, terms
from .work import Workbench

N_HELD_OUT = 500  # sentences that no training sees


@dataclass(frozen=True, eq=False)
class History:
    """A training so far: what is tied, the seed, and by step the parameters and the accuracy of each kind that asks."""

    tied: str
    seed: int
    parameters: dict
    accuracy: dict


@dataclass(frozen=True)
class State:
    """What the reader sets.

    tied : "none", "qk" or "all"
    seed : of the random numbers at the start
    step : of the training, from 0 to 300
    row, column : the chosen cell: the word that asks and the word that answers
    history : the training, or None where it has not begun; one of another seed or with other ties does not count
    """

    sentence: str = field(default_factory=lambda: TRAINED[words.language()])
    tied: str = "none"
    seed: int = 0
    step: int = N_STEPS
    row: int = 3
    column: int = 4
    history: History | None = field(default_factory=lambda: trained("none", 0))


@dataclass(frozen=True, eq=False)
class Result:
    """kinds, words : by token, as in `grammar.Sentences`; probabilities : shape (n, 5), of the possible answers."""

    tokens: list[str]
    kinds: np.ndarray
    words: np.ndarray
    row: int
    column: int
    step: int
    history: History
    weights: np.ndarray
    probabilities: np.ndarray


def compute(state: State) -> Result:
    """The sentence as the layer sees it after so many steps. Raises InputError."""
    shown, kinds, of_kind = _read(state.sentence)
    history = state.history
    if history is None or (history.tied, history.seed) != (state.tied, state.seed):
        history = untrained(state.tied, state.seed)
    step = max(step for step in history.parameters if step <= max(state.step, 0))
    *_, attended, logits = found(history.parameters[step], vectors(kinds, of_kind), state.tied)
    row, column = (min(max(i, 0), len(shown) - 1) for i in (state.row, state.column))
    return Result(shown, kinds, of_kind, row, column, step, history, attended.weights, softmax(logits))


def _read(sentence):
    """Tokens, and the kind and the number of each."""
    known = {
        word.casefold(): (kind, i)
        for kind, name in enumerate(KINDS)
        for i, word in enumerate(VOCABULARY[words.language()][name])
    }
    shown = tokens(sentence)
    for token in shown:
        if word_of(token) not in known:
            raise InputError("sentence", "not_in_grammar", word=token)
    kinds, of_kind = np.array([known[word_of(token)] for token in shown]).T
    return shown, kinds, of_kind


def untrained(tied, seed) -> History:
    """The random numbers alone, before anything is learned."""
    return _extended(History(tied, seed, {}, {}), *next(train(seed, tied)))


@cache
def trained(tied, seed) -> History:
    """The whole training."""
    history = History(tied, seed, {}, {})
    for step, parameters in train(seed, tied):
        history = _extended(history, step, parameters)
    return history


def _extended(history, step, parameters):
    """The history with one snapshot more."""
    shares = accuracy(parameters, _held_out(), history.tied)
    return History(
        history.tied, history.seed, {**history.parameters, step: parameters}, {**history.accuracy, step: shares}
    )


@cache
def _held_out():
    return sentences(np.random.default_rng(2_000_000), N_HELD_OUT)


def pictures(state: State, result: Result) -> dict:
    """The weights after so many steps, what each word answers, and the accuracy over the whole training."""
    steps = np.arange(0, N_STEPS + 1, EVERY)
    missing = np.full(3, np.nan)
    shares = np.array([result.history.accuracy.get(step, missing) for step in steps])  # (n_snapshots, 3)
    lines = {words.text(f"training.asks.{kind}"): shares[:, i] for i, kind in enumerate(KINDS[:3])}
    guessing = words.text("training.guessing")
    title = words.text("training.weights", step=result.step)
    at = (result.row, result.column)
    return {
        "weights": matrix(result.weights, result.tokens, result.tokens, title, "weights", at, sums=True),
        "answers": terms(
            words.text("training.answers"),
            [words.text(f"training.head.{name}") for name in ("asks", "looks_for", "answer", "probability")],
            [_answer(result, i) for i, kind in enumerate(result.kinds) if kind < len(ASKED)],
            [],
            note=words.text("training.note"),
        ),
        "accuracy": curves(
            steps,
            {**lines, guessing: np.full(len(steps), 1 / N_WORDS)},
            words.text("training.accuracy", n=N_HELD_OUT),
            (words.text("training.step"), words.text("training.share")),
            at=result.step // EVERY,
            limits=(0, 1),
            dashed=(guessing,),
        ),
    }


def _answer(result, i):
    """What the word at i asks for, and what it is told."""
    asked = ASKED[result.kinds[i]]
    best = int(result.probabilities[i].argmax())
    right = best in result.words[result.kinds == asked]
    answer = f"{VOCABULARY[words.language()][KINDS[asked]][best]} {'✓' if right else '✗'}"
    return [
        result.tokens[i],
        words.text(f"training.kind.{KINDS[asked]}"),
        answer,
        number(result.probabilities[i, best]),
    ]


class TrainingExplorer(Workbench):
    """Train with matrices tied or untied, and go back and forth through the training."""

    name = "training"
    State = State
    compute = staticmethod(compute)
    pictures = staticmethod(pictures)

    @staticmethod
    def presets():
        return {
            "before": {"step": 0},
            "halfway": {"step": 25},
            "one": {"tied": "all", "history": trained("all", 0)},
        }

    @staticmethod
    def status(state, result):
        return words.text("training.untrained") if len(result.history.parameters) == 1 else ""

    def work(self):
        tied, seed = self.state.tied, self.state.seed
        history = History(tied, seed, {}, {})
        for step, parameters in train(seed, tied):
            if (self.state.tied, self.state.seed) != (tied, seed):
                return  # the reader wants another one
            history = _extended(history, step, parameters)
            yield step / N_STEPS, {"history": history, "step": step}

    def _controls(self):
        ties = [(words.text(f"roles.tied.{tied}"), tied) for tied in ROLES]
        wide = {"style": {"description_width": "100px"}, "layout": Layout(width="380px")}
        return {
            "sentence": Text(description=words.text("control.sentence"), continuous_update=False, **wide),
            "tied": Dropdown(options=ties, description=words.text("control.tied"), **wide),
            "seed": IntSlider(min=0, max=9, description=words.text("control.seed"), **wide),
            "step": IntSlider(min=0, max=N_STEPS, step=EVERY, description=words.text("control.step"), **wide),
        }

    def _values(self):
        return super()._values() | {"step": self.result.step}

    def _on_picture(self, name, changes):
        self.set(**({"step": changes["at"] * EVERY} if name == "accuracy" else changes))
