"""The pictures: what `qkvlib.views` says is to be drawn, and what matplotlib draws of it."""

import base64
import itertools
import re
import struct
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_rgb
from matplotlib.figure import Figure
from matplotlib.table import Table
from matplotlib.text import Text

from qkvlib import (
    KNOWN,
    ChainExplorer,
    MixingExplorer,
    RolesExplorer,
    ScoresExplorer,
    SearchExplorer,
    W_v,
    WeightsExplorer,
    chain,
    chart,
    figures,
    words,
)
from qkvlib.figures import (
    draw_axis,
    draw_bars,
    draw_chain,
    draw_curves,
    draw_hits,
    draw_lines,
    draw_matrix,
    draw_plane,
    draw_stack,
    draw_terms,
    png,
    scene,
)
from qkvlib.views import Board, axis, bars, curves, hits, matrix, number, plain, plane, significant, stack, terms
from qkvlib.views.board import MODULES
from qkvlib.views.matrix import bound

pytestmark = pytest.mark.filterwarnings("error")
rng = np.random.default_rng(0)
VIEWS = Path(figures.__file__).parent / "views"
MAPS = {"scores": "RdBu", "weights": "Blues"}
LITS = sorted(key.removeprefix("chain.lit.") for key in words.table("en") if key.startswith("chain.lit."))
LABELS = {
    "en": ["I", "go", "to", "school", "teacher,", "🎒", "שלום", "مدرسة", "$x$", "<script>", "$\\frac{", "ẹ\u0330́̈"],
    "ja": ["私は", "学校", "へ", "行く", "図書館", "🎒", "友だち", "שלום", "$x$", "カタカナ", "👩\u200d🏫", "（笑）"],
}

both_palettes = pytest.mark.parametrize("name", MAPS)


@pytest.fixture(autouse=True)
def language_and_settings_stay():
    before = settings()
    yield
    words.use_language("en")
    assert settings() == before


@pytest.fixture
def ax():
    return Figure().subplots()


def some_matrix(shape=(2, 4), palette="scores", **options):
    values = rng.normal(size=shape) if palette == "scores" else rng.dirichlet(np.ones(shape[1]), shape[0])
    rows, columns = ([f"{letter}{i}" for i in range(n)] for letter, n in zip("qk", shape, strict=True))
    return values, matrix(values, rows, columns, "a title", palette, **options)


def some_plane(values, weights=None, labels=None, **options):
    labels = labels or [f"k{i}" for i in range(len(values))]
    weights = np.full(len(values), 1 / len(values)) if weights is None else weights
    names = {name: f"the {name}" for name in ("value", "step", "before", "after")}
    return plane(values, weights, labels, "a title", ["across", "up"], 0, names, **options)


def some_terms():
    rows = [["who", "−0.35", "2.00", "−0.70"], ["action", "1.95", "0.20", "0.39"]]
    return terms("How much?", ["feature", "q", "k", "q × k"], rows, [("sum", "−0.31"), ("score", "−0.18")], "a note")


def to_float(text):
    return float(text.replace("−", "-"))


def overhang(figure):
    """By how many pixels what is drawn is larger than its picture."""
    width, height = struct.unpack(">II", base64.b64decode(png(figure))[16:24])
    box = figure.get_tightbbox(FigureCanvasAgg(figure).get_renderer())  # inches
    return max(box.width * figure.dpi - width, box.height * figure.dpi - height)


def texts_of(figure):
    cells = [cell.get_text() for ax in figure.axes for table in ax.tables for cell in table.get_celld().values()]
    return [text for text in figure.findobj(Text) + cells if text.get_visible() and text.get_text()]


def settings():
    """matplotlib's settings but for the backend, whose look-up would load pyplot."""
    return {name: mpl.rcParams[name] for name in mpl.rcParams if name != "backend"}


# Numbers and colours


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0.00"),
        (-0.0, "0.00"),
        (-0.004, "0.00"),
        (-1e-300, "0.00"),
        (-0.006, "−0.01"),
        (1.236, "1.24"),
        (-12.344, "−12.34"),
        (np.float32(0.5), "0.50"),
        (np.int64(-3), "−3.00"),
        (123456.789, "123456.79"),
    ],
)
def test_a_number_is_rounded_with_a_true_minus_and_never_minus_zero(value, text):
    assert number(value) == text


def test_a_number_has_as_many_digits_as_asked():
    assert [number(-2.3456, digits) for digits in (0, 1, 3)] == ["−2", "−2.3", "−2.346"]
    assert number(-0.04, 1) == "0.0"


@pytest.mark.parametrize("tie", [1.545, 0.125, -0.005, -2.675, 0.315])
def test_a_number_does_not_hang_on_the_last_bit(tie):
    """Products of numbers with two decimals often end on 5: another machine must not show another digit."""
    assert number(np.nextafter(tie, np.inf)) == number(tie) == number(np.nextafter(tie, -np.inf))


@pytest.mark.parametrize(
    "largest", [0, 0.3, 1, 1.0001, 2.36, 3, 4.9, 5.1, 7, 7.5, 10, 10.01, 69, 99.9, 1000, 1001, 6e5]
)
def test_a_bound_is_the_next_round_number(largest):
    found = bound(np.array([[largest / 2, -largest], [0, largest / 3]]))
    round_numbers = sorted(step * 10.0**decade for step in (1, 2, 3, 5, 7) for decade in range(8))
    assert found == next(candidate for candidate in round_numbers if candidate >= largest)


