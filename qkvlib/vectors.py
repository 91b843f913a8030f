"""Tokens -> vectors: hand-made ones for known words, one from its letters for any other. Texts -> counts of n-grams."""

import hashlib
import re
import string
import unicodedata

import numpy as np

PUNCTUATION = string.punctuation + "。、！？「」…“”‘’"


def embed(tokens, known) -> tuple[np.ndarray, list[str]]:
    """One row for each token.

    tokens : list of n str
    known : dict, word -> d_model numbers
    Returns X, shape (n, d_model), and the tokens that are not known, each once: their vectors come from their letters.
    """
    d_model = len(next(iter(known.values())))
    names = [word_of(token) for token in tokens]
    X = np.array([known[name] if name in known else letters_vector(name, d_model) for name in names], dtype=float)
    return X, list(dict.fromkeys(token for token, name in zip(tokens, names, strict=True) if name not in known))


def word_of(token: str) -> str:
    """The token as it stands in a list of words: lower case, without punctuation around it."""
    return token.casefold().strip(PUNCTUATION) or token


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
    digit gets a row of zeros.
    """
    found = [ngrams(text) for text in texts]
    names = list(dict.fromkeys(ngram for of_text in found for ngram in of_text))
    counts = [[of_text.count(name) for name in names] for of_text in found]
    return np.array(counts, dtype=float).reshape(len(found), len(names)), names


def ngrams(text: str) -> list[str]:
    """The runs of two, then of three letters of each word; a word of one letter is its own."""
    found = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return [run for word in found for run in _runs(word, 2) + _runs(word, 3) or [word]]


def _runs(word, n):
    return [word[i : i + n] for i in range(len(word) - n + 1)]
