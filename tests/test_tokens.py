"""A sentence as typed -> its tokens."""

import re

import pytest
from janome.system_dic import MMapSystemDictionary, SystemDictionary
from janome.tokenizer import Tokenizer

from qkvlib.text.handmade import SENTENCES
from qkvlib.text.tokens import _janome, tokens
from qkvlib.words import InputError

CUT = """
私 は 学校 へ 行く ／ その 銀行 で お金 を 下ろす ／ 川 の 土手 に 座る ／ はし を わたる ／ はし で ごはん を 食べる
犬 が 別 の 犬 を 見る ／ 彼女 は 図書館 で 本 を 読む ／ 先生 が 学生 と 駅 から 帰る ／ おいしい カレー の 作り方
今日 は 学校 へ 行き ます 。
"""
CUT = re.split("[／\n]", CUT.strip())  # as a teacher would
PHRASES = """
私は 学校 へ 行く ／ 私は 学校へ 行きました。 ／ 昨日、 田中さんは 東京タワー を 見ている
「はし」 で うどん を 食べたい ／ 勉強する 学生 と iPhone ／ （はし） を わたる ／ お茶 が 3杯 ／ I like カレー
"""
WRITTEN = {
    SENTENCES["en"]: ["I", "go", "to", "school"],
    SENTENCES["ja"]: ["私は", "学校", "へ", "行く"],
    "全角　空白": ["全角", "空白"],
    "I · go · to · school": ["I", "go", "to", "school"],
    "私は ・ 行く": ["私は", "行く"],
    "the cat saw  the cat ": ["the", "cat", "saw", "the", "cat"],
    "a<b<c <b>x</b>": ["a<b<c", "<b>x</b>"],
    "cafe\u0301 x": ["café", "x"],
    "か\u3099 x": ["が", "x"],
    "ze\u200bro wi\u2060dth": ["zero", "width"],
    "\u202eשלום\u202c עולם": ["שלום", "עולם"],
    "👩\u200d🏫 teaches": ["👩\u200d🏫", "teaches"],
    "tab\there\nand there": ["tab", "here", "and", "there"],
    # a piece with more than one phrase: all Japanese is cut
    "今日は 学校へ行きます。": ["今日", "は", "学校", "へ", "行き", "ます", "。"],
    "川に かかるはしを 渡る": ["川", "に", "かかる", "はし", "を", "渡る"],
    "その銀行 で お金 を 下ろす": ["その", "銀行", "で", "お金", "を", "下ろす"],
    "I don't see 学校へ行く犬": ["I", "don't", "see", "学校", "へ", "行く", "犬"],
    " ".join(["word"] * 64): ["word"] * 64,
    "y" * 32: ["y" * 32],
}
REFUSED = {"empty": ["", " \t　", "\u200b\u200d \ufeff", "·"], "too_many": [" ".join(["word"] * 65)]}
REFUSED |= {"too_long": ["あ" * 10_000, "x " * 5_000], "long_word": ["y" * 33]}
WRITTEN |= {typed: typed.split() for typed in (*CUT, *re.split("[／\n]", PHRASES.strip()))}  # typed so, it stays so
WRITTEN |= {cut.replace(" ", ""): cut.split() for cut in CUT}


@pytest.mark.parametrize(("sentence", "expected"), WRITTEN.items())
def test_spaces_cut_invisible_characters_vanish_and_japanese_is_cut_where_it_is_not_yet(sentence, expected):
    assert tokens(sentence) == expected


@pytest.mark.parametrize("cut", CUT)
def test_one_space_does_not_keep_the_rest_from_being_cut(cut):
    """Wherever it stands between two words; of what is left, one side at least holds two phrases."""
    first, *words = cut.split()
    for at in range(len(words)):
        typed = f"{first}{''.join(words[:at])} {''.join(words[at:])}"
        assert tokens(typed) in ([first, *words], typed.split() if len(words) < 4 else None)


@pytest.mark.parametrize("word", ["私は", "（学校）", "渡った", "食べます"])
def test_a_single_known_word_is_not_cut(word):
    known = {"私は": 1, "学校": 2, "渡る": 3, "食べる": 4}
    assert tokens(word, known) == [word]
    assert len(tokens(word, {})) > 1


def test_the_dictionary_is_mapped_and_not_compiled_also_where_that_is_no_default(monkeypatch):
    """On 32 bits, as in Pyodide."""
    defaults = Tokenizer.__init__.__kwdefaults__
    monkeypatch.setitem(defaults, "mmap", False)
    monkeypatch.setattr(SystemDictionary, "instance", lambda: pytest.fail("compiled"))
    assert isinstance(_janome.__wrapped__().sys_dic, MMapSystemDictionary)


@pytest.mark.parametrize(("reason", "sentence"), [(reason, each) for reason in REFUSED for each in REFUSED[reason]])
def test_what_cannot_be_used_is_refused_with_a_reason(reason, sentence):
    with pytest.raises(InputError) as raised:
        tokens(sentence)
    assert (raised.value.control, raised.value.reason) == ("sentence", reason)
