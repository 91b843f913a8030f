"""What all explorers share: state -> result -> controls and pictures, with exactly one refresh."""

import sys
from dataclasses import dataclass, field, fields, replace
from functools import partial
from html import escape
from math import isclose

import numpy as np
from IPython import get_ipython
from ipywidgets import Box, Button, Text, VBox, Widget

from .. import words
from ..text.handmade import KNOWN, SENTENCES
from ..text.tokens import tokens
from ..text.vectors import embed, word_of
from ..views.board import Board
from ..views.look import module_of, plain, spoken
from ..words import InputError
from .fields import State, index, text

VIEW = "application/vnd.jupyter.widget-view+json"
PARTS = ("State", "compute", "pictures", "presets", "status")
ORDER = {"en": ("I", "go", "to", "school"), "ja": ("I", "school", "to", "go")}  # the words of SENTENCES


class Explorer(VBox):
    """A panel of named controls and live pictures.

    An explorer is a file. Beside its class stand `State` (what the reader sets, by `fields`) and the pure functions
    `compute(state) -> result` and `pictures(state, result) -> dict`; where there are any, `presets() -> dict` (named
    states for the projector: name -> how the state differs from the first one, or a function that gives that) and
    `status(state, result) -> str` (a line of remarks). Its words have the name of the file. The class gives the
    controls. What cannot be used raises InputError: the reader is told beside the control, and the last good state and
    pictures stay.

    state, result : the last good ones
    controls : dict, name -> ipywidgets control; one that is named like a field of the state shows and sets that field
    buttons : dict, name -> Button, the presets and "reset"
    messages : dict, control -> what is wrong with its value, in words
    """

    above = ("sentence",)  # controls as wide as the panel; all others stand in a column beside the pictures

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        module = vars(sys.modules[cls.__module__])
        own = {part: module[part] for part in PARTS if getattr(module.get(part), "__module__", "") == cls.__module__}
        if "State" in own:
            cls.name = cls.__module__.rpartition(".")[2]
        for part in own.keys() - vars(cls).keys():
            setattr(cls, part, staticmethod(own[part]))

    def __init__(self, **changes):
        state = self._changed(self.State(), changes)
        result = self.compute(state)  # what cannot be used raises before any widget is made
        self.language, self.messages, self.controls, self._refreshing = words.language(), {}, {}, False
        self._make_controls()
        for name, control in self.controls.items():
            control.observe(partial(self._on_control, name), "value")
        self.buttons = {name: _button(words.text(f"{self.name}.preset.{name}")) for name in self.presets()}
        self.buttons["reset"] = _button(words.text("explorer.reset"))
        for name, button in self.buttons.items():
            button.on_click(lambda _, name=name: self.preset(name))
        self.board = Board()
        self.board.observe(lambda change: self._on_asked(**change.new), "asked")
        above = [self.controls[name] for name in self.above if name in self.controls]
        beside = [control for control in self._arrange() if control not in above]
        rows = {"presets": self.buttons.values(), "above": above, "beside": beside}
        made = [Box(list(row)).add_class("qkv-controls").add_class(f"qkv-{name}") for name, row in rows.items() if row]
        super().__init__([*made, self.board])
        self.add_class("qkv-panel").add_class(f"qkv-panel-{self.name.replace('.', '-')}")
        self._show(state, result, {})
        _close_former(self)

    @classmethod
    def result_of(cls, **changes):
        """The result for a state that differs so from the first one, without a panel.

        Raises TypeError for a name that is no field of the state, and InputError for what cannot be used.
        """
        return cls.compute(cls._changed(cls.State(), changes))

    def set(self, **changes):
        """Change the state in one refresh.

        Raises TypeError for a name that is no field of the state, and InputError for what cannot be used; then nothing
        has changed.
        """
        with words.speaking(self.language):
            state = self._changed(self.state, changes)
            self._show(state, self.compute(state), self._unsettled(changes))

    def preset(self, name):
        """Set everything as a preset has it; "reset" is what the lesson starts from."""
        changes = self.presets().get(name, {})
        self._attempt(lambda: replace(self._first(), **(changes() if callable(changes) else changes)), self.messages)

    def close(self):
        """End the panel with all widgets that it is made of."""
        for widget in _widgets_in(self):
            Widget.close(widget)

    def control(self, widget, name, **traits):
        """Make a control of the panel.

        Its label stands in the tables of words, under <name of the explorer>.control or else under control; its limits
        are those of the field of the state that has its name.
        """
        limits = next((field.metadata["limits"] for field in fields(self.State) if field.name == name), {})
        if "description" not in traits:
            own = f"{self.name}.control.{name}"
            traits["description"] = words.text(own if own in words.table(self.language) else f"control.{name}")
        if not hasattr(widget, "description_allow_html"):  # ipywidgets 7 (Colab) takes every label for HTML
            traits["description"] = escape(traits["description"], quote=False)
        made = self.controls[name] = widget(**(limits | traits))
        return made.add_class("qkv-control").add_class(f"qkv-control-{name}")

    @staticmethod
    def presets():
        return {}

    @staticmethod
    def status(state, result):
        return ""

    def _make_controls(self):
        """Call `control` for each, in their order."""

    def _arrange(self):
        """The controls as they stand in the panel."""
        return self.controls.values()

    def _first(self):
        """What the lesson starts from."""
        return self.State()

    def _values(self):
        """What each control shows: the field of its name."""
        return {name: getattr(self.state, name) for name in self.controls if hasattr(self.state, name)}

    def _options(self):
        """What can be chosen in a control, where that depends on the state: name -> tuple of (label, value)."""
        return {}

    def _changes(self, name, value):
        """The change of the state that a control asks for."""
        return {name: value}

    def _picked(self, name, changes):
        """The change of the state that a picture asks for: for a cell of a matrix, its row and column."""
        return changes

    @staticmethod
    def _changed(state, changes):
        known = [field.name for field in fields(state)]
        if unknown := changes.keys() - {*known}:
            raise TypeError(f"{', '.join(sorted(unknown))}: not part of the state, which has {', '.join(known)}")
        return replace(state, **changes)

    def _on_control(self, name, change):
        same = _same(change.new, self._values().get(name))  # the page's rounding, not the reader
        if not self._refreshing and (not same or name in self.messages):
            self._attempt(lambda: replace(self.state, **({} if same else self._changes(name, change.new))), {name})

    def _on_asked(self, picture=None, changes=None, control=None, typed="", serial=0):
        """What the page asks for: a choice on a picture, or a number that was typed beside a slider."""
        shown = self.board.scene["pictures"].get(picture)
        if control in self.controls:
            self._attempt(lambda: replace(self.state, **self._changes(control, typed)), {control})
        elif shown and shown["asks"] and module_of(shown).fits(shown, **changes):
            picked = self._picked(picture, changes)
            self._attempt(lambda: replace(self.state, **picked), picked)

    def _attempt(self, make_state, settled):
        """Show the state that the reader wants; if that fails, say why, and leave everything else as it is.

        settled : names of the controls whose messages do not stand any more
        """
        with words.speaking(self.language):
            messages = self._unsettled(settled)
            try:
                state = make_state()
                self._show(state, self.compute(state), messages)
            except InputError as error:
                self._publish(messages={**messages, error.control: f"{error} {words.text('error.stays')}"})
            except Exception as error:  # a fault of ours: JupyterLab would hide it
                self._publish(messages={**messages, "": words.text("error.fault", error=repr(error))})
                raise

    def _unsettled(self, settled):
        """The messages that still stand: those of other controls."""
        return {name: said for name, said in self.messages.items() if name and name not in settled}

    def _show(self, state, result, messages):
        pictures, status = self.pictures(state, result), self.status(state, result)
        before = self._values() if messages else {}
        self.state, self.result = state, result
        values = self._values()  # a control that shows something else now has nothing wrong with it
        messages = {name: said for name, said in messages.items() if _same(before.get(name), values.get(name))}
        self._refreshing = True  # what is written to the controls now is not the reader's
        try:
            for name, options in self._options().items():
                if self.controls[name].options != options:
                    self.controls[name].options = options
            for name, value in values.items():
                if name not in messages and not _same(self.controls[name].value, value):
                    self.controls[name].value = value
        finally:
            self._refreshing = False
        self._publish(pictures=pictures, messages=messages, status=status, said=self._announced(pictures))

    def _announced(self, pictures):
        """What a screen reader says of them, once the reader has done for a moment."""
        return spoken(pictures)

    def _publish(self, **parts):
        self.messages = parts["messages"]
        self.board.scene = self.board.scene | parts

    _ipython_display_ = None  # that of ipywidgets 7 (Colab) shows no picture

    def _said(self):
        """What stands on the panel, in words."""
        return [self.board.scene["status"], *map(plain, self.board.scene["pictures"].values())]

    def _repr_mimebundle_(self, **kwargs):
        """The live view (like that of the board, with what Colab needs), its picture, and its words: data, metadata."""
        from ..views.still import png

        (view, metadata), said = self.board._repr_mimebundle_(), "\n\n".join(filter(None, self._said()))
        data = {VIEW: {**view[VIEW], "model_id": self.model_id}}
        metadata = {**metadata, "qkvlib": "panel"}  # by which the server knows it
        if self.board.scene["pictures"]:
            data["image/png"] = png([*self.board.scene["pictures"].values()], self.board.scene["status"])
            metadata["image/png"] = {"alt": said}
        return {**data, "text/plain": said}, metadata


