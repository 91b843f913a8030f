"""Attention in plain NumPy: scores, weights, output.

Rows are tokens. With Q of shape (n_queries, d_k), K (n_keys, d_k) and V (n_keys, d_v):
scores = Q @ K.T / sqrt(d_k), weights = softmax of each row, output = weights @ V
(Vaswani et al. 2017, "Attention Is All You Need", eq. 1). Leading batch axes are allowed everywhere.
"""

import sys
from dataclasses import dataclass
from numbers import Real

import numpy as np

from .arguments import array, first, flag, numbers, shown, whole, whole_numbers


@dataclass(frozen=True, eq=False)
class Attention:
    """What `attention` returns: every step, so that each number can be traced.

    scores : ndarray, shape (..., n_queries, n_keys), before mask and temperature
    weights : ndarray, shape (..., n_queries, n_keys); each row sums to 1, a masked weight is exactly 0
    output : ndarray, shape (..., n_queries, d_v)
    """

    scores: np.ndarray
    weights: np.ndarray
    output: np.ndarray


def attention(Q, K, V, mask=None, scale=True, temperature=1.0) -> Attention:
    """Mix the rows of V for each query, by how well the query matches each key (Vaswani et al. 2017, eq. 1).

    Q : array, shape (..., n_queries, d_k)
    K : array, shape (..., n_keys, d_k)
    V : array, shape (..., n_keys, d_v)
    mask : boolean array that broadcasts to (..., n_queries, n_keys); True = may look, as in PyTorch
    scale : divide the scores by sqrt(d_k)
    temperature : above 0; the scores are divided by it before the softmax, so below 1 sharpens, above 1 evens out

    A query that may look nowhere gets weights and output 0. Raises ValueError or TypeError naming the argument.
    """
    all_scores = scores(Q, K, scale)
    V = values_of(V, all_scores)
    allowed = cooled(all_scores, temperature)
    if mask is not None:
        allowed = np.where(mask_of(mask, all_scores.shape), allowed, -np.inf)
    weights = softmax(allowed)
    return Attention(all_scores, weights, weights @ V)  # (n_queries, n_keys) @ (n_keys, d_v) -> (n_queries, d_v)


def scores(Q, K, scale=True) -> np.ndarray:
    """Dot product of every query with every key, divided by sqrt(d_k) unless scale is False.

    Q : array, shape (..., n_queries, d_k)
    K : array, shape (..., n_keys, d_k)
    Returns an array of shape (..., n_queries, n_keys). Raises ValueError or TypeError naming the argument.
    """
    Q, K = queries_and_keys(Q, K)
    flag("scale", scale)
    with np.errstate(over="ignore", invalid="ignore"):
        products = Q @ np.swapaxes(K, -1, -2)  # (n_queries, d_k) @ (d_k, n_keys) -> (n_queries, n_keys)
    if not np.isfinite(products).all():
        raise ValueError(f"Q and K are too large: their product has {first(products, ~np.isfinite(products))}")
    return products / np.sqrt(K.shape[-1]) if scale else products


def softmax(scores, axis=-1) -> np.ndarray:
    """exp(scores) divided by its sum along `axis`; the maximum is subtracted first, so that exp cannot overflow.

    scores : array, any shape; -inf means masked. Slices that are masked whole give zeros.
    Returns an array of the same shape whose slices along `axis` sum to 1. Raises ValueError for nan and +inf.
    """
    scores = numbers("scores", scores, finite=False)
    if not scores.ndim:
        raise ValueError("scores has shape (); it needs at least one axis")
    whole("axis", axis, -scores.ndim, scores.ndim - 1)
    if not (scores < np.inf).all():  # also false for nan
        raise ValueError(f"scores has {first(scores, ~(scores < np.inf))}; each must be finite, or -inf where masked")
    largest = scores.max(axis, keepdims=True, initial=-np.inf)
    exps = np.exp(scores - np.where(largest == -np.inf, 0, largest))
    total = exps.sum(axis, keepdims=True)
    return exps / np.where(total == 0, 1, total)


def causal_mask(n) -> np.ndarray:
    """Each token may look at itself and at earlier ones: boolean, shape (n, n), True = may look."""
    return np.tri(whole("n", n), dtype=bool)


def padding_mask(lengths, n_keys) -> np.ndarray:
    """Only the first `lengths` keys are real, the rest is padding that nobody may look at.

    lengths : whole number, or an array of them, shape (...), each from 0 to n_keys
    Returns a boolean array of shape (..., 1, n_keys), True = may look; it broadcasts over the queries.
    """
    lengths = whole_numbers("lengths", lengths, 0, whole("n_keys", n_keys))
    return (np.arange(n_keys) < lengths[..., None])[..., None, :]


def cooled(scores, temperature) -> np.ndarray:
    """Scores divided by a temperature, a finite number above 0. Raises ValueError."""
    if not isinstance(temperature, Real) or isinstance(temperature, bool) or not 0 < temperature <= sys.float_info.max:
        raise ValueError(f"temperature is {shown(temperature)}; it must be a finite number above 0")
    with np.errstate(over="ignore"):
        divided = scores / float(temperature)
    if not np.isfinite(divided).all():
        raise ValueError(f"temperature is {shown(temperature)}; the scores divided by it are no longer finite")
    return divided


def queries_and_keys(Q, K) -> tuple[np.ndarray, np.ndarray]:
    """Q and K as arrays that fit together. Raises ValueError or TypeError naming the argument."""
    Q, K = _matrix("Q", Q), _matrix("K", K)
    if Q.shape[-1] != K.shape[-1]:
        raise ValueError(f"Q has {Q.shape[-1]} columns but K has {K.shape[-1]}; both need d_k")
    _check_batch("Q", Q, "K", K)
    return Q, K


def values_of(V, scores) -> np.ndarray:
    """V as an array that fits scores or weights. Raises ValueError or TypeError naming the argument."""
    V = _matrix("V", V)
    if V.shape[-2] != scores.shape[-1]:
        raise ValueError(f"V has {V.shape[-2]} rows but K has {scores.shape[-1]}; both need one row per key")
    _check_batch("V", V, "Q and K", scores)
    return V


def mask_of(mask, shape) -> np.ndarray:
    """A mask spread over the shape of the scores. Raises ValueError or TypeError naming the argument."""
    mask = array("mask", mask)
    if mask.dtype != bool:
        raise TypeError(f"mask has dtype {mask.dtype}; it must be boolean, True = may look")
    try:
        return np.broadcast_to(mask, shape)
    except ValueError:
        raise ValueError(f"mask has shape {mask.shape}; it must broadcast to {shape}, (n_queries, n_keys)") from None


def _matrix(name, values):
    values = numbers(name, values)
    if values.ndim < 2:
        raise ValueError(f"{name} has shape {values.shape}; it needs at least two axes, (tokens, features)")
    if values.shape[-1] == 0:
        raise ValueError(f"{name} has shape {values.shape}; it needs at least one column")
    return values


def _check_batch(name, values, other_name, other):
    batch, of_other = values.shape[:-2], other.shape[:-2]
    try:
        np.broadcast_shapes(batch, of_other)
    except ValueError:
        raise ValueError(f"{name} has batch axes {batch} but {other_name} {of_other}; they must broadcast") from None
