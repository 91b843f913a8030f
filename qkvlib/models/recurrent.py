"""Recurrent networks in plain NumPy, forward and backward through time: tanh RNN, GRU, LSTM.

Batch first: X has shape (batch, time, n_in), what comes out (batch, time, n_hidden). The state before the first token
is zero. Parameters are a dict: W (n_in, ·), U (n_hidden, ·) and b (·), where the gates stand side by side in the
columns. X may be complex in `forward`: a derivative can ride along as imaginary part.
"""

import numpy as np

from ..arguments import generator, numbers, whole
from .learning import check_tape, parameter, tokens_of


class Cell:
    """What all cells share; each raises ValueError or TypeError naming the argument."""

    n_gates = 1  # with the candidate
    n_taped = 1  # arrays on the tape, the first of them hidden

    @classmethod
    def parameters(cls, rng, n_in, n_hidden) -> dict:
        """W of variance 1 / n_in; for each gate an orthogonal U (Saxe et al. 2014), which keeps lengths."""
        generator("rng", rng)
        n_in, n_hidden = whole("n_in", n_in, 1), whole("n_hidden", n_hidden, 1)
        squares = [np.linalg.qr(rng.normal(size=(n_hidden, n_hidden)))[0] for _ in range(cls.n_gates)]
        W = rng.normal(size=(n_in, cls.n_gates * n_hidden)) / np.sqrt(n_in)
        return {"W": W, "U": np.hstack(squares), "b": np.zeros(cls.n_gates * n_hidden)}

    @classmethod
    def forward(cls, parameters, X):
        """Hidden of shape (batch, time, n_hidden), and a tape for `backward`."""
        W, U, b = cls._arrays(parameters)
        X = tokens_of(X, len(W))
        inputs = np.swapaxes(X, 0, 1) @ W + b  # time first: (time, batch, n_in) @ (n_in, ·)
        hidden = np.zeros((len(inputs) + 1, len(X), len(U)), inputs.dtype)  # at 0 the state before the first token
        tape = hidden, *cls._run(inputs, U, hidden)
        return np.swapaxes(hidden[1:], 0, 1), tape

    @classmethod
    def backward(cls, parameters, X, tape, d_hidden):
        """Gradients, a dict with the names of the parameters, and d_X, shape of X, from the tape of `forward`."""
        W, U, _ = cls._arrays(parameters)
        X = tokens_of(X, len(W))
        d_hidden = numbers("d_hidden", d_hidden, (*X.shape[:2], len(U)))
        check_tape(tape, cls.n_taped, 0, (X.shape[1] + 1, len(X), len(U)))
        d_inputs, d_U = cls._run_back(U, tape, d_hidden)  # d_inputs: of x_t W + b, time first
        gradients = {
            "W": np.einsum("bti,tbh->ih", X, d_inputs, optimize=True),
            "U": d_U,
            "b": d_inputs.sum(axis=(0, 1)),
        }
        return gradients, np.swapaxes(d_inputs @ W.T, 0, 1)

    @classmethod
    def _arrays(cls, parameters):
        n_hidden = len(parameter(parameters, "U", None, None))
        n_columns = cls.n_gates * n_hidden
        U = parameter(parameters, "U", n_hidden, n_columns)
        return parameter(parameters, "W", None, n_columns), U, parameter(parameters, "b", n_columns)


class TanhRNN(Cell):
    """h_t = tanh(x_t W + h_(t-1) U + b) (Elman 1990)."""

    @staticmethod
    def _run(inputs, U, hidden):
        for t in range(len(inputs)):
            hidden[t + 1] = np.tanh(inputs[t] + hidden[t] @ U)
        return ()

    @staticmethod
    def _run_back(U, tape, d_hidden):
        (hidden,) = tape
        d_inputs = np.empty_like(hidden[1:])
        d_h = np.zeros_like(hidden[0])
        for t in reversed(range(len(d_inputs))):
            d_inputs[t] = (d_hidden[:, t] + d_h) * (1 - hidden[t + 1] ** 2)
            d_h = d_inputs[t] @ U.T
        return d_inputs, _products(hidden[:-1], d_inputs)


