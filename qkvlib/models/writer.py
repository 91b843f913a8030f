"""A small Transformer that writes names, letter by letter: forward, backward, trained and asked, in plain NumPy.

Letters are whole numbers from 1; 0 is the end of a name, and what stands before its first letter. Names are rows of
equal length, filled up with 0: "ann" and "bo" could be [[1, 3, 3, 0], [2, 4, 0, 0]]. At each place the model sees the
letters before it and tells which comes next. It is one block of a Transformer (Vaswani et al. 2017) with a causal mask;
what goes into attention and into the two matrices after it is normed (Xiong et al. 2020; Zhang & Sennrich 2019).

Parameters are a dict; n_letters counts the end, too, and d_k is width / n_heads:
letters (n_letters, width), positions (length of a row, width), W_q, W_k, W_v (n_heads, width, d_k),
W_o (n_heads, d_k, width), W_1 (width, 4 width), W_2 (4 width, width), W_u (width, n_letters).
"""

from dataclasses import dataclass

import numpy as np

from ..arguments import flag, generator, whole, whole_numbers
from ..attention import Attention, attention, causal_mask, cooled, padding_mask, softmax
from .learning import attention_gradients, cross_entropy, descent, parameter

END = 0
WIDTH, N_HEADS = 32, 4
N_STEPS, BATCH, RATE = 1500, 64, 0.01  # of the training; the rate falls to 0


@dataclass(frozen=True, eq=False)
class Reading:
    """What `forward` returns: every step, so that each number can be traced. n is the length of the longest name + 1.

    before : whole numbers, shape (batch, n), the letter before each place, 0 before the first
    told : boolean, shape (batch, n), the places of a name and of its end, where the next letter is told
    next : whole numbers, shape (n_told,), the letters that stand there
    X : array, shape (batch, n, width), the vectors of `before` and of the positions, added up
    Q, K, V : arrays, shape (batch, n_heads, n, d_k)
    attended : what attention made of them; its weights have shape (batch, n_heads, n, n)
    H : array, shape (n_told, width), what the heads found, added to X; from here on each place is on its own
    inner : array, shape (n_told, 4 width)
    Y : array, shape (n_told, width), what the two matrices made of H, added to it
    logits : array, shape (n_told, n_letters), the score of each letter that may come next
    """

    before: np.ndarray
    told: np.ndarray
    next: np.ndarray
    X: np.ndarray
    Q: np.ndarray
    K: np.ndarray
    V: np.ndarray
    attended: Attention
    H: np.ndarray
    inner: np.ndarray
    Y: np.ndarray
    logits: np.ndarray


def forward(parameters, names, causal=True) -> Reading:
    """Read names, and score at each of their places the letters that may stand there.

    names : whole numbers, shape (batch, length), each row ending with 0
    causal : a place sees only the letters before it; otherwise it sees the whole name
    Raises ValueError or TypeError naming the argument.
    """
    return _forward(_checked(parameters), names, flag("causal", causal))


def _forward(p, names, causal=True):
    names, lengths = _names(names, p)
    n = names.shape[1]
    before = np.hstack([np.full((len(names), 1), END), names[:, :-1]])
    real = padding_mask(lengths, n)  # (batch, 1, n)
    X = p["letters"][before] + p["positions"][:n]
    Q, K, V = (_normed(X)[:, None] @ p[name] for name in ("W_q", "W_k", "W_v"))  # (n, width) @ (width, d_k), each head
    attended = attention(Q, K, V, causal_mask(n) if causal else real[:, None])
    found = (attended.output @ p["W_o"]).sum(axis=1)  # (n, d_k) @ (d_k, width), added up over the heads
    told = real[:, 0]
    H = (X + found)[told]
    inner = np.maximum(_normed(H) @ p["W_1"], 0)
    Y = H + inner @ p["W_2"]
    return Reading(before, told, names[told], X, Q, K, V, attended, H, inner, Y, logits=_normed(Y) @ p["W_u"])


