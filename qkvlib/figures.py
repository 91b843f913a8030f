"""Pictures by matplotlib: for notebook cells, and in place of a live view where no kernel runs.

The `draw_*` functions draw on an Axes and return their artists. `draw_matrix`, `draw_bars` and `draw_terms` take what
`qkvlib.views` makes, so a stored picture and the live one show the same numbers in the same colours.
"""

import base64
import contextlib
import functools
import io
import itertools
import re
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from . import words

MAPS = {"scores": "RdBu", "weights": "Blues"}  # both: the bluer, the more; both safe for colour-blind readers
MASKED = 255  # index of the last colour of a palette; 0 to 254 run along the colour map
MASKED_COLOUR = "#9a9a9a"
BAR, CHOSEN_BAR, CHOSEN = "#4292c6", "#d95f02", "#d95f02"
SHARES = ("#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd")
MAX_NUMBERS = 16  # a matrix with more rows or columns shows its colours only
MAX_LABEL = 16
MAX_WIDTH = 12.5  # inches of pictures in a row; a single picture may be wider
MAX_TEXT = 28  # of a title or a content
PLANE_SIZE = 360  # pixels of the side of a plane on the page
CURVES_SIZE = 520, 300  # pixels of the lines on the page
LINES = (
    "#2b8cbe",
    "#d95f02",
    "#1b9e77",
    "#a463c9",
    "#808080",
    "#d6418f",
    "#8a7000",
    "#00858a",
)  # 3:1 on black and white
STEP = "#7b3294"  # of the parts that are laid tip to tail
INCHES, INCHES_OF_TITLE = 0.085, 0.095  # width of a letter of a label and of a title
DPI = 100


class Picture:
    """A drawing for a notebook cell: a PNG, with the same in words beside it (`text/plain`).

    draw : function that draws on the Axes it is given
    text : what the picture shows, for a screen reader and for the tests
    size : width and height in inches
    """

    def __init__(self, draw, text, size=(6.4, 3.6)):
        with fonts():
            self.figure = Figure(figsize=size, dpi=DPI, layout="constrained")
            draw(self.figure.subplots())
        self.text = text

    def _repr_mimebundle_(self, **kwargs):
        return {"image/png": png(self.figure), "text/plain": self.text}


def chain(lit: str) -> Picture:
    """The one picture of attention, X -> Q, K, V -> scores -> weights -> output, with today's part lit."""
    return Picture(functools.partial(draw_chain, lit=lit), words.text(f"chain.lit.{lit}"), (8.4, 2.3))


def chart(x, lines, x_label, y_label, log=True) -> Picture:
    """Measured lines over x, with a table of the numbers.

    x : array, shape (n,)
    lines : dict, label -> array, shape (n,)
    log : both axes logarithmic
    """
    numbers = zip(*lines.values(), strict=True)
    rows = [[f"{at:g}", *(f"{value:.3g}" for value in row)] for at, row in zip(x, numbers, strict=True)]
    table = columns([[x_label, *lines], *rows])
    return Picture(functools.partial(draw_lines, x=x, lines=lines, labels=(x_label, y_label), log=log), table)


def scene(pictures) -> Figure:
    """All pictures of an explorer side by side, in as many rows as it takes, as on the page.

    pictures : list of dict, as made by `qkvlib.views`
    """
    rows = [[]]
    for picture in pictures:
        if rows[-1] and sum(_size(other)[0] for other in [*rows[-1], picture]) > MAX_WIDTH:
            rows.append([])
        rows[-1].append(picture)
    widths = [[_size(picture)[0] for picture in row] for row in rows]
    heights = [max(_size(picture)[1] for picture in row) for row in rows]
    with fonts():
        figure = Figure(figsize=(max(map(sum, widths)), sum(heights)), dpi=DPI, layout="compressed")
        lines = figure.add_gridspec(len(rows), 1, height_ratios=heights)
        for line, row, ratios in zip(lines, rows, widths, strict=True):
            spare = figure.get_figwidth() - sum(ratios)
            places = line.subgridspec(1, len(row) + 1, width_ratios=[*ratios, spare + 1e-3])
            for place, picture in zip(places, row, strict=False):
                DRAW[picture["kind"]](figure.add_subplot(place), picture)
    return figure


