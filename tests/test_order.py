"""Lesson 07: the same words in another order, against plain loops on the words in that order."""

import numpy as np
import pytest
from helpers import SENTENCE, agree, ask, by_loops, pictures, product, shares, to_float

from qkvlib import OrderExplorer, W_k, W_q, W_v, positions, words
from qkvlib.explorers.order import ORDERS, State, compute, prediction, shuffled
from qkvlib.text.handmade import KNOWN
from qkvlib.views.look import plain


@pytest.mark.parametrize("n", range(1, 10))
def test_a_shuffled_order_has_each_token_once_and_is_another_one(n):
    assert sorted(shuffled(n)) == [*range(n)]
    assert n < 2 or shuffled(n).tolist() not in ([*range(n)], [*range(n)][::-1]) or n == 2


@pytest.mark.parametrize("mask", ["none", "causal"])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("sentence", [*SENTENCE.values(), "the cat saw the dog", "go"])
def test_the_new_order_is_attention_on_the_words_in_that_order(sentence, order, mask):
    tokens = sentence.split()
    for strength in (0.0, 0.7):
        result = compute(State(sentence, order=order, mask=mask, strength=strength))
        put = [tokens[i] for i in result.order]
        X = np.array([KNOWN[token.casefold()] for token in put]) + strength * positions(len(put), 4)
        Q, K, V = (np.array(product(X, W)) for W in (W_q, W_k, W_v))
        weights = [
            shares([q @ k / 3**0.5 for k in K], lambda j, i=i: mask == "none" or j <= i) for i, q in enumerate(Q)
        ]
        assert np.allclose(result.attended.weights, weights)
        assert np.allclose(result.after[result.order], product(weights, V))


def test_without_positions_and_mask_nothing_changes_but_the_rows(language):
    for order in ORDERS:
        result = compute(State(order=order))
        assert result.change < 1e-12
        assert np.allclose(result.after, by_loops(SENTENCE[language])["output"])
    for changes in ({"strength": 0.5}, {"mask": "causal"}):
        assert compute(State(order="shuffled", **changes)).change > 0.05
        assert compute(State(**changes)).change == 0


def test_a_word_that_stands_twice_takes_in_the_same_until_positions_are_added():
    twice = State("the cat saw the dog")
    same, told = compute(twice), compute(State("the cat saw the dog", strength=0.5))
    assert np.allclose(same.before[0], same.before[3])
    assert not np.allclose(told.before[0], told.before[3], atol=0.01)


def test_the_pictures_show_both_outputs_and_say_which_it_is(language):
    explorer = OrderExplorer()
    for name in explorer.buttons:
        explorer.preset(name)
        result, rows = explorer.result, pictures(explorer)["outputs"]["rows"]
        for i, (token, before, after, change) in enumerate(rows):
            assert token == result.sentence.tokens[i]
            for text, output in ((before, result.before[i]), (after, result.after[i])):
                assert agree(text.strip("()").split(", "), output)
            assert agree([change], [np.abs(result.after[i] - result.before[i]).max()])
        assert pictures(explorer)["weights"]["labels"] == [result.sentence.tokens[i] for i in result.order]
        line = plain(pictures(explorer)["arithmetic"])
        moved = result.order.tolist() != sorted(result.order)
        assert ("0.00" in line) == (moved and result.change < 0.005)
        if not moved:
            assert line == words.text("order.kept_twice" if name == "twice" else "order.kept")
    ask(explorer, picture="weights", changes={"row": 2})
    assert explorer.result.row == 2


def test_the_answer_of_the_prediction(language):
    question = prediction()
    assert question.right == "same"
    assert {to_float(row[-1]) for row in question.pictures["outputs"]["rows"]} == {0.0}
