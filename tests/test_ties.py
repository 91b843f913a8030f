"""Lesson 05: the table of trainings with one matrix, two and three."""

import numpy as np
import pytest
from helpers import ask, finish, pictures, scenes, shown

from qkvlib import TiesExplorer, words
from qkvlib.explorers import ties
from qkvlib.explorers.grammar import N_STEPS, ROLES
from qkvlib.explorers.work import stored


def test_the_table_shows_mean_and_spread_of_each(language):
    explorer, measured = TiesExplorer(), stored("ties")
    for row, tied in zip(pictures(explorer)["table"]["rows"], ROLES, strict=True):
        of_row = [[shown(of(measured[n, tied])) for of in (np.mean, min, max)] for n in ties.QUESTIONS]
        assert row == [words.text(f"roles.tied.{tied}"), *("{} ({}–{})".format(*cell) for cell in of_row)]
    ask(explorer, picture="lines", changes={"at": 0})
    lines = pictures(explorer)["lines"]
    means = {words.text(f"roles.tied.{tied}"): np.mean(measured[1, tied]) for tied in ROLES}
    told = dict(zip(lines["labels"], map(float, lines["texts"]), strict=True))
    assert lines["x_text"] == "1"
    assert told == pytest.approx({**means, words.text("training.guessing"): 0.2}, abs=0.0005)


def test_measuring_again_fills_the_table_cell_by_cell(monkeypatch):
    monkeypatch.setattr(ties, "train", lambda seed, tied, n: iter([(0, {}), (N_STEPS, {"seed": seed})]))
    monkeypatch.setattr(ties, "score", lambda parameters, tied, n: parameters["seed"] / 10 + n / 100)
    explorer = TiesExplorer()
    got = scenes(explorer)
    finish(explorer)
    shares = {n: [seed / 10 + n / 100 for seed in range(5)] for n in (1, 2, 3)}
    assert explorer.state.measured == {(n, tied): pytest.approx(shares[n]) for n in shares for tied in ROLES}
    assert len(got) == 9 + 1  # what came of it
    first = [row[1] for row in got[0]["pictures"]["table"]["rows"]]
    assert first == ["0.21 (0.01–0.41)", *(row[1] for row in pictures(TiesExplorer())["table"]["rows"][1:])]
    explorer.buttons["reset"].click()
    assert explorer.state.measured == stored("ties")


def test_a_score_is_the_mean_share_of_right_answers_on_sentences_that_no_training_sees():
    right = {name: np.zeros((9, 4)) for name in ("W_q", "W_k", "W_v")} | {"W_o": np.zeros((4, 5))}
    assert ties.score(right, "none", 3) == pytest.approx(0.2, abs=0.02)  # it always says the first word
