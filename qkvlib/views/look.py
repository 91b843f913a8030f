"""How every picture looks, on the page and in a PNG: colours, sizes, widths of text, numbers as text. No matplotlib."""

import re
import unicodedata
from importlib import import_module
from typing import TypedDict

import numpy as np

COLOURS = {  # each readable on black and on white (3:1); on the page they are the variables --qkv-bar and so on
    "bar": "#4292c6",
    "step": "#a463c9",  # of the parts that are laid tip to tail
    "edge": "#808080",  # of what is moved or typed into
}
ROLES = {  # colours that mean one thing everywhere, as text on white and on the paper of a dark theme (4.5:1)
    "query": ("#0063a0", "#6cb8ee"),
    "key": ("#b04a00", "#ff9f57"),
    "value": ("#00735a", "#3ccfa0"),
}
SHARES = ("#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd")
LINES = {  # what a line stands for, in every picture -> its colours on light and on dark, its mark, its dashes
    "attention": (("#000000", "#ffffff"), "circle", ""),
    "rnn": (("#c2184b", "#ff8fab"), "down", ""),
    "gru": (("#5c4400", "#e0b93a"), "square", ""),
    "gru_open": (("#8a6a10", "#ffe9a0"), "hollow square", ""),
    "lstm": (("#5e35a8", "#a98be0"), "diamond", ""),
    "lstm_open": (("#8358cf", "#dccfff"), "hollow diamond", ""),
    "convolution": (("#00707a", "#4fc4cc"), "up", ""),
    "bound": (("#4d4d4d", "#b0b0b0"), "", "6 5"),
    "equal": (("#707070", "#e2e2e2"), "hollow circle", "2 4"),
    "guessing": (("#4d4d4d", "#b0b0b0"), "", "6 5"),
    "who": (("#c2184b", "#ff8fab"), "circle", ""),
    "action": (("#5e35a8", "#b39ddb"), "square", ""),
    "place": (("#00707a", "#4fc4cc"), "up", ""),
    "two_heads": (("#000000", "#ffffff"), "circle", ""),
    "one_head": (("#c2184b", "#ff8fab"), "down", ""),
    "learned": (("#8a6a10", "#ffe9a0"), "square", ""),
    "held_out": (("#000000", "#ffffff"), "circle", ""),
    "none": (("#000000", "#ffffff"), "circle", ""),
    "qk": (("#8a6a10", "#ffe9a0"), "square", ""),
    "all": (("#5e35a8", "#b39ddb"), "down", ""),
}
MAPS = {  # ColorBrewer's RdBu and Blues, as in matplotlib: the bluer, the more; both safe for colour-blind readers
    "scores": "67001f b2182b d6604d f4a582 fddbc7 f7f7f7 d1e5f0 92c5de 4393c3 2166ac 053061",
    "weights": "f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b",
}
MASKED = 255  # index of the last colour of a palette; 0 to 254 run along the map
MASKED_COLOUR = "#9a9a9a"
MAX_WHOLE = 5  # a table, bars or heatmap of more tokens scrolls in its own box where the stage has no room for it
MAX_ARCS = 12  # a sentence of more tokens is not drawn as words with arcs; bars are thinner
MAX_NUMBERS = 16  # a heatmap of more tokens shows only the number that is chosen or pointed at
ARCS_SIZE = 600, 112  # px, the arcs over the words
SMALL_ARCS = 262, 84  # px, where several sentences stand together
WIDE_ARCS = 840, 112  # px, where no control stands beside them
PLANE_SIZE = 310  # px, the side of a plane
PLANE_INCHES = 3.4  # of a PNG
NO_START = "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー々、。，．・：；！？）」』】"  # of a line
CURVES_SIZE = 300, 112  # px, the lines
TALL_CURVES = 300, 200  # px, where little stands under them
WIDE_CURVES = 480, 224  # px, where no control stands beside them
MAX_LABEL, MAX_TEXT = 16, 28  # widths that a PNG has room for: of a token, of a title or a content
INCHES = 0.085  # width of a letter in a PNG
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Picture(TypedDict):
    """What every kind of picture has.

    kind : the name of its Python and its JavaScript file
    title, note : str, above and below it
    asks : whether the reader can choose or move something on it
    """

    kind: str
    title: str
    note: str
    asks: bool


def module_of(picture):
    """The module of a picture's kind, with its `text`, `size`, `draw` and, where it asks, `fits`."""
    return import_module(f"{__package__}.{picture['kind']}")


