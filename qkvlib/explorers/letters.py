"""Lesson 11: a name is written letter by letter, with all that the model looks at and expects."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import FloatSlider, Text

from .. import words
from ..attention import cooled, softmax
from ..models.writer import END, forward
from ..text.tokens import visible
from ..views.arcs import arcs
from ..views.arithmetic import MARKS, arithmetic, sum_of
from ..views.hits import hits
from ..views.look import MAX_ARCS, SMALL_ARCS, number
from ..views.matrix import matrix
from ..words import InputError
from .fields import State as Ruled
from .fields import flag, given, real, text, whole
from .variants import KINDS, kind
from .weights import large
from .work import Workbench
from .writer import Model, stored_history

N_SHOWN = 8  # of the letters that may come next, with the end
N_BEGUN = 3  # letters that are written at first: with none, all heads look at the same


def beginning(model) -> str:
    """The first letters of a name that the model has learned."""
    return model.names.training[1][:N_BEGUN]


@dataclass(frozen=True)
class State(Ruled):
    """What the reader sets.

    model : what writes
    written : the letters so far; ended : whether the name ends here
    temperature : the scores of the letters are divided by it
    seed : of the next letters that are drawn
    """

    model: Model = given(Model, "a Model", lambda: stored_history().model)
    written: str = text(lambda: beginning(stored_history().model))
    ended: bool = flag(False)
    temperature: float = real(0.5, 0.1, 2.0, step=0.1)
    seed: int = whole(0, 0, 999)


@dataclass(frozen=True, eq=False)
class Result:
    """numbers : of the letters so far; full : whether none can follow; weights : shape (n_heads, n, n), of the start
    and these letters; scores, cooled : shape (n_letters,), of what comes next, that of the end first."""

    numbers: list[int]
    full: bool
    weights: np.ndarray
    scores: np.ndarray
    cooled: np.ndarray


def compute(state: State) -> Result:
    """What the model makes of the letters so far. Raises InputError."""
    names, longest = state.model.names, len(state.model.parameters["positions"]) - 1
    written = visible(state.written).lower()
    if unknown := [letter for letter in written if letter not in names.letters]:
        raise InputError("written", "unknown_letter", letter=unknown[0])
    if len(written) > longest:
        raise InputError("written", "long_text", length=len(written), limit=longest)
    numbers = [1 + names.letters.index(letter) for letter in written]
    read = forward(state.model.parameters, [[*numbers, END]])
    scores, weights = read.logits[-1], read.attended.weights[0]
    return Result(numbers, len(numbers) == longest, weights, scores, cooled(scores, state.temperature))


def pictures(state: State, result: Result) -> dict:
    """Where each head of the last letter looks, what may come next, and the likeliest letter worked out."""
    names = state.model.names
    so_far = names.word(result.numbers)
    shown = [words.text("letters.first"), *so_far]
    letters = _likeliest(result)
    likely, cool = softmax(result.scores), softmax(result.cooled)
    head = [words.text("letters.next"), "T = 1", f"T = {state.temperature:g}", words.text("letters.then")]
    return {
        **_looks(result.weights[:, -1], shown),
        "next": hits(
            [_shown(names, i) for i in letters],
            likely[letters],
            cool[letters],
            [words.text(f"writer.kind.{_known(names, so_far, i)}") for i in letters],
            head,
            words.text("letters.title", written=so_far or words.text("letters.first")),
            letters.index(END) if has_ended(state, result) else None,
            asks=not result.full,
            among=[words.text(f"writer.kind.{kind}") for kind in KINDS if kind != "odd"],
        ),
        "arithmetic": _division(state, result, shown),
    }


def _looks(weights, shown):
    """Where each head of the last letter looks. weights : shape (n_heads, n)."""
    names = [words.text("letters.head", head=head) for head in range(1, 1 + len(weights))]
    if len(shown) > MAX_ARCS:
        axes = words.text("letters.from"), words.text("letters.to")
        title = words.text("letters.looks", head=words.text("letters.heads"), letter=shown[-1])
        return {"looks": matrix(weights, names, shown, title, "weights", axes=axes, small=True)}
    last, drawn = len(shown) - 1, {}
    for i, (name, row) in enumerate(zip(names, weights, strict=True)):
        title = words.text("letters.looks", head=name, letter=shown[-1])
        drawn[f"head{i}"] = arcs(row, shown, title, last, int(row.argmax()), size=SMALL_ARCS, asks=True)
    return drawn


def has_ended(state, result) -> bool:
    """Whether no letter follows."""
    return state.ended or result.full


def _likeliest(result):
    """The letters that are shown, the likeliest first; the end is always among them."""
    order = np.argsort(-result.scores, kind="stable").tolist()
    shown = order[:N_SHOWN]
    return shown if END in shown else [*shown[:-1], END]


def _known(names, so_far, letter):
    """What the name is that ends here, or whether any name goes on like this: a kind of `variants.KINDS`."""
    if letter == END:
        return kind(so_far, names)
    begun = so_far + names.letters[letter - 1]
    groups = {"learned": names.training, "real": names.held_out}
    return next((said for said, of in groups.items() if any(name.startswith(begun) for name in of)), "new")


def _division(state, result, shown):
    """The probability of the likeliest letter."""
    best, powers = int(result.cooled.argmax()), np.exp(result.cooled)
    terms = [f"e^{{{number(score)}}}" for score in np.sort(result.cooled)[::-1]]
    line = words.text(
        "letters.division",
        query=MARKS["query"],
        letter="{letter}",
        power=terms[0],
        powers=sum_of(terms),
        exp=large(powers[best]),
        total=large(powers.sum()),
        probability=number(powers[best] / powers.sum()),
    )
    return arithmetic(line, query=shown[-1], letter=_shown(state.model.names, best))


def _shown(names, letter) -> str:
    """A letter, or the end in words."""
    return names.letters[letter - 1] if letter else words.text("letters.end")


def status(state: State, result: Result) -> str:
    """Whether the name, or its beginning, is known."""
    names, so_far = state.model.names, state.model.names.word(result.numbers)
    if has_ended(state, result):
        return words.text(f"letters.is.{kind(so_far, names)}", written=so_far)
    if not so_far:
        return words.text("letters.alone", count=len(names.training))
    count = sum(name.startswith(so_far) for name in names.training)
    return words.text("letters.begins", count=count, all=len(names.training), written=so_far)


def presets():
    return {"cold": {"temperature": 0.1}, "hot": {"temperature": 2.0}}


class LettersExplorer(Workbench):
    """Choose a letter, or let the button draw one after the other."""

    above = ("written",)
    pause = 0.4

    def work(self):
        rng, longest = np.random.default_rng(self.state.seed), len(self.state.model.parameters["positions"]) - 1
        anew = {"written": "", "ended": False} if has_ended(self.state, self.result) else {}
        yield 0, anew | {"seed": (self.state.seed + 1) % 1000}
        while not has_ended(self.state, self.result):
            probabilities = softmax(self.result.cooled)
            letter = int(rng.choice(len(probabilities), p=probabilities))
            yield (1 + len(self.result.numbers)) / longest if letter != END else 1, self._with(letter)

    def _with(self, letter):
        """What a letter, or the end, changes."""
        written = self.state.model.names.word(self.result.numbers)
        return {"ended": True} if letter == END else {"written": written + self.state.model.names.letters[letter - 1]}

    def _make_controls(self):
        super()._make_controls()
        self.control(Text, "written", continuous_update=False)
        self.control(FloatSlider, "temperature")

    def _changes(self, name, value):
        return {name: value} | ({"ended": False} if name == "written" else {})

    def _picked(self, name, changes):
        """A letter that may come next, or one of those that were written: the name goes on from there."""
        if name != "next":
            return {"written": self.state.model.names.word(self.result.numbers[: changes["row"]]), "ended": False}
        return {"ended": False} | self._with(_likeliest(self.result)[changes["row"]])

    def _first(self):
        return self._changed(self.State(), {"model": self.state.model})

    @staticmethod
    def _changed(state, changes):
        """Another model begins with letters that it knows."""
        model = changes.get("model")
        own = {"written": beginning(model), "ended": False} if isinstance(model, Model) else {}
        return Workbench._changed(state, own | changes)
