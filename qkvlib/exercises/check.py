"""What all checks share: run the reader's function, say whether it is right and, if not, what kind of mistake it is."""

import contextlib
import dis
import inspect
import linecache
import re
import traceback
import types
import warnings
from dataclasses import dataclass
from numbers import Real

import numpy as np
from IPython import get_ipython

from .. import words
from ..arguments import cut, shown

MAX_SHOWN = 400  # letters of what came of a function, or of an error


@dataclass(frozen=True)
class Report:
    """What a check found; shows as its text."""

    right: bool
    text: str

    def __repr__(self):
        return self.text


def check_function(exercise, function, oracle, cases, mistakes) -> Report:
    """Compare a function of the reader with the oracle.

    exercise : its name, under `exercise.where` and `exercise.gaps`
    cases : dict, name under `exercise.case` -> dict of arguments
    mistakes : list of (name under `exercise.hint`, function that makes this mistake); the first that fits is told
    """
    if function is Ellipsis:
        return not_yet(words.text("exercise.not_yet"))
    if not callable(function):
        return refused("not_function", exercise, type=type(function).__name__)
    cases = {name: {key: np.array(value) for key, value in inputs.items()} for name, inputs in cases.items()}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcomes = [run(function, inputs) for inputs in cases.values()]
        if all(outcome.came is Ellipsis for outcome in outcomes):
            return not_yet(words.text("exercise.not_yet"))
        for (name, inputs), outcome in zip(cases.items(), outcomes, strict=True):
            expected = oracle(**inputs)
            if wrong := _wrong(outcome, expected):
                typical = _typical(outcomes, cases, mistakes, oracle)
                hint, details = _told(*wrong, function, [*inputs], typical)
                lines = [
                    f"✗ {words.text('exercise.wrong')} "
                    + words.text("exercise.input", name=words.text(f"exercise.case.{name}")),
                    *(f"{key} =\n{_shown(value)}" for key, value in inputs.items()),
                    f"{words.text('exercise.expected')}\n{_shown(expected)}",
                    *lines_of(outcome),
                    advice(hint, exercise, **details),
                ]
                return Report(False, "\n".join(lines))
    return accepted(words.text("exercise.right", count=len(cases)), exercise)


def not_yet(text) -> Report:
    """The reader has not begun."""
    return Report(False, f"… {text}")


def accepted(text, exercise) -> Report:
    """Right; the next mistake in this exercise begins with its first hint."""
    _given.pop(exercise, None)
    return Report(True, f"✓ {text}")


def refused(hint, exercise, **details) -> Report:
    """Not right, with hints alone; the name of the first under `exercise.hint`."""
    return Report(False, "✗ " + advice(hint, exercise, **details))


_given = {}  # exercise -> the hint it gave last, and how often in a row


def advice(hint, exercise, **details) -> str:
    """What is wrong; for the same mistake again also where to look; then nearly the answer."""
    last, times = _given.get(exercise, (None, 0))
    times = times + 1 if hint == last else 1
    _given[exercise] = hint, times
    stages = [
        words.text("exercise.advice", hint=words.text(f"exercise.hint.{hint}", **details)),
        words.text("exercise.look", where=words.text(f"exercise.where.{exercise}")),
        words.text("exercise.fill", gaps=words.text(f"exercise.gaps.{exercise}")),
    ]
    more = [words.text("exercise.more")] if times < len(stages) else []
    return "\n".join([*stages[:times], *more])


def as_numbers(came) -> np.ndarray | None:
    """What a reader gave as a float array, or None if it is no array of real numbers, whatever else it may be."""
    try:
        numbers = np.asarray(came)
        real = numbers.dtype.kind in "biuf" or all(isinstance(entry, Real) for entry in numbers.flat)
        return numbers.astype(float) if real else None
    except Exception:
        return None


@dataclass(frozen=True)
class _Outcome:
    """What a function gave, or what it raised, and whether it changed its arguments."""

    came: object = None
    error: BaseException | None = None
    changed: bool = False


def run(function, inputs) -> _Outcome:
    """What a function gives for copies of its inputs, a dict of what can be copied; `exit()` and errors end only it."""
    given = {name: value.copy() for name, value in inputs.items()}
    with _exit_that_raises():
        try:
            came = function(*given.values())
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return _Outcome(error=error)
    return _Outcome(came, changed=any(not np.array_equal(given[name], inputs[name]) for name in inputs))


@contextlib.contextmanager
def _exit_that_raises():
    """In a notebook `exit()` asks the kernel to end; meanwhile it raises SystemExit, as it does everywhere else."""
    shell = get_ipython()
    if shell is None:
        yield
        return

    def ask_exit():
        raise SystemExit

    shell.ask_exit = ask_exit
    try:
        yield
    finally:
        del shell.ask_exit


def _wrong(outcome, expected):
    """A hint from this outcome alone, with what fills it, or None if it is right."""
    came, error = outcome.came, outcome.error
    if error is not None:
        return _of_error(error)
    if came is None:
        return "none", {}
    numbers = as_numbers(came)
    if isinstance(came, tuple) and (numbers is None or numbers.shape != expected.shape):
        return "tuple", {"count": len(came)}
    if not expected.ndim and (numbers is None or numbers.ndim):
        return "single", {}
    if numbers is None:
        return "not_array", {}
    if numbers.shape != expected.shape:
        return "shape", {"came": numbers.shape, "expected": expected.shape}
    if not _close(numbers, expected):
        return "nan" if np.isnan(numbers).any() else "values" if expected.ndim else "single_value", {}
    if isinstance(came, (list, tuple)):
        return "list", {}
    if not isinstance(came, np.ndarray) and expected.ndim:
        return "other_array", {"type": type(came).__name__}
    return ("in_place", {}) if outcome.changed else None


