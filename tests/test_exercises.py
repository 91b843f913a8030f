"""The checks of the reader's functions: typical wrong solutions are refused by name, right ones are accepted."""

import math
import re
import warnings

import numpy as np
import pytest

import qkvlib
from qkvlib import check_attention, check_rnn_step, check_scores, check_soft_lookup, check_softmax, exercises, words

pytestmark = pytest.mark.filterwarnings("error")

both_languages = pytest.mark.parametrize("language", words.LANGUAGES)
both_checks = pytest.mark.parametrize(
    "check", [check_soft_lookup, check_scores, check_softmax, check_attention, check_rnn_step]
)


@pytest.fixture(autouse=True)
def english_again():
    yield
    words.use_language("en")


# Written as readers write them, some with a loop, some with NumPy.


def shifted(scores, axis=1):
    return np.exp(scores - scores.max(axis, keepdims=True))


def right_softmax(scores, axis=1):
    return shifted(scores, axis) / shifted(scores, axis).sum(axis, keepdims=True)


def shares(matches):
    return np.exp(matches) / np.exp(matches).sum()


def one_by_one(query, keys, values):
    matches = [sum(q * k for q, k in zip(query, key, strict=True)) for key in keys]
    total = sum(math.exp(match) for match in matches)
    answer = np.zeros(len(values[0]))
    for match, value in zip(matches, values, strict=True):
        answer += math.exp(match) / total * value
    return answer


def changes_query(query, keys, values):
    query *= 2
    return right_softmax(keys @ query[:, None] / 2, axis=0)[:, 0] @ values


def allowed(Q, K, mask):
    return np.where(mask, np.einsum("if,jf->ij", Q, K) / K.shape[1] ** 0.5, -np.inf)


def query_by_query(Q, K, V, mask):
    rows = []
    for q, seen in zip(Q, mask, strict=True):
        scores = [sum(a * b for a, b in zip(q, k, strict=True)) / len(q) ** 0.5 for k in K[seen]]
        exps = [math.exp(score - max(scores)) for score in scores]
        rows.append(sum(e / sum(exps) * v for e, v in zip(exps, V[seen], strict=True)))
    return np.array(rows)


def changes_mask(Q, K, V, mask):
    output = query_by_query(Q, K, V, mask)
    mask[:] = True
    return output


def step_by_loops(x, h, W, U, b):
    after = []
    for j in range(len(b)):
        total = b[j] + sum(x[i] * W[i, j] for i in range(len(x))) + sum(h[i] * U[i, j] for i in range(len(h)))
        after.append(math.tanh(total))
    return np.array(after)


def changes_h(x, h, W, U, b):
    h[:] = np.tanh(x @ W + h @ U + b)
    return h


def by_loops(Q, K):
    result = np.zeros((len(Q), len(K)))
    for i, q in enumerate(Q):
        for j, k in enumerate(K):
            for f in range(len(k)):
                result[i, j] += q[f] * k[f] / math.sqrt(len(k))
    return result


def as_lists(Q, K):
    return [[sum(a * b for a, b in zip(q, k, strict=True)) / len(k) ** 0.5 for k in K] for q in Q]


def changes_Q(Q, K):
    Q /= np.sqrt(Q.shape[1])
    return Q @ K.T


def changes_K(Q, K):
    K *= K.shape[1] ** -0.5
    return Q @ K.T


def math_softmax(scores, shift=max):
    rows = []
    for row in scores.tolist():
        exps = [math.exp(score - shift(row)) for score in row]
        rows.append([e / sum(exps) for e in exps])
    return np.array(rows)


def with_global_maximum(scores):
    largest = scores.max()
    return math_softmax(scores, shift=lambda row: largest)


def row_by_row(scores):
    result = np.empty_like(scores)
    for i, row in enumerate(scores):
        exps = np.exp(row - max(row))
        result[i] = exps / sum(exps)
    return result


def changes_scores(scores):
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores


def changes_scores_a_little(scores):
    weights = right_softmax(scores)
    scores[0, 0] = 0.25
    return weights


def log_sum_exp(scores):
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))


def like_scipy(scores):
    largest = np.amax(scores, axis=-1, keepdims=True)
    exps = np.exp(scores - np.where(np.isfinite(largest), largest, 0))
    return exps / np.sum(exps, axis=-1, keepdims=True)


def with_a_warning(scores):
    warnings.warn("careful", stacklevel=2)
    np.exp(np.array([1e9])), np.log(np.zeros(3))
    return right_softmax(scores)


def stops(*arguments):
    raise RuntimeError("a {brace} and more")


def forgot_return(*arguments):
    np.exp(arguments[0])


