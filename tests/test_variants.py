"""How what was written is judged, and what a model is scored by."""

import numpy as np
import pytest

from qkvlib.explorers import variants
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
