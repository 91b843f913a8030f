"""Learning in plain NumPy: gradients written out, and descent along them.

Batch first: arrays are (batch, time, features). Parameters are a dict, name -> array, as are their gradients.
"""

import numpy as np

from .attention import softmax


def attention_gradients(Q, K, V, weights, d_output) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How a loss changes with Q, K and V, from how it changes with the output (scaled, unmasked, temperature 1).

    Q, K, V : as handed to `attention`, shapes (..., n_queries, d_k), (..., n_keys, d_k), (..., n_keys, d_v)
    weights : what `attention` made of them, shape (..., n_queries, n_keys)
    d_output : array, shape (..., n_queries, d_v), the gradient of the loss with respect to the output
    Returns the gradients with respect to Q, K and V, each of the shape of its array.
    """
    d_V = np.swapaxes(weights, -1, -2) @ d_output  # (n_keys, n_queries) @ (n_queries, d_v) -> (n_keys, d_v)
    d_weights = d_output @ np.swapaxes(V, -1, -2)  # (n_queries, d_v) @ (d_v, n_keys) -> (n_queries, n_keys)
    d_scores = weights * (d_weights - (weights * d_weights).sum(axis=-1, keepdims=True))  # each row of the softmax
    d_products = d_scores / np.sqrt(K.shape[-1])
    return d_products @ K, np.swapaxes(d_products, -1, -2) @ Q, d_V


def cross_entropy(logits, targets) -> tuple[float, np.ndarray]:
    """Mean of -log(softmax(logits)[target]), and its gradient with respect to the logits.

    logits : array, shape (..., n_classes)
    targets : whole numbers from 0 to n_classes - 1, shape (...)
    """
    targets = np.asarray(targets)[..., None]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    loss = -np.take_along_axis(log_probabilities, targets, axis=-1).mean()
    right = np.zeros_like(logits)
    np.put_along_axis(right, targets, 1, axis=-1)
    return float(loss), (softmax(logits) - right) / targets.size


class Adam:
    """Steps against the gradient, each as long as its history allows (Kingma & Ba 2015, algorithm 1)."""

    def __init__(self, rate=0.01, decay=0.9, square_decay=0.999):
        self.rate, self.decay, self.square_decay = rate, decay, square_decay
        self.means, self.squares, self.n_steps = {}, {}, 0

    def step(self, parameters, gradients) -> dict:
        """Parameters after one step; those that were handed over stay as they are."""
        self.n_steps += 1
        after = {}
        for name, gradient in gradients.items():
            mean, square = self.means.get(name, 0), self.squares.get(name, 0)
            self.means[name] = mean = self.decay * mean + (1 - self.decay) * gradient
            self.squares[name] = square = self.square_decay * square + (1 - self.square_decay) * gradient**2
            mean, square = mean / (1 - self.decay**self.n_steps), square / (1 - self.square_decay**self.n_steps)
            after[name] = parameters[name] - self.rate * mean / (np.sqrt(square) + 1e-8)
        return after
