"""Lesson 05: the table of trainings with one matrix, two and three."""

import asyncio

import numpy as np
import pytest
from helpers import ask, pictures, scenes, shown

from qkvlib import TiesExplorer, words
from qkvlib.explorers import ties
from qkvlib.explorers.grammar import N_STEPS, ROLES
from qkvlib.explorers.work import stored

pytestmark = pytest.mark.filterwarnings("error")


def test_the_table_shows_mean_and_spread_of_each(language):
    explorer = TiesExplorer()
    for row, tied in zip(pictures(explorer)["table"]["rows"], ROLES, strict=True):
        assert row[0] == words.text(f"roles.tied.{tied}")
        for cell, n in zip(row[1:], ties.QUESTIONS, strict=True):
            accuracies = stored("ties")[n, tied]
            assert cell == f"{shown(np.mean(accuracies))} ({shown(min(accuracies))}–{shown(max(accuracies))})"
    ask(explorer, picture="lines", changes={"at": 0})
    lines = pictures(explorer)["lines"]
    assert lines["x_text"] == "1"
    means = {words.text(f"roles.tied.{tied}"): np.mean(stored("ties")[1, tied]) for tied in ROLES}
    told = dict(zip(lines["labels"], map(float, lines["texts"]), strict=True))
    assert told == pytest.approx({**means, words.text("training.guessing"): 0.2}, abs=0.0005)


def test_measuring_again_fills_the_table_run_by_run(monkeypatch):
    def quick(seed, tied, n_asking):
        yield 0, {}
        yield N_STEPS, {"seed": seed}

    async def run():
        await explorer.start()

    monkeypatch.setattr(ties, "train", quick)
    monkeypatch.setattr(ties, "score", lambda parameters, tied, n: parameters["seed"] / 10 + n / 100)
    explorer = TiesExplorer()
    got = scenes(explorer)
    asyncio.run(run())
    assert explorer.state.measured == {
        (n, tied): pytest.approx([seed / 10 + n / 100 for seed in range(5)]) for n in (1, 2, 3) for tied in ROLES
    }
    assert len(got) == 45
    assert [cell for row in got[0]["pictures"]["table"]["rows"] for cell in row].count("…") == 8
    explorer.buttons["reset"].click()
    assert explorer.state.measured == stored("ties")


def test_a_score_is_the_mean_share_of_right_answers_on_sentences_that_no_training_sees():
    right = {"W_q": np.zeros((9, 4)), "W_k": np.zeros((9, 4)), "W_v": np.zeros((9, 4)), "W_o": np.zeros((4, 5))}
    assert ties.score(right, "none", 3) == pytest.approx(0.2, abs=0.02)  # it always says the first word
    assert len(list(ties.runs())) == len(ties.SEEDS) * len(stored("ties"))
