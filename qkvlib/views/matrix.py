"""A matrix as a heatmap whose every cell shows its number."""

import numpy as np

from .. import words
from ..figures import MASKED


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
    sources=None,
    small=False,
) -> dict:
    """What the page and matplotlib draw: numbers as text, colours as indices into a palette.

    values : array, shape (n_rows, n_columns), finite
    rows, columns : labels, the tokens that ask and the tokens that answer
    palette : "scores" (diverging, centred at zero) or "weights" (from 0 to 1)
    chosen : (row, column) of the cell that is marked
    masked : boolean array, shape (n_rows, n_columns), True = may not look; such a cell shows `masked_text`
    sums : show the sum of each row
    axes : two str, what its rows and columns are, if they are not queries and keys
    sources : boolean array, shape (n_rows, n_columns), True = what is chosen elsewhere was made from it
    small : draw small cells, where many matrices stand together
    """
    values = np.asarray(values, dtype=float)
    low, high = (0, 1) if palette == "weights" else (-bound(values), bound(values))
    colours = np.round((values - low) / (high - low) * (MASKED - 1)).clip(0, MASKED - 1).astype(np.uint8)
    texts = [number(value) for value in values.ravel()]
    if masked is not None:
        colours[masked] = MASKED
        texts = [masked_text if hidden else text for text, hidden in zip(texts, masked.flat, strict=True)]
    return {
        "kind": "matrix",
        "title": title,
        "query_axis": axes[0] if axes else words.text("axis.query"),
        "key_axis": axes[1] if axes else words.text("axis.key"),
        "rows": list(rows),
        "columns": list(columns),
        "texts": texts,
        "colours": colours.tobytes(),
        "palette": palette,
        "limits": [f"{low:g}".replace("-", "−"), f"{high:g}"],
        "chosen": None if chosen is None else [int(i) for i in chosen],
        "sources": [] if sources is None else np.flatnonzero(sources).tolist(),
        "sums": [number(total) for total in values.sum(axis=1)] if sums else None,
        "small": small,
        "note": "",
    }


def number(value, digits=2) -> str:
    """A number as every picture shows it: rounded, with a true minus sign, never "-0.00".

    Its last bits, which differ from machine to machine, do not decide how a 5 is rounded.
    """
    return f"{round(float(value), 9):z.{digits}f}".replace("-", "−")


def bound(values) -> float:
    """A round number that no absolute value exceeds: 1, 2, 3, 5, 7, 10, 20, …"""
    largest = np.abs(values).max(initial=1)
    decade = 10 ** np.floor(np.log10(largest))
    return float(next(step * decade for step in (1, 2, 3, 5, 7, 10) if step * decade >= largest))
