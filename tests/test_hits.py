"""What a search compares."""

import numpy as np
import pytest

from qkvlib.views.hits import draw, fits, hits
from qkvlib.views.look import plain
from qkvlib.views.stack import stack


def sample(rng, word, n):
    keys, values = ([word() for _ in range(n)] for _ in range(2))
    values, head = [values[i] for i in rng.integers(n, size=n)], [word()[:8] for _ in range(4)]
    chosen, asks = rng.choice([None, 0, n - 1]), bool(rng.integers(2))
    return hits(keys, rng.random(n), rng.dirichlet([1.0] * n), values, head, word(), chosen, asks=asks)


@pytest.mark.parametrize("values", ["abc", "aba", "aaa"])
def test_hits_are_drawn_line_by_line_with_the_colours_of_the_stack(values, ax):
    picture = hits(["k0", "k1", "k2"], [0.3, 0.0, 1.0], [0.25, 0.125, 0.625], [*values], "KMWV", "a title", chosen=2)
    matches, weights = draw(ax, picture)
    assert [bar.get_width() for bar in matches] == [0.3, 0, 1]
    assert [bar.get_width() for bar in weights] == [0.25, 0.125, 0.625]
    assert picture["texts"] == ["0.30", "0.25", "0.00", "0.12", "1.00", "0.62"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["K", "k0", "k1", "k2"]
    assert ax.yaxis_inverted()
    assert [[bar.get_edgecolor()[3] for bar in bars] for bars in (matches, weights)] == [[0, 0, 1]] * 2  # framed
    of_stack = stack([0.25, 0.125, 0.625], [*values], "")
    colours = dict(zip(of_stack["values"], of_stack["colours"], strict=True))
    assert picture["colours"] == [colours[value][0] for value in values]
    assert [line.split() for line in plain(picture).splitlines()[1:3]] == [[*"KMWV"], ["k0", "0.30", "0.25", "a"]]
    assert [fits(picture, row) for row in (-1, 0, 2, 3)] == [False, True, True, False]


def test_a_value_of_a_known_list_has_one_colour_in_every_picture():
    kinds = ["learned", "real", "new"]
    seen = {}
    for values in (["new", "learned"], ["real", "new", "new"], ["learned"]):
        picture = hits(values, np.zeros(len(values)), np.zeros(len(values)), values, "abcd", "", among=kinds)
        for value, colour in zip(values, picture["colours"], strict=True):
            assert seen.setdefault(value, colour) == colour
    assert len({*seen.values()}) == 3
