"""The checks of the reader's answers: wrong ones are refused by name, right ones accepted, and each hint is true."""

import ast
import itertools
import json
import linecache
import math
import re
import textwrap
import warnings
from importlib import import_module
from itertools import count
from pkgutil import iter_modules
from unittest.mock import Mock

import nbformat
import numpy as np
import pytest
from helpers import ROOT, solved
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import qkvlib
from qkvlib import (
    check_context,
    check_heads,
    check_job,
    check_roles,
    check_sampling,
    check_scores,
    check_softmax,
    exercises,
    trained,
    words,
)
from qkvlib.exercises.job import SENTENCES as HELD_OUT
from qkvlib.exercises.roles import SENTENCES
from qkvlib.explorers.context import SENSE_WORDS
from qkvlib.text.handmade import KNOWN

CASES = {  # of each check that calls a function of the reader
    found.name: module.CASES
    for found in iter_modules(exercises.__path__)
    if hasattr(module := import_module(f"{exercises.__name__}.{found.name}"), "CASES")
}
CHECKS = {name: getattr(qkvlib, f"check_{name}") for name in CASES}
PARAMETERS = {CHECKS[name]: ", ".join(next(iter(cases.values()))) for name, cases in CASES.items()}
cells = count()


@pytest.fixture(autouse=True)
def begun_anew(monkeypatch):
    """No exercise has given a hint yet."""
    monkeypatch.setattr("qkvlib.exercises.check._given", {})


# What a reader may have written in cells before, and what the lessons' cells leave behind.


def shifted(scores):
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


def divided(exps):
    return exps / exps.sum(axis=-1, keepdims=True)


def soft(scores):
    return divided(shifted(scores))


def math_softmax(scores, shift=max):
    exps = [[math.exp(score - shift(row)) for score in row] for row in scores.tolist()]
    return np.array([[e / sum(row) for e in row] for row in exps])


def scaled(Q, K):
    return np.einsum("if,jf->ij", Q, K) / K.shape[1] ** 0.5


def masked(Q, K, mask, value=-np.inf):
    return np.where(mask, scaled(Q, K), value)


def attended(Q, K, V, mask):
    """Query by query, without the keys that may not be seen."""
    rows = ((K[seen] @ q / len(q) ** 0.5, V[seen]) for q, seen in zip(Q, mask, strict=True))
    return np.array([math_softmax(scores[None])[0] @ values for scores, values in rows])


def waves(n, exponents, base=10000):
    return np.arange(n)[:, None] / base ** np.asarray(exponents, dtype=float)


def paired(sines, cosines):
    return np.stack([sines, cosines], axis=-1).reshape(len(sines), -1)


def row_by_row(X, ddof=0):
    """Each row with mean 0 and variance 1, number by number."""
    means = [sum(row) / len(row) for row in X]
    roots = [math.sqrt(sum((x - m) ** 2 for x in row) / (len(row) - ddof)) for row, m in zip(X, means, strict=True)]
    return np.array([[(x - m) / r for x in row] for row, m, r in zip(X, means, roots, strict=True)])


def first(probabilities, u):
    """The first at which the sum so far exceeds u."""
    return np.argmax(np.cumsum(probabilities) > u)


class Tensor:
    """No array of NumPy's and, as PyTorch's with gradients, not willing to become one."""

    def __array__(self, *arguments, **options):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


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
    [told] = re.findall("^(?:✗ )?(Hint: .*)", report.text, flags=re.M)
    for key, text in words.table("en").items():
        if key.startswith("exercise.hint."):
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(words.text("exercise.advice", hint=text)))
            if found := re.fullmatch(pattern, told):
                return key.removeprefix("exercise.hint."), found.groupdict()
    raise AssertionError(f"no hint in {report.text}")


