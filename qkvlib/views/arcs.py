"""A sentence as words, with an arc from the word that asks to each other one: the wider, the more."""

import numpy as np

from .bars import bars
from .look import ARCS_SIZE, MASKED_COLOUR, MAX_ARCS, ROLES, Picture, cut, number

WIDEST, THINNEST = 16.0, 1.0  # px, of an arc
UNDER = 30  # px of a PNG, for the row under the words
GAP = 4  # px between the words and the ends of the arcs
LOWEST = 14.0  # px, the number of a word that no arc leads to
NUMBER = 42  # px between words, for their numbers stand closer together


class Arcs(Picture):
    """size : px, across and down; roomy : whether each word has room for its number, else only the chosen one shows it;
    asker, chosen : indices; of the arc to each word, in px: widths, bends (eight numbers: a cubic curve's ends and
    handles) and spots (of its number); negative, masked : whether it is; under : of each word a second number, and
    whether a line joins it to others, or none."""

    size: list[int]
    roomy: bool
    labels: list[str]
    texts: list[str]
    asker: int
    chosen: int
    widths: list[float]
    bends: list[list[float]]
    spots: list[list[float]]
    negative: list[bool]
    masked: list[bool]
    under: list[list[str | bool]]


def arcs(
    values,
    labels,
    title,
    asker,
    chosen,
    masked=None,
    masked_text="",
    note="",
    asks=False,
    under=(),
    size=ARCS_SIZE,
) -> Arcs:
    """Arcs from one word to each, with the number on each.

    values : array, shape (n,), finite; negative ones are dashed
    labels : n str, the words
    asker, chosen : index of the word that asks, and of the one that is looked at
    masked : boolean array, shape (n,), True = may not be seen: struck through, without an arc, and with `masked_text`
    asks : another word can be chosen to ask
    under : array, shape (n,), finite, a second number of each word, in a row under the words; a line joins those that
        are not 0
    size : px, across and down: ARCS_SIZE, SMALL_ARCS or WIDE_ARCS
    """
    values = np.asarray(values, dtype=float)
    hidden = np.zeros(len(values), dtype=bool) if masked is None else np.asarray(masked)
    shares = np.where(hidden, 0.0, np.abs(values)) / np.abs(values[~hidden]).max(initial=1)
    places = [_arc(asker, i, len(values), *size) for i in range(len(values))]
    lowest, wider = size[1] - LOWEST, (WIDEST - THINNEST) * (size[1] / ARCS_SIZE[1])
    return Arcs(
        kind="arcs",
        title=title,
        size=list(size),
        roomy=size[0] >= NUMBER * len(values),
        labels=list(labels),
        texts=[masked_text if mask else number(value) for value, mask in zip(values, hidden, strict=True)],
        asker=int(asker),
        chosen=int(chosen),
        widths=np.round(np.where(hidden, 0.0, THINNEST + wider * shares), 2).tolist(),
        bends=[bend for bend, _ in places],
        spots=[[spot[0], lowest] if mask else spot for (_, spot), mask in zip(places, hidden, strict=True)],
        negative=((values < 0) & ~hidden).tolist(),
        masked=hidden.tolist(),
        under=[[number(value), bool(value)] for value in under],
        note=note,
        asks=asks,
    )


def arcs_or_bars(weights, labels, title, asker, masked=None, size=ARCS_SIZE) -> Picture:
    """A row of weights as arcs from the word that asks, which can be chosen; of too many words, as bars."""
    if len(labels) > MAX_ARCS:
        return bars(weights, labels, title)
    return arcs(weights, labels, title, asker, int(weights.argmax()), masked, "0", asks=True, size=size)


def _arc(start, end, n, width, height):
    """The curve from one word to another, and where its number stands: near its end, each over its own word."""
    column = width / n
    from_x, to_x, floor = column * (start + 0.5), column * (end + 0.5), height - GAP
    if start == end:
        loop = min(30.0, column / 2)
        bend = [from_x - 8, floor, from_x - loop, floor - 56, from_x + loop, floor - 56, from_x + 8, floor]
        return _rounded(bend), _rounded([from_x, floor - 50])
    low = 44 * height / ARCS_SIZE[1]
    top = floor - 4 / 3 * (low + (height - 22 - low) * (abs(end - start) - 1) / max(n - 2, 1))  # a cubic rises to 3/4
    near = 0.72  # of the way
    over = 3 * near * (1 - near)  # of the rise
    x = from_x + (to_x - from_x) * (3 * (1 - near) * near**2 + near**3)
    spot = [x, floor + (top - floor) * over - 9]
    return _rounded([from_x, floor, from_x, top, to_x, top, to_x, floor]), _rounded(spot)


def _rounded(places):
    return [round(place, 2) for place in places]


def fits(picture, row) -> bool:
    """Whether there is such a word."""
    return 0 <= row < len(picture["labels"])


def text(picture):
    """Who asks, and each word with its number, or its two."""
    numbers = filter(None, [picture["texts"], [below for below, _ in picture["under"]]])
    return [f"{picture['labels'][picture['asker']]} →", list(zip(picture["labels"], *numbers, strict=True))]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    width, height = picture["size"]
    return width / 100, (height + 42 + UNDER * bool(picture["under"])) / 100


def draw(ax, picture):
    """Arcs in the pixels of the page, over the words; returns the arcs."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    width, height = picture["size"]
    n, drawn = len(picture["labels"]), []
    for i, (bend, line, spot) in enumerate(zip(picture["bends"], picture["widths"], picture["spots"], strict=True)):
        hidden = picture["masked"][i]
        if not hidden:
            points = Path(np.reshape(bend, (4, 2)), [Path.MOVETO, *[Path.CURVE4] * 3])
            dashes = (0, (3, 2)) if picture["negative"][i] else "-"
            style = {"linewidth": 0.72 * line, "linestyle": dashes, "capstyle": "butt"}
            drawn.append(
                ax.add_patch(PathPatch(points, facecolor="none", edgecolor=ROLES["query"][0], alpha=0.8, **style))
            )
        if not hidden and (picture["roomy"] or i == picture["chosen"]):
            halo = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5}
            ax.text(*spot, picture["texts"][i], ha="center", va="center", size=9, bbox=halo)
        asks = i == picture["asker"]
        colour = ROLES["query"][0] if asks else MASKED_COLOUR if hidden else ROLES["key"][0]
        edge = {"edgecolor": colour, "linewidth": 2.5 if asks else 1}
        chip = {"boxstyle": "round,pad=0.4", "facecolor": "white", **edge}
        label = f"{cut(picture['labels'][i])}\n{picture['texts'][i]}" if hidden else cut(picture["labels"][i])
        at = (i + 0.5) * width / n
        ax.text(at, height + 18, label, ha="center", va="center", size=10 if width > 75 * n else 7, bbox=chip)
    for i, (below, joined) in enumerate(picture["under"]):
        left, right = i * width / n, (i + 1) * width / n
        ax.plot(
            [left, right], [height + 42] * 2, color="black" if joined else "none", linewidth=3, solid_capstyle="butt"
        )
        ax.text((left + right) / 2, height + 55, below, ha="center", va="center", size=9)
    ax.set(xlim=(0, width), ylim=(height + 42 + UNDER * bool(picture["under"]), 0))
    ax.axis("off")
    return drawn
