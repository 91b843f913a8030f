"""Lesson 04: values and output against plain loops, the hull by brute force, and weights that always sum to 1."""

import itertools
import re

import numpy as np
import pytest
from helpers import SENTENCE, agree, ask, by_loops, pictures, product, scenes, words_of_length, worth

from qkvlib import MixingExplorer, words
from qkvlib.explorers.mixing import State, compute, give_way, prediction
from qkvlib.explorers.mixing import pictures as drawn_of
from qkvlib.views.look import plain
from qkvlib.views.plane import hull
from qkvlib.words import InputError


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [
        ("I go to school", {}),
        ("the cat saw the dog", {"values": {"the": (0.7, -0.4)}}),
        ("学校 へ 行く", {"weights": (3, 1, 0)}),
        ("go", {"values": {"go": (-2.0, 5.0)}, "weights": (0.1,)}),
        ("She and the friend read in the park", {"weights": (1,) * 8, "values": {"she": (0, 0), "and": (-1000, 1e-3)}}),
    ],
)
def test_every_number_is_that_of_plain_loops(sentence, changes):
    whole = by_loops(sentence, values=changes.get("values"))
    for row, token in enumerate(sentence.split()):
        state = State(sentence, row, **changes)
        result, drawn = compute(state), drawn_of(state, compute(state))
        V, weights = whole["V"], np.array(changes.get("weights", whole["weights"][row]))
        weights = weights / sum(weights)
        [output] = product([weights], V)
        assert np.allclose(result.V, V)
        assert result.weights == pytest.approx(weights)
        assert result.output == pytest.approx(output)
        assert agree(drawn["weights"]["texts"], result.weights)
        parts = [weight * v for weight, v in zip(weights, V, strict=True)]
        lines = [[*part, np.hypot(*part)] for part in parts]
        told = [re.findall(r"−?\d+\.\d+", " ".join(line[1:])) for line in drawn["terms"]["rows"]]
        assert agree(itertools.chain.from_iterable(told), lines)
        assert token in plain(drawn["arithmetic"])
        assert agree(re.findall(r"−?\d+\.\d+", plain(drawn["arithmetic"]))[-2:], output)
        assert np.array(drawn["plane"]["steps"]) == pytest.approx(np.cumsum([[0, 0], *parts], axis=0))
        assert (drawn["plane"]["before"], token in drawn["plane"]["title"]) == (row, True)


def test_the_output_is_the_sum_that_is_written_out(language):
    for row in range(4):
        mixture, output = worth(MixingExplorer(row=row))
        assert output == pytest.approx(mixture, abs=0.03)


# Weights by hand


def test_one_weight_is_set_and_the_others_keep_their_proportions():
    rng = np.random.default_rng(4)
    for _ in range(200):
        n = rng.integers(2, 20)
        weights = rng.dirichlet(np.full(n, rng.choice([0.1, 1, 10])))
        i, value = rng.integers(n), rng.choice([0, 1, rng.random()])
        after = np.array(give_way(weights, i, value))
        assert after.sum() == pytest.approx(1)
        assert (after.min() >= 0, after[i]) == (True, value)
        assert np.delete(after, i) * np.delete(weights, i).sum() == pytest.approx(np.delete(weights, i) * (1 - value))
    for value in (0.0, 0.4, 1.0):  # where the others were all 0 they share
        left = (1 - value) / 3
        assert give_way(np.array([0, 0, 1.0, 0]), 2, value) == pytest.approx((left, left, value, left))
        assert give_way(np.array([1.0]), 0, value) == (1.0,)


@pytest.mark.parametrize(
    ("weights", "divided"),
    [
        ((2, 6, 0, 8), (0.125, 0.375, 0, 0.5)),
        ((1e308,) * 4, (0.25,) * 4),
        ((0.1, 0.2, 0.3, 0.4), (0.1, 0.2, 0.3, 0.4)),
        (["1", "１", 1, "1,0"], (0.25,) * 4),
    ],
)
def test_weights_by_hand_are_divided_by_their_sum_and_not_once_more(weights, divided):
    explorer = MixingExplorer(weights=weights)
    assert explorer.controls["from_qk"].value is False
    explorer.set(row=1)
    assert explorer.state.weights == divided


@pytest.mark.parametrize(
    ("weights", "reason", "details"),
    [
        ((-0.1, 0.5, 0.3, 0.3), "weights", {}),
        ((0, 0, 0, 0), "weights", {}),
        ((0.2,) * 5, "weights_count", {"count": 5, "n": 4}),
        ((1, "much", 1, 1), "number", {"value": "much"}),
    ],
)
def test_weights_that_cannot_be_used_are_told(weights, reason, details, language):
    with pytest.raises(InputError, match=f"^{re.escape(words.text(f'error.{reason}', **details))}$") as raised:
        MixingExplorer.result_of(weights=weights)
    assert raised.value.control == "weights"


def test_weights_come_from_q_and_k_or_stay_as_they_are_by_hand(language):
    explorer = MixingExplorer()
    got, from_qk = scenes(explorer), explorer.result.weights
    assert explorer.controls["from_qk"].value is True
    assert pictures(explorer)["weights"]["note"] == words.text("mixing.note.qk")
    explorer.controls["from_qk"].value = False
    explorer.controls["row"].value = 3
    assert explorer.result.weights == pytest.approx(from_qk)
    assert pictures(explorer)["weights"]["note"] == words.text("mixing.note.hand")
    explorer.controls["from_qk"].value = True
    assert explorer.state.weights is None
    assert explorer.result.weights == pytest.approx(by_loops(SENTENCE[language])["weights"][3])
    ask(explorer, picture="weights", changes={"bar": 2, "value": 0.37})
    assert explorer.result.weights[2] == pytest.approx(0.37)
    assert (explorer.result.weights.sum(), explorer.controls["from_qk"].value) == (pytest.approx(1), False)
    assert len(got) == 4


