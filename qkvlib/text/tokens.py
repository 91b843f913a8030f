"""A sentence typed by the reader -> its tokens."""

import functools
import re
import unicodedata

from ..arguments import is_a, named
from ..words import InputError
from .handmade import KNOWN
from .vectors import look_up

MAX_TOKENS = 64
MAX_LETTERS = 32  # of one token: a longer one could not be read as a label

JAPANESE = re.compile(r"[぀-ヿ㐀-鿿豈-﫿ｦ-ﾟ]")  # kana, kanji, half-width kana
SEPARATORS = {"·", "・"}  # as in "I · go · to · school", standing alone
JOINERS = {"\u200c", "\u200d"}  # hold emoji and some scripts together


def tokens(sentence: str, known=KNOWN) -> list[str]:
    """Tokens of a sentence, 1 to 64 of them: cut at its spaces, and Japanese into words where it is not cut yet.

    Japanese is cut by Janome, all of it, if there are no spaces or more than one phrase between two of them
    (今日は 学校へ行きます。); otherwise it is taken as typed (私は 学校 へ 行く), so that moving the spaces cuts it
    anew. Invisible characters are dropped and combining marks joined to their letter (NFC).

    known : dict; where all words are in it, nothing is cut further (and Janome is not loaded)
    Raises InputError for what the reader cannot use, TypeError for what is no str.
    """
    sentence = visible(is_a("sentence", sentence, str, "a str"))
    named("known", known, "a dict, word -> anything")
    found = [token for token in sentence.split() if token not in SEPARATORS and any(map(str.isprintable, token))]
    if not found:
        raise InputError("sentence", "empty")
    if len(sentence) > MAX_TOKENS * (MAX_LETTERS + 1):
        raise InputError("sentence", "too_long", length=len(sentence), limit=MAX_TOKENS * (MAX_LETTERS + 1))
    if any(JAPANESE.search(token) and look_up(token, known) is None for token in found):
        found = _cut(found)
    if len(found) > MAX_TOKENS:
        raise InputError("sentence", "too_many", count=len(found), limit=MAX_TOKENS)
    for token in found:
        if len(token) > MAX_LETTERS:
            raise InputError("sentence", "long_word", word=token[:8] + "…", limit=MAX_LETTERS)
    return found


def visible(text: str) -> str:
    """The text without control and other invisible characters, in Unicode normal form C."""
    text = "".join(c for c in text if c.isspace() or c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return unicodedata.normalize("NFC", text)


def _cut(pieces):
    """The pieces as typed, or their words, where one of them holds several phrases or is all that was typed."""
    words = [[*_janome().tokenize(piece)] if JAPANESE.search(piece) else None for piece in pieces]
    if len(pieces) > 1 and not any(of_piece and _count_phrases(of_piece) > 1 for of_piece in words):
        return pieces
    cut = ([word.surface for word in of_piece or ()] or [piece] for piece, of_piece in zip(pieces, words, strict=True))
    return [token for of_piece in cut for token in of_piece]


def _count_phrases(words):
    """How many words begin a phrase (文節): those that neither hang on the word before nor make one noun with it."""
    count, before = 0, ""
    for word in words:
        kind = word.part_of_speech
        hangs = kind.startswith(("助", "記号", "フィラー")) or "接尾" in kind or "非自立" in kind
        noun = kind.startswith("名詞") and before.startswith(("名詞", "接頭詞"))  # 東京 + タワー
        verb = word.base_form == "する" and before.startswith(("名詞", "副詞"))  # 勉強 + する
        count += not (hangs or noun or verb)
        before = kind
    return count


@functools.cache
def _janome():
    from janome.tokenizer import Tokenizer

    return Tokenizer(mmap=True)  # the default but on 32 bits, as in Pyodide, which would compile 390,000 entries