def _same(shown, value):
    numbers = isinstance(shown, int | float) and isinstance(value, int | float)
    return isclose(shown, value, abs_tol=1e-9) if numbers else shown == value


_of_cells = {}  # cell of a notebook and its language -> its last run, and the explorers that this run has made


def _close_former(explorer):
    """An explorer takes the place of those that a former run of its cell has made: they would be there for good.

    Which cell runs is told by JupyterLab, VS Code and their kin; elsewhere nothing is closed. A lesson has the same
    cells in both languages, and both may run in one kernel.
    """
    request = getattr(get_ipython(), "get_parent", dict)() or {}
    cell, run = request.get("metadata", {}).get("cellId"), request.get("header", {}).get("msg_id")
    place = cell, explorer.language
    last, made = _of_cells.get(place, (run, []))
    for former in made if last != run else ():
        former.close()
    if cell:
        _of_cells[place] = run, [*(made if last == run else ()), explorer]


def _button(label):
    return Button(description=label).add_class("qkv-control")


def _widgets_in(widget):
    for part in (*getattr(widget, "children", ()), *(getattr(widget, name, None) for name in ("layout", "style"))):
        if isinstance(part, Widget):
            yield from _widgets_in(part)
    yield widget


# Explorers of a sentence


def place_of(word) -> int:
    """Where a word of the lessons' sentence, "I", "go", "to" or "school", stands in the language in use."""
    return ORDER[words.language()].index(word)


