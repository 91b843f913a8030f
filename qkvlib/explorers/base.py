"""What all explorers share: state -> result -> controls and pictures, with exactly one refresh."""

from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from math import isclose

import numpy as np
from ipywidgets import Box, Button, VBox

from .. import words
from ..examples import KNOWN
from ..figures import png, scene
from ..text import InputError, tokens
from ..vectors import embed, word_of
from ..views import Board, plain


class Explorer(VBox):
    """A panel of named controls and live pictures.

    A subclass gives `name` (of its words), `State` (frozen dataclass of what the reader sets), the pure functions
    `compute(state) -> result` and `pictures(state, result) -> dict`, and `_controls()`. `compute` raises InputError for
    what cannot be used: the reader is told beside the control, and the last good state and pictures stay.

    state, result : the last good ones
    controls : dict, name -> ipywidgets control; one that is named like a field of the state shows and sets that field
    buttons : dict, name -> Button, the presets and "reset"
    messages : dict, control -> what is wrong with its value, in words
    """

    def __init__(self, **changes):
        self.state, self.result, self.messages = None, None, {}
        self.language = words.language()
        self._refreshing = False
        self.controls = self._controls()
        for name, control in self.controls.items():
            control.add_class("qkv-control").add_class(f"qkv-control-{name}")
            control.observe(partial(self._on_control, name), "value")
        self.buttons = {name: Button(description=words.text(f"{self.name}.preset.{name}")) for name in self.presets()}
        self.buttons["reset"] = Button(description=words.text("explorer.reset"))
        for name, button in self.buttons.items():
            button.add_class("qkv-control").layout.width = "auto"
            button.on_click(lambda _, name=name: self.preset(name))
        self.board = Board()
        self.board.observe(lambda change: self._on_picture(change.new["picture"], change.new["changes"]), "asked")
        super().__init__([Box(list(self.buttons.values())), self._arrange(), self.board])
        self.add_class("qkv-panel")
        for row in self.children[:2]:
            row.add_class("qkv-controls")
        self._refresh(self.State(), ())
        if changes:
            self.set(**changes)

    def set(self, **changes):
        """Change the state in one refresh. What cannot be used is told in the panel and changes nothing.

        Raises TypeError for a name that is not a field of the state.
        """
        known = [field.name for field in fields(self.State)]
        if unknown := changes.keys() - set(known):
            raise TypeError(f"{', '.join(sorted(unknown))}: not part of the state, which has {', '.join(known)}")
        self._refresh(replace(self.state, **changes), changes.keys() | self.messages.keys() - set(known))

    def preset(self, name):
        """Set everything as a preset has it; "reset" is what the lesson starts from."""
        with words.speaking(self.language):
            state = self.State(**self.presets().get(name, {}))
        self._refresh(state, self.messages)

    @staticmethod
    def presets() -> dict[str, dict]:
        """Named states for the projector: name -> how the state differs from the first one."""
        return {}

    @staticmethod
    def status(state, result) -> str:
        """One line of remarks on the state."""
        return ""

    def _controls(self) -> dict:
        raise NotImplementedError

    def _arrange(self):
        """The controls as they stand in the panel."""
        return Box(list(self.controls.values()))

    def _values(self) -> dict:
        """What each control shows: the state, and the cut of a sentence that came without spaces."""
        sentence = getattr(self.result, "sentence", None)
        return asdict(self.state) | ({"sentence": " ".join(sentence.tokens)} if sentence and sentence.was_cut else {})

    def _options(self) -> dict:
        """What can be chosen in a control, where that depends on the state: name -> tuple of (label, value)."""
        return {}

    def _changes(self, name, value) -> dict:
        """The change of the state that a control asks for."""
        return {name: value}

    def _on_picture(self, name, changes):
        """What the reader asked for on a picture: for a cell of a matrix, its row and column."""
        self.set(**changes)

    def _on_control(self, name, change):
        if self._refreshing:
            return
        changes = self._changes(name, change.new)
        if changes or name in self.messages:
            self._refresh(replace(self.state, **changes), changes.keys() | {name})

    def _refresh(self, state, settled):
        """Compute, and show it; if that fails, say why and leave everything else as it is.

        settled : names of the controls whose messages do not stand any more
        """
        with words.speaking(self.language):
            messages = {name: text for name, text in self.messages.items() if name and name not in settled}
            try:
                result = self.compute(state)
                pictures, status = self.pictures(state, result), self.status(state, result)
            except InputError as error:
                reason = words.text(f"error.{error.reason}", **error.details)
                self._publish(messages={**messages, error.control: reason})
                return
            except Exception as error:  # a fault of ours: JupyterLab would hide it
                self._publish(messages={**messages, "": words.text("error.fault", error=repr(error))})
                raise
            self.state, self.result = state, result
            self._refreshing = True  # what is written to the controls now is not the reader's
            try:
                for name, options in self._options().items():
                    if self.controls[name].options != options:
                        self.controls[name].options = options
                for name, value in self._values().items():
                    if name in self.controls and name not in messages and not _same(self.controls[name].value, value):
                        self.controls[name].value = value
            finally:
                self._refreshing = False
            self._publish(pictures=pictures, messages=messages, status=status)

    def _publish(self, **parts):
        self.messages = parts["messages"]
        self.board.scene = self.board.scene | parts

    def _repr_mimebundle_(self, **kwargs):
        pictures = list(self.board.scene["pictures"].values())
        text = "\n\n".join(filter(None, [self.board.scene["status"], *map(plain, pictures)]))
        image = {"image/png": png(scene(pictures))} if pictures else {}
        return {**super()._repr_mimebundle_(**kwargs), **image, "text/plain": text}


def _same(shown, value):
    return isclose(shown, value, abs_tol=1e-9) if isinstance(value, float) else shown == value


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence that was read.

    tokens : n str
    X : array, shape (n, d_model)
    unknown : tokens whose vectors come from their letters
    was_cut : the sentence had no spaces and was cut into tokens
    """

    tokens: list[str]
    X: np.ndarray
    unknown: list[str]
    was_cut: bool

    def status(self) -> str:
        remarks = []
        if self.unknown:
            shown = words.text("status.comma").join(self.unknown[:6]) + ("…" if len(self.unknown) > 6 else "")
            remarks.append(words.text("status.unknown", tokens=shown))
        if self.was_cut:
            remarks.append(words.text("status.cut"))
        return " ".join(remarks)


def read(sentence) -> Sentence:
    """A sentence as typed -> its tokens and their vectors. Raises InputError."""
    found = tokens(sentence)
    return Sentence(found, *embed(found, KNOWN), was_cut=len(found) > len(sentence.split()))


def changed(control, vectors, tokens, own) -> np.ndarray:
    """Vectors with the reader's own in place of those of some words. Raises InputError.

    control : name of the control of each entry, by its index
    vectors : array, shape (n, d)
    own : dict, word -> d numbers
    """
    vectors = vectors.copy()
    for row, token in enumerate(tokens):
        if (word := word_of(token)) in own:
            vector = np.ravel(own[word])
            if len(vector) != vectors.shape[1]:
                raise InputError(control(0), "vector", size=vectors.shape[1])
            vectors[row] = [finite(control(i), value) for i, value in enumerate(vector)]
    return vectors


def finite(control, value, low=-np.inf) -> float:
    """The value, if it is a finite number above `low`; else InputError for its control."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = np.nan
    if not (np.isfinite(number) and number > low):
        raise InputError(control, "number" if low == -np.inf else "positive", value=value)
    return number
