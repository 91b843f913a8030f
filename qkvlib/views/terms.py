"""A sum written out term by term."""

from .look import INCHES, Picture, width


class Terms(Picture):
    """head : titles of the columns; rows : the terms; foot : pairs that lead from the terms to the result."""

    head: list[str]
    rows: list[list[str]]
    foot: list[list[str]]


def terms(title, head, rows, foot=(), note="") -> Terms:
    """A small table of text.

    head : titles of the columns
    rows : one list of str for each term, as long as head
    foot : pairs (label, value) that lead from the terms to the result
    """
    return Terms(
        kind="terms",
        title=title,
        head=list(head),
        rows=[list(row) for row in rows],
        foot=[list(line) for line in foot],
        note=note,
        asks=False,
    )


def text(picture):
    """All rows, as wide as the head."""
    blank = [""] * (len(picture["head"]) - 2)
    return [[picture["head"], *picture["rows"], *([label, *blank, value] for label, value in picture["foot"])]]


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
    table = ax.table(text(picture)[0], loc="center", cellLoc="center", edges="horizontal", colWidths=shares)
    table.auto_set_font_size(False)
    table.set_fontsize(9)
    return table


def _widths(picture):
    return [max(map(width, column)) + 2 for column in zip(*text(picture)[0], strict=True)]
