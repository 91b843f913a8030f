"""Marks on an axis from one end to the other."""

from qkvlib.views.axis import axis, draw
from qkvlib.views.look import plain


def sample(rng, word, n):
    return axis({word(): value for value in rng.uniform(-1, 1, n)}, (word(), word()), word(), note=word())


def test_marks_lie_where_their_numbers_say_on_an_axis_that_stays(ax):
    places = {"before": 0.0, "after": 0.84, "window": -0.14, "end": -1.0}
    picture = axis(places, ("left", "right"), "a title")
    marks = draw(ax, picture)
    assert marks.get_xdata().tolist() == [*places.values()] == picture["places"]
    assert ax.get_xlim() == (-1, 1)
    assert picture["texts"] == ["0.00", "0.84", "−0.14", "−1.00"]
    assert ax.yaxis_inverted()
    drawn = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert drawn["left"] == -1 < 1 == drawn["right"]
    assert plain(picture).splitlines()[1:3] == ["−1: left, 1: right", "before   0.00"]
