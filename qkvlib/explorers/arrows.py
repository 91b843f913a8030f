"""Lesson 02: a query and a key as two arrows, and what their product says of them."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import FloatSlider

from .. import words
from ..text.handmade import KNOWN, MATCH, W_k, W_q
from ..views.arithmetic import MARKS, arithmetic, products_of
from ..views.arrows import REACH, arrows
from ..views.look import number
from ..views.table import table
from .base import Explorer
from .fields import State as FieldState
from .fields import real

AXES = (MATCH.index("action"), MATCH.index("place"))  # the two of three entries that are drawn
QUERY, KEY = (np.array(KNOWN[word]) @ W for word, W in (("i", W_q), ("school", W_k)))
NAMES = ("q0", "q1", "k0", "k1")
FIRST = [*np.round(QUERY[list(AXES)], 9).tolist(), *np.round(KEY[list(AXES)], 9).tolist()]


@dataclass(frozen=True)
class State(FieldState):
    """What the reader sets: the two entries of q and of k."""

    q0: float = real(FIRST[0], -REACH, REACH, step=0.05)
    q1: float = real(FIRST[1], -REACH, REACH, step=0.05)
    k0: float = real(FIRST[2], -REACH, REACH, step=0.05)
    k1: float = real(FIRST[3], -REACH, REACH, step=0.05)


@dataclass(frozen=True, eq=False)
class Result:
    """q, k : shape (2,); lengths : of both; cosine : of the angle between them, nan where one has no length."""

    q: np.ndarray
    k: np.ndarray
    product: float
    lengths: np.ndarray
    cosine: float


def compute(state: State) -> Result:
    """q · k, which is |q| |k| cos of the angle between them."""
    q, k = np.array([state.q0, state.q1]), np.array([state.k0, state.k1])
    product, lengths = float(q @ k), np.array([np.hypot(*q), np.hypot(*k)])
    cosine = product / lengths.prod() if lengths.all() else np.nan
    return Result(q, k, product, lengths, float(np.clip(cosine, -1, 1)))


def pictures(state: State, result: Result) -> dict:
    """Both arrows, what is measured on them, and the product in both ways."""
    sign = "zero" if number(result.product) == "0.00" else "positive" if result.product > 0 else "negative"
    title = words.text(f"arrows.{sign}", product=number(result.product))
    axes = [words.text(f"feature.{MATCH[i]}") for i in AXES]
    no_angle = np.isnan(result.cosine)
    angle, cosine = ("–", "–") if no_angle else (f"{np.degrees(np.arccos(result.cosine)):.0f}°", number(result.cosine))
    found = {"product": number(result.product), "angle": angle, "cosine": cosine}
    found |= {name: number(length) for name, length in zip(("q", "k"), result.lengths, strict=True)}
    rows = [[words.text(f"arrows.row.{name}"), found[name]] for name in ("q", "k", "angle", "cosine", "product")]
    way = "sum" if no_angle else "product"
    line = words.text(f"arrows.line.{way}", **MARKS, products=products_of(result.q, result.k), **found)
    return {
        "arrows": arrows(result.q, result.k, title, axes, asks=True),
        "measured": table(
            words.text("arrows.measured"),
            [words.text(f"arrows.{head}") for head in ("quantity", "number")],
            rows,
            note=words.text("arrows.shadow"),
        ),
        "arithmetic": arithmetic(line, query="q", key="k"),
    }


def presets():
    q, k = np.array(FIRST[:2]), np.array(FIRST[2:])
    keys = {"same": q, "right": np.array([-q[1], q[0]]), "opposite": -q, "twice": 2 * k}
    return {
        name: dict(zip(NAMES, [*q.tolist(), *np.round(key, 9).tolist()], strict=True)) for name, key in keys.items()
    }


class ArrowsExplorer(Explorer):
    """Drag the tips of a query and a key, or move their entries."""

    def _make_controls(self):
        for name in NAMES:
            role, i = name
            feature = words.text(f"feature.{MATCH[AXES[int(i)]]}")
            self.control(FloatSlider, name, description=f"{role} · {feature}")

    def _picked(self, name, changes):
        i, *tip = changes["tip"]
        places = np.round(np.clip(tip, -REACH, REACH), 2).tolist()
        return dict(zip(NAMES[2 * i : 2 * i + 2], places, strict=True))
