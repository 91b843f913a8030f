"""What a caller hands over, checked: each error names the argument, what it was and what it should be."""

import sys
from collections.abc import Iterable, Mapping
from numbers import Integral
from types import MappingProxyType

import numpy as np


def array(name, values) -> np.ndarray:
    """An array of anything. Raises ValueError for rows of different lengths."""
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; it must be an array") from None


def numbers(name, values, shape=None, finite=True, may_be_complex=False) -> np.ndarray:
    """An array of floats.

    shape : the lengths of its axes, where None stands for any; left out, any shape is right
    finite : nan and inf are refused
    Raises TypeError for what are no real numbers, otherwise ValueError.
    """
    values = array(name, values)
    if values.dtype.kind not in ("biufc" if may_be_complex else "biuf"):
        raise TypeError(f"{name} has dtype {values.dtype}; it must be an array of real numbers")
    _check_shape(name, values, shape)
    if finite and not np.isfinite(values).all():
        raise ValueError(f"{name} has {first(values, ~np.isfinite(values))}; each entry must be finite")
    return values if values.dtype.kind == "c" else values.astype(float, copy=False)


def whole_numbers(name, values, least=0, most=None, shape=None) -> np.ndarray:
    """An array of whole numbers from `least` to `most`, both included. Raises ValueError."""
    values = array(name, values)
    if not values.size:
        values = values.astype(int)  # of an empty list NumPy makes floats
    if values.dtype.kind not in "iu" or (values < least).any() or (most is not None and (values > most).any()):
        raise ValueError(f"{name} is {shown(values.tolist())}; each must be a whole number {_range(least, most)}")
    _check_shape(name, values, shape)
    return values


def whole(name, value, least=0, most=None) -> int:
    """One whole number from `least` to `most`, both included. Raises ValueError or TypeError."""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} is {shown(value)}; it must be a whole number {_range(least, most)}")
    if most is None and value > sys.maxsize:  # of which there can be no array
        most = sys.maxsize
    if value < least or (most is not None and value > most):
        raise ValueError(f"{name} is {shown(value)}; it must be a whole number {_range(least, most)}")
    return int(value)


def one_of(name, value, names) -> str:
    """One of some names. Raises ValueError."""
    if not isinstance(value, str) or value not in names:
        raise ValueError(f"{name} is {shown(value)}; it must be one of {', '.join(map(repr, names))}")
    return value


def is_a(name, value, kind, wanted):
    """A value of a type, or of one of several. Raises TypeError that says what is wanted."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {shown(value)}; it must be {wanted}")
    return value


def generator(name, value) -> np.random.Generator:
    """Where random numbers come from. Raises TypeError."""
    return is_a(name, value, np.random.Generator, "a random generator, such as np.random.default_rng(0)")


def strings(name, values) -> list[str]:
    """A list of str. Raises TypeError, for a single str too: its letters are not meant."""
    values = enumerate(listed(name, values, "a list of str"))
    return [is_a(f"{name}[{i}]", value, str, "a str") for i, value in values]


def listed(name, values, wanted, least=0) -> list:
    """What can be gone through, as a list; a single str is refused.

    least : so many must be in it
    Raises TypeError that says what is wanted, or ValueError.
    """
    one = isinstance(values, str) or (isinstance(values, np.ndarray) and not values.ndim)
    if one or not isinstance(values, Iterable):
        raise TypeError(f"{name} is {shown(values)}; it must be {wanted}")
    if len(values := list(values)) < least:
        raise ValueError(f"{name} has {len(values)} entries; it must have at least {least}, as {wanted}")
    return values


def named(name, table, wanted):
    """A mapping whose keys are str. Raises TypeError that says what is wanted."""
    for key in is_a(name, table, Mapping, wanted):
        is_a(f"a key of {name}", key, str, "a str")
    return table


def flag(name, value) -> bool:
    """True or False. Raises TypeError."""
    return bool(is_a(name, value, (bool, np.bool_), "True or False"))


def read_only(*arrays):
    """From now on no entry of the arrays, or of those in a dict, can be changed; returns the first."""
    for values in arrays:
        for one in values.values() if isinstance(values, Mapping) else [values]:
            one.flags.writeable = False
    return arrays[0]


def fixed(table):
    """A dict that can't be changed, with those in it; another one can be made of it: `{**table, "word": …}`."""
    return MappingProxyType({key: fixed(value) for key, value in table.items()}) if isinstance(table, dict) else table


def shown(value, limit=60) -> str:
    """A value as Python shows it, cut where that is long; its type where Python can't show it."""
    try:
        text = repr(value)
    except Exception:  # of its own __repr__
        return f"<{type(value).__name__}>"
    return cut(text, limit)


def cut(text, limit) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def first(values, bad) -> str:
    """The first bad entry of an array, and where it stands."""
    where = tuple(int(i) for i in np.argwhere(bad)[0])
    return f"{values[where]} at {list(where)}"


def _check_shape(name, values, shape):
    if shape is None:
        return
    if values.ndim != len(shape) or any(n not in (None, m) for n, m in zip(shape, values.shape, strict=True)):
        wanted = ", ".join("any" if n is None else str(n) for n in shape)
        raise ValueError(f"{name} has shape {values.shape}; it must be ({wanted})")


def _range(least, most):
    return f"of at least {least}" if most is None else f"from {least} to {most}"