def draw_matrix(ax, picture):
    """Heatmap of a matrix, rows ask and columns answer; returns the image and the texts on it."""
    n_rows, n_columns = len(picture["rows"]), len(picture["columns"])
    indices = np.frombuffer(picture["colours"], dtype=np.uint8).reshape(n_rows, n_columns)
    image = ax.imshow(mpl.colors.to_rgba_array(backgrounds(picture["palette"]))[indices], aspect="equal")
    texts = []
    if max(n_rows, n_columns) <= MAX_NUMBERS:
        inks = palette(picture["palette"])
        for (i, j), colour in np.ndenumerate(indices):
            number = picture["texts"][i * n_columns + j]
            texts.append(ax.text(j, i, number, ha="center", va="center", color=inks[colour][1], size=9))
    size = 9 if max(n_rows, n_columns) <= MAX_NUMBERS else 6
    upright = 90 if _crowded(picture) else 0
    ax.set_xticks(range(n_columns), map(short, picture["columns"]), rotation=upright, size=size)
    ax.set_yticks(range(n_rows), map(short, picture["rows"]), size=size)
    ax.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    ax.set(xlabel=picture["key_axis"], ylabel=picture["query_axis"])
    ax.xaxis.set_label_position("top")
    ax.spines[:].set_visible(False)
    _title(ax, picture)
    if picture["sums"]:
        texts.append(ax.text(n_columns, -0.75, "Σ", ha="center", va="center", size=9))
        for i, total in enumerate(picture["sums"]):
            texts.append(ax.text(n_columns, i, total, ha="center", va="center", size=9))
        ax.set_xlim(-0.5, n_columns + 0.6)
    outlines = [(divmod(i, n_columns), ":") for i in picture["sources"]]
    if picture["chosen"]:
        outlines.append((picture["chosen"], "-"))
    for (row, column), style in outlines:
        corner = (column - 0.5, row - 0.5)
        outline = {"edgecolor": CHOSEN, "linewidth": 3, "linestyle": style}
        ax.add_patch(Rectangle(corner, 1, 1, fill=False, clip_on=False, **outline))
    return image, texts


def draw_bars(ax, picture):
    """One row of a matrix as horizontal bars with their numbers; returns the bars."""
    positions = range(len(picture["labels"]))
    colours = [CHOSEN_BAR if i == picture["chosen"] else BAR for i in positions]
    bars = ax.barh(positions, picture["lengths"], color=colours)
    ax.bar_label(bars, picture["texts"], padding=3, size=9)
    ax.set_yticks(positions, map(short, picture["labels"]), size=9)
    ax.set_xlim(min(0, *picture["lengths"]) * 1.3, max(0, *picture["lengths"]) * 1.3 or 1)
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set_xticks([])
    ax.invert_yaxis()
    ax.spines[:].set_visible(False)
    _title(ax, picture)
    return bars


def draw_axis(ax, picture):
    """Marks on an axis from one end to the other, each with the way to it from the middle; returns the marks."""
    rows = range(len(picture["labels"]))
    ax.barh(rows, picture["places"], height=0.2, color=BAR)
    [marks] = ax.plot(picture["places"], rows, "o", color=CHOSEN, markersize=9, clip_on=False)
    for row, text in zip(rows, picture["texts"], strict=True):
        ax.text(1.08, row, text, va="center", size=9)
    for place, end in zip((-1, 1), picture["ends"], strict=True):
        ax.text(place, -0.8, drawable(end), ha="left" if place < 0 else "right", va="center", size=9)
    ax.axvline(0, color="black", linewidth=0.8, linestyle="--")
    ax.set_yticks(rows, [short(label, MAX_TEXT) for label in picture["labels"]], size=9)
    ax.set(xlim=(-1, 1), ylim=(len(rows) - 0.4, -1.2), xticks=[])
    ax.spines[["top", "bottom"]].set_visible(False)
    _title(ax, picture)
    return marks


def draw_hits(ax, picture):
    """Keys and values with the match and the weight between them as bars; returns the bars of both."""
    n, (key, *heads, value) = len(picture["keys"]), picture["head"]
    drawn = []
    for column, (head, lengths) in enumerate(zip(heads, zip(*picture["lengths"], strict=True), strict=True)):
        left = 1.5 * column
        colours = [CHOSEN_BAR if i == picture["chosen"] else BAR for i in range(n)]
        drawn.append(ax.barh(range(n), lengths, left=left, color=colours))
        ax.bar_label(drawn[-1], picture["texts"][column::2], padding=3, size=9)
        ax.text(left, -1, head, va="center", size=9)
    to_right = ax.get_yaxis_transform()
    ax.text(1, -1, value, va="center", size=9, transform=to_right)
    for i, (text, colour) in enumerate(zip(picture["values"], picture["colours"], strict=True)):
        ax.text(1, i, "■ ", va="center", ha="right", size=11, color=colour, transform=to_right)
        ax.text(1, i, short(text, MAX_TEXT), va="center", size=9, transform=to_right)
    ax.set_yticks(range(-1, n), [key, *(short(text, MAX_TEXT) for text in picture["keys"])], size=9)
    ax.tick_params(length=0)
    ax.set(xlim=(0, 3.2), ylim=(n - 0.4, -1.6), xticks=[])
    ax.spines[:].set_visible(False)
    _title(ax, picture)
    return drawn


