"""Lesson 01: a query meets titles (keys), and brings home a mixture of contents (values)."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import FloatLogSlider, Text

from .. import words
from ..arguments import fixed
from ..attention import softmax
from ..text.tokens import visible
from ..text.vectors import ngram_vectors
from ..views.hits import hits
from ..views.look import number
from ..views.stack import stack
from ..words import InputError
from .base import Explorer, Prediction
from .fields import State as Ruled
from .fields import index, listed, real, refused, ruled, within

MAX_LETTERS = 200  # of a query, a title or a content

QUERIES = fixed({"en": "How to cook delicious curry", "ja": "おいしいカレーの作り方"})

VIDEOS = fixed(
    {  # title (key): content (value)
        "en": {
            "How to Fix a Bicycle": "patching a flat tyre",
            "Ultimate Curry from Spices": "roasting whole spices",
            "My Cat Falls off the Sofa": "a cat slides off a sofa",
            "Currency Exchange Explained": "dollars become yen",
            "Quick 5-Minute Curry Recipe": "one pan, curry powder",
            "Hungary by Night Train": "Budapest after dark",
            "Piano for Beginners": "the scale of C major",
        },
        "ja": {
            "自転車の直し方": "パンクの修理",
            "スパイスから作る究極カレー": "スパイスを炒めて煮込む",
            "ソファから落ちる猫": "猫がソファから転げ落ちる",
            "カレンダーの読み方": "祝日と大安の見つけ方",
            "時短！5分カレーレシピ": "カレー粉とフライパン1つ",
            "おなかがへこむ体操": "腹筋を30回",
            "はじめてのピアノ": "ドレミの弾き方",
        },
    }
)
BEST, CAT, TRAP = 4, 2, 5  # places of the video that QUERIES find best, of the cat, and of one that only spelling finds


def readable(control, text) -> str:
    """A text without what cannot be seen, if anything is left of it. Raises InputError."""
    if not isinstance(text, str):
        raise refused(control, "text", text)
    text = visible(text).strip()
    if not any(map(str.isprintable, text.replace(" ", ""))):
        raise InputError(control, "empty_text")
    if len(text) > MAX_LETTERS:
        raise InputError(control, "long_text", length=len(text), limit=MAX_LETTERS)
    return text


def _each_readable(name, texts):
    return tuple(readable(name.removesuffix("s"), text) for text in listed(texts))


@dataclass(frozen=True)
class State(Ruled):
    """What the reader sets.

    titles, contents : n str each, the keys and the values of n videos
    row : the video that is marked, whose title and content stand in the boxes
    sharpness : the matches are multiplied by it before the softmax
    """

    query: str = ruled(readable, lambda: QUERIES[words.language()])
    titles: tuple[str, ...] = ruled(_each_readable, lambda: tuple(VIDEOS[words.language()]))
    contents: tuple[str, ...] = ruled(_each_readable, lambda: tuple(VIDEOS[words.language()].values()))
    row: int = index(BEST)
    sharpness: float = real(10.0, 0.01, 1000.0)


@dataclass(frozen=True, eq=False)
class Result:
    """match, weights : shape (n,), of the query with each title; row : the marked video, one that exists."""

    row: int
    match: np.ndarray
    weights: np.ndarray


def compute(state: State) -> Result:
    """Match of the query with each title, and the weights. Raises ValueError where a title or a content is missing."""
    if not 0 < len(state.titles) == len(state.contents):
        n_titles, n_contents = len(state.titles), len(state.contents)
        raise ValueError(f"titles has {n_titles} entries and contents {n_contents}; both must have as many, 1 or more")
    counts, _ = ngram_vectors([state.query, *state.titles])
    lengths = np.linalg.norm(counts, axis=1, keepdims=True)
    vectors = counts / np.where(lengths == 0, 1, lengths)  # a text without letters stays zero and matches nothing
    match = np.minimum(vectors[1:] @ vectors[0], 1)  # (n, n_ngrams) @ (n_ngrams,) -> (n,), cosines
    return Result(within(state.row, len(state.titles)), match, softmax(state.sharpness * match))


def pictures(state: State, result: Result) -> dict:
    """Each video with its match and its weight, and the mixture of the contents."""
    head = [words.text(f"search.{column}") for column in ("key", "match", "weight", "value")]
    title = words.text("search.title")
    mixture = words.text("search.mixture", sum=number(result.weights.sum()))
    return {
        "hits": hits(state.titles, result.match, result.weights, state.contents, head, title, result.row, asks=True),
        "mixture": stack(result.weights, state.contents, mixture),
    }


def clickbait() -> dict:
    """The titles of the video that is found best and of another are swapped; the contents stay."""
    titles = [*VIDEOS[words.language()]]
    titles[BEST], titles[CAT] = titles[CAT], titles[BEST]
    return {"titles": tuple(titles), "row": CAT}


def presets():
    return {
        "all": {"sharpness": 0.01},
        "best": {"sharpness": 1000.0},
        "clickbait": clickbait(),
        "fooled": {"query": words.text("search.fooling"), "row": TRAP},
    }


def status(state: State, result: Result) -> str:
    """A remark where nothing matches."""
    return "" if result.match.any() else words.text("search.no_match")


def prediction() -> Prediction:
    """The titles of the curry video and of the cat video are swapped; whose content does curry find?"""
    state = State(**clickbait())
    result = compute(state)
    curry, cat = result.weights[[BEST, CAT]]  # of the contents, which stay where they were
    right = "half" if np.isclose(curry, cat, rtol=0.05) else "curry" if curry > cat else "cat"
    shown = pictures(state, result)
    shown["hits"]["chosen"] = None
    return Prediction(right, ("curry", "cat", "half"), shown)


class SearchExplorer(Explorer):
    """Type a query, sharpen the weights, change the title or the content of a video."""

    above = ("query",)

    def _make_controls(self):
        self.control(Text, "query", continuous_update=False)
        self.control(FloatLogSlider, "sharpness", min=-2, max=3, step=0.1, readout_format=".4")
        for name in ("title", "content"):
            self.control(Text, name, continuous_update=False)

    def _values(self):
        row = self.result.row
        return {**super()._values(), "title": self.state.titles[row], "content": self.state.contents[row]}

    def _changes(self, name, value):
        if name not in ("title", "content"):
            return super()._changes(name, value)
        texts = [*getattr(self.state, f"{name}s")]
        texts[self.result.row] = value
        return {f"{name}s": tuple(texts)}