# A hint, or "right", a colon, and the answers that get it, between " | "; the next after " || " or on a new row.
ANSWERS = {
    "soft_lookup": """
mean_of_values: np.mean(values, axis=0) | sum(values) || hard: values[(keys @ query).argmax()]
no_softmax: values.T @ (keys @ query) || no_exp: keys @ query / np.sum(keys @ query) @ values
softmax_last: soft(keys @ query @ values) | keys @ query @ soft(values) | keys @ query @ soft(values.T).T
undivided: np.exp(keys @ query) @ values | shifted(keys @ query) @ values
no_values: soft(keys @ query) | keys.dot(query) || not_summed: soft(keys @ query).reshape(-1, 1) * values
scaled: soft(keys @ query / len(query) ** 0.5) @ values
cosine: soft(keys @ query / np.linalg.norm(keys, axis=1)) @ values
soft(keys @ query / (np.linalg.norm(keys, axis=1) * np.linalg.norm(query))) @ values
swapped: soft(values @ query) @ keys || in_place: query *= 2; return soft(keys @ query / 2) @ values
shape: soft(keys @ query)[None] @ values
right: soft(keys @ query) @ values | np.exp(keys @ query) @ values / np.exp(keys @ query).sum()
np.average(values, axis=0, weights=np.exp(keys @ query))
w = [math.exp(sum(query * key)) for key in keys]; return sum(e / sum(w) * value for e, value in zip(w, values))
soft((keys @ query).astype(np.float32)) @ values.astype(np.float32)
qkvlib.attention(query[None], keys, values, scale=False).output[0]""",
    "scores": """
unscaled: Q @ K.T | (Q @ K.T).tolist() || d_model: Q @ K.T / math.sqrt(4) || d_k: Q @ K.T / Q.shape[-1]
n_keys: Q @ K.T / len(K) ** 0.5 | Q @ K.T / Q.shape[0] ** 0.5 || multiplied: Q @ K.T * len(K[0]) ** 0.5
transposed: (Q @ K.T / Q.shape[1] ** 0.5).T || already_softmax: soft(Q @ K.T / np.sqrt(K.shape[1])) | soft(Q @ K.T)
elementwise: Q * K | Q * K / Q.shape[1] ** 0.5 || exception: Q @ K | Q + K | np.dot(Q, K)
stopped: K[5] | K[0, 0, 0] | int('Q') | raise RuntimeError('a {brace} and more'); return
numpy_name: Q @ K.T / sqrt(K.shape[1])
torch: Q @ K.transpose(-2, -1) / K.size(-1) ** 0.5 | torch.matmul(Q, K.T) | (Q[:, None] * K).sum(dim=-1)
import torch; return torch.tensor(Q)
recursion: answer(Q, K) || exit: raise SystemExit(1); return || in_place: Q /= np.sqrt(Q.shape[1]); return Q @ K.T
list: S.tolist() | tuple(S) || tuple: (S, soft(S)) | S, || other_array: memoryview(S)
not_array: Tensor() | 'Q @ K.T' | '0.5' | {'scores': S} | [[1.0], [1.0, 2.0]] | S if len(Q) > 2 else ... | S + 0j
yield S; return
none: np.exp(Q); return || nan: S * np.nan
values: np.zeros((len(Q), len(K))) | S * np.inf | -S | Q @ K.T / int(np.sqrt(Q.shape[1])) || rounded: np.round(S, 2)
shape: 0.5 | np.squeeze(S) | Q @ Q.T | []
right: S | np.array([[sum(q * k) / math.sqrt(len(k)) for k in K] for q in Q]) | np.array(S.tolist())
Q.astype(np.float32) @ K.astype(np.float32).T / np.float32(math.sqrt(K.shape[1]))
(Q / Q.shape[1] ** 0.25) @ (K / K.shape[1] ** 0.25).T | (K @ Q.T).T * Q.shape[-1] ** -0.5
(Q[:, None] * K).sum(axis=-1) / math.sqrt(K.shape[-1]) | np.asmatrix(Q) * np.asmatrix(K).T / np.sqrt(K.shape[1])
print('here'); return qkvlib.scores(Q, K)""",
    "softmax": """
columns: soft(scores.T).T | np.exp(scores) / np.sum(np.exp(scores), 0) | shifted(scores) / shifted(scores).sum(axis=0)
e = np.exp(scores - np.max(scores)); return e / sum(e)
whole: e = np.exp(scores - scores.max()); return e / e.sum() | np.exp(scores) / np.sum(np.exp(scores))
transposed_softmax: soft(scores.T) | soft(scores).T
overflow: np.exp(scores) / np.exp(scores).sum(axis=1)[:, None] | divided(np.exp(scores - scores.max()))
math_softmax(scores, shift=lambda row: 0) | math_softmax(scores, shift=lambda row: scores.max())
keepdims: np.exp(scores) / np.exp(scores).sum(axis=1) | shifted(scores) / shifted(scores).sum(axis=1)
divided(np.exp(scores - scores.max(axis=1))) | e = np.exp(scores - scores.max(axis=1)); return e / e.sum(axis=1)
no_exp: scores / scores.sum(axis=1)[:, None] || no_division: np.e**scores | shifted(scores)
logarithm: scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
mean: shifted(scores) / shifted(scores).mean(axis=1, keepdims=True)
in_place: weights = soft(scores); scores[0, 0] = 0.25; return weights || torch: F.softmax(scores, dim=-1)
stopped: np.softmax(scores)
values: scores | 1 / (1 + np.exp(-scores)) | (scores == scores.max(axis=1, keepdims=True)).astype(float)
soft(np.nan_to_num(scores, neginf=-1))
rounded: soft(scores).round(3) || shape: shifted(scores).sum(axis=1)
right: soft(scores) | math_softmax(scores) | np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
(shifted(scores).T / shifted(scores).sum(axis=1)).T | soft(scores.astype(np.float32))
np.array([np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in scores])
scores = scores - scores.max(axis=1, keepdims=True); scores -= 1; return soft(scores)
warnings.warn('careful', stacklevel=2); np.log(np.zeros(3)); return qkvlib.softmax(scores)""",
    "attention": """
unscaled: soft(np.where(mask, Q @ K.T, -np.inf)) @ V || d_k: soft(M / Q.shape[1] ** 0.5) @ V
d_v: soft(M * (Q.shape[1] / V.shape[1]) ** 0.5) @ V
n_keys: soft(M * (Q.shape[1] / len(V)) ** 0.5) @ V | soft(M * (Q.shape[1] / len(Q)) ** 0.5) @ V
multiplied: soft(M * Q.shape[1]) @ V || scaled_late: soft(np.where(mask, Q @ K.T, -np.inf)) @ V / Q.shape[1] ** 0.5
transposed: soft(np.where(mask, scaled(K, Q), -np.inf)) @ V
columns: soft(M.T).T @ V | qkvlib.softmax(M, axis=0) @ V | e = shifted(M); return e / e.sum(axis=0, keepdims=True) @ V
whole: np.exp(M - M.max()) / np.exp(M - M.max()).sum() @ V
overflow: divided(np.exp(M)) @ V | divided(np.exp(M - M.max())) @ V | divided(np.exp(S) * mask) @ V
math_softmax(M, shift=lambda row: 0) @ V
keepdims: shifted(M) / shifted(M).sum(axis=1) @ V || undivided: np.exp(M) @ V | shifted(M) @ V
no_softmax: S @ V | M @ V | S * mask @ V || softmax_last: soft(S @ V) || weights_returned: soft(M) | soft(S)
averaged_again: attended(Q, K, V, mask) / len(V) || mask_ignored: attended(Q, K, V, np.ones_like(mask))
mask_after: np.where(mask, soft(S), 0) @ V
mask_inverted: soft(masked(Q, K, ~mask)) @ V | qkvlib.attention(Q, K, V, ~mask).output
soft(masked(Q, K, ~mask, -1e9)) @ V | scores = S; scores += mask * -1e9; return soft(scores) @ V
mask_multiplied: soft(S * mask) @ V | soft(masked(Q, K, mask, 0)) @ V || mask_added: soft(S + mask) @ V
mask_finite: soft(masked(Q, K, mask, -10)) @ V | soft(masked(Q, K, mask, -20)) @ V | soft(masked(Q, K, mask, -100)) @ V
soft(masked(Q, K, mask, -1000)) @ V | soft(masked(Q, K, mask, -1e4)) @ V | soft(S + ~mask * -20) @ V
soft(S + ~mask * -100) @ V | soft(S + ~mask * -1e4) @ V
maximum_early: divided(shifted(S) * mask) @ V | divided(soft(S) * mask) @ V
s = S; e = np.exp(s - s.max()) * mask; return e / e.sum(1)[:, None] @ V
nan: soft(S + (1 - mask) * -np.inf) @ V || torch: soft(S.masked_fill(mask == 0, -1e9)) @ V
tuple: (attended(Q, K, V, mask), soft(M)) || in_place: output = attended(Q, K, V, mask); mask[:] = True; return output
values: soft(S + 3 * mask) @ V
right: attended(Q, K, V, mask) | soft(M) @ V | soft(masked(Q, K, mask, -1e9)) @ V | soft(S + (1 - mask) * -1e9) @ V
soft(S + np.log(mask)) @ V | scores = S; scores[~mask] = -np.inf; return soft(scores) @ V
soft(np.where(mask, Q / K.shape[1] ** 0.5 @ K.T, -np.inf)) @ V | shifted(M) @ V / shifted(M).sum(axis=1)[:, None]
np.einsum('qk,kv->qv', math_softmax(M), V) | qkvlib.attention(Q, K, V, mask).output
Q, K, V = (x.astype(np.float32) for x in (Q, K, V)); return soft(M) @ V""",
    "rnn_step": """
step_no_tanh: x @ W + h @ U + b || step_no_bias: np.tanh(x @ W + h @ U) || step_no_hidden: np.tanh(b + x @ W)
step_no_input: np.tanh(b + h @ U)
step_transposed: np.tanh(x @ W + U @ h + b) | np.tanh(W @ x + U @ h + b) | np.tanh(W @ x + h @ U + b)
step_elementwise: np.tanh(W * x + U * h + b) || step_exchanged: np.tanh(x @ U + h @ W + b)
step_tanh_early: np.tanh(x @ W) + np.tanh(h @ U) + b | np.tanh(x @ W + h @ U) + b | np.tanh(x @ W) + h @ U + b
np.tanh(h @ U) + x @ W + b
step_sigmoid: 1 / (1 + np.exp(-(x @ W + h @ U + b)))
step_added: h + np.tanh(x @ W + h @ U + b) | np.tanh(x @ W + h @ U + b + h)
step_tanh_twice: np.tanh(np.tanh(x @ W + h @ U + b)) || tuple: np.tanh(x @ W + h @ U + b), (x, h)
in_place: h[:] = np.tanh(x @ W + h @ U + b); return h
right: np.tanh(x @ W + h @ U + b) | np.tanh(W.T @ x + U.T @ h + b) | np.tanh((x @ W + h @ U + b).astype(np.float32))
np.tanh(np.concatenate([x, h]) @ np.vstack([W, U]) + b) | 2 / (1 + np.exp(-2 * (x @ W + h @ U + b))) - 1
np.array([math.tanh(b[j] + sum(x * W[:, j]) + sum(h * U[:, j])) for j in range(len(b))])""",
    "heads": """
heads_ignored: attended(Q, K, V, SEEN) | qkvlib.attention(Q, K, V).output
heads_scale: np.hstack([soft(q @ k.T / np.sqrt(Q.shape[1])) @ v for q, k, v in PARTS])
unscaled: np.hstack([soft(q @ k.T) @ v for q, k, v in PARTS])
heads_summed: sum(EACH) | np.mean(EACH, axis=0)
heads_below: np.vstack(EACH) | np.concatenate(EACH)
heads_listed: np.array(EACH) | np.stack(EACH)
heads_columns: np.hstack([attended(*(W[:, i::n_heads] for W in (Q, K, V)), SEEN) for i in range(n_heads)])
heads_reshaped: np.hstack([attended(*p, SEEN) for p in zip(*(W.reshape(n_heads, len(W), -1) for W in (Q, K, V)))])
heads_values: np.hstack([attended(q, k, V, SEEN) for q, k, _ in PARTS])
right: np.hstack(EACH) | np.concatenate(EACH, axis=1) | np.hstack([qkvlib.attention(*p).output for p in PARTS])
d = Q.shape[1] // n_heads; v = V.shape[1] // n_heads; return np.hstack([attended(Q[:, i*d:i*d+d], K[:, i*d:i*d+d], \
V[:, i*v:i*v+v], SEEN) for i in range(n_heads)])""",
    "positions": """
positions_halves: np.hstack([np.sin(A), np.cos(A)]) || positions_swapped: paired(np.cos(A), np.sin(A))
np.hstack([np.cos(A), np.sin(A)])
positions_from_one: paired(np.sin(A1), np.cos(A1))
positions_multiplied: a = waves(n, -np.arange(0, d_model, 2) / d_model); return paired(np.sin(a), np.cos(a))
positions_exponent: a = waves(n, np.arange(d_model // 2) / d_model); return paired(np.sin(a), np.cos(a))
a = waves(n, np.arange(0, d_model, 2)); return paired(np.sin(a), np.cos(a))
positions_base: a = waves(n, np.arange(0, d_model, 2) / d_model, 1000); return paired(np.sin(a), np.cos(a))
a = waves(n, np.zeros(d_model // 2)); return paired(np.sin(a), np.cos(a))
positions_one_wave: np.sin(np.arange(n)[:, None] / 10000 ** (np.arange(d_model) / d_model))
positions_counted: np.arange(n)[:, None] + np.zeros((n, d_model))
right: paired(np.sin(A), np.cos(A)) | qkvlib.positions(int(n), int(d_model))
P = np.zeros((n, d_model)); P[:, 0::2] = np.sin(A); P[:, 1::2] = np.cos(A); return P
np.array([[[math.sin, math.cos][j % 2](p / 10000 ** ((j - j % 2) / d_model)) for j in range(d_model)] \
for p in range(n)])""",
    "layer": """
layer_not_added: row_by_row(change) * gain + shift | row_by_row(X) * gain + shift
layer_early: X + (row_by_row(change) * gain + shift) | row_by_row(X) * gain + shift + change
(row_by_row(X) + change) * gain + shift
layer_columns: row_by_row(B.T).T * gain + shift || layer_whole: (B - B.mean()) / B.std() * gain + shift
layer_variance: C / (C**2).mean(axis=1, keepdims=True) * gain + shift
layer_length: C / np.linalg.norm(C, axis=1, keepdims=True) * gain + shift
layer_ddof: row_by_row(B, ddof=1) * gain + shift || layer_unscaled: C * gain + shift
layer_mean: B / np.sqrt((C**2).mean(axis=1, keepdims=True)) * gain + shift
layer_no_gain: row_by_row(B) + shift | row_by_row(B) * gain | row_by_row(B)
layer_not_normalised: B * gain + shift | B | np.add(X, change)
layer_keepdims: (B - B.mean(axis=1)) / B.std(axis=1) * gain + shift
in_place: X += change; return row_by_row(X) * gain + shift
values: row_by_row(B) * gain - shift
right: row_by_row(B) * gain + shift | row_by_row((B).tolist()) * gain + shift
X = X + change; X = X - X.mean(axis=1, keepdims=True); \
return X / np.sqrt((X**2).mean(axis=1, keepdims=True) + 1e-12) * gain + shift
(B - B.mean(1)[:, None]) / B.std(1)[:, None] * gain + shift | (C.T / C.std(axis=1)).T * gain + shift""",
    "sampling": """
drawn_overflow: first(divided(np.exp(scores / temperature)), u) | e = np.exp(scores / temperature); return \
np.searchsorted(np.cumsum(e) / e.sum(), u)
drawn_greedy: np.argmax(scores) | scores.argmax() || drawn_no_temperature: first(soft(scores), u)
drawn_multiplied: first(soft(temperature * scores), u) || drawn_late: first(soft(scores) / temperature, u)
drawn_undivided: first(shifted(scores / temperature), u) || drawn_no_softmax: first(scores / temperature, u)
first(scores / sum(scores), u)
drawn_not_added: np.argmax(soft(scores / temperature) > u)
drawn_other_side: np.argmax(soft(scores / temperature).cumsum() < u)
drawn_from_one: 1 + first(soft(scores / temperature), u) || drawn_probabilities: soft(scores / temperature)
drawn_sums: np.cumsum(soft(scores / temperature)) | np.cumsum(soft(scores / temperature)) > u
none: np.argmax(scores); return || single: [first(soft(scores / temperature), u)] | np.ones((2, 2))
str(first(soft(scores / temperature), u))
single_value: len(scores) - 1 - first(soft(scores / temperature), u) || numpy_name: first(exp(scores), u)
in_place: scores -= 1; return first(soft(scores / temperature), u)
right: first(soft(scores / temperature), u) | np.searchsorted(np.cumsum(soft(scores / temperature)), u, side='right')
int(first(soft(scores / temperature), u)) | (np.cumsum(soft(scores / temperature)) <= u).sum()
np.array(first(soft(scores / temperature), u)) | float(first(soft(scores / temperature), u))
total = 0; return next(i for i, p in enumerate(soft(scores / temperature)) if (total := total + p) > u)
first(soft(scores.astype(np.float32) / temperature), u)""",
}

