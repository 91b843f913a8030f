"""Recurrent networks in plain NumPy, forward and backward through time: tanh RNN, GRU, LSTM.

Batch first: X has shape (batch, time, n_in), what comes out (batch, time, n_hidden). The state before the first token
is zero. Parameters are a dict: W (n_in, ·), U (n_hidden, ·) and b (·), where the gates stand side by side in the
columns. X may be complex in `forward`: a derivative can ride along as imaginary part. Each cell has the same three
functions:

parameters(rng, n_in, n_hidden) -> dict
forward(parameters, X) -> hidden of shape (batch, time, n_hidden), and a tape for `backward`
backward(parameters, X, tape, d_hidden) -> gradients, a dict with the names of the parameters, and d_X, shape of X
"""

import numpy as np


class TanhRNN:
    """h_t = tanh(x_t W + h_(t-1) U + b) (Elman 1990)."""

    @staticmethod
    def parameters(rng, n_in, n_hidden):
        return _parameters(rng, n_in, n_hidden, 1)

    @staticmethod
    def forward(parameters, X):
        inputs, U = _inputs(parameters, X), parameters["U"]
        shape = X.shape[1] + 1, len(X), len(U)
        hidden = np.zeros(shape, inputs.dtype)  # time first; at 0 stands the state before the first token
        for t in range(X.shape[1]):
            hidden[t + 1] = np.tanh(inputs[t] + hidden[t] @ U)
        return np.swapaxes(hidden[1:], 0, 1), hidden

    @staticmethod
    def backward(parameters, X, hidden, d_hidden):
        U = parameters["U"]
        d_inputs = np.empty_like(hidden[1:])
        d_h = np.zeros_like(hidden[0])
        for t in reversed(range(X.shape[1])):
            d_inputs[t] = (d_hidden[:, t] + d_h) * (1 - hidden[t + 1] ** 2)
            d_h = d_inputs[t] @ U.T
        return _gradients(parameters, X, d_inputs, hidden[:-1])


class GRU:
    """z, r = sigmoid(x W + h U + b), candidate = tanh(x W + (r h) U + b), h = z h + (1 - z) candidate.

    Cho et al. 2014, eq. 5-8. The columns of W, U and b are those of z, r and the candidate.
    """

    @staticmethod
    def parameters(rng, n_in, n_hidden):
        return _parameters(rng, n_in, n_hidden, 3)

    @staticmethod
    def forward(parameters, X):
        inputs, U = _inputs(parameters, X), parameters["U"]
        n = len(U)
        hidden = np.zeros((X.shape[1] + 1, len(X), n), inputs.dtype)
        gates = np.empty_like(inputs)  # z, r, candidate
        for t in range(X.shape[1]):
            gates[t, :, : 2 * n] = _sigmoid(inputs[t, :, : 2 * n] + hidden[t] @ U[:, : 2 * n])
            z, r = gates[t, :, :n], gates[t, :, n : 2 * n]
            gates[t, :, 2 * n :] = np.tanh(inputs[t, :, 2 * n :] + (r * hidden[t]) @ U[:, 2 * n :])
            hidden[t + 1] = z * hidden[t] + (1 - z) * gates[t, :, 2 * n :]
        return np.swapaxes(hidden[1:], 0, 1), (hidden, gates)

    @staticmethod
    def backward(parameters, X, tape, d_hidden):
        hidden, gates = tape
        U = parameters["U"]
        n = len(U)
        d_inputs = np.empty_like(gates)
        d_h = np.zeros_like(hidden[0])
        for t in reversed(range(X.shape[1])):
            d_h = d_h + d_hidden[:, t]
            z, r, candidate = gates[t, :, :n], gates[t, :, n : 2 * n], gates[t, :, 2 * n :]
            d_inputs[t, :, 2 * n :] = d_h * (1 - z) * (1 - candidate**2)
            d_kept = d_inputs[t, :, 2 * n :] @ U[:, 2 * n :].T  # of r h
            d_inputs[t, :, :n] = d_h * (hidden[t] - candidate) * z * (1 - z)
            d_inputs[t, :, n : 2 * n] = d_kept * hidden[t] * r * (1 - r)
            d_h = d_h * z + d_kept * r + d_inputs[t, :, : 2 * n] @ U[:, : 2 * n].T
        gradients, d_X = _gradients(parameters, X, d_inputs, hidden[:-1])
        kept = gates[:, :, n : 2 * n] * hidden[:-1]  # what met the candidate's U
        gradients["U"][:, 2 * n :] = np.einsum("tbh,tbk->hk", kept, d_inputs[:, :, 2 * n :])
        return gradients, d_X


