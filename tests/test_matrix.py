"""A matrix as a heatmap."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from qkvlib import words
from qkvlib.views.look import MASKED, MASKED_COLOUR, PALETTES, ROLES, number, plain
from qkvlib.views.matrix import draw, fits, matrix, size

both_palettes = pytest.mark.parametrize("palette", PALETTES)
rng = np.random.default_rng(0)


def sample(rng, word, n):
    n_rows, n_columns = n, 18 if n == 4 else max(1, n + n % 3 - 1)  # of 4, vectors below each other
    palette, at = str(rng.choice([*PALETTES])), [int(rng.integers(n_rows)), int(rng.integers(n_columns))]
    values = rng.normal(size=(n_rows, n_columns)) * 10 if palette == "scores" else rng.random((n_rows, n_columns))
    masked, sources = rng.random((2, *values.shape)) < 0.2
    flags = dict(zip(("sums", "small", "asks"), map(bool, rng.integers(2, size=3)), strict=True))
    chosen, axes = [None, at][rng.integers(2)], [None, (word(), word())][rng.integers(2)]
    texts = [word() for _ in range(n_rows)], [word() for _ in range(n_columns)], word()
    if flags["sums"]:
        flags["sums"] = rng.random(n_rows) < 0.8
    flags["row_roles"] = [None, rng.choice([*ROLES, ""], n_rows).tolist()][rng.integers(2)]
    return matrix(values, *texts, palette, chosen, masked, "−∞", axes=axes, sources=sources, **flags) | {"note": word()}


def some_matrix(shape=(2, 4), palette="scores", **options):
    values = rng.normal(size=shape) if palette == "scores" else rng.dirichlet(np.ones(shape[1]), shape[0])
    rows, columns = ([f"{letter}{i}" for i in range(n)] for letter, n in zip("qk", shape, strict=True))
    return values, matrix(values, rows, columns, "a title", palette, **options)


def test_zero_is_the_middle_colour_of_the_scores_and_ends_are_the_ends():
    picture = matrix([[-1.5, 0, 1.5], [2, -2, 0.1]], "ab", "abc", "", "scores")
    assert [*picture["colours"]][1] == 127
    assert {*picture["colours"]} & {0, 254} == {0, 254}
    assert picture["limits"] == ["−2", "2"]
    lightness = [sum(to_rgb(colour)) for colour, _ in PALETTES["scores"][:MASKED]]
    assert lightness.index(max(lightness)) == 127


def test_weights_run_from_zero_to_one_whatever_they_are():
    picture = matrix([[0.2, 0.3], [0.4, 0.1]], "ab", "ab", "", "weights")
    assert [*picture["colours"]] == [round(254 * value) for value in (0.2, 0.3, 0.4, 0.1)]
    assert picture["limits"] == ["0", "1"]


@pytest.mark.parametrize("shape", [(2, 4), (5, 3), (1, 6), (3, 1)])
@both_palettes
def test_a_rectangular_matrix_is_the_right_way_round(shape, palette, ax):
    values, picture = some_matrix(shape, palette, chosen=(shape[0] - 1, 0))
    image, texts = draw(ax, picture)
    assert image.get_array().shape[:2] == shape
    assert [text.get_text() for text in ax.get_yticklabels()] == [f"q{i}" for i in range(shape[0])]
    assert [text.get_text() for text in ax.get_xticklabels()] == [f"k{j}" for j in range(shape[1])]
    assert (ax.get_ylabel(), ax.get_xlabel()) == (words.text("axis.query"), words.text("axis.key"))
    assert ax.yaxis_inverted()
    by_place = {text.get_position(): text.get_text() for text in texts}
    assert by_place == {(j, i): number(values[i, j]) for i, j in np.ndindex(shape)}
    for i, j in np.ndindex(shape):
        colour, ink = PALETTES[palette][picture["colours"][i * shape[1] + j]]
        assert np.allclose(image.get_array()[i, j, :3], to_rgb(colour))
        assert texts[i * shape[1] + j].get_color() == ink
    frame = ax.patches[-1]
    assert (frame.get_x(), frame.get_y()) == (-0.5, shape[0] - 1.5)
    fitting = [(i, j) for i in range(-1, 7) for j in range(-1, 7) if fits(picture, i, j)]
    assert fitting == [*np.ndindex(shape)]


def test_masked_cells_have_their_own_colour_and_text(ax):
    masked = np.array([[False, True, True], [False, False, True]])
    values, picture = some_matrix((2, 3), masked=masked, masked_text="−∞")
    without = matrix(values * 1e9, ["q0", "q1"], ["k0", "k1", "k2"], "", "scores")
    assert [colour == MASKED for colour in picture["colours"]] == masked.ravel().tolist()
    assert max(without["colours"]) < MASKED
    expected = np.where(masked, "−∞", np.vectorize(number)(values))
    assert picture["texts"] == expected.ravel().tolist()
    image, _ = draw(ax, picture)
    assert np.allclose(image.get_array()[masked][:, :3], to_rgb(MASKED_COLOUR))


def test_row_sums_stand_beside_their_rows_on_the_picture_and_in_words(ax):
    values = rng.dirichlet([1, 1], 3) * [[1], [2], [0.5]]
    picture = matrix(values, "abc", "de", "a title", "weights", sums=True)
    assert picture["sums"] == ["1.00", "2.00", "0.50"]
    _, texts = draw(ax, picture)
    beside = {text.get_position()[1]: text.get_text() for text in texts if text.get_position()[0] == 2}
    assert beside == {-0.75: "Σ", 0: "1.00", 1: "2.00", 2: "0.50"}
    title, axes, head, *rows = plain(picture).splitlines()
    assert (title, axes) == ("a title", f"({words.text('axis.query')}, {words.text('axis.key')})")
    assert head.split() == ["d", "e", "Σ"]
    lines = zip("abc", values, picture["sums"], strict=True)
    assert [row.split() for row in rows] == [[name, *map(number, row), total] for name, row, total in lines]


def test_some_rows_alone_have_a_sum_and_each_row_the_colour_of_its_role(ax):
    roles = ["query", "key", "", "value"]
    values, picture = some_matrix((4, 3), axes=("a", "b"), sums=[False, False, True, False], row_roles=roles)
    assert picture["sums"] == ["", "", number(values[2].sum()), ""]
    draw(ax, picture)
    colours = [to_rgb(text.get_color()) for text in ax.get_yticklabels()]
    assert colours == [to_rgb(ROLES[role][0] if role else "black") for role in roles]
    assert some_matrix(sums=[False, False])[1]["sums"] is None
    assert some_matrix()[1]["row_roles"] == ["query", "query"]


@pytest.mark.promise("Heatmaps are tables to a screen reader")
@pytest.mark.parametrize(("n", "count"), [(16, 32), (17, 0)])
def test_a_large_matrix_shows_its_colours_only(n, count, ax):
    _, picture = some_matrix((n, 2))
    assert len(draw(ax, picture)[1]) == count
    assert len(picture["texts"]) == 2 * n


def test_the_sources_of_a_number_are_framed_with_dots_and_the_chosen_with_a_line(ax):
    sources = np.array([[True, False, False], [False, True, True]])
    draw(ax, some_matrix((2, 3), chosen=(1, 0), sources=sources)[1])
    frames = {(frame.get_x() + 0.5, frame.get_y() + 0.5): frame.get_linestyle() for frame in ax.patches}
    assert frames == {(0, 0): ":", (1, 1): ":", (2, 1): ":", (0, 1): "-"}
    assert {frame.get_edgecolor()[:3] for frame in ax.patches} == {to_rgb("black"), to_rgb("white")}


def test_a_matrix_of_other_things_says_what_its_axes_are(ax, language):
    _, picture = some_matrix((2, 3), axes=("the rows", "the columns"))
    draw(ax, picture)
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("the rows", "the columns")
    assert plain(picture).splitlines()[1] == "(the rows, the columns)"


def test_small_matrices_take_less_room():
    sizes = [size(some_matrix((8, 8), small=small)[1]) for small in (True, False)]
    assert sizes[0] < sizes[1]
