"""A question that the reader answers before seeing the result; the choice reveals it, not running the cell."""

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from ipywidgets import RadioButtons

from .. import words
from ..arguments import one_of
from .base import Explorer
from .fields import State as Ruled
from .fields import refused, ruled


def _chosen(name, value):
    if not isinstance(value, str | None):
        raise refused(name, "text", value)
    return value


@dataclass(frozen=True)
class State(Ruled):
    """choice : name of the chosen option, None before the choice."""

    choice: str | None = ruled(_chosen, None)


def predictions() -> dict:
    """The predictions of the explorers, by the names of their files."""
    names = [module.name for module in iter_modules(import_module(__package__).__path__)]
    modules = {name: import_module(f"{__package__}.{name}") for name in names}
    return {name: module.prediction for name, module in modules.items() if hasattr(module, "prediction")}


class Predict(Explorer):
    """Choose an answer; only then the numbers are shown, and a wrong guess is met with the reason.

    lesson : name of the explorer whose file holds the `prediction()`
    """

    above = ("choice",)

    def __init__(self, lesson):
        made = predictions()[one_of("lesson", lesson, predictions())]
        self.name, self.prediction = f"predict.{lesson}", made()
        super().__init__()

    def compute(self, state):
        if state.choice not in (None, *self.prediction.options):
            raise refused("choice", "choice", state.choice, options=", ".join(self.prediction.options))
        return self.prediction

    @staticmethod
    def pictures(state, result):
        shown = result.pictures if state.choice else {}
        return {name: {**picture, "asks": False} for name, picture in shown.items()}  # there is nothing to be chosen

    def status(self, state, result):
        if not state.choice:
            return ""
        verdict = words.text("predict.right" if state.choice == result.right else "predict.wrong")
        return f"{verdict} {words.text(f'{self.name}.reason.{state.choice}', **self.prediction.figures)}"

    def _announced(self, pictures):
        return ""  # the verdict is

    def _make_controls(self):
        options = [(words.text(f"{self.name}.{option}"), option) for option in self.prediction.options]
        self.control(RadioButtons, "choice", options=options, value=None)

    def _said(self):
        return ["\n".join(f"○ {label}" for label, _ in self.controls["choice"].options), *super()._said()]
