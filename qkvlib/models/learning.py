"""Learning in plain NumPy: gradients written out, and descent along them.

Batch first: arrays are (batch, time, features). Parameters are a dict, name -> array, as are their gradients.
"""

from collections.abc import Mapping

import numpy as np
from threadpoolctl import ThreadpoolController

from ..arguments import is_a, numbers, whole_numbers
from ..attention import queries_and_keys, softmax, values_of


def descent(parameters, gradients, rate, n_steps, falling=False):
    """Steps of Adam; yields (step, parameters) at step 0, where nothing is learned yet, and after every step.

    gradients : function, parameters -> their gradients, a dict with the same names; it is called once a step
    falling : the rate falls evenly, from `rate` at the first step to almost 0 at the last
    """
    gradients = ThreadpoolController().wrap(limits=1)(gradients)  # on a busy machine, more threads wait for each other
    adam = Adam(rate)
    yield 0, parameters
    for step in range(1, n_steps + 1):
        if falling:
            adam.rate = rate * (1 - (step - 1) / n_steps)
        parameters = adam.step(parameters, gradients(parameters))
        yield step, parameters


class Adam:
    """Steps against the gradient, each as long as its history allows (Kingma & Ba 2015, algorithm 1)."""

    def __init__(self, rate=0.01, decay=0.9, square_decay=0.999):
        self.rate, self.decay, self.square_decay = rate, decay, square_decay
        self.means, self.squares, self.n_steps = {}, {}, 0

    def step(self, parameters, gradients) -> dict:
        """All parameters after one step; one without a gradient stays, and so do those that were handed over."""
        self.n_steps += 1
        after = dict(parameters)
        for name, gradient in gradients.items():
            mean, square = self.means.get(name, 0), self.squares.get(name, 0)
            self.means[name] = mean = self.decay * mean + (1 - self.decay) * gradient
            self.squares[name] = square = self.square_decay * square + (1 - self.square_decay) * gradient**2
            mean, square = mean / (1 - self.decay**self.n_steps), square / (1 - self.square_decay**self.n_steps)
            after[name] = parameters[name] - self.rate * mean / (np.sqrt(square) + 1e-8)
        return after


def attention_gradients(Q, K, V, weights, d_output) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How a loss changes with Q, K and V, from how it changes with the output (scaled, temperature 1).

    Q, K, V : as handed to `attention`, shapes (..., n_queries, d_k), (..., n_keys, d_k), (..., n_keys, d_v)
    weights : what `attention` made of them, shape (..., n_queries, n_keys); where it masked, 0, nothing goes back
    d_output : array, shape (..., n_queries, d_v), the gradient of the loss with respect to the output
    Returns the gradients with respect to Q, K and V, each of the shape of its array. Raises ValueError or TypeError.
    """
    Q, K = queries_and_keys(Q, K)
    scored = np.broadcast_shapes(Q.shape[:-2], K.shape[:-2])
    weights = numbers("weights", weights, (*scored, Q.shape[-2], K.shape[-2]))
    V = values_of(V, weights)
    mixed = np.broadcast_shapes(scored, V.shape[:-2])
    d_output = numbers("d_output", d_output, (*mixed, Q.shape[-2], V.shape[-1]))
    d_V = np.swapaxes(weights, -1, -2) @ d_output  # (n_keys, n_queries) @ (n_queries, d_v) -> (n_keys, d_v)
    d_weights = d_output @ np.swapaxes(V, -1, -2)  # (n_queries, d_v) @ (d_v, n_keys) -> (n_queries, n_keys)
    d_scores = weights * (d_weights - (weights * d_weights).sum(axis=-1, keepdims=True))  # each row of the softmax
    d_products = d_scores / np.sqrt(K.shape[-1])
    d_Q, d_K = d_products @ K, np.swapaxes(d_products, -1, -2) @ Q
    return _summed(d_Q, Q.shape), _summed(d_K, K.shape), _summed(d_V, V.shape)


def cross_entropy(logits, targets) -> tuple[float, np.ndarray]:
    """Mean of -log(softmax(logits)[target]), and its gradient with respect to the logits.

    logits : array, shape (..., n_classes)
    targets : whole numbers from 0 to n_classes - 1, shape (...)
    Raises ValueError or TypeError naming the argument.
    """
    logits = numbers("logits", logits)
    if not logits.ndim or not logits.size:
        raise ValueError(f"logits has shape {logits.shape}; it must be (..., n_classes) and not be empty")
    targets = whole_numbers("targets", targets, 0, logits.shape[-1] - 1)
    if targets.shape != logits.shape[:-1]:
        raise ValueError(f"targets has shape {targets.shape} but logits {logits.shape}; each row needs one target")
    targets = targets[..., None]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    loss = -np.take_along_axis(log_probabilities, targets, axis=-1).mean()
    right = np.zeros_like(logits)
    np.put_along_axis(right, targets, 1, axis=-1)
    return float(loss), (softmax(logits) - right) / targets.size


def parameter(parameters, name, *shape) -> np.ndarray:
    """The parameter of that name; None in the shape stands for any length. Raises ValueError or TypeError."""
    if name not in is_a("parameters", parameters, Mapping, "a dict, name -> array"):
        raise ValueError(f"parameters has {', '.join(map(str, parameters)) or 'nothing'}, but no {name}")
    return numbers(f"parameters[{name!r}]", parameters[name], shape)


def tokens_of(X, n_in) -> np.ndarray:
    """X as an array of shape (batch, time, n_in), which may be complex. Raises ValueError or TypeError."""
    X = numbers("X", X, may_be_complex=True)
    if X.ndim != 3 or X.shape[2] != n_in:
        raise ValueError(f"X has shape {X.shape}; it must be (batch, time, n_in = {n_in})")
    return X


def check_tape(tape, n, at, shape):
    """Raises ValueError where a tape has not n entries, or that at `at` has another shape."""
    if not isinstance(tape, tuple) or len(tape) != n or np.shape(tape[at]) != shape:
        raise ValueError("tape is not what forward(parameters, X) returned with these parameters and this X")


def _summed(gradient, shape):
    """A gradient summed over the batch axes along which its array was broadcast."""
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    return gradient.sum(axis=tuple(i for i, n in enumerate(shape) if n < gradient.shape[i]), keepdims=True)