WRONG_LOOKUP = {
    "mean": (lambda q, K, V: np.mean(V, axis=0), "mean_of_values"),
    "sum": (lambda q, K, V: sum(V), "mean_of_values"),
    "only the best": (lambda q, K, V: V[(K @ q).argmax()], "hard"),
    "only the best, one-hot": (lambda q, K, V: np.eye(len(K))[np.argmax(K @ q)] @ V, "hard"),
    "matches as they are": (lambda q, K, V: V.T @ (K @ q), "no_softmax"),
    "divided, no exp": (lambda q, K, V: K @ q / np.sum(K @ q) @ V, "no_exp"),
    "softmax of the answer": (lambda q, K, V: shares(K @ q @ V), "softmax_last"),
    "softmax of each value": (lambda q, K, V: K @ q @ right_softmax(V), "softmax_last"),
    "softmax of the values": (lambda q, K, V: K @ q @ right_softmax(V, axis=0), "softmax_last"),
    "no division": (lambda q, K, V: np.exp(K @ q) @ V, "undivided"),
    "no division, maximum subtracted": (lambda q, K, V: np.exp(K @ q - max(K @ q)) @ V, "undivided"),
    "weights": (lambda q, K, V: shares(K @ q), "no_values"),
    "matches": (lambda q, K, V: K.dot(q), "no_values"),
    "not summed": (lambda q, K, V: shares(K @ q).reshape(-1, 1) * V, "not_summed"),
    "not summed, a list": (lambda q, K, V: [w * v for w, v in zip(shares(K @ q), V, strict=True)], "not_summed"),
    "√d": (lambda q, K, V: shares(K @ q / len(q) ** 0.5) @ V, "scaled"),
    "keys and values swapped": (lambda q, K, V: shares(V @ q) @ K, "swapped"),
    "query last": (lambda K, V, q: shares(K @ q) @ V, "exception"),
    "a list": (lambda q, K, V: [*one_by_one(q, K, V)], "list"),
    "query changed": (changes_query, "in_place"),
    "None": (forgot_return, "none"),
    "a string": (lambda q, K, V: "mixture", "not_array"),
    "raises": (stops, "exception"),
    "cosine": (lambda q, K, V: shares(K @ q / (np.linalg.norm(K, axis=1) + 1e-9)) @ V, "values"),
    "query negated": (lambda q, K, V: shares(-(K @ q)) @ V, "values"),
}

WRONG_SCORES = {
    "no scale": (lambda Q, K: Q @ K.T, "unscaled"),
    "no scale, einsum": (lambda Q, K: np.einsum("qf,kf->qk", Q, K), "unscaled"),
    "no scale, a list": (lambda Q, K: (Q @ K.T).tolist(), "unscaled"),
    "√d_model": (lambda Q, K: Q @ K.T / math.sqrt(4), "d_model"),
    "d_k, not its root": (lambda Q, K: Q @ K.T / Q.shape[-1], "d_k"),
    "mean, not sum": (lambda Q, K: (Q[:, None, :] * K[None, :, :]).mean(axis=2), "d_k"),
    "√n_keys": (lambda Q, K: Q @ K.T / len(K) ** 0.5, "n_keys"),
    "√n_queries": (lambda Q, K: Q @ K.T / Q.shape[0] ** 0.5, "n_keys"),
    "multiplied": (lambda Q, K: Q @ K.T * len(K[0]) ** 0.5, "multiplied"),
    "Q and K swapped": (lambda Q, K: (Q @ K.T / Q.shape[1] ** 0.5).T, "transposed"),
    "weights": (lambda Q, K: right_softmax(Q @ K.T / np.sqrt(K.shape[1])), "already_softmax"),
    "weights, no scale": (lambda Q, K: right_softmax(Q @ K.T), "already_softmax"),
    "elementwise": (lambda Q, K: Q * K, "elementwise"),
    "elementwise, scaled": (lambda Q, K: np.multiply(Q, K) / Q.shape[1] ** 0.5, "elementwise"),
    "K not transposed": (lambda Q, K: Q @ K, "exception"),
    "Q transposed": (lambda Q, K: Q.T @ K, "exception"),
    "one argument": (lambda Q: Q, "exception"),
    "raises": (stops, "exception"),
    "not a function": (np.ones((3, 2)), "exception"),
    "Q changed": (changes_Q, "in_place"),
    "K changed": (changes_K, "in_place"),
    "a list": (as_lists, "list"),
    "a tuple of rows": (lambda Q, K: tuple(by_loops(Q, K)), "list"),
    "None": (forgot_return, "none"),
    "a string": (lambda Q, K: "Q @ K.T", "not_array"),
    "a dict": (lambda Q, K: {"scores": by_loops(Q, K)}, "not_array"),
    "ragged": (lambda Q, K: [[1.0], [1.0, 2.0]], "not_array"),
    "Ellipsis on some": (lambda Q, K: by_loops(Q, K) if len(Q) > 2 else ..., "not_array"),
    "zeros": (lambda Q, K: np.zeros((len(Q), len(K))), "values"),
    "nan": (lambda Q, K: np.full((len(Q), len(K)), np.nan), "values"),
    "negated": (lambda Q, K: -by_loops(Q, K), "values"),
    "cosine": (lambda Q, K: Q @ K.T / np.outer(*(np.linalg.norm(x, axis=1) + 1e-9 for x in (Q, K))), "values"),
    "rounded": (lambda Q, K: np.round(by_loops(Q, K), 2), "values"),
    "root cut to a whole number": (lambda Q, K: Q @ K.T / int(np.sqrt(Q.shape[1])), "values"),
}

