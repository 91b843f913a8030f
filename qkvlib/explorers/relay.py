"""Lesson 06: how much of a word is left n steps later, in a relay of states and over attention's direct bridge."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
from ipywidgets import FloatLogSlider, FloatSlider, IntSlider

from .. import words
from ..arguments import read_only
from ..attention import causal_mask, softmax
from ..models.convolution import Convolution, receptive_field
from ..models.recurrent import GRU, LSTM, TanhRNN, keeping
from ..views.curves import curves
from ..views.look import WIDE_CURVES, number, significant
from ..views.table import table
from ..words import InputError
from .base import Explorer, Prediction
from .fields import State as Ruled
from .fields import real, whole

WIDTH = 8  # of each vector, in and out
FURTHEST = 100
N_LAYERS, WINDOW = 4, 3  # of the convolution
TINY = 1e-30
SMALL, LARGE = 0.001, 2.0  # inputs: of the one tanh is nearly straight
LIMITS = (1e-12, 1e6)  # of the picture
STEP = 0.05  # of the strength
LULL = 0.02  # s, in which the new pictures leave the kernel
MODELS = ("rnn", "bound", "gru", "lstm", "convolution", "found", "equal")
CELLS = {"rnn": TanhRNN, "gru": GRU, "lstm": LSTM}


@dataclass(frozen=True)
class State(Ruled):
    """What the reader sets.

    distance : steps from the word to the end
    strength : every singular value of each gate's U, so what a step through it stretches by, before tanh
    gates : bias of the gates that keep the state
    inputs : spread of the numbers in the words' vectors
    focus : how much higher the score of the word that attention looks for is than those of the others
    """

    distance: int = whole(20, 0, FURTHEST)
    strength: float = real(0.9, 0.3, 1.6, step=STEP)
    gates: float = real(1.0, 0.0, 8.0, step=0.5)
    inputs: float = real(0.5, SMALL, LARGE)
    focus: float = real(8.0, 0.0, 12.0, step=0.5)


@dataclass(frozen=True, eq=False)
class Result:
    """left : dict, name of each model -> array, shape (101,): its largest stretch from the first word to the last
    output, by the number of words that follow, as a share of that when it is the last word.

    The stretch is the largest singular value of the matrix of derivatives.
    """

    left: dict


def compute(state: State) -> Result:
    """What is left of the word at each distance, for each model."""
    left = {name: remaining(name, *settings) for name, settings in networks(state).items()}
    left["bound"] = state.strength ** np.arange(1.0 + FURTHEST)  # tanh is nowhere steeper than 1
    return Result(left | {"found": bridge(state.focus), "equal": bridge(0.0)})


def networks(state) -> dict:
    """What each network depends on: inputs, strength and gates, with 0 for what it does not have."""
    gated = (state.inputs, round(state.strength, 9), state.gates)  # the page says 1.2499999999999998
    return {"rnn": (*gated[:2], 0.0), "gru": gated, "lstm": gated, "convolution": (state.inputs, 0.0, 0.0)}


@cache
def _drawn():
    """Random words of spread 1, and the random parameters of each layer: the same for all states."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1 + FURTHEST, WIDTH))
    parameters = {name: cell.parameters(rng, WIDTH, WIDTH) for name, cell in CELLS.items()}
    return X, parameters | {"convolution": Convolution.parameters(rng, WIDTH, WIDTH, N_LAYERS, WINDOW)}


@lru_cache(256)
def remaining(name, inputs, strength, gates) -> np.ndarray:
    """What is left in one network, shape (101,), read-only."""
    X, parameters = _drawn()
    layer, own = CELLS.get(name, Convolution), parameters[name]
    if name in CELLS:
        own = own | {"U": strength * own["U"]}
    if name in ("gru", "lstm"):
        own = keeping(layer, own, gates)
    stretches = np.linalg.norm(derivatives(layer, own, inputs * X), 2, axis=(1, 2))
    return read_only(stretches / stretches[0])


def derivatives(layer, parameters, X) -> np.ndarray:
    """How the output at each word changes with the first word's vector; one pass gives all of them.

    X : array, shape (n, n_in)
    Returns an array of shape (n, n_in, n_out).

    One copy of X for each number of the first vector has a tiny imaginary part there; what becomes of it in the output,
    divided by its size, is the derivative, without a difference that would be rounded (Squire & Trapp 1998).
    """
    batch = np.repeat(X[None].astype(complex), X.shape[1], axis=0)
    batch[:, 0] += 1j * TINY * np.eye(X.shape[1])
    hidden, _ = layer.forward(parameters, batch)
    return np.swapaxes(hidden.imag, 0, 1) / TINY


