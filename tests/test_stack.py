"""Shares of a whole, as one stacked bar."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from qkvlib.views.look import SHARES, contrast, plain
from qkvlib.views.stack import draw, stack


def sample(rng, word, n):
    first, *others = [word() for _ in range(n)]
    values = [*[first] * rng.integers(1, 4), *others]
    return stack(rng.dirichlet([0.5] * len(values)), values, word())


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
    parts = draw(ax, picture)
    ends = np.cumsum([0, *picture["lengths"]])
    assert [part.get_x() for part in parts] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(1)
    assert [to_rgb(colour) for colour, _ in picture["colours"]] == [part.get_facecolor()[:3] for part in parts]
    assert plain(picture).splitlines()[1].split() == ["a", texts[0]]


def test_shares_have_colours_of_their_own_and_legible_numbers():
    picture = stack(np.full(12, 1 / 12), [*"abcdefghijkl"], "")
    assert len({colour for colour, _ in picture["colours"]}) == len(SHARES) == 10
    assert min(contrast(*pair) for pair in picture["colours"]) >= 4.5
