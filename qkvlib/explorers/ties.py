"""Lesson 05: how well attention learns with one matrix, with two and with three, over several seeds."""

from dataclasses import dataclass, field

import numpy as np

from .. import words
from ..examples import TIED_ACCURACY
from ..grammar import N_STEPS, N_WORDS, ROLES, accuracy, sentences, train
from ..views import curves, number, terms
from .work import Workbench

N_HELD_OUT = 2000
SEEDS = range(5)
QUESTIONS = (1, 2, 3)  # how many kinds of word ask


@dataclass(frozen=True)
class State:
    """measured : dict, (how many kinds ask, what is tied) -> the accuracy of each seed; at : index into QUESTIONS."""

    measured: dict = field(default_factory=lambda: TIED_ACCURACY)
    at: int = 2


def score(parameters, tied, n_asking) -> float:
    """Accuracy over all that ask, on sentences that no training sees."""
    held_out = sentences(np.random.default_rng(2_000_000), N_HELD_OUT, n_asking)
    return float(accuracy(parameters, held_out, tied).mean())


def pictures(state: State, result) -> dict:
    """Mean and spread of each, as table and as lines."""
    head = [words.text("ties.matrices"), *(words.text("ties.asking", n=n) for n in QUESTIONS)]
    rows = [[words.text(f"roles.tied.{tied}"), *(_spread(result.get((n, tied))) for n in QUESTIONS)] for tied in ROLES]
    guessing = words.text("training.guessing")
    lines = {
        words.text(f"roles.tied.{tied}"): [np.mean(result.get((n, tied), np.nan)) for n in QUESTIONS] for tied in ROLES
    }
    return {
        "table": terms(words.text("ties.table", n=len(SEEDS)), head, rows, [], note=words.text("ties.note")),
        "lines": curves(
            QUESTIONS,
            {**lines, guessing: np.full(len(QUESTIONS), 1 / N_WORDS)},
            words.text("ties.lines"),
            (words.text("ties.questions"), words.text("training.share")),
            at=state.at,
            limits=(0, 1),
            dashed=(guessing,),
        ),
    }


def _spread(shares):
    if shares is None:
        return "…"
    return f"{number(np.mean(shares))} ({number(min(shares))}–{number(max(shares))})"


class TiesExplorer(Workbench):
    """The stored measurement; a button makes it anew."""

    name = "ties"
    State = State
    pictures = staticmethod(pictures)

    @staticmethod
    def compute(state):
        return state.measured

    def work(self):
        measured = {}
        runs = [(n, tied, seed) for n in QUESTIONS for tied in ROLES for seed in SEEDS]
        for done, (n, tied, seed) in enumerate(runs):
            for step, after in train(seed, tied, n):
                parameters = after
                yield (done + step / N_STEPS) / len(runs), {}
            measured[n, tied] = (*measured.get((n, tied), ()), score(parameters, tied, n))
            yield (done + 1) / len(runs), {"measured": dict(measured)}

    def _controls(self):
        return {}
