"""The model that writes names: against PyTorch, finite differences, what a mask is for, and what a training is for."""

import json
from pathlib import Path

import numpy as np
import pytest
from test_learning import check_gradients

from qkvlib.models import writer
from qkvlib.text.names import read

STORED = json.loads((Path(__file__).parent / "independent" / "writer.json").read_text())
N_LETTERS, LENGTH = 5, 6
NAMES = [[1, 4, 4, 2, 3, 0], [2, 0, 0, 0, 0, 0], [3, 1, 0, 0, 0, 0]]
SHORT = 100  # steps of a training that has only begun

each_mask = pytest.mark.parametrize("causal", [True, False])


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def some(rng, n_heads=4):
    return writer.first_parameters(rng, N_LETTERS, LENGTH, n_heads)


def after(steps, language="en", seed=0, **changes):
    """The parameters after so many steps on our names."""
    names = read(language)
    told = writer.train(names.numbers(names.training), 1 + len(names.letters), seed, **changes)
    return next(parameters for step, parameters in told if step == steps)


@each_mask
def test_loss_logits_and_gradients_are_those_of_pytorch(causal):
    """Stored by tests/independent/writer.py."""
    expected = STORED["causal" if causal else "seeing"]
    parameters = {name: np.array(values) for name, values in STORED["parameters"].items()}
    loss, gradients = writer.loss_and_gradients(parameters, STORED["names"], causal)
    assert loss == pytest.approx(expected["loss"], rel=1e-12)
    assert writer.loss(parameters, STORED["names"], causal) == loss
    found = writer.forward(parameters, STORED["names"], causal).logits
    np.testing.assert_allclose(found, expected["logits"], rtol=1e-9, atol=1e-12)
    assert gradients.keys() == parameters.keys()
    for name in parameters:
        np.testing.assert_allclose(gradients[name], expected["gradients"][name], rtol=1e-9, atol=1e-12, err_msg=name)


@each_mask
@pytest.mark.parametrize("n_heads", [1, 4, 32])
def test_every_gradient_is_that_of_finite_differences(causal, n_heads, rng):
    parameters = some(rng, n_heads)
    _, gradients = writer.loss_and_gradients(parameters, NAMES, causal)
    check_gradients(lambda moved: writer.loss(moved, NAMES, causal), parameters, gradients)


@pytest.mark.parametrize("shape", [(4,), (3, 5), (2, 3, 4)])
def test_a_normed_row_has_mean_square_1_and_its_gradient_is_that_of_finite_differences(shape, rng):
    X, d_normed = rng.normal(size=shape), rng.normal(size=shape)
    np.testing.assert_allclose((writer.normed(X) ** 2).mean(axis=-1), 1, rtol=1e-3)
    np.testing.assert_allclose(writer.normed(100 * X), writer.normed(X), rtol=1e-3)
    found = {"X": writer.normed_gradient(X, d_normed)}
    check_gradients(lambda moved: (writer.normed(moved["X"]) * d_normed).sum(), {"X": X}, found)


def test_under_the_mask_a_later_letter_changes_no_earlier_row_and_without_it_it_does(rng):
    parameters, other = (
        some(rng),
        [[1, 4, 4, 1, 3, 0]],
    )  # the fourth letter is another one, seen from the fifth place on
    for causal in (True, False):
        one, two = (writer.forward(parameters, name, causal) for name in (NAMES[:1], other))
        same = (one.logits == two.logits).all(axis=1)
        assert same.tolist() == [causal] * 4 + [False] * 2
        weights = one.attended.weights
        np.testing.assert_allclose(weights.sum(axis=-1), 1)
        assert (np.triu(weights, 1) == 0).all() == causal
    np.testing.assert_array_equal(one.logits[-1], writer.forward(parameters, NAMES[:1]).logits[-1])


@each_mask
def test_what_fills_a_row_up_changes_nothing(causal, rng):
    """Names by themselves, and together in rows of their longest or longer."""
    parameters = some(rng)
    alone = [writer.forward(parameters, [name[: name.index(0) + 1]], causal).logits for name in NAMES]
    np.testing.assert_allclose(writer.forward(parameters, NAMES, causal).logits, np.concatenate(alone), atol=1e-12)
    longer = writer.forward(parameters, np.pad(NAMES, ((0, 0), (0, 3))), causal)
    np.testing.assert_array_equal(longer.logits, writer.forward(parameters, NAMES, causal).logits)
    assert longer.next.tolist() == [1, 4, 4, 2, 3, 0, 2, 0, 3, 1, 0]


