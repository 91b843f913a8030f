"""Measured lines over x, for a notebook cell."""

import numpy as np

from ..arguments import first, flag, is_a, named, numbers
from .look import Picture, significant


class Chart(Picture):
    """x, lines : as handed over, under their labels; axes : what x and y are; log : both axes are logarithmic."""

    x: list[float]
    labels: list[str]
    lines: list[list[float]]
    axes: list[str]
    log: bool


def chart(x, lines, x_label, y_label, log=True) -> Chart:
    """Lines with a table of their numbers.

    x : array, shape (n,)
    lines : dict, label -> array, shape (n,); where it is nan, nothing was measured, and the line has a gap
    x_label, y_label : str, what the axes are
    log : both axes logarithmic; then all numbers must be above 0
    Raises ValueError or TypeError naming the argument.
    """
    x, log = numbers("x", x, (None,)), flag("log", log)
    if not named("lines", lines, "a dict, label -> array") or not x.size:
        raise ValueError(f"lines has {len(lines)} lines and x {x.size} places; both must have at least one")
    lines = {label: numbers(f"lines[{label!r}]", y, x.shape, finite=False) for label, y in lines.items()}
    for name, values in {"x": x, **{f"lines[{label!r}]": y for label, y in lines.items()}}.items():
        if (bad := np.isinf(values) | (log & (values <= 0))).any():
            wanted = "a number above 0, or use log=False" if log else "finite, or nan for a gap"
            raise ValueError(f"{name} has {first(values, bad)}; each must be {wanted}")
    for name, label in {"x_label": x_label, "y_label": y_label}.items():
        is_a(name, label, str, "a str")
    return Chart(
        kind="chart",
        title="",
        x=x.tolist(),
        labels=list(lines),
        lines=[y.tolist() for y in lines.values()],
        axes=[x_label, y_label],
        log=log,
        note="",
        asks=False,
    )


def text(picture):
    """The numbers."""
    columns = zip(*picture["lines"], strict=True)
    rows = [[f"{x:g}".replace("-", "−"), *map(significant, row)] for x, row in zip(picture["x"], columns, strict=True)]
    return [[[picture["axes"][0], *picture["labels"]], *rows]]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    return 5.4, 3.0


def draw(ax, picture):
    """Lines with markers and a legend; returns the lines."""
    x, drawn = picture["x"], []
    for i, (label, y) in enumerate(zip(picture["labels"], picture["lines"], strict=True)):
        drawn += ax.plot(x, y, marker="osD^v"[i % 5], label=label)
    if picture["log"]:
        ax.set(xscale="log", yscale="log")
        ax.set_xticks(x, [f"{at:g}" for at in x])
        ax.minorticks_off()
        ax.yaxis.set_major_formatter("{x:g}")  # matplotlib's own would be a formula
    ax.set(xlabel=picture["axes"][0], ylabel=picture["axes"][1])
    ax.grid(alpha=0.3)
    ax.legend()
    return drawn