COPIED = """
01 | soft_lookup | exps = np.exp(sharpness * match); return exps / exps.sum() @ values | outside sharpness
01 | soft_lookup | output = weights @ V; return output | outside weights
02 | scores | scores = Q @ K.T / np.sqrt(d_k); return scores | outside_d_k
02 | scores | by_loop = np.zeros((len(tokens), len(tokens))); return by_loop | outside tokens
03 | softmax | exps = np.exp(scores); return exps / exps.sum(axis=1, keepdims=True) | overflow
02 | attention | scores = Q @ K.T / np.sqrt(d_k); return soft(scores) @ V | outside_d_k
03 | attention | qkvlib.softmax(np.where(mask, scores, -np.inf)); return 0 | outside scores
04 | attention | scores = Q @ K.T / np.sqrt(K.shape[1]); exps = np.exp(scores - scores.max(axis=1, keepdims=True)); \
weights = exps / exps.sum(axis=1, keepdims=True); output = weights @ V; return output | mask_ignored
06 | rnn_step | h = np.tanh(w * x[t] + u * h); return h | outside w
"""  # lesson, check, lines that stand in the lesson and what is returned, the hint and the name that it tells
COPIED = [row.split(" | ") for row in COPIED.strip().splitlines()]

NOUNS_ASK, VERBS_OFFER = np.array([[4.0], [0], [4], [0]]), np.array([[0.0], [2], [0], [0]])  # who, action, place, link
EYE, MORE = np.eye(4), [[-2], [2], [-2], [-2]]
WIDER = [[0, 6, 0], [3, 0, 3], [0, 6, 0], [0, 0, 3]], EYE[:, :3] * 3
RIGHT_ROLES = [(f * NOUNS_ASK, g * VERBS_OFFER) for f, g in ((1, 1), (1e100, 1e-95), (-1, -1))]
RIGHT_ROLES += [(NOUNS_ASK, MORE), WIDER, (NOUNS_ASK.astype(np.float32), VERBS_OFFER.astype(np.float32))]
WRONG_ROLES = {
    "roles_tied": [(0 * EYE, 0 * EYE), (EYE, 0 * EYE), (NOUNS_ASK, VERBS_OFFER[[0, 1, 0, 1]])],  # 3: or a link
    "roles_swapped": [(VERBS_OFFER, NOUNS_ASK)],
    "roles_sign": [(-NOUNS_ASK, VERBS_OFFER)],
    "roles_weak": [(NOUNS_ASK / 8, VERBS_OFFER), (NOUNS_ASK * [[1], [0], [0], [0]], VERBS_OFFER)],  # 2: no place asks
    "roles_copied": [(factor * qkvlib.W_q, W_k) for factor in (1, 10, -2) for W_k in (qkvlib.W_k, 5 * qkvlib.W_k)],
    "roles_same": [(3 * EYE, 3 * EYE)],
    "roles_other": [(EYE[:, :2] * 5, EYE[:, 2:] * 5)],
    "roles_large": [(NOUNS_ASK * large, VERBS_OFFER * large) for large in (1e155, 1e200)],
    "roles_shape": [(EYE[:, :2], EYE[:, 1:]), (4, 2.0), *((W, W) for W in (EYE[:3], EYE[None], EYE[:, :0], EYE[:1]))],
    "roles_numbers": [(bad, EYE) for bad in (EYE + np.inf, EYE + 1j, "W", None, [[1], [2, 3]], {}, print, [[...]] * 4)],
}

