"""Questions to a trained model, each with sentences on which it may come out either way; a second for all of them."""

import numpy as np

from ..arguments import fixed, is_a, listed, numbers, shown, strings
from .trained import Model

INSERTED = (  # subject, what is inserted, verb, the rest
    ("I", "slowly", "go", "to school"),
    ("She", "quickly", "reads", "a book"),
    ("He", "often", "sees", "the dog"),
    ("We", "rarely", "walk", "in the park"),
    ("They", "always", "eat", "at home"),
    ("Birds", "gladly", "sing", "in the morning"),
    ("Children", "loudly", "play", "outside"),
    ("Teachers", "usually", "drink", "coffee"),
    ("You", "never", "write", "letters"),
    ("Dogs", "suddenly", "bark", "at strangers"),
    ("Farmers", "carefully", "plant", "rice"),
    ("Students", "finally", "understand", "the lesson"),
)
FOUR = "subject, inserted word, verb, the rest, the first three of one token each"
BANK = fixed(
    {
        "river": (
            "We sat on the bank of the river",
            "The boat drifted to the muddy bank of the stream",
            "Fish hide under the bank where the water is deep",
            "They walked along the grassy bank of the canal",
            "The river burst its bank after the heavy rain",
            "Willows grow on the left bank of the river",
        ),
        "money": (
            "The bank lent him money for a house",
            "She opened an account at the bank in town",
            "The bank raised its interest rates again",
            "He works as a clerk in a bank",
            "Thieves robbed the bank and took the cash",
            "The bank refused to pay the cheque",
        ),
    }
)


def follows(model, sentences=INSERTED) -> dict:
    """What each head looks at from the subject, before and after a word is inserted between that and the verb.

    model : as `trained.load()` returns it, here and below
    sentences : tuples of four str, subject, inserted word, verb, the rest; the first three are one token each
    Returns arrays of shape (6, 12), in how many sentences the word with the most weight, [CLS] and [SEP] aside, is
    "verb": the verb, while it is the next word; "next_after": the inserted word; "verb_after": the verb that moved on.
    Raises ValueError or TypeError naming the argument, as all here do.
    """
    tops = {}
    for i, sentence in enumerate(listed("sentences", sentences, "a list of tuples of four str", 1)):
        if len(four := strings(f"sentences[{i}]", sentence)) != 4:
            raise ValueError(f"sentences[{i}] has {len(four)} entries; it must have four: {FOUR}")
        subject, inserted, verb, rest = four
        before, after = _read(model, f"{subject} {verb} {rest}"), _read(model, f"{subject} {inserted} {verb} {rest}")
        if after.tokens[1:4] != [word.lower() for word in four[:3]]:
            raise ValueError(f"sentences[{i}] is read as {' '.join(after.tokens[1:-1])}; it must be: {FOUR}")
        for name, run, at in (("verb", before, 2), ("next_after", after, 2), ("verb_after", after, 3)):
            top = 1 + run.weights[:, :, 1, 1:-1].argmax(axis=-1)  # (6, 12), of the subject's row
            tops.setdefault(name, []).append(top == at)
    return {name: np.sum(found, axis=0) for name, found in tops.items()}


def vectors_of(model, word, sentences) -> np.ndarray:
    """What a word becomes in each sentence, after the embedding and after each layer: shape (n, 7, 384)."""
    sentences = strings("sentences", listed("sentences", sentences, "a list of str", 1))
    runs = [_read(model, sentence) for sentence in sentences]
    places = [_place(run, word, f"sentences[{i}]") for i, run in enumerate(runs)]
    return np.array([run.vectors[:, at] for run, at in zip(runs, places, strict=True)])


def alike(one, other=None) -> np.ndarray:
    """Mean cosine similarity after each layer, shape (7,).

    one, other : arrays, shape (n, 7, 384); each of `one` with each of `other`, or with every other one of its own
    """
    least = 2 if other is None else 1
    one = numbers("one", one, (None, None, None))
    other = one if other is None else numbers("other", other, (None, *one.shape[1:]))
    for name, X in {"one": one, "other": other}.items():
        if len(X) < least:
            raise ValueError(f"{name} has shape {X.shape}; it must be (n, 7, 384) with n of at least {least}")
    units = [X / np.linalg.norm(X, axis=-1, keepdims=True) for X in (one, other)]
    cosines = np.einsum("ald,bld->lab", *units)
    apart = ~np.eye(len(one), dtype=bool) if least == 2 else np.ones(cosines.shape[1:], bool)
    return cosines[:, apart].mean(axis=1)


def clues(model, sentence, word) -> tuple[list[str], np.ndarray, np.ndarray]:
    """How much weight a word gives to each other one, and how far its last vector turns when that one is hidden.

    Returns k tokens, the weights, shape (6, 12, k), and 1 - cosine similarity, shape (k,).
    """
    run = _read(model, sentence)
    n, at = len(run.tokens), _place(run, word, "sentence")
    others = [i for i in range(1, n - 1) if i != at]
    turned = []
    for i in others:
        hidden = model(sentence, mask=np.arange(n) != i).vectors[-1, at]
        lengths = np.linalg.norm(hidden) * np.linalg.norm(run.vectors[-1, at])
        turned.append(1 - hidden @ run.vectors[-1, at] / lengths)
    return [run.tokens[i] for i in others], run.weights[:, :, at, others], np.array(turned)


def rank_correlation(x, y) -> float:
    """1 where x and y put things in the same order, -1 in the opposite order (Spearman 1904); no ties are expected."""
    x = numbers("x", x, (None,))
    y = numbers("y", y, x.shape)
    return float(np.corrcoef(*(np.argsort(np.argsort(values)) for values in (x, y)))[0, 1])


def _read(model, sentence):
    return is_a("model", model, Model, "what trained.load() returns")(sentence)


def _place(run, word, name):
    """Where a word stands first among the tokens."""
    if not isinstance(word, str) or word not in run.tokens:
        raise ValueError(
            f"word is {shown(word)}; it must be one of the tokens of {name}: {', '.join(run.tokens[1:-1])}"
        )
    return run.tokens.index(word)