@pytest.mark.parametrize("weights", [None, (0, 0.5, 0, 0.5)])
def test_who_asks_follows_the_sentence_and_weights_by_hand_do_not(weights):
    explorer = MixingExplorer(weights=weights, row=3)
    for sentence in ("the cat saw the dog", "go", words_of_length(17)):
        explorer.controls["sentence"].value = sentence
        tokens = sentence.split()
        assert [*explorer.controls["row"].options] == [(f"{i + 1} {token}", i) for i, token in enumerate(tokens)]
        assert explorer.controls["row"].value == explorer.result.row == min(3, len(tokens) - 1)
        assert explorer.controls["from_qk"].value is True


# Values


def test_a_moved_tip_leaves_the_weights_and_moves_the_output_by_the_weight_of_its_token(language):
    tokens = SENTENCE[language].split()
    for row, i in itertools.product(range(4), repeat=2):
        explorer = MixingExplorer(row=row)
        before = explorer.result
        ask(explorer, picture="plane", changes={"tip": [i, 0.4, -0.8]})
        assert np.array_equal(explorer.result.weights, before.weights)
        assert explorer.state.values == {tokens[i].casefold(): (0.4, -0.8)}
        assert np.array_equal(np.delete(explorer.result.V, i, axis=0), np.delete(before.V, i, axis=0))
        moved = before.weights[i] * (np.array([0.4, -0.8]) - before.V[i])
        assert explorer.result.output - before.output == pytest.approx(moved)
        assert np.abs(moved).max() > 0.01


def test_a_tip_is_moved_by_hundredths_and_counts_wherever_and_whenever_the_word_stands():
    explorer = MixingExplorer(sentence="The cat saw the, dog", weights=(1, 1, 1, 1, 1))
    before = explorer.result
    ask(explorer, picture="plane", changes={"tip": [3, 0.123456, -1.98765]})
    assert explorer.result.V[[0, 3]].tolist() == [[0.12, -1.99]] * 2
    assert np.array_equal(explorer.result.V[[1, 2, 4]], before.V[[1, 2, 4]])
    assert np.array_equal(explorer.result.weights, before.weights)
    explorer.controls["sentence"].value = "dog"
    explorer.controls["sentence"].value = "a the"
    assert explorer.result.V[1].tolist() == [0.12, -1.99]


def test_a_tip_that_is_pulled_too_far_is_told_until_it_is_moved_well():
    explorer = MixingExplorer()
    ask(explorer, picture="plane", changes={"tip": [1, 1001, 0]})
    ask(explorer, picture="weights", changes={"bar": 1, "value": 0.5})
    assert explorer.messages.keys() == {"values"}
    assert pictures(explorer)["plane"]["note"] == ""
    ask(explorer, picture="plane", changes={"tip": [1, 1000, 0]})
    assert explorer.messages == {}
    assert pictures(explorer)["plane"]["note"] == words.text("plane.scale", radius="2000")


def test_the_hull_has_the_corners_that_brute_force_finds_counterclockwise():
    """On a grid, where the arithmetic is exact: all points lie on one side of the line through two neighbours."""
    rng = np.random.default_rng(5)
    for span in (1, 2, 3, 20) * 50:
        points = np.unique(rng.integers(-span, span + 1, size=(rng.integers(1, 12), 2)).astype(float), axis=0)
        corners, found = hull(rng.permutation(np.repeat(points, 2, axis=0))), set()
        for a, b in itertools.permutations(points, 2):
            turns = [(b - a)[0] * (c - a)[1] - (b - a)[1] * (c - a)[0] for c in points]
            on_line = [(c - a) @ (b - a) for c, turn in zip(points, turns, strict=True) if turn == 0]
            if min(turns) >= 0 and min(on_line) >= 0 and max(on_line) <= (b - a) @ (b - a):
                found |= {tuple(a), tuple(b)}
        assert sorted(map(tuple, corners)) == sorted(found or map(tuple, points))
        if len(corners) > 2:
            one, other = np.roll(corners, -1, axis=0) - corners, np.roll(corners, -2, axis=0) - corners
            assert (one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0] > 0).all()


# Presets and prediction


def test_presets_show_what_they_say(language):
    results = {name: compute(State(**changes)) for name, changes in MixingExplorer.presets().items()}
    assert results["equal"].output == pytest.approx(results["equal"].V.mean(axis=0))
    weights, lengths = results["quiet"].weights, np.hypot(*(results["quiet"].weights[:, None] * results["quiet"].V).T)
    assert np.argmax(weights) == np.argmin(lengths)
    assert (weights.max() > 0.5, min(lengths) > 0) == (True, True)
    cancelled = results["cancelled"]
    assert cancelled.output.tolist() == [0, 0]
    assert sorted(cancelled.weights) == [0, 0, 0.5, 0.5]
    assert (np.hypot(*cancelled.V[cancelled.weights > 0].T) > 0.5).all()


def test_a_changed_value_moves_the_output_and_no_weight(language):
    question, school = prediction(), SENTENCE[language].split().index({"en": "school", "ja": "学校"}[language])
    whole = by_loops(SENTENCE[language])
    assert question.right == "only_output"
    for when in ("before", "after"):
        assert agree(question.pictures[f"weights_{when}"]["texts"], whole["weights"][0])
        assert agree(question.pictures[f"output_{when}"]["texts"], product(whole["weights"], whole["V"])[0])
        whole["V"][school] = (0, 3)
