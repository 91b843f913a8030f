"""One line of arithmetic."""

import re

import pytest
from helpers import EXPLORERS, LESSONS, panel, pictures

from qkvlib.views.arithmetic import arithmetic, draw, products_of, sum_of
from qkvlib.views.look import plain


def sample(rng, word, n):
    powers = sum_of(f"e^{{{rng.normal():.2f}}}" for _ in range(n))
    return arithmetic(f"weight of {{key}} for {{query}} = {powers} = *0.50*", query=word(), key=word())


def test_words_and_powers_and_the_result_are_told_apart_whatever_the_reader_typed(ax):
    picture = arithmetic("weight of {key} for {query} = e^{−1.50} ÷ 2 = *0.11*", key="a{b}*c*^{d}", query="I")
    roles = [("weight of ", ""), ("a{b}*c*^{d}", "key"), (" for ", ""), ("I", "query"), (" = e", "")]
    roles += [("−1.50", "power"), (" ÷ 2 = ", ""), ("0.11", "result")]
    assert [tuple(part) for part in picture["parts"]] == roles
    assert plain(picture) == "weight of a{b}*c*^{d} for I = e^−1.50 ÷ 2 = 0.11"
    assert draw(ax, picture).get_text().replace("\n", "") == plain(picture)


def test_a_long_sum_shows_its_beginning_and_its_end():
    assert sum_of("abcdef") == "a + b + c + d + e + f"
    assert sum_of("abcdefgh") == "a + b + c + d + … + h"


def test_a_negative_second_factor_stands_in_brackets_and_a_negative_product_is_taken_away():
    assert products_of([1, -2], [-3, 0.5]) == "1.00 × (−3.00) − 2.00 × 0.50"


@pytest.mark.parametrize("made", [*EXPLORERS, *LESSONS])
def test_no_picture_multiplies_by_a_negative_number_without_brackets(made):
    explorer = panel(made)
    for name in explorer.buttons:
        explorer.preset(name)
        told = "\n".join(map(plain, pictures(explorer).values()))
        assert re.findall("[×·÷] −.*", told) == []