@lru_cache(256)
def bridge(focus) -> np.ndarray:
    """The weight of the first word, whose score is by `focus` higher than those of all others, at each last word.

    Keys show a mark here, not what the word says, so the last output changes with what the first word says by
    weight × W_v: as a share of W_v, its stretch is the weight. Returns an array, shape (101,), read-only.
    """
    scores = np.zeros((1 + FURTHEST, 1 + FURTHEST))
    scores[:, 0] = focus
    return read_only(softmax(np.where(causal_mask(len(scores)), scores, -np.inf))[:, 0])


def pictures(state: State, result: Result) -> dict:
    """What is left over distance, and in words at the distance that is looked at."""
    names = {name: words.text(f"relay.{name}") for name in MODELS}
    n, reach = state.distance, receptive_field(N_LAYERS, WINDOW) - 1
    between = {"rnn": n, "gru": n, "lstm": n, "convolution": -(-n // (WINDOW - 1)), "found": min(n, 1)}
    return {
        "left": curves(
            np.arange(1 + FURTHEST),
            {names[name]: result.left[name] for name in MODELS},
            words.text("relay.title"),
            (words.text("relay.steps_axis"), words.text("relay.left")),
            at=n,
            log=(False, True),
            limits=LIMITS,
            styles=["attention" if name == "found" else name for name in MODELS],
            note=words.text("relay.note"),
            asks=True,
            size=WIDE_CURVES,
        ),
        "steps": table(
            words.text("relay.steps", n=n),
            [words.text("variants.model"), *(names[name] for name in between)],
            [[words.text("relay.between"), *map(str, between.values())]],
            note=words.text("relay.reach", layers=N_LAYERS, reach=reach, n=n, needed=between["convolution"]),
        ),
    }


def presets():
    return {
        "vanishes": {"strength": 0.8},
        "explodes": {"strength": 1.3, "inputs": SMALL},
        "still": {"strength": 1.3, "inputs": LARGE},
        "gates": {"gates": 6.0, "distance": 100},
        "spread": {"focus": 0.0, "distance": 100},
    }


def prediction() -> Prediction:
    """Each U keeps every length; what is left of the first word after 100 steps of a tanh RNN?"""
    state = State(strength=1.0, distance=FURTHEST)
    result = compute(state)
    left = result.left["rnn"][state.distance]
    of_small = compute(replace(state, inputs=SMALL)).left["rnn"][state.distance]
    right = "all" if left > 0.5 else "part" if left > 0.001 else "nothing"
    figures = {"factor": number(left ** (1 / state.distance)), "left": significant(left)}
    figures |= {"small": significant(SMALL, 1), "left_of_small": significant(of_small)}
    return Prediction(right, ("all", "part", "nothing"), {"left": pictures(state, result)["left"]}, figures)


class RelayExplorer(Explorer):
    """Move the distance and the strength of the relay, and see what is left.

    ahead : asyncio.Task that computes what the next steps of the strength will show; None where no event loop runs
    """

    ahead = None

    def _make_controls(self):
        self.control(IntSlider, "distance")
        self.control(FloatSlider, "strength")
        self.control(FloatSlider, "gates")
        low, high = np.log10([SMALL, LARGE])
        step = (np.log10(State().inputs) - low) / 22  # so that it is a stop
        self.control(FloatLogSlider, "inputs", min=low, max=high, step=step, readout_format=".2")
        self.control(FloatSlider, "focus")

    def _picked(self, name, changes):
        return {"distance": changes["at"]}

    def _show(self, state, result, messages):
        super()._show(state, result, messages)
        if self.ahead:
            self.ahead.cancel()
        with suppress(RuntimeError):  # no loop
            self.ahead = asyncio.get_running_loop().create_task(look_ahead(state))


async def look_ahead(state):
    """Have the networks of the next strengths ready: 6 ms each that the reader would wait for."""
    await asyncio.sleep(LULL)
    for strength in (state.strength + STEP, state.strength - STEP):
        with suppress(InputError):  # beyond the slider's end
            for name, settings in networks(replace(state, strength=strength)).items():
                await asyncio.sleep(0)  # whatever else waits comes first
                remaining(name, *settings)
