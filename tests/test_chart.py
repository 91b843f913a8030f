"""Measured lines over x."""

import re

import numpy as np
import pytest

from qkvlib.views.chart import chart, draw
from qkvlib.views.look import plain
from qkvlib.views.still import figure_of


def sample(rng, word, n):
    x = 2.0 ** np.arange(n)
    return chart(x, {word(): 10 ** rng.normal(size=n) for _ in range(3)}, word(), word(), log=bool(rng.integers(2)))


@pytest.mark.parametrize("log", [True, False])
def test_a_chart_draws_its_lines_and_tells_their_numbers(log, ax):
    x = [1 if log else -1, 10, 1000]
    lines = {"q · k": np.array([1.0, 3.1623, 31.623]), "標準偏差": np.array([0.98765, 1.0, 123.456])}
    picture = chart(x, lines, "d", "y", log)
    head, *rows = plain(picture).splitlines()
    assert re.split(r"\s{2,}", head.strip()) == ["d", "q · k", "標準偏差"]
    assert "-" not in "".join(rows)
    told = np.array([[float(cell.replace("−", "-")) for cell in row.split()] for row in rows])
    assert np.allclose(told, np.transpose([x, *lines.values()]), rtol=5e-3)
    drawn = draw(ax, picture)
    assert [line.get_label() for line in drawn] == [*lines]
    for line, y in zip(drawn, lines.values(), strict=True):
        assert np.array_equal(line.get_xydata(), np.transpose([x, y]))
    assert len({line.get_marker() for line in drawn}) == 2
    assert (ax.get_xscale(), ax.get_yscale()) == (("log", "log") if log else ("linear", "linear"))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("d", "y")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [*lines]


def test_lines_of_another_length_are_refused_by_name():
    with pytest.raises(ValueError, match=r"lines\['a'\] has shape \(3,\); it must be \(2\)"):
        chart([1, 2], {"a": [1, 2, 3]}, "x", "y")


def test_lines_whose_labels_no_font_has_are_all_drawn():
    [ax] = figure_of([chart([1, 2], {"🎒": [1, 2], "🏫": [2, 4]}, "x", "y")]).axes
    assert [line.get_label() for line in ax.lines] == ["□", "□"]
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 2], [2, 4]]


@pytest.mark.parametrize("log", [True, False])
def test_where_nothing_was_measured_a_line_has_a_gap(log, ax):
    others = [1, 2, 3] if log else [-1, 0, 1]
    picture = chart([1, 2, 3], {"a": [1.0, np.nan, 3.0], "b": others}, "x", "y", log)
    told = [row.split()[1:] for row in plain(picture).splitlines()[1:]]
    assert told == [*map(list, zip("1–3", [f"{y}".replace("-", "−") for y in others], strict=True))]
    [line, _] = draw(ax, picture)
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]
