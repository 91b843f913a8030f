"""Lesson 06: how well each kind of model learns to recall the first symbol after n others."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import Dropdown, IntSlider

from .. import words
from ..views.curves import curves
from ..views.look import number
from ..views.table import table
from .fields import State as Ruled
from .fields import choice, whole
from .memory import BATCH, DISTANCES, HIDDEN, N_STEPS, N_SYMBOLS, OPEN, accuracy, held_out, train
from .work import Workbench, measure, measurements

N_SEEDS = 3


@dataclass(frozen=True)
class State(Ruled):
    """What the reader sets.

    model : the one that the button measures anew
    seed : the first of its three seeds
    measured : dict, (model, distance) -> the accuracy of each seed
    at : index into DISTANCES
    """

    model: str = choice("attention", HIDDEN)
    seed: int = whole(0, 0, 20)
    measured: dict = measurements("recall")
    at: int = whole(4, 0, len(DISTANCES) - 1)


def compute(state: State) -> dict:
    """What was measured."""
    return state.measured


def runs(model, first_seed=0):
    """Each run that the line of a model needs, for `measure`; the longer the sequence, the slower."""
    for n in DISTANCES:
        for seed in range(first_seed, first_seed + N_SEEDS):
            score = lambda after, n=n: accuracy(after, held_out(n), model)  # noqa: E731
            yield (model, n), n + 1, train(model, n, seed), score


def pictures(state: State, result: dict) -> dict:
    """Mean accuracy over distance as lines, and the runs behind it at one distance as a table."""
    guessing = words.text("training.guessing")
    names = {model: words.text(f"recall.{model}") for model in HIDDEN}
    lines = {names[model]: [np.mean(result[model, n]) for n in DISTANCES] for model in HIDDEN}
    distance = DISTANCES[state.at]
    rows = [
        [names[model], *map(number, [*result[model, distance], np.mean(result[model, distance])])] for model in HIDDEN
    ]
    return {
        "lines": curves(
            DISTANCES,
            {**lines, guessing: np.full(len(DISTANCES), 1 / N_SYMBOLS)},
            words.text("recall.lines", steps=N_STEPS, batch=BATCH),
            (words.text("recall.distance"), words.text("training.share")),
            at=state.at,
            log=(True, False),
            limits=(0, 1),
            styles=[*HIDDEN, "guessing"],
            asks=True,
        ),
        "table": table(
            words.text("recall.table", distance=distance),
            [
                words.text("variants.model"),
                *(words.text("recall.run", n=n) for n in range(1, N_SEEDS + 1)),
                words.text("recall.mean"),
            ],
            rows,
            note=words.text("recall.note", bias=OPEN, n=N_SYMBOLS),
        ),
    }


class RecallExplorer(Workbench):
    """The stored measurement; the button makes that of one model anew, with the same seeds or with others."""

    works_on = ("model", "seed")

    def work(self):
        return measure(runs(self.state.model, self.state.seed), N_STEPS, self.state.measured)

    def _make_controls(self):
        super()._make_controls()
        self.control(Dropdown, "model", options=[(words.text(f"recall.{model}"), model) for model in HIDDEN])
        self.control(IntSlider, "seed")