@both_palettes
def test_colours_are_those_of_the_colour_map(name):
    values, picture = some_matrix((6, 9), name)
    values.flat[:3] = picture_ends = (1, 0, 0.5) if name == "weights" else (3, -3, 0)
    picture = matrix(values, "abcdef", "abcdefghi", "", name)
    low, high = sorted(picture_ends)[0], sorted(picture_ends)[-1]
    expected = ScalarMappable(Normalize(low, high), mpl.colormaps[MAPS[name]]).to_rgba(values)[..., :3]
    backgrounds = figures.backgrounds(name)
    drawn = np.array([to_rgb(backgrounds[index]) for index in picture["colours"]]).reshape(expected.shape)
    steps = mpl.colormaps[MAPS[name]](np.arange(256))[:, :3]
    assert (np.abs(drawn - expected) <= np.abs(np.diff(steps, axis=0)).max(axis=0) + 0.5 / 255).all()


def test_zero_is_the_middle_colour_of_the_scores_and_ends_are_the_ends():
    picture = matrix([[-1.5, 0, 1.5], [2, -2, 0.1]], "ab", "abc", "", "scores")
    assert [*picture["colours"]][1] == 127
    assert {*picture["colours"]} & {0, 254} == {0, 254}
    assert picture["limits"] == ["−2", "2"]
    lightness = [sum(to_rgb(colour)) for colour in figures.backgrounds("scores")[:255]]
    assert lightness.index(max(lightness)) == 127


def test_weights_run_from_zero_to_one_whatever_they_are():
    picture = matrix([[0.2, 0.3], [0.4, 0.1]], "ab", "ab", "", "weights")
    assert [*picture["colours"]] == [round(254 * value) for value in (0.2, 0.3, 0.4, 0.1)]
    assert picture["limits"] == ["0", "1"]


def test_no_unmasked_value_has_the_colour_of_a_mask():
    picture = matrix([[-1e9, 1e9, 0, 5]], "a", "abcd", "", "scores")
    assert max(picture["colours"]) == 254


@both_palettes
def test_every_number_can_be_read_on_its_background(name):
    """Contrast ratio by WCAG 2.1, written out from its definition."""

    def luminance(colour):
        channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    def contrast(pair):
        dark, light = sorted(map(luminance, pair))
        return (light + 0.05) / (dark + 0.05)

    assert contrast(("#000000", "#ffffff")) == pytest.approx(21)
    pairs = figures.palette(name)
    assert len(pairs) == 256
    assert min(map(contrast, pairs)) >= 4.5
    assert [figures.contrast(*pair) for pair in pairs] == pytest.approx([*map(contrast, pairs)])


# The page and matplotlib say the same


def test_the_board_sends_the_palettes_of_matplotlib():
    assert Board().palettes == {name: figures.palette(name) for name in MAPS}


def test_the_page_and_matplotlib_share_their_constants():
    css, script = (VIEWS / "board.css").read_text(encoding="utf-8"), Board._esm
    assert re.search(r"\.qkv-bar \{[^}]*background: (#\w+)", css)[1] == figures.BAR
    assert re.search(r"\.qkv-chosen \.qkv-bar \{[^}]*background: (#\w+)", css)[1] == figures.CHOSEN_BAR
    assert re.search(r'td\[aria-selected="true"\] \{[^}]*solid (#\w+)', css)[1] == figures.CHOSEN
    assert re.findall(r"MAX_NUMBERS = (\d+)", script) == [str(figures.MAX_NUMBERS)]
    assert re.findall(r'"qkv-masked", colour === (\d+)', script) == [str(figures.MASKED)]
    assert re.findall(r"const PLANE = (\d+);", script) == [str(figures.PLANE_SIZE)]


