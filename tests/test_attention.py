"""The arithmetic against hand-worked numbers, a naive loop, and the properties that attention has."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qkvlib.attention import attention, causal_mask, padding_mask, scores, softmax

rng = np.random.default_rng(0)
Q, K, V = rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), rng.normal(size=(5, 2))


def by_loop(Q, K, V, mask):
    """Weights and output of one batch entry, written as a beginner would, with lists and math only."""
    weights, output = [], []
    for i, q in enumerate(Q):
        row = [sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5 for k in K]
        exps = [np.e**score if mask[i][j] else 0.0 for j, score in enumerate(row)]
        weights.append([e / sum(exps) if sum(exps) else 0.0 for e in exps])
        output.append([sum(w * v[c] for w, v in zip(weights[-1], V, strict=True)) for c in range(len(V[0]))])
    return np.array(weights), np.array(output)


@st.composite
def problems(draw):
    batch = draw(st.lists(st.integers(1, 3), max_size=2))
    n_queries, n_keys, d_k, d_v = (draw(st.integers(1, 5)) for _ in range(4))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    shapes = (n_queries, d_k), (n_keys, d_k), (n_keys, d_v)
    mask = numbers.random((*batch, n_queries, n_keys)) < 0.7
    return *(numbers.normal(size=(*batch, *shape)) for shape in shapes), mask


def test_two_by_two_by_hand():
    # q · k is 4 ln 3 where both match, else 0; d_k = 4, so the score is 2 ln 3, and exp gives 9 against 1.
    side = np.sqrt(4 * np.log(3))
    Q = K = np.array([[side, 0, 0, 0], [0, side, 0, 0]])
    result = attention(Q, K, np.array([[10.0, 0.0], [0.0, 100.0]]))
    assert np.allclose(result.scores, [[2 * np.log(3), 0], [0, 2 * np.log(3)]])
    assert np.allclose(result.weights, [[0.9, 0.1], [0.1, 0.9]])
    assert np.allclose(result.output, [[9, 10], [1, 90]])


@given(problems())
@settings(max_examples=60, deadline=None)
@pytest.mark.filterwarnings("error")
def test_a_naive_loop_gives_the_same_and_a_masked_weight_is_exactly_zero(problem):
    """Rows that are masked whole are among them."""
    Q, K, V, mask = problem
    result = attention(Q, K, V, mask)
    assert (result.weights[~mask] == 0).all()
    assert np.allclose(result.weights.sum(axis=-1), mask.any(axis=-1))
    for at in np.ndindex(Q.shape[:-2]):
        weights, output = by_loop(Q[at], K[at], V[at], mask[at])
        assert np.allclose(result.weights[at], weights)
        assert np.allclose(result.output[at], output)


def test_permuting_keys_and_values_together_changes_nothing():
    order = [3, 0, 4, 2, 1]
    assert np.allclose(attention(Q, K[order], V[order]).output, attention(Q, K, V).output)
    assert not np.allclose(attention(Q, K[order], V).output, attention(Q, K, V).output)


def test_adding_a_constant_to_a_row_of_scores_changes_nothing():
    rows = rng.normal(size=(3, 5))
    assert np.allclose(softmax(rows + np.array([[7.0], [-300.0], [0.5]])), softmax(rows))


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_large_scores_stay_finite(size):
    weights = softmax(np.array([[size, size + 1, -size], [size, size, size]]))
    assert np.isfinite(weights).all()
    assert np.allclose(weights.sum(axis=-1), 1)
    assert np.allclose(weights[1], 1 / 3)


def test_a_changed_future_token_leaves_earlier_outputs_as_they_are():
    Q, K, V = rng.normal(size=(3, 6, 4))
    before = attention(Q, K, V, causal_mask(6)).output
    K[4:], V[4:] = 1e3, -1e3
    after = attention(Q, K, V, causal_mask(6)).output
    assert np.array_equal(before[:4], after[:4])
    assert not np.allclose(before[4:], after[4:])


def test_the_softmax_runs_along_rows_unless_told_otherwise():
    weights = attention(Q, K, V).weights
    assert np.allclose(weights.sum(axis=1), 1)
    assert not np.allclose(weights.sum(axis=0), 1)
    assert np.allclose(softmax(Q, axis=0).sum(axis=0), 1)


def test_low_temperature_picks_the_best_and_high_temperature_evens_out():
    best = np.eye(5)[scores(Q, K).argmax(axis=1)]
    assert np.allclose(attention(Q, K, V, temperature=1e-4).weights, best)
    assert np.allclose(attention(Q, K, V, temperature=1e6).weights, 1 / 5, atol=1e-5)
    assert np.allclose(attention(Q, K, V, temperature=2.0).weights, softmax(scores(Q, K) / 2))


def test_without_scale_the_scores_are_plain_dot_products():
    assert np.allclose(scores(Q, K, scale=False), scores(Q, K) * np.sqrt(4))
    assert scores(Q, K)[2, 4] * 2 == pytest.approx(sum(Q[2] * K[4]))


def test_masks_say_who_may_look():
    assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]
    assert padding_mask(2, 3).tolist() == [[True, True, False]]
    lengths = padding_mask([1, 3], 3)
    assert lengths.shape == (2, 1, 3)
    weights = attention(np.stack([Q, Q]), np.stack([K, K])[:, :3], np.stack([V, V])[:, :3], lengths).weights
    assert weights[0, :, 0].tolist() == [1.0, 1.0, 1.0]
    assert (weights[1] > 0).all()


def test_the_result_cannot_be_changed_by_name():
    with pytest.raises(AttributeError):
        attention(Q, K, V).weights = 0


def with_entry(value):
    changed = Q.copy()
    changed[1, 2] = value
    return changed


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: scores(Q, K[:, :3]), "Q has 4 columns but K has 3; both need d_k"),
        (lambda: scores(Q[0], K), "Q has shape (4,); it needs at least two axes"),
        (lambda: scores(Q, np.zeros((5, 0))), "K has shape (5, 0); it needs at least one column"),
        (
            lambda: scores(np.zeros((2, 3, 4)), np.zeros((3, 5, 4))),
            "Q has batch axes (2,) but K (3,); they must broadcast",
        ),
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
@pytest.mark.filterwarnings("error")
def test_an_error_names_the_argument_and_what_it_should_be(call, message):
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}"):
        call()