def draw_stack(ax, picture):
    """Shares of a whole side by side in one bar, with a line for each under it; returns the parts of the bar."""
    parts, left = [], 0
    for i, (length, (colour, letters)) in enumerate(zip(picture["lengths"], picture["colours"], strict=True)):
        parts += ax.barh(-1, length, left=left, color=colour, edgecolor="white")
        ax.text(left + length / 2, -1, picture["inside"][i], ha="center", va="center", size=9, color=letters)
        ax.text(0, i, "■ ", va="center", size=11, color=colour)
        ax.text(0.09, i, short(picture["values"][i], MAX_TEXT), va="center", size=9)
        ax.text(1, i, picture["texts"][i], va="center", ha="right", size=9)
        left += length
    ax.set(xlim=(-0.06, 1), ylim=(len(picture["values"]) - 0.4, -1.6))
    ax.axis("off")
    _title(ax, picture)
    return parts


def draw_terms(ax, picture):
    """A sum written out term by term, as a table; returns the table."""
    ax.axis("off")
    _title(ax, picture)
    rows = _table(picture)
    widths = [max(map(_width, column)) + 2 for column in zip(*rows, strict=True)]
    table = ax.table(
        [[drawable(cell) for cell in row] for row in rows],
        loc="center",
        cellLoc="center",
        edges="horizontal",
        colWidths=[width / sum(widths) for width in widths],
    )
    table.auto_set_font_size(False)
    table.set_fontsize(9)
    return table


def draw_plane(ax, picture):
    """Values as arrows, their parts tip to tail, the mixture before and after; returns the arrows of the values."""
    radius, origin = picture["radius"], (0, 0)
    points = np.array(picture["values"])
    ax.axhline(0, color="#bdbdbd", linewidth=0.8)
    ax.axvline(0, color="#bdbdbd", linewidth=0.8)
    ax.fill(*np.array(picture["hull"]).T, facecolor="#4292c6", alpha=0.12, edgecolor="#4292c6", linestyle=":")
    arrows = [_arrow(ax, origin, point, BAR) for point in points]
    for start, end in itertools.pairwise(picture["steps"]):
        _arrow(ax, start, end, STEP)
    ax.plot(
        *zip(origin, points[picture["before"]], strict=True), "--", color="#555555", label=picture["names"]["before"]
    )
    _arrow(ax, origin, picture["output"], CHOSEN, linewidth=3)
    for name, colour in (("value", BAR), ("step", STEP), ("after", CHOSEN)):
        ax.plot([], [], color=colour, label=picture["names"][name])
    pixel = 2 * radius / PLANE_SIZE
    for point, offset, label in zip(points, picture["offsets"], picture["tips"], strict=True):
        ax.text(*(point + np.array(offset) * pixel), drawable(label), ha="center", va="center", size=9)
    ax.set(xlim=(-radius, radius), ylim=(-radius, radius), aspect="equal")
    ax.set_xlabel(picture["axes"][0])
    ax.set_ylabel(picture["axes"][1])
    ax.yaxis.set_major_formatter("{x:g}")
    ax.legend(fontsize=8, loc="lower left")
    _title(ax, picture)
    return arrows


def draw_curves(ax, picture):
    """Lines over x in the pixels of the page, the numbers of the chosen x in the legend; returns the lines."""
    drawn = []
    parts = zip(*(picture[key] for key in ("labels", "texts", "colours", "dashed", "heights")), strict=True)
    for i, (label, text, colour, dashed, heights) in enumerate(parts):
        marker = "osD^v"[i % 5] if len(heights) <= MAX_NUMBERS else None
        style = {"color": colour, "linestyle": "--" if dashed else "-", "marker": marker, "markersize": 5}
        y = np.array(heights, dtype=float)  # a gap, None, is nan
        drawn += ax.plot(picture["places"], y, label=f"{drawable(label)}: {text}", **style)
    ax.axvline(picture["places"][picture["at"]], color="#555555", linewidth=0.8)
    ax.set(xlim=(0, CURVES_SIZE[0]), ylim=(CURVES_SIZE[1], 0), xlabel=picture["axes"][0], ylabel=picture["axes"][1])
    for axis, ticks in zip((ax.xaxis, ax.yaxis), picture["ticks"], strict=True):
        axis.set_ticks([place for place, _ in ticks], [text for _, text in ticks], size=9)
    ax.grid(alpha=0.3)
    ax.legend(fontsize=8, title=f"{picture['axes'][0]} {picture['x_text']}", title_fontsize=8)
    _title(ax, picture)
    return drawn