WRONG_SOFTMAX = {
    "wrong axis": (lambda s: np.exp(s - s.max(axis=0)) / np.exp(s - s.max(axis=0)).sum(axis=0), "columns"),
    "wrong axis, no maximum": (lambda s: np.exp(s) / np.sum(np.exp(s), 0), "columns"),
    "wrong axis, rows' maximum": (lambda s: shifted(s) / shifted(s).sum(axis=0), "columns"),
    "wrong axis, one maximum": (lambda s: np.exp(s - np.max(s)) / sum(np.exp(s - np.max(s))), "columns"),
    "transposed there and back": (lambda s: right_softmax(s.T).T, "columns"),
    "everything": (lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum(), "whole"),
    "everything, no maximum": (lambda s: np.exp(s) / np.sum(np.exp(s)), "whole"),
    "of the transpose": (lambda s: right_softmax(s.T), "transposed_softmax"),
    "transposed afterwards": (lambda s: right_softmax(s).T, "transposed_softmax"),
    "no maximum": (lambda s: np.exp(s) / np.exp(s).sum(axis=1)[:, None], "overflow"),
    "no maximum, math.exp": (lambda s: math_softmax(s, shift=lambda row: 0), "overflow"),
    "one maximum": (lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum(-1, keepdims=True), "overflow"),
    "one maximum, math.exp": (with_global_maximum, "overflow"),
    "no exp": (lambda s: s / s.sum(axis=1)[:, None], "no_exp"),
    "exp only": (lambda s: np.e**s, "no_division"),
    "exp only, maximum subtracted": (shifted, "no_division"),
    "log-softmax": (lambda s: s - np.logaddexp.reduce(s, axis=1, keepdims=True), "logarithm"),
    "mean, not sum": (lambda s: shifted(s) / shifted(s).mean(axis=1, keepdims=True), "mean"),
    "changed and returned": (changes_scores, "in_place"),
    "changed": (changes_scores_a_little, "in_place"),
    "a list": (lambda s: math_softmax(s).tolist(), "list"),
    "None": (forgot_return, "none"),
    "a string": (lambda s: "weights", "not_array"),
    "no keepdims": (lambda s: shifted(s) / shifted(s).sum(axis=1), "exception"),
    "raises": (stops, "exception"),
    "two arguments": (lambda Q, K: Q @ K.T, "exception"),
    "nothing done": (lambda s: s, "values"),
    "sigmoid": (lambda s: 1 / (1 + np.exp(-s)), "values"),
    "only the best": (lambda s: (s == s.max(axis=1, keepdims=True)).astype(float), "values"),
    "base 2": (lambda s: 2 ** (s - s.max(1)[:, None]) / (2 ** (s - s.max(1)[:, None])).sum(1)[:, None], "values"),
    "scaled": (lambda s: right_softmax(s / np.sqrt(s.shape[1])), "values"),
    "uniform": (lambda s: np.full(s.shape, 1 / s.shape[1]), "values"),
    "only finite scores": (lambda s: right_softmax(np.nan_to_num(s, neginf=-1)), "values"),
}

