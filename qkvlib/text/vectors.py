"""Tokens -> vectors: hand-made ones for known words, one from its letters for any other. Texts -> counts of n-grams."""

import functools
import hashlib
import re
import string
import unicodedata

import numpy as np

from ..arguments import named, numbers, strings
from .handmade import SPELLINGS

MAX_SIZE = 64  # of a vector from letters


def embed(tokens, known) -> tuple[np.ndarray, list[str]]:
    """One row for each token.

    tokens : list of n str
    known : dict, word -> d_model numbers
    Returns X, shape (n, d_model), and the tokens that are not known, each once: their vectors come from their letters.
    Raises ValueError or TypeError naming the argument.
    """
    tokens = strings("tokens", tokens)
    if not named("known", known, "a dict, word -> numbers"):
        raise ValueError("known is empty; it must have at least one word")
    d_model = numbers("known", list(known.values()), (None, None)).shape[1]
    if not 0 < d_model <= MAX_SIZE:
        raise ValueError(f"known has vectors of {d_model} numbers; they must have 1 to {MAX_SIZE}")
    found = {token: look_up(token, known) for token in tokens}
    unknown = [token for token, vector in found.items() if vector is None]
    vectors = found | {token: letters_vector(word_of(token), d_model) for token in unknown}
    return np.array([vectors[token] for token in tokens], dtype=float).reshape(-1, d_model), unknown


def look_up(token, known):
    """The entry of a token in a dict of known words, or None.

    It is found in any case, with punctuation around it, in another spelling of `SPELLINGS`, and as a form of a Japanese
    verb: 渡って finds what is known of 渡る.

    known : dict, word -> anything
    """
    keys = _keys(tuple(known))
    word = word_of(token)
    forms = (word, *map(_spelling, (word, *_dictionary_forms(word))))
    return next((known[keys[form]] for form in forms if form in keys), None)


def word_of(token: str) -> str:
    """The token as it stands in a list of words: lower case, without punctuation around it."""
    inside = [i for i, c in enumerate(token) if c not in string.punctuation and unicodedata.category(c)[0] != "P"]
    return (token[inside[0] : inside[-1] + 1] if inside else token).casefold()


def letters_vector(word: str, size: int) -> np.ndarray:
    """A vector from the letters of a word, shape (size,), length about 1, entries with one decimal.

    It is the sum of one fixed pseudo-random vector for each pair of neighbouring letters, so words that are
    spelled alike get vectors that are alike; it knows nothing of meaning, and is the same on every machine.
    """
    framed = f"<{word}>"
    pairs = [framed[i : i + 2] for i in range(len(framed) - 1)]
    digests = [hashlib.blake2b(pair.encode(), digest_size=size).digest() for pair in pairs]
    total = sum(np.frombuffer(digest, dtype=np.uint8) / 127.5 - 1 for digest in digests)  # (size,)
    return np.round(total / np.linalg.norm(total), 1) + 0.0  # no -0.0


def ngram_vectors(texts) -> tuple[np.ndarray, list[str]]:
    """Count in each text the runs of two and three letters within its words.

    What is spelled alike gets vectors that are alike; nothing here knows what a word means. Capital letters, and forms
    that differ in width only, count as the same letter (NFKC). A word of one letter counts as itself.

    texts : list of n str, in any language
    Returns counts, shape (n, n_ngrams), and the n-grams in the order in which they come. A text without any letter or
    digit gets a row of zeros. Raises TypeError for anything but a list of str.
    """
    found = [ngrams(text) for text in strings("texts", texts)]
    names = list(dict.fromkeys(ngram for of_text in found for ngram in of_text))
    counts = [[of_text.count(name) for name in names] for of_text in found]
    return np.array(counts, dtype=float).reshape(len(found), len(names)), names


def ngrams(text: str) -> list[str]:
    """The runs of two, then of three letters of each word; a word of one letter is its own."""
    found = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return [run for word in found for run in _runs(word, 2) + _runs(word, 3) or [word]]


def _runs(word, n):
    return [word[i : i + n] for i in range(len(word) - n + 1)]


@functools.lru_cache(maxsize=16)
def _keys(words):
    """Each way to write a known word -> the word as it stands in the dict."""
    return {_spelling(word_of(word)): word for word in reversed(words)} | {word_of(word): word for word in words}


def _spelling(word):
    return SPELLINGS.get(word, word)


# Japanese verbs (五段): last kana in a dictionary -> what stands in its place before an ending; く also as in 行って
STEMS = {
    "う": "わいえおっ", "く": "かきけこいっ", "ぐ": "がぎげごい", "す": "さしせそ", "つ": "たちてとっ",
    "ぬ": "なにねのん", "ぶ": "ばびべぼん", "む": "まみめもん", "る": "らりれろっ",
}  # fmt: skip
ENDING = re.compile(
    "(?:ま(?:す|した|せん|せんでした|しょう)|た[いく]|たかった|な[いく]|なかった|なければ|れば|ば|よ?う"
    "|[てで](?:い(?:る|た|ます|ました))?|[ただ])$"
)


def _dictionary_forms(word):
    """What a dictionary may call a Japanese verb in this form: 渡った -> 渡った, 渡っつ, …, 渡る."""
    for stem in filter(None, (word, ENDING.sub("", word))):
        yield stem + "る"
        yield from (stem[:-1] + last for last, stems in STEMS.items() if stem[-1] in stems)
