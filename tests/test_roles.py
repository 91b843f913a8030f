"""Lesson 05: what the three matrices make, tied and untied, against plain loops."""

import re

import numpy as np
import pytest
from helpers import SENTENCE, agree, ask, by_loops, line, pictures, shown

from qkvlib import RolesExplorer, W_k, W_q, W_v, words
from qkvlib.explorers.grammar import ROLES
from qkvlib.explorers.roles import State, compute, prediction
from qkvlib.words import InputError

MATRICES = {"W_q": W_q, "W_k": W_k, "W_v": W_v}
each_tie = pytest.mark.parametrize("tied", ROLES)


@each_tie
@pytest.mark.parametrize("entries", [{}, {("W_q", 1, 0): -1.5, ("W_k", 3, 2): 2, ("W_v", 0, 1): 0.75}])
def test_roles_are_made_by_the_matrices_that_are_in_use(tied, entries, language):
    matrices = {name: W.copy() for name, W in MATRICES.items()}
    for (name, *at), value in entries.items():
        matrices[name][tuple(at)] = value
    expected = by_loops(SENTENCE[language], matrices=[matrices[name] for name in ROLES[tied]])
    explorer = RolesExplorer(tied=tied, entries=entries)
    assert {name for name in pictures(explorer) if name in MATRICES} == {*ROLES[tied]}
    for name in ("X", "Q", "K", "V", "scores", "weights"):
        found = explorer.result.sentence.X if name == "X" else getattr(explorer.result, name)
        assert np.allclose(found, expected[name])
        if name in ("scores", "weights"):
            assert agree(pictures(explorer)[name]["texts"], expected[name])
    for name in ROLES[tied]:
        assert agree(pictures(explorer)[name]["texts"], matrices[name])


@each_tie
def test_scores_are_symmetric_just_where_queries_and_keys_share_a_matrix(tied):
    explorer = RolesExplorer(tied=tied, sentence="the cat saw a dog in zig zag")
    scores, weights = explorer.result.scores, explorer.result.weights
    difference = np.abs(scores - scores.T).max()
    assert difference > 0.5 if tied == "none" else difference < 1e-12
    assert np.abs(weights - weights.T).max() > 0.1  # each row has a sum of its own
    assert shown(difference) in pictures(explorer)["arithmetic"]["note"]


def test_the_pair_is_shown_both_ways_round_and_marked(language):
    explorer, tokens = RolesExplorer(), SENTENCE[language].split()
    scores, weights = explorer.result.scores, explorer.result.weights
    for row, column in ((0, 2), (3, 1)):
        ask(explorer, picture="scores", changes={"row": row, "column": column})
        there, back = (row, column), (column, row)
        assert line(explorer).index(f"{tokens[row]} → {tokens[column]}") < line(explorer).index(f"{tokens[column]} →")
        told = re.findall(r"−?\d+\.\d+", line(explorer).splitlines()[0])
        assert agree(told, [m[at] for at in (there, back) for m in (scores, weights)])
        for name in ("scores", "weights"):
            assert pictures(explorer)[name]["chosen"] == [row, column]
            assert pictures(explorer)[name]["sources"] == [column * 4 + row]


def test_any_entry_of_a_matrix_can_be_chosen_and_moved():
    explorer = RolesExplorer()
    for name, row, column in (("W_k", 2, 1), ("W_v", 0, 1), ("W_q", 3, 0)):
        ask(explorer, picture=name, changes={"row": row, "column": column})
        assert explorer.controls["entry"].value == MATRICES[name][row, column]
        assert pictures(explorer)[name]["chosen"] == [row, column]
        explorer.controls["entry"].value = -0.7
        assert explorer.result.matrices[name][row, column] == -0.7
    assert W_k[2, 1] == 0  # the lessons' own matrix is left alone


def test_an_entry_of_a_matrix_that_is_not_in_use_gives_way_to_one_that_is():
    explorer = RolesExplorer(chosen=("W_k", 2, 1))
    explorer.controls["tied"].value = "all"
    assert explorer.controls["entry"].value == W_q[2, 1]
    explorer.controls["entry"].value = 2.5
    assert explorer.result.matrices["W_q"][2, 1] == 2.5


@pytest.mark.parametrize("entry", ["W_q", ("W_x", 0, 0), ("W_q", 4, 0), ("W_q", -1, 0), ("W_v", 0, 2), ("W_q", 0)])
def test_what_is_no_entry_is_refused(entry, language):
    for changes in ({"chosen": entry}, {"entries": {entry: 1}}):
        with pytest.raises(InputError) as raised:
            RolesExplorer.result_of(**changes)
        assert str(raised.value) == words.text("error.entry", value=entry)
        assert raised.value.control == "entry"


def test_presets_show_what_they_say(language):
    explorer, go = RolesExplorer(), {"en": 1, "ja": 3}[language]
    for name, symmetric in (("one_way", False), ("qk", True), ("all", True)):
        explorer.preset(name)
        assert np.allclose(explorer.result.scores, explorer.result.scores.T) == symmetric
        assert len(explorer.result.matrices) == {"one_way": 3, "qk": 2, "all": 1}[name]
    one_way = compute(State(**RolesExplorer.presets()["one_way"])).weights
    assert one_way[0, go] > 0.5 > 0.05 > one_way[go, 0]


def test_with_one_matrix_the_score_is_the_same_both_ways(language):
    question = prediction()
    assert question.right == "same"
    matrices = [MATRICES[name] for name in ROLES["qk"]]
    assert agree(question.pictures["scores"]["texts"], by_loops(SENTENCE[language], matrices=matrices)["scores"])
