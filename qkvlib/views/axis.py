"""Marks on an axis from one end to the other."""

from .matrix import number


def axis(marks, ends, title, note="") -> dict:
    """A line for each mark, on one axis from −1 to 1.

    marks : dict, label -> number from −1 to 1
    ends : two str, what −1 and 1 stand for
    """
    return {
        "kind": "axis",
        "title": title,
        "labels": list(marks),
        "ends": list(ends),
        "places": [float(value) for value in marks.values()],
        "texts": [number(value) for value in marks.values()],
        "note": note,
    }
