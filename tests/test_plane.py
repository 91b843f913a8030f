"""Arrows in the plane."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from qkvlib.explorers.mixing import MixingExplorer
from qkvlib.text.handmade import KNOWN, W_v
from qkvlib.views.look import COLOURS, PLANE_SIZE, ROLES, plain, width
from qkvlib.views.plane import SMALLEST, draw, fits, plane
from qkvlib.views.still import figure_of

NAMES = {name: f"the {name}" for name in ("value", "step", "moved", "after")}


def sample(rng, word, n):
    values, names = rng.normal(size=(n, 2)) * 10 ** rng.integers(0, 3), {name: word() for name in NAMES}
    labels, (title, note, *axes) = [word() for _ in range(n)], (word() for _ in range(4))
    before, asks = int(rng.integers(n)), bool(rng.integers(2))
    return plane(values, rng.dirichlet([1.0] * n), labels, title, axes, before, names, note, asks=asks)


def some_plane(values, weights=None, labels=None, **options):
    labels = labels or [f"k{i}" for i in range(len(values))]
    weights = np.full(len(values), 1 / len(values)) if weights is None else weights
    return plane(values, weights, labels, "a title", ["across", "up"], 0, NAMES, **options)


def test_a_plane_has_equal_scales_and_arrows_that_end_at_the_values(ax):
    values = np.array([[-1.0, 0.1], [0.5, 1.5], [0.0, 0.0], [2.0, -0.7]])
    weights = np.array([0.1, 0.6, 0.1, 0.2])
    picture = some_plane(values, weights)
    arrows = draw(ax, picture)
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
    colours = [arrow.get_edgecolor()[:3] for arrow in (arrows[0], others[0], others[-1])]
    assert colours == [to_rgb(colour) for colour in (ROLES["value"][0], COLOURS["step"], "black")]
    [moved] = [line for line in ax.lines if line.get_label() == "the moved"]
    assert np.array_equal(moved.get_xydata(), [values[0], picture["output"]])
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {*NAMES.values()}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("across", "up")
    pixel = 2 * picture["radius"] / PLANE_SIZE
    for text, value, offset in zip(ax.texts, values, picture["offsets"], strict=True):
        assert np.allclose(text.get_position(), value + np.array(offset) * pixel)
    assert [text.get_text() for text in ax.texts] == picture["tips"]


@pytest.mark.parametrize("reach", [0.1, 1.19, 1.2, 7.0, -99.0, 1000.0])
@pytest.mark.parametrize("axis", [0, 1])
def test_the_scale_follows_the_longest_arrow(axis, reach):
    values = np.zeros((2, 2))
    values[0, axis] = reach
    picture = some_plane(values)
    assert picture["radius"] == SMALLEST if abs(reach) < 1.19 else picture["radius"] > 1.04 * abs(reach)
    assert picture["radius"] <= max(SMALLEST, 2.5 * abs(reach))
    assert 0 < picture["tick"] < picture["radius"] <= 10 * picture["tick"]


def test_the_output_lies_within_the_hull_of_the_values():
    rng = np.random.default_rng(0)
    for n in (1, 2, 3, 9):
        values = rng.normal(size=(n, 2))
        picture = some_plane(values, rng.dirichlet([0.3] * n))
        angles = rng.uniform(0, 2 * np.pi, 100)
        directions = np.array([np.cos(angles), np.sin(angles)])
        furthest = (np.array(picture["hull"]) @ directions).max(axis=0)
        assert (np.array(picture["output"]) @ directions <= furthest + 1e-12).all()
        assert np.allclose((values @ directions).max(axis=0), furthest)


def test_a_tip_goes_to_any_finite_place_and_no_other():
    picture = some_plane([[1, 0], [0, 1]])
    assert fits(picture, [1, -3, 1e9])
    for tip in ([2, 0, 0], [-1, 0, 0], [0, 0], [0, 0, 0, 0], [0, np.nan, 0], [0, 0, np.inf]):
        assert not fits(picture, tip)


def clashes(picture):
    """How deep, in pixels, labels of a plane reach into each other, and how far one reaches out of the plane."""
    half_plane, named = PLANE_SIZE / 2, [bool(tip) for tip in picture["tips"]]
    middles = np.array(picture["values"]) / picture["radius"] * half_plane + np.array(picture["offsets"])
    halves = np.array([[width(tip) * 3.8 + 1, 8] for tip in picture["tips"]])
    middles, halves = middles[named], halves[named]
    low, high = middles - halves, middles + halves
    pairs = itertools.combinations(range(len(middles)), 2)
    depths = [(np.minimum(high[i], high[j]) - np.maximum(low[i], low[j])).min() for i, j in pairs]
    return max(depths, default=0), (np.maximum(high, -low) - half_plane).max()


def known_sentences(n, how_many):
    """Sentences of hand-made words, and their values."""
    random = np.random.default_rng(n)
    for ascii in (True, False):
        known = [word for word in KNOWN if word.isascii() == ascii]
        for _ in range(how_many):
            tokens = [*random.choice(known, n)]
            yield tokens, np.array([KNOWN[token] for token in tokens]) @ W_v


@pytest.mark.parametrize("n", range(2, 17))
def test_labels_of_a_plane_keep_clear_of_each_other_and_within_it(n):
    """Within half a pixel of the room that a label is given, which is more than it takes."""
    for tokens, values in known_sentences(n, 20):
        for weights in (None, np.eye(n)[0]):
            assert max(clashes(some_plane(values, weights, tokens))) < 0.5, tokens


def test_labels_of_the_lesson_s_plane_stand_clear_beside_their_tips(language):
    explorer = MixingExplorer()
    for button in explorer.buttons.values():
        button.click()
        picture = explorer.board.scene["pictures"]["plane"]
        assert max(clashes(picture)) <= 0
        assert picture["tips"] == picture["labels"]
        assert (np.hypot(*np.transpose(picture["offsets"])) < 45).all()


@pytest.mark.parametrize("n", [4, 16])
def test_labels_as_they_are_drawn_keep_clear_of_each_other_and_within_the_plane(n):
    for tokens, values in known_sentences(n, 2):
        figure = figure_of([some_plane(values, labels=tokens)])
        figure.draw_without_rendering()
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
    assert len(picture["labels"]) == len(draw(ax, picture)) == n


def test_a_repeated_word_is_named_once_unless_its_values_differ():
    picture = some_plane([[1, 0], [1, 0], [1, 0], [0, 1]], labels=["go", "to", "go", "go"])
    assert picture["tips"] == ["go", "to", "", "go"]
    assert picture["labels"] == ["go", "to", "go", "go"]


def test_a_long_label_is_cut_at_its_tip_only():
    picture = some_plane([[1, 0], [0, 1]], labels=["x" * 32, "図書館" * 8])
    assert picture["tips"] == ["x" * 15 + "…", "図書館図書館図…"]
    assert picture["labels"] == ["x" * 32, "図書館" * 8]
    assert max(clashes(picture)) <= 0


@pytest.mark.parametrize("values", [[[1, 0.2], [-0.5, 1]], [[40, -3], [2, 1]], np.ones((17, 2))])
def test_a_drawn_plane_is_a_square_with_its_key_inside(values):
    figure = figure_of([some_plane(np.array(values))])
    figure.draw_without_rendering()
    [ax] = figure.axes
    frame, legend = ax.get_window_extent(), ax.get_legend().get_window_extent()
    assert frame.width == pytest.approx(frame.height, abs=0.5)
    assert frame.x0 < legend.x0 < legend.x1 < frame.x1


def test_a_plane_in_words_has_each_value_and_the_mixture():
    picture = some_plane([[-1, 0.126], [0.5, 2]], [0.5, 0.5], ["go", "学校"], note="a note")
    title, head, *rows, note = plain(picture).splitlines()
    assert (title, note) == ("a title", "a note")
    assert head.split() == ["across", "up"]
    assert [row.split() for row in rows[:2]] == [["go", "−1.00", "0.13"], ["学校", "0.50", "2.00"]]
    assert rows[2].split() == ["the", "after", "−0.25", "1.06"]
