"""Each cell against a plain loop over units, each gradient against finite differences."""

import math

import numpy as np
import pytest
from test_learning import check_gradients

from qkvlib.models.recurrent import GRU, LSTM, TanhRNN

CELLS = [TanhRNN, GRU, LSTM]
N_IN, N_HIDDEN = 3, 4

each_cell = pytest.mark.parametrize("cell", CELLS)


def some(cell, rng, batch=2, time=5):
    parameters = cell.parameters(rng, N_IN, N_HIDDEN)
    parameters["b"] = parameters["b"] + rng.normal(size=parameters["b"].shape) / 2
    return parameters, rng.normal(size=(batch, time, N_IN))


def by_units(cell, parameters, tokens):
    """The states of one sentence, in plain Python."""
    W, U, b = (parameters[name].tolist() for name in "WUb")
    h, c, states = [0.0] * N_HIDDEN, [0.0] * N_HIDDEN, []

    def sigmoid(x):
        return 1 / (1 + math.exp(-x))

    def units(of, gate, x, state):
        places = range(gate * N_HIDDEN, (gate + 1) * N_HIDDEN)
        return [of(b[u] + sum(a * row[u] for a, row in zip((*x, *state), (*W, *U), strict=True))) for u in places]

    for x in tokens.tolist():
        if cell is TanhRNN:
            h = units(math.tanh, 0, x, h)
        elif cell is GRU:
            z, r = (units(sigmoid, gate, x, h) for gate in (0, 1))
            new = units(math.tanh, 2, x, [r * h for r, h in zip(r, h, strict=True)])
            h = [z * h + (1 - z) * new for z, h, new in zip(z, h, new, strict=True)]
        else:
            gates = (units(of, gate, x, h) for gate, of in enumerate((sigmoid, sigmoid, sigmoid, math.tanh)))
            c, o = zip(*((f * c + i * new, o) for i, f, o, new, c in zip(*gates, c, strict=True)), strict=True)
            h = [o * math.tanh(c) for o, c in zip(o, c, strict=True)]
        states.append(h)
    return states


@each_cell
@pytest.mark.parametrize(("batch", "time"), [(1, 1), (3, 6)])
def test_a_cell_does_what_its_equations_say_and_its_gradients_what_differences_do(cell, batch, time, rng):
    parameters, X = some(cell, rng, batch, time)
    hidden, _ = cell.forward({name: values.tolist() for name, values in parameters.items()}, X.tolist())
    expected = [by_units(cell, parameters, tokens) for tokens in X]
    np.testing.assert_allclose(hidden, expected, rtol=1e-12, atol=1e-12)
    d_hidden, arrays = rng.normal(size=hidden.shape), parameters | {"X": X}
    gradients, d_X = cell.backward(parameters, X, cell.forward(parameters, X)[1], d_hidden)
    check_gradients(lambda of: (cell.forward(of, of["X"])[0] * d_hidden).sum(), arrays, gradients | {"X": d_X})
    nudge = rng.normal(size=X.shape)  # a derivative rides along as imaginary part
    moved = cell.forward(parameters, X + 1e-20j * nudge)[0].imag / 1e-20
    assert (d_X * nudge).sum() == pytest.approx((d_hidden * moved).sum(), rel=1e-11)
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(cell.forward(parameters, 1e6 * X)[0]).all()


def test_an_lstm_whose_gates_are_shut_keeps_its_cell():
    """Forget gate open, input gate shut after the first token: the cell stays, however long the sentence."""
    gates = np.eye(1, 4)[0], np.zeros((N_HIDDEN, 4)), np.array([-50.0, 50, 50, 1])  # input, forget, output, new cell
    W, U, b = (np.repeat(numbers, N_HIDDEN, axis=-1) for numbers in gates)
    hidden, (_, cells, _) = LSTM.forward({"W": 100 * W[None], "U": U, "b": b}, np.eye(50, 1)[None])
    np.testing.assert_allclose(cells[1:], np.tanh(1))
    np.testing.assert_allclose(hidden, np.tanh(np.tanh(1)))


@each_cell
def test_the_first_parameters_keep_lengths_and_come_from_the_seed(cell):
    one, same = (cell.parameters(np.random.default_rng(1), 5, 7) for _ in range(2))
    assert all(np.array_equal(one[name], same[name]) for name in one)
    for U in np.hsplit(one["U"], one["U"].shape[1] // 7):
        np.testing.assert_allclose(U.T @ U, np.eye(7), atol=1e-12)
    assert np.flatnonzero(one["b"]).tolist() == (list(range(7, 14)) if cell is LSTM else [])
    assert set(one["b"]) <= {0, 1}
