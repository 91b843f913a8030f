"""Positions as waves."""

import cmath

import numpy as np
import pytest

from qkvlib import positions


@pytest.mark.parametrize(("n", "d_model"), [(1, 2), (5, 4), (30, 16)])
def test_each_pair_of_columns_is_a_wave(n, d_model):
    """sin and cos are the imaginary and the real part of a number that turns by the same angle at each step."""
    P = positions(n, d_model)
    assert P.shape == (n, d_model)
    for i in range(d_model // 2):
        turn = cmath.exp(1j / 10000 ** (2 * i / d_model))
        assert np.allclose(P[:, 2 * i + 1] + 1j * P[:, 2 * i], turn ** np.arange(n))


def test_no_two_positions_are_the_same_and_near_ones_are_more_alike():
    P = positions(200, 16)
    products = P @ P.T
    assert np.allclose(np.diag(products), 8)
    assert (products - 100 * np.eye(200)).max() < 8 - 1e-3
    assert np.allclose(np.diag(products, 3), products[0, 3])  # only the distance counts


@pytest.mark.parametrize(("n", "d_model", "said"), [(3, 5, "d_model is 5"), (-1, 4, "n is -1"), (3, 0, "d_model is 0")])
def test_what_cannot_be_is_refused(n, d_model, said):
    with pytest.raises(ValueError, match=said):
        positions(n, d_model)
