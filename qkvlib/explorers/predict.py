"""A question that the reader answers before seeing the result; the choice reveals it, not running the cell."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import RadioButtons

from .. import words
from ..attention import softmax
from ..views import bars
from . import scores
from .base import Explorer


@dataclass(frozen=True)
class State:
    """choice : name of the chosen option, None before the choice."""

    choice: str | None = None


@dataclass(frozen=True, eq=False)
class Result:
    """right : name of the option that the numbers bear out; pictures : what the choice reveals."""

    right: str
    pictures: dict


class Predict(Explorer):
    """Choose an answer; only then the numbers are shown, and a wrong guess is met with the reason."""

    State = State

    def __init__(self, lesson):
        self.name = f"predict.{lesson}"
        self.options, self._measure = QUESTIONS[lesson]
        super().__init__()

    def compute(self, state):
        return self._measure()

    @staticmethod
    def pictures(state, result):
        return result.pictures if state.choice else {}

    def status(self, state, result):
        if not state.choice:
            return ""
        verdict = words.text("predict.right" if state.choice == result.right else "predict.wrong")
        return f"{verdict} {words.text(f'{self.name}.reason.{state.choice}')}"

    def _controls(self):
        options = [(words.text(f"{self.name}.{option}"), option) for option in self.options]
        choice = RadioButtons(options=options, value=None, description=words.text("predict.label"))
        choice.layout.width = "auto"
        return {"choice": choice}

    def _repr_mimebundle_(self, **kwargs):
        options = "\n".join(f"○ {label}" for label, _ in self.controls["choice"].options)
        data = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": "\n\n".join(filter(None, [options, data["text/plain"]]))}


def _best_score():
    """Lesson 02: for "I", which of the other words gets the highest score?"""
    result = scores.compute(scores.State())
    row, tokens = result.scores[0], result.sentence.tokens
    best = int(np.argmax(row[1:])) + 1
    kind = {"en": ("action", "link", "place"), "ja": ("place", "link", "action")}[words.language()][best - 1]
    return Result(kind, {"bars": bars(row, tokens, words.text("predict.scores.bars"), chosen=best)})


def _doubled_scores():
    """Lesson 03: if every score doubles, what becomes of the largest weight?"""
    result = scores.compute(scores.State())
    row, tokens = result.scores[0], result.sentence.tokens
    once, twice = softmax(row), softmax(2 * row)
    before, after = once.max(), twice.max()
    right = "same" if np.isclose(before, after) else "double" if np.isclose(2 * before, after) else "closer"
    shown = {"once": (once, words.text("predict.weights.once")), "twice": (twice, words.text("predict.weights.twice"))}
    best = int(row.argmax())
    return Result(right, {name: bars(weights, tokens, title, best) for name, (weights, title) in shown.items()})


QUESTIONS = {
    "scores": (("place", "link", "action"), _best_score),
    "weights": (("same", "double", "closer"), _doubled_scores),
}
