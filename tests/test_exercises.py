"""The checks of the reader's answers: wrong ones are refused by name, right ones accepted, and each hint is true."""

import ast
import json
import linecache
import math
import re
import textwrap
import warnings
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import qkvlib
from qkvlib import words
from qkvlib.exercises.attention import check_attention
from qkvlib.exercises.context import check_context
from qkvlib.exercises.rnn_step import check_rnn_step
from qkvlib.exercises.roles import SENTENCES, check_roles
from qkvlib.exercises.scores import check_scores
from qkvlib.exercises.soft_lookup import check_soft_lookup
from qkvlib.exercises.softmax import check_softmax
from qkvlib.explorers.context import SENSE_WORDS
from qkvlib.text.handmade import KNOWN

pytestmark = pytest.mark.filterwarnings("error")

PARAMETERS = {
    check_soft_lookup: "query, keys, values",
    check_scores: "Q, K",
    check_softmax: "scores",
    check_attention: "Q, K, V, mask",
    check_rnn_step: "x, h, W, U, b",
}
cells = count()


# What a reader may have written in cells before.


def shifted(scores, axis=-1):
    return np.exp(scores - scores.max(axis, keepdims=True))


def my_softmax(scores, axis=-1):
    return shifted(scores, axis) / shifted(scores, axis).sum(axis, keepdims=True)


def math_softmax(scores, shift=max):
    rows = []
    for row in scores.tolist():
        exps = [math.exp(score - shift(row)) for score in row]
        rows.append([e / sum(exps) for e in exps])
    return np.array(rows)


def scaled(Q, K):
    return np.einsum("if,jf->ij", Q, K) / K.shape[1] ** 0.5


def masked(Q, K, mask, value=-np.inf):
    return np.where(mask, scaled(Q, K), value)


def attended(Q, K, V, mask):
    """Query by query, key by key."""
    rows = []
    for q, seen in zip(Q, mask, strict=True):
        scores = [sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5 for k in K[seen]]
        exps = [math.exp(score - max(scores)) for score in scores]
        rows.append(sum(e / sum(exps) * v for e, v in zip(exps, V[seen], strict=True)))
    return np.array(rows)


class Tensor:
    """Numbers that are no array of NumPy's, and as PyTorch's with gradients need not be willing to become one."""

    def __init__(self, numbers, grad=False):
        self.numbers, self.grad = numbers, grad

    def __array__(self, *arguments, **options):
        if self.grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return np.asarray(self.numbers)


# What the lessons' cells leave behind.
LESSONS = {"sharpness": 10, "match": np.linspace(0, 1, 7), "V": np.eye(7)[:, :3], "weights": np.eye(4), "d_k": 3}
LESSONS |= {"tokens": ["I", "go", "to", "school"], "scores": np.eye(4), "w": 1.0, "u": 0.9, "t": 0}


def cell(check, code, parameters=None, **variables):
    """The function of a reader whose body, or whose result, is this code, as if it stood in a cell of a notebook."""
    body = code if "return" in code else f"return {code}"
    source = f"def answer({PARAMETERS[check] if parameters is None else parameters}):\n" + textwrap.indent(body, "    ")
    name, space = f"cell {next(cells)}", {**globals(), **variables}
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    exec(compile(source, name, "exec"), space)
    return space["answer"]


def hint_of(report):
    """The name of the hint that a report gives, and what fills it."""
    last = report.text.splitlines()[-1].lstrip("✗ ")
    for key, text in words.table("en").items():
        if key.startswith("exercise.hint."):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(words.text("exercise.advice", hint=text)))
            if found := re.fullmatch(pattern, last):
                return key.removeprefix("exercise.hint."), found.groupdict()
    raise AssertionError(f"no hint in {report.text}")


