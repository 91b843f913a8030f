"""Every public function, fed wrongly, names its argument; what the library shares cannot be changed."""

import re
from collections import UserDict
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest

import qkvlib
from qkvlib import grammar
from qkvlib.arguments import read_only
from qkvlib.explorers import context, search
from qkvlib.models.learning import cross_entropy
from qkvlib.text import handmade

rng = np.random.default_rng(0)
Q, K, V = rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), rng.normal(size=(5, 2))
BATCH = grammar.sentences(rng, 2)
GIVEN = {"weights": qkvlib.attention(Q, K, V).weights, "d_output": np.ones((3, 2))}
MATRICES = grammar.first_parameters(rng)

WRONG = {"None": None, "a word": "x", "an object": object(), "a generator of words": (word for word in "abc")}
WRONG |= {"a negative number": -1, "a fraction": 2.5, "a truth": True, "nan": np.nan, "a complex number": 1j}
WRONG |= {"words": ["a", "b"], "rows of different lengths": [[1.0], [1.0, 2.0]], "a dict": {3: 4}}
WRONG |= {"complex numbers": np.full((5, 4), 1j), "too many axes": np.zeros((1, 1, 1, 1, 7))}


RNN = qkvlib.TanhRNN.parameters(rng, 3, 4)


def backward_of_another(X):
    """The way back with what the way there kept of one sentence less."""
    hidden, _ = qkvlib.TanhRNN.forward(RNN, X)
    return qkvlib.TanhRNN.backward(RNN, X, qkvlib.TanhRNN.forward(RNN, X[1:])[1], hidden)


def layer_calls(layer):
    parameters, X = layer.parameters(rng, 3, 4), rng.normal(size=(2, 5, 3))
    hidden, tape = layer.forward(parameters, X)
    sizes = {"n_layers": 1, "width": 3} if layer is qkvlib.Convolution else {}
    yield layer.parameters, {"rng": rng, "n_in": 3, "n_hidden": 4, **sizes}
    yield layer.forward, {"parameters": parameters, "X": X}
    yield layer.backward, {"parameters": parameters, "X": X, "tape": tape, "d_hidden": hidden}


CALLS = [  # function, arguments that are right
    (qkvlib.attention, {"Q": Q, "K": K, "V": V, "mask": None, "scale": True, "temperature": 1.0}),
    (qkvlib.scores, {"Q": Q, "K": K, "scale": True}),
    (qkvlib.softmax, {"scores": Q, "axis": 0}),
    (qkvlib.causal_mask, {"n": 3}),
    (qkvlib.padding_mask, {"lengths": [1, 3], "n_keys": 3}),
    (qkvlib.attention_gradients, {"Q": Q, "K": K, "V": V, **GIVEN}),
    (cross_entropy, {"logits": Q, "targets": [0, 1, 3]}),
    (qkvlib.tokens, {"sentence": "I go"}),
    (qkvlib.embed, {"tokens": ["I", "go"], "known": qkvlib.KNOWN}),
    (qkvlib.ngram_vectors, {"texts": ["I go"]}),
    (qkvlib.recall, {"model": "attention", "distance": 2, "seed": 0, "marked": True}),
    (grammar.sentences, {"rng": rng, "batch": 2, "n_asking": 3}),
    (grammar.vectors, {"kinds": [0, 3], "words": [4, 0]}),
    (grammar.first_parameters, {"rng": rng, "tied": "none"}),
    (grammar.found, {"parameters": MATRICES, "X": BATCH.X, "tied": "none"}),
    (grammar.loss_and_gradients, {"parameters": MATRICES, "batch": BATCH, "tied": "none"}),
    (grammar.accuracy, {"parameters": MATRICES, "batch": BATCH, "tied": "none"}),
    (grammar.train, {"seed": 0, "tied": "none", "n_asking": 3}),
    *(call for layer in (qkvlib.TanhRNN, qkvlib.GRU, qkvlib.LSTM, qkvlib.Convolution) for call in layer_calls(layer)),
]
RIGHT = """attention V: a column less, mask: None, mask: a truth, scale: a truth, temperature: a fraction
scores scale: a truth
softmax scores: too many axes, scores: a column less, axis: a negative number
tokens sentence: a word
embed tokens: words, tokens: a generator of words
ngram_vectors texts: words, texts: a generator of words
recall marked: a truth"""  # what of the above is right after all
RIGHT = {name: [*told.split(", ")] for name, told in (row.split(" ", 1) for row in RIGHT.splitlines())}


def spoiled(value):
    """The same with a column less, an entry less, or one of its entries spoiled so."""
    if isinstance(value, np.ndarray) and value.ndim > 1:
        yield "a column less", value[..., :-1]
    if isinstance(value, tuple):
        yield "an entry less", value[1:]
    for name in value if type(value) is dict else ():
        yield f"no {name}", {other: value[other] for other in value if other != name}
        yield f"{name} with an axis more", value | {name: value[name][None]}


