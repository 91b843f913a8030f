"""Measure again what lessons show from storage: `python benchmarks/measure.py ties`, `recall`, …

Writes qkvlib/explorers/ties.json (5 seconds), split.json or recall.json (a minute) or variants.json (ten minutes), in
the form in which they are read: the fields of a key, such as "n_asking tied" -> what each seed gave, 0 and up, rounded
to three decimals: an accuracy, or all that `variants.score` tells. Prints what came out otherwise than it was stored: a
training that has not settled, neither right everywhere nor guessing, hangs on the last bits of the arithmetic, and
other versions of NumPy, or other processors, give other accuracies for the same seed. As `writer` it writes the
trainings that lesson 11 opens with, writer_en.npz and writer_ja.npz (10 seconds).
"""

import argparse
import itertools
import json
from pathlib import Path

import numpy as np

from qkvlib.explorers import memory, recall, split, ties, variants
from qkvlib.explorers import writer as lesson
from qkvlib.explorers.work import measure, stored
from qkvlib.models import writer
from qkvlib.text.names import read
from qkvlib.words import LANGUAGES

FOLDER = Path(__file__).resolve().parent.parent / "qkvlib" / "explorers"
RUNS = {
    "ties": (ties.runs, ties.N_STEPS),
    "split": (split.runs, split.N_STEPS),
    "recall": (lambda: itertools.chain.from_iterable(map(recall.runs, memory.HIDDEN)), recall.N_STEPS),
    "variants": (variants.runs, writer.N_STEPS),
}


def main(name):
    """Measure, compare, write."""
    runs, n_steps = RUNS[name]
    *_, (_, changes) = measure(runs(), n_steps)
    measured = {key: tuple(map(rounded, scores)) for key, scores in changes["measured"].items()}
    for key, before in stored(name).items():
        if measured.get(key) != before:
            print(*key, "stored", before, "now", measured.get(key), f"with NumPy {np.__version__}")
    (FOLDER / f"{name}.json").write_text(form(measured), encoding="utf-8")


def train():
    """The training of the writer in each language."""
    for language in LANGUAGES:
        *_, (_, history) = lesson.learn(read(language))
        lesson.save(history, FOLDER / f"writer_{language}.npz")


def rounded(score):
    """A score with three decimals, and so is each number of a dict."""
    if isinstance(score, dict):
        return {name: rounded(part) for name, part in score.items()}
    return round(score, 3) if isinstance(score, float) else score


def form(measured) -> str:
    """What was measured as JSON, one key a line."""
    lines = [
        f'  "{" ".join(map(str, key))}": {json.dumps(shares, ensure_ascii=False)}' for key, shares in measured.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=[*RUNS, "writer"])
    name = parser.parse_args().name
    train() if name == "writer" else main(name)
