"""Lesson 09: how well one head and two heads learn who sees whom, the more noise the words have."""

from dataclasses import dataclass

import numpy as np

from .. import words
from ..views.curves import curves
from ..views.look import TALL_CURVES, number
from ..views.table import table
from .fields import State as Ruled
from .fields import whole
from .seeing import N_NAMES, N_STEPS, accuracy, sentences, train
from .work import Workbench, measure, measurements

N_HELD_OUT = 2000
SEEDS = range(5)
NOISES = (0, 5, 10, 20)  # in hundredths
HEADS = (1, 2)


@dataclass(frozen=True)
class State(Ruled):
    """measured : (heads, noise in hundredths) -> the accuracy of each seed; at : index into NOISES."""

    measured: dict = measurements("split")
    at: int = whole(len(NOISES) - 1, 0, len(NOISES) - 1)


def compute(state: State) -> dict:
    """What was measured."""
    return state.measured


def score(parameters, n_heads, noise) -> float:
    """Share of right answers on sentences that no training sees."""
    held_out = sentences(np.random.default_rng(2_000_000), N_HELD_OUT, noise / 100)
    return accuracy(parameters, held_out, n_heads)


def runs():
    """Each run that the table needs, for `measure`."""
    for noise in NOISES:
        for n in HEADS:
            for seed in SEEDS:
                yield (n, noise), 1, train(seed, n, noise / 100), lambda after, n=n, noise=noise: score(after, n, noise)


def pictures(state: State, result: dict) -> dict:
    """Mean over the noise as lines, and the runs behind it at one noise as a table."""
    names = {1: words.text("split.one"), 2: words.text("split.two")}
    noises = [noise / 100 for noise in NOISES]
    lines = {names[n]: [np.mean(result[n, noise]) for noise in NOISES] for n in HEADS}
    chance = words.text("split.chance")
    noise = NOISES[state.at]
    head = [words.text("variants.model"), *(words.text("recall.run", n=1 + seed) for seed in SEEDS)]
    rows = [[names[n], *map(number, result[n, noise])] for n in HEADS]
    return {
        "lines": curves(
            noises,
            {**lines, chance: np.full(len(noises), 1 / N_NAMES**2)},
            words.text("split.lines", steps=N_STEPS),
            (words.text("split.noise"), words.text("split.share")),
            at=state.at,
            limits=(0, 1),
            styles=["one_head", "two_heads", "guessing"],
            asks=True,
            size=TALL_CURVES,
        ),
        "table": table(words.text("split.table", noise=f"{noise / 100:g}"), head, rows, note=words.text("split.note")),
    }


class SplitExplorer(Workbench):
    """The stored measurement; a button makes it anew."""

    def work(self):
        return measure(runs(), N_STEPS, self.state.measured)
