"""One head and two heads, measured: what is stored, and what the lesson says of it."""

import numpy as np
from helpers import ask, pictures, shown

from qkvlib import SplitExplorer
from qkvlib.explorers.seeing import N_NAMES, train
from qkvlib.explorers.split import HEADS, NOISES, SEEDS, score
from qkvlib.explorers.work import stored


def test_the_stored_runs_say_what_the_lesson_says():
    table = stored("split")
    assert [*table] == [(n, noise) for noise in NOISES for n in HEADS]
    assert all(len(shares) == len(SEEDS) for shares in table.values())
    assert min(*table[1, 0], *table[2, 0]) > 0.95
    assert max(table[1, 20]) < 0.5 < 0.8 < np.mean(table[2, 20])


def test_one_stored_run_comes_out_again():
    """Two heads without noise: a training that settles."""
    *_, (_, after) = train(3, 2)
    assert abs(score(after, 2, 0) - stored("split")[2, 0][3]) < 0.03


def test_lines_are_means_and_the_table_holds_the_runs_of_the_chosen_noise(language):
    explorer, table = SplitExplorer(), stored("split")
    for at, noise in enumerate(NOISES):
        ask(explorer, picture="lines", changes={"at": at})
        rows = pictures(explorer)["table"]["rows"]
        assert [row[1:] for row in rows] == [[*map(shown, table[n, noise])] for n in HEADS]
        means = [np.mean(table[n, noise]) for n in HEADS]
        lines = pictures(explorer)["lines"]
        assert [float(text) for text in lines["texts"]] == [float(f"{value:.3g}") for value in (*means, 1 / N_NAMES**2)]
