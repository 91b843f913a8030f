"""Names: ours with their source, and the reader's own, split and written as numbers."""

from importlib.resources import files

import numpy as np
import pytest

from qkvlib import text
from qkvlib.text.names import MAX_LETTERS, Names, parse, read
from qkvlib.words import InputError

TYPED = [f"{first}{second}" for first in "abcdefghij" for second in "uvwxyz"]


@pytest.mark.parametrize(("language", "count", "known"), [("en", 5163, "jennie"), ("ja", 6675, "かずこ")])
def test_ours_are_whole_and_none_is_both_learned_and_held_out(language, count, known):
    names = read(language)
    every = {*names.training, *names.held_out}
    assert len(every) == len(names.training) + len(names.held_out) == count
    assert len(names.held_out) == count // 10
    assert known in every
    assert {*"".join(every)} == {*names.letters}
    assert all(letter.islower() or "ぁ" <= letter <= "ゖ" for letter in names.letters)
    assert all(1 < len(name) <= MAX_LETTERS for name in every)
    assert read(language) is names


def test_source_and_licence_stand_beside_the_names():
    for language, said in {"en": "In the public domain.", "ja": "NO WARRANTY"}.items():
        lines = (files(text) / f"names_{language}.txt").read_text(encoding="utf-8").splitlines()
        head = "\n".join(line for line in lines if line.startswith("#"))
        assert said in head
        assert "Source: " in head
        assert lines[head.count("\n") + 1 :] == sorted({*lines} - {*head.splitlines()})


@pytest.mark.parametrize("language", ["en", "ja"])
def test_names_become_numbers_and_back(language):
    names = read(language)
    some = [*names.held_out[:50], ""]
    rows = names.numbers(some)
    assert rows.shape == (51, 1 + max(map(len, names.training + names.held_out)))
    assert [names.word(row) for row in rows] == some
    assert [np.count_nonzero(row) for row in rows] == [*map(len, some)]
    assert (rows[:, -1] == 0).all()
    assert rows.max() <= len(names.letters)
    assert Names(("ba",), ("c",), "abc").numbers(["ab", "c"]).tolist() == [[1, 2, 0], [3, 0, 0]]
    for wrong in ("!", names.training[0] + "a" * MAX_LETTERS, names.letters[0] * MAX_LETTERS):
        with pytest.raises(ValueError, match="names has"):
            names.numbers([wrong])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("\n".join(TYPED), TYPED),
        ("\r\n".join([*TYPED, "", "  ", "AU", " au "]), TYPED),  # empty lines, capitals, twice the same
        ("\n".join(f"\u3000{word} \u200b" for word in TYPED), TYPED),
        ("\n".join([*TYPED, "Mary  Ann", "cafe\u0301", "か\u3099く", "Жанна", "नीला", "👩\u200d🏫"]),
         [*TYPED, "mary ann", "café", "がく", "жанна", "नीला", "👩\u200d🏫"]),
    ],
)  # fmt: skip
def test_what_the_reader_types_is_read_line_by_line(typed, expected):
    names = parse(typed)
    assert sorted(names.training + names.held_out) == sorted(expected)
    assert len(names.held_out) == len(expected) // 10
    rows = names.numbers(names.training)
    assert tuple(map(names.word, rows)) == names.training


REFUSED = {
    "few_names": ["", " \n\n", "\u200b", "\n".join(TYPED[:49]), "\n".join(["anna"] * 500)],
    "long_name": [" ".join(TYPED), "\n".join([*TYPED, "a" * (MAX_LETTERS + 1)])],
    "many_letters": ["\n".join(chr(0x4E00 + i) for i in range(301))],
    "too_long": ["a\n" * 300_000],
}


@pytest.mark.parametrize(("reason", "typed"), [(reason, typed) for reason in REFUSED for typed in REFUSED[reason]])
def test_what_cannot_be_used_is_answered(reason, typed, language):
    with pytest.raises(InputError) as told:
        parse(typed)
    assert (told.value.control, told.value.reason) == ("names", reason)
    assert str(told.value.details.get("limit", told.value.details.get("least"))) in str(told.value)


def test_what_is_no_text_is_a_fault_of_the_code():
    with pytest.raises(TypeError, match="typed is 1"):
        parse(1)
    with pytest.raises(ValueError, match="language is 'fr'"):
        read("fr")
