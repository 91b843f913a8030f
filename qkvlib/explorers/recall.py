"""Lesson 06: how well each kind of model learns to recall the first symbol after n others."""

from dataclasses import dataclass, field

import numpy as np
from ipywidgets import Dropdown, IntSlider, Layout

from .. import words
from ..examples import RECALL_ACCURACY
from ..recall import BATCH, DISTANCES, HIDDEN, N_STEPS, N_SYMBOLS, OPEN, accuracy, held_out, train
from ..views import curves, number, terms
from .work import Workbench

N_SEEDS = 3
EVERY = 5  # steps of a training between two looks at what else waits


@dataclass(frozen=True)
class State:
    """What the reader sets.

    model : the one that the button measures anew
    seed : the first of its three seeds
    measured : dict, (model, distance) -> the accuracy of each seed
    at : index into DISTANCES
    """

    model: str = "attention"
    seed: int = 0
    measured: dict = field(default_factory=lambda: RECALL_ACCURACY)
    at: int = 4


def pictures(state: State, result) -> dict:
    """Mean accuracy over distance as lines, and the runs behind it at one distance as a table."""
    guessing = words.text("training.guessing")
    names = {model: words.text(f"recall.{model}") for model in HIDDEN}
    lines = {names[model]: [np.mean(result.get((model, n), np.nan)) for n in DISTANCES] for model in HIDDEN}
    distance = DISTANCES[state.at]
    rows = [[names[model], *_runs(result.get((model, distance), ()))] for model in HIDDEN]
    return {
        "lines": curves(
            DISTANCES,
            {**lines, guessing: np.full(len(DISTANCES), 1 / N_SYMBOLS)},
            words.text("recall.lines", steps=N_STEPS, batch=BATCH),
            (words.text("recall.distance"), words.text("training.share")),
            at=state.at,
            log=(True, False),
            limits=(0, 1),
            dashed=(guessing,),
        ),
        "table": terms(
            words.text("recall.table", distance=distance),
            [
                words.text("recall.model"),
                *(words.text("recall.run", n=n) for n in range(1, N_SEEDS + 1)),
                words.text("recall.mean"),
            ],
            rows,
            [],
            note=words.text("recall.note", bias=OPEN, n=N_SYMBOLS),
        ),
    }


def _runs(shares):
    """The accuracy of each run and their mean; dots where it is not measured yet."""
    shown = [*map(number, shares)] + ["…"] * (N_SEEDS - len(shares))
    return [*shown, number(np.mean(shares)) if shares else "…"]


class RecallExplorer(Workbench):
    """The stored measurement; the button makes that of one model anew, with the same seeds or with others."""

    name = "recall"
    State = State
    pictures = staticmethod(pictures)

    @staticmethod
    def compute(state):
        return state.measured

    def work(self):
        model, seed = self.state.model, self.state.seed
        others = {key: shares for key, shares in self.state.measured.items() if key[0] != model}
        mine, runs = {}, [(n, seed + more) for n in DISTANCES for more in range(N_SEEDS)]
        lengths = np.cumsum([0, *(n + 1 for n, _ in runs)]) / sum(n + 1 for n, _ in runs)  # the longer, the slower
        for (n, of), start, end in zip(runs, lengths[:-1], lengths[1:], strict=True):
            for step, after in train(model, n, of):
                parameters = after
                if step % EVERY == 0:
                    yield start + (end - start) * step / N_STEPS, {}
            mine[model, n] = (*mine.get((model, n), ()), accuracy(parameters, held_out(n), model))
            yield end, {"measured": others | mine}

    def _controls(self):
        models = [(words.text(f"recall.{model}"), model) for model in HIDDEN]
        wide = {"style": {"description_width": "110px"}, "layout": Layout(width="400px")}
        return {
            "model": Dropdown(options=models, description=words.text("recall.model"), **wide),
            "seed": IntSlider(min=0, max=20, description=words.text("recall.seed"), **wide),
        }
