"""A stack of one-dimensional convolutions in plain NumPy, forward and backward.

Each layer sees a token and the `width` - 1 before it (zeros before the first), with the same weights everywhere. After
each layer comes tanh, as in the tanh RNN.
"""

import numpy as np

from ..arguments import generator, numbers, whole
from .learning import check_tape, parameter, tokens_of


class Convolution:
    """The same three functions as the cells of `recurrent`; parameters are W1, b1, W2, b2, … by layer.

    The W of a layer has shape (width, n_in, n_hidden): W[0] meets the token itself, W[1] the one before it.
    """

    @staticmethod
    def parameters(rng, n_in, n_hidden, n_layers=1, width=3) -> dict:
        """W of entries with variance 1 / (width n_in). Raises ValueError or TypeError naming the argument."""
        generator("rng", rng)
        n_in, n_hidden, width = whole("n_in", n_in, 1), whole("n_hidden", n_hidden, 1), whole("width", width, 1)
        parameters = {}
        for layer in range(1, whole("n_layers", n_layers, 1) + 1):
            parameters[f"W{layer}"] = rng.normal(size=(width, n_in, n_hidden)) / np.sqrt(width * n_in)
            parameters[f"b{layer}"] = np.zeros(n_hidden)
            n_in = n_hidden
        return parameters

    @staticmethod
    def forward(parameters, X):
        """Hidden of the last layer, shape (batch, time, n_hidden), and a tape: the hidden of every layer."""
        layers = _layers(parameters)
        tape = [tokens_of(X, layers[0][0].shape[1])]
        for W, b in layers:
            total = sum(_later(tape[-1], back) @ W[back] for back in range(len(W)))  # (batch, time, n_hidden)
            tape.append(np.tanh(total + b))
        return tape[-1], tuple(tape)

    @staticmethod
    def backward(parameters, X, tape, d_hidden):
        """Gradients, a dict with the names of the parameters, and d_X, shape of X, from the tape of `forward`."""
        layers = _layers(parameters)
        X = tokens_of(X, layers[0][0].shape[1])
        shape = *X.shape[:2], layers[-1][0].shape[2]
        d_hidden = numbers("d_hidden", d_hidden, shape)
        check_tape(tape, len(layers) + 1, -1, shape)
        gradients = {}
        for layer, (W, _) in reversed([*enumerate(layers, start=1)]):
            d_total = d_hidden * (1 - tape[layer] ** 2)
            inputs = tape[layer - 1]
            gradients[f"W{layer}"] = np.stack(
                [np.einsum("bti,bth->ih", _later(inputs, back), d_total, optimize=True) for back in range(len(W))]
            )
            gradients[f"b{layer}"] = d_total.sum(axis=(0, 1))
            d_hidden = sum(_earlier(d_total @ W[back].T, back) for back in range(len(W)))
        return gradients, d_hidden


def receptive_field(n_layers, width) -> int:
    """How many tokens, itself and those before it, one output of the stack can see."""
    return 1 + n_layers * (width - 1)


def _layers(parameters):
    """W and b of each layer, as arrays that fit together."""
    layers, n_in = [], None
    while not layers or f"W{len(layers) + 1}" in parameters:
        W = parameter(parameters, f"W{len(layers) + 1}", None, n_in, None)
        n_in = W.shape[2]
        layers.append((W, parameter(parameters, f"b{len(layers) + 1}", n_in)))
    return layers


def _later(X, steps):
    """Each token where the one `steps` after it stood; zeros come in at the front."""
    moved = np.zeros_like(X)
    moved[:, steps:] = X[:, : X.shape[1] - steps] if steps < X.shape[1] else 0
    return moved


def _earlier(X, steps):
    """The transpose of `_later`: each token where the one `steps` before it stood."""
    return _later(X[:, ::-1], steps)[:, ::-1]