WRONG_ATTENTION = {
    "no scale": (lambda Q, K, V, m: right_softmax(np.where(m, Q @ K.T, -np.inf)) @ V, "unscaled"),
    "d_k": (lambda Q, K, V, m: right_softmax(allowed(Q, K, m) / Q.shape[1] ** 0.5) @ V, "d_k"),
    "√d_v": (lambda Q, K, V, m: right_softmax(allowed(Q, K, m) * (Q.shape[1] / V.shape[1]) ** 0.5) @ V, "d_v"),
    "√n_keys": (lambda Q, K, V, m: right_softmax(allowed(Q, K, m) * (Q.shape[1] / len(V)) ** 0.5) @ V, "n_keys"),
    "√n_queries": (lambda Q, K, V, m: right_softmax(allowed(Q, K, m) * (Q.shape[1] / len(Q)) ** 0.5) @ V, "n_keys"),
    "times √d_k": (lambda Q, K, V, m: right_softmax(allowed(Q, K, m) * Q.shape[1]) @ V, "multiplied"),
    "scaled last": (
        lambda Q, K, V, m: right_softmax(np.where(m, Q @ K.T, -np.inf)) @ V / Q.shape[1] ** 0.5,
        "scaled_late",
    ),
    "K Qᵀ": (lambda Q, K, V, m: right_softmax(np.where(m, K @ Q.T / K.shape[1] ** 0.5, -np.inf)) @ V, "transposed"),
    "columns": (lambda Q, K, V, m: right_softmax(allowed(Q, K, m), axis=0) @ V, "columns"),
    "divided along columns": (
        lambda Q, K, V, m: (e := shifted(allowed(Q, K, m))) / e.sum(axis=0, keepdims=True) @ V,
        "columns",
    ),
    "all together": (lambda Q, K, V, m: right_softmax(allowed(Q, K, m), axis=None) @ V, "whole"),
    "no maximum": (lambda Q, K, V, m: np.array([shares(s) for s in allowed(Q, K, m)]) @ V, "overflow"),
    "no division": (lambda Q, K, V, m: np.exp(allowed(Q, K, m)) @ V, "undivided"),
    "no division, maximum subtracted": (lambda Q, K, V, m: shifted(allowed(Q, K, m)) @ V, "undivided"),
    "scores times values": (lambda Q, K, V, m: allowed(Q, K, m * 1 > -1) @ V, "no_softmax"),
    "masked scores times values": (lambda Q, K, V, m: allowed(Q, K, m) @ V, "no_softmax"),
    "softmax of the output": (lambda Q, K, V, m: right_softmax(Q @ K.T / K.shape[1] ** 0.5 @ V), "softmax_last"),
    "weights": (lambda Q, K, V, m: right_softmax(allowed(Q, K, m)), "weights_returned"),
    "mean over the keys": (lambda Q, K, V, m: query_by_query(Q, K, V, m) / len(V), "averaged_again"),
    "mask unused": (lambda Q, K, V, m: query_by_query(Q, K, V, np.full_like(m, True)), "mask_ignored"),
    "mask after the softmax": (
        lambda Q, K, V, m: np.where(m, right_softmax(allowed(Q, K, m | True)), 0) @ V,
        "mask_after",
    ),
    "mask inverted": (lambda Q, K, V, m: right_softmax(allowed(Q, K, ~m)) @ V, "mask_inverted"),
    "mask inverted, large number": (
        lambda Q, K, V, m: right_softmax(np.where(m, -1e9, allowed(Q, K, m | True))) @ V,
        "mask_inverted",
    ),
    "mask times scores": (lambda Q, K, V, m: right_softmax(Q @ K.T / K.shape[1] ** 0.5 * m) @ V, "mask_multiplied"),
    "masked scores 0": (lambda Q, K, V, m: right_softmax(np.where(m, allowed(Q, K, m), 0)) @ V, "mask_multiplied"),
    "without a mask": (lambda Q, K, V: Q @ K.T @ V, "exception"),
    "a list": (lambda Q, K, V, m: query_by_query(Q, K, V, m).tolist(), "list"),
    "mask changed": (changes_mask, "in_place"),
    "None": (forgot_return, "none"),
    "a string": (lambda Q, K, V, m: "output", "not_array"),
    "raises": (stops, "exception"),
    "everything negated": (lambda Q, K, V, m: -query_by_query(Q, K, V, m), "values"),
    "mask added": (lambda Q, K, V, m: right_softmax(Q @ K.T / K.shape[1] ** 0.5 + 3 * m) @ V, "values"),
}

WRONG_STEP = {
    "no tanh": (lambda x, h, W, U, b: x @ W + h @ U + b, "step_no_tanh"),
    "no bias": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U), "step_no_bias"),
    "no state": (lambda x, h, W, U, b: np.tanh(b + x @ W), "step_no_hidden"),
    "no word": (lambda x, h, W, U, b: np.tanh(b + h @ U), "step_no_input"),
    "U first": (lambda x, h, W, U, b: np.tanh(x @ W + U @ h + b), "step_transposed"),
    "both transposed": (lambda x, h, W, U, b: np.tanh(W.T @ x + U.T @ h * 0 + U @ h + b), "step_transposed"),
    "matrices first": (lambda x, h, W, U, b: np.tanh(W @ x + U @ h + b), "step_transposed"),
    "tanh of each": (lambda x, h, W, U, b: np.tanh(x @ W) + np.tanh(h @ U) + b, "step_tanh_early"),
    "tanh before the bias": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U) + b, "step_tanh_early"),
    "tanh of the word": (lambda x, h, W, U, b: np.tanh(x @ W) + h @ U + b, "step_tanh_early"),
    "tanh of the state": (lambda x, h, W, U, b: np.tanh(h @ U) + x @ W + b, "step_tanh_early"),
    "sigmoid": (lambda x, h, W, U, b: 1 / (1 + np.exp(-(x @ W + h @ U + b))), "step_sigmoid"),
    "old state added": (lambda x, h, W, U, b: h + np.tanh(x @ W + h @ U + b), "step_added"),
    "old state added inside": (lambda x, h, W, U, b: np.tanh(x @ W + h @ U + b + h), "step_added"),
    "tanh twice": (lambda x, h, W, U, b: np.tanh(np.tanh(x @ W + h @ U + b)), "step_tanh_twice"),
    "W and U exchanged": (lambda x, h, W, U, b: np.tanh(x @ U + h @ W + b), "step_exchanged"),
    "a list": (lambda *arguments: step_by_loops(*arguments).tolist(), "list"),
    "state changed": (changes_h, "in_place"),
    "None": (forgot_return, "none"),
    "a string": (lambda *arguments: "h", "not_array"),
    "raises": (stops, "exception"),
    "negated": (lambda *arguments: -step_by_loops(*arguments), "values"),
}

