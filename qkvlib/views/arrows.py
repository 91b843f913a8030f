"""A query and a key as two arrows in the plane, and which keys would get a positive score."""

import numpy as np

from .look import PLANE_INCHES, PLANE_SIZE, ROLES, Picture, number
from .plane import axes_of, draw_arrow, label_offsets, tick_of

REACH = 4.0  # of each coordinate, to both sides
RADIUS = 4.3  # half the side of the plane
BEND = 0.8  # where the angle is marked


class Arrows(Picture):
    """values, texts : of q and k; offsets : from their tips to their labels, in pixels; foot : where the shadow of k on
    the line of q ends; angle : points of the arc between them; negative : corners of the side where a score is
    negative; signs : where "+" and "−" stand; radius : half the side; tick : a round number on both axes."""

    axes: list[str]
    labels: list[str]
    values: list[list[float]]
    texts: list[list[str]]
    offsets: list[list[float]]
    foot: list[float]
    angle: list[list[float]]
    negative: list[list[float]]
    signs: list[list[float]]
    radius: float
    tick: float
    tick_text: str


def arrows(q, k, title, axes, note="", asks=False) -> Arrows:
    """Two arrows from the origin.

    q, k : array, shape (2,), from -REACH to REACH
    axes : two str, the names of the two coordinates
    asks : their tips can be moved
    """
    values = np.round([q, k], 9)  # a slider that comes back is not quite where it was
    lengths = np.hypot(*values.T)
    foot, angle, negative, signs = np.zeros(2), np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 2))
    if lengths[0] > 0:
        along = values[0] / lengths[0]
        across = np.array([-along[1], along[0]])
        foot = (values[1] @ along) * along
        far = 3 * RADIUS  # beyond every corner
        negative = far * np.array([across, across - along, -across - along, -across])
        end = 0.82 * RADIUS * (across if values[1] @ across <= 0 else -across)  # where k is not
        signs = np.array([end + 0.1 * RADIUS * along, end - 0.1 * RADIUS * along])
    if lengths.min() > 0:
        start, end = np.arctan2(values[:, 1], values[:, 0])
        turn = (end - start + np.pi) % (2 * np.pi) - np.pi  # the short way round
        turns = start + np.linspace(0, turn, 25)
        angle = min(BEND, *lengths / 2) * np.transpose([np.cos(turns), np.sin(turns)])
    tick = tick_of(RADIUS)
    labels = ["q", "k"]
    return Arrows(
        kind="arrows",
        title=title,
        axes=list(axes),
        labels=labels,
        values=values.tolist(),
        texts=[[number(x), number(y)] for x, y in values],
        offsets=label_offsets(values / RADIUS * PLANE_SIZE / 2, labels).tolist(),
        foot=foot.tolist(),
        angle=angle.tolist(),
        negative=negative.tolist(),
        signs=signs.tolist(),
        radius=RADIUS,
        tick=tick,
        tick_text=f"{tick:g}",
        note=note,
        asks=asks,
    )


def fits(picture, tip) -> bool:
    """Whether there is such a tip, and a place where it can be: 0 or 1 and two finite coordinates."""
    i, *place = tip
    return i in (0, 1) and len(place) == 2 and bool(np.isfinite(place).all())


def text(picture):
    """The coordinates of both."""
    rows = zip(picture["labels"], picture["texts"], strict=True)
    return [[["", *picture["axes"]], *([label, *texts] for label, texts in rows)]]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    return PLANE_INCHES, PLANE_INCHES


def draw(ax, picture):
    """Both arrows, the angle and the shadow; returns the arrows."""
    axes_of(ax, picture)
    if picture["negative"]:
        ax.fill(*np.transpose(picture["negative"]), facecolor="black", alpha=0.1)
        for sign, place in zip("+−", picture["signs"], strict=True):
            ax.text(*place, sign, size=16, ha="center", va="center")
    colours = [ROLES[role][0] for role in ("query", "key")]
    origin, k, foot = (0, 0), picture["values"][1], picture["foot"]
    ax.plot(*zip(origin, foot, strict=True), color=colours[1], linewidth=6, alpha=0.4, solid_capstyle="butt")
    ax.plot(*zip(k, foot, strict=True), color=colours[1], linestyle=":")
    ax.plot(*np.reshape(picture["angle"], (-1, 2)).T, color="black", linewidth=1)
    drawn = [
        draw_arrow(ax, origin, value, colour, linewidth=2.5)
        for value, colour in zip(picture["values"], colours, strict=True)
    ]
    pixel = 2 * picture["radius"] / PLANE_SIZE
    for i, (value, colour) in enumerate(zip(picture["values"], colours, strict=True)):
        place = np.array(value) + np.array(picture["offsets"][i]) * pixel
        ax.text(*place, picture["labels"][i], color=colour, size=12, ha="center", va="center")
    return drawn
