"""A small table of text."""

from .look import INCHES, Picture, width

LINE = 0.25  # inches of a PNG


class Table(Picture):
    """head : titles of the columns; rows : the texts under them."""

    head: list[str]
    rows: list[list[str]]


def table(title, head, rows, note="") -> Table:
    """Rows of text under a head.

    head : titles of the columns
    rows : lists of str, each as long as head
    """
    return Table(
        kind="table",
        title=title,
        head=list(head),
        rows=[list(row) for row in rows],
        note=note,
        asks=False,
    )


def text(picture):
    """All rows."""
    return [[picture["head"], *picture["rows"]]]


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    return INCHES * sum(_widths(picture)), LINE * len(text(picture)[0])


def draw(ax, picture):
    """A table; returns it."""
    ax.axis("off")
    widths = _widths(picture)
    shares = [width / sum(widths) for width in widths]
    drawn = ax.table(text(picture)[0], cellLoc="center", edges="open", colWidths=shares, bbox=(0, 0, 1, 1))
    for column in range(len(shares)):
        drawn[0, column].visible_edges = "B"
    drawn.auto_set_font_size(False)
    drawn.set_fontsize(9)
    return drawn


def _widths(picture):
    return [max(map(width, column)) + 2 for column in zip(*text(picture)[0], strict=True)]
