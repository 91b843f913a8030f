"""A question that the reader answers before seeing the result; the choice reveals it, not running the cell."""

from dataclasses import dataclass, replace

import numpy as np
from ipywidgets import RadioButtons

from .. import words
from ..attention import softmax
from ..examples import BEST, CAT, PLANE, SENSE_SENTENCES, SENTENCES
from ..views import bars, matrix
from . import context, mixing, relay, roles, scores, search
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


def _swapped_titles():
    """Lesson 01: the titles of the curry video and of the cat video are swapped; whose content does curry find?"""
    state = search.State(**search.clickbait())
    result = search.compute(state)
    curry, cat = result.weights[[BEST, CAT]]  # of the contents, which stay where they were
    right = "half" if np.isclose(curry, cat, rtol=0.05) else "curry" if curry > cat else "cat"
    return Result(right, search.pictures(state, replace(result, row=None)))


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


def _changed_value():
    """Lesson 04: only the value of "school" changes; what changes for "I"?"""
    school = SENTENCES[words.language()].split()[{"en": 3, "ja": 1}[words.language()]]
    before = mixing.compute(mixing.State())
    after = mixing.compute(mixing.State(values={school: (0.0, 3.0)}))
    same_weights = np.allclose(before.weights, after.weights)
    right = "both" if not same_weights else "nothing" if np.allclose(before.output, after.output) else "only_output"
    labels = {"weights": before.sentence.tokens, "output": [words.text(f"plane.short.{name}") for name in PLANE]}
    shown = {}
    for part in labels:
        for when, result in (("before", before), ("after", after)):
            title = words.text(f"predict.values.{part}.{when}")
            shown[f"{part}_{when}"] = bars(getattr(result, part), labels[part], title)
    return Result(right, shown)


def _mirrored_score():
    """Lesson 05: with W_q = W_k, "I" gives "go" a score; which one does "go" give to "I"?"""
    result = roles.compute(roles.State(tied="qk"))
    tokens, at = result.sentence.tokens, (result.row, result.column)
    there, back = result.scores[at], result.scores[at[::-1]]
    right = "same" if np.isclose(there, back) else "larger" if back > there else "smaller"
    title = words.text("predict.roles.scores")
    mirror = np.zeros(result.scores.shape, dtype=bool)
    mirror[at[::-1]] = True
    return Result(right, {"scores": matrix(result.scores, tokens, tokens, title, "scores", at, sources=mirror)})


def _distant_clue():
    """Lesson 07: six filler words come between the clue and the word of two senses; who still finds it?"""
    state = context.State(sentence=SENSE_SENTENCES[words.language()][1], fillers=6)
    result = context.compute(state)
    attended, windowed = (context.leaning(position) != "neither" for position in (result.attended, result.windowed))
    right = {(True, False): "attention_keeps", (True, True): "both_keep"}.get((attended, windowed), "both_lose")
    return Result(right, context.pictures(state, result))


def _relay_of_equal_lengths():
    """Lesson 06: each U keeps every length; what is left of the first word after 100 steps of a tanh RNN?"""
    state = relay.State(strength=1.0, distance=relay.FURTHEST)
    result = relay.compute(state)
    left = result.left["rnn"][result.distance]
    right = "all" if left > 0.5 else "part" if left > 0.001 else "nothing"
    return Result(right, relay.pictures(state, result))


QUESTIONS = {
    "search": (("curry", "cat", "half"), _swapped_titles),
    "scores": (("place", "link", "action"), _best_score),
    "weights": (("same", "double", "closer"), _doubled_scores),
    "context": (("both_lose", "both_keep", "attention_keeps"), _distant_clue),
    "roles": (("smaller", "same", "larger"), _mirrored_score),
    "values": (("both", "only_output", "nothing"), _changed_value),
    "relay": (("all", "part", "nothing"), _relay_of_equal_lengths),
}