WRONG = {
    check_soft_lookup: {
        "np.mean(values, axis=0)": "mean_of_values",
        "sum(values)": "mean_of_values",
        "values[(keys @ query).argmax()]": "hard",
        "values.T @ (keys @ query)": "no_softmax",
        "keys @ query / np.sum(keys @ query) @ values": "no_exp",
        "my_softmax(keys @ query @ values)": "softmax_last",
        "keys @ query @ my_softmax(values)": "softmax_last",
        "keys @ query @ my_softmax(values, axis=0)": "softmax_last",
        "np.exp(keys @ query) @ values": "undivided",
        "shifted(keys @ query) @ values": "undivided",
        "my_softmax(keys @ query)": "no_values",
        "keys.dot(query)": "no_values",
        "my_softmax(keys @ query).reshape(-1, 1) * values": "not_summed",
        "my_softmax(keys @ query / len(query) ** 0.5) @ values": "scaled",
        "my_softmax(keys @ query / np.linalg.norm(keys, axis=1)) @ values": "cosine",
        "my_softmax(keys @ query / (np.linalg.norm(keys, axis=1) * np.linalg.norm(query))) @ values": "cosine",
        "my_softmax(values @ query) @ keys": "swapped",
        "query *= 2\nreturn my_softmax(keys @ query / 2) @ values": "in_place",
        "my_softmax(keys @ query)[None] @ values": "shape",
    },
    check_scores: {
        "Q @ K.T": "unscaled",
        "(Q @ K.T).tolist()": "unscaled",
        "Q @ K.T / math.sqrt(4)": "d_model",
        "Q @ K.T / Q.shape[-1]": "d_k",
        "Q @ K.T / len(K) ** 0.5": "n_keys",
        "Q @ K.T / Q.shape[0] ** 0.5": "n_keys",
        "Q @ K.T * len(K[0]) ** 0.5": "multiplied",
        "(Q @ K.T / Q.shape[1] ** 0.5).T": "transposed",
        "my_softmax(Q @ K.T / np.sqrt(K.shape[1]))": "already_softmax",
        "my_softmax(Q @ K.T)": "already_softmax",
        "Q * K": "elementwise",
        "Q * K / Q.shape[1] ** 0.5": "elementwise",
        "Q @ K": "exception",
        "K[5]": "stopped",
        "raise RuntimeError('a {brace} and more')\nreturn": "stopped",
        "Q @ K.T / sqrt(K.shape[1])": "numpy_name",
        "Q @ K.transpose(-2, -1) / K.size(-1) ** 0.5": "torch",
        "torch.matmul(Q, K.T)": "torch",
        "(Q[:, None] * K).sum(dim=-1)": "torch",
        "import torch\nreturn torch.tensor(Q)": "torch",
        "answer(Q, K)": "recursion",
        "raise SystemExit(1)\nreturn": "exit",
        "Q /= np.sqrt(Q.shape[1])\nreturn Q @ K.T": "in_place",
        "scaled(Q, K).tolist()": "list",
        "tuple(scaled(Q, K))": "list",
        "(scaled(Q, K), my_softmax(scaled(Q, K)))": "tuple",
        "scaled(Q, K),": "tuple",
        "Tensor(scaled(Q, K))": "other_array",
        "Tensor(scaled(Q, K), grad=True)": "not_array",
        "np.exp(Q)\nreturn": "none",
        "'Q @ K.T'": "not_array",
        "{'scores': scaled(Q, K)}": "not_array",
        "[[1.0], [1.0, 2.0]]": "not_array",
        "scaled(Q, K) if len(Q) > 2 else ...": "not_array",
        "scaled(Q, K) + 0j": "not_array",
        "yield scaled(Q, K)\nreturn": "not_array",
        "scaled(Q, K) * np.nan": "nan",
        "np.zeros((len(Q), len(K)))": "values",
        "scaled(Q, K) * np.inf": "values",
        "-scaled(Q, K)": "values",
        "Q @ K.T / int(np.sqrt(Q.shape[1]))": "values",
        "np.round(scaled(Q, K), 2)": "rounded",
        "0.5": "shape",
        "'0.5'": "shape",
        "np.squeeze(scaled(Q, K))": "shape",
        "Q @ Q.T": "shape",
        "[]": "shape",
    },
    check_softmax: {
        "my_softmax(scores, axis=0)": "columns",
        "np.exp(scores) / np.sum(np.exp(scores), 0)": "columns",
        "shifted(scores) / shifted(scores).sum(axis=0)": "columns",
        "e = np.exp(scores - np.max(scores))\nreturn e / sum(e)": "columns",
        "e = np.exp(scores - scores.max())\nreturn e / e.sum()": "whole",
        "np.exp(scores) / np.sum(np.exp(scores))": "whole",
        "my_softmax(scores.T)": "transposed_softmax",
        "my_softmax(scores).T": "transposed_softmax",
        "np.exp(scores) / np.exp(scores).sum(axis=1)[:, None]": "overflow",
        "math_softmax(scores, shift=lambda row: 0)": "overflow",
        "e = np.exp(scores - scores.max())\nreturn e / e.sum(-1, keepdims=True)": "overflow",
        "math_softmax(scores, shift=lambda row: scores.max())": "overflow",
        "np.exp(scores) / np.exp(scores).sum(axis=1)": "keepdims",
        "shifted(scores) / shifted(scores).sum(axis=1)": "keepdims",
        "e = np.exp(scores - scores.max(axis=1))\nreturn e / e.sum(axis=1, keepdims=True)": "keepdims",
        "e = np.exp(scores - scores.max(axis=1))\nreturn e / e.sum(axis=1)": "keepdims",
        "scores / scores.sum(axis=1)[:, None]": "no_exp",
        "np.e**scores": "no_division",
        "shifted(scores)": "no_division",
        "scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)": "logarithm",
        "shifted(scores) / shifted(scores).mean(axis=1, keepdims=True)": "mean",
        "weights = my_softmax(scores)\nscores[0, 0] = 0.25\nreturn weights": "in_place",
        "F.softmax(scores, dim=-1)": "torch",
        "np.softmax(scores)": "stopped",
        "scores": "values",
        "1 / (1 + np.exp(-scores))": "values",
        "(scores == scores.max(axis=1, keepdims=True)).astype(float)": "values",
        "my_softmax(np.nan_to_num(scores, neginf=-1))": "values",
        "my_softmax(scores).round(3)": "rounded",
        "shifted(scores).sum(axis=1)": "shape",
    },
    check_attention: {
        "my_softmax(np.where(mask, Q @ K.T, -np.inf)) @ V": "unscaled",
        "my_softmax(masked(Q, K, mask) / Q.shape[1] ** 0.5) @ V": "d_k",
        "my_softmax(masked(Q, K, mask) * (Q.shape[1] / V.shape[1]) ** 0.5) @ V": "d_v",
        "my_softmax(masked(Q, K, mask) * (Q.shape[1] / len(V)) ** 0.5) @ V": "n_keys",
        "my_softmax(masked(Q, K, mask) * (Q.shape[1] / len(Q)) ** 0.5) @ V": "n_keys",
        "my_softmax(masked(Q, K, mask) * Q.shape[1]) @ V": "multiplied",
        "my_softmax(np.where(mask, Q @ K.T, -np.inf)) @ V / Q.shape[1] ** 0.5": "scaled_late",
        "my_softmax(np.where(mask, scaled(K, Q), -np.inf)) @ V": "transposed",
        "my_softmax(masked(Q, K, mask), axis=0) @ V": "columns",
        "qkvlib.softmax(masked(Q, K, mask), axis=0) @ V": "columns",
        "e = shifted(masked(Q, K, mask))\nreturn e / e.sum(axis=0, keepdims=True) @ V": "columns",
        "s = masked(Q, K, mask)\nreturn np.exp(s - s.max()) / np.exp(s - s.max()).sum() @ V": "whole",
        "e = np.exp(masked(Q, K, mask))\nreturn e / e.sum(axis=1, keepdims=True) @ V": "overflow",
        "s = masked(Q, K, mask)\ne = np.exp(s - s.max())\nreturn e / e.sum(axis=1, keepdims=True) @ V": "overflow",
        "math_softmax(masked(Q, K, mask), shift=lambda row: 0) @ V": "overflow",
        "e = np.exp(scaled(Q, K)) * mask\nreturn e / e.sum(axis=1, keepdims=True) @ V": "overflow",
        "e = shifted(masked(Q, K, mask))\nreturn e / e.sum(axis=1) @ V": "keepdims",
        "np.exp(masked(Q, K, mask)) @ V": "undivided",
        "shifted(masked(Q, K, mask)) @ V": "undivided",
        "scaled(Q, K) @ V": "no_softmax",
        "masked(Q, K, mask) @ V": "no_softmax",
        "scaled(Q, K) * mask @ V": "no_softmax",
        "my_softmax(scaled(Q, K) @ V)": "softmax_last",
        "my_softmax(masked(Q, K, mask))": "weights_returned",
        "my_softmax(scaled(Q, K))": "weights_returned",
        "attended(Q, K, V, mask) / len(V)": "averaged_again",
        "attended(Q, K, V, mask | True)": "mask_ignored",
        "np.where(mask, my_softmax(scaled(Q, K)), 0) @ V": "mask_after",
        "my_softmax(masked(Q, K, ~mask)) @ V": "mask_inverted",
        "qkvlib.attention(Q, K, V, ~mask).output": "mask_inverted",
        "my_softmax(masked(Q, K, ~mask, -1e9)) @ V": "mask_inverted",
        "scores = scaled(Q, K)\nscores += mask * -1e9\nreturn my_softmax(scores) @ V": "mask_inverted",
        "my_softmax(scaled(Q, K) * mask) @ V": "mask_multiplied",
        "my_softmax(masked(Q, K, mask, 0)) @ V": "mask_multiplied",
        "my_softmax(scaled(Q, K) + mask) @ V": "mask_added",
        **{f"my_softmax(masked(Q, K, mask, {low})) @ V": "mask_finite" for low in (-10, -20, -100, -1000, -1e4)},
        **{f"my_softmax(scaled(Q, K) + ~mask * {low}) @ V": "mask_finite" for low in (-20, -100, -1e4)},
        "e = shifted(scaled(Q, K)) * mask\nreturn e / e.sum(axis=1, keepdims=True) @ V": "maximum_early",
        "w = my_softmax(scaled(Q, K)) * mask\nreturn w / w.sum(axis=1, keepdims=True) @ V": "maximum_early",
        "s = scaled(Q, K)\ne = np.exp(s - s.max()) * mask\nreturn e / e.sum(1)[:, None] @ V": "maximum_early",
        "my_softmax(scaled(Q, K) + (1 - mask) * -np.inf) @ V": "nan",
        "my_softmax(scaled(Q, K).masked_fill(mask == 0, -1e9)) @ V": "torch",
        "(attended(Q, K, V, mask), my_softmax(masked(Q, K, mask)))": "tuple",
        "output = attended(Q, K, V, mask)\nmask[:] = True\nreturn output": "in_place",
        "my_softmax(scaled(Q, K) + 3 * mask) @ V": "values",
    },
    check_rnn_step: {
        "x @ W + h @ U + b": "step_no_tanh",
        "np.tanh(x @ W + h @ U)": "step_no_bias",
        "np.tanh(b + x @ W)": "step_no_hidden",
        "np.tanh(b + h @ U)": "step_no_input",
        "np.tanh(x @ W + U @ h + b)": "step_transposed",
        "np.tanh(W @ x + U @ h + b)": "step_transposed",
        "np.tanh(W @ x + h @ U + b)": "step_transposed",
        "np.tanh(W * x + U * h + b)": "step_elementwise",
        "np.tanh(x @ U + h @ W + b)": "step_exchanged",
        "np.tanh(x @ W) + np.tanh(h @ U) + b": "step_tanh_early",
        "np.tanh(x @ W + h @ U) + b": "step_tanh_early",
        "np.tanh(x @ W) + h @ U + b": "step_tanh_early",
        "np.tanh(h @ U) + x @ W + b": "step_tanh_early",
        "1 / (1 + np.exp(-(x @ W + h @ U + b)))": "step_sigmoid",
        "h + np.tanh(x @ W + h @ U + b)": "step_added",
        "np.tanh(x @ W + h @ U + b + h)": "step_added",
        "np.tanh(np.tanh(x @ W + h @ U + b))": "step_tanh_twice",
        "np.tanh(x @ W + h @ U + b), (x, h)": "tuple",
        "h[:] = np.tanh(x @ W + h @ U + b)\nreturn h": "in_place",
    },
}