def plain(picture) -> str:
    """A picture in words: its title, its numbers as a small table, its note."""
    parts = [part if isinstance(part, str) else columns(part) for part in module_of(picture).text(picture)]
    return "\n".join(filter(None, [picture["title"], *parts, picture["note"]]))


def spoken(pictures) -> str:
    """What comes of it all in one short sentence, which a screen reader says: that of the last picture that has one."""
    with_one = [picture for picture in pictures.values() if hasattr(module_of(picture), "said")]
    return module_of(with_one[-1]).said(with_one[-1]) if with_one else ""


# Numbers


def number(value, digits=2) -> str:
    """A number as every picture shows it: rounded, with a true minus sign, never "-0.00".

    Its last bits, which differ from machine to machine, do not decide how a 5 is rounded.
    """
    return f"{round(float(value), 9):z.{digits}f}".replace("-", "−")


def significant(value, digits=3) -> str:
    """A number of any size with three significant digits: 0.25, 1020, 1.2 × 10⁻⁸, ∞; a gap is a dash."""
    value = float(value)
    if not np.isfinite(value):
        return "–" if np.isnan(value) else "∞" if value > 0 else "−∞"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if value == 0 or -4 < int(exponent) < 5:
        return f"{float(f'{value:.{digits}g}'):g}".replace("-", "−")
    return f"{float(mantissa):g} × {power(int(exponent))}".replace("-", "−")


def power(exponent) -> str:
    """A power of ten: 10⁻⁸."""
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def bound(values) -> float:
    """A round number that no absolute value exceeds: 1, 2, 3, 5, 7, 10, 20, …"""
    largest = np.abs(values).max(initial=1)
    decade = 10 ** np.floor(np.log10(largest))
    return float(next(step * decade for step in (1, 2, 3, 5, 7, 10) if step * decade >= largest))


# Text


def width(text: str) -> int:
    """How wide a text is in letters, where a Japanese character is two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, limit=MAX_LABEL) -> str:
    """The text, no wider than the limit."""
    if width(text) <= limit:
        return text
    while width(text) >= limit:
        text = text[:-1]
    return text + "…"


def columns(rows) -> str:
    """Rows of str as lines with aligned columns."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(" " * (w - width(cell)) + cell for cell, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def label_width(labels, limit=MAX_LABEL) -> float:
    """The room in inches that labels need in a PNG."""
    return 0.1 + INCHES * max(width(cut(label, limit)) for label in labels)


def lines_of(title: str, limit: int) -> str:
    """A title in lines that are no wider than the limit, broken at spaces and between Japanese characters.

    No line begins with a small kana, ー, a full stop or a closing bracket, or ends with an opening one.
    """
    lines = [""]
    parts = rf"[（「『【]?(?:[^\s\u3000-\u9fff（）：！？]+|[\u3000-\u9fff]|[：！？])?[{NO_START}]*\s*"
    for part in filter(None, re.findall(parts, title)):
        if width(lines[-1] + part.rstrip()) > limit and lines[-1]:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


# Colours


def palette(name: str) -> list[tuple[str, str]]:
    """256 pairs (background, ink): the colour map in 255 steps, then the colour of a masked cell.

    The ink is black or white, whichever contrasts more: never less than 4.5:1 (WCAG 2.1).
    """
    anchors = np.array([_channels(f"#{colour}") for colour in MAPS[name].split()])  # (n, 3)
    places = np.linspace(0, 1, MASKED), np.linspace(0, 1, len(anchors))
    steps = np.round(255 * np.transpose([np.interp(*places, channel) for channel in anchors.T])).astype(int)
    colours = ["#{:02x}{:02x}{:02x}".format(*step) for step in steps]
    return [(colour, ink(colour)) for colour in [*colours, MASKED_COLOUR]]


def share_colours(values, among=None) -> list[str]:
    """A colour for each value, that of the first one that is equal, in the list of all values if there is one."""
    return [SHARES[(among or values).index(value) % len(SHARES)] for value in values]


def ink(background: str) -> str:
    """Black or white, whichever is read more easily on a background colour."""
    return "#000000" if contrast(background, "#000000") >= contrast(background, "#ffffff") else "#ffffff"


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    channels = _channels(colour)
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _channels(colour):
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


PALETTES = {name: palette(name) for name in MAPS}
