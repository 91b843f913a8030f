"""Gradients against finite differences, and descent against what it is for."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from qkvlib.attention import attention
from qkvlib.models.learning import Adam, attention_gradients, cross_entropy, descent

SHAPES = [((3, 4), (5, 4), (5, 2)), ((1, 1), (1, 1), (1, 1)), ((2, 3, 4), (2, 6, 4), (2, 6, 5))]  # of Q, K, V
SHAPES += [((2, 3, 4), (6, 4), (2, 1, 6, 5))]  # where an array is used for several others, its gradients add up


def check_gradients(loss, arrays, gradients, step=1e-5):
    """Each gradient against central differences of loss(arrays) along random directions; both dicts, name -> array."""
    assert gradients.keys() == arrays.keys()
    rng = np.random.default_rng(8)
    for name, array in arrays.items():
        assert gradients[name].shape == array.shape
        for _ in range(3):
            way = rng.normal(size=array.shape)
            slope = (loss(arrays | {name: array + step * way}) - loss(arrays | {name: array - step * way})) / (2 * step)
            assert (gradients[name] * way).sum() == pytest.approx(slope, rel=1e-6, abs=1e-8), name


@pytest.mark.parametrize("shapes", SHAPES)
def test_the_gradients_of_attention_are_those_of_finite_differences(shapes, rng):
    arrays = {name: rng.normal(size=shape) for name, shape in zip("QKV", shapes, strict=True)}
    d_output = rng.normal(size=attention(**arrays).output.shape)
    found = attention_gradients(**arrays, weights=attention(**arrays).weights, d_output=d_output)
    found = dict(zip("QKV", found, strict=True))
    check_gradients(lambda moved: (attention(**moved).output * d_output).sum(), arrays, found)


@pytest.mark.parametrize("shape", [(4,), (3, 5), (2, 3, 4)])
def test_the_gradient_of_cross_entropy_is_that_of_finite_differences(shape, rng):
    logits, targets = 3 * rng.normal(size=shape), rng.integers(shape[-1], size=shape[:-1])
    loss, found = cross_entropy(logits, targets)
    rows = zip(logits.reshape(-1, shape[-1]), np.ravel(targets), strict=True)
    assert loss == pytest.approx(np.mean([np.log(np.exp(row).sum()) - row[target] for row, target in rows]))
    check_gradients(lambda of: cross_entropy(of["logits"], targets)[0], {"logits": logits}, {"logits": found})
    loss, gradient = cross_entropy(np.array([[1000.0, -1000.0], [0.0, 5000.0]]), [1, 1])
    assert loss == pytest.approx(1000)
    np.testing.assert_allclose(gradient, [[0.5, -0.5], [0, 0]])


def test_the_first_steps_of_adam_are_those_of_its_paper():
    """Kingma & Ba 2015, algorithm 1, written out for two steps of one number."""
    adam, w, expected, m, v = Adam(rate=0.1), {"w": np.array([1.0])}, 1.0, 0.0, 0.0
    for t, g in enumerate((2.0, -0.5), start=1):
        w = adam.step(w, {"w": np.array([g])})
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        expected -= 0.1 * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
        assert w["w"][0] == pytest.approx(expected, rel=1e-12)


def test_a_descent_finds_the_bottom_of_a_valley_and_leaves_what_has_no_gradient(rng):
    bottom = {"a": rng.normal(size=(3, 2)), "b": rng.normal(size=4)}
    start = {name: np.zeros_like(value) for name, value in bottom.items()} | {"fixed": np.ones(2)}
    asked = []

    def gradients(parameters):
        asked.append(parameters)
        return {name: parameters[name] - bottom[name] for name in bottom}

    steps, told = zip(*descent(start, gradients, 0.05, 600), strict=True)
    assert steps == (*range(601),)
    assert all(one is other for one, other in zip(asked, told[:-1], strict=True))  # asked once for each step
    for name in bottom:
        np.testing.assert_allclose(told[-1][name], bottom[name], atol=1e-3)
        assert not start[name].any()
    np.testing.assert_array_equal(told[-1]["fixed"], [1, 1])


def test_a_falling_rate_falls_evenly():
    """Adam's steps along a constant gradient are as long as its rate."""
    _, told = zip(*descent({"w": np.zeros(3)}, lambda _: {"w": np.ones(3)}, 0.1, 5, falling=True), strict=True)
    steps = -np.diff([parameters["w"] for parameters in told], axis=0)
    np.testing.assert_allclose(steps, np.repeat([[0.1], [0.08], [0.06], [0.04], [0.02]], 3, axis=1), rtol=1e-6)


def test_a_descent_computes_in_one_thread_and_leaves_the_reader_his():
    def threads():
        return [library["num_threads"] for library in threadpool_info()]

    before, meanwhile = threads(), []

    def gradients(parameters):
        meanwhile.extend(threads())
        return parameters

    for _ in descent({"w": np.ones(2)}, gradients, 0.1, 2):
        assert threads() == before
    assert {*meanwhile} <= {1}
