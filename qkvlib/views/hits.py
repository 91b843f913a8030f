"""What a search compares: one line for each key, with its match, its weight and its value."""

from .look import COLOURS, MAX_TEXT, Picture, cut, number, share_colours


class Hits(Picture):
    """lengths : match and weight of each key, from 0 to 1; texts : the same, one after the other."""

    head: list[str]
    keys: list[str]
    lengths: list[list[float]]
    texts: list[str]
    values: list[str]
    colours: list[str]
    chosen: int | None


def hits(keys, matches, weights, values, head, title, chosen=None, asks=False, among=None) -> Hits:
    """A table of keys; equal values have the same colour, as in `stack`.

    keys, values : n str
    matches, weights : array, shape (n,), entries from 0 to 1
    head : titles of the four columns
    chosen : index of the line that is marked
    asks : a line can be chosen
    among : all values that there may be, each of which then has its colour in every picture
    """
    lengths = [[float(match), float(weight)] for match, weight in zip(matches, weights, strict=True)]
    return Hits(
        kind="hits",
        title=title,
        head=list(head),
        keys=list(keys),
        lengths=lengths,
        texts=[number(length) for line in lengths for length in line],
        values=list(values),
        colours=share_colours(values, among),
        chosen=chosen,
        note="",
        asks=asks,
    )


def fits(picture, row) -> bool:
    """Whether there is such a line."""
    return 0 <= row < len(picture["keys"])


def text(picture):
    """The whole table."""
    matches, weights = picture["texts"][::2], picture["texts"][1::2]
    return [[picture["head"], *zip(picture["keys"], matches, weights, picture["values"], strict=True)]]


def said(picture):
    """The chosen line, but for its value."""
    i = picture["chosen"] or 0
    match, weight = picture["texts"][2 * i : 2 * i + 2]
    return f"{picture['keys'][i]}: {picture['head'][1]} {match}, {picture['head'][2]} {weight}"


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    return 2.8, 0.3 * (1 + len(picture["keys"]))


def draw(ax, picture):
    """Keys and values with the match and the weight between them as bars; returns the bars of both."""
    n, (key, *heads, value) = len(picture["keys"]), picture["head"]
    edges = ["black" if i == picture["chosen"] else "none" for i in range(n)]
    drawn = []
    for column, (head, lengths) in enumerate(zip(heads, zip(*picture["lengths"], strict=True), strict=True)):
        left = 1.5 * column
        drawn.append(ax.barh(range(n), lengths, left=left, color=COLOURS["bar"], edgecolor=edges, linewidth=2))
        ax.bar_label(drawn[-1], picture["texts"][column::2], padding=3, size=9)
        ax.text(left, -1, head, va="center", size=9)
    to_right = ax.get_yaxis_transform()
    ax.text(1, -1, value, va="center", size=9, transform=to_right)
    for i, (content, colour) in enumerate(zip(picture["values"], picture["colours"], strict=True)):
        ax.text(1, i, "■ ", va="center", ha="right", size=11, color=colour, transform=to_right)
        ax.text(1, i, cut(content, MAX_TEXT), va="center", size=9, transform=to_right)
    ax.set_yticks(range(-1, n), [key, *(cut(content, MAX_TEXT) for content in picture["keys"])], size=9)
    ax.tick_params(length=0)
    ax.set(xlim=(0, 3.2), ylim=(n - 0.4, -1.6), xticks=[])
    ax.spines[:].set_visible(False)
    return drawn
