"""Arrows in the plane: values, what each contributes, and their mixture."""

import itertools

import numpy as np

from .look import COLOURS, MAX_NUMBERS, PLANE_INCHES, PLANE_SIZE, ROLES, Picture, bound, cut, number, significant, width

SMALLEST = 1.25  # half the side of the plane, while no arrow is longer


class Plane(Picture):
    """values, steps, hull, output : points; tips, offsets : labels beside the values, and where, in pixels;
    before : index of the value that the output is compared with; names : words for the key; radius : half the side;
    tick : a round number on both axes."""

    axes: list[str]
    labels: list[str]
    values: list[list[float]]
    texts: list[list[str]]
    tips: list[str]
    offsets: list[list[float]]
    steps: list[list[float]]
    output: list[float]
    output_text: list[str]
    hull: list[list[float]]
    before: int
    names: dict[str, str]
    radius: float
    tick: float
    tick_text: str


def plane(values, weights, labels, title, axes, before, names, note="", asks=False) -> Plane:
    """Values as arrows from the origin, their weighted parts laid tip to tail, and the mixture that they lead to.

    values : array, shape (n, 2), finite
    weights : array, shape (n,)
    labels : n str
    axes : two str, the names of the two coordinates
    before : index of the value that the mixture is compared with
    names : dict with the words for "value", "step", "moved" and "after"
    asks : the tips of the values can be moved

    The scale follows the longest arrow. Above 16 tokens the tips have no labels; equal words at one place have one.
    """
    values = np.asarray(values, dtype=float)
    weights = np.asarray(weights, dtype=float)
    steps = np.vstack([np.zeros(2), np.cumsum(weights[:, None] * values, axis=0)])  # (n + 1, 2)
    longest = np.abs(np.vstack([values, steps])).max() * 1.05
    radius = SMALLEST if longest < SMALLEST else bound(longest)
    tick = tick_of(radius)
    named = [(label, *value) for label, value in zip(labels, values.tolist(), strict=True)]
    tips = [  # a repeated word is named once
        cut(label) if len(labels) <= MAX_NUMBERS and named.index(named[i]) == i else ""
        for i, label in enumerate(labels)
    ]
    return Plane(
        kind="plane",
        title=title,
        axes=list(axes),
        labels=list(labels),
        values=values.tolist(),
        texts=[[number(x), number(y)] for x, y in values],
        tips=tips,
        offsets=label_offsets(values / radius * PLANE_SIZE / 2, tips).tolist(),
        steps=steps.tolist(),
        output=steps[-1].tolist(),
        output_text=[number(x) for x in steps[-1]],
        hull=hull(values).tolist(),
        before=before,
        names=names,
        radius=radius,
        tick=tick,
        tick_text=significant(tick),
        note=note,
        asks=asks,
    )


def fits(picture, tip) -> bool:
    """Whether there is such a tip, and a place where it can be: its index and two finite coordinates."""
    i, *place = tip
    return 0 <= i < len(picture["labels"]) and len(place) == 2 and bool(np.isfinite(place).all())


def text(picture):
    """The coordinates of each value and of the output."""
    body = [[label, *texts] for label, texts in zip(picture["labels"], picture["texts"], strict=True)]
    return [[["", *picture["axes"]], *body, [picture["names"]["after"], *picture["output_text"]]]]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    return PLANE_INCHES, PLANE_INCHES


def draw(ax, picture):
    """Values as arrows, their parts tip to tail, and their mixture; returns the arrows of the values."""
    origin, names = (0, 0), picture["names"]
    points = np.array(picture["values"])
    axes_of(ax, picture)
    area = np.array(picture["hull"]).T
    ax.fill(*area, facecolor=ROLES["value"][0], alpha=0.12, edgecolor=ROLES["value"][0], linestyle=":")
    arrows = [draw_arrow(ax, origin, point, ROLES["value"][0]) for point in points]
    for start, end in itertools.pairwise(picture["steps"]):
        draw_arrow(ax, start, end, COLOURS["step"])
    ax.plot(
        *zip(points[picture["before"]], picture["output"], strict=True), "--", color="#555555", label=names["moved"]
    )
    draw_arrow(ax, origin, picture["output"], "black", linewidth=3)
    for name, colour in (("value", ROLES["value"][0]), ("step", COLOURS["step"]), ("after", "black")):
        ax.plot([], [], color=colour, label=names[name])
    pixel = 2 * picture["radius"] / PLANE_SIZE
    for point, offset, label in zip(points, picture["offsets"], picture["tips"], strict=True):
        ax.text(*(point + np.array(offset) * pixel), label, ha="center", va="center", size=9)
    ax.legend(fontsize=8, loc="lower left")
    return arrows


def tick_of(radius) -> float:
    """The largest round number inside a plane."""
    return max(step * 10.0**decade for decade in range(-1, 9) for step in (1, 2, 5) if step * 10.0**decade < radius)


def axes_of(ax, picture):
    """The two axes of a plane, with their names and one scale."""
    ax.axhline(0, color="#bdbdbd", linewidth=0.8)
    ax.axvline(0, color="#bdbdbd", linewidth=0.8)
    limits = (-picture["radius"], picture["radius"])
    ax.set(xlim=limits, ylim=limits, aspect="equal", xlabel=picture["axes"][0], ylabel=picture["axes"][1])
    ax.yaxis.set_major_formatter("{x:g}")


def draw_arrow(ax, start, end, colour, linewidth=1.6):
    from matplotlib.patches import FancyArrowPatch

    arrow = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=10, shrinkA=0, shrinkB=0)
    arrow.set(color=colour, linewidth=linewidth)
    return ax.add_patch(arrow)


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


def label_offsets(points, labels) -> np.ndarray:
    """Where to put the middle of each label beside its point, so that labels keep clear of points and of each other.

    points : array, shape (n, 2), in pixels from the middle of a plane that is PLANE_SIZE wide, y upwards
    Returns an array of the same shape: from each point to the middle of its label.
    """
    points = np.asarray(points, dtype=float)
    halves = np.array([[width(label) * 3.8 + 1, 8] for label in labels])  # half the size of each label
    turns = np.arange(16) * np.pi / 8
    directions = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    offsets = np.zeros_like(points)
    placed = np.empty((0, 4))
    dots = np.hstack([points - 5, points + 5])
    for i in np.argsort(-np.hypot(*points.T), kind="stable"):
        away = np.vstack([directions * (halves[i] + 8 + far) for far in (0, 14, 28, 46, 70)])
        boxes = np.hstack([points[i] + away - halves[i], points[i] + away + halves[i]])
        outside = np.maximum(np.abs(boxes) - PLANE_SIZE / 2, 0).sum(axis=1)
        outward = away @ points[i] / (np.hypot(*points[i]) + 1)
        cost = 20 * _overlaps(boxes, placed) + 4 * _overlaps(boxes, dots) + 30 * outside
        cost += np.hypot(*away.T) * 2 - outward
        offsets[i] = away[cost.argmin()]
        placed = np.vstack([placed, boxes[cost.argmin()]])
    return offsets


def _overlaps(boxes, others):
    """How much of each box the other boxes cover in all; a box is (left, bottom, right, top)."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return np.maximum(high - low, 0).prod(axis=2).sum(axis=1)