# The first input gives (4,) for soft_lookup, (3, 2) for scores, (2, 3) for softmax, (2, 2) for attention.
WRONG_SHAPES = {
    "a row of one answer": (check_soft_lookup, lambda q, K, V: one_by_one(q, K, V)[None], (1, 4), (4,)),
    "the answer summed": (check_soft_lookup, lambda q, K, V: one_by_one(q, K, V).sum(), (), (4,)),
    "a row": (check_scores, lambda Q, K: (Q @ K.T / np.sqrt(Q.shape[1])).ravel(), (6,), (3, 2)),
    "a number": (check_scores, lambda Q, K: 0.5, (), (3, 2)),
    "a text with a number": (check_scores, lambda Q, K: "0.5", (), (3, 2)),
    "one score too many": (check_scores, lambda Q, K: np.zeros((len(Q) + 1, len(K))), (4, 2), (3, 2)),
    "queries with queries": (check_scores, lambda Q, K: Q @ Q.T, (3, 3), (3, 2)),
    "right but for one query": (check_scores, lambda Q, K: np.squeeze(by_loops(Q, K)), (), (1, 1)),
    "one sum a row": (check_softmax, lambda s: shifted(s).sum(axis=1), (2,), (2, 3)),
    "one query only": (check_attention, lambda Q, K, V, m: query_by_query(Q, K, V, m)[0], (2,), (2, 2)),
    "empty": (check_softmax, lambda s: [], (0,), (2, 3)),
}

RIGHT_ATTENTION = {
    "query by query": query_by_query,
    "whole": lambda Q, K, V, m: right_softmax(allowed(Q, K, m)) @ V,
    "a large negative number": lambda Q, K, V, m: right_softmax(np.where(m, Q @ K.T / K.shape[1] ** 0.5, -1e9)) @ V,
    "queries scaled": lambda Q, K, V, m: right_softmax(np.where(m, Q / K.shape[1] ** 0.5 @ K.T, -np.inf)) @ V,
    "mask after the exp": lambda Q, K, V, m: (e := shifted(allowed(Q, K, m | True)) * m) @ V / e.sum(1)[:, None],
    "mask after the softmax, divided again": lambda Q, K, V, m: (
        (w := right_softmax(allowed(Q, K, m | True)) * m) / w.sum(1, keepdims=True) @ V
    ),
    "einsum": lambda Q, K, V, m: np.einsum("qk,kv->qv", right_softmax(allowed(Q, K, m)), V),
    "float32": lambda Q, K, V, m: right_softmax(allowed(Q, K, m).astype(np.float32)) @ V.astype(np.float32),
    "the library's": lambda Q, K, V, m: qkvlib.attention(Q, K, V, m).output,
}

RIGHT_STEP = {
    "loops": step_by_loops,
    "plain": lambda x, h, W, U, b: np.tanh(x @ W + h @ U + b),
    "transposed matrices": lambda x, h, W, U, b: np.tanh(W.T @ x + U.T @ h + b),
    "joined": lambda x, h, W, U, b: np.tanh(np.concatenate([x, h]) @ np.vstack([W, U]) + b),
    "einsum": lambda x, h, W, U, b: np.tanh(np.einsum("i,ij->j", x, W) + np.einsum("k,kj->j", h, U) + b),
    "by the sigmoid": lambda x, h, W, U, b: 2 / (1 + np.exp(-2 * (x @ W + h @ U + b))) - 1,
    "float32": lambda x, h, W, U, b: np.tanh((x @ W + h @ U + b).astype(np.float32)),
    "the library's": lambda x, h, W, U, b: qkvlib.TanhRNN.forward(
        {"W": np.vstack([W, np.eye(len(h))]), "U": U, "b": b}, np.concatenate([x, h @ U])[None, None]
    )[0][0, 0],
}

RIGHT_LOOKUP = {
    "one by one": one_by_one,
    "plain": lambda query, keys, values: shares(keys @ query) @ values,
    "maximum subtracted": lambda q, K, V: right_softmax((K @ q)[None])[0] @ V,
    "einsum": lambda q, K, V: np.einsum("n,nv->v", shares(np.einsum("d,nd->n", q, K)), V),
    "average": lambda q, K, V: np.average(V, axis=0, weights=np.exp(K @ q)),
    "divided at the end": lambda q, K, V: np.exp(K @ q) @ V / np.exp(K @ q).sum(),
    "float32": lambda q, K, V: shares((K @ q).astype(np.float32)) @ V.astype(np.float32),
    "the library's": lambda q, K, V: qkvlib.attention(q[None], K, V, scale=False).output[0],
}

RIGHT_SCORES = {
    "loops": by_loops,
    "einsum": lambda Q, K: np.einsum("if,jf->ij", Q, K) / Q.shape[1] ** 0.5,
    "float32": lambda Q, K: Q.astype(np.float32) @ K.astype(np.float32).T / np.float32(math.sqrt(K.shape[1])),
    "Q scaled first": lambda Q, K: (Q / np.sqrt(Q.shape[1])) @ K.T,
    "K scaled first": lambda Q, K: Q @ (K.T / np.sqrt(len(K[0]))),
    "each by the fourth root": lambda Q, K: (Q / Q.shape[1] ** 0.25) @ (K / K.shape[1] ** 0.25).T,
    "keys first": lambda Q, K: (K @ Q.T).T * Q.shape[-1] ** -0.5,
    "broadcast": lambda Q, K: (Q[:, None] * K).sum(axis=-1) / math.sqrt(K.shape[-1]),
    "inner": lambda Q, K: np.inner(Q, K) / np.sqrt(K.shape[1]),
    "batched": lambda Q, K: np.matmul(Q[None], np.swapaxes(K[None], -1, -2))[0] / np.sqrt(K.shape[-1]),
    "matrix": lambda Q, K: np.asmatrix(Q) * np.asmatrix(K).T / np.sqrt(K.shape[1]),
    "an array of a list": lambda Q, K: np.array(as_lists(Q, K)),
    "the library's": qkvlib.scores,
}

