"""Lines over x, with the numbers of one x that is looked at."""

import numpy as np

from .look import CURVES_SIZE, LINES, MAX_NUMBERS, Picture, power, significant

MARGIN = 10  # px between the lines and the edge
MOST_TICKS = 7
MOST_ROWS = 12  # of the table in words


class Curves(Picture):
    """places, heights : of the points, in pixels, a gap is None; ticks : of x and y, pairs of place and text;
    at : index of the x that is looked at; x_text, texts : its numbers; rows : the table in words."""

    axes: list[str]
    labels: list[str]
    colours: list[str]
    dashed: list[bool]
    places: list[float]
    heights: list[list[float | None]]
    ticks: list[list]
    at: int
    x_text: str
    texts: list[str]
    rows: list[list[str]]


def curves(x, lines, title, axes, at=None, log=(False, False), limits=None, dashed=(), note="", asks=False) -> Curves:
    """Lines over x; the number of each at one x stands beside its name.

    x : array, shape (n_points,), increasing
    lines : dict, label -> array, shape (n_points,), at most 8 lines; nan leaves a gap
    axes : two str, what x and y are
    at : index of the x that is looked at, else the last
    log : whether x and y are logarithmic; on a logarithmic axis a value of 0 lies on the lower edge
    limits : lowest and highest y, so that pictures can be compared; what lies outside is drawn on the edge
    dashed : labels of lines that are drawn dashed
    asks : another x can be chosen
    """
    x = np.asarray(x, dtype=float)
    lines = {label: np.asarray(values, dtype=float) for label, values in lines.items()}
    at = len(x) - 1 if at is None else at
    y = np.concatenate([values[np.isfinite(values)] for values in lines.values()])
    width, height = CURVES_SIZE
    across, x_ticks = _scale(x, log[0], (MARGIN, width - MARGIN), among=x if len(x) <= MOST_TICKS else None)
    upward, y_ticks = _scale(y if limits is None else np.array(limits), log[1], (height - MARGIN, MARGIN))
    shown = range(len(x)) if len(x) <= MOST_ROWS else sorted({at, *np.linspace(0, len(x) - 1, 9).round().astype(int)})
    return Curves(
        kind="curves",
        title=title,
        axes=list(axes),
        labels=list(lines),
        colours=[LINES[i] for i in range(len(lines))],
        dashed=[label in dashed for label in lines],
        places=across(x),
        heights=[upward(values) for values in lines.values()],
        ticks=[x_ticks, y_ticks],
        at=at,
        x_text=f"{x[at]:g}",
        texts=[significant(values[at]) for values in lines.values()],
        rows=[[f"{x[i]:g}", *(significant(values[i]) for values in lines.values())] for i in shown],
        note=note,
        asks=asks,
    )


def fits(picture, at) -> bool:
    """Whether there is such a point."""
    return 0 <= at < len(picture["places"])


def text(picture):
    """The numbers at some x, and what y is."""
    return [[[picture["axes"][0], *picture["labels"]], *picture["rows"]], picture["axes"][1]]


def said(picture):
    """The numbers at the x that is looked at, without those that only serve for comparison."""
    lines = zip(picture["labels"], picture["texts"], picture["dashed"], strict=True)
    return f"{picture['axes'][0]} {picture['x_text']}: " + "; ".join(f"{a} {b}" for a, b, dashed in lines if not dashed)


def size(picture):
    """Width and height in inches."""
    return 6.4, 3.9


def draw(ax, picture):
    """Lines over x in the pixels of the page, the numbers of the chosen x in the legend; returns the lines."""
    from .still import titled

    drawn = []
    parts = zip(*(picture[key] for key in ("labels", "texts", "colours", "dashed", "heights")), strict=True)
    for i, (label, shown, colour, dashed, heights) in enumerate(parts):
        marker = "osD^v"[i % 5] if len(heights) <= MAX_NUMBERS else None
        style = {"color": colour, "linestyle": "--" if dashed else "-", "marker": marker, "markersize": 5}
        y = np.array(heights, dtype=float)  # a gap, None, is nan
        drawn += ax.plot(picture["places"], y, label=f"{label}: {shown}", **style)
    ax.axvline(picture["places"][picture["at"]], color="#555555", linewidth=0.8)
    ax.set(xlim=(0, CURVES_SIZE[0]), ylim=(CURVES_SIZE[1], 0), xlabel=picture["axes"][0], ylabel=picture["axes"][1])
    for axis, ticks in zip((ax.xaxis, ax.yaxis), picture["ticks"], strict=True):
        axis.set_ticks([place for place, _ in ticks], [label for _, label in ticks], size=9)
    ax.grid(alpha=0.3)
    ax.legend(fontsize=8, title=f"{picture['axes'][0]} {picture['x_text']}", title_fontsize=8)
    titled(ax, picture)
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
