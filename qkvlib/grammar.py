"""Sentences of a small grammar, in which each kind of word looks for another kind: who -> action -> place -> who.

A word's vector says what kind it is and which word of its kind, nothing else. The order of the words is random. One
layer of attention learns to answer; its queries, keys and values may share matrices.

Where queries and keys share one, the scores are symmetric, and no symmetric scores serve all three kinds: who prefers
the action to the place, the action the place to who, the place who to the action, so that
s(who, action) > s(who, place) = s(place, who) > s(place, action) = s(action, place) > s(action, who) = s(who, action).
"""

from dataclasses import dataclass

import numpy as np

from .attention import attention
from .learning import Adam, attention_gradients, cross_entropy

KINDS = ("who", "action", "place", "filler")
ASKED = (1, 2, 0)  # a who asks for the action, an action for the place, a place for who
N_WORDS = 5  # of each kind
D_MODEL = len(KINDS) + N_WORDS
N_FILLERS = 3  # in a sentence, beside one word of each other kind
D_K = 4  # also d_v
N_STEPS, EVERY, BATCH, RATE = 300, 5, 32, 0.02  # of the training
ROLES = {  # what is tied -> the matrices that make queries, keys and values
    "none": ("W_q", "W_k", "W_v"),
    "qk": ("W_q", "W_q", "W_v"),
    "all": ("W_q", "W_q", "W_q"),
}


@dataclass(frozen=True, eq=False)
class Sentences:
    """A batch of sentences of n words.

    kinds, words : whole numbers, shape (batch, n): the kind of each word, and which of its kind it is
    X : array, shape (batch, n, d_model), a one in the column of the kind and in that of the word
    asking : shape (batch, n_asking), the places of the who, the action and the place, as far as they ask
    answers : shape (batch, n_asking), which word of the kind that each of them looks for stands in the sentence
    """

    kinds: np.ndarray
    words: np.ndarray
    X: np.ndarray
    asking: np.ndarray
    answers: np.ndarray


def sentences(rng, batch, n_asking=3) -> Sentences:
    """Draw a batch: one who, one action, one place and three fillers, in random order.

    n_asking : how many kinds ask: the who alone, the action too, or all three
    """
    kinds = rng.permuted(np.tile([0, 1, 2] + [3] * N_FILLERS, (batch, 1)), axis=1)
    words = rng.integers(N_WORDS, size=kinds.shape)
    asking = np.argsort(kinds, axis=1)[:, :3]
    answers = np.take_along_axis(words, asking[:, ASKED], axis=1)
    return Sentences(kinds, words, vectors(kinds, words), asking[:, :n_asking], answers[:, :n_asking])


def vectors(kinds, words) -> np.ndarray:
    """One row for each word, a one in the column of its kind and in that of the word: shape (..., d_model)."""
    return np.concatenate([np.eye(len(KINDS))[kinds], np.eye(N_WORDS)[words]], axis=-1)


def first_parameters(rng, tied="none") -> dict:
    """Small random numbers for the matrices that the roles use, and for W_o, which names the word that was found."""
    shapes = dict.fromkeys(ROLES[tied], (D_MODEL, D_K)) | {"W_o": (D_K, N_WORDS)}
    return {name: 0.3 * rng.normal(size=shape) for name, shape in shapes.items()}


def found(parameters, X, tied="none"):
    """Q, K, V, what attention makes of them, and for each word the scores of the possible answers, (batch, n, 5)."""
    Q, K, V = (X @ parameters[name] for name in ROLES[tied])  # (batch, n, d_model) @ (d_model, d_k)
    attended = attention(Q, K, V)
    return Q, K, V, attended, attended.output @ parameters["W_o"]


def loss_and_gradients(parameters, batch: Sentences, tied="none") -> tuple[float, dict]:
    """Cross-entropy of the answers at the words that ask, and its gradients; tied roles add theirs up."""
    Q, K, V, attended, logits = found(parameters, batch.X, tied)
    rows = np.arange(len(batch.X))[:, None]
    loss, d_asking = cross_entropy(logits[rows, batch.asking], batch.answers)
    d_logits = np.zeros_like(logits)
    d_logits[rows, batch.asking] = d_asking
    gradients = {"W_o": _summed(attended.output, d_logits)}
    d_roles = attention_gradients(Q, K, V, attended.weights, d_logits @ parameters["W_o"].T)
    for name, d_role in zip(ROLES[tied], d_roles, strict=True):
        gradients[name] = gradients.get(name, 0) + _summed(batch.X, d_role)
    return loss, gradients


def accuracy(parameters, batch: Sentences, tied="none") -> np.ndarray:
    """Share of right answers of the who, the action and the place, as far as they ask, shape (n_asking,)."""
    logits = found(parameters, batch.X, tied)[-1]
    chosen = np.take_along_axis(logits.argmax(axis=-1), batch.asking, axis=1)
    return (chosen == batch.answers).mean(axis=0)


def train(seed, tied="none", n_asking=3):
    """Learn from random numbers by gradient descent, 300 steps of 32 sentences each.

    Yields (step, parameters): at step 0, before anything is learned, and then after every 5th step.
    """
    rng = np.random.default_rng(seed)
    parameters, adam = first_parameters(rng, tied), Adam(RATE)
    yield 0, parameters
    for step in range(1, N_STEPS + 1):
        batch = sentences(rng, BATCH, n_asking)
        parameters = adam.step(parameters, loss_and_gradients(parameters, batch, tied)[1])
        if step % EVERY == 0:
            yield step, parameters


def _summed(inputs, gradients):
    return np.einsum("bnm,bnk->mk", inputs, gradients)