def _arrow(ax, start, end, colour, linewidth=1.6):
    arrow = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=10, shrinkA=0, shrinkB=0)
    arrow.set(color=colour, linewidth=linewidth)
    return ax.add_patch(arrow)


def draw_lines(ax, x, lines, labels, log=True):
    """Lines over x with markers and a legend; returns the lines."""
    drawn = [ax.plot(x, y, marker="osD^v"[i % 5], label=label)[0] for i, (label, y) in enumerate(lines.items())]
    if log:
        ax.set(xscale="log", yscale="log")
        ax.set_xticks(x, [f"{at:g}" for at in x])
        ax.minorticks_off()
        ax.yaxis.set_major_formatter("{x:g}")  # matplotlib's own would be a formula
    ax.set(xlabel=labels[0], ylabel=labels[1])
    ax.grid(alpha=0.3)
    ax.legend()
    return drawn


LIT = {
    "search": ("Q", "K", "V"),
    "values": ("V", "output"),
    "roles": ("X", "Q", "K", "V"),
    "context": ("weights", "output"),
    "relay": ("weights", "output"),
}  # lessons whose part is more than one box


def draw_chain(ax, lit):
    """X -> Q, K, V -> scores -> weights -> output as boxes and arrows, the part `lit` in colour; returns the boxes."""
    places = {"X": (0, 1), "Q": (2, 2), "K": (2, 1), "V": (2, 0), "scores": (4.2, 1.5), "weights": (6.6, 1.5)}
    places["output"] = (9, 0.75)
    links = ("X Q", "X K", "X V", "Q scores", "K scores", "scores weights", "weights output", "V output")
    half = {name: 0.5 if len(name) == 1 else 0.85 for name in places}
    for start, end in (link.split() for link in links):
        (x, y), (to_x, to_y) = places[start], places[end]
        ends = (x + half[start], y), (to_x - half[end] - 0.08, to_y)
        ax.add_patch(FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=12, shrinkA=0, shrinkB=0, color="#555555"))
    boxes = []
    for name, (x, y) in places.items():
        face, letters = ("#08519c", "white") if name in LIT.get(lit, (lit,)) else ("#eeeeee", "black")
        corner, size = (x - half[name], y - 0.3), (2 * half[name], 0.6)
        box = FancyBboxPatch(corner, *size, boxstyle="round,pad=0.05", fc=face, ec="#555555")
        boxes.append(ax.add_patch(box))
        ax.text(x, y, words.text(f"chain.{name}"), ha="center", va="center", size=9, linespacing=1.35, color=letters)
    ax.set(xlim=(-0.8, 10.1), ylim=(-0.5, 2.5))
    ax.axis("off")
    return boxes


DRAW = {
    "matrix": draw_matrix,
    "bars": draw_bars,
    "axis": draw_axis,
    "hits": draw_hits,
    "stack": draw_stack,
    "plane": draw_plane,
    "curves": draw_curves,
    "terms": draw_terms,
}


@functools.cache
def palette(name: str) -> list[tuple[str, str]]:
    """256 pairs (background, ink): the colour map in 255 steps, then the colour of a masked cell.

    The ink is black or white, whichever contrasts more: never less than 4.5:1 (WCAG 2.1).
    """
    steps = mpl.colormaps[MAPS[name]].resampled(MASKED)(range(MASKED))
    return [(colour, ink(colour)) for colour in [*map(mpl.colors.to_hex, steps), MASKED_COLOUR]]


def backgrounds(name: str) -> list[str]:
    """The 256 background colours of a palette."""
    return [background for background, _ in palette(name)]


def ink(background: str) -> str:
    """Black or white, whichever is read more easily on a background colour."""
    return "#000000" if contrast(background, "#000000") >= contrast(background, "#ffffff") else "#ffffff"


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def png(figure) -> str:
    """The figure as a PNG in base64, the same bytes each time."""
    with fonts(), io.BytesIO() as file:
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # the layout of the first time is kept
        figure.savefig(file, format="png", metadata={"Software": None}, bbox_inches="tight", pad_inches=0.08)
        return base64.b64encode(file.getvalue()).decode()


@contextlib.contextmanager
def fonts():
    """Draw with fonts that have Japanese, and take `$` as typed; the reader's own settings are left alone."""
    with mpl.rc_context({"font.family": _families(), "text.parse_math": False}):
        yield


