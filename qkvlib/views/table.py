"""A small table of text."""

from .look import INCHES, Picture, width


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
    """Width and height in inches."""
    return max(3, 0.3 + INCHES * sum(_widths(picture))), 1.4 + 0.3 * len(text(picture)[0])


def draw(ax, picture):
    """A table; returns it."""
    from .still import titled

    ax.axis("off")
    titled(ax, picture)
    widths = _widths(picture)
    shares = [width / sum(widths) for width in widths]
    drawn = ax.table(text(picture)[0], loc="center", cellLoc="center", edges="horizontal", colWidths=shares)
    drawn.auto_set_font_size(False)
    drawn.set_fontsize(9)
    return drawn


def _widths(picture):
    return [max(map(width, column)) + 2 for column in zip(*text(picture)[0], strict=True)]