def test_one_head_has_as_many_numbers_as_four():
    counts = {n: sum(values.size for values in some(np.random.default_rng(0), n).values()) for n in (1, 4)}
    assert counts[1] == counts[4]
    assert 13_000 < sum(values.size for values in after(0).values()) < 16_000
    with pytest.raises(ValueError, match="n_heads is 5; it must divide the width, 32"):
        writer.first_parameters(np.random.default_rng(0), N_LETTERS, LENGTH, 5)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_training_learns_what_it_has_not_seen_and_is_the_same_each_time(language):
    """The differences are many times what seeds differ by: below 0.05 nats at these steps."""
    names = read(language)
    held_out = names.numbers(names.held_out)
    losses = [writer.loss(after(steps, language), held_out) for steps in (0, SHORT)]
    assert losses[0] == pytest.approx(np.log(1 + len(names.letters)), abs=0.4)  # guessing
    assert losses[1] < losses[0] - 0.7
    one, same, other = after(3, language), after(3, language), after(3, language, seed=1)
    for name in one:
        np.testing.assert_array_equal(one[name], same[name])
        assert not np.array_equal(one[name], other[name])


def test_without_the_mask_it_copies_and_writes_nothing():
    seeing, names = after(SHORT, causal=False), read("en")
    held_out = names.numbers(names.held_out)
    assert writer.loss(seeing, held_out, causal=False) < 0.5 < 3 < writer.loss(seeing, held_out)
    assert writer.next_letter(seeing, [])[0][writer.END] > 0.9


@pytest.mark.parametrize(("left_out", "matrix"), [("attention", "W_o"), ("positions", "positions")])
def test_what_is_left_out_stays_0_and_all_else_learns(left_out, matrix):
    start, end = after(0, **{left_out: False}), after(3, **{left_out: False})
    unused = {matrix, "W_q", "W_k", "W_v"} if left_out == "attention" else {matrix}
    assert not end[matrix].any()
    assert {name for name in end if np.array_equal(start[name], end[name])} == unused


def test_without_attention_only_the_last_letter_and_the_place_count():
    parameters = after(3, attention=False)
    one, other = (writer.next_letter(parameters, prefix)[0] for prefix in ([1, 2, 3], [5, 4, 3]))
    np.testing.assert_array_equal(one, other)
    assert not np.allclose(one, writer.next_letter(parameters, [1, 2, 4])[0])


def test_the_next_letter_is_that_of_the_whole_name_at_its_temperature(rng):
    parameters = some(rng)
    read = writer.forward(parameters, NAMES[:1])
    for n in range(6):
        for temperature in (0.25, 1, 3.0):
            probabilities, weights = writer.next_letter(parameters, NAMES[0][:n], temperature)
            expected = np.exp(read.logits[n] / temperature)
            np.testing.assert_allclose(probabilities, expected / expected.sum())
        np.testing.assert_allclose(weights, read.attended.weights[0, :, : n + 1, : n + 1], atol=1e-12)


def test_what_is_written_is_as_frequent_as_it_is_probable(rng):
    parameters, n = some(rng), 1000
    written = [writer.write(parameters, rng, 0.7) for _ in range(n)]
    expected, _ = writer.next_letter(parameters, [], 0.7)
    counts = np.bincount([name[0] if name else writer.END for name in written], minlength=N_LETTERS)
    np.testing.assert_allclose(counts / n, expected, atol=4 * np.sqrt(0.25 / n))
    assert max(map(len, written)) == LENGTH - 1
    assert {letter for name in written for letter in name} == {*range(1, N_LETTERS)}
    again = [writer.write(parameters, np.random.default_rng(2), 0.7) for _ in range(2)]
    assert again[0] == again[1]


BAD_NAMES = {
    "names has shape": [[[1, 2, 3]], [[1, 0, 2, 0]], np.zeros((0, 3), int)],
    "names is": [[[5, 0]], [[-1, 0]], [[1.5, 0]]],
    "names has one of 6 letters; the longest has 5": [[[1, 2, 3, 1, 2, 3, 0]]],
}


@pytest.mark.parametrize(("message", "names"), [(told, names) for told, some in BAD_NAMES.items() for names in some])
def test_names_that_are_none_are_refused(message, names, rng):
    with pytest.raises(ValueError, match=message):
        writer.forward(some(rng), names)


def test_other_bad_arguments_are_named(rng):
    parameters = some(rng)
    with pytest.raises(ValueError, match=r"parameters\['W_2'\] has shape"):
        writer.forward(parameters | {"W_2": np.ones((3, 3))}, NAMES)
    with pytest.raises(ValueError, match="but no W_u"):
        writer.forward({name: values for name, values in parameters.items() if name != "W_u"}, NAMES)
    for temperature in (0, -1, np.nan, np.inf, True):
        with pytest.raises(ValueError, match="temperature is"):
            writer.next_letter(parameters, [1], temperature)
    with pytest.raises(TypeError, match="rng is 0"):
        writer.write(parameters, 0)