RIGHT_CONTEXT = {
    "en": ["money fell from the boat into the river by the bank", "I save grass, reeds and WATER on the Bank."],
    "ja": ["川 に かかる はし を 渡って うどん へ"],
}
WRONG_CONTEXT = {
    "context_word": ["", "the BANK is a bank , money or river", "　", "はし と はし"],
    "context_first": ["the bank", "川 の はし"],
    "context_none": ["money at the bank", "はし で うどん を 食べる"],
    "context_leans": ["money and cash at the bank near water", "はし で うどん を 食べる 川"],
    "context_middle": ["money at the bank of the river", "はし で うどん を 川 に"],
    "context_too_long": ["x " * 65 + "bank money river", "bank money river " + "x" * 33, "あ " * 65],
    "context_not_text": [5, None, b"bank", ("bank", "river"), check_context, ["はし"]],
}
WRONG_JOB = {  # layer, head, job
    "job_head": [(6, 0, max), (0, 12, max), (-1, 0, max), ("0", 0, max), (True, 0, max), (0, 2.0, max)],
    "job_silent": [(0, 2, lambda tokens, i: None), (0, 2, lambda tokens, i: -1), (0, 2, lambda tokens, i: 99)],
    "job_index": [(0, 2, lambda tokens, i: tokens[i]), (0, 2, lambda tokens, i: i / 2), (0, 2, lambda tokens, i: True)],
    "job_rare": [(0, 2, lambda tokens, i: i + 1), (1, 8, lambda tokens, i: i - 1), (3, 3, lambda tokens, i: 0)],
    "stopped": [(0, 2, lambda tokens, i: tokens[99]), (0, 2, lambda i: i)],
    "not_function": [(0, 2, 1), (0, 2, None)],
}
RIGHT_JOB = [(0, 2, lambda tokens, i: i - 1), (1, 8, lambda tokens, i: i + 1), (2, 9, lambda tokens, i: i)]
RIGHT_JOB += [(2, 11, lambda tokens, i: i - 1 if i else None), (1, 9, lambda tokens, i: int(i) - 1)]


