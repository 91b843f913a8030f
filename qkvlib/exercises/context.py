"""Lesson 08: a sentence that tips a word over to its second sense."""

from .. import words
from ..attention import attention
from ..explorers.context import SENSES, SENSE_W_k, SENSE_W_q, SENSE_W_v, cut, sense_vectors
from ..text.tokens import MAX_LETTERS, MAX_TOKENS
from ..text.vectors import word_of
from ..words import InputError
from .check import Report, accepted, not_yet, refused

WORD = {"en": "bank", "ja": "はし"}

ENOUGH = 0.2  # so far from the middle is a lean


def check_context(sentence) -> Report:
    """Check a sentence in which a word leans to its second sense, although a clue for the first is there.

    The word is "bank" (money or river), in Japanese はし (chopsticks or bridge); it must lean by more than 0.2.
    """
    if sentence is Ellipsis:
        return not_yet(words.text("exercise.context.not_yet"))
    if not isinstance(sentence, str):
        return refused("context_not_text", "context")
    word = WORD[words.language()]
    first, second = (words.text(f"sense.{sense}") for sense in SENSES[word])
    try:
        typed = [word_of(token) for token in cut(sentence)]
    except InputError as error:
        if error.reason == "empty":
            return refused("context_word", "context", word=word)
        return refused("context_too_long", "context", words=MAX_TOKENS, letters=MAX_LETTERS)
    if typed.count(word) != 1:
        return refused("context_word", "context", word=word)
    X = sense_vectors(typed)
    values = (X @ SENSE_W_v)[:, 0]
    if values.min() >= 0:
        return refused("context_first", "context", sense=first)
    if values.max() <= 0:
        return refused("context_none", "context", sense=second)
    position = attention(X @ SENSE_W_q, X @ SENSE_W_k, X @ SENSE_W_v).output[typed.index(word), 0]
    shown = f"{position.round(2) + 0.0:+.2f}".replace("-", "−")  # no -0.0
    if position < -0.05:
        return refused("context_leans", "context", sense=first, position=shown)
    if position <= ENOUGH:
        return refused("context_middle", "context", sense=second, position=shown, enough=f"+{ENOUGH}")
    named = {"word": word, "sense": second, "position": shown, "clue": typed[values.argmin()]}
    return accepted(words.text("exercise.context.right", **named), "context")