def drawable(text: str) -> str:
    """The text with □ for each character that the fonts do not have (emoji, say), so that matplotlib does not warn."""
    return "".join(c if ord(c) in _characters() else "□" for c in text if unicodedata.category(c) != "Cf")


def label_offsets(points, labels) -> np.ndarray:
    """Where to put the middle of each label beside its point, so that labels keep clear of points and of each other.

    points : array, shape (n, 2), in pixels from the middle of a plane that is PLANE_SIZE wide, y upwards
    Returns an array of the same shape: from each point to the middle of its label.
    """
    points = np.asarray(points, dtype=float)
    halves = np.array([[_width(label) * 3.8 + 1, 8] for label in labels])  # half the size of each label
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


def short(label: str, limit=MAX_LABEL) -> str:
    """A label as matplotlib draws it: at most 16 wide, of characters that the fonts have."""
    return cut(drawable(label), limit)


def cut(text: str, limit=MAX_LABEL) -> str:
    """The text at most 16 wide, where a Japanese character is two."""
    if _width(text) <= limit:
        return text
    while _width(text) >= limit:
        text = text[:-1]
    return text + "…"


def columns(rows) -> str:
    """Rows of str as lines with aligned columns; a Japanese character is two wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(" " * (w - _width(cell)) + cell for cell, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _size(picture):
    """Width and height in inches that a picture needs."""
    match picture["kind"]:
        case "matrix":
            labels = _label_width(picture["rows"])
            heads = _label_width(picture["columns"]) if _crowded(picture) else 0.2
            n_rows, n_columns = len(picture["rows"]), len(picture["columns"]) + bool(picture["sums"])
            cell = (0.45 if picture["small"] else 0.55) if max(n_rows, n_columns) <= MAX_NUMBERS + 1 else 0.16
            return max(2.4, 0.9 + labels + cell * n_columns), max(2.6, 1.5 + heads + cell * n_rows)
        case "plane":
            return 4.4, 4.6
        case "axis":
            return 4.4 + _label_width(picture["labels"], MAX_TEXT), 1.2 + 0.35 * len(picture["labels"])
        case "curves":
            return 6.4, 3.9
        case "bars":
            return 2.4 + _label_width(picture["labels"]), 1.1 + 0.3 * len(picture["labels"])
        case "hits":
            texts = sum(_label_width(picture[key], MAX_TEXT) for key in ("keys", "values"))
            return 2.8 + texts, 1.3 + 0.3 * len(picture["keys"])
        case "stack":
            return max(3.9, 1 + _label_width(picture["values"], MAX_TEXT)), 1.3 + 0.3 * len(picture["values"])
        case "terms":
            rows = _table(picture)
            widths = [max(map(_width, column)) + 2 for column in zip(*rows, strict=True)]
            return max(3, 0.3 + INCHES * sum(widths)), 1.4 + 0.3 * len(rows)


def _title(ax, picture):
    """The title in lines that are no wider than what is drawn under it."""
    labels = picture.get({"matrix": "rows", "bars": "labels"}.get(picture["kind"]))
    limit = int((_size(picture)[0] - (_label_width(labels) if labels else 0)) / INCHES_OF_TITLE)
    lines = [""]
    for part in re.findall(r"[^\s\u3000-\u9fff]+\s*|[\u3000-\u9fff]\s*|\s+", drawable(picture["title"])):
        if _width(lines[-1] + part.rstrip()) > limit and lines[-1]:
            lines.append("")
        lines[-1] += part
    ax.set_title("\n".join(line.rstrip() for line in lines), size=10.5)


def _crowded(picture):
    return len(picture["columns"]) > 6 or max(map(_width, picture["columns"])) > 6


def _label_width(labels, limit=MAX_LABEL):
    return 0.1 + INCHES * max(_width(short(label, limit)) for label in labels)


def _table(picture):
    """All rows of `terms`, as wide as its head."""
    blank = [""] * (len(picture["head"]) - 2)
    return [picture["head"], *picture["rows"], *([label, *blank, value] for label, value in picture["foot"])]


def _luminance(colour):
    channels = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@functools.cache
def _families():
    # The font file of matplotlib-fontja; importing that package would change the reader's rcParams.
    file = Path(find_spec("matplotlib_fontja").origin).parent / "fonts" / "ipaexg.ttf"
    fontManager.addfont(file)
    return ["DejaVu Sans", FontProperties(fname=file).get_name()]


@functools.cache
def _characters():
    files = (fontManager.findfont(family) for family in _families())
    return frozenset().union(*(get_font(file).get_charmap() for file in files))


def _width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