@pytest.mark.parametrize(("function", "given"), CALLS, ids=[function.__qualname__ for function, _ in CALLS])
def test_a_wrong_argument_is_named(function, given):
    accepted, others = [], {}
    for argument, value in given.items():
        for what, wrong in [*WRONG.items(), *spoiled(value)]:
            try:
                function(**given | {argument: wrong})
                accepted.append(f"{argument}: {what}")
            except Exception as error:
                either = [argument] if what in WRONG else given  # where two do not fit, the other may be named
                named = any(re.search(rf"\b{name}\b", str(error)) for name in either)
                if not (named and isinstance(error, TypeError | ValueError)):
                    others[argument, what] = error
    assert others == {}
    assert sorted(accepted) == sorted(RIGHT.get(function.__name__, []))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: qkvlib.tokens(["I"]), r"sentence is ['I']; it must be a str"),
        (lambda: qkvlib.embed("I go", qkvlib.KNOWN), "tokens is 'I go'; it must be a list of str"),
        (lambda: qkvlib.embed(["I"], {}), "known is empty; it must have at least one word"),
        (lambda: qkvlib.embed(["x"], {"I": [0] * 65}), "known has vectors of 65 numbers; they must have 1 to 64"),
        (lambda: qkvlib.recall("attention", -1), "distance is -1; it must be a whole number of at least 0"),
        (lambda: grammar.sentences(rng, 2, 4), "n_asking is 4; it must be a whole number from 1 to 3"),
        (lambda: grammar.train(0, "k"), "tied is 'k'; it must be one of 'none', 'qk', 'all'"),
        (lambda: grammar.found({"W_q": MATRICES["W_q"]}, BATCH.X), "parameters has W_q, but no W_k"),
        (lambda: cross_entropy(Q, [0, 1, 4]), "targets is [0, 1, 4]; each must be a whole number from 0 to 3"),
        (lambda: cross_entropy(Q[:0], []), "logits has shape (0, 4); it must be (..., n_classes) and not be empty"),
        (lambda: cross_entropy(Q, [0, 1]), "targets has shape (2,) but logits (3, 4); each row needs one target"),
        (lambda: grammar.found({}, BATCH.X), "parameters has nothing, but no W_"),
        (
            lambda: qkvlib.TanhRNN.forward(RNN, np.zeros((2, 5, 3, 1))),
            "X has shape (2, 5, 3, 1); it must be (batch, time",
        ),
        (lambda: backward_of_another(np.zeros((2, 5, 3))), "tape is not what forward(parameters, X) returned"),
    ],
)
def test_the_error_says_what_it_was_and_what_it_should_be(call, message):
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        call()


def can_be_changed(value):
    """Whether a value, or one inside it, can get another entry or lose one."""
    if isinstance(value, Mapping):
        return hasattr(value, "update") or any(map(can_be_changed, value.values()))
    if isinstance(value, np.ndarray):
        return value.flags.writeable
    return hasattr(value, "clear") or (isinstance(value, tuple) and any(map(can_be_changed, value)))


def test_no_table_that_a_reader_can_name_can_be_changed():
    spaces = [qkvlib, *(vars(qkvlib)[name] for name in ("grammar", "probes", "seeing", "trained", "writer"))]
    tables = [(space, name) for space in (*spaces, handmade, context, search) for name in vars(space)]
    tables = [(space, name) for space, name in tables if name.isupper() or re.match("(SENSE_)?W_", name)]
    assert {name for _, name in tables} >= {"KNOWN", "VIDEOS", "SENSE_WORDS", "VOCABULARY", "BANK", "W_q", "SENSE_W_v"}
    assert [(space.__name__, name) for space, name in tables if can_be_changed(getattr(space, name))] == []
    with pytest.raises(TypeError, match="does not support item assignment"):
        qkvlib.KNOWN["I"] = 0
    assert qkvlib.tokens("I go to school") == ["I", "go", "to", "school"]


@pytest.mark.parametrize("kind", [dict, MappingProxyType, UserDict])
def test_readers_can_have_words_of_their_own_in_any_mapping(kind):
    own = kind({**qkvlib.KNOWN, "pizza": (0, 0, 0.5, 1)})
    X, unknown = qkvlib.embed(["I", "pizza", "zig"], own)
    assert (X[:2].tolist(), unknown) == ([[1, 0.1, 0, 0], [0, 0, 0.5, 1]], ["zig"])
    assert qkvlib.tokens("私は pizza", own) == ["私は", "pizza"]


def test_what_the_library_shares_is_read_only_and_results_are_the_readers_own():
    held = {"W": np.zeros(2), "b": np.zeros(3)}
    assert read_only(held) is held
    shared = [qkvlib.W_q, qkvlib.W_k, qkvlib.W_v, *held.values()]
    result = qkvlib.attention(Q, K, V)
    own = [result.scores, result.weights, result.output]
    assert [array.flags.writeable for array in (*shared, *own)] == [False] * 5 + [True] * 3
