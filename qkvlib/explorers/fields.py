"""What the fields of a state may hold: each is declared with its rule, which whatever sets it meets, page or code.

A rule is a function (name of the field, value) -> the value as the state keeps it. It raises InputError.
"""

import dataclasses
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from ..arguments import is_a
from ..text.vectors import word_of
from ..words import InputError

MAX_SHOWN = 40  # letters of a value that cannot be used


@dataclass(frozen=True)
class State:
    """All that the reader sets in an explorer. No state breaks the rules of its fields."""

    def __post_init__(self):
        for field in dataclasses.fields(self):
            if "rule" in field.metadata:
                value = field.metadata["rule"](field.name, getattr(self, field.name))
                object.__setattr__(self, field.name, value)


def ruled(rule, default, **limits):
    """A field of a state: `default` is a value, or a function that makes it in the language in use."""
    metadata = {"rule": rule, "limits": limits}
    if callable(default) or isinstance(default, dict):
        return dataclasses.field(default_factory=default if callable(default) else default.copy, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def real(default, low, high, **steps):
    """A finite number from low to high. `steps` are further limits of its slider: step, base."""
    return ruled(lambda name, value: number_in(name, value, low, high), default, min=low, max=high, **steps)


def whole(default, low, high, step=1):
    """A whole number from low to high, in steps."""

    def rule(name, value):
        found = number_in(name, value, low, high)
        if (found - low) % step:
            some = f"{low}, {low + step}, {low + 2 * step}, …"
            raise refused(name, "steps", value, some=some, high=high)
        return int(found)

    return ruled(rule, default, min=low, max=high, step=step)


def index(default=0):
    """Which of several things is chosen; what is beyond the last one counts as the last one (`within`)."""

    def rule(name, value):
        if not isinstance(value, Integral) or isinstance(value, bool) or value < 0:
            raise refused(name, "index", value)
        return int(value)

    return ruled(rule, default)


def within(i, n) -> int:
    """The index, or the last one of n."""
    return min(i, n - 1)


def flag(default):
    """True or False."""

    def rule(name, value):
        if not isinstance(value, bool | np.bool_):
            raise refused(name, "flag", value)
        return bool(value)

    return ruled(rule, default)


def choice(default, options):
    """One of several str."""

    def rule(name, value):
        if not isinstance(value, str) or value not in options:
            raise refused(name, "choice", value, options=", ".join(options))
        return value

    return ruled(rule, default)


def text(default):
    """A text; what it must be is for `compute` to say."""

    def rule(name, value):
        if not isinstance(value, str):
            raise refused(name, "text", value)
        return value

    return ruled(rule, default)


def given(kind, wanted, default):
    """What only code sets; of another type it raises TypeError."""
    return ruled(lambda name, value: is_a(name, value, kind, wanted), default)


def vectors(size, limit, control=None):
    """The reader's own vectors: dict, word -> `size` numbers from -limit to limit.

    control : function from the index of an entry to the name of its control; without it, it is the field's own
    """

    def rule(name, own):
        named = control or (lambda i: name)
        if not isinstance(own, Mapping) or not all(isinstance(word, str) for word in own):
            raise InputError(named(0), "vector", size=size)
        return {word_of(word): vector(named, listed(values)) for word, values in own.items()}

    def vector(named, values):
        if len(values) != size:
            raise InputError(named(0), "vector", size=size)
        return tuple(number_in(named(i), value, -limit, limit) for i, value in enumerate(values))

    return ruled(rule, {})


def listed(values) -> list:
    """Several values, or a single one, as a list."""
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]


def number_in(control, value, low, high) -> float:
    """The value as a number, if it is one from low to high; a text is read as the reader may have typed it."""
    if isinstance(value, str) and not value.strip():
        raise InputError(control, "no_number")
    found = read_number(value) if isinstance(value, str) else value
    try:
        found = float(found) if isinstance(found, Real) and not isinstance(found, bool) else np.nan
    except OverflowError:
        found = np.inf
    if not np.isfinite(found):
        raise refused(control, "number", value)
    if not low <= found <= high:
        low, high, shown = (f"{one}".replace("-", "−") for one in (f"{low:g}", f"{high:g}", value))
        raise refused(control, "range", shown, low=low, high=high)
    return found


def refused(control, reason, value, **details) -> InputError:
    """The error that tells of a value, cut where it is long."""
    shown = value if len(str(value)) <= MAX_SHOWN else f"{str(value)[:MAX_SHOWN]}…"
    return InputError(control, reason, value=shown, **details)


def read_number(text):
    """A number as it is typed anywhere: full-width digits, a decimal comma, a true minus. None if it is none.

    "1,234" could be meant in two ways, and is none.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("、", ",").replace("。", ".")
    whole, comma, decimals = plain.partition(",")
    if comma and (len(decimals) == 3 or "." in plain or "," in decimals):
        return None
    try:
        return float(f"{whole}.{decimals}" if comma else plain)
    except ValueError:
        return None
