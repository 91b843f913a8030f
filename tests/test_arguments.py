"""Every public function, fed wrongly, names its argument; what the library shares cannot be changed."""

import inspect
import re
import sys
from collections import UserDict
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest

import qkvlib
from qkvlib import grammar, probes, seeing, trained, writer
from qkvlib.arguments import read_only
from qkvlib.explorers import context, search
from qkvlib.models.learning import cross_entropy
from qkvlib.text import handmade

rng = np.random.default_rng(0)
MODULES = grammar, probes, seeing, trained, writer  # whose functions are public, too, as qkvlib.grammar.train
Q, K, V = rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), rng.normal(size=(5, 2))
BATCH = grammar.sentences(rng, 2)
GIVEN = {"weights": qkvlib.attention(Q, K, V).weights, "d_output": np.ones((3, 2))}
MATRICES = grammar.first_parameters(rng)

WRONG = {"None": None, "a word": "x", "an object": object(), "a generator of words": iter}
WRONG |= {"a negative number": -1, "a fraction": 2.5, "a truth": True, "nan": np.nan, "a complex number": 1j}
WRONG |= {"words": ["a", "b"], "rows of different lengths": [[1.0], [1.0, 2.0]], "a dict": {3: 4}}
WRONG |= {"complex numbers": np.full((5, 4), 1j), "too many axes": np.zeros((1, 1, 1, 1, 7))}
WRONG |= {"a huge number": 10**400, "one that Python can't show": 10**5000, "no axis": np.array(3)}
WRONG |= {"a long text": "x" * 100_000}


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


LAYERS = qkvlib.TanhRNN, qkvlib.GRU, qkvlib.LSTM, qkvlib.Convolution
MODEL, VECTORS = trained.load(), rng.normal(size=(3, 7, 8))
SEEN, HEADS = seeing.sentences(rng, 2), seeing.first_parameters(rng)
WRITER, NAMES = writer.first_parameters(rng, 5, 4), [[1, 4, 2, 0], [2, 0, 0, 0]]
USED = {"attention": True, "positions": True}
FOUR = ["I", "slowly", "go", "to school"]

CALLS = [  # function, arguments that are right
    (qkvlib.attention, {"Q": Q, "K": K, "V": V, "mask": None, "scale": True, "temperature": 1.0}),
    (qkvlib.scores, {"Q": Q, "K": K, "scale": True}),
    (qkvlib.softmax, {"scores": Q, "axis": 0}),
    (qkvlib.causal_mask, {"n": 3}),
    (qkvlib.padding_mask, {"lengths": [1, 3], "n_keys": 3}),
    (qkvlib.attention_gradients, {"Q": Q, "K": K, "V": V, **GIVEN}),
    (cross_entropy, {"logits": Q, "targets": [0, 1, 3]}),
    (qkvlib.tokens, {"sentence": "I go", "known": qkvlib.KNOWN}),
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
    *(call for layer in LAYERS for call in layer_calls(layer)),
    (qkvlib.positions, {"n": 3, "d_model": 4}),
    (qkvlib.chart, {"x": [1, 2], "lines": {"a": np.ones(2)}, "x_label": "x", "y_label": "y", "log": True}),
    (qkvlib.flow, {"rows": ["a", "b"], "steps": [("X", Q[:2]), ("Y", Q[:2])], "adds": [(0, 1)]}),
    (qkvlib.lesson_map, {"lesson": "scores", "sentence": "I go"}),
    (qkvlib.use_language, {"name": "en"}),
    (qkvlib.Predict, {"lesson": "scores"}),
    (probes.follows, {"model": MODEL, "sentences": [FOUR]}),
    (probes.vectors_of, {"model": MODEL, "word": "go", "sentences": ["I go"]}),
    (probes.alike, {"one": VECTORS, "other": VECTORS}),
    (probes.clues, {"model": MODEL, "sentence": "I go", "word": "go"}),
    (probes.rank_correlation, {"x": [1, 2], "y": [3, 4]}),
    (seeing.sentences, {"rng": rng, "batch": 2, "noise": 0.1}),
    (seeing.first_parameters, {"rng": rng}),
    (seeing.seen, {"parameters": HEADS, "batch": SEEN, "n_heads": 2}),
    (seeing.loss_and_gradients, {"parameters": HEADS, "batch": SEEN, "n_heads": 2}),
    (seeing.accuracy, {"parameters": HEADS, "batch": SEEN, "n_heads": 2}),
    (seeing.train, {"seed": 0, "n_heads": 2, "noise": 0.1}),
    (MODEL.__call__, {"sentence": "go", "mask": np.ones(3, bool), "positions": [0, 1, 2]}),
    (trained.gelu, {"x": Q}),
    *((read, {"parameters": WRITER, "names": NAMES, "causal": True}) for read in (writer.forward, writer.loss)),
    (writer.loss_and_gradients, {"parameters": WRITER, "names": NAMES, "causal": True}),
    (writer.train, {"names": NAMES, "n_letters": 5, "seed": 0, "n_heads": 4, "causal": True, **USED}),
    (writer.first_parameters, {"rng": rng, "n_letters": 5, "length": 4, "n_heads": 4}),
    (writer.next_letter, {"parameters": WRITER, "prefix": [1, 2], "temperature": 1.0}),
    (writer.write, {"parameters": WRITER, "rng": rng, "temperature": 1.0}),
]
RIGHT = """attention.attention V: a column less, mask: None, mask: a truth, scale: a truth, temperature: a fraction
attention.scores scale: a truth
attention.softmax scores: nothing, scores: too many axes, scores: a column less, axis: a negative number
attention.padding_mask lengths: nothing, lengths: no axis
tokens.tokens sentence: a word
vectors.embed tokens: nothing, tokens: words, tokens: a generator of words
vectors.ngram_vectors texts: nothing, texts: words, texts: a generator of words
memory.recall marked: a truth
chart.chart x_label: a word, y_label: a word, x_label: a long text, y_label: a long text, log: a truth
flow.flow adds: nothing, rows: words, rows: a generator of words
lesson_map.lesson_map sentence: None, sentence: a word
probes.alike other: None
seeing.sentences noise: no axis, noise: a fraction, noise: a negative number, noise: a truth
seeing.train noise: no axis, noise: a fraction, noise: a negative number, noise: a truth
trained.Model.__call__ sentence: a word, sentence: a long text, mask: None, mask: a truth, positions: None
trained.gelu x: nothing, x: a column less, x: too many axes, x: no axis, x: a fraction, x: a truth, x: a negative number
writer.forward causal: a truth
writer.loss causal: a truth
writer.loss_and_gradients causal: a truth
writer.train causal: a truth, attention: a truth, positions: a truth
writer.next_letter prefix: nothing, temperature: a fraction
writer.write temperature: a fraction"""  # what of the above is right after all
RIGHT = {name: [*told.split(", ")] for name, told in (row.split(" ", 1) for row in RIGHT.splitlines())}