PYTORCH = re.compile(
    r"\btorch\b|\bF\.\w+|\bnn\.\w+|\.masked_fill_?|\.unsqueeze|\.size\(.*?\)|\.transpose\(-.*?\)|\b(keep)?dim=(?!=)"
)


def _of_error(error):
    _, line = _line(error)
    if pytorch := PYTORCH.search(line):
        return "torch", {"name": pytorch[0]}
    if isinstance(error, SystemExit):
        return "exit", {}
    if isinstance(error, RecursionError):
        return "recursion", {}
    if isinstance(error, NameError) and (quoted := re.search(r"'(\w+)'", str(error))):
        return ("numpy_name" if hasattr(np, quoted[1]) else "outside"), {"name": quoted[1]}
    if isinstance(error, ValueError) and re.search("dimension|broadcast|aligned", str(error)):
        return "exception", {}
    return "stopped", {}


def _line(error):
    """Number and text of the line of the reader's code where it stopped; (None, "") if that is not the reader's."""
    frames = list(traceback.walk_tb(error.__traceback__))[1:]  # the first is `run`
    space = frames[0][0].f_globals if frames else {"__package__": "none"}
    if space.get("__package__"):
        return None, ""
    frame, number = [(frame, number) for frame, number in frames if frame.f_globals is space][-1]
    return number, linecache.getline(frame.f_code.co_filename, number, space).strip()


def _told(hint, details, function, names, typical):
    """The hint that says most: on how the function is called, on a typical mistake, on names from outside."""
    theirs = _parameters(function, names)
    if theirs is None or (theirs != names and sorted(theirs) == sorted(names)):
        return "arguments" if len(names) > 1 else "argument", {"given": ", ".join(names)}
    if hint in ("values", "nan", "shape", "single", "single_value", "exception", "stopped"):
        if typical:
            return typical, {}
        if name := _outside(function):
            hint, details = "outside", {"name": name}
    if hint == "outside" and details["name"] == "d_k" and "K" in names:
        return "outside_d_k", {"given": ", ".join(theirs), "keys": theirs[names.index("K")]}
    if hint == "outside":
        details = {**details, "given": ", ".join(theirs)}
    return hint, details


def _parameters(function, names):
    """What the function calls its arguments; None if it can't be called with so many."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions written in C
        return names
    try:
        theirs = [*signature.bind(*names).arguments]
    except TypeError:
        return None
    return theirs if len(theirs) == len(names) else names


def _outside(function):
    """The first number or array that a function takes from outside, or None."""
    code, space = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    for name in _global_names(code) if code else ():
        if name in space and not callable(space[name]) and not isinstance(space[name], types.ModuleType):
            return name
    return None


def _global_names(code):
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_GLOBAL":
            yield instruction.argval
        elif isinstance(instruction.argval, types.CodeType):
            yield from _global_names(instruction.argval)


def _typical(outcomes, cases, mistakes, oracle):
    """The typical mistake that gives just what the function gave, on every input, or None."""
    rounded = [("rounded", lambda *inputs, n=n: np.round(oracle(*inputs), n)) for n in (1, 2, 3)]
    for hint, mistake in [*mistakes, *rounded]:
        theirs = [run(mistake, inputs) for inputs in cases.values()]
        if all(map(_same, outcomes, theirs)) and not all(outcome.error for outcome in theirs):
            return hint
    return None


def _same(outcome, other):
    if other.error is not None:
        return outcome.error is not None
    if isinstance(outcome.error, (OverflowError, ZeroDivisionError)):  # of math.exp, where NumPy gives inf and nan
        return not np.isfinite(other.came).all()
    came = as_numbers(outcome.came)
    return outcome.error is None and came is not None and came.shape == other.came.shape and _close(came, other.came)


def _close(came, expected):
    return np.allclose(came, expected, rtol=1e-4, atol=1e-6, equal_nan=True)


def lines_of(outcome) -> list[str]:
    """What came of a function, or the error with the reader's line."""
    if outcome.error is None:
        return [f"{words.text('exercise.came')}\n{_shown(outcome.came)}"]
    number, line = _line(outcome.error)
    return [
        words.text("exercise.raised", error=_named(outcome.error)),
        *([words.text("exercise.line", number=number, line=cut(line, MAX_SHOWN))] if line else []),
    ]


def _named(error):
    kind = type(error).__name__
    try:
        return cut(f"{kind}: {error}".removesuffix(": "), MAX_SHOWN)
    except Exception:  # of its own __str__
        return kind


def _shown(value):
    """Numbers rounded, those of a list with commas between; all else as Python shows it."""
    if isinstance(value, bool | np.bool_ | tuple) or as_numbers(value) is None:
        return shown(value, MAX_SHOWN)
    separator = ", " if isinstance(value, list) else " "
    return np.array2string(np.asarray(value), precision=3, suppress_small=True, separator=separator)