def loss(parameters, names, causal=True) -> float:
    """Cross-entropy in nats per letter, where the end of a name counts as one; arguments as for `forward`."""
    read = forward(parameters, names, causal)
    return cross_entropy(read.logits, read.next)[0]


def loss_and_gradients(parameters, names, causal=True) -> tuple[float, dict]:
    """`loss`, and its gradients: `forward`, backwards."""
    p = _checked(parameters)
    read = _forward(p, names, flag("causal", causal))
    loss, d_logits = cross_entropy(read.logits, read.next)
    d_Y = _normed_gradient(read.Y, d_logits @ p["W_u"].T)
    d_inner = (d_Y @ p["W_2"].T) * (read.inner > 0)
    d_H = np.zeros_like(read.X)
    d_H[read.told] = d_Y + _normed_gradient(read.H, d_inner @ p["W_1"].T)
    d_output = d_H[:, None] @ _T(p["W_o"])  # (batch, n_heads, n, d_k)
    d_roles = attention_gradients(read.Q, read.K, read.V, read.attended.weights, d_output)
    d_roles = dict(zip(("W_q", "W_k", "W_v"), d_roles, strict=True))
    d_asking = sum((d_role @ _T(p[name])).sum(axis=1) for name, d_role in d_roles.items())
    d_X = d_H + _normed_gradient(read.X, d_asking)

    one_hot = np.eye(len(p["letters"]))[read.before]  # X = one_hot @ letters + positions
    d_positions = np.zeros_like(p["positions"])
    d_positions[: d_X.shape[1]] = d_X.sum(axis=0)
    return loss, {
        "letters": np.tensordot(one_hot, d_X, ([0, 1], [0, 1])),
        "positions": d_positions,
        **{name: (_T(_normed(read.X))[:, None] @ d_role).sum(axis=0) for name, d_role in d_roles.items()},
        "W_o": (_T(read.attended.output) @ d_H[:, None]).sum(axis=0),
        "W_1": _normed(read.H).T @ d_inner,
        "W_2": read.inner.T @ d_Y,
        "W_u": _normed(read.Y).T @ d_logits,
    }


def _normed(X) -> np.ndarray:
    """Each row divided by the root of its mean square (RMS norm without a gain, Zhang & Sennrich 2019, eq. 4)."""
    return X / _size(X)


def _normed_gradient(X, d_normed) -> np.ndarray:
    """The gradient with respect to X from that with respect to _normed(X); all of the shape of X."""
    Y = _normed(X)
    return (d_normed - Y * (Y * d_normed).mean(axis=-1, keepdims=True)) / _size(X)


def train(names, n_letters, seed=0, n_heads=N_HEADS, causal=True, attention=True, positions=True):
    """Learn from random numbers, 1,500 steps of 64 names; yields (step, parameters) at step 0 and after every step.

    names : whole numbers, shape (n_names, length), each row ending with 0
    n_letters : how many letters there are, with the end
    n_heads : how many heads share the width
    causal : with the mask; without it, a place sees the letter that it is to tell
    attention, positions : without one of them, W_o or positions is 0 and stays so
    Raises ValueError or TypeError naming the argument.
    """
    rng = np.random.default_rng(whole("seed", seed))
    names = whole_numbers("names", names, 0, whole("n_letters", n_letters, 2) - 1, (None, None))
    first = first_parameters(rng, n_letters, names.shape[1], n_heads)
    _names(names, first)
    used = {"W_o": flag("attention", attention), "positions": flag("positions", positions)}
    fixed, causal = [name for name in used if not used[name]], flag("causal", causal)
    first |= {name: np.zeros_like(first[name]) for name in fixed}

    def gradients(parameters):
        batch = names[rng.integers(len(names), size=BATCH)]
        found = loss_and_gradients(parameters, batch, causal)[1]
        return {name: found[name] for name in found if name not in fixed}

    return descent(first, gradients, RATE, N_STEPS, falling=True)


