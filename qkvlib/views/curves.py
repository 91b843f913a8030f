"""Lines over x, with the numbers of one x that is looked at."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from ..figures import CURVES_SIZE, LINES

MARGIN = 10  # px between the lines and the edge
MOST_TICKS = 7
MOST_ROWS = 12  # of the table in words
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def curves(x, lines, title, axes, at=None, log=(False, False), limits=None, dashed=(), note="") -> dict:
    """Lines over x; the number of each at one x stands beside its name.

    x : array, shape (n_points,), increasing
    lines : dict, label -> array, shape (n_points,), at most 8 lines; nan leaves a gap
    axes : two str, what x and y are
    at : index of the x that is looked at, else the last
    log : whether x and y are logarithmic; on a logarithmic axis a value of 0 lies on the lower edge
    limits : lowest and highest y, so that pictures can be compared; what lies outside is drawn on the edge
    dashed : labels of lines that are drawn dashed
    """
    x = np.asarray(x, dtype=float)
    lines = {label: np.asarray(values, dtype=float) for label, values in lines.items()}
    at = len(x) - 1 if at is None else at
    y = np.concatenate([values[np.isfinite(values)] for values in lines.values()])
    width, height = CURVES_SIZE
    across, x_ticks = _scale(x, log[0], (MARGIN, width - MARGIN), among=x if len(x) <= MOST_TICKS else None)
    upward, y_ticks = _scale(y if limits is None else np.array(limits), log[1], (height - MARGIN, MARGIN))
    shown = range(len(x)) if len(x) <= MOST_ROWS else sorted({at, *np.linspace(0, len(x) - 1, 9).round().astype(int)})
    return {
        "kind": "curves",
        "title": title,
        "axes": list(axes),
        "labels": list(lines),
        "colours": [LINES[i] for i in range(len(lines))],
        "dashed": [label in dashed for label in lines],
        "places": across(x),
        "heights": [upward(values) for values in lines.values()],
        "ticks": [x_ticks, y_ticks],
        "at": at,
        "x_text": f"{x[at]:g}",
        "texts": [significant(values[at]) for values in lines.values()],
        "rows": [[f"{x[i]:g}", *(significant(values[i]) for values in lines.values())] for i in shown],
        "note": note,
    }


def significant(value, digits=3) -> str:
    """A number of any size with three significant digits: 0.25, 1020, 1.2 × 10⁻⁸; a gap is a dash."""
    value = float(value)
    if np.isnan(value):
        return "–"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if value == 0 or -4 < int(exponent) < 5:
        return f"{float(f'{value:.{digits}g}'):g}".replace("-", "−")
    return f"{float(mantissa):g} × {_power(int(exponent))}".replace("-", "−")


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
    steps = [1, 2, 4, 5, 10] if log else [1, 2, 5, 10]
    marks = MaxNLocator(MOST_TICKS - 1, integer=log, steps=steps).tick_values(low, high)
    marks = marks[(marks >= low - 1e-9) & (marks <= high + 1e-9)]
    texts = [_decade(mark) if log else significant(mark) for mark in marks]
    return places, [list(tick) for tick in zip(places(10.0**marks if log else marks), texts, strict=True)]


def _decade(exponent):
    return significant(10.0**exponent) if -4 < exponent < 5 else _power(int(exponent))


def _power(exponent):
    return "10" + str(exponent).translate(SUPERSCRIPTS)
