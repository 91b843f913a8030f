"""Pictures by matplotlib: whatever is on them, and whatever the reader's own settings are."""

import base64
import itertools
import struct

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from helpers import KINDS, each_panel, panel, sample
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from qkvlib import words
from qkvlib.views.bars import bars
from qkvlib.views.look import module_of
from qkvlib.views.matrix import matrix
from qkvlib.views.still import MAX_WIDTH, drawable, figure_of, png
from qkvlib.views.table import table

HOSTILE = {
    "text.usetex": True,
    "text.parse_math": True,
    "savefig.dpi": 300,
    "savefig.bbox": "standard",
    "savefig.pad_inches": 2,
    "savefig.facecolor": "red",
    "savefig.transparent": True,
    "figure.dpi": 30,
    "figure.autolayout": True,
    "figure.constrained_layout.use": True,
    "font.size": 30,
    "font.family": "monospace",
    "axes.facecolor": "red",
    "axes.prop_cycle": mpl.cycler(color=["red"]),
    "axes.unicode_minus": False,
    "axes.formatter.useoffset": False,
    "axes.titlesize": 40,
    "axes.xmargin": 0.9,
    "image.origin": "lower",
    "image.cmap": "jet",
    "lines.linewidth": 9,
    "patch.force_edgecolor": True,
    "path.sketch": (5, 50, 5),
    "legend.loc": "center",
    "xtick.direction": "in",
    "ytick.labelright": True,
}


def all_kinds(n, seed=0):
    return [sample(kind, np.random.default_rng(seed), n) for kind in KINDS]


def texts_of(figure):
    """All that is written on a figure, and how."""
    cells = [cell.get_text() for ax in figure.axes for table in ax.tables for cell in table.get_celld().values()]
    return [text for text in figure.findobj(Text) + cells if text.get_visible() and text.get_text()]


def test_pictures_are_the_same_bytes_each_time_whatever_the_reader_set():
    settings = dict(mpl.rcParams)
    first = png(all_kinds(3))
    assert dict(mpl.rcParams) == settings
    with mpl.style.context(["dark_background", HOSTILE]):
        assert png(all_kinds(3)) == first
    assert png([bars([0.2, 0.5], "ab", "")]) != png([bars([0.4, 0.5], "ab", "")])


def check_drawing(pictures):
    """Left to right, then down, none on another but by the width of a line, no letter too small."""
    figure = figure_of(pictures)
    figure.draw_without_rendering()
    renderer = FigureCanvasAgg(figure).get_renderer()
    assert figure.get_figwidth() <= max(MAX_WIDTH, *(module_of(picture).size(picture)[0] for picture in pictures), 0)
    boxes = [ax.get_tightbbox(renderer) for ax in figure.axes]
    assert len(boxes) == len(pictures)
    for one, other in itertools.pairwise(boxes):
        assert other.x0 > one.x1 - 2 or other.y1 < one.y0 + 2
    for one, other in itertools.combinations(boxes, 2):
        across, down = min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0)
        assert min(across, down) < 2
    assert min(text.get_fontsize() for text in texts_of(figure)) >= 6


@pytest.mark.parametrize("n", [1, 4, 13, 40])
def test_pictures_of_any_length_with_any_text_keep_clear_of_each_other(n):
    check_drawing(all_kinds(n, seed=n))


def test_a_png_holds_all_that_is_drawn():
    figure = figure_of(all_kinds(5))
    figure.draw_without_rendering()
    box = figure.get_tightbbox(FigureCanvasAgg(figure).get_renderer())  # inches
    width, height = struct.unpack(">II", base64.b64decode(png(all_kinds(5)))[16:24])
    assert 0 < width - box.width * figure.dpi < 20
    assert 0 < height - box.height * figure.dpi < 20


@each_panel
def test_the_pictures_of_an_explorer_keep_clear_of_each_other(made):
    for language in words.LANGUAGES:
        with words.speaking(language):
            check_drawing(panel(made).board.scene["pictures"].values())


@pytest.mark.parametrize("typed", ["$x$", "$\\frac{", "a_b^c", "\\alpha", "100%"])
def test_signs_of_mathematics_are_drawn_as_typed(typed):
    picture = matrix([[0.5]], [typed], [typed], typed, "weights")
    figure = figure_of([picture, bars([0.5], [typed], typed), table(typed, [typed, "b"], [[typed, "1"]])])
    drawn = [text for text in texts_of(figure) if text.get_text() == typed]
    assert len(drawn) == 3 + 2 + 3  # labels and title of the matrix and the bars, title and two cells of the table
    assert not any(text.get_parse_math() for text in drawn)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("🎒", "□"),
        ("学校", "学校"),
        ("שלום", "שלום"),
        ("a\u200bb", "ab"),
        ("👩\u200d🏫", "□□"),
        ("$<é>", "$<é>"),
        ("", ""),
    ],
)
def test_only_what_the_fonts_lack_is_drawn_as_a_box(typed, drawn):
    assert drawable(typed) == drawn
