"""A sentence as typed -> tokens -> vectors."""

import subprocess
import sys

import numpy as np
import pytest

from qkvlib.examples import KNOWN, SENTENCES
from qkvlib.text import InputError, tokens
from qkvlib.vectors import embed, letters_vector


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (SENTENCES["en"], ["I", "go", "to", "school"]),
        (SENTENCES["ja"], ["私は", "学校", "へ", "行く"]),
        ("  two   words ", ["two", "words"]),
        ("全角　空白", ["全角", "空白"]),
        ("I · go · to · school", ["I", "go", "to", "school"]),
        ("私は ・ 行く", ["私は", "行く"]),
        ("the cat saw the dog", ["the", "cat", "saw", "the", "dog"]),
        ("a<b<c <b>x</b>", ["a<b<c", "<b>x</b>"]),
        ("cafe\u0301 x", ["café", "x"]),
        ("か\u3099 x", ["が", "x"]),
        ("ze\u200bro wi\u2060dth", ["zero", "width"]),
        ("\u202eשלום\u202c עולם", ["שלום", "עולם"]),
        ("👩\u200d🏫 teaches", ["👩\u200d🏫", "teaches"]),
        ("tab\there\nand there", ["tab", "here", "and", "there"]),
    ],
)
def test_spaces_cut_and_invisible_characters_vanish(sentence, expected):
    assert tokens(sentence) == expected


@pytest.mark.parametrize(
    "cut",
    [
        "私 は 学校 へ 行く",
        "その 銀行 で お金 を 下ろす",
        "川 の 土手 に 座る",
        "はし を わたる",
        "はし で ごはん を 食べる",
        "犬 が 別 の 犬 を 見る",
        "彼女 は 図書館 で 本 を 読む",
        "先生 が 学生 と 駅 から 帰る",
        "おいしい カレー の 作り方",
        "私 の 友だち は 町 に 来る",
    ],
)
def test_japanese_without_spaces_is_cut_into_words(cut):
    assert tokens(cut.replace(" ", "")) == cut.split()


def test_janome_is_loaded_only_when_needed():
    code = (
        "import sys, qkvlib; qkvlib.tokens('私は 行く'); assert 'janome' not in sys.modules; qkvlib.tokens('私は行く')"
    )
    subprocess.run([sys.executable, "-c", code + "; assert 'janome' in sys.modules"], check=True)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("", "empty"),
        (" \t　", "empty"),
        ("\u200b\u200d \ufeff", "empty"),
        ("·", "empty"),
        (" ".join(["word"] * 65), "too_many"),
        ("あ" * 10_000, "too_long"),
        ("x " * 5_000, "too_long"),
        ("y" * 33, "long_word"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(sentence, reason):
    with pytest.raises(InputError) as raised:
        tokens(sentence)
    assert (raised.value.control, raised.value.reason) == ("sentence", reason)


def test_sixty_four_tokens_and_thirty_two_letters_are_allowed():
    assert len(tokens(" ".join(["word"] * 64))) == 64
    assert tokens("y" * 32) == ["y" * 32]


def test_known_words_are_found_in_any_case_and_beside_punctuation():
    X, unknown = embed(["I", "GO", "“school”.", "学校。"], KNOWN)
    assert unknown == []
    assert X.tolist() == [list(KNOWN[word]) for word in ("i", "go", "school", "学校")]


def test_unknown_words_get_a_vector_from_their_letters_each_named_once():
    X, unknown = embed(["pizza", "go", "pizza", "!"], KNOWN)
    assert unknown == ["pizza", "!"]
    assert np.array_equal(X[0], X[2])
    assert np.array_equal(X[0], letters_vector("pizza", 4))


def test_a_vector_from_letters_is_the_same_on_every_machine():
    assert letters_vector("pizza", 4).tolist() == [-0.7, 0.4, 0.0, 0.6]
    assert letters_vector("ピザ", 4).tolist() == [-0.3, -0.7, 0.2, 0.6]


def test_words_that_are_spelled_alike_get_vectors_that_are_alike():
    pairs = [("walking", "talking"), ("station", "stations"), ("teacher", "teachers"), ("図書館員", "図書館長")]
    alike = [letters_vector(a, 16) @ letters_vector(b, 16) for a, b in pairs]
    others = [b for _, b in pairs[1:] + pairs[:1]]
    different = [letters_vector(a, 16) @ letters_vector(b, 16) for (a, _), b in zip(pairs, others, strict=True)]
    assert min(alike) > max(different)


@pytest.mark.parametrize("word", ["x", "学", "👩‍🏫", "y" * 32])
def test_a_vector_from_letters_has_length_about_one(word):
    assert np.linalg.norm(letters_vector(word, 4)) == pytest.approx(1, abs=0.1)