RIGHT = {
    check_soft_lookup: [
        "my_softmax(keys @ query) @ values",
        "np.exp(keys @ query) @ values / np.exp(keys @ query).sum()",
        "np.average(values, axis=0, weights=np.exp(keys @ query))",
        "w = [math.exp(sum(q * k for q, k in zip(query, key))) for key in keys]\n"
        "return sum(e / sum(w) * value for e, value in zip(w, values))",
        "my_softmax((keys @ query).astype(np.float32)) @ values.astype(np.float32)",
        "qkvlib.attention(query[None], keys, values, scale=False).output[0]",
    ],
    check_scores: [
        "scaled(Q, K)",
        "result = np.zeros((len(Q), len(K)))\nfor i, j in np.ndindex(result.shape):\n"
        "    for f in range(len(K[j])):\n        result[i, j] += Q[i, f] * K[j, f] / math.sqrt(len(K[j]))\n"
        "return result",
        "Q.astype(np.float32) @ K.astype(np.float32).T / np.float32(math.sqrt(K.shape[1]))",
        "(Q / Q.shape[1] ** 0.25) @ (K / K.shape[1] ** 0.25).T",
        "(K @ Q.T).T * Q.shape[-1] ** -0.5",
        "(Q[:, None] * K).sum(axis=-1) / math.sqrt(K.shape[-1])",
        "np.asmatrix(Q) * np.asmatrix(K).T / np.sqrt(K.shape[1])",
        "np.array(scaled(Q, K).tolist())",
        "print('here')\nreturn qkvlib.scores(Q, K)",
    ],
    check_softmax: [
        "my_softmax(scores)",
        "math_softmax(scores)",
        "np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))",
        "(shifted(scores).T / shifted(scores).sum(axis=1)).T",
        "my_softmax(scores.astype(np.float32))",
        "np.array([np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in scores])",
        "scores = scores - scores.max(axis=1, keepdims=True)\nscores -= 1\nreturn my_softmax(scores)",
        "warnings.warn('careful', stacklevel=2)\nnp.log(np.zeros(3))\nreturn qkvlib.softmax(scores)",
    ],
    check_attention: [
        "attended(Q, K, V, mask)",
        "my_softmax(masked(Q, K, mask)) @ V",
        "my_softmax(masked(Q, K, mask, -1e9)) @ V",
        "my_softmax(scaled(Q, K) + (1 - mask) * -1e9) @ V",
        "my_softmax(scaled(Q, K) + np.log(mask)) @ V",
        "scores = scaled(Q, K)\nscores[~mask] = -np.inf\nreturn my_softmax(scores) @ V",
        "my_softmax(np.where(mask, Q / K.shape[1] ** 0.5 @ K.T, -np.inf)) @ V",
        "e = shifted(masked(Q, K, mask))\nreturn e @ V / e.sum(axis=1)[:, None]",
        "np.einsum('qk,kv->qv', math_softmax(masked(Q, K, mask)), V)",
        "Q, K, V = (x.astype(np.float32) for x in (Q, K, V))\nreturn my_softmax(masked(Q, K, mask)) @ V",
        "qkvlib.attention(Q, K, V, mask).output",
    ],
    check_rnn_step: [
        "np.tanh(x @ W + h @ U + b)",
        "np.tanh(W.T @ x + U.T @ h + b)",
        "np.tanh(np.concatenate([x, h]) @ np.vstack([W, U]) + b)",
        "np.array([math.tanh(b[j] + sum(x * W[:, j]) + sum(h * U[:, j])) for j in range(len(b))])",
        "2 / (1 + np.exp(-2 * (x @ W + h @ U + b))) - 1",
        "np.tanh((x @ W + h @ U + b).astype(np.float32))",
    ],
}


