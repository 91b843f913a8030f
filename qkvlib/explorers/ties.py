"""Lesson 05: how well attention learns with one matrix, with two and with three, over several seeds."""

from dataclasses import dataclass

import numpy as np

from .. import words
from ..views.curves import curves
from ..views.look import TALL_CURVES, number
from ..views.table import table
from .fields import State as Ruled
from .fields import whole
from .grammar import N_STEPS, N_WORDS, ROLES, accuracy, sentences, train
from .work import Workbench, measure, measurements

N_HELD_OUT = 2000
SEEDS = range(5)
QUESTIONS = (1, 2, 3)  # how many kinds of word ask


@dataclass(frozen=True)
class State(Ruled):
    """measured : (how many kinds ask, what is tied) -> the accuracy of each seed; at : index into QUESTIONS."""

    measured: dict = measurements("ties")
    at: int = whole(2, 0, len(QUESTIONS) - 1)


def compute(state: State) -> dict:
    """What was measured."""
    return state.measured


def score(parameters, tied, n_asking) -> float:
    """Mean share of right answers on sentences that no training sees."""
    held_out = sentences(np.random.default_rng(2_000_000), N_HELD_OUT, n_asking)
    return float(accuracy(parameters, held_out, tied).mean())


def runs():
    """Each run that the table needs, for `measure`."""
    for n in QUESTIONS:
        for tied in ROLES:
            for seed in SEEDS:
                yield (n, tied), 1, train(seed, tied, n), lambda after, n=n, tied=tied: score(after, tied, n)


def pictures(state: State, result: dict) -> dict:
    """Mean and spread of each, as table and as lines."""
    head = [words.text("ties.matrices"), *(words.text("ties.asking", n=n) for n in QUESTIONS)]
    names = {tied: words.text(f"roles.tied.{tied}") for tied in ROLES}
    rows = [[names[tied], *(_spread(result[n, tied]) for n in QUESTIONS)] for tied in ROLES]
    guessing = words.text("training.guessing")
    lines = {names[tied]: [np.mean(result[n, tied]) for n in QUESTIONS] for tied in ROLES}
    return {
        "table": table(words.text("ties.table", n=len(SEEDS)), head, rows, note=words.text("ties.note")),
        "lines": curves(
            QUESTIONS,
            {**lines, guessing: np.full(len(QUESTIONS), 1 / N_WORDS)},
            words.text("ties.lines"),
            (words.text("ties.questions"), words.text("training.share")),
            at=state.at,
            limits=(0, 1),
            styles=[*ROLES, "guessing"],
            asks=True,
            size=TALL_CURVES,
        ),
    }


def _spread(shares):
    return f"{number(np.mean(shares))} ({number(min(shares))}–{number(max(shares))})"


class TiesExplorer(Workbench):
    """The stored measurement; a button makes it anew."""

    def work(self):
        return measure(runs(), N_STEPS, self.state.measured)