SHORT = {  # what some names in the code of answers stand for
    "EACH": "[attended(*part, SEEN) for part in PARTS]",
    "PARTS": "[*zip(*(np.split(W, n_heads, axis=1) for W in (Q, K, V)))]",
    "SEEN": "np.ones((len(Q), len(K)), dtype=bool)",
    "A": "waves(n, np.arange(0, d_model, 2) / d_model)",
    "A1": "waves(n + 1, np.arange(0, d_model, 2) / d_model)[1:]",
    "C": "(B - B.mean(axis=1, keepdims=True))",
    "B": "(X + change)",
    "M": "masked(Q, K, mask)",
    "S": "scaled(Q, K)",
}


def rows():
    """Check, hint and code of each answer."""
    for check, text in ANSWERS.items():
        for name, code in SHORT.items():
            text = re.sub(rf"\b{name}\b", lambda _, code=code: code, text)
        _, *parts = re.split(r"(?:^| \|\| )(\w+): ", text.strip(), flags=re.MULTILINE)
        for hint, answers in zip(parts[::2], parts[1::2], strict=True):
            yield from ((CHECKS[check], hint, code) for code in re.split(r" \| |\n", answers.strip()))


WRONG = [row for row in rows() if row[1] != "right"]
RIGHT = [(check, code) for check, hint, code in rows() if hint == "right"]
FIRST = {check: cell(check, code) for check, code in reversed(RIGHT)}  # a right answer for each check


@pytest.mark.parametrize(("check", "hint", "code"), WRONG)
def test_a_wrong_answer_gets_the_hint_that_fits(check, hint, code):
    report = check(cell(check, code))
    assert not report.right
    assert report.text.startswith("✗ Not right yet. On this input")
    assert hint_of(report)[0] == hint
    if hint == "in_place":  # it spoils no later check
        assert check(FIRST[check]).right
        assert check(cell(check, code)).text == report.text


EXERCISES = [key.removeprefix("exercise.where.") for key in words.table("en") if key.startswith("exercise.where.")]


