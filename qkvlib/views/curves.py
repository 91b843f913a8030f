"""Lines over x, with the numbers of one x that is looked at."""

import itertools

import numpy as np

from .look import CURVES_SIZE, LINES, MAX_NUMBERS, Picture, power, significant

PIXEL = 1 / 75  # inches of a PNG
MARGIN = 10  # px between the lines and the edge
ROW = 18  # px, a row beyond the break of an axis
MOST_TICKS = 7
MOST_ROWS = 12  # of the table in words
EVERY = 10  # where points lie too close for marks, one in so many has one
UNDER = 42  # px under the lines, for what stands there
MARKS = {"circle": "o", "square": "s", "diamond": "D", "up": "^", "down": "v", "": ""}  # for matplotlib
NAMES = [*LINES]


class Curves(Picture):
    """size : px, across and down; styles : for each line, its name in LINES of look.py; places, heights : of the
    points, in pixels, a gap is None; marked : for each line, which of its points have a mark; names : where its name
    stands, in the order of the numbers beside; ticks : of x and y, pairs of place and text; breaks : where that of
    y is broken, before what is 0, too small or too large for it; at : index of the x that is looked at; x_text, texts :
    its numbers; rows : the table in words."""

    size: list[int]
    axes: list[str]
    labels: list[str]
    styles: list[str]
    places: list[float]
    heights: list[list[float | None]]
    marked: list[list[int]]
    names: list[float]
    ticks: list[list]
    breaks: list[float]
    at: int
    x_text: str
    texts: list[str]
    rows: list[list[str]]


def curves(
    x,
    lines,
    title,
    axes,
    at=None,
    log=(False, False),
    limits=None,
    styles=NAMES,
    note="",
    asks=False,
    size=CURVES_SIZE,
) -> Curves:
    """Lines over x; beside them their names, in the order of their numbers at one x.

    x : array, shape (n_points,), increasing
    lines : dict, label -> array, shape (n_points,); nan leaves a gap
    axes : two str, what x and y are
    at : index of the x that is looked at, else the last
    log : whether x and y are logarithmic; 0 then has a row of its own under a break of the axis
    limits : lowest and highest y, so that pictures can be compared; what lies below or above has a row of its own, too,
        beyond a break
    styles : for each line, the name in LINES of what it stands for
    asks : another x can be chosen
    size : px, across and down: CURVES_SIZE, TALL_CURVES or WIDE_CURVES
    """
    x = np.asarray(x, dtype=float)
    lines = {label: np.asarray(values, dtype=float) for label, values in lines.items()}
    at = len(x) - 1 if at is None else at
    y = np.concatenate([values[np.isfinite(values)] for values in lines.values()])
    width, height = size
    across, x_ticks = _scale(x, log[0], (MARGIN, width - MARGIN), among=x if len(x) <= MOST_TICKS else None)
    beyond = [_beyond(values, log[1], limits) for values in lines.values()]  # of each point, in which row it lies
    found = {*itertools.chain(*beyond)}
    above, below = [[(name, text) for name, text in side if name in found] for side in _rows(log[1], limits)]
    top, bottom = MARGIN + ROW * len(above), height - MARGIN - ROW * len(below)
    upward, y_ticks = _scale(y if limits is None else np.array(limits), log[1], (bottom, top))
    rows = {name: top - ROW * (1 + i) for i, (name, _) in enumerate(above)}
    rows |= {name: bottom + ROW * (1 + i) for i, (name, _) in enumerate(below)}
    heights = [
        [rows.get(row, y) for row, y in zip(of_line, upward(values), strict=True)]
        for of_line, values in zip(beyond, lines.values(), strict=True)
    ]
    shown = range(len(x)) if len(x) <= MOST_ROWS else sorted({at, *np.linspace(0, len(x) - 1, 9).round().astype(int)})
    return Curves(
        kind="curves",
        title=title,
        size=list(size),
        axes=list(axes),
        labels=list(lines),
        styles=[*styles][: len(lines)],
        places=across(x),
        heights=heights,
        marked=[_marked(of_line, i, len(lines)) for i, of_line in enumerate(heights)],
        names=_names([values[at] for values in lines.values()], [of_line[at] for of_line in heights], height + UNDER),
        ticks=[x_ticks, [*y_ticks, *([rows[name], text] for name, text in [*above, *below])]],
        breaks=[edge for edge, side in ((top - ROW / 2, above), (bottom + ROW / 2, below)) if side],
        at=at,
        x_text=f"{x[at]:g}",
        texts=[significant(values[at]) for values in lines.values()],
        rows=[[f"{x[i]:g}", *(significant(values[i]) for values in lines.values())] for i in shown],
        note=note,
        asks=asks,
    )


def _beyond(values, log, limits):
    """Of each value, whether it has a row of its own, beyond the axis: "large", "small", "zero", or none, ""."""
    low, high = limits or (-np.inf, np.inf)
    conditions = [values > high, (values == 0) & log, values < low]
    return np.select(conditions, ["large", "zero", "small"], "").tolist()


def _rows(log, limits):
    """What rows there can be, above and below, each from the axis outwards: pairs of name and text of the tick."""
    low, high = [_decade(np.log10(end)) if log else significant(end) for end in limits or (1, 1)]
    return [("large", f"> {high}")], [("small", f"< {low}"), ("zero", "0")]


