"""Lesson 11: a small Transformer learns to write names from random numbers; a slider goes back and forth through it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from types import MappingProxyType

import numpy as np
from ipywidgets import Textarea

from .. import words
from ..arguments import read_only
from ..models import writer
from ..text.names import Names, parse, read
from ..text.tokens import visible
from ..views.arithmetic import arithmetic
from ..views.bars import bars
from ..views.curves import curves
from ..views.look import number
from ..views.table import table
from .base import Prediction
from .fields import State as Ruled
from .fields import given, text, whole, within
from .variants import TEMPERATURE, kind
from .work import LOOKS, Workbench, stored

STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, writer.N_STEPS)
N_MEASURED = 500  # names that were learned, whose loss is drawn
N_WRITTEN, IN_A_ROW = 10, 2  # names that are shown of each step


@dataclass(frozen=True, eq=False)
class Model:
    """What writes, and what it has learned from; `parameters` as in `models.writer`."""

    names: Names
    parameters: Mapping


@dataclass(frozen=True, eq=False)
class History:
    """A training as far as it came. Explorers share it, so nothing of it can be changed.

    typed : the reader's names, as typed; "" for ours
    losses : array, shape (n, 2), at the first n of STEPS: in nats per letter, on names that it learns and on others
    written : n tuples of str, what it wrote then
    model : what it was after the last of these steps
    """

    typed: str
    losses: np.ndarray
    written: tuple
    model: Model


def stored_history() -> History:
    """The training on our names that lies beside this file, in the language in use."""
    return _stored(words.language())


@cache
def _stored(language):
    with np.load(files(__package__) / f"writer_{language}.npz") as parts:
        parts = dict(parts)
    losses, written = read_only(parts.pop("losses").astype(float)), tuple(map(tuple, parts.pop("written").tolist()))
    return History("", losses, written, _model(read(language), {name: P.astype(float) for name, P in parts.items()}))


def save(history: History, file):
    """Store a training; what it has learned in half precision, two bytes a number, and what that is worth."""
    halved = {name: P.astype(np.float16) for name, P in history.model.parameters.items()}
    losses, written = _look(history.model.names, {name: P.astype(float) for name, P in halved.items()})
    losses = np.float32([*history.losses[:-1], losses])
    np.savez_compressed(file, losses=losses, written=np.array([*history.written[:-1], written]), **halved)


def learn(names: Names, typed=""):
    """A training, seconds long: pairs of the share that is done, and, at each of STEPS, the history up to there."""
    looks = []
    for step, parameters in writer.train(names.numbers(names.training), 1 + len(names.letters)):
        if step in STEPS:
            looks.append(_look(names, parameters))
            losses, written = zip(*looks, strict=True)
            yield step / STEPS[-1], History(typed, read_only(np.array(losses)), written, _model(names, parameters))
        elif step % LOOKS == 0:
            yield step / STEPS[-1], None


def _look(names, parameters):
    """Its losses, and what it writes, the same names each time but for what it has learned meanwhile."""
    losses = [writer.loss(parameters, names.numbers(some)) for some in (names.training[:N_MEASURED], names.held_out)]
    rng = np.random.default_rng(1_000_000)
    return losses, tuple(names.word(writer.write(parameters, rng, TEMPERATURE)) for _ in range(N_WRITTEN))


def _model(names, parameters):
    read_only(parameters)
    return Model(names, MappingProxyType(parameters))


_parsed = lru_cache(maxsize=4)(parse)


def names_of(typed) -> Names:
    """The reader's names, or ours where there are none. Raises InputError."""
    return _parsed(typed) if visible(typed).strip() else read(words.language())


@dataclass(frozen=True)
class State(Ruled):
    """names : the reader's own, one a line, or none; history : what is looked at; at : index into STEPS."""

    names: str = text("")
    history: History = given(History, "a History", stored_history)
    at: int = whole(len(STEPS) - 1, 0, len(STEPS) - 1)


@dataclass(frozen=True, eq=False)
class Result:
    """names : those that a training would learn now; at : index into STEPS, one that the history has reached."""

    names: Names
    history: History
    at: int


def compute(state: State) -> Result:
    """The training at a step. Raises InputError."""
    return Result(names_of(state.names), state.history, within(state.at, len(state.history.losses)))


def pictures(state: State, result: Result) -> dict:
    """The losses over the training, what was written at the step, and what the loss means."""
    at, history, of = result.at, result.history, result.history.model.names
    losses = np.full((len(STEPS), 2), np.nan)
    losses[: len(history.losses)] = history.losses
    lines = {words.text(f"writer.{name}"): losses[:, i] for i, name in enumerate(("learned", "held_out"))}
    guessing = np.full(len(STEPS), np.log(1 + len(of.letters)))
    named = [[name or "–", words.text(f"writer.kind.{kind(name, of)}")] for name in history.written[at]]
    head = [words.text("writer.name"), words.text("writer.what")] * IN_A_ROW
    rows = [[*chain(*named[i : i + IN_A_ROW])] for i in range(0, N_WRITTEN, IN_A_ROW)]
    loss = history.losses[at, 1]
    meant = words.text("writer.meant", loss=f"e^{{−{number(loss)}}}", probability=number(np.exp(-loss)))
    return {
        "losses": curves(
            STEPS,
            {**lines, words.text("writer.guessing"): guessing},
            words.text("writer.losses"),
            (words.text("writer.step"), words.text("writer.nats")),
            at=at,
            log=(True, False),
            styles=["learned", "held_out", "guessing"],
            asks=True,
        ),
        "written": table(words.text("writer.written", step=STEPS[at]), head, rows),
        "arithmetic": arithmetic(meant),
    }


def status(state: State, result: Result) -> str:
    """How many names there are, where they are not yet what was learned."""
    n, n_held_out = len(result.names.training), len(result.names.held_out)
    if visible(state.names).strip() == visible(state.history.typed).strip():
        return ""
    return words.text("writer.ready", count=n + n_held_out, held_out=n_held_out)


def prediction() -> Prediction:
    """Without the mask, what becomes of the loss, and of what is written?"""
    runs = {variant: stored("variants")[words.language(), variant] for variant in ("whole", "no_mask")}
    losses = {variant: np.mean([run["training"] for run in of]) for variant, of in runs.items()}
    nothing = np.mean([run["nothing"] for run in runs["no_mask"]])
    peeks = losses["no_mask"] < losses["whole"] / 10
    right = ("peeks" if nothing > 0.5 else "better") if peeks else "worse"
    names = {variant: words.text(f"variants.{variant}") for variant in runs}
    rows = [[names[variant], *(name or "–" for name in of[0]["written"][:4])] for variant, of in runs.items()]
    head = [words.text("variants.model"), *map(str, range(1, 5))]
    shown = {
        "losses": bars([*losses.values()], [*names.values()], words.text("predict.writer.losses")),
        "written": table(words.text("predict.writer.written"), head, rows),
    }
    return Prediction(right, ("better", "worse", "peeks"), shown)


class WriterExplorer(Workbench):
    """A stored training to go back and forth through; the button trains anew, on our names or on the reader's."""

    works_on = ("names",)

    def work(self):
        for share, history in learn(self.result.names, self.state.names):
            yield share, history and {"history": history, "at": len(history.losses) - 1}

    def _make_controls(self):
        super()._make_controls()
        example = words.text("writer.example")
        self.control(Textarea, "names", continuous_update=False, rows=6, placeholder=example)