COPIED = [  # lesson, lines that stand in it and what is returned, hint and the name that it tells
    (check_soft_lookup, "01", "exps = np.exp(sharpness * match)", "exps / exps.sum() @ values", "outside", "sharpness"),
    (check_soft_lookup, "01", "output = weights @ V", "output", "outside", "weights"),
    (check_scores, "02", "scores = Q @ K.T / np.sqrt(d_k)", "scores", "outside_d_k", None),
    (check_scores, "02", "by_loop = np.zeros((len(tokens), len(tokens)))", "by_loop", "outside", "tokens"),
    (check_softmax, "03", "exps = np.exp(scores)", "exps / exps.sum(axis=1, keepdims=True)", "overflow", None),
    (check_attention, "02", "scores = Q @ K.T / np.sqrt(d_k)", "my_softmax(scores) @ V", "outside_d_k", None),
    (check_attention, "03", "qkvlib.softmax(np.where(mask, scores, -np.inf))", "0", "outside", "scores"),
    (check_attention, "04", "scores = Q @ K.T / np.sqrt(K.shape[1])\n"
     "exps = np.exp(scores - scores.max(axis=1, keepdims=True))\nweights = exps / exps.sum(axis=1, keepdims=True)\n"
     "output = weights @ V", "output", "mask_ignored", None),
    (check_rnn_step, "06", "h = np.tanh(w * x[t] + u * h)", "h", "outside", "w"),
]  # fmt: skip

