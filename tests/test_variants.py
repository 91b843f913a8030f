"""How what was written is judged, and what a model is scored by."""

import numpy as np
import pytest
from helpers import finish, line, pictures, shown

from qkvlib import VariantsExplorer, words
from qkvlib.explorers import variants
from qkvlib.explorers.work import stored
from qkvlib.models import writer
from qkvlib.text.names import Names, read

OF = Names(("anna", "ben"), ("nan",), "abenn")


@pytest.mark.parametrize(
    ("name", "run", "expected"),
    [
        ("", 2, "nothing"),
        ("anna", 2, "learned"),
        ("nan", 2, "real"),
        ("ann", 2, "new"),
        ("ann", 3, "odd"),
        ("annen", 1, "new"),
        ("annab", 2, "odd"),
    ],
)
def test_a_name_is_judged_by_the_names_that_were_learned(name, run, expected):
    """ "ann" ends like "ben", so by two letters it is in order; no name that was learned ends with "nn"."""
    assert variants.kind(name, OF, run) == expected


@pytest.mark.parametrize(("language", "share"), [("en", 0.14), ("ja", 0.09)])
def test_of_real_names_some_look_odd_too(language, share):
    of = read(language)
    odd = [variants.looks_odd(name, of, variants.RUN[language]) for name in of.held_out]
    assert np.mean(odd) == pytest.approx(share, abs=0.005)
    assert not any(variants.looks_odd(name, of, variants.RUN[language]) for name in of.training)


def test_a_score_tells_what_was_written_and_both_losses_of_what_peeks():
    parameters = next(after for step, after in variants.train("no_mask", "ja", 0) if step == 50)
    score, of = variants.score(parameters, "no_mask", "ja"), read("ja")
    assert sum(score[kind] for kind in variants.KINDS) == pytest.approx(1)
    assert score["nothing"] > 0.5
    assert score["held_out"] < score["writing"] == writer.loss(parameters, of.numbers(of.held_out))
    assert len(score["written"]) == 10


def test_the_tables_hold_means_spread_and_the_runs_of_the_chosen_one(language):
    explorer, measured = VariantsExplorer(), stored("variants")
    means = dict(zip(variants.VARIANTS, pictures(explorer)["means"]["rows"], strict=True))
    for variant in variants.VARIANTS:
        of = {name: [run[name] for run in measured[language, variant]] for name in measured[language, variant][0]}
        losses = of["held_out"]
        spread = f"{shown(np.mean(losses))} ({shown(min(losses))}–{shown(max(losses))})"
        shares = [shown(np.mean(of[name])) for name in ("writing", *variants.KINDS)]
        assert means[variant] == [words.text(f"variants.{variant}"), spread, *shares]
        explorer.controls["variant"].value = variant
        rows = pictures(explorer)["runs"]["rows"]
        assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
        for column, name in enumerate(("writing", "learned", "new"), start=1):
            assert [row[column] for row in rows] == [*map(shown, of[name])]
        assert [row[-1].split(words.text("status.comma")) for row in rows] == [
            [name or "–" for name in written[:4]] for written in of["written"]
        ]
        assert line(explorer).count(shown(np.mean(of["learned"]))) >= 1


def test_what_is_measured_anew_is_of_the_language_of_the_panel(language, monkeypatch):
    asked = []

    def no_runs(languages):
        asked.append([*languages])
        return [((language, "whole"), 1, [(0, {})], lambda after: stored("variants")[language, "one_head"][0])]

    monkeypatch.setattr(variants, "runs", no_runs)
    explorer = VariantsExplorer()
    finish(explorer)
    assert asked == [[language]]
    rows = pictures(explorer)["means"]["rows"]
    assert rows[0][2] == shown(stored("variants")[language, "one_head"][0]["writing"])
    assert rows[1] == pictures(VariantsExplorer())["means"]["rows"][1]
