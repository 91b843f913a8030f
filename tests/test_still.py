"""Pictures by matplotlib: whatever is on them, and whatever the reader's own settings are."""

import base64
import itertools
import struct

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from helpers import KINDS, each_panel, panel, panels, sample
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from qkvlib import WeightsExplorer, words
from qkvlib.views import still
from qkvlib.views.bars import bars
from qkvlib.views.look import module_of
from qkvlib.views.matrix import matrix
from qkvlib.views.still import DPI, MAX_WIDTH, drawable, figure_of, png
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


def boxes_of(figure):
    """Where each picture and each text beside pictures stands, in inches: x0, y0, x1, y1, from below."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    parts = [*figure.axes, *figure.texts]
    return dict(zip(parts, (part.get_tightbbox(renderer).extents / figure.dpi for part in parts), strict=True))


def check_drawing(pictures, status=""):
    """Left to right, then down, none on another but by the width of a line, no letter too small, and nothing said lost;
    no white stripe across that is wider than half an inch."""
    figure = figure_of(pictures, status)
    boxes, (width, height) = boxes_of(figure), figure.get_size_inches()
    assert len(figure.axes) == len(pictures)
    for (x0, _, _, y1), (x2, _, _, y3) in itertools.pairwise(boxes[ax] for ax in figure.axes):
        assert x2 > x0 or y3 < y1
    for one, other in itertools.combinations(boxes.values(), 2):
        across, down = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
        assert min(across, down) < 0.02
    edges = np.array([*boxes.values()])
    assert edges.min() > 0
    assert width - 0.15 < edges[:, 2].max() < width or width < 4.5
    assert width <= max(MAX_WIDTH, *(module_of(picture).size(picture)[0] + 3.5 for picture in pictures), 0)
    lowest = height
    for _, y0, _, y1 in sorted(boxes.values(), key=lambda box: -box[3]):
        assert lowest - y1 < 0.5
        lowest = min(lowest, y0)
    assert lowest < 0.15
    assert min(text.get_fontsize() for text in texts_of(figure)) >= 6
    written = sorted("".join(text.get_text().split()) for text in figure.texts)
    said = [text for picture in pictures for text in (picture["title"], picture["note"])] + [status]
    assert written == sorted(filter(None, ("".join(drawable(text).split()) for text in said)))


@pytest.mark.parametrize("n", [1, 4, 13, 40])
def test_pictures_of_any_length_with_any_text_keep_clear_of_each_other(n):
    check_drawing(all_kinds(n, seed=n))


def test_a_title_stands_close_above_its_picture_and_a_note_close_below():
    """From one left edge, whatever stands beside it."""
    pictures = all_kinds(4)
    figure = figure_of(pictures)
    boxes, texts = boxes_of(figure), iter(figure.texts)
    for picture, ax in zip(pictures, figure.axes, strict=True):
        x0, y0, _, y1 = boxes[ax]
        if picture["title"]:
            above = boxes[next(texts)]
            assert (above[0], above[1] - y1) == pytest.approx((x0, 0.08), abs=0.03)
        if picture["note"]:
            below = boxes[next(texts)]
            assert (below[0], y0 - below[3]) == pytest.approx((x0, 0.08), abs=0.03)
    assert next(texts, None) is None


def test_a_png_is_as_large_as_its_pictures():
    figure = figure_of(all_kinds(5))
    width, height = struct.unpack(">II", base64.b64decode(png(all_kinds(5)))[16:24])
    assert (width, height) == pytest.approx(figure.get_size_inches() * DPI, abs=1)


@each_panel
def test_the_pictures_of_an_explorer_keep_clear_of_each_other_and_say_all_that_the_panel_says(made):
    for language in words.LANGUAGES:
        with words.speaking(language):
            scene = panel(made).board.scene
            check_drawing(scene["pictures"].values(), scene["status"])


@pytest.mark.promise("reopens as it looked")
def test_the_status_of_a_panel_is_in_its_picture(monkeypatch):
    drawn = []
    monkeypatch.setattr(still, "png", lambda *shown: drawn.append(shown) or "")
    explorer = WeightsExplorer(sentence="the quokka")
    explorer._repr_mimebundle_()
    assert "quokka" in explorer.board.scene["status"]
    assert drawn == [([*explorer.board.scene["pictures"].values()], explorer.board.scene["status"])]


def test_no_rule_of_a_table_touches_a_text():
    """Whatever stands beside it, and of a table with many rows, too."""
    seen = 0
    for made in panels():
        figure = figure_of(made.board.scene["pictures"].values())
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        cells = [cell for ax in figure.axes for table in ax.tables for cell in table.get_celld().values()]
        for cell in cells:
            text, around = cell.get_text().get_window_extent(renderer), cell.get_window_extent(renderer)
            room = [text.x0 - around.x0, text.y0 - around.y0, around.x1 - text.x1, around.y1 - text.y1]
            assert min(room) > 2 or not cell.get_text().get_text(), made.name
        seen += len(cells)
    assert seen > 100


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