NOUNS_ASK, VERBS_OFFER = np.array([[4.0], [0], [4], [0]]), np.array([[0.0], [2], [0], [0]])  # who, action, place, link
RIGHT_ROLES = [
    (NOUNS_ASK, VERBS_OFFER),
    (NOUNS_ASK * 1e100, VERBS_OFFER * 1e-95),
    (-NOUNS_ASK, -VERBS_OFFER),
    (NOUNS_ASK, [[-2], [2], [-2], [-2]]),
    ([[0, 6, 0], [3, 0, 3], [0, 6, 0], [0, 0, 3]], [[3, 0, 0], [0, 3, 0], [0, 0, 3], [0, 0, 0]]),
    (NOUNS_ASK.astype(np.float32), VERBS_OFFER.astype(np.float32)),
]
WRONG_ROLES = [
    (np.zeros((4, 2)), np.zeros((4, 2)), "roles_tied"),
    (np.eye(4), np.zeros((4, 4)), "roles_tied"),
    (VERBS_OFFER, NOUNS_ASK, "roles_swapped"),
    (-NOUNS_ASK, VERBS_OFFER, "roles_sign"),
    (NOUNS_ASK / 8, VERBS_OFFER, "roles_weak"),
    (3 * np.eye(4), 3 * np.eye(4), "roles_same"),
    (np.eye(4)[:, :2] * 5, np.eye(4)[:, 2:] * 5, "roles_other"),
    (NOUNS_ASK, np.array([[0], [2], [0], [2]]), "roles_tied"),  # a link offers as much as an action
    (NOUNS_ASK * [[1], [0], [0], [0]], VERBS_OFFER, "roles_weak"),  # a place looks for nothing
    (NOUNS_ASK * 1e155, VERBS_OFFER * 1e155, "roles_large"),
    (NOUNS_ASK * 1e200, VERBS_OFFER * 1e200, "roles_large"),
    (NOUNS_ASK.T, VERBS_OFFER.T, "roles_shape"),
    (np.ones((5, 2)), np.ones((5, 2)), "roles_shape"),
    (np.ones((4, 2)), np.ones((4, 3)), "roles_shape"),
    (np.ones((4, 2, 1)), np.ones((4, 2, 1)), "roles_shape"),
    (np.ones((4, 0)), np.ones((4, 0)), "roles_shape"),
    (4, 2.0, "roles_shape"),
    *(
        (bad, NOUNS_ASK, "roles_numbers")
        for bad in (NOUNS_ASK + np.inf, NOUNS_ASK + 1j, "W", None, [[1], [2, 3], [4], [5]], {}, print, [[...]] * 4)
    ),
]

RIGHT_CONTEXT = {
    "en": ["money fell from the boat into the river by the bank", "I save grass, reeds and WATER on the Bank."],
    "ja": ["川 に かかる はし を 渡って うどん へ"],
}
WRONG_CONTEXT = {
    "en": {
        "": "context_word",
        "the BANK is a bank , money or river": "context_word",
        "the bank": "context_first",
        "money at the bank": "context_none",
        "money and cash at the bank near water": "context_leans",
        "money at the bank of the river": "context_middle",
        "x " * 65 + "bank money river": "context_too_long",
        "bank money river " + "x" * 33: "context_too_long",
        **dict.fromkeys((5, None, b"bank", ("bank", "river"), check_context), "context_not_text"),
    },
    "ja": {
        "　": "context_word",
        "はし と はし": "context_word",
        "川 の はし": "context_first",
        "はし で うどん を 食べる": "context_none",
        "はし で うどん を 食べる 川": "context_leans",
        "はし で うどん を 川 に": "context_middle",
        "あ " * 65: "context_too_long",
        5: "context_not_text",
    },
}


def rows(table):
    return [(name, *row) for name, of_name in table.items() for row in of_name.items()]


