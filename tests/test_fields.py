"""What a field of a state may be, and how a typed number is read."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from qkvlib import words
from qkvlib.explorers.fields import State, choice, flag, given, index, read_number, real, text, vectors, whole, within
from qkvlib.words import InputError

pytestmark = pytest.mark.filterwarnings("error")


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


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        *[("0.5", 0.5), (" 2 ", 2), ("1e1", 10), ("1.5e-3", 0.0015), ("+3", 3), ("-2", -2), ("5.", 5), (".5", 0.5)],
        *[("１．５", 1.5), ("３", 3), ("　２　", 2), ("−2", -2), ("－２", -2), ("１ｅ１", 10)],
        *[("1,5", 1.5), ("１，５", 1.5), ("1、5", 1.5), ("1。5", 1.5), ("-0,25", -0.25), ("1,2345", 1.2345)],
        *[("1,234", None), ("1,234,567", None), ("1,234.5", None), ("1.234,5", None), ("1 000", None)],
        *[("", None), ("abc", None), ("1..5", None), ("--1", None), ("0x10", None), ("½", None), ("一", None)],
    ],
)
def test_a_number_is_read_as_it_is_typed_anywhere(typed, found):
    assert read_number(typed) == found


@pytest.mark.parametrize("value", ["1,5", 1.5, "１．５", np.float64(1.5), np.float32(1.5)])
def test_a_number_is_kept_as_a_float(value):
    assert (Some(share=value).share, type(Some(share=value).share)) == (1.5, float)


@pytest.mark.parametrize("value", ["３", 3, 3.0, "3.0", np.int64(3), np.float32(3)])
def test_a_whole_number_is_kept_as_an_int(value):
    assert (Some(width=value).width, type(Some(width=value).width)) == (3, int)


def test_the_ends_belong_to_the_range():
    assert [Some(share=end).share for end in (-1, 2.5)] == [-1, 2.5]
    assert [Some(width=end).width for end in (1, 31)] == [1, 31]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("share", "abc", "“abc” is not a number."),
        ("share", "1,234", "“1,234” is not a number."),
        ("share", "nan", "“nan” is not a number."),
        ("share", "1e400", "“1e400” is not a number."),
        ("share", None, "“None” is not a number."),
        ("share", True, "“True” is not a number."),
        ("share", 2.51, "2.51 can't be used: it must be from −1 to 2.5."),
        ("width", "2.5", "2.5 can't be used: it must be one of 1, 3, 5, …, 31."),
        ("width", 4, "4 can't be used: it must be one of 1, 3, 5, …, 31."),
        ("width", 0, "0 can't be used: it must be from 1 to 31."),
        ("width", "9" * 99, f"{'9' * 40}… can't be used: it must be from 1 to 31."),
        ("row", -1, "-1 can't be used: it must be a whole number, 0 or more."),
        ("row", "1", "'1' can't be used: it must be a whole number, 0 or more."),
        ("row", 1.0, "1.0 can't be used: it must be a whole number, 0 or more."),
        ("scale", 1, "1 can't be used: it must be True or False."),
        ("mask", "padding", "'padding' can't be used: it must be one of none, causal."),
        ("mask", ["none"], "['none'] can't be used: it must be one of none, causal."),
        ("sentence", 5, "5 is not a text."),
        ("own", {"go": (1, 2, 3)}, "2 numbers are needed here."),
        ("own", {"go": 5}, "2 numbers are needed here."),
        ("own", {5: (1, 2)}, "2 numbers are needed here."),
        ("own", [1, 2], "2 numbers are needed here."),
        ("own", {"go": (1, "x")}, "“x” is not a number."),
        ("each", {"go": (1, 3.5)}, "3.5 can't be used: it must be from −3 to 3."),
    ],
)
def test_what_cannot_be_used_is_said(field, value, told):
    before = Some()
    for make in (Some, lambda **changes: replace(before, **changes)):
        with pytest.raises(InputError) as raised:
            make(**{field: value})
        assert str(raised.value) == told
        assert raised.value.control == ("q1" if field == "each" else field)
    assert before == Some()


def test_what_only_code_sets_is_refused_by_its_name():
    with pytest.raises(TypeError, match="history is 5; it must be a dict or None"):
        Some(history=5)


def test_the_reader_s_own_vectors_are_kept_by_word():
    state = Some(own={"Go!": [1, "−0,5"], "the,": np.array([3.0, -3.0])})
    assert state.own == {"go": (1.0, -0.5), "the": (3.0, -3.0)}
    assert Some().own is not Some().own


def test_a_default_is_made_in_the_language_in_use(language):
    assert Some().sentence == language


def test_an_index_beyond_the_last_counts_as_the_last():
    assert [within(i, 3) for i in (0, 2, 3, 99)] == [0, 2, 2, 2]
    assert Some(row=np.int64(99)).row == 99
