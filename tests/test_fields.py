"""What a field of a state may be, and how a typed number is read."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from qkvlib import words
from qkvlib.explorers.fields import State, choice, flag, given, index, read_number, real, text, vectors, whole, within
from qkvlib.words import InputError


@dataclass(frozen=True)
class Some(State):
    share: float = real(0.5, -1, 2.5)
    width: int = whole(7, 1, 31, step=2)
    row: int = index()
    scale: bool = flag(True)
    mask: str = choice("none", ("none", "causal"))
    sentence: str = text(lambda: words.language())
    own: dict = vectors(2, 3.0)
    each: dict = vectors(2, 3.0, "q{}".format)
    history: dict | None = given(dict | None, "a dict or None", None)


NUMBERS = {0.5: "0.5|.5", 2: " 2 |　２　", 10: "1e1|１ｅ１", 0.0015: "1.5e-3", 3: "+3|３", -2: "-2|−2|－２", 5: "5."}
NUMBERS |= {1.5: "１．５|1,5|１，５|1、5|1。5", -0.25: "-0,25", 1.2345: "1,2345"}
NUMBERS[None] = "1,234|1,234,567|1,234.5|1.234,5|1 000||abc|1..5|--1|0x10|½|一"


@pytest.mark.parametrize(
    ("typed", "found"), [(typed, found) for found in NUMBERS for typed in NUMBERS[found].split("|")]
)
def test_a_number_is_read_as_it_is_typed_anywhere(typed, found):
    assert read_number(typed) == found


def test_a_number_is_kept_as_a_float_and_a_whole_one_as_an_int_and_the_ends_belong_to_the_range():
    shares = [Some(share=value).share for value in ("1,5", 1.5, "１．５", np.float64(1.5), np.float32(1.5), -1, 2.5)]
    widths = [Some(width=value).width for value in ("３", 3, 3.0, "3.0", np.int64(3), np.float32(3), 1, 31)]
    assert (shares, {*map(type, shares)}) == ([1.5] * 5 + [-1, 2.5], {float})
    assert (widths, {*map(type, widths)}) == ([3] * 6 + [1, 31], {int})


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        *[("share", value, "This is empty: type a number.") for value in ("", " ", "　")],
        *[("share", value, f"“{value}” is not a number.") for value in ("abc", "1,234", "nan", "1e400", None, True)],
        *[("share", value, "−1.5 can't be used: it must be from −1 to 2.5.") for value in (-1.5, "-1.5", "−1.5")],
        ("share", 2.51, "2.51 can't be used: it must be from −1 to 2.5."),
        *[("width", value, f"{value} can't be used: it must be one of 1, 3, 5, …, 31.") for value in ("2.5", 4)],
        ("width", 0, "0 can't be used: it must be from 1 to 31."),
        ("width", "9" * 99, f"{'9' * 40}… can't be used: it must be from 1 to 31."),
        *[("row", row, f"{row!r} can't be used: it must be a whole number, 0 or more.") for row in (-1, "1", 1.0)],
        ("scale", 1, "1 can't be used: it must be True or False."),
        *[("mask", mask, f"{mask!r} can't be used: it must be one of none, causal.") for mask in ("x", ["none"])],
        ("sentence", 5, "5 is not a text."),
        *[("own", own, "2 numbers are needed here.") for own in ({"go": (1, 2, 3)}, {"go": 5}, {5: (1, 2)}, [1, 2])],
        ("own", {"go": (1, "x")}, "“x” is not a number."),
        ("each", {"go": (1, 3.5)}, "3.5 can't be used: it must be from −3 to 3."),
    ],
)
def test_what_cannot_be_used_is_said(field, value, told):
    before = Some()
    for make in (Some, lambda **changes: replace(before, **changes)):
        with pytest.raises(InputError) as raised:
            make(**{field: value})
        assert (str(raised.value), raised.value.control) == (told, "q1" if field == "each" else field)
    assert before == Some()


def test_what_only_code_sets_is_refused_by_its_name():
    with pytest.raises(TypeError, match="history is 5; it must be a dict or None"):
        Some(history=5)


def test_a_value_is_made_in_the_language_in_use_kept_by_word_and_an_index_beyond_the_last_counts_as_it(language):
    assert Some().sentence == language
    assert Some().own is not Some().own
    own = {"Go!": [1, "−0,5"], "the,": np.array([3.0, -3.0])}
    assert Some(own=own).own == {"go": (1.0, -0.5), "the": (3.0, -3.0)}
    assert [within(i, 3) for i in (0, 2, 3, 99)] == [0, 2, 2, 2]
    assert Some(row=np.int64(99)).row == 99