def first_parameters(rng, n_letters, length, n_heads=N_HEADS) -> dict:
    """Random numbers, with a standard deviation of 0.5 / sqrt(how many are added up).

    length : of a row of names: the letters of the longest, and the end
    """
    generator("rng", rng)
    n_letters, length = whole("n_letters", n_letters, 2), whole("length", length, 1)
    if WIDTH % whole("n_heads", n_heads, 1):
        raise ValueError(f"n_heads is {n_heads}; it must divide the width, {WIDTH}")
    d_k = WIDTH // n_heads

    def some(n_added, *shape):
        return 0.5 * rng.normal(size=shape) / np.sqrt(n_added)

    return {
        "letters": some(1, n_letters, WIDTH),
        "positions": some(1, length, WIDTH),
        **{name: some(WIDTH, n_heads, WIDTH, d_k) for name in ("W_q", "W_k", "W_v")},
        "W_o": some(WIDTH, n_heads, d_k, WIDTH),
        "W_1": some(WIDTH, WIDTH, 4 * WIDTH),
        "W_2": some(4 * WIDTH, 4 * WIDTH, WIDTH),
        "W_u": some(WIDTH, WIDTH, n_letters),
    }


def next_letter(parameters, prefix, temperature=1.0) -> tuple[np.ndarray, np.ndarray]:
    """How probable each letter is after a prefix, and what the model looked at.

    prefix : list of whole numbers, n - 1 of them, which may be none
    temperature : above 0; the scores are divided by it
    Returns the probabilities, shape (n_letters,), that of the end first, and the weights, shape (n_heads, n, n), of the
    start and the prefix; the last row is that of the last letter. Raises ValueError or TypeError naming the argument.
    """
    p = _checked(parameters)
    prefix = whole_numbers("prefix", prefix, 1, len(p["letters"]) - 1, (None,))
    if len(prefix) >= len(p["positions"]):
        raise ValueError(f"prefix has {len(prefix)} letters; it must have at most {len(p['positions']) - 1}")
    read = _forward(p, [[*prefix, END]])
    return softmax(cooled(read.logits[-1], temperature)), read.attended.weights[0]


def write(parameters, rng, temperature=1.0) -> list[int]:
    """One name, each letter drawn as probable as `next_letter` says, until the end, or the length of the longest.

    Raises ValueError or TypeError naming the argument.
    """
    generator("rng", rng)
    p, written = _checked(parameters), []
    while len(written) < len(p["positions"]) - 1:
        probabilities, _ = next_letter(p, written, temperature)
        letter = int(rng.choice(len(probabilities), p=probabilities))
        if letter == END:
            break
        written.append(letter)
    return written


def _checked(parameters):
    """The parameters, if their shapes fit together."""
    n_letters, width = parameter(parameters, "letters", None, None).shape
    n_heads, _, d_k = parameter(parameters, "W_q", None, width, None).shape
    n_inner = parameter(parameters, "W_1", width, None).shape[1]
    shapes = {"letters": (n_letters, width), "positions": (None, width), "W_o": (n_heads, d_k, width)}
    shapes |= dict.fromkeys(("W_q", "W_k", "W_v"), (n_heads, width, d_k))
    shapes |= {"W_1": (width, n_inner), "W_2": (n_inner, width), "W_u": (width, n_letters)}
    return {name: parameter(parameters, name, *shape) for name, shape in shapes.items()}


def _names(names, p):
    """Names as an array that is as long as the longest of them and its end, and the length of each with its end."""
    names = whole_numbers("names", names, 0, len(p["letters"]) - 1, (None, None))
    lengths = 1 + np.count_nonzero(names, axis=1)
    ended = (names != END) == (np.arange(names.shape[1]) < lengths[:, None] - 1)
    if not names.size or not ended.all() or lengths.max() > names.shape[1]:
        raise ValueError(f"names has shape {names.shape}; it must have names, each with 0 at its end and nowhere else")
    if lengths.max() > len(p["positions"]):
        raise ValueError(f"names has one of {lengths.max() - 1} letters; the longest has {len(p['positions']) - 1}")
    return names[:, : lengths.max()], lengths


def _size(X):
    return np.sqrt((X**2).mean(axis=-1, keepdims=True) + 1e-5)


def _T(X):
    return np.swapaxes(X, -1, -2)
