"""Lesson 06: how much of a word is left n steps later, in a relay of states and over attention's direct bridge."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from ipywidgets import FloatLogSlider, FloatSlider, IntSlider, Layout

from .. import words
from ..attention import causal_mask, softmax
from ..convolution import Convolution, receptive_field
from ..recurrent import GRU, LSTM, TanhRNN, keeping
from ..views import curves, terms
from ..views.curves import significant
from .base import Explorer, finite

WIDTH = 8  # of each vector, in and out
FURTHEST = 100
N_LAYERS, WINDOW = 4, 3  # of the convolution
TINY = 1e-30
LIMITS = (1e-12, 1e6)  # of the picture
MODELS = ("rnn", "bound", "gru", "lstm", "convolution", "found", "equal")


@dataclass(frozen=True)
class State:
    """What the reader sets.

    distance : steps from the word to the end, from 0 to 100
    strength : every singular value of each gate's U, so what a step through it stretches by, before tanh
    gates : bias of the gates that keep the state
    inputs : spread of the numbers in the words' vectors
    focus : how much higher the score of the word that attention looks for is than those of the others
    """

    distance: int = 20
    strength: float = 0.9
    gates: float = 1.0
    inputs: float = 0.5
    focus: float = 8.0


@dataclass(frozen=True, eq=False)
class Result:
    """left : dict, name of each model -> array, shape (101,), what is left at each distance; distance : within it."""

    left: dict
    distance: int


def compute(state: State) -> Result:
    """What is left of the word at each distance, for each model. Raises InputError."""
    strength, inputs, gates, focus = (
        finite(name, getattr(state, name), low)
        for name, low in (("strength", 0), ("inputs", 0), ("gates", -np.inf), ("focus", -np.inf))
    )
    return Result(remaining(strength, gates, inputs, focus), int(np.clip(state.distance, 0, FURTHEST)))


@cache
def remaining(strength, gates, inputs, focus) -> dict:
    """Each model's largest stretch from the first word to the last output, as a share of that when it is the last word.

    The stretch is the largest singular value of the matrix of derivatives. Returns a dict, name -> array, shape (101,),
    by the number of words that follow.
    """
    rng = np.random.default_rng(0)
    X = inputs * rng.normal(size=(1 + FURTHEST, WIDTH))
    left = {}
    for name, cell in {"rnn": TanhRNN, "gru": GRU, "lstm": LSTM}.items():
        parameters = cell.parameters(rng, WIDTH, WIDTH)
        parameters |= {"U": strength * parameters["U"]}
        left[name] = _share(cell, parameters if cell is TanhRNN else keeping(cell, parameters, gates), X)
    with np.errstate(over="ignore"):
        left["bound"] = strength ** np.arange(1.0 + FURTHEST)  # tanh is nowhere steeper than 1
    left["convolution"] = _share(Convolution, Convolution.parameters(rng, WIDTH, WIDTH, N_LAYERS, WINDOW), X)
    return left | {"found": bridge(focus), "equal": bridge(0)}


def _share(layer, parameters, X):
    stretches = np.linalg.norm(derivatives(layer, parameters, X), 2, axis=(1, 2))
    return stretches / stretches[0]


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


def bridge(focus) -> np.ndarray:
    """The weight of the first word, whose score is by `focus` higher than those of all others, at each last word.

    Keys show a mark here, not what the word says, so the last output changes with what the first word says by
    weight × W_v: as a share of W_v, its stretch is the weight. Returns an array, shape (101,).
    """
    scores = np.zeros((1 + FURTHEST, 1 + FURTHEST))
    scores[:, 0] = focus
    return softmax(np.where(causal_mask(len(scores)), scores, -np.inf))[:, 0]


def pictures(state: State, result: Result) -> dict:
    """What is left over distance, and in words at the distance that is looked at."""
    names = {name: words.text(f"relay.{name}") for name in MODELS}
    n, reach = result.distance, receptive_field(N_LAYERS, WINDOW) - 1
    between = {"rnn": n, "gru": n, "lstm": n, "convolution": -(-n // (WINDOW - 1)), "found": min(n, 1)}
    rows = [[names[name], significant(result.left[name][n]), str(steps)] for name, steps in between.items()]
    return {
        "left": curves(
            np.arange(1 + FURTHEST),
            {names[name]: result.left[name] for name in MODELS},
            words.text("relay.title"),
            (words.text("relay.steps_axis"), words.text("relay.left")),
            at=n,
            log=(False, True),
            limits=LIMITS,
            dashed=(names["bound"], names["equal"]),
            note=words.text("relay.note"),
        ),
        "steps": terms(
            words.text("relay.steps", n=n),
            [words.text("relay.model"), words.text("relay.left"), words.text("relay.between")],
            rows,
            [],
            note=words.text("relay.reach", layers=N_LAYERS, reach=reach),
        ),
    }


class RelayExplorer(Explorer):
    """Move the distance and the strength of the relay, and see what is left."""

    name = "relay"
    State = State
    compute = staticmethod(compute)
    pictures = staticmethod(pictures)

    @staticmethod
    def presets():
        return {
            "vanishes": {"strength": 0.8},
            "explodes": {"strength": 1.3, "inputs": 2.0**-10},
            "still": {"strength": 1.3, "inputs": 2.0},
            "gates": {"gates": 6.0, "distance": 100},
            "spread": {"focus": 0.0, "distance": 100},
        }

    def _controls(self):
        wide = {"style": {"description_width": "190px"}, "layout": Layout(width="400px")}
        return {
            "distance": IntSlider(min=0, max=FURTHEST, description=words.text("relay.distance"), **wide),
            "strength": FloatSlider(min=0.3, max=1.6, step=0.05, description=words.text("relay.strength"), **wide),
            "gates": FloatSlider(min=0, max=8, step=0.5, description=words.text("relay.gates"), **wide),
            "inputs": FloatLogSlider(base=2, min=-10, max=1, step=0.5, description=words.text("relay.inputs"), **wide),
            "focus": FloatSlider(min=0, max=12, step=0.5, description=words.text("relay.focus"), **wide),
        }

    def _values(self):
        return super()._values() | {"distance": self.result.distance}

    def _on_picture(self, name, changes):
        self.set(distance=changes["at"])
