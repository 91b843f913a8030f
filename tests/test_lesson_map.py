"""The one picture of attention, with a lesson's part lit."""

import pytest
from matplotlib.colors import to_hex

from qkvlib import words
from qkvlib.views.lesson_map import LIT, PLACES, draw, lesson_map
from qkvlib.views.look import contrast, plain


def sample(rng, word, n):
    return lesson_map([*LIT][n % len(LIT)]) | {"labels": {name: word() for name in PLACES}, "said": word()}


@pytest.mark.parametrize("lesson", LIT)
def test_the_map_lights_today_s_part(lesson, language, ax):
    picture = lesson_map(lesson)
    boxes = draw(ax, picture)
    faces = dict(zip(PLACES, (to_hex(box.get_facecolor()) for box in boxes), strict=True))
    inks = {text.get_text(): to_hex(text.get_color()) for text in ax.texts}
    assert {name for name in PLACES if contrast(faces[name], "#000000") < 4.5} == {*LIT[lesson]} < {*PLACES}
    assert len({*faces.values()}) == 2
    for name in PLACES:
        assert contrast(faces[name], inks[words.text(f"lesson_map.{name}")]) >= 4.5
    assert plain(picture) == words.text(f"lesson_map.lit.{lesson}")


def test_every_light_has_words_in_each_language():
    for language in words.LANGUAGES:
        of_words = {key.removeprefix("lesson_map.lit.") for key in words.table(language) if ".lit." in key}
        assert of_words == {*LIT}


def test_a_lesson_without_a_light_is_refused():
    with pytest.raises(ValueError, match=r"lesson is 'nothing'; it must be one of 'search', .*'context'"):
        lesson_map("nothing")