def every_report(language):
    """What the checks say of every answer that stands here, in this language."""
    with words.speaking(language):
        for check, code, _ in rows(WRONG):
            yield check(cell(check, code))
        for check, _, lines, result, *_ in COPIED:
            yield check(cell(check, f"{lines}\nreturn {result}"))
        for check, (code, *_) in RIGHT.items():
            right = cell(check, code)
            yield from map(check, (right, ..., 1, lambda: 0))
            for at in range(6):  # each input is the first that fails, once
                calls = count()
                yield check(lambda *inputs, at=at, right=right, calls=calls: right(*inputs) + (next(calls) == at))
        for W_q, W_k, *_ in [*RIGHT_ROLES, *WRONG_ROLES, (..., ...)]:
            yield check_roles(W_q, W_k)
        for sentence in [*RIGHT_CONTEXT[language], *WRONG_CONTEXT[language], ...]:
            yield check_context(sentence)


@pytest.mark.parametrize(("check", "code", "hint"), rows(WRONG))
def test_a_wrong_answer_gets_the_hint_that_fits(check, code, hint):
    report = check(cell(check, code))
    assert not report.right
    assert report.text.startswith("✗ Not right yet. On this input")
    assert hint_of(report)[0] == hint


@pytest.mark.parametrize(("check", "code"), [(check, code) for check in RIGHT for code in RIGHT[check]])
def test_a_right_answer_is_accepted_however_it_is_written(check, code):
    function, calls = cell(check, code), []
    report = check(lambda *inputs: calls.append(inputs) or function(*inputs))
    assert report.right, report
    assert report.text == f"✓ Right: all {len(calls)} inputs give what they should."
    assert len(calls) >= 4


@pytest.mark.parametrize("variables", [{}, LESSONS], ids=["in a new kernel", "after the lesson"])
@pytest.mark.parametrize(("check", "lesson", "lines", "result", "hint", "name"), COPIED)
def test_lines_copied_from_a_lesson_get_a_hint(check, lesson, lines, result, hint, name, variables):
    (path,) = (Path(__file__).parent.parent / "notebooks/en").glob(f"{lesson}_*.ipynb")
    taught = "".join("".join(of_cell["source"]) + "\n" for of_cell in json.loads(path.read_text("utf-8"))["cells"])
    assert [line for line in lines.splitlines() if line not in taught] == []
    found, details = hint_of(check(cell(check, f"{lines}\nreturn {result}", **variables)))
    assert found == hint
    assert details.get("name") == name


def test_names_from_outside_are_told_in_the_readers_own_names():
    right = "q @ k.T / k.shape[1] ** 0.5"
    report = check_scores(cell(check_scores, "q @ k.T / d_k ** 0.5", "q, k", d_k=3))
    assert hint_of(report) == ("outside_d_k", {"given": "q, k", "keys": "k"})
    report = check_scores(cell(check_scores, f"Q + {right}", "q, k", Q=np.ones((3, 2))))
    assert hint_of(report) == ("outside", {"name": "Q", "given": "q, k"})
    assert check_scores(cell(check_scores, f"{right} + nothing", "q, k", nothing=0)).right
    assert hint_of(check_scores(cell(check_scores, f"-{right}", "q, k", T=1)))[0] == "values"  # no name, an attribute


@pytest.mark.parametrize("parameters", ["K, Q", "Q", "Q, K, mask", "", "*, Q, K"])
def test_a_function_of_other_arguments_is_told_which_they_are(parameters):
    report = check_scores(cell(check_scores, "scaled(Q, K)", parameters, Q=0, K=0))
    assert hint_of(report) == ("arguments", {"given": "Q, K"})


@pytest.mark.parametrize("check", PARAMETERS)
@pytest.mark.parametrize("given", [None, 3, "my_scores", np.ones((3, 2)), [max], qkvlib], ids=repr)
def test_what_is_no_function_is_refused_in_words(check, given):
    assert hint_of(check(given)) == ("not_function", {"type": type(given).__name__})


def test_what_is_not_written_yet_is_no_mistake():
    stubs = [check(stub) for check in PARAMETERS for stub in (..., lambda *inputs: ...)]
    stubs += [check_roles(..., ...), check_roles(NOUNS_ASK, ...), check_roles(..., NOUNS_ASK), check_context(...)]
    for report in stubs:
        assert not report.right
        assert report.text.startswith("… Not yet")


@pytest.mark.parametrize(
    ("code", "number", "line", "error"),
    [
        ("scores = Q @ K.T\nreturn scores / d_k", 3, "return scores / d_k", "NameError: name 'd_k' is not defined"),
        ("def half(x):\n    return x[99]\nreturn half(Q)", 3, "return x[99]", "IndexError: "),
        ("qkvlib.scores(Q.T, K)", 2, "return qkvlib.scores(Q.T, K)", "ValueError: Q has 3 columns but K has 4"),
        ("raise RuntimeError('a {brace}')\nreturn", 2, "raise RuntimeError('a {brace}')", "RuntimeError: a {brace}."),
        ("raise SystemExit\nreturn", 2, "raise SystemExit", "SystemExit."),
    ],
)
def test_an_error_is_told_with_the_line_of_the_reader_where_it_came_up(code, number, line, error):
    text = check_scores(cell(check_scores, code)).text
    assert f"Your function stopped with {error}" in text
    assert f"In line {number} of your code:\n    {line}\n" in text
    assert "Expected:" in text
    assert "Your function gave" not in text


