"""Lesson 09: each head against plain loops over its own columns."""

import numpy as np
import pytest
from helpers import SENTENCE, ask, by_loops, pictures, product, shares, shown, to_float

from qkvlib import HeadsExplorer, W_v
from qkvlib.explorers.base import place_of
from qkvlib.explorers.heads import State, compute, prediction
from qkvlib.text.handmade import KNOWN
from qkvlib.views.look import plain


def by_entry(sentence, row, entries):
    """The weights of one word, from some of the entries of queries and keys."""
    expected = by_loops(sentence)
    q, keys = expected["Q"][row], expected["K"]
    return shares([sum(q[e] * k[e] for e in entries) / len(entries) ** 0.5 for k in keys])


@pytest.mark.parametrize("sentence", [*SENTENCE.values(), "the cat saw the dog", "go"])
def test_each_head_is_attention_on_its_own_entries(sentence):
    for row in range(len(sentence.split())):
        V = product([KNOWN[token.casefold()] for token in sentence.split()], W_v)
        for state, entries in (
            (State(sentence, row, "two", "who", "place"), [[0], [2]]),
            (State(sentence, row, "two", "action", "who"), [[1], [0]]),
            (State(sentence, row, "one"), [[0, 1, 2]]),
        ):
            result = compute(state)
            expected = [by_entry(sentence, row, own) for own in entries]
            assert np.allclose(result.weights, expected)
            outputs = product(expected, V)
            assert np.allclose(result.outputs, outputs)
            person = -outputs[0][0]
            assert np.allclose(result.found, [person, outputs[-1][0] if len(entries) > 1 else -person])


def test_one_head_cannot_say_who_and_where_but_two_can(language):
    """What the lesson says of "go"."""
    one, two = (compute(State(heads=heads)) for heads in ("one", "two"))
    assert np.abs(one.found).max() < 0.1
    assert two.found.min() > 0.6
    assert {*map(int, two.weights.argmax(axis=1))} == {0, place_of("school")}


def test_the_line_of_each_head_comes_to_what_it_brings_home(language):
    explorer = HeadsExplorer()
    for name in explorer.buttons:
        explorer.preset(name)
        for i, output in enumerate(explorer.result.outputs):
            line = plain(pictures(explorer)[f"line{i}"]).splitlines()[0]
            assert line.endswith(f"= {shown(output[0])}")
        notes = [picture["note"] for picture in pictures(explorer).values() if picture["note"]]
        assert [note.count(shown(number)) > 0 for note in notes for number in explorer.result.found] == [True, True]


def test_presets_show_what_they_say(language):
    explorer = HeadsExplorer()
    first = explorer.result
    explorer.preset("one")
    assert len(explorer.result.weights) == 1
    explorer.preset("same")
    assert np.array_equal(*explorer.result.weights)
    explorer.preset("swapped")
    assert np.array_equal(explorer.result.weights, first.weights[::-1])
    assert explorer.result.found.max() < 0  # W_o still takes the person from head 1


def test_another_word_can_ask_and_a_long_sentence_has_bars():
    explorer = HeadsExplorer()
    ask(explorer, picture="head1", changes={"row": 3})
    assert explorer.result.row == 3
    explorer.set(sentence="go " * 13)
    assert {picture["kind"] for picture in pictures(explorer).values()} == {"bars", "arithmetic"}


def test_the_answer_of_the_prediction_is_what_one_head_leaves(language):
    question = prediction()
    one, first, second = question.pictures["outputs"]["texts"]
    weights = by_entry(SENTENCE[language], place_of("go"), [0, 1, 2])
    V = by_loops(SENTENCE[language])["V"]
    assert one == shown(sum(w * v[0] for w, v in zip(weights, V, strict=True)))
    assert question.right == "cancel"
    assert abs(to_float(one)) < 0.1 < 0.6 < min(-to_float(first), to_float(second))
