"""Where a token stands, as a vector that is added to its own."""

import numpy as np

from ..arguments import whole


def positions(n, d_model) -> np.ndarray:
    """Waves of d_model / 2 lengths, a sine and a cosine of each (Vaswani et al. 2017, section 3.5).

    n : number of tokens
    d_model : even
    Returns an array of shape (n, d_model): row p has sin(p / 10000^(2i / d_model)) in column 2i, the cosine in 2i + 1.
    Raises ValueError or TypeError.
    """
    n, d_model = whole("n", n), whole("d_model", d_model, 2)
    if d_model % 2:
        raise ValueError(f"d_model is {d_model}; it must be even, a sine and a cosine for each wave")
    angles = np.arange(n)[:, None] / 10000 ** (np.arange(0, d_model, 2) / d_model)  # (n, d_model / 2)
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d_model)
