"""The task of long memory: name the first symbol after n others, learned by each kind of model in NumPy.

A sequence is 1 + distance symbols, drawn at random. A model answers at the last one, and only there is it told how
wrong it was. A token's vector is a one for its symbol, and a mark on the first token: attention alone does not know the
order, and the mark stands in for the positions that would tell it. All models have about the same number of parameters.
"""

from dataclasses import dataclass

import numpy as np

from ..arguments import flag, one_of, whole
from ..attention import attention
from ..models.convolution import Convolution
from ..models.learning import attention_gradients, cross_entropy, descent
from ..models.recurrent import GRU, LSTM, TanhRNN, keeping

N_SYMBOLS = 8
N_IN = N_SYMBOLS + 1  # and the mark
CELLS = {"rnn": TanhRNN, "gru": GRU, "gru_open": GRU, "lstm": LSTM, "lstm_open": LSTM}
HIDDEN = {  # the width of each model's vectors, by which it has about 700 parameters
    "rnn": 19,
    "gru": 10,
    "gru_open": 10,
    "lstm": 9,
    "lstm_open": 9,
    "convolution": 7,
    "attention": 20,
}
OPEN = 4  # bias of the gates that start open: they keep sigmoid(4) = 0.98 of the state
N_LAYERS, WIDTH = 4, 3  # of the convolution: it sees 9 tokens
DISTANCES = (2, 5, 10, 20, 40, 80)
N_HELD_OUT = 2000
N_STEPS, BATCH, RATE = 300, 32, 0.01  # of the training, the same for each model


@dataclass(frozen=True, eq=False)
class Sequences:
    """X : array, shape (batch, 1 + distance, 9); answers : whole numbers from 0 to 7, shape (batch,)."""

    X: np.ndarray
    answers: np.ndarray


def sequences(rng, batch, distance, marked=True) -> Sequences:
    """Draw a batch; without the mark nothing but its place tells the first token from the others."""
    flag("marked", marked)
    symbols = rng.integers(N_SYMBOLS, size=(batch, 1 + distance))
    X = np.zeros((*symbols.shape, N_IN))
    X[..., :N_SYMBOLS] = np.eye(N_SYMBOLS)[symbols]
    X[:, 0, N_SYMBOLS] = marked
    return Sequences(X, symbols[:, 0])


def first_parameters(rng, model) -> dict:
    """Random numbers of the model, and W_o, which reads the answer from its last vector."""
    n = HIDDEN[one_of("model", model, HIDDEN)]
    if model == "attention":
        parameters = {name: rng.normal(size=(N_IN, n)) / np.sqrt(N_IN) for name in ("W_q", "W_k", "W_v")}
    elif model == "convolution":
        parameters = Convolution.parameters(rng, N_IN, n, N_LAYERS, WIDTH)
    else:
        parameters = CELLS[model].parameters(rng, N_IN, n)
        if model.endswith("_open"):
            parameters = keeping(CELLS[model], parameters, OPEN)
    return parameters | {"W_o": rng.normal(size=(n, N_SYMBOLS)) / np.sqrt(n)}


def loss_and_gradients(parameters, batch: Sequences, model) -> tuple[float, dict]:
    """Cross-entropy of the answers at the last token, and its gradients."""
    last, back = _last(parameters, batch.X, model)
    loss, d_logits = cross_entropy(last @ parameters["W_o"], batch.answers)
    return loss, back(d_logits @ parameters["W_o"].T) | {"W_o": last.T @ d_logits}


def accuracy(parameters, batch: Sequences, model) -> float:
    """Share of right answers."""
    logits = _last(parameters, batch.X, model)[0] @ parameters["W_o"]
    return float((logits.argmax(axis=-1) == batch.answers).mean())


def train(model, distance, seed, marked=True):
    """Learn from random numbers by Adam; yields (step, parameters) after every step, and at step 0."""
    rng = np.random.default_rng(whole("seed", seed))
    first, distance = first_parameters(rng, model), whole("distance", distance)

    def gradients(parameters):
        return loss_and_gradients(parameters, sequences(rng, BATCH, distance, marked), model)[1]

    return descent(first, gradients, RATE, N_STEPS)


def recall(model, distance, seed=0, marked=True) -> float:
    """Accuracy that a model reaches on new sequences after the whole training."""
    *_, (_, parameters) = train(model, distance, seed, marked)
    return accuracy(parameters, held_out(distance, marked), model)


def held_out(distance, marked=True) -> Sequences:
    """Sequences that no training sees."""
    return sequences(np.random.default_rng(1_000_000), N_HELD_OUT, distance, marked)


def _last(parameters, X, model):
    """The model's vector at the last token, shape (batch, n_hidden), and what makes gradients from that of it."""
    if model == "attention":
        return _attended(parameters, X)
    layer = CELLS.get(model, Convolution)
    hidden, tape = layer.forward(parameters, X)

    def back(d_last):
        d_hidden = np.zeros_like(hidden)
        d_hidden[:, -1] = d_last
        return layer.backward(parameters, X, tape, d_hidden)[0]

    return hidden[:, -1], back


def _attended(parameters, X):
    """The last token asks all tokens, itself too."""
    asking = X[:, -1:]
    Q, K, V = asking @ parameters["W_q"], X @ parameters["W_k"], X @ parameters["W_v"]
    attended = attention(Q, K, V)

    def back(d_last):
        d_Q, d_K, d_V = attention_gradients(Q, K, V, attended.weights, d_last[:, None])
        pairs = {"W_q": (asking, d_Q), "W_k": (X, d_K), "W_v": (X, d_V)}
        return {name: np.einsum("btm,btk->mk", inputs, d, optimize=True) for name, (inputs, d) in pairs.items()}

    return attended.output[:, 0], back
