"""Lesson 03: weights against plain loops, under each mask, and the chosen one as the division that it is."""

import re

import numpy as np
import pytest
from helpers import SENTENCE, agree, ask, by_loops, line, pictures, shares, shown, words_of_length, worth

from qkvlib import WeightsExplorer, words
from qkvlib.explorers.weights import PAD, State, compute, prediction
from qkvlib.explorers.weights import pictures as drawn_of
from qkvlib.views.look import MAX_ARCS


def expected(sentence, scale=True, temperature=1.0, mask="none", padding=0, by_column=False):
    """Scores, who may look at whom, and weights."""
    n, real = len(sentence.split()) + padding, len(sentence.split())
    scores = np.pad(by_loops(sentence)["scores"], (0, padding)) * (1 if scale else 3**0.5)
    may = {"none": lambda i, j: True, "causal": lambda i, j: j <= i, "padding": lambda i, j: j < real}[mask]
    seen = np.array([[may(i, j) for j in range(n)] for i in range(n)])
    lines, looks = (scores.T, seen.T) if by_column else (scores, seen)
    weights = [
        shares(line / temperature, look.__getitem__) if look.any() else [0.0] * n
        for line, look in zip(lines, looks, strict=True)
    ]
    return scores, seen, np.transpose(weights) if by_column else np.array(weights)


@pytest.mark.parametrize("sentence", [*SENTENCE.values(), "the cat saw the dog", "go"])
@pytest.mark.parametrize("mask", ["none", "causal", "padding"])
@pytest.mark.parametrize("by_column", [False, True], ids=["rows", "columns"])
def test_weights_are_those_of_plain_loops(sentence, mask, by_column):
    for padding, temperature, scale in ((0, 1.0, True), (2, 0.5, False), (4, 10.0, True)):
        state = State(sentence, padding=padding, mask=mask, temperature=temperature, scale=scale, by_column=by_column)
        result = compute(state)
        scores, seen, weights = expected(sentence, scale, temperature, mask, padding, by_column)
        assert np.allclose(result.scores, scores)
        assert np.array_equal(result.mask, seen)
        assert np.allclose(result.weights, weights, atol=1e-12)
        assert (result.weights[~seen] == 0).all()
        drawn, tokens = drawn_of(state, result), sentence.split() + [PAD] * padding
        for name, hidden, values in (("scores", "−∞", scores), ("weights", "0", weights)):
            texts = np.array(drawn[name]["texts"]).reshape(seen.shape)
            assert agree(texts[seen], values[seen])
            assert {*texts[~seen]} <= {hidden}
            assert drawn[name]["rows"] == drawn[name]["columns"] == tokens
        assert agree(drawn["weights"]["sums"], weights.sum(axis=1))
        if len(tokens) <= MAX_ARCS:
            texts = np.array(drawn["arcs"]["texts"])
            assert agree(texts[seen[0]], weights[0][seen[0]])
            assert {*texts[~seen[0]]} <= {"0"}
            assert drawn["arcs"]["masked"] == (~seen[0]).tolist()


@pytest.mark.parametrize(("column", "temperature"), [(0, 1.0), (1, 0.5), (2, 4.0), (3, 0.5)])
def test_the_chosen_weight_is_the_division_that_is_written_out(column, temperature, language):
    explorer = WeightsExplorer(row=1, column=column, temperature=temperature)
    scores = by_loops(SENTENCE[language])["scores"][1] / temperature
    powers = [float(power) for power in re.findall(r"e\^(-?[\d.]+)", line(explorer).replace("−", "-"))]
    assert powers == pytest.approx([scores[column], *scores], abs=0.00501)
    *steps, weight = worth(explorer)
    assert weight == pytest.approx(shares(scores)[column], abs=0.00501)
    assert [float(step) for step in steps] == pytest.approx([float(weight)] * 2, abs=0.01)
    assert pictures(explorer)["arcs"]["chosen"] == column


def test_large_powers_are_written_so_that_they_can_be_read():
    explorer = WeightsExplorer(temperature=0.1)
    assert "× 10¹⁰ ÷" in line(explorer)
    assert len(line(explorer)) < 120


def test_what_is_no_division_is_told(language):
    explorer, (first, _, third, _) = WeightsExplorer(mask="causal", row=0, column=2), SENTENCE[language].split()
    assert line(explorer) == words.text("weights.masked", query=first, key=third).replace("*", "")
    explorer.preset("mistake")
    sums = explorer.result.weights.sum(axis=1)
    assert np.abs(sums - 1).max() > 0.25
    assert line(explorer) == words.text("weights.by_column", sum=shown(sums[0]))


def test_arcs_are_left_out_where_there_is_no_room_and_a_word_is_chosen_on_them():
    explorer = WeightsExplorer()
    ask(explorer, picture="arcs", changes={"row": 2})
    assert (explorer.state.row, pictures(explorer)["arcs"]["asker"]) == (2, 2)
    explorer.set(sentence=words_of_length(MAX_ARCS))
    assert "arcs" in pictures(explorer)
    explorer.set(sentence=words_of_length(MAX_ARCS + 1))
    assert "arcs" not in pictures(explorer)


def test_a_padding_mask_without_padding_is_remarked(language):
    explorer = WeightsExplorer()
    explorer.controls["mask"].value = "padding"
    assert explorer.board.scene["status"] == words.text("weights.no_padding")
    explorer.controls["padding"].value = 1
    assert explorer.board.scene["status"] == ""


def test_a_cell_is_chosen_in_every_picture_and_stays_inside_what_there_is():
    explorer = WeightsExplorer(padding=3)
    for picture, cell in (("scores", [2, 3]), ("weights", [6, 5])):
        ask(explorer, picture=picture, changes=dict(zip(("row", "column"), cell, strict=True)))
        assert [pictures(explorer)[name]["chosen"] for name in ("scores", "weights", "arcs")] == [cell, cell, cell[1]]
    explorer.controls["padding"].value = 0
    assert pictures(explorer)["scores"]["chosen"] == [3, 3]
    explorer.controls["sentence"].value = "you"
    assert pictures(explorer)["weights"]["chosen"] == [0, 0]
    explorer.buttons["reset"].click()
    ask(explorer, picture="scores", changes={"row": 2, "column": 3})  # the same once more
    assert pictures(explorer)["scores"]["chosen"] == [2, 3]


def test_presets_show_what_they_say(language):
    explorer = WeightsExplorer()
    sharpest = explorer.result.weights.max()
    explorer.preset("sharp")
    assert explorer.result.weights[0].max() > 0.99 > sharpest
    explorer.preset("causal")
    assert (explorer.result.weights[np.triu_indices(4, 1)] == 0).all()
    assert explorer.result.weights[0].tolist() == [1, 0, 0, 0]
    explorer.preset("padding")
    assert explorer.result.tokens[4:] == [PAD] * 2
    assert (explorer.result.weights[:, 4:] == 0).all()
    assert np.allclose(explorer.result.weights.sum(axis=1), 1)


def test_the_largest_weight_grows_when_scores_double_but_stays_below_one(language):
    question, row = prediction(), by_loops(SENTENCE[language])["scores"][0]
    once, twice = shares(row), shares(2 * row)
    assert max(once) < max(twice) < min(1, 2 * max(once))
    assert question.right == "closer"
    assert agree(question.pictures["once"]["texts"], once)
    assert agree(question.pictures["twice"]["texts"], twice)
