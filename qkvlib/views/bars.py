"""One row of a matrix as bars."""

import numpy as np

from .matrix import number


def bars(values, labels, title, chosen=None, note="", editable=False) -> dict:
    """Horizontal bars with their numbers; negative values go to the left.

    values : array, shape (n,), finite
    labels : n str
    chosen : index of the bar that is marked
    editable : the bars, from 0 to 1, are sliders
    """
    values = np.asarray(values, dtype=float)
    return {
        "kind": "bars",
        "title": title,
        "labels": list(labels),
        "lengths": (values / np.abs(values).max(initial=1)).tolist(),
        "texts": [number(value) for value in values],
        "chosen": chosen,
        "editable": editable,
        "note": note,
    }
