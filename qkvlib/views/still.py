"""Pictures by matplotlib, for notebook cells and in place of a live view where no kernel runs.

Imported only when a picture is drawn. They depend on nothing of the reader's own matplotlib settings.
"""

import base64
import contextlib
import functools
import io
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib import ft2font
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font

from .look import lines_of, module_of

MAX_WIDTH = 12.5  # inches of pictures in a row; a single picture may be wider
INCHES_OF_TITLE = 0.095  # width of a letter of a title
DPI = 100
DRAWER = f"matplotlib {mpl.__version__}, FreeType {ft2font.__freetype_version__}"  # stands in each PNG


def figure_of(pictures) -> Figure:
    """Pictures side by side, in as many rows as it takes, as on the page.

    pictures : list of dict, as made by the modules of this folder
    """
    pictures = [drawable(picture) for picture in pictures]
    sizes = [module_of(picture).size(picture) for picture in pictures]
    rows = [[]]
    for picture, size in zip(pictures, sizes, strict=True):
        if rows[-1] and sum(width for _, (width, _) in rows[-1]) + size[0] > MAX_WIDTH:
            rows.append([])
        rows[-1].append((picture, size))
    widths = [sum(width for _, (width, _) in row) for row in rows]
    heights = [max(height for _, (_, height) in row) for row in rows]
    with settings():
        figure = Figure(figsize=(max(widths), sum(heights)), dpi=DPI, layout="compressed")
        lines = figure.add_gridspec(len(rows), 1, height_ratios=heights)
        for line, row, used in zip(lines, rows, widths, strict=True):
            ratios = [*(width for _, (width, _) in row), max(widths) - used + 1e-3]  # the last for what is left over
            for place, (picture, _) in zip(line.subgridspec(1, len(ratios), width_ratios=ratios), row, strict=False):
                module_of(picture).draw(figure.add_subplot(place), picture)
    return figure


def png(pictures) -> str:
    """The pictures as one PNG in base64, the same bytes each time."""
    figure = figure_of(pictures)
    with settings(), io.BytesIO() as file:
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # the layout of the first time is kept
        for ax in figure.axes:  # its last bits, which differ each time, would move a line to the next pixel
            ax.set_position(np.round(ax.get_position(original=True).bounds, 6))
            ax.set_in_layout(True)
        figure.savefig(file, format="png", metadata={"Software": DRAWER}, bbox_inches="tight", pad_inches=0.08)
        return base64.b64encode(file.getvalue()).decode()


@contextlib.contextmanager
def settings():
    """matplotlib's own settings, with fonts that have Japanese, and `$` taken as typed."""
    own = {"font.family": _families(), "text.parse_math": False, "savefig.dpi": DPI}
    with mpl.style.context(["default", own]):
        yield


def drawable(part):
    """A picture, or a part of it, with □ for each character that the fonts do not have (emoji, say)."""
    if isinstance(part, str):
        return "".join(c if ord(c) in _characters() else "□" for c in part if unicodedata.category(c) != "Cf")
    if isinstance(part, dict):
        return {name: drawable(value) for name, value in part.items()}
    return type(part)(map(drawable, part)) if isinstance(part, list | tuple) else part


def titled(ax, picture, room=0.0):
    """Write the title in lines that are no wider than what is drawn under it; `room` inches stand beside that."""
    limit = int((module_of(picture).size(picture)[0] - room) / INCHES_OF_TITLE)
    ax.set_title(lines_of(picture["title"], limit), size=10.5)


@functools.cache
def _families():
    # The font file of matplotlib-fontja; importing that package would change the reader's settings.
    file = Path(find_spec("matplotlib_fontja").origin).parent / "fonts" / "ipaexg.ttf"
    fontManager.addfont(file)
    return ["DejaVu Sans", FontProperties(fname=file).get_name()]


@functools.cache
def _characters():
    files = (fontManager.findfont(family) for family in _families())
    return frozenset({ord("\n")}.union(*(get_font(file).get_charmap() for file in files)))