def tries(exercise):
    """What a check is given: a mistake, another one, and what is right."""
    check = getattr(qkvlib, f"check_{exercise}")
    if check in PARAMETERS:
        (hint, code), *others = [row[1:] for row in WRONG if row[0] is check]
        other = next(code for name, code in others if name != hint)
        return (cell(check, code),), (cell(check, other),), (FIRST[check],)
    if exercise == "roles":
        return WRONG_ROLES["roles_swapped"][0], WRONG_ROLES["roles_same"][0], RIGHT_ROLES[0]
    if exercise == "job":
        return WRONG_JOB["job_rare"][0], WRONG_JOB["job_index"][0], RIGHT_JOB[0]
    at = words.LANGUAGES.index(words.language())
    wrong, other = (WRONG_CONTEXT[f"context_{hint}"][at] for hint in ("leans", "none"))
    return (wrong,), (other,), (RIGHT_CONTEXT[words.language()][0],)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_same_mistake_again_is_told_where_to_look_and_then_nearly_the_answer(exercise, language):
    """A mistake of another kind, and a right answer, which is accepted whatever was told, begin anew."""
    check, (wrong, other, right) = getattr(qkvlib, f"check_{exercise}"), tries(exercise)
    more = "\n" + words.text("exercise.more")
    look = "\n" + words.text("exercise.look", where=words.text(f"exercise.where.{exercise}"))
    fill = "\n" + words.text("exercise.fill", gaps=words.text(f"exercise.gaps.{exercise}"))
    first, *again = (check(*wrong).text for _ in range(4))
    what = first.removesuffix(more)
    assert first == what + more
    assert look not in what
    assert again == [what + look + more, what + look + fill, what + look + fill]
    told = check(*other).text
    assert told.endswith(more)
    assert look not in told
    assert [check(*wrong).text for _ in range(2)] == [first, again[0]]
    assert check(*right).right
    assert check(*wrong).text == first


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_reader_is_led_to_a_section_of_the_lesson_and_to_its_solution_with_gaps(exercise, language):
    folder = ROOT / "notebooks" / language
    read = [nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))]
    [lesson] = [lesson for lesson in read if f"check_{exercise}(" in "".join(cell.source for cell in lesson.cells)]
    headings = re.findall("^## (.*)", "\n\n".join(cell.source for cell in lesson.cells), flags=re.M)
    sections = re.findall("“(.+?)”|「(.+?)」", words.text(f"exercise.where.{exercise}"))
    assert sections
    assert {"".join(section) for section in sections} <= {*headings}
    gaps, solution = words.text(f"exercise.gaps.{exercise}"), solved(lesson)
    if exercise == "job":  # its own is in words
        gaps, solution = gaps.partition("  #")[0], "return i - 1"
        assert check_job(0, 2, cell(check_job, solution, "tokens, i")).right
    pattern = [".+".join(map(re.escape, line.strip().split("…"))) for line in gaps.splitlines()]
    assert re.search(r"\n\s*".join(pattern), re.sub(r"\.0|  #.*", "", solution))
    assert 1 <= gaps.count("…") <= 6


@pytest.mark.parametrize(("check", "code"), RIGHT)
def test_a_right_answer_is_accepted_however_it_is_written_and_a_spoiled_one_is_not(check, code, language):
    function, calls, spoiled = cell(check, code), [], []
    report = check(lambda *inputs: calls.append(inputs) or function(*inputs))
    assert (report.right, report.text) == (True, "✓ " + words.text("exercise.right", count=len(calls)))
    for at in range(len(calls)):  # each input is the first that fails, once
        turns = count()
        spoiled.append(check(lambda *inputs, at=at, turns=turns: function(*inputs) + (next(turns) == at)).text)
    assert len({text.partition("\n")[0] for text in spoiled}) == len(calls) >= 4  # each has its name


@pytest.mark.parametrize("variables", [{}, LESSONS], ids=["in a new kernel", "after the lesson"])
@pytest.mark.parametrize(("lesson", "check", "code", "told"), COPIED)
def test_lines_copied_from_a_lesson_get_a_hint(lesson, check, code, told, variables):
    [path] = (ROOT / "notebooks/en").glob(f"{lesson}_*.ipynb")
    taught = "".join("".join(of_cell["source"]) + "\n" for of_cell in json.loads(path.read_text("utf-8"))["cells"])
    assert [line for line in code.split("; ")[:-1] if line not in taught] == []
    hint, details = hint_of(CHECKS[check](cell(CHECKS[check], code, **variables)))
    assert [hint, *filter(None, [details.get("name")])] == told.split()


def test_names_from_outside_and_arguments_are_told_in_the_readers_own_names():
    right = "q @ k.T / k.shape[1] ** 0.5"
    report = check_scores(cell(check_scores, "q @ k.T / d_k ** 0.5", "q, k", d_k=3))
    assert hint_of(report) == ("outside_d_k", {"given": "q, k", "keys": "k"})
    report = check_scores(cell(check_scores, f"Q + {right}", "q, k", Q=np.ones((3, 2))))
    assert hint_of(report) == ("outside", {"name": "Q", "given": "q, k"})
    assert check_scores(cell(check_scores, f"{right} + nothing", "q, k", nothing=0)).right
    assert hint_of(check_scores(cell(check_scores, f"-{right}", "q, k", T=1)))[0] == "values"  # no name, an attribute
    assert hint_of(check_softmax(lambda: 0)) == hint_of(check_softmax(math.dist)) == ("argument", {"given": "scores"})
    for parameters in ("K, Q", "Q", "Q, K, mask", "", "*, Q, K"):
        report = check_scores(cell(check_scores, "scaled(Q, K)", parameters, Q=0, K=0))
        assert hint_of(report) == ("arguments", {"given": "Q, K"})


@pytest.mark.parametrize(("code", "name"), [("torch.matmul(Q, K.T)", "torch"), ("Q.sum(dim=-1)", "dim=")])
def test_what_is_pytorchs_is_told_by_its_name(code, name):
    assert hint_of(check_scores(cell(check_scores, code))) == ("torch", {"name": name})


def test_what_is_no_function_is_refused_and_what_is_not_written_yet_is_no_mistake():
    for other, check in itertools.product([None, 3, "my_scores", np.ones((3, 2)), [max], qkvlib], PARAMETERS):
        assert hint_of(check(other)) == ("not_function", {"type": type(other).__name__})
    stubs = [check(stub) for check in PARAMETERS for stub in (..., lambda *inputs: ...)]
    stubs += [check_roles(..., ...), check_roles(NOUNS_ASK, ...), check_roles(..., NOUNS_ASK), check_context(...)]
    assert [stub for stub in stubs if stub.right or not stub.text.startswith("… Not yet")] == []


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
    assert ("Expected:" in text, "Your function gave" in text) == (True, False)
    for of_a_library in (qkvlib.softmax, np.linalg.solve, max):
        assert "of your code" not in check_scores(of_a_library).text


