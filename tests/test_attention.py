"""The arithmetic against a naive loop, and the properties that attention has."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qkvlib.attention import attention, causal_mask, padding_mask, scores, softmax

rng = np.random.default_rng(0)
Q, K, V = rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), rng.normal(size=(5, 2))


def by_loop(Q, K, V, mask):
    """Scores, weights and output of one batch entry, written as a beginner would, with lists and math only."""
    scores, weights, output = [], [], []
    for q, seen in zip(Q, mask, strict=True):
        scores.append([sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5 for k in K])
        exps = [np.e**score if looks else 0.0 for looks, score in zip(seen, scores[-1], strict=True)]
        weights.append([e / sum(exps) if sum(exps) else 0.0 for e in exps])
        output.append([sum(w * v[c] for w, v in zip(weights[-1], V, strict=True)) for c in range(len(V[0]))])
    return scores, weights, output


@st.composite
def problems(draw):
    batch = draw(st.lists(st.integers(1, 3), max_size=2))
    n_queries, n_keys, d_k, d_v = (draw(st.integers(1, 5)) for _ in range(4))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    shapes = (n_queries, d_k), (n_keys, d_k), (n_keys, d_v)
    mask = numbers.random((*batch, n_queries, n_keys)) < 0.7
    return *(numbers.normal(size=(*batch, *shape)) for shape in shapes), mask


@given(problems())
@settings(max_examples=60, deadline=None)
def test_a_naive_loop_gives_the_same_and_a_masked_weight_is_exactly_zero(problem):
    Q, K, V, mask = problem  # rows that are masked whole are among them
    result = attention(Q, K, V, mask)
    arrays = result.scores, result.weights, result.output
    assert (result.weights[~mask] == 0).all()
    for at in np.ndindex(Q.shape[:-2]):
        for found, expected in zip(arrays, by_loop(Q[at], K[at], V[at], mask[at]), strict=True):
            assert np.allclose(found[at], expected)


@pytest.mark.parametrize("size", [7.0, -300.0, 1e4, -1e4])
def test_adding_a_constant_to_a_row_of_scores_changes_nothing_and_large_scores_stay_finite(size):
    rows = np.vstack([rng.normal(size=5), np.zeros(5)])
    assert np.allclose(softmax(rows + np.array([[size], [0.0]])), softmax(rows))
    assert np.array_equal(softmax(np.array([[size, size, -2e4]])), [[0.5, 0.5, 0]])


def test_temperature_and_scale_change_the_scores_and_axis_the_sums():
    assert np.allclose(softmax(Q, axis=0), softmax(Q.T).T)
    assert np.allclose(attention(Q, K, V, temperature=1e-4).weights, np.eye(5)[scores(Q, K).argmax(axis=1)])
    assert np.allclose(attention(Q, K, V, temperature=1e6).weights, 1 / 5, atol=1e-5)
    assert np.allclose(attention(Q, K, V, temperature=2.0).weights, softmax(scores(Q, K) / 2))
    assert np.allclose(scores(Q, K, scale=False), scores(Q, K) * np.sqrt(4))
    assert np.allclose(attention(Q, K, V, scale=False).weights, softmax(scores(Q, K) * 2))


def test_masks_say_who_may_look():
    assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]
    assert padding_mask(2, 3).tolist() == [[True, True, False]]
    assert padding_mask([1, 3], 3).tolist() == [[[True, False, False]], [[True, True, True]]]
    twice = (np.stack([rows, rows]) for rows in (Q, K[:3], V[:3]))
    weights = attention(*twice, padding_mask([1, 3], 3)).weights
    assert (weights > 0).tolist() == [[[True, False, False]] * 3, [[True] * 3] * 3]


def with_entry(value):
    return np.where((np.arange(12) == 6).reshape(3, 4), value, Q)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: scores(Q, K[:, :3]), "Q has 4 columns but K has 3; both need d_k"),
        (lambda: scores(Q[0], K), "Q has shape (4,); it needs at least two axes"),
        (lambda: scores(Q, np.zeros((5, 0))), "K has shape (5, 0); it needs at least one column"),
        (lambda: scores(np.stack([Q] * 2), np.stack([K] * 3)), "Q has batch axes (2,) but K (3,); they must broadcast"),
        (lambda: scores(Q * 1e200, -K * 1e200), "Q and K are too large: their product has "),
        (lambda: attention(Q, K, V[:3]), "V has 3 rows but K has 5"),
        (lambda: attention(np.stack([Q, Q]), K, np.stack([V] * 3)), "V has batch axes (3,) but Q and K (2,)"),
        (lambda: attention(with_entry(np.nan), K, V), "Q has nan at [1, 2]; each entry must be finite"),
        (lambda: attention(Q, K, V, np.ones((3, 5))), "mask has dtype float64; it must be boolean"),
        (lambda: attention(Q, K, V, np.ones((5, 3), bool)), "mask has shape (5, 3); it must broadcast to (3, 5)"),
        (lambda: attention(Q, K, V, temperature=0), "temperature is 0; it must be a finite number above 0"),
        (lambda: attention(Q, K, V, temperature=np.inf), "temperature is inf; it must be a finite number above 0"),
        (lambda: attention(Q, K, V, temperature=1e-320), "temperature is 1e-320; the scores divided by it"),
        (lambda: softmax(with_entry(np.inf)), "scores has inf at [1, 2]; each must be finite, or -inf"),
        (lambda: softmax(Q, axis=2), "axis is 2; it must be a whole number from -2 to 1"),
        (lambda: padding_mask(4, 3), "lengths is 4; each must be a whole number from 0 to 3"),
        (lambda: padding_mask([1.5], 3), "lengths is [1.5]"),
    ],
)
def test_an_error_names_the_argument_and_what_it_should_be(call, message):
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}"):
        call()
