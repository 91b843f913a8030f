"""Lesson 08: a word of two senses, moved towards one of them by attention and by a window of fixed weights."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import IntSlider

from .. import words
from ..arguments import fixed, read_only
from ..attention import attention
from ..text.handmade import KNOWN
from ..text.tokens import MAX_TOKENS, tokens
from ..text.vectors import look_up, word_of
from ..views.arcs import arcs
from ..views.arithmetic import MARKS, arithmetic, factor
from ..views.axis import axis
from ..views.bars import bars
from ..views.look import MAX_ARCS, WIDE_ARCS, number
from ..words import InputError
from .base import Prediction, Sentence, SentenceExplorer, remarks
from .fields import State as Ruled
from .fields import text, whole

UNDECIDED = 0.01  # nearer to the middle, a word leans to neither sense; one clue in the widest window moves it further

# Words of two senses, and words that tell which one is meant. Made by hand; d_model = 4: whether a word has two senses,
# and how much it is about money, a meal and a river.
# fmt: off
SENSE_W_q = np.array([[3.0, 0.0],  # a word of two senses looks for a clue
                      [0.0, 1.0],  # a clue for a word that asks for one; d_k = 2
                      [0.0, 1.0],
                      [0.0, 1.0]])
SENSE_W_k = np.array([[0.0, 1.0],
                      [2.0, 0.0],
                      [2.0, 0.0],
                      [2.0, 0.0]])
SENSE_W_v = np.array([[0.0], [-1.0], [-1.0], [1.0]])  # d_v = 1: from money or a meal (−1) to a river (+1)
read_only(SENSE_W_q, SENSE_W_k, SENSE_W_v)
SENSES = fixed({  # word of two senses -> what is meant at −1 and at +1, a key under `sense` in words/*.toml
    "bank": ("money", "river"), "銀行": ("money", "river"), "はし": ("chopsticks", "bridge"),
})
SENSE_WORDS = fixed({
    # word: (asks, money, meal, river)
    "bank": (1, 0, 0, 0), "銀行": (1, 0, 0, 0), "はし": (1, 0, 0, 0),
    "money": (0, 1, 0, 0), "cash": (0, 1, 0, 0), "account": (0, 1, 0, 0), "loan": (0, 1, 0, 0), "coins": (0, 1, 0, 0),
    "pay": (0, 0.8, 0, 0), "save": (0, 0.7, 0, 0), "withdraw": (0, 0.8, 0, 0), "withdrew": (0, 0.8, 0, 0),
    "river": (0, 0, 0, 1), "water": (0, 0, 0, 0.9), "boat": (0, 0, 0, 0.9), "fish": (0, 0, 0, 0.8),
    "swim": (0, 0, 0, 0.9), "shore": (0, 0, 0, 1), "reeds": (0, 0, 0, 0.9), "grass": (0, 0, 0, 0.5),
    "お金": (0, 1, 0, 0), "現金": (0, 1, 0, 0), "口座": (0, 1, 0, 0), "預金": (0, 1, 0, 0), "下ろす": (0, 0.8, 0, 0),
    "払う": (0, 0.8, 0, 0), "貯める": (0, 0.7, 0, 0), "川": (0, 0, 0, 1), "土手": (0, 0, 0, 1), "水": (0, 0, 0, 0.8),
    "船": (0, 0, 0, 0.9), "渡る": (0, 0, 0, 1), "かかる": (0, 0, 0, 0.7),
    "ご飯": (0, 0, 1, 0), "うどん": (0, 0, 1, 0), "食べる": (0, 0, 1, 0),
    "つまむ": (0, 0, 0.9, 0), "豆": (0, 0, 0.8, 0), "皿": (0, 0, 0.8, 0),
})
FILLERS = fixed({  # before the word of two senses, and after it, before a clue; in Japanese a verb is the clue there
    "en": 2 * (("old", "big", "quiet", "famous", "grey", "nice",
                "well-known", "little", "busy", "new", "clean", "distant"),),
    "ja": (("古い", "大きな", "静かな", "有名な", "白い", "立派な",
            "きれいな", "小さな", "懐かしい", "新しい", "明るい", "遠い"),
           ("いつも", "毎朝", "みんなで", "楽しく", "のんびり", "ゆっくり",
            "そっと", "静かに", "何度も", "仲よく", "うれしそうに", "笑いながら")),
})
SENSE_SENTENCES = fixed({  # of the two senses
    "en": ("I withdraw money at the bank", "I sit on the bank of the river"),
    "ja": ("はし で うどん を 食べる", "川 に かかる はし を 渡る"),
})
# fmt: on


@dataclass(frozen=True)
class State(Ruled):
    """What the reader sets.

    fillers : how many words without a clue stand between the word of two senses and the nearest clue on each side
    width : of the window, an odd number of tokens, the word itself in the middle
    """

    sentence: str = text(lambda: SENSE_SENTENCES[words.language()][0])
    fillers: int = whole(0, 0, 12)
    width: int = whole(7, 1, 31, step=2)


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
    typed = cut(state.sentence)
    at = next((i for i, token in enumerate(typed) if look_up(token, SENSES)), None)
    if at is None:
        raise InputError("sentence", "no_two_senses", words=words.text("context.ambiguous"))
    shown, at = _with_fillers(typed, at, state.fillers)
    if len(shown) > MAX_TOKENS:
        raise InputError("fillers", "too_many", count=len(shown), limit=MAX_TOKENS)
    X = sense_vectors(shown)
    attended = attention(X @ SENSE_W_q, X @ SENSE_W_k, X @ SENSE_W_v)
    values, weights = (X @ SENSE_W_v)[:, 0], attended.weights[at]
    kernel = window(len(shown), at, state.width)
    unknown = [token for token in typed if look_up(token, SENSE_WORDS) is None and word_of(token).isalnum()]
    was_cut = len(typed) > len(state.sentence.split())
    sentence = Sentence(typed, sense_vectors(typed), list(dict.fromkeys(unknown)), was_cut)
    return Result(sentence, shown, at, values, weights, kernel, float(weights @ values), float(kernel @ values))


def cut(sentence) -> list[str]:
    """The tokens of a sentence; words of two senses and clues are not cut. Raises InputError."""
    return tokens(sentence, KNOWN | SENSE_WORDS)


def sense_vectors(tokens) -> np.ndarray:
    """One row for each token, shape (n, 4): whether it has two senses, and what it is about; zeros for no clue."""
    return np.array([look_up(token, SENSE_WORDS) or (0, 0, 0, 0) for token in tokens], dtype=float)


def window(n, at, width) -> np.ndarray:
    """The same weight for each token that is at most width // 2 away, 0 for the others, shape (n,).

    What reaches over the ends of the sentence falls on nothing.
    """
    return np.where(np.abs(np.arange(n) - at) <= width // 2, 1 / width, 0.0)


def _with_fillers(typed, at, n):
    """The tokens with n fillers before the word, and n before the first clue after it; where clues stand there."""
    clues = [i for i, (asks, *about) in enumerate(sense_vectors(typed)) if any(about)]
    before, after_it = (list(fillers[:n]) for fillers in FILLERS[words.language()])
    before = before if any(i < at for i in clues) else []
    after = next((i for i in clues if i > at), None)
    rest = typed[at + 1 :] if after is None else [*typed[at + 1 : after], *after_it, *typed[after:]]
    return [*typed[:at], *before, typed[at], *rest], at + len(before)


def pictures(state: State, result: Result) -> dict:
    """The weights of attention and of the window, and where they bring the word between its senses."""
    word, tokens, width = result.tokens[result.at], result.tokens, state.width
    ends = [words.text(f"sense.{sense}") for sense in look_up(word, SENSES)]
    marks = {
        words.text("context.before"): result.values[result.at],
        words.text("context.attended"): result.attended,
        words.text("context.windowed", width=width): result.windowed,
    }
    even = words.text("context.fixed", width=width)
    if len(tokens) <= MAX_ARCS:
        title, best = words.text("context.arcs", token=word, width=width), int(result.weights.argmax())
        both = {"note": even, "under": result.kernel, "size": WIDE_ARCS}
        drawn = {"arcs": arcs(result.weights, tokens, title, result.at, best, **both)}
    else:
        title = words.text("weights.bars.title", token=word, sum=number(result.weights.sum()))
        drawn = {
            "kernel": bars(result.kernel, tokens, words.text("context.kernel", width=width), result.at, note=even),
            "weights": bars(result.weights, tokens, title, result.at),
        }
    return {
        **drawn,
        "axis": axis(marks, ends, words.text("context.axis", word=word), note=_verdict(result, ends)),
        "arithmetic": _strongest(result),
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
    """The token that moved the word most, as a product; where several did so as far, all of them."""
    parts = result.weights * result.values
    i = int(np.abs(parts).argmax())
    if not parts[i]:
        return arithmetic(words.text("context.no_clue"))
    alike = np.isclose(result.weights, result.weights[i]) & np.isclose(result.values, result.values[i])
    against = np.isclose(parts, -parts[i])
    most, comma = np.flatnonzero(alike | against), words.text("status.comma")
    tied = comma.join(result.tokens[j] for j in most)
    if against.any():
        shown = comma.join(f"*{number(parts[j])}*" for j in most)
        line = words.text("context.against", query=MARKS["query"], key=MARKS["key"], parts=shown)
        return arithmetic(line, query=result.tokens[result.at], key=tied)
    line = words.text(
        "context.strongest",
        query=MARKS["query"],
        key=MARKS["key"],
        weight=number(result.weights[i]),
        value=factor(result.values[i]),
        part=number(parts[i]),
    )
    return arithmetic(line, query=result.tokens[result.at], key=tied)


def presets():
    first, second = SENSE_SENTENCES[words.language()]
    return {
        "first": {"sentence": first},
        "second": {"sentence": second},
        "far": {"sentence": second, "fillers": 3},
        "both": {"sentence": words.text("context.both")},
        "source_first": {"sentence": words.text("context.source_first")},
        "source_second": {"sentence": words.text("context.source_second")},
    }


def status(state: State, result: Result) -> str:
    """Which tokens count as without a clue."""
    return remarks(result.sentence, "context.unknown", 8)


def prediction() -> Prediction:
    """Filler words come between the clue and the word of two senses; who still finds it?"""
    state = State(**presets()["far"])
    result = compute(state)
    attended, windowed = (leaning(position) != "neither" for position in (result.attended, result.windowed))
    right = {(True, False): "attention_keeps", (True, True): "both_keep"}.get((attended, windowed), "both_lose")
    shown = {name: picture for name, picture in pictures(state, result).items() if name in ("axis", "arithmetic")}
    return Prediction(right, ("both_lose", "both_keep", "attention_keeps"), shown)


class ContextExplorer(SentenceExplorer):
    """Edit the sentence, move the clue away, and widen the window."""

    above = ("sentence", "fillers", "width")

    def _make_controls(self):
        super()._make_controls()
        self.control(IntSlider, "fillers")
        self.control(IntSlider, "width")