def test_exit_ends_neither_python_nor_the_kernel_and_an_interrupt_gets_through(monkeypatch):
    ends = Mock()
    shell = type("Shell", (), {"ask_exit": ends})()
    monkeypatch.setattr("qkvlib.exercises.check.get_ipython", lambda: shell)
    assert hint_of(check_softmax(lambda scores: shell.ask_exit()))[0] == "exit"
    ends.assert_not_called()
    with pytest.raises(KeyboardInterrupt):
        check_softmax(Mock(side_effect=KeyboardInterrupt))
    assert shell.ask_exit is ends


def test_a_report_shows_the_first_input_that_fails_what_is_expected_and_what_came():
    """Without the maximum, small scores come out right; only the large ones are shown."""
    text = check_softmax(cell(check_softmax, "divided(np.exp(scores))")).text
    parts = re.split("scores =|Expected:|Your function gave:|Hint", re.sub(r"[\[\]]", " ", text))
    scores, expected, gave = (np.array(part.split(), dtype=float) for part in parts[1:4])
    assert "scores around 1000" in parts[0]
    assert expected == pytest.approx(soft(scores.reshape(-1, 3)).ravel(), abs=1e-3)
    assert np.isnan(gave).all()


def test_what_a_function_prints_is_shown_and_what_it_warns_is_not(capsys):
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        check_softmax(cell(check_softmax, "print('here')\nwarnings.warn('careful')\nreturn np.log(-1 - scores) / 0"))
    assert shown == []
    assert {*capsys.readouterr().out.splitlines()} == {"here"}


class Unshown:
    """What Python can't show."""

    def __repr__(self):
        raise RuntimeError

    __str__ = __repr__


class UnshownError(Unshown, Exception):
    pass


no_numbers = st.none() | st.booleans() | st.text(max_size=60) | st.complex_numbers() | st.binary(max_size=20)
no_numbers |= st.tuples(st.floats(), st.floats()) | st.dictionaries(st.text(max_size=5), st.integers(), max_size=4)
no_numbers |= st.lists(st.text(max_size=9) | st.none(), min_size=1, max_size=4) | st.sampled_from([{1}, max, int, 1j])


@settings(max_examples=60, deadline=None)
@given(came=no_numbers)
def test_what_is_no_array_of_numbers_is_shown_as_python_shows_it(came):
    for check in CHECKS.values():
        report = check(lambda *inputs: came)
        assert not report.right
        assert f"Your function gave:\n{came!r}\nHint" in report.text


@pytest.mark.parametrize("kind", ["text", "whole", "list", "unshown", "listed"])
def test_what_is_long_is_cut_and_of_what_cannot_be_shown_the_type_is_told(kind):
    came, shown = {
        "text": ("x" * 100_000, "'" + "x" * 99),
        "whole": (10**5000, "<int>"),
        "list": (["x"] * 100_000, "['x', 'x', "),
        "unshown": (Unshown(), "<Unshown>"),
        "listed": ([Unshown()], "<list>"),
    }[kind]

    def raises(*inputs):
        raise RuntimeError(came)

    for check in CHECKS.values():
        gave, stopped = check(lambda *inputs: came).text, check(raises).text
        assert f"Your function gave:\n{shown}" in gave
        assert "Your function stopped with RuntimeError" in stopped
        assert len(gave) < 3000 > len(stopped)
        assert "UnshownError" in check(Mock(side_effect=UnshownError)).text
    assert len(check_job(0, 2, lambda tokens, i: came).text) < 500


def test_whole_numbers_and_lists_are_shown_as_such():
    wrong = {"n_heads =\n2\n": check_heads(lambda Q, K, V, n_heads: V), "gave:\n7\n": check_sampling(lambda s, t, u: 7)}
    wrong["gave:\n[0.333, 2.   ]"] = check_softmax(lambda scores: [1 / 3, 2])
    assert [text for text, report in wrong.items() if text not in report.text] == []


near = st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e-300, 1e200, np.inf, -np.inf, np.nan])
shapes = st.sampled_from([(3, 2), (2, 3), (1, 2), (6,), (), (0,), (3, 2, 1)])


@settings(max_examples=60, deadline=None)
@given(came=arrays(float, shapes, elements=near), kind=st.sampled_from([np.array, np.ndarray.tolist, tuple]))
def test_what_is_said_of_any_numbers_is_true(came, kind):
    answer = kind(np.atleast_1d(came) if kind is tuple else came)
    hint, details = hint_of(check_scores(lambda Q, K: answer))  # (3, 2) is expected
    if np.shape(answer) == (3, 2):
        assert hint == ("nan" if np.isnan(came).any() else "values")
    elif kind is tuple:
        assert (hint, details["count"]) == ("tuple", str(len(answer)))
    else:
        assert (hint, ast.literal_eval(details["came"])) == ("shape", np.shape(answer))


def is_noun(word):
    return np.argmax(KNOWN[word.casefold()]) in (0, 2)


def noun_weights(sentence, noun, W_q, W_k):
    """What each word gets from one, by loops over the vectors."""
    query, keys = KNOWN[noun.casefold()] @ np.array(W_q), [KNOWN[word.casefold()] @ np.array(W_k) for word in sentence]
    return soft(np.array([sum(query * key) / math.sqrt(len(query)) for key in keys]))


entries = st.one_of(st.just(0.0), st.integers(-5, 5).map(float), st.floats(allow_nan=False, allow_infinity=False))
patterns = st.sampled_from([(NOUNS_ASK, VERBS_OFFER), (VERBS_OFFER, NOUNS_ASK), (-NOUNS_ASK, VERBS_OFFER)])
any_pair = st.integers(1, 4).flatmap(lambda n: arrays(float, (2, 4, n), elements=entries))
near_pattern = st.tuples(patterns, st.floats(-2, 2), arrays(float, (4, 1), elements=st.floats(-1, 1)))
near_pattern = near_pattern.map(lambda drawn: (drawn[0][0] * 10 ** drawn[1] + drawn[2], drawn[0][1]))


