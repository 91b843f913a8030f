"""Predictions: nothing is given away before the choice, and what the choice reveals is there to be looked at."""

import re

import numpy as np
import pytest
from helpers import ask, choice, each_lesson, n_widgets, pictures, same, scenes, stands, values

from qkvlib import Predict, words
from qkvlib.views.look import module_of, plain
from qkvlib.words import InputError


@pytest.mark.promise("*Run → Run All Cells* solves nothing")
@each_lesson
def test_a_prediction_gives_nothing_away_before_the_choice(lesson, language):
    question = Predict(lesson)
    options = [label for label, _ in question.controls["choice"].options]
    bundle, _ = question._repr_mimebundle_()
    assert question.controls["choice"].value is None
    assert question.board.scene == {"pictures": {}, "messages": {}, "status": "", "said": ""}
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == question.model_id
    assert "image/png" not in bundle
    assert bundle["text/plain"].splitlines() == [f"○ {label}" for label in options]
    assert not re.search(r"\d[.]\d", bundle["text/plain"])


@each_lesson
def test_a_choice_is_met_with_verdict_and_reason_each_time_and_reset_hides_them(lesson, language):
    question = Predict(lesson)
    got, status, first = scenes(question), {}, question.board.scene
    for option in question.prediction.options:
        question.controls["choice"].value = option
        assert question.state.choice == option
        assert pictures(question).keys() == question.prediction.pictures.keys() != set()
        status[option] = question.board.scene["status"]
        assert status[option].endswith(words.text(f"predict.{lesson}.reason.{option}", **question.prediction.figures))
    right = [option for option in status if status[option].startswith(words.text("predict.right"))]
    assert right == [question.prediction.right]
    assert len({*status.values()}) == len(got) == len(status)
    assert sum(f"predict.{lesson}.reason." in key for key in words.table(language)) == len(status)
    question.buttons["reset"].click()
    assert question.board.scene == first
    assert question.controls["choice"].value is None


@each_lesson
def test_what_is_revealed_can_be_looked_at_alone(lesson):
    """No picture of a prediction asks; if it did all the same, nothing would come of it."""
    n, rng = n_widgets(), np.random.default_rng(0)
    question = Predict(lesson)
    question.controls["choice"].value = question.prediction.options[0]
    before = stands(question)
    for name, picture in pictures(question).items():
        assert picture["asks"] is False
        can_ask = hasattr(module_of(picture), "fits")
        ask(question, picture=name, changes=choice(picture, rng) if can_ask else {"row": 0, "column": 0})
    assert same(before, stands(question))
    question.close()
    assert n_widgets() == n


def test_a_stored_prediction_has_its_options_the_reason_and_the_numbers(language):
    question = Predict("weights")
    question.controls["choice"].value = "double"
    bundle, _ = question._repr_mimebundle_()
    options = "\n".join(f"○ {label}" for label, _ in question.controls["choice"].options)
    told = [options, question.board.scene["status"], *map(plain, pictures(question).values())]
    assert bundle["text/plain"] == "\n\n".join(told)
    assert bundle["image/png"].startswith("iVBORw0KGgo")


@pytest.mark.parametrize("value", ["foo", "", 1, ["same"], np.ones(2), object()])
def test_what_is_no_option_is_refused_and_changes_nothing(value):
    question = Predict("weights")
    question.set(choice="same")
    before = stands(question)
    with pytest.raises(InputError) as raised:
        question.set(choice=value)
    assert raised.value.control == "choice"
    assert same(before, stands(question))
    assert values(question) == {"choice": "same"}


@pytest.mark.parametrize("lesson", ["x", "values", None, 1])
def test_a_lesson_without_a_prediction_is_refused_by_name(lesson):
    n = n_widgets()
    with pytest.raises(ValueError, match=f"lesson is {lesson!r}; it must be one of .*'search'"):
        Predict(lesson)
    assert n_widgets() == n
