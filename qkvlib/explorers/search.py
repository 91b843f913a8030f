"""Lesson 01: a query meets titles (keys), and brings home a mixture of contents (values)."""

from dataclasses import dataclass, field

import numpy as np
from ipywidgets import Box, FloatLogSlider, Layout, Text, VBox

from .. import words
from ..attention import softmax
from ..examples import BEST, CAT, QUERIES, TRAP, VIDEOS
from ..text import InputError, visible
from ..vectors import ngram_vectors
from ..views import hits, number, stack
from .base import Explorer, finite

MAX_LETTERS = 200  # of a query, a title or a content


@dataclass(frozen=True)
class State:
    """What the reader sets.

    titles, contents : n str each, the keys and the values of n videos
    row : the video that is marked, whose title and content stand in the boxes
    sharpness : above 0; the matches are multiplied by it before the softmax
    """

    query: str = field(default_factory=lambda: QUERIES[words.language()])
    titles: tuple[str, ...] = field(default_factory=lambda: tuple(VIDEOS[words.language()]))
    contents: tuple[str, ...] = field(default_factory=lambda: tuple(VIDEOS[words.language()].values()))
    row: int = BEST
    sharpness: float = 10.0


@dataclass(frozen=True, eq=False)
class Result:
    """match, weights : shape (n,), of the query with each title; row : the marked video, one that exists, or None."""

    titles: list[str]
    contents: list[str]
    row: int | None
    match: np.ndarray
    weights: np.ndarray


def compute(state: State) -> Result:
    """Match of the query with each title, and the weights. Raises InputError."""
    query = _typed("query", state.query)
    titles = [_typed("title", title) for title in state.titles]
    contents = [_typed("content", content) for content in state.contents]
    sharpness = finite("sharpness", state.sharpness, low=0)
    counts, _ = ngram_vectors([query, *titles])
    lengths = np.linalg.norm(counts, axis=1, keepdims=True)
    vectors = counts / np.where(lengths == 0, 1, lengths)  # a text without letters stays zero and matches nothing
    match = np.minimum(vectors[1:] @ vectors[0], 1)  # (n, n_ngrams) @ (n_ngrams,) -> (n,), cosines
    row = min(max(state.row, 0), len(titles) - 1)
    return Result(titles, contents, row, match, softmax(sharpness * match))


def pictures(state: State, result: Result) -> dict:
    """Each video with its match and its weight, and the mixture of the contents."""
    head = [words.text(f"search.{column}") for column in ("key", "match", "weight", "value")]
    title = words.text("search.title")
    mixture = words.text("search.mixture", sum=number(result.weights.sum()))
    return {
        "hits": hits(result.titles, result.match, result.weights, result.contents, head, title, result.row),
        "mixture": stack(result.weights, result.contents, mixture),
    }


def clickbait() -> dict:
    """The titles of the video that is found best and of another are swapped; the contents stay."""
    titles = [*VIDEOS[words.language()]]
    titles[BEST], titles[CAT] = titles[CAT], titles[BEST]
    return {"titles": tuple(titles), "row": CAT}


def _typed(control, text):
    text = visible(text).strip()
    if not any(map(str.isprintable, text.replace(" ", ""))):
        raise InputError(control, "empty_text")
    if len(text) > MAX_LETTERS:
        raise InputError(control, "long_text", length=len(text), limit=MAX_LETTERS)
    return text


class SearchExplorer(Explorer):
    """Type a query, sharpen the weights, change the title or the content of a video."""

    name = "search"
    State = State
    compute = staticmethod(compute)
    pictures = staticmethod(pictures)

    @staticmethod
    def presets():
        return {
            "all": {"sharpness": 0.01},
            "best": {"sharpness": 1000.0},
            "clickbait": clickbait(),
            "fooled": {"query": words.text("search.fooling"), "row": TRAP},
        }

    @staticmethod
    def status(state, result):
        return "" if result.match.any() else words.text("search.no_match")

    def _controls(self):
        controls = {name: Text(continuous_update=False) for name in ("query", "title", "content")}
        controls["sharpness"] = FloatLogSlider(min=-2, max=3, step=0.1)
        for name, control in controls.items():
            control.description = words.text(f"control.{name}")
            control.style.description_width, control.layout.width = "110px", "400px"
        return controls

    def _arrange(self):
        columns = (("query", "title"), ("sharpness", "content"))  # a message stands under its box
        return Box([VBox([self.controls[name] for name in names], layout=Layout(width="408px")) for names in columns])

    def _values(self):
        row = self.result.row
        return {**super()._values(), "title": self.state.titles[row], "content": self.state.contents[row]}

    def _changes(self, name, value):
        if name not in ("title", "content"):
            return super()._changes(name, value)
        texts = [*getattr(self.state, f"{name}s")]
        texts[self.result.row] = value
        return {f"{name}s": tuple(texts)}
