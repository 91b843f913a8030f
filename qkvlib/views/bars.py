"""One row of a matrix as bars."""

import numpy as np

from .look import COLOURS, Picture, cut, number


class Bars(Picture):
    """names : of the sliders, for a screen reader; lengths : from −1 to 1, as shares of the longest, or of 1 if all are
    shorter; chosen : index of a marked bar."""

    labels: list[str]
    names: list[str]
    lengths: list[float]
    texts: list[str]
    chosen: int | None


def bars(values, labels, title, chosen=None, note="", names=None, asks=False) -> Bars:
    """Horizontal bars with their numbers; negative values go to the left.

    values : array, shape (n,), finite
    labels : n str
    chosen : index of the bar that is marked
    names : n str, what a screen reader calls the sliders, if not as the labels
    asks : the bars, from 0 to 1, are sliders
    """
    values = np.asarray(values, dtype=float)
    return Bars(
        kind="bars",
        title=title,
        labels=list(labels),
        names=list(labels if names is None else names),
        lengths=(values / np.abs(values).max(initial=1)).tolist(),
        texts=[number(value) for value in values],
        chosen=chosen,
        note=note,
        asks=asks,
    )


def fits(picture, bar, value) -> bool:
    """Whether there is such a bar, and the value one that it can have."""
    return 0 <= bar < len(picture["labels"]) and 0 <= value <= 1


def text(picture):
    """Each label with its number."""
    return [list(zip(picture["labels"], picture["texts"], strict=True))]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    return 2.2, 0.3 * len(picture["labels"])


def draw(ax, picture):
    """Horizontal bars; returns them."""
    positions, lengths = range(len(picture["labels"])), picture["lengths"]
    edges = ["black" if i == picture["chosen"] else "none" for i in positions]
    drawn = ax.barh(positions, lengths, color=COLOURS["bar"], edgecolor=edges, linewidth=2)
    ax.bar_label(drawn, picture["texts"], padding=3, size=9)
    ax.set_yticks(positions, map(cut, picture["labels"]), size=9)
    ax.set_xlim(min(0, *lengths) * 1.3, max(0, *lengths) * 1.3 or 1)
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set_xticks([])
    ax.invert_yaxis()
    ax.spines[:].set_visible(False)
    return drawn
