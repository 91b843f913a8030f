"""Pictures: random ones of every kind, and those of every panel.

The test of a kind, test_x.py, has a `sample(rng, word, n)`, found by its name.
"""

import itertools
from importlib import import_module
from pathlib import Path

import pytest
from helpers import EXPLORERS, LESSONS

from qkvlib.explorers.predict import Predict
from qkvlib.views import board

VIEWS = Path(board.__file__).parent
LIVE = sorted(path.stem for path in VIEWS.glob("*.js") if path.stem not in ("board", *board.SHARED))
KINDS = sorted(path.stem for path in VIEWS.glob("*.py") if "\ndef draw(" in path.read_text(encoding="utf-8"))
SCRIPTS = ["I", "go", "私は", "学校", "へ", "行く", "שלום", "مدرسة", "🎒", "👩\u200d🏫", "ẹ\u0330́̈", "（笑）"]
SIGNS = ["$x$", "$\\frac{", "a_b^c", "\\alpha", "100%", "<b>x</b>", "<script>", "x y  z"]
WORDS = [*SCRIPTS, *SIGNS, "international", "図書館" * 8]


def sample(kind, rng, n, words=WORDS):
    """A picture of n tokens (keys, bars, points, …), no text twice."""
    shuffled = [str(word) for word in rng.permutation(words)]
    texts = (word + "'" * turn for turn in itertools.count() for word in shuffled)
    return import_module(f"test_{kind}").sample(rng, lambda: next(texts), n)


each_panel = pytest.mark.parametrize("made", [*EXPLORERS, *LESSONS], ids=lambda made: getattr(made, "name", made))


def panel(made):
    """An explorer, or the prediction of a lesson with its answer shown."""
    if made in EXPLORERS:
        return made()
    question = Predict(made)
    question.controls["choice"].value = question.prediction.right
    return question
