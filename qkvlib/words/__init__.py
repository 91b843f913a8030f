"""Every word that a widget or a picture shows, from words/en.toml and words/ja.toml."""

import contextlib
import functools
import tomllib
from importlib.resources import files

from ..arguments import one_of

LANGUAGES = ("en", "ja")
_current = "en"


def use_language(name: str) -> None:
    """Language of all explorers, pictures and checks made from now on: "en" or "ja". Raises ValueError for another."""
    global _current
    _current = one_of("name", name, LANGUAGES)


def language() -> str:
    """The language in use."""
    return _current


class InputError(ValueError):
    """What the reader entered cannot be used; its text says why, in the language in use when it was raised.

    control : name of the control, or of the field of a state, that it was entered in
    reason : key under `error` in the tables of words, filled with `details`
    """

    def __init__(self, control, reason, /, **details):
        super().__init__(text(f"error.{reason}", **details))
        self.control, self.reason, self.details = control, reason, details

    def _render_traceback_(self):
        """What IPython shows of it: the words alone, for nothing in the library went wrong."""
        return [str(self)]


@contextlib.contextmanager
def speaking(name: str):
    """The language in use is `name` for a while: an explorer keeps the one that it was made in."""
    before = _current
    use_language(name)
    try:
        yield
    finally:
        use_language(before)


def text(key: str, /, **values) -> str:
    """The words under a dotted key in the language in use, with {name} replaced by values[name].

    Raises KeyError when the table has no such key.
    """
    return table(_current)[key].format(**values)


@functools.cache
def table(name: str) -> dict[str, str]:
    """All words of a language: dotted key -> text."""
    nested = tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
    return dict(_flat(nested))


def _flat(nested, prefix=""):
    for key, value in nested.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
