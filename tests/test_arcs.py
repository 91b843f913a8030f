"""A sentence as words, with arcs from the one that asks."""

import numpy as np
import pytest
from helpers import shown

from qkvlib.views.arcs import THINNEST, WIDEST, arcs, draw, fits, size
from qkvlib.views.look import ARCS_SIZE, SMALL_ARCS, WIDE_ARCS, plain


def sample(rng, word, n):
    masked = rng.random(n) < 0.3 if rng.integers(2) else None
    asker, chosen = rng.integers(n, size=2)
    values = rng.normal(size=n) * 10.0 ** rng.integers(-1, 2)
    labels = [word() for _ in range(n)]
    under, size = ((), (values > 0) / 7)[rng.integers(2)], (ARCS_SIZE, SMALL_ARCS, WIDE_ARCS)[rng.integers(3)]
    asks = bool(rng.integers(2))
    return arcs(values, labels, word(), asker, chosen, masked, "0", word(), asks, under=under, size=size)


@pytest.mark.parametrize("n", [1, 2, 4, 12])
@pytest.mark.parametrize("width", [600, 840])
def test_an_arc_leads_from_the_asker_to_each_word_and_is_as_wide_as_its_number(n, width, ax):
    rng = np.random.default_rng(3)
    for asker in range(n):
        values = rng.normal(size=n)
        masked = rng.random(n) < 0.3
        picture = arcs(
            values, [f"k{i}" for i in range(n)], "a title", asker, 0, masked, "0", asks=True, size=(width, ARCS_SIZE[1])
        )
        column = width / n
        for i, bend in enumerate(picture["bends"]):
            ends = np.array(bend)[[0, 6]]
            assert ends == pytest.approx(np.array([asker + 0.5, i + 0.5]) * column, abs=9)
            assert picture["spots"][i][0] == pytest.approx((i + 0.5) * column, abs=0.2 * abs(i - asker) * column + 0.01)
            assert 0 < picture["spots"][i][1] < ARCS_SIZE[1]
        largest = max(1, np.abs(values[~masked]).max(initial=0))
        widths = THINNEST + (WIDEST - THINNEST) * np.abs(values) / largest
        assert picture["widths"] == pytest.approx(np.where(masked, 0, widths), abs=0.01)
        assert picture["texts"] == [
            "0" if hidden else shown(value) for value, hidden in zip(values, masked, strict=True)
        ]
        assert picture["negative"] == ((values < 0) & ~masked).tolist()
        assert len(draw(ax, picture)) == n - masked.sum()
        assert [fits(picture, row) for row in (-1, 0, n - 1, n)] == [False, True, True, False]


def test_numbers_of_neighbours_do_not_overlap():
    """With a sign, each is at most 40 px wide and 14 high; weights, which have none, 35."""
    for n in range(2, 13):
        for asker in range(n):
            spots = np.array(arcs(np.ones(n), ["a"] * n, "", asker, 0)["spots"])
            apart = np.abs(spots[:, None] - spots) >= [40, 14]
            assert (apart.any(axis=2) | np.eye(n, dtype=bool)).all(), (n, asker)


def test_a_second_row_of_numbers_stands_under_the_words_and_a_line_joins_those_that_are_not_0(ax):
    picture = arcs([0.25, 0.5, 0.25], ["a", "b", "c"], "", 1, 1, under=[0, 0.5, 0.5])
    assert picture["under"] == [["0.00", False], ["0.50", True], ["0.50", True]]
    assert plain(picture).splitlines() == ["b →", "a  0.25  0.00", "b  0.50  0.50", "c  0.25  0.50"]
    draw(ax, picture)
    assert [line.get_xdata().tolist() for line in ax.lines if line.get_color() != "none"] == [[200, 400], [400, 600]]
    assert {"0.00", "0.50", "0.25"} <= {text.get_text() for text in ax.texts}
    assert size(picture)[1] > size(arcs([1], ["a"], "", 0, 0))[1]


def test_small_arcs_are_the_same_on_less_room_and_a_word_without_room_for_its_number_shows_none(ax):
    for n in range(1, 13):
        for asker in range(n):
            picture = arcs(np.full(n, 0.5), ["a"] * n, "", asker, 0, size=SMALL_ARCS)
            assert picture["size"] == [*SMALL_ARCS]
            spots, column = np.array(picture["spots"]), SMALL_ARCS[0] / n
            bends = np.reshape(picture["bends"], (n, 4, 2))
            assert ((spots[:, 1] > 0) & (spots[:, 1] < SMALL_ARCS[1])).all()
            assert bends[:, 3, 0] == pytest.approx((np.arange(n) + 0.5) * column, abs=9)
            if picture["roomy"]:
                apart = np.abs(spots[:, None] - spots) >= [35, 14]
                assert (apart.any(axis=2) | np.eye(n, dtype=bool)).all(), (n, asker)
            ax.clear()
            drawn = draw(ax, picture)
            assert len(drawn) == n
            assert sum(text.get_text() == "0.50" for text in ax.texts) == (n if n < 7 else 1)
            assert (
                drawn[0].get_linewidth() < draw(ax, arcs(np.full(n, 0.5), ["a"] * n, "", asker, 0))[0].get_linewidth()
            )


def test_arcs_in_words_say_who_asks_and_each_number():
    picture = arcs([0.25, 0.75], ["go", "学校"], "a title", 1, 0, note="a note")
    assert plain(picture).splitlines() == ["a title", "学校 →", "  go  0.25", "学校  0.75", "a note"]
