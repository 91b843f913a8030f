"""Lesson 07: a word of two senses, moved towards one of them by attention and by a window of fixed weights."""

from dataclasses import dataclass, field

import numpy as np
from ipywidgets import IntSlider, Layout, Text

from .. import words
from ..attention import attention
from ..examples import FILLERS, SENSE_SENTENCES, SENSE_WORDS, SENSES, SENSE_W_k, SENSE_W_q, SENSE_W_v
from ..text import MAX_TOKENS, InputError, tokens
from ..vectors import word_of
from ..views import axis, bars, number
from .base import Explorer, Sentence

UNDECIDED = 0.01  # nearer to the middle, a word leans to neither sense; one clue in the widest window moves it further


@dataclass(frozen=True)
class State:
    """What the reader sets.

    fillers : how many words without a clue stand between the word of two senses and the nearest clue on each side
    width : of the window, an odd number of tokens, the word itself in the middle
    """

    sentence: str = field(default_factory=lambda: SENSE_SENTENCES[words.language()][0])
    fillers: int = 0
    width: int = 7


@dataclass(frozen=True, eq=False)
class Result:
    """A word and what it is taken for.

    sentence : as typed; those words of it that are unknown count as without a clue
    tokens : n str, with fillers; at : index of the word of two senses
    values : shape (n,), from −1 (first sense) to 1 (second sense)
    weights, kernel : shape (n,), by which attention and the window mix the values
    attended, windowed : the two mixtures
    """

    sentence: Sentence
    tokens: list[str]
    at: int
    values: np.ndarray
    weights: np.ndarray
    kernel: np.ndarray
    attended: float
    windowed: float


def compute(state: State) -> Result:
    """Both mixtures for the first word of two senses. Raises InputError."""
    typed = tokens(state.sentence)
    known = [word_of(token) for token in typed]
    at = next((i for i, word in enumerate(known) if word in SENSES), None)
    if at is None:
        raise InputError("sentence", "no_two_senses", words=words.text("context.ambiguous"))
    shown, at = _with_fillers(typed, known, at, state.fillers)
    if len(shown) > MAX_TOKENS:
        raise InputError("fillers", "too_many", count=len(shown), limit=MAX_TOKENS)
    X = _vectors(shown)
    attended = attention(X @ SENSE_W_q, X @ SENSE_W_k, X @ SENSE_W_v)
    values, weights = (X @ SENSE_W_v)[:, 0], attended.weights[at]
    kernel = window(len(shown), at, state.width)
    unknown = [token for token, word in zip(typed, known, strict=True) if word not in SENSE_WORDS and word.isalnum()]
    sentence = Sentence(typed, _vectors(typed), unknown, was_cut=len(typed) > len(state.sentence.split()))
    return Result(sentence, shown, at, values, weights, kernel, float(weights @ values), float(kernel @ values))


def _vectors(shown):
    return np.array([SENSE_WORDS.get(word_of(token), (0, 0, 0, 0)) for token in shown], dtype=float)


def window(n, at, width) -> np.ndarray:
    """The same weight for each token that is at most width // 2 away, 0 for the others, shape (n,).

    What reaches over the ends of the sentence falls on nothing.
    """
    return np.where(np.abs(np.arange(n) - at) <= width // 2, 1 / width, 0.0)


def _with_fillers(typed, known, at, n):
    """The tokens with n fillers before the word, and n before the first clue after it; where clues stand there."""
    clues = [i for i, word in enumerate(known) if word in SENSE_WORDS and word not in SENSES]
    fillers = [FILLERS[words.language()][i % 12] for i in range(n)]
    before = fillers if any(i < at for i in clues) else []
    after = next((i for i in clues if i > at), None)
    rest = typed[at + 1 :] if after is None else [*typed[at + 1 : after], *fillers, *typed[after:]]
    return [*typed[:at], *before, typed[at], *rest], at + len(before)


def pictures(state: State, result: Result) -> dict:
    """Where the word lies between its senses, and the weights that brought it there."""
    word = result.tokens[result.at]
    ends = [words.text(f"sense.{sense}") for sense in SENSES[word_of(word)]]
    marks = {
        words.text("context.before"): result.values[result.at],
        words.text("context.attended"): result.attended,
        words.text("context.windowed", width=state.width): result.windowed,
    }
    total = number(result.weights.sum())
    title = words.text("weights.bars.title", token=word, sum=total)
    return {
        "axis": axis(marks, ends, words.text("context.axis", word=word), note=_verdict(result, ends)),
        "weights": bars(result.weights, result.tokens, title, result.at, note=_strongest(result)),
        "kernel": bars(
            result.kernel,
            result.tokens,
            words.text("context.kernel", width=state.width),
            result.at,
            note=words.text("context.fixed"),
        ),
    }


def leaning(position) -> str:
    """ "first", "second" or "neither" sense."""
    return "neither" if abs(position) < UNDECIDED else "first" if position < 0 else "second"


def _verdict(result, ends):
    read = {"first": ends[0], "second": ends[1], "neither": words.text("context.neither")}
    return words.text(
        "context.verdict", attended=read[leaning(result.attended)], windowed=read[leaning(result.windowed)]
    )


def _strongest(result):
    """The token that moved the word most, as a product."""
    parts = result.weights * result.values
    i = int(np.abs(parts).argmax())
    if not parts[i]:
        return words.text("context.no_clue")
    return words.text(
        "context.strongest",
        token=result.tokens[i],
        weight=number(result.weights[i]),
        value=number(result.values[i]),
        part=number(parts[i]),
    )


class ContextExplorer(Explorer):
    """Edit the sentence, move the clue away, and widen the window."""

    name = "context"
    State = State
    compute = staticmethod(compute)
    pictures = staticmethod(pictures)

    @staticmethod
    def presets():
        first, second = SENSE_SENTENCES[words.language()]
        return {
            "first": {"sentence": first},
            "second": {"sentence": second},
            "far": {"sentence": second, "fillers": 6},
            "both": {"sentence": words.text("context.both")},
            "source_first": {"sentence": words.text("context.source_first")},
            "source_second": {"sentence": words.text("context.source_second")},
        }

    @staticmethod
    def status(state, result):
        remarks = []
        if unknown := list(dict.fromkeys(result.sentence.unknown)):
            shown = words.text("status.comma").join(unknown[:8]) + ("…" if len(unknown) > 8 else "")
            remarks.append(words.text("context.unknown", tokens=shown))
        if result.sentence.was_cut:
            remarks.append(words.text("status.cut"))
        return " ".join(remarks)

    def _controls(self):
        wide = {"style": {"description_width": "110px"}, "layout": Layout(width="400px")}
        return {
            "sentence": Text(description=words.text("control.sentence"), continuous_update=False, **wide),
            "fillers": IntSlider(min=0, max=12, description=words.text("control.fillers"), **wide),
            "width": IntSlider(min=1, max=31, step=2, description=words.text("control.width"), **wide),
        }
