"""Sentences of a small grammar, in which each kind of word looks for another kind: who -> action -> place -> who.

A word's vector says what kind it is and which word of its kind, nothing else. The order of the words is random. One
layer of attention learns to answer; its queries, keys and values may share matrices.

Where queries and keys share one, the scores are symmetric, and no symmetric scores serve all three kinds: who prefers
the action to the place, the action the place to who, the place who to the action, so that
s(who, action) > s(who, place) = s(place, who) > s(place, action) = s(action, place) > s(action, who) = s(who, action).
"""

from dataclasses import dataclass

import numpy as np

from ..arguments import fixed, generator, is_a, numbers, one_of, whole, whole_numbers
from ..attention import attention
from ..models.learning import attention_gradients, cross_entropy, descent, parameter

KINDS = ("who", "action", "place", "filler")
ASKED = (1, 2, 0)  # a who asks for the action, an action for the place, a place for who
N_WORDS = 5  # of each kind
D_MODEL = len(KINDS) + N_WORDS
N_FILLERS = 3  # in a sentence, beside one word of each other kind
D_K = 4  # also d_v
N_STEPS, EVERY, BATCH, RATE = 300, 5, 32, 0.02  # of the training
ROLES = fixed(
    {  # what is tied -> the matrices that make queries, keys and values
        "none": ("W_q", "W_k", "W_v"),
        "qk": ("W_q", "W_q", "W_v"),
        "all": ("W_q", "W_q", "W_q"),
    }
)

# fmt: off
VOCABULARY = fixed({  # N_WORDS words of each kind, no word twice; the four of the series' sentence at the same places
    "en": {
        "who": ("I", "you", "we", "they", "cats"), "action": ("eat", "go", "read", "run", "sing"),
        "place": ("home", "library", "park", "school", "station"), "filler": ("now", "oh", "then", "to", "well"),
    },
    "ja": {
        "who": ("私は", "兄は", "姉は", "犬は", "猫は"), "action": ("食べる", "行く", "読む", "走る", "歌う"),
        "place": ("家", "図書館", "公園", "学校", "駅"), "filler": ("いま", "ああ", "また", "へ", "さあ"),
    },
})
# fmt: on
TRAINED = fixed({"en": "well I go to school now", "ja": "さあ 私は いま 学校 へ 行く"})


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
    generator("rng", rng)
    batch, n_asking = whole("batch", batch, 1), whole("n_asking", n_asking, 1, len(ASKED))
    kinds = rng.permuted(np.tile([0, 1, 2] + [3] * N_FILLERS, (batch, 1)), axis=1)
    words = rng.integers(N_WORDS, size=kinds.shape)
    asking = np.argsort(kinds, axis=1)[:, :3]
    answers = np.take_along_axis(words, asking[:, ASKED], axis=1)
    return Sentences(kinds, words, vectors(kinds, words), asking[:, :n_asking], answers[:, :n_asking])


def vectors(kinds, words) -> np.ndarray:
    """One row for each word, a one in the column of its kind and in that of the word: shape (..., d_model).

    kinds : whole numbers, which of KINDS each word is; words : which word of its kind, of the same shape
    """
    kinds = whole_numbers("kinds", kinds, 0, len(KINDS) - 1)
    words = whole_numbers("words", words, 0, N_WORDS - 1)
    if words.shape != kinds.shape:
        raise ValueError(f"words has shape {words.shape} but kinds {kinds.shape}; each word needs one of each")
    return np.concatenate([np.eye(len(KINDS))[kinds], np.eye(N_WORDS)[words]], axis=-1)


def first_parameters(rng, tied="none") -> dict:
    """Small random numbers for the matrices that the roles use, and for W_o, which names the word that was found."""
    generator("rng", rng)
    return {name: 0.3 * rng.normal(size=shape) for name, shape in _shapes(tied).items()}


def found(parameters, X, tied="none"):
    """Q, K, V, what attention makes of them, and for each word the scores of the possible answers, (..., n, 5)."""
    own = {name: parameter(parameters, name, *shape) for name, shape in _shapes(tied).items()}
    X = numbers("X", X)
    if X.ndim < 2 or X.shape[-1] != D_MODEL:
        raise ValueError(f"X has shape {X.shape}; it must be (..., n, d_model = {D_MODEL})")
    Q, K, V = (X @ own[name] for name in ROLES[tied])  # (..., n, d_model) @ (d_model, d_k)
    attended = attention(Q, K, V)
    return Q, K, V, attended, attended.output @ own["W_o"]


def loss_and_gradients(parameters, batch: Sentences, tied="none") -> tuple[float, dict]:
    """Cross-entropy of the answers at the words that ask, and its gradients; tied roles add theirs up."""
    is_a("batch", batch, Sentences, "what sentences(rng, batch) returns")
    Q, K, V, attended, logits = found(parameters, batch.X, tied)
    rows = np.arange(len(batch.X))[:, None]
    loss, d_asking = cross_entropy(logits[rows, batch.asking], batch.answers)
    d_logits = np.zeros_like(logits)
    d_logits[rows, batch.asking] = d_asking
    gradients = {"W_o": _summed(attended.output, d_logits)}
    d_roles = attention_gradients(Q, K, V, attended.weights, d_logits @ np.asarray(parameters["W_o"]).T)
    for name, d_role in zip(ROLES[tied], d_roles, strict=True):
        gradients[name] = gradients.get(name, 0) + _summed(batch.X, d_role)
    return loss, gradients


def accuracy(parameters, batch: Sentences, tied="none") -> np.ndarray:
    """Share of right answers of the who, the action and the place, as far as they ask, shape (n_asking,)."""
    is_a("batch", batch, Sentences, "what sentences(rng, batch) returns")
    logits = found(parameters, batch.X, tied)[-1]
    chosen = np.take_along_axis(logits.argmax(axis=-1), batch.asking, axis=1)
    return (chosen == batch.answers).mean(axis=0)


def train(seed, tied="none", n_asking=3):
    """Learn from random numbers by Adam, 300 steps of 32 sentences each.

    Yields (step, parameters): at step 0, before anything is learned, and then after every 5th step.
    """
    rng = np.random.default_rng(whole("seed", seed))
    first, n_asking = first_parameters(rng, tied), whole("n_asking", n_asking, 1, len(ASKED))

    def gradients(parameters):
        return loss_and_gradients(parameters, sentences(rng, BATCH, n_asking), tied)[1]

    return ((step, parameters) for step, parameters in descent(first, gradients, RATE, N_STEPS) if step % EVERY == 0)


def _shapes(tied):
    """The matrices that the roles use, and W_o, with their shapes."""
    roles = ROLES[one_of("tied", tied, ROLES)]
    return dict.fromkeys(roles, (D_MODEL, D_K)) | {"W_o": (D_K, N_WORDS)}


def _summed(inputs, gradients):
    return np.einsum("bnm,bnk->mk", inputs, gradients)