@pytest.mark.parametrize("function", [qkvlib.softmax, np.linalg.solve, max])
def test_lines_of_a_library_are_not_called_the_readers(function):
    assert "of your code" not in check_scores(function).text


def test_exit_ends_neither_python_nor_the_kernel(monkeypatch):
    class Shell:
        ended = False

        def ask_exit(self):
            self.ended = True

    shell = Shell()
    monkeypatch.setattr("qkvlib.exercises.check.get_ipython", lambda: shell)
    assert hint_of(check_softmax(lambda scores: shell.ask_exit()))[0] == "exit"
    assert not shell.ended
    shell.ask_exit()
    assert shell.ended


def test_an_interrupt_gets_through():
    def waits(scores):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_softmax(waits)


def numbers_between(text, start, end):
    return np.array(re.sub(r"[\[\]]", " ", text.partition(start)[2].partition(end)[0]).split(), dtype=float)


def test_a_report_shows_the_first_input_that_fails_what_is_expected_and_what_came():
    """Without the maximum, small scores come out right; only the large ones are shown."""
    text = check_softmax(cell(check_softmax, "np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)")).text
    right = my_softmax(numbers_between(text, "scores =", "Expected:").reshape(-1, 3))
    assert "scores around 1000" in text
    assert numbers_between(text, "Expected:", "Your function gave:") == pytest.approx(right.ravel(), abs=1e-3)
    assert np.isnan(numbers_between(text, "Your function gave:", "Hint")).all()


@pytest.mark.parametrize(("check", "code"), [(check, code) for check, code, hint in rows(WRONG) if hint == "in_place"])
def test_a_function_that_changes_its_argument_spoils_no_later_check(check, code):
    before = check(cell(check, code)).text
    assert check(cell(check, RIGHT[check][0])).right
    assert check(cell(check, code)).text == before


def test_what_a_function_prints_is_shown_and_what_it_warns_is_not(capsys):
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        check_softmax(cell(check_softmax, "print('here')\nwarnings.warn('careful')\nreturn np.log(-1 - scores) / 0"))
    assert shown == []
    assert {*capsys.readouterr().out.splitlines()} == {"here"}


near = st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e-300, 1e200, np.inf, -np.inf, np.nan])
shapes = st.sampled_from([(3, 2), (2, 3), (1, 2), (6,), (), (0,), (3, 2, 1)])


@settings(max_examples=60, deadline=None)
@given(came=arrays(float, shapes, elements=near), kind=st.sampled_from([np.array, np.ndarray.tolist, tuple]))
def test_what_is_said_of_any_numbers_is_true(came, kind):
    answer = kind(np.atleast_1d(came) if kind is tuple else came)
    hint, details = hint_of(check_scores(lambda Q, K: answer))  # (3, 2) is expected
    if np.shape(answer) != (3, 2):
        assert hint == ("tuple" if kind is tuple else "shape")
        told = (len(answer),) if kind is tuple else np.shape(answer)
        assert ast.literal_eval(details["count" if kind is tuple else "came"]) == (told[0] if kind is tuple else told)
    else:
        assert hint == ("nan" if np.isnan(came).any() else "values")


def noun_weights(sentence, noun, W_q, W_k):
    """What each word gets from one, by loops over the vectors."""
    vectors = [KNOWN[word.casefold()] for word in sentence]
    query, *keys = (np.array(vector) @ W for vector, W in [(KNOWN[noun.casefold()], W_q), *((v, W_k) for v in vectors)])
    exps = [sum(query * key) / math.sqrt(len(query)) for key in keys]
    return my_softmax(np.array(exps))


entries = st.one_of(st.just(0.0), st.integers(-5, 5).map(float), st.floats(allow_nan=False, allow_infinity=False))
patterns = st.sampled_from([(NOUNS_ASK, VERBS_OFFER), (VERBS_OFFER, NOUNS_ASK), (-NOUNS_ASK, VERBS_OFFER)])
matrices = st.one_of(
    st.integers(1, 3).flatmap(lambda n: st.tuples(*[arrays(float, (4, n), elements=entries)] * 2)),
    st.integers(1, 4).flatmap(lambda n: arrays(float, (4, n), elements=entries)).map(lambda W: (W, W)),
    st.tuples(patterns, st.floats(-2, 2), arrays(float, (4, 1), elements=st.floats(-1, 1))).map(
        lambda drawn: (drawn[0][0] * 10 ** drawn[1] + drawn[2], drawn[0][1])
    ),
)


