"""What is stored of the trainings is whole, can be measured again with any NumPy, and bears out the lessons."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from helpers import ROOT

from qkvlib.explorers import memory, recall, ties, variants
from qkvlib.explorers.work import stored
from qkvlib.models import writer
from qkvlib.text.names import read
from qkvlib.words import LANGUAGES

SETTLED = 0.03  # the largest difference between seeds of a training that is right everywhere, or guesses


@pytest.mark.parametrize("name", ["ties", "recall", "split", "variants"])
def test_the_benchmark_writes_what_is_read(name, monkeypatch, tmp_path, capsys):
    """Trainings of no steps, whose accuracy is made up; what differs from the stored is told."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    measure = import_module("measure")
    expected = {
        key: (0.5, *shares[1:]) if key[-1] in ("all", 80, 20, "no_mask") else shares
        for key, shares in stored(name).items()
    }
    left = {key: list(shares) for key, shares in expected.items()}
    runs, n_steps = measure.RUNS[name]
    made_up = [(key, cost, [(0, {})], lambda after, key=key: left[key].pop(0)) for key, cost, *_ in runs()]
    monkeypatch.setitem(measure.RUNS, name, (lambda: made_up, n_steps))
    monkeypatch.setattr(measure, "FOLDER", tmp_path)
    measure.main(name)
    assert not any(left.values())
    written, before = (
        (folder / f"{name}.json").read_text(encoding="utf-8") for folder in (tmp_path, Path(recall.__file__).parent)
    )
    assert measure.form(stored(name)) == before
    assert written == measure.form(expected)
    told = capsys.readouterr().out.splitlines()
    assert len(told) == sum(stored(name)[key] != shares for key, shares in expected.items())


SURE = [(model, 5) for model in memory.HIDDEN if model != "attention"] + [("convolution", 10)]
SURE += [("attention", n) for n in memory.DISTANCES]


@pytest.mark.parametrize(("model", "distance"), SURE)
def test_what_has_settled_is_measured_again(model, distance):
    """Where all seeds agree; others hang on the last bits of the arithmetic, so they are not asked for."""
    shares = stored("recall")[model, distance]
    assert max(shares) - min(shares) < SETTLED
    assert memory.recall(model, distance, seed=1) == pytest.approx(shares[1], abs=SETTLED)


def test_the_tables_are_whole_and_bear_out_what_the_lessons_say():
    of_ties, of_recall = stored("ties"), stored("recall")
    assert of_ties.keys() == {(n, tied) for n in ties.QUESTIONS for tied in ties.ROLES}
    assert {len(shares) for shares in of_ties.values()} == {len(ties.SEEDS)}
    assert of_recall.keys() == {(model, n) for model in memory.HIDDEN for n in memory.DISTANCES}
    assert {len(shares) for shares in of_recall.values()} == {recall.N_SEEDS}
    assert min(min(of_recall["attention", n]) for n in memory.DISTANCES) > 0.99
    for cell in ("gru", "lstm"):  # open gates help, by a lot
        assert np.mean(of_recall[f"{cell}_open", 40]) > np.mean(of_recall[cell, 40]) + 0.5
    assert np.mean(of_recall["gru", 20]) < np.mean(of_recall["rnn", 20])  # weaker than told: gates alone do not


def test_the_variants_are_whole():
    of_variants = stored("variants")
    assert of_variants.keys() == {(language, variant) for language in LANGUAGES for variant in variants.VARIANTS}
    assert {len(scores) for scores in of_variants.values()} == {len(variants.SEEDS)}
    for score in (score for scores in of_variants.values() for score in scores):
        assert sum(score[kind] for kind in variants.KINDS) == pytest.approx(1, abs=0.003)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_variants_bear_out_what_is_said_of_them(language):
    def of(variant, part):
        return [score[part] for score in stored("variants")[language, variant]]

    whole = of("whole", "held_out")
    assert max(whole) + 0.03 < min(of("no_attention", "held_out"))
    assert max(whole) < min(of("no_positions", "held_out"))  # weaker than told: by 0.02 or 0.03 in the mean
    assert np.mean(of("no_positions", "held_out")) < np.mean(whole) + 0.05
    assert np.mean(whole) == pytest.approx(np.mean(of("one_head", "held_out")), abs=0.015)  # weaker than told
    assert max(of("no_mask", "training") + of("no_mask", "held_out")) < 0.01 < 9 < min(of("no_mask", "writing"))
    assert {*of("no_mask", "nothing")} == {1}
    assert min(of("whole", "learned")) > 0.4  # weaker than told: half of what it writes is known by heart, or more


def test_a_writer_is_measured_again():
    """One of the fifty, in some seconds, so that the table is of this code."""
    names, seed = read("ja"), 1
    *_, (_, parameters) = variants.train("whole", "ja", seed)
    found = writer.loss(parameters, names.numbers(names.held_out))
    assert found == pytest.approx(stored("variants")["ja", "whole"][seed]["held_out"], abs=SETTLED)


def test_the_plain_way_that_latency_compares_with_draws(monkeypatch):
    """Another picture at the other end of each slider; a baseline that fails would be quick."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    latency, panels = import_module("latency"), import_module("panels")
    drawn = []

    def keep():
        figure = panels.plt.gcf()
        figure.canvas.draw()
        drawn.append(np.asarray(figure.canvas.buffer_rgba()).copy())
        panels.plt.close(figure)

    monkeypatch.setattr(panels.plt, "show", keep)
    for code, *_ in latency.CASES:
        _, show, slider = eval(code, vars(panels))
        ends = [slider.base**end if hasattr(slider, "base") else end for end in (slider.min, slider.max)]
        for end in ends:
            show(end)
        assert (drawn[-1] != drawn[-2]).any(), code
