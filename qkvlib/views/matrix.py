"""A matrix as a heatmap whose every cell shows its number."""

import numpy as np

from .. import words
from .look import MASKED, MAX_NUMBERS, PALETTES, ROLES, Picture, bound, cut, number, width


class Matrix(Picture):
    """query_axis, key_axis : what rows and columns are; texts, colours : by cell, row after row, as text and as indices
    into the palette; sources : indices of cells that are marked with dots; sums : of the rows, or None; roles : whether
    rows are queries and columns keys; row_roles : of each row, "" for none."""

    query_axis: str
    key_axis: str
    rows: list[str]
    columns: list[str]
    texts: list[str]
    colours: bytes
    palette: str
    limits: list[str]
    chosen: list[int] | None
    sources: list[int]
    sums: list[str] | None
    small: bool
    roles: bool
    row_roles: list[str]


def matrix(
    values,
    rows,
    columns,
    title,
    palette,
    chosen=None,
    masked=None,
    masked_text="",
    sums=False,
    axes=None,
    row_roles=None,
    sources=None,
    small=False,
    asks=False,
) -> Matrix:
    """Numbers as text, colours as indices into a palette.

    Of a few rows with many columns (vectors below each other) the page tells a whole column at once.

    values : array, shape (n_rows, n_columns), finite
    rows, columns : labels, the tokens that ask and the tokens that answer
    palette : "scores" (diverging, centred at zero) or "weights" (from 0 to 1)
    chosen : (row, column) of the cell that is marked
    masked : boolean array, shape (n_rows, n_columns), True = may not look; such a cell shows `masked_text`
    sums : show the sum of each row; or one bool for each row
    axes : two str, what its rows and columns are, if they are not queries and keys
    row_roles : n_rows str, "query", "key", "value" or "", for the colours of the heads of the rows
    sources : boolean array, shape (n_rows, n_columns), True = what is chosen elsewhere was made from it
    small : draw small cells, where many matrices stand together
    asks : a cell can be chosen
    """
    values = np.asarray(values, dtype=float)
    colours, (low, high) = colours_of(values, palette)
    texts = [number(value) for value in values.ravel()]
    if masked is not None:
        colours[masked] = MASKED
        texts = [masked_text if hidden else text for text, hidden in zip(texts, masked.flat, strict=True)]
    totals = np.where(np.broadcast_to(sums, len(values)), [number(total) for total in values.sum(axis=1)], "").tolist()
    query_axis, key_axis = axes or (words.text("axis.query"), words.text("axis.key"))
    return Matrix(
        kind="matrix",
        title=title,
        query_axis=query_axis,
        key_axis=key_axis,
        rows=list(rows),
        columns=list(columns),
        texts=texts,
        colours=colours.tobytes(),
        palette=palette,
        limits=[f"{low:g}".replace("-", "−"), f"{high:g}"],
        chosen=None if chosen is None else [int(i) for i in chosen],
        sources=[] if sources is None else np.flatnonzero(sources).tolist(),
        sums=totals if any(totals) else None,
        small=small,
        roles=axes is None,
        row_roles=["query" if axes is None else ""] * len(values) if row_roles is None else list(row_roles),
        note="",
        asks=asks,
    )


def colours_of(values, palette):
    """Indices into the palette, and the least and the largest value that it is for."""
    low, high = (0, 1) if palette == "weights" else (-bound(values), bound(values))
    return np.round((values - low) / (high - low) * (MASKED - 1)).clip(0, MASKED - 1).astype(np.uint8), (low, high)


def fits(picture, row, column) -> bool:
    """Whether there is such a cell."""
    return 0 <= row < len(picture["rows"]) and 0 <= column < len(picture["columns"])


def text(picture):
    """What the axes are, and the numbers as a table."""
    n = len(picture["columns"])
    sums = [[total] for total in picture["sums"] or []] or [[]] * len(picture["rows"])
    head = ["", *picture["columns"], *(["Σ"] if picture["sums"] else [])]
    body = [
        [row, *picture["texts"][i * n : (i + 1) * n], *total]
        for i, (row, total) in enumerate(zip(picture["rows"], sums, strict=True))
    ]
    return [f"({picture['query_axis']}, {picture['key_axis']})", [head, *body]]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    n_rows, n_columns = len(picture["rows"]), len(picture["columns"]) + bool(picture["sums"])
    cell = (0.45 if picture["small"] else 0.55) if max(n_rows, n_columns) <= MAX_NUMBERS + 1 else 0.16
    return cell * n_columns, cell * n_rows


def draw(ax, picture):
    """Heatmap, rows ask and columns answer; returns the image and the texts on it."""
    from matplotlib.colors import to_rgba_array
    from matplotlib.patches import Rectangle

    n_rows, n_columns = len(picture["rows"]), len(picture["columns"])
    backgrounds, inks = zip(*PALETTES[picture["palette"]], strict=True)
    indices = np.frombuffer(picture["colours"], dtype=np.uint8).reshape(n_rows, n_columns)
    image = ax.imshow(to_rgba_array(backgrounds)[indices], aspect="equal")
    texts, with_numbers = [], max(n_rows, n_columns) <= MAX_NUMBERS
    if with_numbers:
        for (i, j), colour in np.ndenumerate(indices):
            shown = picture["texts"][i * n_columns + j]
            texts.append(ax.text(j, i, shown, ha="center", va="center", color=inks[colour], size=9))
    size, of_rows = 9 if with_numbers else 6, 9 if n_rows <= MAX_NUMBERS else 6
    ax.set_xticks(range(n_columns), map(cut, picture["columns"]), rotation=90 if _crowded(picture) else 0, size=size)
    ax.set_yticks(range(n_rows), map(cut, picture["rows"]), size=of_rows)
    if picture["roles"]:
        ax.tick_params("x", labelcolor=ROLES["key"][0])
    for head, role in zip(ax.get_yticklabels(), picture["row_roles"], strict=True):
        head.set_color(ROLES[role][0] if role else "black")
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    ax.set(xlabel=picture["key_axis"], ylabel=picture["query_axis"])
    ax.xaxis.set_label_position("top")
    ax.spines[:].set_visible(False)
    if picture["sums"]:
        beside = n_columns + (0 if with_numbers else 1)  # where cells are narrow
        for i, total in enumerate(["Σ", *picture["sums"]]):
            texts.append(ax.text(beside, i - 1 if i else -0.75, total, ha="center", va="center", size=9))
        ax.set_xlim(-0.5, beside + 0.6)
    outlines = [(divmod(i, n_columns), ":") for i in picture["sources"]]
    if picture["chosen"]:
        outlines.append((picture["chosen"], "-"))
    for (row, column), style in outlines:
        for colour, linewidth in (("white", 5), ("black", 3)):
            outline = {"edgecolor": colour, "linewidth": linewidth, "linestyle": style}
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, clip_on=False, **outline))
    return image, texts


def _crowded(picture):
    return len(picture["columns"]) > 6 or max(map(width, picture["columns"])) > 6