class LSTM:
    """i, f, o = sigmoid(x W + h U + b), c = f c + i tanh(x W + h U + b), h = o tanh(c).

    Hochreiter & Schmidhuber 1997, with the forget gate f of Gers et al. 2000. The columns of W, U and b are those of
    i, f, o and the candidate. The bias of f starts at 1, so that the cell keeps what it has (Jozefowicz et al. 2015).
    """

    @staticmethod
    def parameters(rng, n_in, n_hidden):
        parameters = _parameters(rng, n_in, n_hidden, 4)
        parameters["b"][n_hidden : 2 * n_hidden] = 1
        return parameters

    @staticmethod
    def forward(parameters, X):
        inputs, U = _inputs(parameters, X), parameters["U"]
        n = len(U)
        hidden = np.zeros((X.shape[1] + 1, len(X), n), inputs.dtype)
        cells = np.zeros_like(hidden)
        gates = np.empty_like(inputs)
        for t in range(X.shape[1]):
            sums = inputs[t] + hidden[t] @ U
            gates[t, :, : 3 * n] = _sigmoid(sums[:, : 3 * n])
            gates[t, :, 3 * n :] = np.tanh(sums[:, 3 * n :])
            i, f, o, candidate = _split(gates[t], n)
            cells[t + 1] = f * cells[t] + i * candidate
            hidden[t + 1] = o * np.tanh(cells[t + 1])
        return np.swapaxes(hidden[1:], 0, 1), (hidden, cells, gates)

    @staticmethod
    def backward(parameters, X, tape, d_hidden):
        hidden, cells, gates = tape
        U = parameters["U"]
        n = len(U)
        d_inputs = np.empty_like(gates)
        d_h, d_c = np.zeros_like(hidden[0]), np.zeros_like(cells[0])
        for t in reversed(range(X.shape[1])):
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
        return _gradients(parameters, X, d_inputs, hidden[:-1])


def keeping(cell, parameters, bias) -> dict:
    """The parameters with another bias of the gate that keeps the state: z of a GRU, f of an LSTM."""
    n, at = len(parameters["U"]), {GRU: 0, LSTM: 1}[cell]
    b = parameters["b"].copy()
    b[at * n : (at + 1) * n] = bias
    return parameters | {"b": b}


def _parameters(rng, n_in, n_hidden, n_gates):
    """W of entries with variance 1 / n_in; for each gate an orthogonal U (Saxe et al. 2014), which keeps lengths."""
    squares = [np.linalg.qr(rng.normal(size=(n_hidden, n_hidden)))[0] for _ in range(n_gates)]
    W = rng.normal(size=(n_in, n_gates * n_hidden)) / np.sqrt(n_in)
    return {"W": W, "U": np.hstack(squares), "b": np.zeros(n_gates * n_hidden)}


def _inputs(parameters, X):
    """x_t W + b of all times in one product, time first: (time, batch, n_in) @ (n_in, ·)."""
    X, W = np.asarray(X), parameters["W"]
    if X.ndim != 3 or X.shape[2] != len(W):
        raise ValueError(f"X has shape {X.shape}; it must be (batch, time, n_in = {len(W)})")
    return np.swapaxes(X, 0, 1) @ W + parameters["b"]


def _gradients(parameters, X, d_inputs, before):
    """Of W, U and b, summed over batch and time, and of X, from those of x_t W + b and h_(t-1) U, time first."""
    gradients = {
        "W": np.einsum("bti,tbh->ih", X, d_inputs, optimize=True),
        "U": np.einsum("tbk,tbh->kh", before, d_inputs, optimize=True),
        "b": d_inputs.sum(axis=(0, 1)),
    }
    return gradients, np.swapaxes(d_inputs @ parameters["W"].T, 0, 1)


def _split(gates, n):
    return (gates[:, k * n : (k + 1) * n] for k in range(4))


def _sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))  # of large numbers, too
