"""A field of small pictures, each a matrix of weights."""

import numpy as np
from matplotlib.colors import to_rgb

from qkvlib.views.field import draw, field, fits
from qkvlib.views.look import PALETTES, plain

rng = np.random.default_rng(0)


def sample(rng, word, n):
    values, chosen = rng.random((2, 3, n, n)), (rng.integers(2), rng.integers(3))
    rows, columns, texts = ([word() for _ in range(count)] for count in (2, 3, 6))
    return field(values, rows, columns, texts, word(), (word(), word()), chosen, asks=bool(rng.integers(2)))


def test_each_small_picture_has_the_colours_of_its_own_numbers_and_stands_in_its_place(ax):
    values = rng.random((2, 3, 4, 4))
    picture = field(values, "ab", "cde", [*"uvwxyz"], "a title", ("rows", "columns"), (1, 2))
    drawn = draw(ax, picture)
    for (row, column), image in zip(np.ndindex(2, 3), drawn, strict=True):
        colours = np.array([to_rgb(PALETTES["weights"][round(254 * value)][0]) for value in values[row, column].flat])
        assert np.allclose(image.get_array()[..., :3], colours.reshape(4, 4, 3))
        left, right, bottom, top = image.get_extent()
        assert np.allclose([(left + right) / 2, (bottom + top) / 2], [column, row])
        assert top < bottom  # its first row is above
    assert ax.yaxis_inverted()
    assert [text.get_text() for text in ax.get_xticklabels()] == [*"cde"]
    frame = ax.patches[-1]
    assert (frame.get_x(), frame.get_y()) == (1.5, 0.5)


def test_in_words_it_is_a_table_and_only_what_is_there_can_be_chosen():
    picture = field(rng.random((2, 3, 1, 1)), "ab", "cde", [*"uvwxyz"], "a title", ("rows", "columns"), (0, 0))
    title, axes, *lines = plain(picture).splitlines()
    assert (title, axes) == ("a title", "(rows, columns)")
    assert [line.split() for line in lines] == [[*"cde"], [*"auvw"], [*"bxyz"]]
    assert [at for at in np.ndindex(4, 5) if fits(picture, *at)] == [*np.ndindex(2, 3)]
    assert not fits(picture, -1, 0)
    assert not fits(picture, 0, -1)
