"""Tokens -> vectors."""

import itertools

import numpy as np
import pytest
from janome.tokenizer import Tokenizer

from qkvlib.explorers.context import SENSE_WORDS
from qkvlib.text.handmade import KNOWN, SPELLINGS
from qkvlib.text.vectors import embed, letters_vector, look_up, word_of

FORMS = """買う: 買わ 買い 買え 買お 買っ 買った 買います 買わない
歩く: 歩か 歩き 歩け 歩こ 歩い 歩いて 歩きました 歩けば
行く: 行か 行き 行け 行こ 行っ 行って 行った 行こう 行っている
泳ぐ: 泳が 泳ぎ 泳げ 泳ご 泳い 泳いで 泳いだ
下ろす: 下ろさ 下ろし 下ろせ 下ろそ 下ろした 下ろしません
待つ: 待た 待ち 待て 待と 待っ 待っていました
死ぬ: 死な 死に 死ね 死の 死ん 死んだ
選ぶ: 選ば 選び 選べ 選ぼ 選ん 選んで
読む: 読ま 読み 読め 読も 読ん 読んで 読んでいます 読みたかった
渡る: 渡ら 渡り 渡れ 渡ろ 渡っ 渡った 渡って 渡れば 渡ろう
食べる: 食べ 食べた 食べて 食べれば 食べよう 食べません 食べなかった 食べたい
見る: 見 見た 見て 見ました 見なければ
来る: 来 来た 来て 来ます 来なかった"""
FORMS = dict(row.split(": ") for row in FORMS.splitlines())  # the usual stems and some endings of a verb of each kind
WRITTEN = "ROBOT robot, “Robot” （Robot） 「robot」。 『Robot』 【Robot】 〔Robot〕 〈Robot〉 ・robot・ 《robot》…"
NO_FORMS = "は が を に で た て だ ます です の も か し い る はし いい よい ある 行 この ため だけ 座る人"


@pytest.mark.parametrize("verb", FORMS)
def test_a_verb_is_found_in_its_usual_forms_and_in_no_other_words(verb):
    others = {other: 1 for other in FORMS if other != verb}
    for form in FORMS[verb].split():
        assert (look_up(form, {verb: 1}), look_up(form, others)) == (1, None), form


def test_hand_made_verbs_are_found_as_janome_cuts_them_and_other_words_are_no_forms_of_them():
    """Janome's own dictionary form is the oracle, in sentences that the rule never saw."""
    text = "犬が走って家へ帰り、本を読んでから、橋を渡り、町で座らずに食べ、お金を下ろし、公園を歩いたら友だちが来た。"
    words = [(word.surface, word.base_form, word.part_of_speech) for word in Tokenizer().tokenize(text)]
    verbs = [(surface, base) for surface, base, kind in words if kind.startswith("動詞,自立")]
    assert len(verbs) == 9
    for known in (KNOWN, SENSE_WORDS):
        for word, base in [*verbs, *((word, word) for word in NO_FORMS.split())]:
            assert look_up(word, known) == known.get(base), word


def test_each_spelling_is_that_of_a_hand_made_word():
    known = KNOWN | SENSE_WORDS
    for spelling, word in SPELLINGS.items():
        assert spelling not in known
        assert look_up(spelling, known) == look_up(word, known) == known[word]


def test_a_word_is_found_in_any_case_and_beside_punctuation_and_what_is_part_of_it_stays():
    for token, known in itertools.product(WRITTEN.split(), ("Robot", "robot")):
        assert embed([token], {known: (1, 2)})[0].tolist() == [list(look_up(token, {known: (1, 2)}))] == [[1, 2]]
    words = ["well-known", "！？", "…", "👩‍🏫", "ー", "कि"]
    assert [word_of(token) for token in (*WRITTEN.split(), *words)] == ["robot"] * 11 + words


def test_a_hand_made_word_gets_its_own_vector_and_an_unknown_one_that_of_its_letters():
    X, unknown = embed([*KNOWN, "pizza", "go", "pizza", "!"], KNOWN)
    assert unknown == ["pizza", "!"]  # each named once
    found = [letters_vector(word, 4) for word in ("pizza", "!")]
    np.testing.assert_array_equal(X, [*KNOWN.values(), found[0], KNOWN["go"], *found])
    assert embed([], KNOWN)[0].shape == (0, 4)


def test_a_vector_from_letters_is_the_same_on_every_machine_and_has_length_about_one():
    assert letters_vector("pizza", 4).tolist() == [-0.7, 0.4, 0.0, 0.6]
    assert letters_vector("ピザ", 4).tolist() == [-0.3, -0.7, 0.2, 0.6]
    for word in ("x", "学", "👩‍🏫", "y" * 32):
        assert np.linalg.norm(letters_vector(word, 4)) == pytest.approx(1, abs=0.1)


def test_words_that_are_spelled_alike_get_vectors_that_are_alike():
    pairs = [("walking", "talking"), ("station", "stations"), ("teacher", "teachers"), ("図書館員", "図書館長")]
    one, other = (np.array([letters_vector(word, 16) for word in words]) for words in zip(*pairs, strict=True))
    alike, different = (np.sum(one * np.roll(other, by, axis=0), axis=1) for by in (0, -1))
    assert min(alike) > max(different)
