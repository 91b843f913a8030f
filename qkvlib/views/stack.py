"""Shares of a whole, as one stacked bar."""

from .look import MAX_TEXT, Picture, cut, ink, label_width, number, share_colours

LEAST = 0.12  # a narrower part has no room for its number


class Stack(Picture):
    """lengths : shares, in sum 1; inside : what stands on each part; colours : pairs of background and ink."""

    values: list[str]
    lengths: list[float]
    texts: list[str]
    inside: list[str]
    colours: list[list[str]]


def stack(shares, values, title) -> Stack:
    """One bar of parts side by side, with a table of the same; equal values are one part.

    shares : array, shape (n,), 0 or more, 1 in sum
    values : n str, what each share is of
    """
    parts = {}
    for value, share, colour in zip(values, shares, share_colours(values), strict=True):
        parts.setdefault(value, [0.0, colour])[0] += float(share)
    lengths = [share for share, _ in parts.values()]
    texts = [number(share) for share in lengths]
    return Stack(
        kind="stack",
        title=title,
        values=list(parts),
        lengths=lengths,
        texts=texts,
        inside=[text if share >= LEAST else "" for text, share in zip(texts, lengths, strict=True)],
        colours=[[colour, ink(colour)] for _, colour in parts.values()],
        note="",
        asks=False,
    )


def text(picture):
    """Each value with its share."""
    return [list(zip(picture["values"], picture["texts"], strict=True))]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    return max(3.2, 0.8 + label_width(picture["values"], MAX_TEXT)), 0.3 * (2 + len(picture["values"]))


def draw(ax, picture):
    """Shares side by side in one bar, with a line for each under it; returns the parts of the bar."""
    parts, left = [], 0
    for i, (length, (colour, letters)) in enumerate(zip(picture["lengths"], picture["colours"], strict=True)):
        parts += ax.barh(-1, length, left=left, color=colour, edgecolor="white")
        ax.text(left + length / 2, -1, picture["inside"][i], ha="center", va="center", size=9, color=letters)
        ax.text(0, i, "■ ", va="center", size=11, color=colour)
        ax.text(0.09, i, cut(picture["values"][i], MAX_TEXT), va="center", size=9)
        ax.text(1, i, picture["texts"][i], va="center", ha="right", size=9)
        left += length
    ax.set(xlim=(-0.06, 1), ylim=(len(picture["values"]) - 0.4, -1.6))
    ax.axis("off")
    return parts
