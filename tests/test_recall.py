"""Lesson 06: the stored accuracies as lines and as a table, and one model of them measured again."""

import asyncio

import numpy as np
import pytest
from helpers import ask, pictures, scenes, shown

from qkvlib import RecallExplorer, words
from qkvlib.explorers import recall
from qkvlib.explorers.memory import DISTANCES, HIDDEN, N_STEPS
from qkvlib.explorers.work import stored


def test_the_table_shows_the_runs_and_their_mean_at_the_distance_looked_at(language):
    explorer, names = RecallExplorer(), [words.text(f"recall.{model}") for model in HIDDEN]
    for at, n in enumerate(DISTANCES):
        ask(explorer, picture="lines", changes={"at": at})
        table, lines = pictures(explorer)["table"], pictures(explorer)["lines"]
        runs = [stored("recall")[model, n] for model in HIDDEN]
        means = [*map(np.mean, runs)]
        rows = zip(names, runs, means, strict=True)
        assert table["rows"] == [[name, *map(shown, [*shares, mean])] for name, shares, mean in rows]
        assert [float(text) for text in lines["texts"]] == pytest.approx([*means, 1 / 8], abs=0.0005)
        assert lines["labels"] == [*names, words.text("training.guessing")]
        assert (table["title"], lines["x_text"]) == (words.text("recall.table", distance=n), str(n))


def test_the_model_that_is_chosen_is_measured_and_the_others_are_left(monkeypatch):
    trained = []

    def quick(model, distance, seed):
        trained.append((model, distance, seed))
        yield from ((0, {}), (N_STEPS, {"seed": seed}))

    async def run():
        explorer.start()
        await asyncio.sleep(0)
        explorer.controls["model"].value = "lstm"
        explorer.controls["seed"].value = 5
        trained.clear()
        got.clear()
        await explorer.start()

    monkeypatch.setattr(recall, "train", quick)
    monkeypatch.setattr(recall, "accuracy", lambda parameters, batch, model: parameters["seed"] / 10)
    explorer = RecallExplorer()
    got = scenes(explorer)
    asyncio.run(run())
    assert trained == [("lstm", n, seed) for n in DISTANCES for seed in (5, 6, 7)]
    assert explorer.state.measured == stored("recall") | {("lstm", n): (0.5, 0.6, 0.7) for n in DISTANCES}
    assert len(got) == 6 + 1  # what came of it
    explorer.buttons["reset"].click()
    assert explorer.state.measured == stored("recall")
