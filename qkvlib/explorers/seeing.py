"""Who sees whom: sentences in which one verb must name two persons, each in his role, by attention with several heads.

Each word has a kind (who, verb, whom, other) and, but for the verb, one of eight names; the order of the words is
random. Only the verb asks. Its output, the heads side by side, goes through W_o, which says the names of the who and of
the whom.
"""

from dataclasses import dataclass

import numpy as np

from ..arguments import fixed, generator, is_a, numbers, whole
from ..attention import Attention, attention
from ..models.learning import attention_gradients, cross_entropy, descent, parameter

KINDS = ("who", "verb", "whom", "other")
N_NAMES = 8
N_OTHERS = 3  # names in a sentence that have no part in it
D_MODEL = len(KINDS) + N_NAMES
D_K = 8  # of all heads together; also d_v
N_STEPS, BATCH, RATE = 1000, 32, 0.02  # of the training


@dataclass(frozen=True, eq=False)
class Sentences:
    """A batch of sentences of n words.

    X : array, shape (batch, n, d_model), a one in the column of the kind and in that of the name, and noise
    places : whole numbers, shape (batch, 3), where the who, the verb and the whom stand
    answers : shape (batch, 2), the names of the who and of the whom
    """

    X: np.ndarray
    places: np.ndarray
    answers: np.ndarray


def sentences(rng, batch, noise=0.0) -> Sentences:
    """Draw a batch: a who, a verb, a whom and three others, in random order.

    noise : spread of the random numbers that are added to each entry of X
    """
    generator("rng", rng)
    batch, noise = whole("batch", batch, 1), numbers("noise", noise, ())
    kinds = rng.permuted(np.tile([0, 1, 2] + [3] * N_OTHERS, (batch, 1)), axis=1)
    names = rng.integers(N_NAMES, size=kinds.shape)
    named = np.eye(N_NAMES)[names] * (kinds != KINDS.index("verb"))[..., None]
    X = np.concatenate([np.eye(len(KINDS))[kinds], named], axis=-1)
    places = np.argsort(kinds, axis=1)[:, :3]
    answers = np.take_along_axis(names, places[:, [0, 2]], axis=1)
    return Sentences(X + noise * rng.normal(size=X.shape), places, answers)


SHAPES = fixed(dict.fromkeys(("W_q", "W_k", "W_v"), (D_MODEL, D_K)) | {"W_o": (D_K, 2 * N_NAMES)})


def first_parameters(rng) -> dict:
    """Small random numbers: as many of them, whatever the number of heads."""
    generator("rng", rng)
    return {name: 0.3 * rng.normal(size=shape) for name, shape in SHAPES.items()}


def _check_heads(n_heads):
    if D_K % whole("n_heads", n_heads, 1):
        raise ValueError(f"n_heads is {n_heads}; it must divide d_k = {D_K}")
    return n_heads


def _split(M, n_heads) -> np.ndarray:
    """The columns dealt out to the heads: shape (..., n, d) -> (..., n_heads, n, d / n_heads)."""
    *batch, n, d = M.shape
    return np.swapaxes(M.reshape(*batch, n, n_heads, d // n_heads), -2, -3)


def _side_by_side(M) -> np.ndarray:
    """Back again: shape (..., n_heads, n, d / n_heads) -> (..., n, d)."""
    M = np.swapaxes(M, -2, -3)
    return M.reshape(*M.shape[:-2], -1)


def seen(parameters, batch: Sentences, n_heads) -> tuple[Attention, np.ndarray]:
    """What attention makes of the verb's queries, shapes (batch, n_heads, 1, …), and the scores of all answers.

    Returns it with an array of shape (batch, 2, N_NAMES).
    """
    attended, _, _, logits = _forward(parameters, batch, n_heads)
    return attended, logits


def _forward(parameters, batch, n_heads):
    is_a("batch", batch, Sentences, "what sentences(rng, batch) returns")
    _check_heads(n_heads)
    own = {name: parameter(parameters, name, *shape) for name, shape in SHAPES.items()}
    verb = batch.X[np.arange(len(batch.X)), batch.places[:, 1]][:, None]  # (batch, 1, d_model)
    Q, K, V = verb @ own["W_q"], batch.X @ own["W_k"], batch.X @ own["W_v"]
    parts = tuple(_split(M, n_heads) for M in (Q, K, V))
    attended = attention(*parts)
    output = _side_by_side(attended.output)[:, 0]  # (batch, d_v)
    return attended, parts, output, (output @ own["W_o"]).reshape(-1, 2, N_NAMES)


def loss_and_gradients(parameters, batch: Sentences, n_heads) -> tuple[float, dict]:
    """Cross-entropy of both names, and its gradients."""
    attended, parts, output, logits = _forward(parameters, batch, n_heads)
    loss, d_logits = cross_entropy(logits, batch.answers)
    d_logits = d_logits.reshape(len(output), -1)
    d_output = _split((d_logits @ np.asarray(parameters["W_o"]).T)[:, None], n_heads)
    d_Q, d_K, d_V = map(_side_by_side, attention_gradients(*parts, attended.weights, d_output))
    verb = batch.X[np.arange(len(batch.X)), batch.places[:, 1]][:, None]
    pairs = {"W_q": (verb, d_Q), "W_k": (batch.X, d_K), "W_v": (batch.X, d_V)}
    gradients = {name: np.einsum("bnm,bnk->mk", *pair) for name, pair in pairs.items()}
    return loss, gradients | {"W_o": output.T @ d_logits}


def accuracy(parameters, batch: Sentences, n_heads) -> float:
    """Share of sentences of which both names are right."""
    _, logits = seen(parameters, batch, n_heads)
    return float((logits.argmax(axis=-1) == batch.answers).all(axis=1).mean())


def train(seed, n_heads, noise=0.0):
    """Learn from random numbers, 1000 steps of 32 sentences each; yields (step, parameters) from step 0 on."""
    rng = np.random.default_rng(whole("seed", seed))
    n_heads, noise, first = _check_heads(n_heads), numbers("noise", noise, ()), first_parameters(rng)

    def gradients(parameters):
        return loss_and_gradients(parameters, sentences(rng, BATCH, noise), n_heads)[1]

    return descent(first, gradients, RATE, N_STEPS)