@dataclass(frozen=True)
class SentenceState(State):
    """sentence : as typed; row : the token that asks."""

    sentence: str = text(lambda: SENTENCES[words.language()])
    row: int = index()


@dataclass(frozen=True)
class CellState(SentenceState):
    """row, column : the chosen cell, of the token that asks and the token that answers."""

    column: int = index(lambda: place_of("go"))


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence that was read.

    tokens : n str
    X : array, shape (n, d_model)
    unknown : tokens whose vectors come from their letters
    was_cut : the sentence had no spaces between its words and was cut into tokens
    """

    tokens: list[str]
    X: np.ndarray
    unknown: list[str]
    was_cut: bool


def read(sentence) -> Sentence:
    """A sentence as typed -> its tokens and their vectors. Raises InputError."""
    found = tokens(sentence)
    return Sentence(found, *embed(found, KNOWN), was_cut=len(found) > len(sentence.split()))


def remarks(sentence, unknown="status.unknown", most=6) -> str:
    """What the reader should know of a sentence: the unknown tokens, by name, and whether it was cut."""
    named = words.text("status.comma").join(sentence.unknown[:most]) + ("…" if len(sentence.unknown) > most else "")
    said = [words.text(unknown, tokens=named)] if sentence.unknown else []
    return " ".join([*said, *([words.text("status.cut")] if sentence.was_cut else [])])


def changed(vectors, tokens, own) -> np.ndarray:
    """Vectors with the reader's own in place of those of some words.

    vectors : array, shape (n, d)
    own : dict, word -> d numbers
    """
    return np.array([own.get(word_of(token), vector) for token, vector in zip(tokens, vectors, strict=True)])


class SentenceExplorer(Explorer):
    """An explorer whose result has a `sentence`: it stands in a box above, and is shown as it was cut."""

    def _make_controls(self):
        self.control(Text, "sentence", continuous_update=False)

    @staticmethod
    def status(state, result):
        return remarks(result.sentence)

    def _values(self):
        sentence = self.result.sentence
        return super()._values() | ({"sentence": " ".join(sentence.tokens)} if sentence.was_cut else {})


# Predictions


@dataclass(frozen=True, eq=False)
class Prediction:
    """A question of a lesson, with its answer.

    right : name of the option that the numbers bear out
    options : names of all options, in the order in which they are offered
    pictures : dict, what the choice reveals
    figures : dict, name in the reasons -> the text of its number
    """

    right: str
    options: tuple[str, ...]
    pictures: dict
    figures: dict = field(default_factory=dict)
