"""Lines over x."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.ticker import MaxNLocator
from test_look import value_of

from qkvlib.views.curves import UNDER, curves, draw, fits, round_numbers
from qkvlib.views.look import CURVES_SIZE, LINES, TALL_CURVES, WIDE_CURVES, plain


def sample(rng, word, n):
    x = np.cumsum(rng.uniform(0.1, 10, n))
    lines = {word(): np.where(rng.random(n) < 0.2, np.nan, 10 ** rng.normal(size=n)) for _ in range(3)}
    styles = [str(style) for style in rng.permutation([*LINES])[:3]]
    options = {"log": tuple(map(bool, rng.integers(2, size=2))), "styles": styles, "asks": bool(rng.integers(2))}
    at, limits = [None, int(rng.integers(n))][rng.integers(2)], [None, (1e-3, 1e3)][rng.integers(2)]
    options["size"] = [CURVES_SIZE, TALL_CURVES, WIDE_CURVES][rng.integers(3)]
    return curves(x, lines, word(), (word(), word()), at, limits=limits, note=word(), **options)


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
    drawn = draw(ax, picture)
    assert [line.get_xdata().tolist() for line in drawn] == [picture["places"]] * 3
    assert [line.get_ydata().tolist() for line in drawn] == picture["heights"]
    assert (ax.get_xlim()[0], ax.get_ylim()[1]) == (0, 0)  # pixels, y downwards
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [text for _, text in y_ticks]


def test_the_numbers_of_the_chosen_x_stand_beside_the_names(ax):
    lines, picture = some_curves(at=1, styles=("rnn", "bound", "gru_open"))
    assert (picture["x_text"], picture["texts"]) == ("2", ["0.25", "0.25", "0.25"])
    assert some_curves()[1]["texts"] == ["0.00391", "0.25", "1"]  # the last, where none is chosen
    drawn = draw(ax, picture)
    assert [line.get_label() for line in drawn] == ["falling: 0.25", "flat: 0.25", "rising: 0.25"]
    assert [line.get_linestyle() for line in drawn] == ["-", "--", "-"]
    assert [to_hex(line.get_color()) for line in drawn] == [LINES[style][0][0] for style in picture["styles"]]
    assert [line.get_marker() for line in drawn] == ["v", "", "s"]
    assert [to_hex(line.get_markerfacecolor()) == "#ffffff" for line in drawn] == [False, False, True]
    assert picture["places"][1] in {x for line in ax.lines if line not in drawn for x in line.get_xdata()}
    named = {text.get_text(): text for text in ax.texts}
    assert [*named] == ["falling: 0.25", "flat: 0.25", "rising: 0.25", "the x 2", "↑ the y"]
    assert plain(picture).splitlines()[1].split() == ["the", "x", *lines]
    assert plain(picture).splitlines()[3].split() == ["2", "0.25", "0.25", "0.25"]
    assert [fits(picture, at) for at in (-1, 0, 3, 4)] == [False, True, True, False]


def test_zero_and_what_is_beyond_the_limits_lie_beyond_a_break_each_in_its_row(ax):
    """What is too large as what is too small: neither looks as if the line stayed at the limit."""
    lines = {"zero": [1, 0, 0], "gap": [1, np.nan, 1e-3], "huge": [1e9, 1, 1e-30]}
    picture = curves([1, 2, 3], lines, "", ("x", "y"), log=(False, True), limits=(1e-6, 100))
    (one, *zeros), gap, (high, _, small) = picture["heights"]
    ticks = {text: place for place, text in picture["ticks"][1]}
    above, below = picture["breaks"]
    assert zeros == [ticks["0"]] * 2
    assert (high, small) == (ticks["> 100"], ticks["< 10⁻⁶"])
    assert 0 < high < above < ticks["100"] < one < ticks["10⁻⁶"] < below < small < zeros[0] < CURVES_SIZE[1]
    assert gap[1] is None
    assert picture["texts"] == ["0", "0.001", "1 × 10⁻³⁰"]
    assert picture["rows"][1] == ["2", "0", "–", "1"]
    draw(ax, picture)
    assert curves([1, 2, 3], {"one": [1, 2, 3]}, "", ("x", "y"), log=(False, True))["breaks"] == []
    assert curves([1, 2, 3], lines, "", ("x", "y"))["breaks"] == []  # where zero is like any other number


@pytest.mark.parametrize("log", [False, True])
def test_what_lies_at_its_height_is_within_the_limits_and_all_else_beyond_a_break(log, rng):
    low, high = 1e-3, 1e3
    for values in 10 ** rng.normal(0, 3, (30, 9)):
        values[rng.integers(9)] = 0
        picture = curves(range(9), {"line": values}, "", ("x", "y"), log=(False, log), limits=(low, high))
        above, below = (values > high).any(), (values < low).any()
        edges = iter(picture["breaks"])
        top, bottom = next(edges) if above else 0, next(edges) if below else CURVES_SIZE[1]
        assert next(edges, None) is None
        within = [top < y < bottom for y in picture["heights"][0]]
        assert within == ((values >= low) & (values <= high)).tolist()
        assert {text[0] for y, text in picture["ticks"][1] if y < top} == ({">"} if above else set())
        assert all(text == "0" or text[0] == "<" for y, text in picture["ticks"][1] if y > bottom)


def test_what_has_no_length_or_no_number_can_be_drawn(ax):
    constant = curves([1, 2], {"same": [3, 3]}, "", ("x", "y"))
    assert np.isfinite(constant["heights"]).all()
    nothing = curves([1, 2], {"none": [np.nan, np.nan]}, "", ("x", "y"), log=(True, True))
    assert nothing["texts"] == ["–"]
    draw(ax, nothing)


@pytest.mark.parametrize("size", [CURVES_SIZE, TALL_CURVES, WIDE_CURVES])
def test_names_stand_in_the_order_of_the_numbers_beside_them_and_no_two_meet(size):
    """At each x, so that the list reads as sorted; what is alone stands at its height."""
    rng = np.random.default_rng(3)
    for n in (1, 4, 8):
        for lines in rng.uniform(size=(20, n, 5)) ** 4:
            for at in (None, 0, 2):
                named = {f"line {i}": line for i, line in enumerate(lines)}
                picture = curves(range(5), named, "", ("x", "y"), at, size=size)
                names, now = np.array(picture["names"]), lines[:, picture["at"]]
                order = np.argsort(names)
                assert now[order].tolist() == sorted(now, reverse=True)
                assert (np.diff(names[order]) > 16.5).all()
                assert 0 < names.min() <= names.max() <= size[1] + UNDER
                height = picture["heights"][0][picture["at"]]
                if n == 1 and height > 30:
                    assert names[0] == pytest.approx(height, abs=0.01)


def test_a_gap_is_named_last():
    picture = curves([1, 2], {"none": [1, np.nan], "low": [1, 0], "high": [1, 2]}, "", ("x", "y"))
    assert np.argsort(picture["names"]).tolist() == [2, 1, 0]


def test_one_point_in_ten_of_a_long_line_has_a_mark_and_each_of_a_short_one(ax):
    many, few = some_curves(x=range(1, 101))[1], some_curves()[1]
    assert few["marked"] == [[0, 1, 2, 3]] * 3
    assert [len(marked) for marked in many["marked"]] == [10] * 3
    assert len({at for marked in many["marked"] for at in marked}) == 30  # lines that lie on each other show all marks


def test_many_points_have_a_short_table_with_the_chosen_one():
    _, picture = some_curves(x=range(1, 101), at=40)
    assert len(picture["rows"]) <= 12
    assert "41" in [row[0] for row in picture["rows"]]
    assert len(picture["ticks"][0]) <= 7


@pytest.mark.parametrize("integer", [False, True])
def test_ticks_are_those_that_matplotlib_would_choose(integer):
    steps = (1, 2, 4, 5) if integer else (1, 2, 5)
    locator = MaxNLocator(6, integer=integer, steps=[*steps, 10])
    rng = np.random.default_rng(0)
    for low, width in zip(rng.normal(0, 10, 300), 10 ** rng.uniform(0.5, 3, 300), strict=True):
        marks = locator.tick_values(low, low + width)
        expected = marks[(marks >= low - 1e-9) & (marks <= low + width + 1e-9)]
        assert round_numbers(low, low + width, steps, float(integer)) == pytest.approx(expected)


@pytest.mark.parametrize("ends", [(1e-9, 1e9), (0.5, 2e3), (1.1, 9.5), (8, 15), (2.3, 4.1), (1e-30, 1.5e-30)])
def test_a_logarithmic_axis_has_two_to_seven_round_ticks(ends):
    picture = curves([1, 2], {"line": ends}, "", ("x", "y"), log=(False, True))
    ticks = picture["ticks"][1]
    assert 2 <= len(ticks) <= 7
    (bottom, top), low, high = picture["heights"][0], *np.log10(ends)
    for place, text in ticks:
        assert place == pytest.approx(bottom + (np.log10(value_of(text)) - low) / (high - low) * (top - bottom), abs=1)