class GRU(Cell):
    """z, r = sigmoid(x W + h U + b), candidate = tanh(x W + (r h) U + b), h = z h + (1 - z) candidate.

    Cho et al. 2014, eq. 5-8. The columns of W, U and b are those of z, r and the candidate.
    """

    n_gates, n_taped = 3, 2

    @staticmethod
    def _run(inputs, U, hidden):
        n = len(U)
        gates = np.empty_like(inputs)  # z, r, candidate
        for t in range(len(inputs)):
            gates[t, :, : 2 * n] = _sigmoid(inputs[t, :, : 2 * n] + hidden[t] @ U[:, : 2 * n])
            z, r = gates[t, :, :n], gates[t, :, n : 2 * n]
            gates[t, :, 2 * n :] = np.tanh(inputs[t, :, 2 * n :] + (r * hidden[t]) @ U[:, 2 * n :])
            hidden[t + 1] = z * hidden[t] + (1 - z) * gates[t, :, 2 * n :]
        return (gates,)

    @staticmethod
    def _run_back(U, tape, d_hidden):
        hidden, gates = tape
        n = len(U)
        d_inputs = np.empty_like(gates)
        d_h = np.zeros_like(hidden[0])
        for t in reversed(range(len(d_inputs))):
            d_h = d_h + d_hidden[:, t]
            z, r, candidate = gates[t, :, :n], gates[t, :, n : 2 * n], gates[t, :, 2 * n :]
            d_inputs[t, :, 2 * n :] = d_h * (1 - z) * (1 - candidate**2)
            d_kept = d_inputs[t, :, 2 * n :] @ U[:, 2 * n :].T  # of r h
            d_inputs[t, :, :n] = d_h * (hidden[t] - candidate) * z * (1 - z)
            d_inputs[t, :, n : 2 * n] = d_kept * hidden[t] * r * (1 - r)
            d_h = d_h * z + d_kept * r + d_inputs[t, :, : 2 * n] @ U[:, : 2 * n].T
        d_U = _products(hidden[:-1], d_inputs)
        kept = gates[:, :, n : 2 * n] * hidden[:-1]  # what met the candidate's U
        d_U[:, 2 * n :] = np.einsum("tbh,tbk->hk", kept, d_inputs[:, :, 2 * n :])
        return d_inputs, d_U


class LSTM(Cell):
    """i, f, o = sigmoid(x W + h U + b), c = f c + i tanh(x W + h U + b), h = o tanh(c).

    Hochreiter & Schmidhuber 1997, with the forget gate f of Gers et al. 2000. The columns of W, U and b are those of
    i, f, o and the candidate. The bias of f starts at 1, so that the cell keeps what it has (Jozefowicz et al. 2015).
    """

    n_gates, n_taped = 4, 3

    @classmethod
    def parameters(cls, rng, n_in, n_hidden):
        return keeping(cls, super().parameters(rng, n_in, n_hidden), 1)

    @staticmethod
    def _run(inputs, U, hidden):
        n = len(U)
        cells = np.zeros_like(hidden)
        gates = np.empty_like(inputs)
        for t in range(len(inputs)):
            sums = inputs[t] + hidden[t] @ U
            gates[t, :, : 3 * n] = _sigmoid(sums[:, : 3 * n])
            gates[t, :, 3 * n :] = np.tanh(sums[:, 3 * n :])
            i, f, o, candidate = _split(gates[t], n)
            cells[t + 1] = f * cells[t] + i * candidate
            hidden[t + 1] = o * np.tanh(cells[t + 1])
        return cells, gates

    @staticmethod
    def _run_back(U, tape, d_hidden):
        hidden, cells, gates = tape
        n = len(U)
        d_inputs = np.empty_like(gates)
        d_h, d_c = np.zeros_like(hidden[0]), np.zeros_like(cells[0])
        for t in reversed(range(len(d_inputs))):
            i, f, o, candidate = _split(gates[t], n)
            d_i, d_f, d_o, d_candidate = _split(d_inputs[t], n)
            d_h = d_h + d_hidden[:, t]
            shown = np.tanh(cells[t + 1])
            d_c = d_c + d_h * o * (1 - shown**2)
            d_i[:] = d_c * candidate * i * (1 - i)
            d_f[:] = d_c * cells[t] * f * (1 - f)
            d_o[:] = d_h * shown * o * (1 - o)
            d_candidate[:] = d_c * i * (1 - candidate**2)
            d_h, d_c = d_inputs[t] @ U.T, d_c * f
        return d_inputs, _products(hidden[:-1], d_inputs)


def keeping(cell, parameters, bias) -> dict:
    """The parameters with another bias of the gate that keeps the state: z of a GRU, f of an LSTM."""
    n, at = len(parameters["U"]), {GRU: 0, LSTM: 1}[cell]
    b = parameters["b"].copy()
    b[at * n : (at + 1) * n] = bias
    return parameters | {"b": b}


def _products(before, d_inputs):
    """The gradient of U: (n_hidden, ·), summed over time and batch."""
    return np.einsum("tbk,tbh->kh", before, d_inputs, optimize=True)


def _split(gates, n):
    return (gates[:, k * n : (k + 1) * n] for k in range(4))


def _sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))  # of large numbers, too
