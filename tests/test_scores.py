"""Lesson 02: scores against plain loops, one of them written out, and sliders that move one word's query or key."""

import re

import numpy as np
import pytest
from helpers import SENTENCE, agree, ask, by_loops, line, pictures, product, worth

from qkvlib import KNOWN, Predict, ScoresExplorer, W_k, W_q
from qkvlib.explorers.base import place_of
from qkvlib.explorers.scores import State, compute, prediction
from qkvlib.explorers.scores import pictures as drawn_of

OWN = {"queries": {"go": (1.0, 0.5, -1.0)}, "keys": {"the": (0.0, -1.5, 2.0), "i": (3.0, 3.0, 3.0)}}


@pytest.mark.parametrize("sentence", [*SENTENCE.values(), "the cat saw the dog", "go"])
@pytest.mark.parametrize("own", [{}, OWN], ids=["by hand", "the reader's own"])
def test_scores_are_those_of_plain_loops(sentence, own):
    expected = by_loops(sentence, **own)
    for scale in (True, False):
        state = State(sentence, scale=scale, **own)
        result = compute(state)
        assert np.allclose(result.Q, expected["Q"])
        assert np.allclose(result.K, expected["K"])
        assert np.allclose(result.scores, expected["scores"] * (1 if scale else 3**0.5))
        assert agree(drawn_of(state, result)["scores"]["texts"], result.scores)


@pytest.mark.parametrize("at", [(0, 1), (3, 3), (2, 0)])
@pytest.mark.parametrize("scale", [True, False])
def test_the_chosen_score_is_written_out_term_by_term(at, scale, language):
    explorer, tokens = ScoresExplorer(row=at[0], column=at[1], scale=scale), SENTENCE[language].split()
    expected = by_loops(SENTENCE[language])
    q, k = expected["Q"][at[0]], expected["K"][at[1]]
    assert {tokens[at[0]], tokens[at[1]]} <= {part for part, _ in pictures(explorer)["arithmetic"]["parts"]}
    numbers = re.findall(r"−?\d+\.\d+", line(explorer).replace(" − ", " + −"))
    assert agree(numbers[:6], np.transpose([q, k]))
    *steps, result = worth(explorer)
    assert result == pytest.approx(sum(q * k) / 3 ** (0.5 * scale), abs=0.00501)
    assert [float(step) for step in steps] == pytest.approx([float(result)] * (1 + scale), abs=0.03)
    assert agree(pictures(explorer)["arcs"]["texts"], expected["scores"][at[0]] * (1 if scale else 3**0.5))
    assert pictures(explorer)["scores"]["chosen"] == [*at]


def test_sliders_show_and_move_the_query_and_the_key_of_the_chosen_cell(language):
    explorer, expected = ScoresExplorer(), by_loops(SENTENCE[language])
    for row, column in [(2, 3), (3, 0), (0, 0)]:
        ask(explorer, picture="scores", changes={"row": row, "column": column})
        for role, matrix, at in (("q", "Q", row), ("k", "K", column)):
            sliders = [explorer.controls[f"{role}{i}"] for i in range(3)]
            assert [slider.value for slider in sliders] == pytest.approx(expected[matrix][at])
            for i, slider in enumerate(sliders):
                slider.value = expected[matrix][at, i] = -2.05 + row + i / 10
                assert np.allclose(getattr(explorer.result, matrix), expected[matrix])
        assert np.allclose(explorer.result.scores, np.array(product(expected["Q"], expected["K"].T)) / 3**0.5)


def test_sliders_reach_every_handmade_query_and_key():
    slider = ScoresExplorer().controls["q0"]
    for numbers in (product(KNOWN.values(), W_q), product(KNOWN.values(), W_k)):
        assert slider.min <= np.min(numbers) < np.max(numbers) <= slider.max
        stops = np.array(numbers) / slider.step
        assert np.allclose(stops, stops.round(), atol=1e-6)


@pytest.mark.parametrize(("role", "matrix"), [("q", "Q"), ("k", "K")])
def test_a_changed_vector_counts_wherever_the_word_stands(role, matrix):
    """Also where it is written with a capital letter or a full stop, and after it was away."""
    explorer = ScoresExplorer(sentence="The cat saw the, dog", row=3, column=3)
    before = getattr(explorer.result, matrix)
    explorer.controls[f"{role}2"].value = 2.5
    after = getattr(explorer.result, matrix)
    assert after[[0, 3], 2].tolist() == [2.5, 2.5]
    assert np.array_equal(after[[1, 2, 4]], before[[1, 2, 4]])
    explorer.controls["sentence"].value = "dog"
    explorer.controls["sentence"].value = "saw the"
    assert getattr(explorer.result, matrix)[1, 2] == 2.5


def test_what_was_wrong_with_one_word_is_not_said_of_another():
    explorer = ScoresExplorer()
    ask(explorer, control="q1", typed="much")
    explorer.controls["k0"].value = 1
    assert explorer.messages.keys() == {"q1"}
    ask(explorer, picture="scores", changes={"row": 2, "column": 1})
    assert explorer.messages == {}


def test_presets_show_what_they_say(language):
    explorer = ScoresExplorer()
    first = explorer.result
    explorer.preset("back")
    assert (explorer.result.row, explorer.result.column) == (first.column, first.row)
    assert abs(explorer.result.scores[first.column, first.row] - first.scores[first.row, first.column]) > 0.5
    explorer.preset("opposite")
    assert explorer.result.scores[explorer.result.row, explorer.result.column] < -0.5
    explorer.preset("repeated")
    tokens, scores = explorer.result.sentence.tokens, explorer.result.scores
    assert [i for i, token in enumerate(tokens) if token == tokens[0]] == [0, 3]
    assert np.array_equal(scores[0], scores[3])
    assert np.array_equal(scores[:, 0], scores[:, 3])


def test_the_right_word_of_the_prediction_has_the_highest_score(language):
    question, row = prediction(), by_loops(SENTENCE[language])["scores"][0]
    best = max(range(1, 4), key=lambda j: row[j])
    assert (question.right, best) == ("action", place_of("go"))
    labels = {option: label for label, option in Predict("scores").controls["choice"].options}
    assert labels["action"] == SENTENCE[language].split()[best]
    assert {*labels.values()} == {*SENTENCE[language].split()[1:]}
    assert agree(question.pictures["bars"]["texts"], row)
    assert question.pictures["bars"]["chosen"] == best
