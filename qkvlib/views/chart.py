"""Measured lines over x, for a notebook cell."""

import numpy as np

from .look import Picture


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
    lines : dict, label -> array, shape (n,)
    log : both axes logarithmic
    """
    x, lines = np.asarray(x, dtype=float), {label: np.asarray(y, dtype=float) for label, y in lines.items()}
    for label, y in lines.items():
        if x.ndim != 1 or y.shape != x.shape:
            raise ValueError(f"lines[{label!r}] has shape {y.shape} and x {x.shape}; both must be (n,)")
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
    numbers = zip(*picture["lines"], strict=True)
    rows = [[f"{x:g}", *(f"{y:.3g}" for y in row)] for x, row in zip(picture["x"], numbers, strict=True)]
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