def name_of(function):
    return f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"


def spoiled(value):
    """Nothing of it; the same with a column less, an entry less, or one of its entries spoiled so."""
    yield "nothing", []
    if isinstance(value, np.ndarray) and value.ndim > 1:
        yield "a column less", value[..., :-1]
    if isinstance(value, tuple):
        yield "an entry less", value[1:]
    for name in value if type(value) is dict else ():
        yield f"no {name}", {other: value[other] for other in value if other != name}
        yield f"{name} with an axis more", value | {name: value[name][None]}


def test_every_public_function_is_called_above_with_all_its_arguments():
    """Those of the library, of its modules and of its layers; checks and explorers answer in their own way."""
    found = {name: thing for name, thing in vars(qkvlib).items() if inspect.isfunction(thing) and name[0] != "_"}
    public = {function for name, function in found.items() if not name.startswith("check_")}
    for space in MODULES:
        of_space = [thing for name, thing in vars(space).items() if inspect.isfunction(thing) and name[0] != "_"]
        public |= {function for function in of_space if function.__module__ == space.__name__}
    for layer in LAYERS:
        public |= {getattr(layer, name) for name in dir(layer) if name[0] != "_" and callable(getattr(layer, name))}
    called = {function: {*given} for function, given in CALLS}
    assert {name_of(function) for function in public - called.keys()} == set()
    assert {called[function] == {*inspect.signature(function).parameters} for function in public} == {True}


