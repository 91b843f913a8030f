"""The one picture of attention, in the numbers of a sentence, with a lesson's part lit."""

import numpy as np
import pytest
from helpers import SENTENCE, by_loops, overlapping
from matplotlib.colors import to_hex

from qkvlib import words
from qkvlib.text.handmade import W_k, W_q, W_v
from qkvlib.views.lesson_map import LIT, PLACES, draw, lesson_map
from qkvlib.views.look import MAPS, bound, contrast, plain
from qkvlib.views.still import figure_of


def sample(rng, word, n):
    picture = lesson_map([*LIT][n % len(LIT)], " ".join(["I", "go", "to", "school"])[: int(rng.integers(1, 15))])
    return picture | {"labels": {name: word() for name in picture["places"]}, "said": [word()]}


def test_every_colour_is_that_of_a_number(language):
    """The bluer, the more: colours of a matrix are ordered as its numbers are."""
    one = by_loops(SENTENCE[language]) | {"W_q": W_q, "W_k": W_k, "W_v": W_v}
    Q, K, V = (one[name] for name in "QKV")
    two = {name: one[name] for name in ("X", "Q", "K", "V", "W_q", "W_k", "W_v")}
    for head, column in ((1, 0), (2, 2)):  # head 1 asks who, head 2 where
        two[f"scores_{head}"] = np.outer(Q[:, column], K[:, column])
        exps = np.exp(two[f"scores_{head}"])
        two[f"weights_{head}"] = exps / exps.sum(axis=1, keepdims=True)
    two["outputs"] = np.hstack([two["weights_1"] @ V, two["weights_2"] @ V])
    two["W_o"] = np.array([[-1, 0], [0, 0], [0, 1], [0, 0]])
    two["joined"] = np.transpose([-two["outputs"][:, 0], two["outputs"][:, 2]])
    for lesson, numbers in {"context": one, "heads": two}.items():
        picture = lesson_map(lesson)
        assert numbers.keys() == picture["places"].keys()
        check_colours(picture, numbers)


def check_colours(picture, numbers):
    for name, values in numbers.items():
        assert picture["shapes"][name] == [*values.shape]
        scale = "weights" if "weights" in name else "scores"
        anchors = np.array([[int(c[i : i + 2], 16) for i in (0, 2, 4)] for c in MAPS[scale].split()])
        low, high = (0, 1) if "weights" in name else (-bound(values), bound(values))
        places = (values.ravel() - low) / (high - low) * (len(anchors) - 1)
        expected = np.transpose([np.interp(places, range(len(anchors)), channel) for channel in anchors.T])
        drawn = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in picture["cells"][name]])
        assert np.abs(drawn - expected).max() < 4, name


def test_the_map_fills_in_from_lesson_to_lesson(language, ax):
    """What was lit once is drawn, as soon as what it is made of is; in the end all is."""
    seen = set()
    for lesson, lit in LIT.items():
        picture = lesson_map(lesson)
        parts = [{*picture[kind]} for kind in ("lit", "known", "later")]
        places = picture["places"].keys()
        waiting = {end for start, end in picture["links"] if start in places - seen - {*lit}} - {*lit}
        assert parts == [{*lit}, (places & seen) - {*lit} - waiting, places - seen - {*lit} | waiting]
        assert waiting & seen == ({"V"} if lesson in ("scores", "weights") else set())  # lesson 01 has named it
        seen |= {*lit}
        ax.clear()
        frames = dict(zip(places, draw(ax, picture), strict=True))
        dashed = {name for name, frame in frames.items() if frame.get_linestyle() not in ("-", "solid")}
        assert dashed == {*picture["later"]}
        assert {name for name, frame in frames.items() if frame.get_linewidth() == 2} == {*lit}
        said = plain(picture).splitlines()
        for line, kind in zip(said, [kind for kind in ("lit", "known", "later") if picture[kind]], strict=True):
            shapes = [" × ".join(map(str, picture["shapes"][name])) for name in picture[kind]]
            assert [part.split(")")[0] for part in line.split("(")[1:]] == shapes
    assert seen >= {*PLACES}


@pytest.mark.parametrize("lesson", LIT)
def test_texts_stand_out_and_keep_clear_of_each_other(lesson, language):
    for sentence in (None, "go", "international international the teacher go to"):
        figure = figure_of([lesson_map(lesson, sentence)])
        figure.draw_without_rendering()
        [ax] = figure.axes
        assert min(contrast(to_hex(text.get_color()), "#ffffff") for text in ax.texts) >= 4.5
        assert overlapping(ax) == []
        assert all(text.get_window_extent().min.min() >= 0 for text in ax.texts)
        assert min(text.get_size() for text in ax.texts) * figure.dpi / 72 >= 13


def test_what_cannot_be_drawn_is_refused(language):
    with pytest.raises(ValueError, match=r"lesson is 'nothing'; it must be one of 'search', .*'context'"):
        lesson_map("nothing")
    with pytest.raises(ValueError, match="7 tokens; the map has room for 6"):
        lesson_map("scores", "go " * 7)
    with pytest.raises(words.InputError):
        lesson_map("scores", " ")
