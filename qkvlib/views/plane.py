"""Arrows in the plane: values, what each contributes, and their mixture."""

import numpy as np

from ..figures import MAX_NUMBERS, PLANE_SIZE, cut, label_offsets
from .matrix import bound, number

SMALLEST = 1.25  # half the side of the plane, while no arrow is longer


def plane(values, weights, labels, title, axes, before, names, note="") -> dict:
    """Values as arrows from the origin, their weighted parts laid tip to tail, and the mixture that they lead to.

    values : array, shape (n, 2), finite
    weights : array, shape (n,)
    labels : n str
    axes : two str, the names of the two coordinates
    before : index of the value that the mixture is compared with
    names : dict with the words for "value", "step", "before" and "after"

    The scale follows the longest arrow. Above 16 tokens the tips have no labels; equal words at one place have one.
    """
    values = np.asarray(values, dtype=float)
    weights = np.asarray(weights, dtype=float)
    steps = np.vstack([np.zeros(2), np.cumsum(weights[:, None] * values, axis=0)])  # (n + 1, 2)
    longest = np.abs(np.vstack([values, steps])).max() * 1.05
    radius = SMALLEST if longest < SMALLEST else bound(longest)
    named = [(label, *value) for label, value in zip(labels, values.tolist(), strict=True)]
    tips = [  # a repeated word is named once
        cut(label) if len(labels) <= MAX_NUMBERS and named.index(named[i]) == i else ""
        for i, label in enumerate(labels)
    ]
    return {
        "kind": "plane",
        "title": title,
        "axes": list(axes),
        "labels": list(labels),
        "values": values.tolist(),
        "texts": [[number(x), number(y)] for x, y in values],
        "tips": tips,
        "offsets": label_offsets(values / radius * PLANE_SIZE / 2, tips).tolist(),
        "steps": steps.tolist(),
        "output": steps[-1].tolist(),
        "output_text": [number(x) for x in steps[-1]],
        "hull": hull(values).tolist(),
        "before": before,
        "names": names,
        "radius": radius,
        "tick": max(
            step * 10.0**decade for decade in range(-1, 9) for step in (1, 2, 5) if step * 10.0**decade < radius
        ),
        "note": note,
    }


def hull(points) -> np.ndarray:
    """The corners of the smallest convex shape around points, counterclockwise (Andrew's monotone chain).

    points : array, shape (n, 2)
    Returns an array of shape (n_corners, 2): one corner for a single point, two for points on a line.
    """
    ordered = np.unique(np.asarray(points, dtype=float), axis=0)  # by x, then y
    if len(ordered) < 3:
        return ordered
    lower, upper = [], []
    for side, walk in ((lower, ordered), (upper, ordered[::-1])):
        for point in walk:
            while len(side) > 1 and _turn(side[-2], side[-1], point) <= 0:
                side.pop()
            side.append(point)
    return np.array(lower[:-1] + upper[:-1])


def _turn(a, b, c):
    """Above 0 if the way from a over b to c turns left."""
    (x1, y1), (x2, y2) = b - a, c - a
    return x1 * y2 - y1 * x2