@pytest.mark.parametrize(("function", "given"), CALLS, ids=[name_of(function) for function, _ in CALLS])
def test_a_wrong_argument_is_named(function, given):
    accepted, others = [], {}
    for argument, value in given.items():
        for what, wrong in [*WRONG.items(), *spoiled(value)]:
            try:
                function(**given | {argument: (word for word in "ab") if wrong is iter else wrong})
                accepted.append(f"{argument}: {what}")
            except Exception as error:
                either = [argument] if what in WRONG else given  # where two do not fit, the other may be named
                told = f"{error} {getattr(error, 'control', '')}"  # what a reader types has its name there
                named = any(re.search(rf"\b{name}\b", told) for name in either) and len(told) < 400
                if not (named and isinstance(error, TypeError | ValueError)):
                    others[argument, what] = error
    assert others == {}
    assert sorted(accepted) == sorted(RIGHT.get(name_of(function), []))


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
        (lambda: qkvlib.embed(np.array(3), qkvlib.KNOWN), "tokens is array(3); it must be a list of str"),
        (lambda: qkvlib.embed(["I"], {3: [1.0]}), "a key of known is 3; it must be a str"),
        (lambda: qkvlib.use_language(None), "name is None; it must be one of 'en', 'ja'"),
        (lambda: qkvlib.attention(Q, K, V, temperature=10**400), "temperature is 1000"),
        (lambda: qkvlib.causal_mask(10**400), f"it must be a whole number from 0 to {sys.maxsize}"),
        (lambda: qkvlib.chart([1, 2], [1, 2], "x", "y"), "lines is [1, 2]; it must be a dict, label -> array"),
        (lambda: qkvlib.chart("abc", {"a": [1]}, "x", "y"), "x has dtype <U3; it must be an array of real numbers"),
        (lambda: qkvlib.chart([1, 2], {}, "x", "y"), "lines has 0 lines and x 2 places; both must have at least one"),
        (lambda: qkvlib.chart([1], {3: [1]}, "x", "y"), "a key of lines is 3; it must be a str"),
        (lambda: qkvlib.chart([1], {"a": [1]}, None, "y"), "x_label is None; it must be a str"),
        (
            lambda: qkvlib.chart([0], {"a": [1]}, "x", "y"),
            "x has 0.0 at [0]; each must be a number above 0, or use",
        ),
        (lambda: qkvlib.chart([1, np.nan], {"a": [1, 2]}, "x", "y"), "x has nan at [1]; each entry must be finite"),
        (lambda: qkvlib.chart([1], {"a": [np.inf]}, "x", "y", False), "lines['a'] has inf at [0]; each must be finite"),
        (lambda: qkvlib.flow([], []), "rows has 0 entries; it must have at least 1, as a list of str"),
        (lambda: qkvlib.flow(["a"], []), "steps has 0 entries; it must have at least 1, as a list of (label, array)"),
        (lambda: qkvlib.flow(["a"], [(3, [[1]])]), "the label of steps[0] is 3; it must be a str"),
        (lambda: qkvlib.flow(["a"], [("X", [[1]], 3)]), "steps[0] has 3 entries; it must be a pair"),
        (lambda: probes.alike([1, 2], [1, 2, 3]), "one has shape (2,); it must be (any, any, any)"),
        (lambda: probes.alike(VECTORS, VECTORS[:, :6]), "other has shape (3, 6, 8); it must be (any, 7, 8)"),
        (lambda: probes.alike(VECTORS[:1]), "one has shape (1, 7, 8); it must be (n, 7, 384) with n of at least 2"),
        (lambda: probes.follows(MODEL, "abc"), "sentences is 'abc'; it must be a list of tuples of four str"),
        (lambda: probes.follows(MODEL, [FOUR[:3]]), "sentences[0] has 3 entries; it must have four: subject, insert"),
        (lambda: probes.follows(MODEL, [["I", "unboundedly", "go", "home"]]), "sentences[0] is read as i un"),
        (lambda: probes.follows("m"), "model is 'm'; it must be what trained.load() returns"),
        (
            lambda: probes.clues(MODEL, "I go", "zebra"),
            "word is 'zebra'; it must be one of the tokens of sentence: i",
        ),
        (lambda: trained.gelu("a"), "x has dtype <U1; it must be an array of real numbers"),
        (lambda: writer.write({}, rng), "parameters has nothing, but no letters"),
        (lambda: writer.next_letter(WRITER, [1, 2, 3, 4]), "prefix has 4 letters; it must have at most 3"),
        (lambda: writer.next_letter(WRITER, [5]), "prefix is [5]; each must be a whole number from 1 to 4"),
        (lambda: seeing.train(0, 3), "n_heads is 3; it must divide d_k = 8"),
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


@pytest.mark.parametrize("name", [name for name in dir(qkvlib) if name.startswith("check_")])
def test_a_check_answers_whatever_it_is_given(name):
    """With a report, not an error: what stands in the cell is the reader's."""
    check = getattr(qkvlib, name)
    for wrong in WRONG.values():
        report = check(*[wrong] * len(inspect.signature(check).parameters))
        assert (report.right, bool(report.text), len(report.text) < 1500) == (False, True, True)


def test_no_table_that_a_reader_can_name_can_be_changed():
    tables = [(space, name) for space in (qkvlib, *MODULES, handmade, context, search) for name in vars(space)]
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