def _marked(heights, i, n_lines):
    """Every point, or of many one in ten, in each line others."""
    few = len(heights) <= MAX_NUMBERS
    return [at for at, y in enumerate(heights) if y is not None and (few or at % EVERY == i * EVERY // n_lines)]


def _names(values, heights, room):
    """Where the name of each line stands: in the order of the numbers, as near to its height as others let it."""
    gap = min(18, room / (len(values) + 1))
    order = sorted(range(len(values)), key=lambda i: -np.nan_to_num(values[i], nan=-np.inf))
    names, lowest = np.zeros(len(values)), gap / 2
    for i in order:
        names[i] = lowest = max(lowest + gap, heights[i] or 0)
    highest = room
    for i in reversed(order):
        names[i] = min(names[i], highest)
        highest = names[i] - gap
    return np.round(names, 2).tolist()


def fits(picture, at) -> bool:
    """Whether there is such a point."""
    return 0 <= at < len(picture["places"])


def text(picture):
    """The numbers at some x, and what y is."""
    return [[[picture["axes"][0], *picture["labels"]], *picture["rows"]], picture["axes"][1]]


def said(picture):
    """The numbers at the x that is looked at, without those that only serve for comparison."""
    lines = zip(picture["labels"], picture["texts"], picture["styles"], strict=True)
    shown = "; ".join(f"{label} {text}" for label, text, style in lines if not LINES[style][2])  # dashed ones compare
    return f"{picture['axes'][0]} {picture['x_text']}: {shown}"


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    width, height = picture["size"]
    return width * PIXEL, height * PIXEL


def draw(ax, picture):
    """Lines over x in the pixels of the page, each with its name and the number of the chosen x; returns the lines."""
    drawn, (width, height) = [], picture["size"]
    parts = zip(*(picture[key] for key in ("labels", "texts", "styles", "heights", "marked", "names")), strict=True)
    for label, shown, style, heights, marked, name in parts:
        (colour, _), mark, dashes = LINES[style]
        hollow, form = "hollow" in mark, mark.removeprefix("hollow ")
        marks = {"marker": MARKS[form], "markevery": marked, "markersize": 5, "mfc": "white" if hollow else colour}
        y = np.array(heights, dtype=float)  # a gap, None, is nan
        drawn += ax.plot(picture["places"], y, label=f"{label}: {shown}", color=colour, **marks)
        own = ax.plot(
            [width + 8, width + 19, width + 30], [name] * 3, color=colour, clip_on=False, **marks | {"markevery": [1]}
        )
        for line in (drawn[-1], *own):
            line.set_linestyle((0, tuple(map(int, dashes.split()))) if dashes else "-")
        ax.text(width + 36, name, f"{label}: {shown}", color=colour, va="center", size=9)
    ax.axvline(picture["places"][picture["at"]], color="#555555", linewidth=0.8)
    ax.text(width + 36, 2, f"{picture['axes'][0]} {picture['x_text']}", va="center", size=9)
    for edge in picture["breaks"]:
        ax.axhline(edge, color="black", linewidth=0.8, linestyle=(0, (1, 3)))
    ax.set(xlim=(0, width), ylim=(height, 0), xlabel=picture["axes"][0])
    ax.text(0, -6, f"↑ {picture['axes'][1]}", size=9)
    for axis, ticks in zip((ax.xaxis, ax.yaxis), picture["ticks"], strict=True):
        axis.set_ticks([place for place, _ in ticks], [label for _, label in ticks], size=9)
    ax.grid(alpha=0.3)
    return drawn


def _scale(values, log, ends, among=None):
    """Where values lie between two ends, in pixels (a gap is None), and the ticks there: pairs of place and text."""
    measure = (lambda values: np.log10(np.maximum(values, 1e-300))) if log else np.asarray
    inside = measure(values[values > 0] if log else values)
    low, high = (float(inside.min()), float(inside.max())) if len(inside) else (0.0, 1.0)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5

    def places(values):
        shares = np.clip((measure(values) - low) / (high - low), 0, 1)
        pixels = np.round(ends[0] + shares * (ends[1] - ends[0]), 2)
        return [None if gap else pixel for gap, pixel in zip(np.isnan(values), pixels.tolist(), strict=True)]

    if among is not None:
        return places, [[place, f"{value:g}"] for place, value in zip(places(among), among, strict=True)]
    marks = _exponents(low, high) if log else round_numbers(low, high, (1, 2, 5))
    texts = [_decade(mark) if log else significant(mark) for mark in marks]
    return places, [list(tick) for tick in zip(places(10.0**marks if log else marks), texts, strict=True)]


def round_numbers(low, high, steps, least=0.0) -> np.ndarray:
    """At most seven round numbers from low to high, the multiples of one of `steps` times a power of ten.

    least : no smaller step
    """
    narrowest = max((high - low) / (MOST_TICKS - 1), least) * (1 - 1e-9)
    decade = 10.0 ** np.floor(np.log10(narrowest))
    step = next(step * decade for step in (*steps, 10) if step * decade >= narrowest)
    return step * np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) + 0.0  # no -0.0


def _exponents(low, high):
    """Exponents of round numbers between two powers of ten: of decades, else of 1, 2, 5, …, else of what there is."""
    marks = round_numbers(low, high, (1, 2, 4, 5), 1)
    if len(marks) > 1:
        return marks
    fine = np.log10(np.outer(10.0 ** np.arange(np.floor(low), high), (1, 2, 5)).ravel())
    marks = fine[(fine >= low) & (fine <= high)]
    return marks if len(marks) > 1 else np.log10(round_numbers(10.0**low, 10.0**high, (1, 2, 5)))


def _decade(exponent):
    return power(int(exponent)) if exponent % 1 == 0 and not -4 < exponent < 5 else significant(10.0**exponent)