def test_the_joined_modules_are_one_module():
    assert Board._esm.count("export default") == 1
    assert not re.search(r"^import ", Board._esm, flags=re.M)
    names = re.findall(r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", Board._esm, flags=re.M)
    assert len(names) > 10
    assert len({*names}) == len(names)
    assert {path.stem for path in VIEWS.glob("*.js")} == {*MODULES}
    for path in VIEWS.glob("*.js"):
        assert path.read_text(encoding="utf-8") in Board._esm


# What is to be drawn


@pytest.mark.parametrize("shape", [(2, 4), (5, 3), (1, 6), (3, 1)])
@both_palettes
def test_a_rectangular_matrix_is_the_right_way_round(shape, name, ax):
    values, picture = some_matrix(shape, name, chosen=(shape[0] - 1, 0))
    image, texts = draw_matrix(ax, picture)
    assert image.get_array().shape[:2] == shape
    assert [text.get_text() for text in ax.get_yticklabels()] == [f"q{i}" for i in range(shape[0])]
    assert [text.get_text() for text in ax.get_xticklabels()] == [f"k{j}" for j in range(shape[1])]
    assert (ax.get_ylabel(), ax.get_xlabel()) == (words.text("axis.query"), words.text("axis.key"))
    assert ax.yaxis_inverted()
    by_place = {text.get_position(): text.get_text() for text in texts}
    assert by_place == {(j, i): number(values[i, j]) for i, j in np.ndindex(shape)}
    for i, j in np.ndindex(shape):
        colour = figures.backgrounds(name)[picture["colours"][i * shape[1] + j]]
        assert np.allclose(image.get_array()[i, j, :3], to_rgb(colour))
    [frame] = ax.patches
    assert (frame.get_x(), frame.get_y()) == (-0.5, shape[0] - 1.5)


def test_the_ink_of_each_number_is_that_of_its_colour(ax):
    _, picture = some_matrix((4, 4), masked=np.eye(4, dtype=bool))
    _, texts = draw_matrix(ax, picture)
    inks = [text.get_color() for text in texts]
    assert inks == [figures.palette("scores")[colour][1] for colour in picture["colours"]]
    assert {*inks} == {"#000000", "#ffffff"}


def test_masked_cells_have_their_own_colour_and_text(ax):
    masked = np.array([[False, True, True], [False, False, True]])
    values, picture = some_matrix((2, 3), masked=masked, masked_text="−∞")
    plain_picture = matrix(values, ["q0", "q1"], ["k0", "k1", "k2"], "", "scores")
    assert [colour == 255 for colour in picture["colours"]] == masked.ravel().tolist()
    assert [text == "−∞" for text in picture["texts"]] == masked.ravel().tolist()
    for i in np.flatnonzero(~masked):
        assert picture["texts"][i] == plain_picture["texts"][i]
        assert picture["colours"][i] == plain_picture["colours"][i]
    image, _ = draw_matrix(ax, picture)
    assert np.allclose(image.get_array()[masked][:, :3], to_rgb(figures.MASKED_COLOUR))


def test_row_sums_stand_beside_their_rows(ax):
    values, picture = some_matrix((3, 2), "weights", sums=True)
    values = values * [[1], [2], [0.5]]
    picture = matrix(values, "abc", "de", "", "weights", sums=True)
    assert [to_float(text) for text in picture["sums"]] == pytest.approx([1, 2, 0.5])
    _, texts = draw_matrix(ax, picture)
    beside = {text.get_position()[1]: text.get_text() for text in texts if text.get_position()[0] == 2}
    assert beside == {-0.75: "Σ", 0: "1.00", 1: "2.00", 2: "0.50"}


@pytest.mark.parametrize(("n", "count"), [(16, 256), (17, 0)])
def test_a_large_matrix_shows_its_colours_only(n, count, ax):
    _, picture = some_matrix((n, 2))
    assert len(draw_matrix(ax, picture)[1]) == (2 * n if count else 0)
    assert len(picture["texts"]) == 2 * n


@pytest.mark.parametrize("values", [[0.5, -1.5, 2.0, 0], [-3.0, -1.0], [0.0, 0.0], [0.1, 0.2, 0.7], [40, -20]])
def test_bars_are_as_long_as_their_numbers_and_negative_ones_go_left(values, ax):
    picture = bars(values, [f"k{i}" for i in range(len(values))], "a title", chosen=1)
    largest = max(1, *map(abs, values))
    drawn = draw_bars(ax, picture)
    assert [bar.get_width() * largest for bar in drawn] == pytest.approx(values)
    assert picture["texts"] == [number(value) for value in values]
    assert [text.get_text() for text in ax.texts] == picture["texts"]
    assert [text.get_text() for text in ax.get_yticklabels()] == picture["labels"]
    assert ax.yaxis_inverted()
    left, right = ax.get_xlim()
    assert left <= min(0, *picture["lengths"]) <= max(0, *picture["lengths"]) < right
    colours = [bar.get_facecolor()[:3] for bar in drawn]
    assert colours[1] == to_rgb(figures.CHOSEN_BAR)
    assert colours[0] == to_rgb(figures.BAR)


def test_only_bars_that_are_asked_to_be_are_sliders():
    shares = [0.25, 0.75]
    fixed, editable = bars(shares, "ab", ""), bars(shares, "ab", "", editable=True)
    assert (fixed["editable"], editable["editable"]) == (False, True)
    assert editable["lengths"] == shares  # a slider from 0 to 1 stands at the end of its bar
    assert {**editable, "editable": False} == fixed


def test_the_sources_of_a_number_are_framed_with_dots_and_the_chosen_with_a_line(ax):
    sources = np.array([[True, False, False], [False, True, True]])
    _, picture = some_matrix((2, 3), chosen=(1, 0), sources=sources, small=True)
    assert (picture["sources"], picture["small"]) == ([0, 4, 5], True)
    draw_matrix(ax, picture)
    frames = {(frame.get_x() + 0.5, frame.get_y() + 0.5): frame.get_linestyle() for frame in ax.patches}
    assert frames == {(0, 0): ":", (1, 1): ":", (2, 1): ":", (0, 1): "-"}
    assert {frame.get_edgecolor()[:3] for frame in ax.patches} == {to_rgb(figures.CHOSEN)}
    _, without = some_matrix((2, 3))
    assert (without["sources"], without["small"]) == ([], False)


def test_a_matrix_of_other_things_says_what_its_axes_are(ax, language):
    _, picture = some_matrix((2, 3), axes=("the rows", "the columns"))
    draw_matrix(ax, picture)
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("the rows", "the columns")
    assert plain(picture).splitlines()[1] == "(the rows, the columns)"


def test_small_matrices_take_less_room():
    sizes = [scene([some_matrix((8, 8), small=small)[1]]).get_size_inches() for small in (True, False)]
    assert (sizes[0] < sizes[1]).all()


@pytest.mark.parametrize("values", ["abc", "aba", "aaa"])
def test_hits_are_drawn_line_by_line_with_the_colours_of_the_stack(values, ax):
    picture = hits(["k0", "k1", "k2"], [0.3, 0.0, 1.0], [0.25, 0.125, 0.625], [*values], "KMWV", "a title", chosen=2)
    matches, weights = draw_hits(ax, picture)
    assert [bar.get_width() for bar in matches] == [0.3, 0, 1]
    assert [bar.get_width() for bar in weights] == [0.25, 0.125, 0.625]
    assert picture["texts"] == ["0.30", "0.25", "0.00", "0.12", "1.00", "0.62"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["K", "k0", "k1", "k2"]
    assert ax.yaxis_inverted()
    assert {to_rgb(figures.CHOSEN_BAR)} == {bars[2].get_facecolor()[:3] for bars in (matches, weights)}
    of_stack = stack([0.25, 0.125, 0.625], [*values], "")
    colours = dict(zip(of_stack["values"], of_stack["colours"], strict=True))
    assert picture["colours"] == [colours[value][0] for value in values]
    assert plain(picture).splitlines()[1].split() == ["K", "M", "W", "V"]
    assert plain(picture).splitlines()[2].split() == ["k0", "0.30", "0.25", "a"]


@pytest.mark.parametrize(
    ("shares", "values", "texts", "inside"),
    [
        ([0.5, 0.3, 0.2], "abc", ["0.50", "0.30", "0.20"], ["0.50", "0.30", "0.20"]),
        ([0.5, 0.3, 0.2], "aba", ["0.70", "0.30"], ["0.70", "0.30"]),
        ([0.96, 0.04, 0.0], "abc", ["0.96", "0.04", "0.00"], ["0.96", "", ""]),
        ([0.06, 0.88, 0.06], "aba", ["0.12", "0.88"], ["0.12", "0.88"]),
        ([1.0], "a", ["1.00"], ["1.00"]),
    ],
)
def test_a_stack_lays_its_shares_end_to_end_and_adds_equal_values_up(shares, values, texts, inside, ax):
    picture = stack(np.array(shares), [*values], "a title")
    assert (picture["values"], picture["texts"]) == (sorted({*values}), texts)
    assert picture["inside"] == inside
    parts = draw_stack(ax, picture)
    ends = np.cumsum([0, *picture["lengths"]])
    assert [part.get_x() for part in parts] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(1)
    assert [to_rgb(colour) for colour, _ in picture["colours"]] == [part.get_facecolor()[:3] for part in parts]
    assert plain(picture).splitlines()[1].split() == ["a", texts[0]]


def test_shares_have_colours_of_their_own_and_legible_numbers():
    picture = stack(np.full(12, 1 / 12), [*"abcdefghijkl"], "")
    assert len({colour for colour, _ in picture["colours"]}) == len(figures.SHARES) == 10
    assert min(figures.contrast(*pair) for pair in picture["colours"]) >= 4.5


@pytest.mark.parametrize("text", ["a", "long " * 40, "図書館" * 60, "🍛 שלום $x$ <b>"], ids=len)
def test_a_search_is_drawn_whole_whatever_is_typed(text, language):
    explorer = SearchExplorer(titles=(text.strip(),) * 7, contents=(text.strip(), *"abcdef"), row=0)
    assert explorer.messages == {}
    figure = scene([*explorer.board.scene["pictures"].values()])
    assert overhang(figure) < 1


# Curves


def some_curves(x=(1, 2, 4, 8), log=(False, False), **options):
    x = np.array(x)
    lines = {"falling": 0.5**x, "flat": np.full(len(x), 0.25), "rising": x / 8}
    return lines, curves(x, lines, "a title", ("the x", "the y"), log=log, **options)


@pytest.mark.parametrize("log", [(False, False), (False, True), (True, False), (True, True)])
def test_each_point_of_a_curve_lies_where_the_ticks_say(log, ax):
    x = np.array([1, 2, 4, 8])
    lines, picture = some_curves(log=log)
    x_ticks, y_ticks = picture["ticks"]
    assert [text for _, text in x_ticks] == ["1", "2", "4", "8"]
    scale = [np.log10 if is_log else np.asarray for is_log in log]
    ticks = np.array([(place, value_of(text)) for place, text in y_ticks])
    to_place = np.polynomial.Polynomial.fit(scale[1](ticks[:, 1]), ticks[:, 0], 1)
    assert to_place.convert().coef[1] < 0  # upwards
    assert picture["places"] == [place for place, _ in x_ticks]
    for values, heights in zip(lines.values(), picture["heights"], strict=True):
        assert heights == pytest.approx(to_place(scale[1](values)), abs=0.1)
    steps = np.diff(scale[0](x)) / np.diff([place for place, _ in x_ticks])
    assert steps == pytest.approx(np.full(3, steps[0]), rel=1e-3)
    drawn = draw_curves(ax, picture)
    assert [line.get_xdata().tolist() for line in drawn] == [picture["places"]] * 3
    assert [line.get_ydata().tolist() for line in drawn] == picture["heights"]
    assert (ax.get_xlim()[0], ax.get_ylim()[1]) == (0, 0)  # pixels, y downwards
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [text for _, text in y_ticks]


def value_of(text):
    """A number as `significant` or a tick of a logarithmic axis wrote it."""
    power = re.fullmatch("(?:(.+) × )?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if power is None:
        return float(text.replace("−", "-"))
    return float((power[1] or "1").replace("−", "-")) * 10.0 ** int(
        power[2].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    )


def test_the_numbers_of_the_chosen_x_stand_beside_the_names(ax):
    lines, picture = some_curves(at=1, dashed=("flat",))
    assert (picture["x_text"], picture["texts"]) == ("2", ["0.25", "0.25", "0.25"])
    assert some_curves()[1]["texts"] == ["0.00391", "0.25", "1"]  # the last, where none is chosen
    drawn = draw_curves(ax, picture)
    assert [line.get_label() for line in drawn] == ["falling: 0.25", "flat: 0.25", "rising: 0.25"]
    assert [line.get_linestyle() for line in drawn] == ["-", "--", "-"]
    cursor = next(line for line in ax.lines if line not in drawn)
    assert set(cursor.get_xdata()) == {picture["places"][1]}
    assert plain(picture).splitlines()[1].split() == ["the", "x", *lines]
    assert plain(picture).splitlines()[3].split() == ["2", "0.25", "0.25", "0.25"]


@pytest.mark.parametrize("value", [0, 1, -0.5, 0.25, 12345.6, 1e-4, 3.14159e-9, -2e-300, 1e20, 0.1 + 0.2])
def test_a_number_of_any_size_keeps_three_digits(value):
    text = significant(value)
    assert value_of(text) == pytest.approx(value, rel=5e-3)
    assert len(text) <= 12
    assert "e" not in text
    assert "-" not in text


def test_zeros_gaps_and_what_lies_outside_the_limits_can_be_drawn(ax):
    lines = {"zero": [1, 0, 0], "gap": [1, np.nan, 1e-3], "huge": [1e9, 1, 1e-30]}
    picture = curves([1, 2, 3], lines, "", ("x", "y"), log=(False, True), limits=(1e-6, 10))
    zero, gap, (high, _, low) = picture["heights"]
    assert zero[1:] == [low, low]
    assert high < zero[0] < low
    assert gap[1] is None
    assert picture["texts"] == ["0", "0.001", "1 × 10⁻³⁰"]
    assert picture["rows"][1] == ["2", "0", "–", "1"]
    draw_curves(ax, picture)
    constant = curves([1, 2], {"same": [3, 3]}, "", ("x", "y"))
    assert np.isfinite(constant["heights"]).all()
    nothing = curves([1, 2], {"none": [np.nan, np.nan]}, "", ("x", "y"), log=(True, True))
    assert nothing["texts"] == ["–"]
    draw_curves(ax, nothing)


def test_many_points_have_a_short_table_with_the_chosen_one():
    _, picture = some_curves(x=range(1, 101), at=40)
    assert len(picture["rows"]) <= 12
    assert "41" in [row[0] for row in picture["rows"]]
    assert len(picture["ticks"][0]) <= 10


def test_lines_are_seen_on_black_and_on_white():
    for colour in figures.LINES:
        assert min(figures.contrast(colour, "#ffffff"), figures.contrast(colour, "#111111")) >= 3
    assert len({*figures.LINES}) == 8


def test_the_page_and_matplotlib_draw_curves_of_one_size():
    page = (VIEWS / "curves.js").read_text(encoding="utf-8")
    assert f"const CURVES = [{', '.join(map(str, figures.CURVES_SIZE))}];" in page


# The axis


def test_marks_lie_where_their_numbers_say_on_an_axis_that_stays(ax):
    places = {"before": 0.0, "after": 0.84, "window": -0.14, "end": -1.0}
    picture = axis(places, ("left", "right"), "a title")
    marks = draw_axis(ax, picture)
    assert marks.get_xdata().tolist() == [*places.values()] == picture["places"]
    assert ax.get_xlim() == (-1, 1)
    assert picture["texts"] == ["0.00", "0.84", "−0.14", "−1.00"]
    assert ax.yaxis_inverted()
    drawn = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert drawn["left"] == -1 < 1 == drawn["right"]
    assert plain(picture).splitlines()[1:3] == ["−1: left, 1: right", "before   0.00"]


# The plane


def test_a_plane_has_equal_scales_and_arrows_that_end_at_the_values(ax):
    values = np.array([[-1.0, 0.1], [0.5, 1.5], [0.0, 0.0], [2.0, -0.7]])
    weights = np.array([0.1, 0.6, 0.1, 0.2])
    picture = some_plane(values, weights)
    arrows = draw_plane(ax, picture)
    assert ax.get_aspect() == 1
    assert ax.get_xlim() == ax.get_ylim() == (-picture["radius"], picture["radius"])
    for arrow, value in zip(arrows, values, strict=True):
        start, end = arrow._posA_posB
        assert (start, tuple(end)) == ((0, 0), tuple(value))
    steps = np.cumsum([[0, 0], *(weights[:, None] * values)], axis=0)
    others = [patch for patch in ax.patches if hasattr(patch, "_posA_posB") and patch not in arrows]
    assert len(others) == 5
    for arrow, start, end in zip(others, [*steps[:-1], [0, 0]], [*steps[1:], weights @ values], strict=True):
        assert np.allclose(arrow._posA_posB, [start, end])
    assert np.allclose(others[-1].get_edgecolor()[:3], to_rgb(figures.CHOSEN))
    [before] = [line for line in ax.lines if line.get_label() == "the before"]
    assert np.array_equal(before.get_xydata(), [[0, 0], values[0]])
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {*picture["names"].values()}
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("across", "up", "a title")
    pixel = 2 * picture["radius"] / figures.PLANE_SIZE
    for text, value, offset in zip(ax.texts, values, picture["offsets"], strict=True):
        assert np.allclose(text.get_position(), value + np.array(offset) * pixel)
    assert [text.get_text() for text in ax.texts] == picture["tips"]


def clashes(picture):
    """How deep, in pixels, labels of a plane reach into each other, and how far one reaches out of the plane."""
    half_plane, named = figures.PLANE_SIZE / 2, [bool(tip) for tip in picture["tips"]]
    middles = np.array(picture["values"]) / picture["radius"] * half_plane + np.array(picture["offsets"])
    halves = np.array([[figures._width(tip) * 3.8 + 1, 8] for tip in picture["tips"]])
    middles, halves = middles[named], halves[named]
    low, high = middles - halves, middles + halves
    pairs = itertools.combinations(range(len(middles)), 2)
    depths = [(np.minimum(high[i], high[j]) - np.maximum(low[i], low[j])).min() for i, j in pairs]
    return max(depths, default=0), (np.maximum(high, -low) - half_plane).max()


def known_sentences(n, how_many):
    random = np.random.default_rng(n)
    for language in words.LANGUAGES:
        known = [word for word in KNOWN if word.isascii() == (language == "en")]
        for _ in range(how_many):
            yield [*random.choice(known, n)]


@pytest.mark.parametrize("n", range(2, 17))
def test_labels_of_a_plane_keep_clear_of_each_other_and_within_it(n):
    """Within half a pixel of the room that a label is given, which is more than it takes."""
    for tokens in known_sentences(n, 20):
        values = np.array([KNOWN[token] for token in tokens]) @ W_v
        for weights in (None, np.eye(n)[0]):
            depth, outside = clashes(some_plane(values, weights, tokens))
            assert depth < 0.5, tokens
            assert outside < 0.5, tokens


def test_labels_of_the_lesson_s_plane_stand_clear_beside_their_tips(language):
    explorer = MixingExplorer()
    for button in explorer.buttons.values():
        button.click()
        picture = explorer.board.scene["pictures"]["plane"]
        assert max(clashes(picture)) <= 0
        assert picture["tips"] == picture["labels"]
        assert (np.hypot(*np.transpose(picture["offsets"])) < 45).all()


@pytest.mark.parametrize("n", [4, 16])
def test_labels_as_they_are_drawn_keep_clear_of_each_other_and_within_the_plane(n, language):
    for tokens in known_sentences(n, 2):
        figure = scene([some_plane(np.array([KNOWN[token] for token in tokens]) @ W_v, labels=tokens)])
        png(figure)
        [ax] = figure.axes
        drawn = [text.get_window_extent() for text in ax.texts if text.get_text()]
        assert len(drawn) == len({*tokens})
        assert not [pair for pair in itertools.combinations(drawn, 2) if pair[0].overlaps(pair[1])]
        frame = ax.get_window_extent()
        assert all(frame.x0 < box.x0 and box.x1 < frame.x1 for box in drawn)
        assert all(frame.y0 < box.y0 and box.y1 < frame.y1 for box in drawn)


@pytest.mark.parametrize(("n", "labelled"), [(16, True), (17, False)])
def test_a_plane_of_many_has_no_labels_at_its_tips(n, labelled, ax):
    picture = some_plane(np.random.default_rng(1).normal(size=(n, 2)))
    assert [bool(tip) for tip in picture["tips"]] == [labelled] * n
    assert len(picture["labels"]) == len(draw_plane(ax, picture)) == n


def test_a_repeated_word_is_named_once_unless_its_values_differ():
    picture = some_plane([[1, 0], [1, 0], [1, 0], [0, 1]], labels=["go", "to", "go", "go"])
    assert picture["tips"] == ["go", "to", "", "go"]
    assert picture["labels"] == ["go", "to", "go", "go"]


def test_a_long_label_is_cut_at_its_tip_only():
    picture = some_plane([[1, 0], [0, 1]], labels=["x" * 32, "図書館" * 8])
    assert picture["tips"] == ["x" * 15 + "…", "図書館図書館図…"]
    assert picture["labels"] == ["x" * 32, "図書館" * 8]
    assert max(clashes(picture)) <= 0


@pytest.mark.parametrize(
    "changes", [{}, {"values": {"go": (40.0, -3.0), "行く": (-40.0, 3.0)}}, {"sentence": "go " * 17}]
)
def test_a_plane_is_drawn_whole(changes, language):
    picture = MixingExplorer(**changes).board.scene["pictures"]["plane"]
    figure = scene([picture])
    assert overhang(figure) < 1
    [ax] = figure.axes
    frame, legend = ax.get_window_extent(), ax.get_legend().get_window_extent()
    assert frame.width == pytest.approx(frame.height, abs=0.5)
    assert frame.x0 < legend.x0 < legend.x1 < frame.x1
    assert ax.get_title() == picture["title"]


def test_a_plane_in_words_has_each_value_and_the_mixture():
    picture = some_plane([[-1, 0.126], [0.5, 2]], [0.5, 0.5], ["go", "学校"], note="a note")
    title, head, *rows, note = plain(picture).splitlines()
    assert (title, note) == ("a title", "a note")
    assert head.split() == ["across", "up"]
    assert [row.split() for row in rows[:2]] == [["go", "−1.00", "0.13"], ["学校", "0.50", "2.00"]]
    assert rows[2].split() == ["the", "after", "−0.25", "1.06"]


# What is drawn


def test_draw_functions_return_artists_of_the_axes_they_are_given():
    axes = Figure().subplots(5)
    image, texts = draw_matrix(axes[0], some_matrix()[1])
    container = draw_bars(axes[1], bars([0.2, -0.8], "ab", ""))
    table = draw_terms(axes[2], some_terms())
    lines = draw_lines(axes[3], [1, 2], {"a": [1, 2], "b": [2, 4]}, ("x", "y"))
    boxes = draw_chain(axes[4], LITS[0])
    assert image in axes[0].images
    assert texts == [*axes[0].texts]
    assert len(texts) == 8
    assert container in axes[1].containers
    assert isinstance(table, Table)
    assert table in axes[2].tables
    assert lines == [*axes[3].lines]
    assert {*boxes} < {*axes[4].patches}


def test_terms_are_drawn_cell_by_cell(ax):
    table = draw_terms(ax, some_terms())
    cells = {at: cell.get_text().get_text() for at, cell in table.get_celld().items()}
    assert [cells[0, j] for j in range(4)] == ["feature", "q", "k", "q × k"]
    assert [cells[1, j] for j in range(4)] == ["who", "−0.35", "2.00", "−0.70"]
    assert [cells[4, j] for j in range(4)] == ["score", "", "", "−0.18"]
    assert ax.get_title() == "How much?"


@pytest.mark.parametrize("n", [1, 2, 12, 40, 64])
@pytest.mark.parametrize("make", [ScoresExplorer, WeightsExplorer])
def test_a_scene_of_any_length_is_drawn_whole(make, n, language):
    tokens = ["行く"] if n == 1 else [*itertools.islice(itertools.cycle(LABELS[language]), n)]
    explorer = make(sentence=" ".join(tokens), row=n - 1, column=n - 1)
    assert explorer.messages == {}
    pictures = [*explorer.board.scene["pictures"].values()]
    figure = scene(pictures)
    assert overhang(figure) < 1
    assert len(figure.axes) == len(pictures)
    for ax, picture in zip(figure.axes, pictures, strict=True):
        if picture["kind"] == "matrix":
            drawn = [text.get_text() for text in ax.get_yticklabels()]
            assert drawn == [figures.drawable(token) for token in tokens]


@pytest.mark.parametrize(
    ("n", "language"), [(2, "en"), (4, "ja"), (12, "en"), (40, "ja")], indirect=["language"]
)  # each picture of 12 or more tokens takes seconds
@pytest.mark.parametrize("make", [MixingExplorer, ChainExplorer, RolesExplorer])
def test_pictures_stand_in_rows_and_keep_clear_of_each_other(make, n, language):
    """Left to right, then down; a bounding box may touch another, by the width of a line."""
    sentence = " ".join(itertools.islice(itertools.cycle(LABELS[language]), n))
    pictures = [*make(sentence=sentence).board.scene["pictures"].values()]
    figure = scene(pictures)
    png(figure)
    boxes = [ax.get_tightbbox(FigureCanvasAgg(figure).get_renderer()) for ax in figure.axes]
    assert len(boxes) == len(pictures)
    assert figure.get_figwidth() <= figures.MAX_WIDTH
    for one, other in itertools.pairwise(boxes):
        assert other.x0 > one.x1 - 2 or other.y1 < one.y0 + 2
    for one, other in itertools.combinations(boxes, 2):
        across, down = min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0)
        assert min(across, down) < 2
    assert overhang(figure) < 1


@pytest.mark.parametrize("sentence", ["{} go", "I go to {}", "a b c d e f {}"])
@pytest.mark.parametrize("word", ["international", "responsibilities" * 2, "図書館" * 10], ids=len)
@pytest.mark.parametrize("make", [ScoresExplorer, WeightsExplorer])
def test_a_long_word_leaves_everything_legible(make, word, sentence):
    tokens = sentence.format(word).split()
    explorer = make(sentence=" ".join(tokens), row=tokens.index(word), column=0)
    assert explorer.messages == {}
    figure = scene([*explorer.board.scene["pictures"].values()])
    assert overhang(figure) < 1
    assert min(text.get_fontsize() for text in texts_of(figure)) >= 6


@pytest.mark.parametrize("typed", ["$x$", "$\\frac{", "a_b^c", "\\alpha", "100%"])
def test_signs_of_mathematics_are_drawn_as_typed(typed):
    picture = matrix([[0.5]], [typed], [typed], typed, "weights")
    figure = scene([picture, bars([0.5], [typed], typed), terms(typed, [typed, "b"], [[typed, "1"]], [])])
    png(figure)
    drawn = [text for text in texts_of(figure) if text.get_text() == typed]
    assert len(drawn) == 3 + 2 + 3  # labels and title of the matrix and the bars, title and two cells of the terms
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
    assert figures.drawable(typed) == drawn


def drawings():
    values = np.linspace(-1.5, 2, 12).reshape(3, 4)
    yield scene([matrix(values, "abc", "defg", "", "scores"), bars(values[0], "abcd", ""), some_terms()])
    yield from (chain(lit).figure for lit in LITS)
    yield chart([1, 2], {"a": [3, 4]}, "x", "y").figure


def test_a_picture_drawn_afresh_is_the_same_bytes():
    assert [*map(png, drawings())] == [*map(png, drawings())]


def test_a_picture_saved_again_is_the_same_bytes():
    for figure in drawings():
        assert png(figure) == png(figure)


def test_another_number_is_another_picture():
    one, other = (png(scene([bars([value, 0.5], "ab", "")])) for value in (0.2, 0.4))
    assert one != other


def test_no_reader_s_setting_is_changed_and_pyplot_is_never_imported():
    code = (
        "import sys, matplotlib\n"
        "settings = lambda: {key: matplotlib.rcParams[key] for key in matplotlib.rcParams if key != 'backend'}\n"
        "before = settings()\n"
        "import qkvlib; qkvlib.use_language('ja')\n"
        "qkvlib.WeightsExplorer()._repr_mimebundle_(); qkvlib.chain('scores')._repr_mimebundle_()\n"
        "qkvlib.chart([1], {'a': [1]}, 'x', 'y')._repr_mimebundle_()\n"
        "assert settings() == before\n"
        "found = {'matplotlib.pyplot', 'matplotlib_fontja'} & set(sys.modules)\n"
        "assert not found, found\n"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout == run.stderr == ""


# Pictures in words


def test_a_matrix_in_words_has_its_axes_rows_and_sums():
    masked = np.array([[False, True, False], [False, False, False]])
    values, picture = some_matrix((2, 3), "weights", masked=masked, masked_text="0", sums=True)
    title, axes, head, *rows = plain(picture).splitlines()
    assert title == "a title"
    assert axes == f"({words.text('axis.query')}, {words.text('axis.key')})"
    assert head.split() == ["k0", "k1", "k2", "Σ"]
    assert [row.split()[0] for row in rows] == ["q0", "q1"]
    shown = np.array([[to_float(cell) for cell in row.split()[1:]] for row in rows])
    assert np.allclose(shown[:, :3], np.where(masked, 0, values), atol=0.00501)
    assert np.allclose(shown[:, 3], values.sum(axis=1), atol=0.00501)
    assert rows[0].split()[2] == "0"


def test_bars_in_words_have_each_label_number_and_the_note():
    text = plain(bars([0.25, -1.5, 3], ["go", "学校", "to"], "a title", note="a note"))
    title, *rows, note = text.splitlines()
    assert (title, note) == ("a title", "a note")
    assert [row.split() for row in rows] == [["go", "0.25"], ["学校", "−1.50"], ["to", "3.00"]]


def test_terms_in_words_have_each_row_and_the_way_to_the_result():
    title, head, *rows, total, score, note = plain(some_terms()).splitlines()
    assert (title, note) == ("How much?", "a note")
    assert head.split("  ")[-1].strip() == "q × k"
    assert [row.split() for row in rows] == [["who", "−0.35", "2.00", "−0.70"], ["action", "1.95", "0.20", "0.39"]]
    assert [total.split(), score.split()] == [["sum", "−0.31"], ["score", "−0.18"]]


def test_columns_of_text_are_aligned_and_a_japanese_character_is_two_wide():
    lines = figures.columns([["a", "bb", "c"], ["学校", "１", ""], ["x", "yyy", "z"]])
    assert lines == "   a   bb  c\n学校   １\n   x  yyy  z"


# The other pictures of a lesson


@pytest.mark.parametrize("lit", LITS)
def test_the_chain_lights_today_s_part(lit, language):
    picture = chain(lit)
    [ax] = picture.figure.axes
    labels = {text.get_text(): text for text in ax.texts}
    names = ("X", "Q", "K", "V", "scores", "weights", "output")
    assert {*labels} == {words.text(f"chain.{name}") for name in names}
    boxes = draw_chain(Figure().subplots(), lit)
    faces = dict(zip(names, (mpl.colors.to_hex(box.get_facecolor()) for box in boxes), strict=True))
    dark = [name for name in names if figures.contrast(faces[name], "#000000") < 4.5]
    assert dark == [*figures.LIT.get(lit, (lit,))]
    assert len({*faces.values()}) == 2
    for name in names:
        ink = mpl.colors.to_hex(labels[words.text(f"chain.{name}")].get_color())
        assert figures.contrast(faces[name], ink) >= 4.5
    assert overhang(picture.figure) < 1
    bundle = picture._repr_mimebundle_(include=None)
    assert bundle["text/plain"] == words.text(f"chain.lit.{lit}")
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")


def test_a_chain_without_words_for_its_light_is_refused():
    with pytest.raises(KeyError, match=r"chain\.lit\.nothing"):
        chain("nothing")


@pytest.mark.parametrize("log", [True, False])
def test_a_chart_draws_its_lines_and_tells_their_numbers(log, language):
    x = [1, 10, 1000]
    lines = {"q · k": np.array([1.0, 3.1623, 31.623]), "標準偏差": np.array([0.98765, 1.0, 123.456])}
    picture = chart(x, lines, "d", "y", log)
    head, *rows = picture._repr_mimebundle_()["text/plain"].splitlines()
    assert re.split(r"\s{2,}", head.strip()) == ["d", "q · k", "標準偏差"]
    told = np.array([[float(cell) for cell in row.split()] for row in rows])
    assert np.allclose(told, np.transpose([x, *lines.values()]), rtol=5e-3)
    [ax] = picture.figure.axes
    assert [line.get_label() for line in ax.lines] == [*lines]
    for line, y in zip(ax.lines, lines.values(), strict=True):
        assert np.array_equal(line.get_xdata(), x)
        assert np.array_equal(line.get_ydata(), y)
    assert len({line.get_marker() for line in ax.lines}) == 2
    assert (ax.get_xscale(), ax.get_yscale()) == (("log", "log") if log else ("linear", "linear"))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("d", "y")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [*lines]
    assert overhang(picture.figure) < 1
