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
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.text import Text

from .look import lines_of, module_of

MAX_WIDTH = 9.5  # inches of pictures in a row; a single picture may be wider
WIDE = 0.6 * MAX_WIDTH  # a picture that is wider stands alone in its row, as one without a title does
LEAST = 4.0  # inches that a title and a note have in any case
TITLE, NOTE, LETTER = 10.5, 9, 0.56  # points, and the width of a letter as a share of them
BESIDE, CLOSE = 0.35, 0.08  # inches between pictures, and between the parts of one
DPI = 100
DRAWER = f"matplotlib {mpl.__version__}, FreeType {ft2font.__freetype_version__}"  # stands in each PNG


def figure_of(pictures, status="") -> Figure:
    """Pictures side by side, in as many rows as it takes, as on the page, each with its title and its note.

    pictures : list of dict, as made by the modules of this folder
    status : str, a line of remarks under them all
    """
    with settings():
        figure = Figure(figsize=(1, 1), dpi=DPI)  # so that shares of it are inches, until all sizes are known
        placed, left, top, right, below = [], 0.0, 0.0, LEAST, 0.0
        for picture in map(drawable, pictures):
            block = Block(figure, picture)
            room = MAX_WIDTH if block.width > WIDE or not picture["title"] else block.width
            if left and left + room > MAX_WIDTH:
                left, top = 0.0, below + BESIDE
            placed.append((block, left, top))
            right, below = max(right, left + block.width), max(below, top + block.height)
            left += room + BESIDE
        if status:
            block = Block(figure, {"kind": None, "title": "", "note": drawable(status)}, right)
            placed.append((block, 0.0, below + BESIDE))
            below += BESIDE + block.height
        size = right + 2 * CLOSE, below + 2 * CLOSE
        figure.set_size_inches(size)
        for block, left, top in placed:
            block.put(left + CLOSE, size[1] - CLOSE - top, size)
    return figure


class Block:
    """A picture with its title above and its note below, all from the same left edge, on a figure of one square inch.

    parts : triples of what is put somewhere, and how far right of and below the upper left corner its own corner is
    width, height : of all; like all of these in inches
    """

    def __init__(self, figure, picture, least=LEAST):
        self.parts, self.width, self.height = [], 0.0, 0.0
        renderer, ax = FigureCanvasAgg(figure).get_renderer(), None
        if picture["kind"]:
            ax = figure.add_axes((0, 0, *module_of(picture).size(picture)))
            module_of(picture).draw(ax, picture)
            least = max(least, ax.get_tightbbox(renderer).width / DPI)
        title, note = (
            said and figure.text(0, 0, lines_of(said, int(least * 72 / size / LETTER)), size=size, linespacing=1.3)
            for said, size in ((picture["title"], TITLE), (picture["note"], NOTE))
        )
        for part in filter(None, (title, ax, note)):
            box = part.get_tightbbox(renderer)
            self.height += CLOSE if self.parts else 0
            self.parts.append((part, -box.x0 / DPI, self.height + box.y1 / DPI))
            self.width, self.height = max(self.width, box.width / DPI), self.height + box.height / DPI

    def put(self, left, top, size):
        """Put its upper left corner so far from the lower left one of the figure, which is of that size now."""
        for part, x, y in self.parts:
            corner = np.round(np.array([left + x, top - y]) * DPI) / DPI / size  # on a whole pixel
            if isinstance(part, Text):
                part.set_position(corner)
            else:
                part.set_position((*corner, *part.get_position(original=True).size / size))


def png(pictures, status="") -> str:
    """The pictures, with a line of remarks under them, as one PNG in base64, the same bytes each time."""
    figure = figure_of(pictures, status)
    with settings(), io.BytesIO() as file:
        figure.savefig(file, format="png", metadata={"Software": DRAWER})
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
