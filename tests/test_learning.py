"""Gradients against finite differences, and descent against what it is for."""

import numpy as np
import pytest

from qkvlib import attention
from qkvlib.learning import Adam, attention_gradients, cross_entropy

SHAPES = [((3, 4), (5, 4), (5, 2)), ((1, 1), (1, 1), (1, 1)), ((2, 3, 4), (2, 6, 4), (2, 6, 5))]  # of Q, K, V


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def by_differences(loss, array, step=1e-5):
    """Central differences of a loss with respect to each entry of an array."""
    gradient = np.empty_like(array)
    for at in np.ndindex(array.shape):
        ends = []
        for sign in (1, -1):
            moved = array.copy()
            moved[at] += sign * step
            ends.append(loss(moved))
        gradient[at] = (ends[0] - ends[1]) / (2 * step)
    return gradient


def relative_error(found, expected):
    return np.abs(found - expected).max() / max(np.abs(expected).max(), 1e-12)


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("which", range(3))
def test_the_gradients_of_attention_are_those_of_finite_differences(shapes, which, rng):
    arrays = [rng.normal(size=shape) for shape in shapes]
    d_output = rng.normal(size=(*shapes[0][:-1], shapes[2][-1]))

    def loss(moved):
        return (attention(*arrays[:which], moved, *arrays[which + 1 :]).output * d_output).sum()

    found = attention_gradients(*arrays, attention(*arrays).weights, d_output)[which]
    assert found.shape == shapes[which]
    if shapes[which] == (1, 1) and which < 2:
        assert found == 0  # a single key has weight 1, whatever its score
    else:
        assert relative_error(found, by_differences(loss, arrays[which])) < 1e-6


def test_tied_queries_and_keys_add_their_gradients_up(rng):
    """One matrix that makes both: its gradient is the sum of what reaches it through each."""
    X, W, V, d_output = (rng.normal(size=shape) for shape in ((6, 5), (5, 3), (6, 2), (6, 2)))
    d_Q, d_K, _ = attention_gradients(X @ W, X @ W, V, attention(X @ W, X @ W, V).weights, d_output)
    expected = by_differences(lambda W: (attention(X @ W, X @ W, V).output * d_output).sum(), W)
    assert relative_error(X.T @ (d_Q + d_K), expected) < 1e-6


@pytest.mark.parametrize("shape", [(4,), (3, 5), (2, 3, 4)])
def test_the_gradient_of_cross_entropy_is_that_of_finite_differences(shape, rng):
    logits, targets = 3 * rng.normal(size=shape), rng.integers(shape[-1], size=shape[:-1])
    loss, found = cross_entropy(logits, targets)
    rows = zip(logits.reshape(-1, shape[-1]), np.ravel(targets), strict=True)
    assert loss == pytest.approx(np.mean([np.log(np.exp(row).sum()) - row[target] for row, target in rows]))
    assert relative_error(found, by_differences(lambda moved: cross_entropy(moved, targets)[0], logits)) < 1e-6


def test_cross_entropy_of_large_logits_is_finite():
    loss, gradient = cross_entropy(np.array([[1000.0, -1000.0], [0.0, 5000.0]]), [1, 1])
    assert loss == pytest.approx(1000)
    np.testing.assert_allclose(gradient, [[0.5, -0.5], [0, 0]])


def test_the_first_steps_of_adam_are_those_of_its_paper():
    """Kingma & Ba 2015, algorithm 1, written out for two steps of one number."""
    adam, w = Adam(rate=0.1), {"w": np.array([1.0])}
    m = v = 0.0
    expected = 1.0
    for t, g in enumerate((2.0, -0.5), start=1):
        w = adam.step(w, {"w": np.array([g])})
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        expected -= 0.1 * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
        assert w["w"][0] == pytest.approx(expected, rel=1e-12)


def test_adam_finds_the_bottom_of_a_valley_and_leaves_what_it_is_given(rng):
    bottom = {"a": rng.normal(size=(3, 2)), "b": rng.normal(size=4)}
    start = parameters = {name: np.zeros_like(value) for name, value in bottom.items()}
    adam = Adam(rate=0.05)
    for _ in range(600):
        parameters = adam.step(parameters, {name: parameters[name] - bottom[name] for name in bottom})
    for name in bottom:
        np.testing.assert_allclose(parameters[name], bottom[name], atol=1e-3)
        assert not start[name].any()
