"""Matrices in a row, in the numbers that were computed."""

import numpy as np
import pytest
from helpers import overlapping
from matplotlib.colors import to_rgb

from qkvlib.views.flow import MOST, draw, flow
from qkvlib.views.look import PALETTES, plain
from qkvlib.views.still import figure_of


def sample(rng, word, n):
    steps = [(word(), rng.normal(size=(n, width))) for width in (8, 40, 8)]
    return flow([word() for _ in range(n)], steps, [(0, 2)][: rng.integers(2)])


def test_each_matrix_has_its_first_columns_in_the_order_of_their_numbers(ax):
    rng = np.random.default_rng(0)
    steps = [("X", rng.normal(size=(3, 5))), ("wide", rng.normal(size=(3, 40)))]
    picture = flow([*"abc"], steps)
    assert (picture["shapes"], plain(picture)) == ([[3, 5], [3, 40]], "X (3 × 5) → wide (3 × 40)")
    scale = [to_rgb(colour) for colour, _ in PALETTES["scores"]]
    for (_, values), cells in zip(steps, picture["cells"], strict=True):
        shown = values[:, :MOST]
        places = np.array([scale.index(to_rgb(colour)) for colour in cells])
        assert (np.diff(places[np.argsort(shown, axis=None)]) >= 0).all()
        assert np.ptp(places) > len(scale) / 4
    frames = draw(ax, picture)
    assert [len(ax.patches) - 2 - 1, len(frames)] == [3 * 5 + 3 * MOST, 2]  # cells, without frames and the arrow


def test_what_is_added_is_drawn_and_said(ax):
    X = np.ones((2, 3))
    arrows = []
    for adds in ([], [(0, 2)], [(0, 1), (1, 2)]):
        ax.clear()
        picture = flow([*"ab"], [(name, X) for name in ("X", "found", "both")], adds)
        draw(ax, picture)
        arrows.append((len(ax.patches), [text.get_text() for text in ax.texts].count("+")))
        assert len(plain(picture).splitlines()) == 1 + len(adds)
    assert arrows == [(arrows[0][0] + n, n) for n in range(3)]
    assert plain(picture).splitlines()[1] == "X (2 × 3) + → found (2 × 3)"


def test_texts_keep_clear_of_each_other():
    rng = np.random.default_rng(0)
    for n, n_steps in ((1, 1), (2, 7), (12, 6)):
        steps = [(f"normalise,\nstep {i}", rng.normal(size=(n, 1536))) for i in range(n_steps)]
        figure = figure_of([flow(["international"] * n, steps, [(0, n_steps - 1)] if n_steps > 1 else [])])
        figure.draw_without_rendering()
        [ax] = figure.axes
        assert overlapping(ax) == []
        assert all(text.get_window_extent().min.min() >= 0 for text in ax.texts)


@pytest.mark.parametrize(
    ("steps", "adds", "said"),
    [
        ([("X", np.ones((3, 2)))], (), r"steps\[0\] has shape \(3, 2\)"),
        ([("X", np.ones((2, 2))), ("Y", np.ones((2, 3)))], [(0, 1)], r"adds has \(0, 1\)"),
        ([("X", np.ones((2, 2))), ("Y", np.ones((2, 2)))], [(1, 0)], r"adds has \(1, 0\)"),
        ([("X", np.ones((2, 2)))], [(0, 1)], r"adds has \(0, 1\)"),
        ([("X", [[1.0, np.nan], [0, 0]])], (), r"steps\[0\] has nan"),
    ],
)
def test_steps_that_do_not_fit_are_refused_by_name(steps, adds, said):
    with pytest.raises(ValueError, match=said):
        flow([*"ab"], steps, adds)
