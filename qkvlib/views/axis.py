"""Marks on an axis from one end to the other."""

from .look import MAX_TEXT, ROLES, Picture, cut, number


class Axis(Picture):
    """ends : what −1 and 1 stand for; places : from −1 to 1, one for each label."""

    labels: list[str]
    ends: list[str]
    places: list[float]
    texts: list[str]


def axis(marks, ends, title, note="") -> Axis:
    """A line for each mark, on one axis from −1 to 1.

    marks : dict, label -> number from −1 to 1
    ends : two str, what −1 and 1 stand for
    """
    return Axis(
        kind="axis",
        title=title,
        labels=list(marks),
        ends=list(ends),
        places=[float(value) for value in marks.values()],
        texts=[number(value) for value in marks.values()],
        note=note,
        asks=False,
    )


def text(picture):
    """The ends, and each mark with its place."""
    marks = list(zip(picture["labels"], picture["texts"], strict=True))
    return [f"−1: {picture['ends'][0]}, 1: {picture['ends'][1]}", marks]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    return 3.4, 0.35 * len(picture["labels"])


def draw(ax, picture):
    """Each mark with the way to it from the middle; returns the marks."""
    rows = range(len(picture["labels"]))
    ax.barh(rows, picture["places"], height=0.2, color=ROLES["value"][0])
    [marks] = ax.plot(picture["places"], rows, "o", color=ROLES["value"][0], markersize=9, clip_on=False)
    for row, shown in zip(rows, picture["texts"], strict=True):
        ax.text(1.08, row, shown, va="center", size=9)
    for place, end in zip((-1, 1), picture["ends"], strict=True):
        ax.text(place, -0.7, end, ha="center", va="bottom", size=9)
    ax.axvline(0, color="black", linewidth=0.8, linestyle="--")
    ax.set_yticks(rows, [cut(label, MAX_TEXT) for label in picture["labels"]], size=9)
    ax.set(xlim=(-1, 1), ylim=(len(rows) - 0.4, -0.6), xticks=[])
    ax.spines[["top", "bottom"]].set_visible(False)
    return marks
