"""The task of long memory: what can be learned at all, gradients, and the stored accuracies measured again."""

import asyncio

import numpy as np
import pytest
from test_explorers import pictures, scenes, shown
from test_learning import by_differences, relative_error
from test_roles import ask, finish

from qkvlib import RecallExplorer, examples, recall, words
from qkvlib.explorers import recall as explorers_recall
from qkvlib.recall import (
    DISTANCES,
    HIDDEN,
    N_IN,
    N_STEPS,
    N_SYMBOLS,
    accuracy,
    first_parameters,
    held_out,
    loss_and_gradients,
    sequences,
    train,
)

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("no_figure_is_left")]
CHANCE = 1 / N_SYMBOLS
each_model = pytest.mark.parametrize("model", HIDDEN)


def test_the_answer_is_the_first_symbol_and_the_others_do_not_tell_it():
    batch = sequences(np.random.default_rng(0), 20_000, 3)
    assert batch.X.shape == (20_000, 4, N_IN)
    symbols = batch.X[..., :N_SYMBOLS].argmax(axis=-1)
    np.testing.assert_array_equal(symbols[:, 0], batch.answers)
    np.testing.assert_array_equal(batch.X[..., :N_SYMBOLS].sum(axis=-1), 1)
    np.testing.assert_array_equal(batch.X[:, :, N_SYMBOLS], [[1, 0, 0, 0]] * 20_000)
    for place in range(1, 4):
        for symbol in range(N_SYMBOLS):
            counts = np.bincount(batch.answers[symbols[:, place] == symbol], minlength=N_SYMBOLS)
            assert counts.max() / counts.sum() < CHANCE + 0.03
    assert sequences(np.random.default_rng(0), 5, 3, marked=False).X[..., N_SYMBOLS].max() == 0


def test_no_training_sees_what_is_held_out():
    first = held_out(20).X[0]
    for seed in range(23):
        assert not np.array_equal(sequences(np.random.default_rng(seed), 32, 20).X[0], first)


def test_all_models_have_about_the_same_number_of_parameters():
    counts = [sum(p.size for p in first_parameters(np.random.default_rng(0), model).values()) for model in HIDDEN]
    assert min(counts) > 670
    assert max(counts) < 760


@each_model
def test_the_gradients_are_those_of_finite_differences(model):
    rng = np.random.default_rng(1)
    parameters, batch = first_parameters(rng, model), sequences(rng, 3, 4)
    _, gradients = loss_and_gradients(parameters, batch, model)
    assert gradients.keys() == parameters.keys()
    for name in parameters:
        expected = by_differences(
            lambda moved, name=name: loss_and_gradients(parameters | {name: moved}, batch, model)[0], parameters[name]
        )
        assert relative_error(gradients[name], expected) < 1e-6


@pytest.mark.parametrize("distance", [9, 40])
def test_past_its_reach_a_convolution_cannot_know(distance):
    """Not even after training: another first symbol changes nothing."""
    *_, (_, parameters) = train("convolution", distance, 0)
    batch = held_out(distance)
    other = batch.X.copy()
    other[:, 0, :N_SYMBOLS] = np.roll(other[:, 0, :N_SYMBOLS], 1, axis=-1)
    one, _ = loss_and_gradients(parameters, batch, "convolution")
    another, _ = loss_and_gradients(parameters, type(batch)(other, batch.answers), "convolution")
    assert one == another
    assert accuracy(parameters, batch, "convolution") < CHANCE + 0.04


def test_without_a_mark_attention_does_not_know_which_came_first():
    """Any order of the tokens before the last gives the same answer, so it must guess among them."""
    *_, (_, parameters) = train("attention", 10, 0, marked=False)
    batch = held_out(10, marked=False)
    mixed = batch.X.copy()
    mixed[:, :-1] = mixed[:, np.random.default_rng(0).permutation(10)]
    one = loss_and_gradients(parameters, batch, "attention")[0]
    another = loss_and_gradients(parameters, type(batch)(mixed, batch.answers), "attention")[0]
    assert one == pytest.approx(another, abs=1e-9)
    assert CHANCE < accuracy(parameters, batch, "attention") < 0.4
    assert recall("attention", 10) > 0.99


@pytest.mark.parametrize(
    ("model", "distance"),
    [("attention", n) for n in DISTANCES] + [("gru_open", 20), ("lstm_open", 20), ("rnn", 5), ("convolution", 5)],
)
def test_what_was_learned_whole_is_learned_again(model, distance):
    assert recall(model, distance, seed=2) == pytest.approx(examples.RECALL_ACCURACY[model, distance][2], abs=0.03)


