"""Each cell against a plain loop over units, each gradient against finite differences."""

import math

import numpy as np
import pytest
from test_learning import check_gradients

from qkvlib.models.recurrent import GRU, LSTM, TanhRNN

CELLS = [TanhRNN, GRU, LSTM]
N_IN, N_HIDDEN = 3, 4

each_cell = pytest.mark.parametrize("cell", CELLS)


@pytest.fixture
def rng():
    return np.random.default_rng(6)


def some(cell, rng, batch=2, time=5):
    parameters = cell.parameters(rng, N_IN, N_HIDDEN)
    parameters["b"] = parameters["b"] + rng.normal(size=parameters["b"].shape) / 2
    return parameters, rng.normal(size=(batch, time, N_IN))


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def by_units(cell, parameters, tokens):
    """The states of one sentence, in plain Python."""
    W, U, b = (parameters[name].tolist() for name in "WUb")
    h, c, states = [0.0] * N_HIDDEN, [0.0] * N_HIDDEN, []

    def total(x, state, gate, unit):
        column = gate * N_HIDDEN + unit
        rows = zip((*x, *state), (*W, *U), strict=True)
        return b[column] + sum(value * row[column] for value, row in rows)

    for x in tokens.tolist():
        units = range(N_HIDDEN)
        if cell is TanhRNN:
            h = [math.tanh(total(x, h, 0, u)) for u in units]
        elif cell is GRU:
            z, r = ([sigmoid(total(x, h, gate, u)) for u in units] for gate in (0, 1))
            kept = [r[u] * h[u] for u in units]
            h = [z[u] * h[u] + (1 - z[u]) * math.tanh(total(x, kept, 2, u)) for u in units]
        else:
            i, f, o = ([sigmoid(total(x, h, gate, u)) for u in units] for gate in (0, 1, 2))
            c = [f[u] * c[u] + i[u] * math.tanh(total(x, h, 3, u)) for u in units]
            h = [o[u] * math.tanh(c[u]) for u in units]
        states.append(h)
    return states


@each_cell
@pytest.mark.parametrize(("batch", "time"), [(1, 1), (3, 6)])
def test_a_cell_does_what_its_equations_say(cell, batch, time, rng):
    parameters, X = some(cell, rng, batch, time)
    hidden, _ = cell.forward({name: values.tolist() for name, values in parameters.items()}, X.tolist())
    expected = [by_units(cell, parameters, tokens) for tokens in X]
    np.testing.assert_allclose(hidden, expected, rtol=1e-12, atol=1e-12)


@each_cell
@pytest.mark.parametrize(("batch", "time"), [(1, 1), (2, 5)])
def test_the_gradients_are_those_of_finite_differences(cell, batch, time, rng):
    parameters, X = some(cell, rng, batch, time)
    d_hidden = rng.normal(size=(batch, time, N_HIDDEN))
    gradients, d_X = cell.backward(parameters, X, cell.forward(parameters, X)[1], d_hidden)
    check_gradients(
        lambda of: (cell.forward(of, of["X"])[0] * d_hidden).sum(), parameters | {"X": X}, gradients | {"X": d_X}
    )


@each_cell
def test_a_token_changes_its_own_state_and_later_ones_of_its_sentence_only(cell, rng):
    parameters, X = some(cell, rng, 3, 6)
    moved = X.copy()
    moved[1, 2] += 1
    before, after = (cell.forward(parameters, inputs)[0] for inputs in (X, moved))
    changed = (before != after).any(axis=2)
    assert np.argwhere(changed).tolist() == [[1, t] for t in range(2, 6)]


@pytest.mark.parametrize("strength", [0.5, 0.9, 1.0, 1.3])
@pytest.mark.parametrize("seed", range(5))
def test_what_is_left_of_the_first_token_stays_under_the_product_of_norms(strength, seed):
    """Pascanu et al. 2013: the largest singular value below 1 is enough for tanh to vanish; above, it only may grow."""
    rng, n = np.random.default_rng(seed), 30
    parameters, X = some(TanhRNN, rng, 1, n)
    parameters["U"] = strength * parameters["U"]  # orthogonal: every singular value is `strength`
    tape = TanhRNN.forward(parameters, X)[1]
    jacobian = []
    for unit in range(N_HIDDEN):
        d_hidden = np.zeros((1, n, N_HIDDEN))
        d_hidden[0, -1, unit] = 1
        jacobian.append(TanhRNN.backward(parameters, X, tape, d_hidden)[1][0, 0])
    left = np.linalg.norm(jacobian, 2)
    assert 0 < left <= np.linalg.norm(parameters["W"], 2) * strength ** (n - 1) * (1 + 1e-9)


def test_an_lstm_whose_gates_are_shut_keeps_its_cell(rng):
    """Forget gate open, input gate shut after the first token: the cell stays, however long the sentence."""
    parameters, X = some(LSTM, rng, 1, 50)
    parameters["W"], parameters["U"] = np.zeros_like(parameters["W"]), np.zeros_like(parameters["U"])
    gate = dict(zip("ifoc", np.split(np.arange(4 * N_HIDDEN), 4), strict=True))
    parameters["W"][0, gate["i"]] = 100
    parameters["b"][gate["i"]], parameters["b"][gate["f"]], parameters["b"][gate["o"]] = -50, 50, 50
    parameters["b"][gate["c"]] = 1
    X[:] = 0
    X[0, 0, 0] = 1
    hidden, (_, cells, _) = LSTM.forward(parameters, X)
    np.testing.assert_allclose(cells[1:], np.tanh(1))
    np.testing.assert_allclose(hidden, np.tanh(np.tanh(1)))


@each_cell
def test_the_first_parameters_keep_lengths_and_come_from_the_seed(cell):
    one, same = (cell.parameters(np.random.default_rng(1), 5, 7) for _ in range(2))
    assert all(np.array_equal(one[name], same[name]) for name in one)
    for U in np.hsplit(one["U"], one["U"].shape[1] // 7):
        np.testing.assert_allclose(U.T @ U, np.eye(7), atol=1e-12)
    forget = one["b"][7:14] if cell is LSTM else []
    assert one["b"].sum() == sum(forget)
    assert all(bias == 1 for bias in forget)


@each_cell
def test_a_derivative_rides_along_as_imaginary_part(cell, rng):
    parameters, X = some(cell, rng)
    nudge = rng.normal(size=X.shape)
    moved = cell.forward(parameters, X + 1e-20j * nudge)[0].imag / 1e-20
    d_hidden = rng.normal(size=moved.shape)
    d_X = cell.backward(parameters, X, cell.forward(parameters, X)[1], d_hidden)[1]
    assert (d_X * nudge).sum() == pytest.approx((d_hidden * moved).sum(), rel=1e-12)


@each_cell
def test_large_inputs_give_no_warning(cell, rng):
    parameters, X = some(cell, rng)
    with np.errstate(all="raise", under="ignore"):
        hidden, _ = cell.forward(parameters, 1e6 * X)
    assert np.isfinite(hidden).all()
