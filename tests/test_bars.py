"""One row of a matrix as bars."""

import pytest
from matplotlib.colors import to_rgb
from page import BoardPage

from qkvlib.views.bars import bars, draw, fits
from qkvlib.views.look import COLOURS, number, plain


def sample(rng, word, n):
    asks = bool(rng.integers(2))
    values = rng.dirichlet([1.0] * n) if asks else rng.normal(size=n) * 10.0 ** rng.integers(-1, 2)
    labels, names = ([word() for _ in range(n)] for _ in range(2))
    return bars(values, labels, word(), rng.choice([None, 0, n - 1]), word(), names, asks)


@pytest.mark.parametrize("values", [[0.5, -1.5, 2.0, 0], [-3.0, -1.0], [0.0, 0.0], [0.1, 0.2, 0.7], [40, -20]])
def test_bars_are_as_long_as_their_numbers_and_negative_ones_go_left(values, ax):
    picture = bars(values, [f"k{i}" for i in range(len(values))], "a title", chosen=1)
    largest = max(1, *map(abs, values))
    drawn = draw(ax, picture)
    assert [bar.get_width() * largest for bar in drawn] == pytest.approx(values)
    assert picture["texts"] == [number(value) for value in values]
    assert [text.get_text() for text in ax.texts] == picture["texts"]
    assert [text.get_text() for text in ax.get_yticklabels()] == picture["labels"]
    assert ax.yaxis_inverted()
    left, right = ax.get_xlim()
    assert left <= min(0, *picture["lengths"]) <= max(0, *picture["lengths"]) < right
    assert {bar.get_facecolor()[:3] for bar in drawn} == {to_rgb(COLOURS["bar"])}
    assert [bar.get_edgecolor()[3] > 0 for bar in drawn] == [i == 1 for i in range(len(values))]  # framed


def test_a_slider_stands_at_the_end_of_its_bar_and_takes_shares_only():
    picture = bars([0.25, 0.75], "ab", "", asks=True)
    assert picture["lengths"] == [0.25, 0.75]
    assert [fits(picture, *change) for change in [(0, 0), (1, 1), (1, 0.3)]] == [True] * 3
    assert [fits(picture, *change) for change in [(2, 0), (-1, 0), (0, 1.01), (0, -0.1)]] == [False] * 4


@pytest.mark.parametrize("n", [4, 12, 13, 16, 17, 64])
def test_the_handles_of_sliders_below_each_other_do_not_overlap(n, browser):
    page = BoardPage(browser)
    page.start()
    scene = {"pictures": {"weights": bars([1 / n] * n, ["go"] * n, "", asks=True)}}
    page.show(scene | {"messages": {}, "status": "", "said": ""})
    gaps = page.page.locator("table.qkv-bars").evaluate("""(table) => [...table.rows].map((row) =>
        row.offsetHeight - parseFloat(getComputedStyle(row.querySelector("input")).getPropertyValue("--thumb")))""")
    assert len(gaps) == n
    assert min(gaps) >= 0


def test_bars_in_words_have_each_label_number_and_the_note():
    title, *rows, note = plain(bars([0.25, -1.5, 3], ["go", "学校", "to"], "a title", note="a note")).splitlines()
    assert (title, note) == ("a title", "a note")
    assert [row.split() for row in rows] == [["go", "0.25"], ["学校", "−1.50"], ["to", "3.00"]]
