"""One line of arithmetic, as it would be written on the board."""

import re

from ..arguments import fixed
from .look import Picture, lines_of, number, width

MARKS = fixed({role: f"{{{role}}}" for role in ("query", "key", "value")})  # for the words of a line that says them
WIDEST, LETTER = 8.6, 0.086  # inches, in a PNG
MOST_TERMS = 6  # of a sum that is written out


class Arithmetic(Picture):
    """parts : pairs of a text and its role: "", "query", "key", "value", "power" (raised) or "result"."""

    parts: list[list[str]]


def arithmetic(line, **words) -> Arithmetic:
    """What is chosen, worked out.

    line : str, in which `{query}` and so on stand for `words` of that role, ^{x} is raised, and *x* is the result
    """
    parts = []
    for role, raised, result, plain in re.findall(r"\{(\w+)\}|\^\{([^}]*)\}|\*([^*]+)\*|([^{^*]+)", line):
        if role:
            parts.append([str(words[role]), role])
        elif raised:
            parts.append([raised, "power"])
        else:
            parts.append([result or plain, "result" if result else ""])
    return Arithmetic(kind="arithmetic", title="", parts=parts, note="", asks=False)


def sum_of(terms) -> str:
    """Terms as a sum, a negative one taken away; of a long sum the beginning, and the end."""
    terms = list(terms)
    shown = terms if len(terms) <= MOST_TERMS else [*terms[: MOST_TERMS - 2], "…", terms[-1]]
    return " + ".join(shown).replace("+ −", "− ")


def products_of(ones, others) -> str:
    """Products of numbers, as a sum."""
    return sum_of(f"{number(a)} × {factor(b)}" for a, b in zip(ones, others, strict=True))


def factor(value) -> str:
    """A number behind ×; a negative one stands in brackets."""
    shown = number(value)
    return f"({shown})" if shown.startswith("−") else shown


def text(picture):
    """The line, a power after ^."""
    return ["".join(f"^{part}" if role == "power" else part for part, role in picture["parts"])]


def said(picture):
    """What is worked out, and the result, without the steps between."""
    return re.sub(r" ?= .* = ", " = ", text(picture)[0])


def size(picture):
    """Width and height in inches, without what stands around the axes."""
    lines = _lines(picture).splitlines()
    return LETTER * max(map(width, lines)), 0.25 * len(lines)


def draw(ax, picture):
    """The line, in as many lines as it takes; returns its text."""
    shown = _lines(picture)
    ax.axis("off")
    return ax.text(0, 0.5, shown, va="center", size=11, transform=ax.transAxes)


def _lines(picture):
    return lines_of(text(picture)[0], int(WIDEST / LETTER))