RIGHT_SOFTMAX = {
    "maximum subtracted": right_softmax,
    "loop over rows": row_by_row,
    "math.exp": math_softmax,
    "log-sum-exp": log_sum_exp,
    "like SciPy's": like_scipy,
    "float32": lambda s: right_softmax(s.astype(np.float32)),
    "einsum": lambda s: shifted(s) / np.einsum("ij->i", shifted(s))[:, None],
    "transposed there and back": lambda s: (shifted(s).T / shifted(s).sum(axis=1)).T,
    "along an axis": lambda s: np.apply_along_axis(lambda row: right_softmax(row[None])[0], 1, s),
    "one over the sum of gaps": lambda s: np.array(
        [[0.0 if score == -np.inf else 1 / np.exp(row - score).sum() for score in row] for row in s]
    ),
    "on a copy in place": lambda s: changes_scores(s.copy()),
    "with a warning": with_a_warning,
    "the library's": qkvlib.softmax,
}


def rows(table, *more):
    return [pytest.param(*more, *value, id=f"{more[0].__name__}: {name}") for name, value in table.items()]


def section(text, start, end):
    """What stands in a report between two of its headings, given by their keys in words."""
    _, _, rest = text.partition(words.text(start))
    between, found, _ = rest.partition(words.text(end, hint="").rstrip())
    assert found, f"no {end} after {start} in {text}"
    return between


def numbers_in(text):
    return np.array([float(word) for word in text.replace("[", " ").replace("]", " ").split()])


@both_languages
@pytest.mark.parametrize(
    ("check", "function", "hint"),
    [
        *rows(WRONG_LOOKUP, check_soft_lookup),
        *rows(WRONG_SCORES, check_scores),
        *rows(WRONG_SOFTMAX, check_softmax),
        *rows(WRONG_ATTENTION, check_attention),
        *rows(WRONG_STEP, check_rnn_step),
    ],
)
def test_a_wrong_solution_is_refused_with_the_hint_that_fits(check, function, hint, language):
    words.use_language(language)
    report = check(function)
    assert not report.right
    assert report.text.startswith("✗ " + words.text("exercise.wrong"))
    assert report.text.endswith(words.text("exercise.advice", hint=words.text(f"exercise.hint.{hint}")))


@both_languages
@pytest.mark.parametrize(("check", "function", "came", "expected"), WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_a_wrong_shape_is_named_beside_the_right_one(check, function, came, expected, language):
    words.use_language(language)
    report = check(function)
    assert not report.right
    assert report.text.endswith(words.text("exercise.hint.shape", came=came, expected=expected))


def test_each_hint_is_met_by_some_wrong_solution():
    tables = (WRONG_LOOKUP, WRONG_SCORES, WRONG_SOFTMAX, WRONG_ATTENTION, WRONG_STEP)
    hints = {hint for table in tables for _, hint in table.values()} | {"shape"}
    hints |= {hint for _, _, hint in WRONG_ROLES.values()} | {hint for _, hint in WRONG_CONTEXT["en"]}
    prefix = "exercise.hint."
    assert {prefix + hint for hint in hints} == {key for key in words.table("en") if key.startswith(prefix)}


@both_languages
@pytest.mark.parametrize(
    ("check", "function"),
    [
        pytest.param(check, function, id=f"{check.__name__}: {name}")
        for check, table in (
            (check_soft_lookup, RIGHT_LOOKUP),
            (check_scores, RIGHT_SCORES),
            (check_softmax, RIGHT_SOFTMAX),
            (check_attention, RIGHT_ATTENTION),
            (check_rnn_step, RIGHT_STEP),
        )
        for name, function in table.items()
    ],
)
def test_a_right_solution_is_accepted_however_it_is_written(check, function, language):
    words.use_language(language)
    calls = []
    report = check(lambda *arguments: calls.append(arguments) or function(*arguments))
    assert report.right, report
    assert len(calls) >= 4
    assert report.text == "✓ " + words.text("exercise.right", count=len(calls))


@both_languages
@both_checks
def test_the_stub_is_not_yet(check, language):
    words.use_language(language)
    report = check(lambda *arguments: ...)
    assert not report.right
    assert report.text == "… " + words.text("exercise.not_yet")


@both_languages
def test_a_report_shows_input_expected_and_came(language):
    words.use_language(language)
    given = []
    text = check_scores(lambda Q, K: given.append((Q.copy(), K.copy())) or Q @ K.T).text
    Q, K = given[0]
    shown = text[text.index("Q =") + 3 : text.index(words.text("exercise.expected"))]
    shown_Q, shown_K = shown.split("K =")
    assert np.allclose(numbers_in(shown_Q), Q.ravel())
    assert np.allclose(numbers_in(shown_K), K.ravel())
    expected = numbers_in(section(text, "exercise.expected", "exercise.came"))
    came = numbers_in(section(text, "exercise.came", "exercise.advice"))
    assert np.allclose(came, (Q @ K.T).ravel(), atol=5e-4)
    assert np.allclose(expected * np.sqrt(Q.shape[1]), came, atol=2e-3)


@both_languages
def test_a_report_shows_the_first_input_that_fails(language):
    """Without the maximum, small scores come out right; only the large ones are shown."""
    words.use_language(language)
    text = check_softmax(lambda s: np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)).text
    assert words.text("exercise.input", name=words.text("exercise.case.big")) in text
    assert np.isnan(numbers_in(section(text, "exercise.came", "exercise.advice"))).any()
    assert np.isfinite(numbers_in(section(text, "exercise.expected", "exercise.came"))).all()


