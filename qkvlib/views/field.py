"""A field of small pictures to choose from, each a whole matrix of weights, without its numbers."""

import numpy as np

from .look import MASKED, PALETTES, Picture
from .matrix import colours_of

CELL, GAP = 0.26, 0.04  # inches, a small picture and what stands between two, in a PNG


class Field(Picture):
    """rows, columns : names of the lines; axes : what columns and rows are; texts : what each small picture is in a
    word, line after line; colours : of all their cells as indices into the palette; chosen : its row and column."""

    axes: list[str]
    rows: list[str]
    columns: list[str]
    texts: list[str]
    colours: bytes
    chosen: list[int]


def field(values, rows, columns, texts, title, axes, chosen, asks=False) -> Field:
    """A small picture for each matrix.

    values : array, shape (n_rows, n_columns, n, n), entries from 0 to 1
    rows, columns : str for each row and each column of the field
    texts : str for each small picture, line after line
    axes : two str, what its rows and columns are
    chosen : (row, column) of the one that is framed
    asks : another one can be chosen
    """
    return Field(
        kind="field",
        title=title,
        axes=[axes[1], axes[0]],
        rows=list(rows),
        columns=list(columns),
        texts=list(texts),
        colours=colours_of(np.asarray(values), "weights")[0].tobytes(),
        chosen=[int(i) for i in chosen],
        note="",
        asks=asks,
    )


def fits(picture, row, column) -> bool:
    """Whether there is such a small picture."""
    return 0 <= row < len(picture["rows"]) and 0 <= column < len(picture["columns"])


def text(picture):
    """What rows and columns are, and each small picture in its word."""
    n = len(picture["columns"])
    body = [[row, *picture["texts"][i * n : (i + 1) * n]] for i, row in enumerate(picture["rows"])]
    return [f"({picture['axes'][1]}, {picture['axes'][0]})", [["", *picture["columns"]], *body]]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    return (CELL + GAP) * len(picture["columns"]), (CELL + GAP) * len(picture["rows"])


def draw(ax, picture):
    """All small pictures, the chosen one framed; returns them."""
    from matplotlib.colors import to_rgba_array
    from matplotlib.patches import Rectangle

    shape = len(picture["rows"]), len(picture["columns"])
    palette = to_rgba_array([background for background, _ in PALETTES["weights"][:MASKED]])
    indices = np.frombuffer(picture["colours"], dtype=np.uint8).reshape(*shape, -1)
    n, half = round(indices.shape[-1] ** 0.5), CELL / (CELL + GAP) / 2
    drawn = []
    for (row, column), _ in np.ndenumerate(np.empty(shape)):
        extent = column - half, column + half, row + half, row - half
        drawn.append(ax.imshow(palette[indices[row, column].reshape(n, n)], extent=extent, interpolation="nearest"))
    row, column = picture["chosen"]
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor="black", linewidth=2.5))
    ax.set(
        xlim=(-0.6, shape[1] - 0.4), ylim=(shape[0] - 0.4, -0.6), xlabel=picture["axes"][0], ylabel=picture["axes"][1]
    )
    ax.set_xticks(range(shape[1]), picture["columns"], size=9)
    ax.set_yticks(range(shape[0]), picture["rows"], size=9)
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    ax.xaxis.set_label_position("top")
    ax.spines[:].set_visible(False)
    return drawn