@settings(max_examples=200, deadline=None)
@given(st.one_of(any_pair, any_pair.map(lambda pair: (pair[0], pair[0])), near_pattern))
def test_what_is_said_of_any_matrices_is_true_of_the_weights_above_it(pair):
    W_q, W_k = pair
    report = check_roles(W_q, W_k)
    exact = float(np.abs(W_q).max()) * float(np.abs(W_k).max()) < 1e9  # beyond, ties hang on how floats are rounded
    if report.right:
        for sentence in map(str.split, SENTENCES["en"]):
            verb = np.argmax([KNOWN[word.casefold()][1] for word in sentence])
            found = [noun_weights(sentence, word, W_q, W_k)[verb] for word in sentence if is_noun(word)]
            assert not exact or min(found) > 0.5
        return
    hint, details = hint_of(report)
    if hint == "roles_large":
        assert max(np.abs(W_q).max(), np.abs(W_k).max()) > 1e150
        return
    sentence, noun, verb = re.search("In “(.+)”, “(.+)” should give “(.+)” more", report.text).groups()
    sentence, shown = sentence.split(), np.array(report.text.splitlines()[1].split()[1::2], dtype=float)
    of_verb, nouns = shown[sentence.index(verb)], [is_noun(word) for word in sentence]
    best = [word for word, weight in zip(sentence, shown, strict=True) if weight == shown.max()]
    assert not exact or shown == pytest.approx(noun_weights(sentence, noun, W_q, W_k), abs=0.00501)
    assert of_verb <= 0.5
    assert details in ({}, {"noun": noun, "found": " · ".join(best)})
    from_verb = noun_weights(sentence, verb, W_q, W_k)[nouns].sum() if exact else 1
    assert {
        "roles_swapped": lambda: check_roles(W_k, W_q).right and from_verb > 0.5,
        "roles_sign": lambda: check_roles(-W_q, W_k).right and of_verb == shown.min(),
        "roles_tied": lambda: len(best) > 1,
        "roles_weak": lambda: best == [verb],
        "roles_same": lambda: best == [noun] and (W_q == W_k).all(),
        "roles_other": lambda: len(best) == 1 and best != [verb],
    }[hint]()


clues = [word for word in SENSE_WORDS if word.isascii() and word != "bank"]
typed = st.sampled_from([form.format(word) for word in (*clues, "the", "zig") for form in ("{}", "{}.", "({})")])


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


@pytest.mark.parametrize("hint", [*WRONG_ROLES, *WRONG_CONTEXT])
def test_matrices_and_sentences_that_are_wrong_get_the_hint_that_fits(hint):
    assert {hint_of(check_roles(*pair))[0] for pair in WRONG_ROLES.get(hint, [])} <= {hint}
    for sentence in WRONG_CONTEXT.get(hint, []):
        spoken = "en" if str(sentence).isascii() else "ja"
        with words.speaking(spoken):
            report = check_context(sentence)
        parts = [part for part in re.split(r"\{\w+\}", words.table(spoken)[f"exercise.hint.{hint}"]) if part]
        assert not report.right
        assert [part for part in parts if part not in report.text] == []


def test_matrices_by_which_nouns_find_the_verb_and_sentences_that_tip_the_word_over_are_right(language):
    for sentence in map(str.split, SENTENCES[language]):  # each word has a vector, one is a verb, two at least nouns
        assert [np.argmax(KNOWN[word.casefold()]) for word in sentence].count(1) == 1
        assert sum(map(is_noun, sentence)) >= 2
    assert [pair for pair in RIGHT_ROLES if not check_roles(*pair).right] == []
    assert [sentence for sentence in RIGHT_CONTEXT[language] if not check_context(sentence).right] == []


@pytest.mark.parametrize("hint", WRONG_JOB)
def test_a_job_that_is_none_gets_the_hint_that_fits(hint):
    reports = [check_job(*answer) for answer in WRONG_JOB[hint]]
    assert [report for report in reports if report.right or hint_of(report)[0] != hint] == []


def test_a_job_is_measured_on_each_token_of_each_sentence():
    """As counted anew, by loops, from the weights; where it misses, the miss is true."""
    model, jobs = trained.load(), [*RIGHT_JOB, *WRONG_JOB["job_rare"]]
    for layer, head, job in jobs:
        hits, named, n_tokens, misses = 0, 0, 0, []
        for sentence in HELD_OUT:
            run = model(sentence)
            words_of, n_tokens = run.tokens[1:-1], n_tokens + len(run.tokens) - 2
            for i in range(len(words_of)):
                j, row = job(words_of, i), run.weights[layer, head, i + 1]
                if j is not None and 0 <= j < len(words_of):
                    top = max(range(len(words_of)), key=lambda k, row=row: row[k + 1])
                    hits, named = hits + (top == j), named + 1
                    misses += [] if top == j else [(sentence, words_of[i], words_of[top], words_of[j])]
        report = check_job(layer, head, job)
        assert re.findall(r"\d+", report.text.splitlines()[0]) == [*map(str, (layer, head, hits, named, n_tokens))]
        said = report.text.partition("Hint")[0]
        assert re.findall("“(.+?)”", said) == [*misses[0]] if misses else "“" not in said
        assert report.right == (hits >= 0.8 * named)
    assert [job for job in RIGHT_JOB if not check_job(*job).right] == []
    stubs = [check_job(0, 2, stub) for stub in (..., lambda tokens, i: ...)]
    assert [stub for stub in stubs if stub.right or not stub.text.startswith("… Not yet")] == []


def test_each_hint_is_asked_for_somewhere_above():
    told = {hint for _, hint, _ in WRONG} | {row[3].split()[0] for row in COPIED}
    told |= {*WRONG_ROLES, *WRONG_CONTEXT, *WRONG_JOB}
    keys = {key for key in words.table("en") if key.startswith("exercise.hint.")}
    assert {f"exercise.hint.{hint}" for hint in {*told, "not_function", "arguments", "argument"}} == keys
    assert [key for key in keys if re.match("[A-Z][a-z]|A ", words.table("en")[key])] == []