@both_languages
@both_checks
def test_a_report_names_the_exception_in_place_of_numbers(check, language):
    words.use_language(language)
    text = check(stops).text
    assert words.text("exercise.raised", error="RuntimeError: a {brace} and more") in text
    assert words.text("exercise.expected") in text
    assert words.text("exercise.came") not in text


def test_a_report_shows_as_its_text():
    report = check_scores(by_loops)
    assert repr(report) == report.text


@pytest.mark.parametrize(
    ("check", "spoils", "right"),
    [
        (check_soft_lookup, changes_query, one_by_one),
        (check_scores, changes_Q, by_loops),
        (check_softmax, changes_scores, right_softmax),
        (check_attention, changes_mask, query_by_query),
        (check_rnn_step, changes_h, step_by_loops),
    ],
)
def test_a_function_that_changes_its_argument_spoils_no_later_check(check, spoils, right):
    before = check(spoils).text
    assert check(right).right
    assert check(spoils).text == before


def test_what_a_function_prints_is_shown_and_what_it_warns_is_not(capsys):
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        assert check_softmax(lambda s: print("here") or with_a_warning(s)).right
        check_softmax(lambda s: np.log(-1 - np.abs(s)) / 0 * np.array(np.inf))
    assert shown == []
    out, err = capsys.readouterr()
    assert set(out.splitlines()) == {"here"}
    assert err == ""


class Tensor:
    """Refuses to become an array, as PyTorch's tensors do while they record gradients."""

    def __array__(self, *arguments, **options):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")


@both_checks
@pytest.mark.parametrize(
    "came",
    [
        pytest.param(object(), id="object"),
        pytest.param(np.array([object()]), id="array of objects"),
        pytest.param({1.0, 2.0}, id="set"),
        pytest.param((x for x in (1.0, 2.0)), id="generator"),
        pytest.param(np.ones((3, 2), dtype=complex), id="complex"),
        pytest.param(b"\xff", id="bytes"),
        pytest.param(np.array(["a", "b"]), id="array of text"),
        pytest.param(10**400, id="a number too large for float"),
        pytest.param(np.array("2024-01-01", dtype="datetime64[D]"), id="date"),
        pytest.param(Tensor(), id="tensor"),
        pytest.param(print, id="a function"),
        pytest.param(ValueError("returned"), id="an exception that is returned"),
        pytest.param(np.array(3.0), id="array without axes"),
    ],
)
def test_the_check_refuses_whatever_comes_and_never_raises(check, came):
    report = check(lambda *arguments: came)
    assert not report.right
    assert words.text("exercise.expected") in report.text


# Rows: who, action, place, link
NOUNS_ASK, VERBS_OFFER = [[4, 0, 4, 0]], [[0, 2, 0, 0]]
RIGHT_ROLES = {
    "one column": (np.transpose(NOUNS_ASK), np.transpose(VERBS_OFFER)),
    "larger": (np.transpose(NOUNS_ASK) * 9.0, np.transpose(VERBS_OFFER)),
    "both signs turned": (-np.transpose(NOUNS_ASK), -np.transpose(VERBS_OFFER)),
    "verbs among others": (np.transpose(NOUNS_ASK), np.transpose([[-2, 2, -2, -2]])),
    "lists": ([[0, 5], [0, 0], [0, 5], [0, 0]], [[0, 0], [0, 3], [0, 0], [0, 0]]),
    "three columns": (
        np.array([[0, 6, 0], [3, 0, 3], [0, 6, 0], [0, 0, 3]]),
        np.array([[3, 0, 0], [0, 3, 0], [0, 0, 3], [0, 0, 0]]),
    ),
    "float32": (np.transpose(NOUNS_ASK).astype(np.float32), np.transpose(VERBS_OFFER).astype(np.float32)),
}
WRONG_ROLES = {
    "zeros": (np.zeros((4, 2)), np.zeros((4, 2)), "roles_other"),
    "swapped": (np.transpose(VERBS_OFFER), np.transpose(NOUNS_ASK), "roles_swapped"),
    "turned round": (-np.transpose(NOUNS_ASK), np.transpose(VERBS_OFFER), "roles_sign"),
    "too small": (np.transpose(NOUNS_ASK) / 8, np.transpose(VERBS_OFFER), "roles_weak"),
    "the same": (3 * np.eye(4), 3 * np.eye(4), "roles_same"),
    "other columns": (np.eye(4)[:, :2] * 5, np.eye(4)[:, 2:] * 5, "roles_other"),
    "only who asks": (np.transpose([[4, 0, 0, 0]]), np.transpose(VERBS_OFFER), "roles_other"),
    "transposed": (np.array(NOUNS_ASK), np.array(VERBS_OFFER), "roles_shape"),
    "one row more": (np.ones((5, 2)), np.ones((5, 2)), "roles_shape"),
    "unlike widths": (np.ones((4, 2)), np.ones((4, 3)), "roles_shape"),
    "flat": (np.ones(4), np.ones(4), "roles_shape"),
    "no column": (np.ones((4, 0)), np.ones((4, 0)), "roles_shape"),
    "infinite": (np.full((4, 2), np.inf), np.ones((4, 2)), "roles_numbers"),
    "not numbers": ("W", np.ones((4, 2)), "roles_numbers"),
    "None": (None, None, "roles_numbers"),
}


