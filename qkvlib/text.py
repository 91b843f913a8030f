"""A sentence typed by the reader -> its tokens."""

import functools
import re
import unicodedata

MAX_TOKENS = 64
MAX_LETTERS = 32  # of one token: a longer one could not be read as a label

JAPANESE = re.compile(r"[぀-ヿ㐀-鿿豈-﫿ｦ-ﾟ]")  # kana, kanji, half-width kana
SEPARATORS = {"·", "・"}  # as in "I · go · to · school", standing alone
JOINERS = {"\u200c", "\u200d"}  # hold emoji and some scripts together


class InputError(ValueError):
    """What the reader entered cannot be used; explorers say why in the reader's language.

    control : name of the control where it was entered
    reason : key under `error` in words/*.toml, filled with `details`
    """

    def __init__(self, control, reason, **details):
        super().__init__(f"{control}: {reason} {details or ''}".rstrip())
        self.control, self.reason, self.details = control, reason, details


def tokens(sentence: str) -> list[str]:
    """Tokens of a sentence, 1 to 64 of them: cut at its spaces, or by `cut_japanese` if it is Japanese without any.

    Invisible characters are dropped and combining marks joined to their letter (NFC). Raises InputError.
    """
    sentence = visible(sentence)
    found = [token for token in sentence.split() if token not in SEPARATORS and any(map(str.isprintable, token))]
    if not found:
        raise InputError("sentence", "empty")
    if len(sentence) > MAX_TOKENS * (MAX_LETTERS + 1):
        raise InputError("sentence", "too_long", length=len(sentence), limit=MAX_TOKENS * (MAX_LETTERS + 1))
    if len(found) == 1 and JAPANESE.search(sentence):
        found = cut_japanese(found[0])
    if len(found) > MAX_TOKENS:
        raise InputError("sentence", "too_many", count=len(found), limit=MAX_TOKENS)
    for token in found:
        if len(token) > MAX_LETTERS:
            raise InputError("sentence", "long_word", word=token[:8] + "…", limit=MAX_LETTERS)
    return found


def cut_japanese(sentence: str) -> list[str]:
    """Cut Japanese written without spaces into words with Janome (pure Python; loaded at the first use)."""
    return [token for token in _janome().tokenize(sentence, wakati=True) if not token.isspace()]


def visible(text: str) -> str:
    """The text without control and other invisible characters, in Unicode normal form C."""
    text = "".join(c for c in text if c.isspace() or c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return unicodedata.normalize("NFC", text)


@functools.cache
def _janome():
    from janome.tokenizer import Tokenizer

    return Tokenizer()
