"""The task of long memory: that nothing but memory solves it, what can be learned at all, and gradients."""

import numpy as np
import pytest
from test_learning import check_gradients

from qkvlib.explorers import memory
from qkvlib.explorers.memory import N_SYMBOLS, accuracy, held_out, loss_and_gradients, sequences, train

CHANCE = 1 / N_SYMBOLS


def test_the_answer_is_the_first_symbol_and_the_others_do_not_tell_it():
    batch = sequences(np.random.default_rng(0), 20_000, 3)
    symbols = batch.X[..., :N_SYMBOLS].argmax(axis=-1)
    np.testing.assert_array_equal(symbols[:, 0], batch.answers)
    np.testing.assert_array_equal(batch.X[..., :N_SYMBOLS], np.eye(N_SYMBOLS)[symbols])
    np.testing.assert_array_equal(batch.X[..., N_SYMBOLS:], [[[1], [0], [0], [0]]] * 20_000)
    for of_place in symbols[:, 1:].T:
        for symbol in range(N_SYMBOLS):
            counts = np.bincount(batch.answers[of_place == symbol])
            assert counts.max() / counts.sum() < CHANCE + 0.03
    assert sequences(np.random.default_rng(0), 5, 3, marked=False).X[..., N_SYMBOLS].max() == 0
    others = [sequences(np.random.default_rng(seed), 32, 20).X[0] for seed in range(23)]
    assert [X for X in others if np.array_equal(X, held_out(20).X[0])] == []  # no training sees them


@pytest.mark.parametrize("model", memory.HIDDEN)
def test_all_models_have_about_as_many_parameters_and_gradients_are_those_of_finite_differences(model):
    rng = np.random.default_rng(1)
    parameters, batch = memory.first_parameters(rng, model), sequences(rng, 3, 4)
    assert 670 < sum(p.size for p in parameters.values()) < 760
    gradients = loss_and_gradients(parameters, batch, model)[1]
    check_gradients(lambda moved: loss_and_gradients(moved, batch, model)[0], parameters, gradients)


@pytest.mark.parametrize("distance", [9, 40])
def test_past_its_reach_a_convolution_cannot_know(distance):
    """Not even after training: another first symbol changes nothing."""
    *_, (_, parameters) = train("convolution", distance, 0)
    batch = held_out(distance)
    other = type(batch)(batch.X.copy(), batch.answers)
    other.X[:, 0, :N_SYMBOLS] = np.roll(other.X[:, 0, :N_SYMBOLS], 1, axis=-1)
    one, another = (loss_and_gradients(parameters, some, "convolution")[0] for some in (batch, other))
    assert one == another
    assert accuracy(parameters, batch, "convolution") < CHANCE + 0.04


def test_without_a_mark_attention_does_not_know_which_came_first_and_with_it_it_learns_from_any_start():
    """Any order of the tokens before the last gives the same answer, so it must guess among them."""
    steps, told = zip(*train("attention", 10, 0, marked=False), strict=True)
    assert steps == (*range(memory.N_STEPS + 1),)
    batch = held_out(10, marked=False)
    mixed = type(batch)(batch.X[:, [*np.random.default_rng(0).permutation(10), 10]], batch.answers)
    one, another = (loss_and_gradients(told[-1], some, "attention")[0] for some in (batch, mixed))
    assert one == pytest.approx(another, abs=1e-9)
    assert CHANCE < accuracy(told[-1], batch, "attention") < 0.4
    assert min(memory.recall("attention", 30, seed) for seed in (3, 4, 5)) > 0.99


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_gates_that_start_open_remember_where_usual_ones_do_not(cell):
    """By far, so that it holds with any NumPy: a single run of an LSTM comes out otherwise with another."""
    usual, opened = ([memory.recall(model, 20, seed) for seed in (1, 2)] for model in (cell, f"{cell}_open"))
    assert np.mean(opened) > np.mean(usual) + 0.4