@pytest.mark.parametrize(("W_q", "W_k"), RIGHT_ROLES.values(), ids=RIGHT_ROLES)
def test_any_matrices_by_which_nouns_find_the_verb_are_right(W_q, W_k, language):
    report = qkvlib.check_roles(W_q, W_k)
    assert report.right, report.text
    assert report.text.startswith("✓ ")


@pytest.mark.parametrize(("W_q", "W_k", "hint"), WRONG_ROLES.values(), ids=WRONG_ROLES)
def test_matrices_by_which_nouns_do_not_find_the_verb_get_the_hint_that_fits(W_q, W_k, hint, language):
    report = qkvlib.check_roles(W_q, W_k)
    assert not report.right
    assert report.text.startswith("✗ ")
    text = words.table(language)[f"exercise.hint.{hint}"].split("{")[0].split("「")[0].split("“")[0]
    assert text in report.text
    if hint not in ("roles_shape", "roles_numbers"):
        noun_row = report.text.splitlines()[1]
        assert sum(float(number) for number in re.findall(r"\d\.\d\d", noun_row)) == pytest.approx(1, abs=0.03)


def test_matrices_that_are_not_written_yet_are_no_mistake(language):
    assert qkvlib.check_roles(..., ...).text == "… " + words.text("exercise.roles.not_yet")


def test_the_sentences_of_the_roles_have_nouns_a_verb_and_no_word_without_a_vector(language):
    for sentence in exercises.NOUNS_AND_VERB[language]:
        X, unknown = qkvlib.embed(sentence.split(), qkvlib.KNOWN)
        kinds = X.argmax(axis=1).tolist()
        assert unknown == []
        assert kinds.count(1) == 1
        assert kinds.count(0) + kinds.count(2) >= 2


RIGHT_CONTEXT = {
    "en": ["money fell from the boat into the river by the bank", "I save grass , reeds and WATER on the Bank ."],
    "ja": ["川 に かかる はし を 渡って うどん へ", "川にかかるはしを渡る船でうどん"],
}
WRONG_CONTEXT = {
    "en": [
        (5, "context_not_text"),
        ("", "context_word"),
        ("I swim in the river", "context_word"),
        ("a bank is a bank , money or river", "context_word"),
        ("the bank of the river", "context_first"),
        ("the bank", "context_first"),
        ("money at the bank", "context_none"),
        ("money and cash at the bank near water", "context_leans"),
        ("money at the bank of the river", "context_middle"),
        ("x " * 65 + "bank", "context_too_long"),
    ],
    "ja": [
        (["はし"], "context_not_text"),
        ("　", "context_word"),
        ("川 を 渡る", "context_word"),
        ("はし と はし", "context_word"),
        ("川 の はし", "context_first"),
        ("はし で うどん を 食べる", "context_none"),
        ("はし で うどん を 食べる 川", "context_leans"),
        ("はし で うどん を 川 に", "context_middle"),
        ("あ " * 65, "context_too_long"),
    ],
}


@pytest.mark.parametrize("i", range(2))
def test_any_sentence_that_tips_the_word_over_is_right(i, language):
    report = qkvlib.check_context(RIGHT_CONTEXT[language][i])
    assert report.right, report.text
    assert re.search(r"\+0\.\d\d", report.text)


@pytest.mark.parametrize("i", range(10))
def test_a_sentence_that_does_not_tip_the_word_over_gets_the_hint_that_fits(i, language):
    sentence, hint = WRONG_CONTEXT[language][min(i, len(WRONG_CONTEXT[language]) - 1)]
    report = qkvlib.check_context(sentence)
    assert not report.right
    parts = [part for part in re.split(r"\{\w+\}", words.table(language)[f"exercise.hint.{hint}"]) if part]
    assert all(part in report.text for part in parts)


def test_a_sentence_that_is_not_written_yet_is_no_mistake(language):
    assert qkvlib.check_context(...).text == "… " + words.text("exercise.context.not_yet")
