"""A stack of convolutions against a plain loop, finite differences and its receptive field."""

import math

import numpy as np
import pytest
from test_learning import check_gradients

from qkvlib.models.convolution import Convolution, receptive_field

N_IN, N_HIDDEN = 3, 4

each_stack = pytest.mark.parametrize(("n_layers", "width"), [(1, 1), (1, 3), (2, 3), (3, 2), (2, 5)])


def some(rng, n_layers, width, batch=2, time=6):
    parameters = Convolution.parameters(rng, N_IN, N_HIDDEN, n_layers, width)
    biases = {name: rng.normal(size=N_HIDDEN) for name in parameters if name[0] == "b"}
    return parameters | biases, rng.normal(size=(batch, time, N_IN))


@each_stack
@pytest.mark.parametrize("time", [1, 6])
def test_each_unit_is_a_sum_over_the_window_and_gradients_are_those_of_finite_differences(n_layers, width, time, rng):
    parameters, X = some(rng, n_layers, width, time=time)
    hidden, tape = Convolution.forward(parameters, X)
    for tokens, found in zip(X, hidden, strict=True):
        rows = tokens.tolist()
        for layer in range(1, n_layers + 1):
            W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
            before = [[0.0] * len(rows[0])] * (width - 1) + rows
            windows = [[x for row in before[t : t + width][::-1] for x in row] for t in range(time)]  # the token first
            units = [[b[u], *W[:, :, u].ravel()] for u in range(N_HIDDEN)]
            rows = [
                [math.tanh(sum(a * w for a, w in zip((1, *x), unit, strict=True))) for unit in units] for x in windows
            ]
        np.testing.assert_allclose(found, rows, rtol=1e-12, atol=1e-12)
    d_hidden, arrays = rng.normal(size=hidden.shape), parameters | {"X": X}
    gradients, d_X = Convolution.backward(parameters, X, tape, d_hidden)
    check_gradients(lambda of: (Convolution.forward(of, of["X"])[0] * d_hidden).sum(), arrays, gradients | {"X": d_X})


@each_stack
def test_an_output_sees_just_its_receptive_field(n_layers, width, rng):
    """Each token in turn is changed: the last output notices the nearest ones and no other."""
    n, noticed = 12, []
    parameters, X = some(rng, n_layers, width, batch=1, time=n)
    last = Convolution.forward(parameters, X)[0][0, -1]
    for moved in np.eye(n):
        noticed.append(not np.array_equal(Convolution.forward(parameters, X + moved[:, None])[0][0, -1], last))
    assert noticed == [t >= n - receptive_field(n_layers, width) for t in range(n)]


def test_the_first_parameters_come_from_the_seed():
    one, same = (Convolution.parameters(np.random.default_rng(1), 5, 7, 2, 3) for _ in range(2))
    shapes = {"W1": (3, 5, 7), "b1": (7,), "W2": (3, 7, 7), "b2": (7,)}
    assert {name: value.shape for name, value in one.items()} == shapes
    assert all(np.array_equal(one[name], same[name]) for name in one)
