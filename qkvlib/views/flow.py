"""Matrices in a row, each made from the one before it, in the numbers that were computed: the steps of a layer, say."""

from itertools import pairwise

from ..arguments import is_a, listed, numbers, strings, whole
from .look import PALETTES, Picture, cut
from .matrix import colours_of

WIDTH, SIDE, ROW = 8.8, 0.72, 0.18  # inches of the picture, of a matrix, and of a row at least
LEFT, UNDER, OVER, LINE = 0.85, 0.5, 0.12, 0.19  # inches for the rows' names, for what is added, and for labels
MOST = 12  # columns that are drawn


class Flow(Picture):
    """rows : names; labels, shapes, cells : of each matrix its label, its shape, and the colours of its first columns,
    row after row; adds : pairs of matrices, of which the first is added on the way to the second."""

    rows: list[str]
    labels: list[str]
    shapes: list[list[int]]
    cells: list[list[str]]
    adds: list[list[int]]


def flow(rows, steps, adds=()) -> Flow:
    """Steps of a computation on a sentence, from left to right.

    rows : n names, of the tokens
    steps : list of (label, array of shape (n, any)), as they follow each other
    adds : list of (i, j): step i is added on the way to step j, which comes later
    Raises ValueError or TypeError naming the argument.
    """
    rows = strings("rows", listed("rows", rows, "a list of str", 1))
    steps = _pairs("steps", steps, "a list of (label, array)", 1)
    labels = [is_a(f"the label of steps[{i}]", label, str, "a str") for i, (label, _) in enumerate(steps)]
    arrays = [numbers(f"steps[{i}]", values, (len(rows), None)) for i, (_, values) in enumerate(steps)]
    adds = [tuple(whole("adds", k) for k in pair) for pair in _pairs("adds", adds, "a list of (i, j)")]
    for i, j in adds:
        if not i < j < len(steps) or arrays[i].shape != arrays[j].shape:
            raise ValueError(f"adds has ({i}, {j}); both must be steps of one shape, the second later")
    return Flow(
        kind="flow",
        title="",
        rows=rows,
        labels=labels,
        shapes=[[*values.shape] for values in arrays],
        cells=[tinted(values[:, :MOST], "scores") for values in arrays],
        adds=[[*pair] for pair in adds],
        note="",
        asks=False,
    )


def _pairs(name, values, wanted, least=0):
    """A list of pairs. Raises ValueError or TypeError."""
    pairs = [listed(f"{name}[{i}]", pair, "a pair", 2) for i, pair in enumerate(listed(name, values, wanted, least))]
    for i, pair in enumerate(pairs):
        if len(pair) > 2:
            raise ValueError(f"{name}[{i}] has {len(pair)} entries; it must be a pair, as {name} is {wanted}")
    return pairs


def tinted(values, palette) -> list[str]:
    """The colours of a matrix, row after row."""
    return [PALETTES[palette][index][0] for index in colours_of(values, palette)[0].ravel()]


def text(picture):
    """The steps with their shapes, and what is added where."""
    named = [
        f"{' '.join(label.split())} ({n} × {m})"
        for label, (n, m) in zip(picture["labels"], picture["shapes"], strict=True)
    ]
    return [" → ".join(named), *(f"{named[i]} + → {named[j]}" for i, j in picture["adds"])]


def size(picture):
    """Width and height in inches."""
    return WIDTH, _side(picture) + OVER + LINE * _lines(picture) + (UNDER if picture["adds"] else OVER)


def _side(picture):
    return max(SIDE, ROW * len(picture["rows"]))


def _lines(picture):
    return 1 + max(len(label.splitlines()) for label in picture["labels"])


def draw(ax, picture):
    """Matrices with arrows between them, and below them arrows from what is added; returns the frames."""
    from matplotlib.patches import FancyArrowPatch

    side, n = _side(picture), len(picture["rows"])
    room = (WIDTH - LEFT) / len(picture["labels"])
    half, y = SIDE / 2, size(picture)[1] - OVER - LINE * _lines(picture) - side / 2
    middles, frames = [LEFT + half + room * i for i in range(len(picture["labels"]))], []
    style = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0, "color": "black"}
    for x, label, shape, cells in zip(middles, *(picture[part] for part in ("labels", "shapes", "cells")), strict=True):
        frames.append(draw_cells(ax, cells, n, (x - half, y - side / 2), (SIDE, side)))
        said = f"{label}\n{' × '.join(map(str, shape))}"
        ax.text(x, y + side / 2 + 0.08, said, ha="center", va="bottom", size=10, linespacing=1.2)
    for x, to in pairwise(middles):
        ax.add_patch(FancyArrowPatch((x + half + 0.04, y), (to - half - 0.06, y), **style))
    for i, j in picture["adds"]:
        ends = [(middles[k] + aside, y - side / 2 - 0.04) for k, aside in ((i, 0.1), (j, -0.1))]
        bend = f"bar,armA=0,armB=0,fraction={0.22 / (ends[1][0] - ends[0][0]):.3f}"
        ax.add_patch(FancyArrowPatch(*ends, connectionstyle=bend, **style))
        ax.text(sum(middles[k] for k in (i, j)) / 2, y - side / 2 - 0.16, "+", ha="center", va="center", size=11)
    for i, name in enumerate(picture["rows"]):
        ax.text(LEFT - 0.08, y + side / 2 - (i + 0.5) * side / n, cut(name, 10), ha="right", va="center", size=10)
    ax.set(xlim=(0, WIDTH), ylim=(0, size(picture)[1]))
    ax.axis("off")
    return frames


def draw_cells(ax, colours, n_rows, corner, extent, **frame):
    """A matrix of colours, row after row, in a frame, which is returned; corner and extent in the units of the axes."""
    from matplotlib.patches import Rectangle

    n_columns = len(colours) // n_rows or 1  # of an outline
    step = extent[0] / n_columns, extent[1] / n_rows
    for i, colour in enumerate(colours):
        row, column = divmod(i, n_columns)
        at = corner[0] + column * step[0], corner[1] + extent[1] - (row + 1) * step[1]
        ax.add_patch(Rectangle(at, *step, fc=colour, ec="white", linewidth=0.5))
    return ax.add_patch(Rectangle(corner, *extent, fill=False, **{"ec": "black"} | frame))