@pytest.mark.parametrize(("model", "distance"), [("gru", 20), ("gru", 40), ("lstm", 40), ("convolution", 10)])
def test_what_was_not_learned_at_all_is_not_learned_again(model, distance):
    stored = examples.RECALL_ACCURACY[model, distance]
    assert max(stored) < CHANCE + 0.05
    assert recall(model, distance, seed=1) == pytest.approx(stored[1], abs=0.04)


def test_the_stored_table_is_whole_and_bears_out_what_the_lesson_says():
    stored = examples.RECALL_ACCURACY
    assert stored.keys() == {(model, n) for model in HIDDEN for n in DISTANCES}
    assert {len(shares) for shares in stored.values()} == {explorers_recall.N_SEEDS}
    assert min(min(stored["attention", n]) for n in DISTANCES) > 0.99
    for cell in ("gru", "lstm"):  # open gates help, by a lot
        assert np.mean(stored[f"{cell}_open", 40]) > np.mean(stored[cell, 40]) + 0.5
    assert np.mean(stored["gru", 20]) < np.mean(stored["rnn", 20])  # weaker than told: gates alone do not


def test_a_training_tells_of_every_step():
    told = [step for step, _ in train("rnn", 2, 0)]
    assert told == [*range(N_STEPS + 1)]


# Explorer


def test_the_table_shows_the_runs_and_their_mean_at_the_distance_looked_at(language):
    explorer = RecallExplorer()
    for at, n in enumerate(DISTANCES):
        ask(explorer, "lines", at=at)
        table = pictures(explorer)["table"]
        assert table["title"] == words.text("recall.table", distance=n)
        for row, model in zip(table["rows"], HIDDEN, strict=True):
            stored = examples.RECALL_ACCURACY[model, n]
            assert row == [words.text(f"recall.{model}"), *map(shown, [*stored, np.mean(stored)])]


def test_the_lines_are_chosen_along_the_distances(language):
    explorer = RecallExplorer()
    ask(explorer, "lines", at=0)
    lines = pictures(explorer)["lines"]
    assert lines["x_text"] == str(DISTANCES[0])
    assert lines["labels"][-1] == words.text("training.guessing")
    assert lines["texts"][-1] == "0.125"
    heights = {*lines["heights"][-1]}
    assert len(heights) == 1


def test_measuring_one_model_again_leaves_the_others(monkeypatch):
    def quick(model, distance, seed):
        yield 0, {}
        yield N_STEPS, {"seed": seed}

    monkeypatch.setattr(explorers_recall, "train", quick)
    monkeypatch.setattr(explorers_recall, "accuracy", lambda parameters, batch, model: parameters["seed"] / 10)
    explorer = RecallExplorer()
    explorer.controls["model"].value = "lstm"
    explorer.controls["seed"].value = 5
    got, shares = scenes(explorer), []
    explorer.progress.observe(lambda change: shares.append(change.new), "value")
    asyncio.run(finish(explorer))
    assert len(got) == 18
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    for (model, n), measured in explorer.state.measured.items():
        assert measured == ((0.5, 0.6, 0.7) if model == "lstm" else examples.RECALL_ACCURACY[model, n])
    dots = {row[0]: row.count("…") for row in got[13]["pictures"]["table"]["rows"]}  # two runs of three at 40 steps
    assert {name: n for name, n in dots.items() if n} == {words.text("recall.lstm"): 1}
    dots = {row[0]: row.count("…") for row in got[0]["pictures"]["table"]["rows"]}
    assert {name: n for name, n in dots.items() if n} == {words.text("recall.lstm"): 4}
    explorer.buttons["reset"].click()
    assert explorer.state.measured is examples.RECALL_ACCURACY


def test_cancelling_keeps_what_was_measured():
    explorer = RecallExplorer(model="rnn")

    async def cancel_soon():
        explorer.start_button.click()
        while explorer.state.measured is examples.RECALL_ACCURACY:
            await asyncio.sleep(0)
        explorer.cancel_button.click()
        with pytest.raises(asyncio.CancelledError):
            await explorer.task

    asyncio.run(cancel_soon())
    assert len(explorer.state.measured["rnn", DISTANCES[0]]) == 1
    assert ("rnn", DISTANCES[1]) not in explorer.state.measured
    assert explorer.messages == {}