@settings(max_examples=200, deadline=None)
@given(matrices)
def test_what_is_said_of_any_matrices_is_true_of_the_weights_above_it(pair):
    W_q, W_k = pair
    report = check_roles(W_q, W_k)
    exact = float(np.abs(W_q).max()) * float(np.abs(W_k).max()) < 1e9  # beyond, ties hang on how floats are rounded
    if report.right:
        for sentence in map(str.split, SENTENCES["en"]):
            verb = max(range(len(sentence)), key=lambda i: KNOWN[sentence[i].casefold()][1])
            for word in sentence:
                if np.argmax(KNOWN[word.casefold()]) in (0, 2):
                    assert not exact or noun_weights(sentence, word, W_q, W_k)[verb] > 0.5
        return
    hint, details = hint_of(report)
    if hint == "roles_large":
        assert max(np.abs(W_q).max(), np.abs(W_k).max()) > 1e150
        return
    sentence, noun, verb = re.search("In “(.+)”, “(.+)” should give “(.+)” more", report.text).groups()
    sentence, shown = sentence.split(), np.array(report.text.splitlines()[1].split()[1::2], dtype=float)
    weights = noun_weights(sentence, noun, W_q, W_k)
    best = [word for word, weight in zip(sentence, shown, strict=True) if weight == shown.max()]
    assert not exact or shown == pytest.approx(weights, abs=0.00501)
    assert shown[sentence.index(verb)] <= 0.5
    if hint == "roles_swapped":
        assert check_roles(W_k, W_q).right
        nouns = [np.argmax(KNOWN[word.casefold()]) in (0, 2) for word in sentence]
        assert not exact or noun_weights(sentence, verb, W_q, W_k)[nouns].sum() > 0.5
    elif hint == "roles_sign":
        assert check_roles(-W_q, W_k).right
        assert shown[sentence.index(verb)] == shown.min()
    elif hint == "roles_tied":
        assert details == {"noun": noun, "found": " · ".join(best)}
        assert len(best) > 1
    elif hint == "roles_weak":
        assert best == [verb]
    elif hint == "roles_same":
        assert best == [noun]
        assert (W_q == W_k).all()
    else:
        assert hint == "roles_other"
        assert details == {"noun": noun, "found": best[0]}
        assert [verb] != best[:2]


def test_any_matrices_by_which_nouns_find_the_verb_are_right(language):
    assert [pair for pair in RIGHT_ROLES if not check_roles(*pair).right] == []


@pytest.mark.parametrize(("W_q", "W_k", "hint"), WRONG_ROLES)
def test_matrices_by_which_nouns_do_not_find_the_verb_get_the_hint_that_fits(W_q, W_k, hint):
    assert hint_of(check_roles(W_q, W_k))[0] == hint


def test_the_sentences_of_the_roles_have_nouns_a_verb_and_no_word_without_a_vector():
    for sentence in SENTENCES["en"] + SENTENCES["ja"]:
        kinds = [int(np.argmax(KNOWN[word.casefold()])) for word in sentence.split()]
        assert kinds.count(1) == 1
        assert kinds.count(0) + kinds.count(2) >= 2


clues = [word for word in SENSE_WORDS if word.isascii() and word != "bank"]
typed = st.tuples(st.sampled_from([*clues, "the", "of", "zig"]), st.sampled_from(["{}", "{}.", "({})"])).map(
    lambda drawn: drawn[1].format(drawn[0])
)


@settings(max_examples=200, deadline=None)
@given(st.lists(typed, max_size=12), st.integers(0, 12), st.sampled_from(["bank", "BANK", "Bank!"]))
def test_what_is_said_of_any_sentence_is_true(others, at, word):
    report = check_context(" ".join([*others[:at], word, *others[at:]]))
    known = [SENSE_WORDS.get(other.strip("(.)"), (0, 0, 0, 0)) for other in others]
    values = [river - money - meal for _, money, meal, river in known]
    exps = [math.exp(3 * 2 * (money + meal + river) / math.sqrt(2)) for _, money, meal, river in known]
    position = sum(e * value for e, value in zip(exps, values, strict=True)) / (sum(exps) + 1)
    if report.right:
        told, clue = re.search("by (.+), although “(.+)” pulls", report.text).groups()
        assert position > 0.2
        assert values[[other.strip("(.)") for other in others].index(clue)] < 0
    else:
        hint, details = hint_of(report)
        told = details.get("position")
        assert {
            "context_first": min(values, default=0) >= 0,
            "context_none": max(values, default=0) <= 0,
            "context_leans": position < -0.05,
            "context_middle": -0.05 <= position <= 0.2,
        }[hint]
    assert told is None or float(told.replace("−", "-")) == pytest.approx(position, abs=0.00501)
    assert told != "−0.00"


@pytest.mark.parametrize(("spoken", "sentence", "hint"), rows(WRONG_CONTEXT))
def test_a_sentence_that_does_not_tip_the_word_over_gets_the_hint_that_fits(spoken, sentence, hint):
    with words.speaking(spoken):
        report = check_context(sentence)
    parts = [part for part in re.split(r"\{\w+\}", words.table(spoken)[f"exercise.hint.{hint}"]) if part]
    assert not report.right
    assert all(part in report.text for part in parts)


def test_any_sentence_that_tips_the_word_over_is_right(language):
    for sentence in RIGHT_CONTEXT[language]:
        assert check_context(sentence).right


def test_each_hint_is_given_to_some_answer():
    given = {hint_of(report)[0] for report in every_report("en") if report.text.startswith("✗")}
    assert {f"exercise.hint.{hint}" for hint in given} == {key for key in words.table("en") if ".hint." in key}
