"""Lesson 06: the stored accuracies as lines and as a table, and one model of them measured again."""

import asyncio

import numpy as np
import pytest
from helpers import ask, pictures, scenes, shown

from qkvlib import RecallExplorer, words
from qkvlib.explorers import recall
from qkvlib.explorers.memory import DISTANCES, HIDDEN, N_STEPS
from qkvlib.explorers.work import stored

pytestmark = pytest.mark.filterwarnings("error")


def test_the_table_shows_the_runs_and_their_mean_at_the_distance_looked_at(language):
    explorer = RecallExplorer()
    for at, n in enumerate(DISTANCES):
        ask(explorer, picture="lines", changes={"at": at})
        table, lines = pictures(explorer)["table"], pictures(explorer)["lines"]
        assert table["title"] == words.text("recall.table", distance=n)
        assert lines["x_text"] == str(n)
        for row, model in zip(table["rows"], HIDDEN, strict=True):
            accuracies = stored("recall")[model, n]
            assert row == [words.text(f"recall.{model}"), *map(shown, [*accuracies, np.mean(accuracies)])]
        means = [np.mean(stored("recall")[model, n]) for model in HIDDEN]
        assert [float(text) for text in lines["texts"]] == pytest.approx([*means, 1 / 8], abs=0.0005)
        assert lines["labels"] == [*(row[0] for row in table["rows"]), words.text("training.guessing")]


def test_the_model_that_is_chosen_is_measured_and_the_others_are_left(monkeypatch):
    trained = []

    def quick(model, distance, seed):
        trained.append((model, distance, seed))
        yield 0, {}
        yield N_STEPS, {"seed": seed}

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
    assert len(got) == 18
    for count, dots in ((0, 4), (13, 1)):  # one run at 2 steps, two at 40
        rows = {row[0]: row.count("…") for row in got[count]["pictures"]["table"]["rows"] if "…" in row}
        assert rows == {words.text("recall.lstm"): dots}
    explorer.buttons["reset"].click()
    assert explorer.state.measured == stored("recall")
