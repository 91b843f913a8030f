"""Lesson 11: the model that writes names, against PyTorch and finite differences, and its training to go through."""

import asyncio
import json
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from helpers import ask, finish, line, pictures, shown, to_float
from test_learning import check_gradients

from qkvlib import WriterExplorer, words
from qkvlib.explorers import writer as lesson
from qkvlib.explorers.work import stored
from qkvlib.models import writer
from qkvlib.text.names import parse, read

STORED = json.loads((Path(__file__).parent / "independent" / "writer.json").read_text())
N_LETTERS, LENGTH = 5, 6
NAMES = [[1, 4, 4, 2, 3, 0], [2, 0, 0, 0, 0, 0], [3, 1, 0, 0, 0, 0]]
SHORT = 100  # steps of a training that has only begun

each_mask = pytest.mark.parametrize("causal", [True, False])


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
    np.testing.assert_allclose((writer._normed(X) ** 2).mean(axis=-1), 1, rtol=1e-3)
    np.testing.assert_allclose(writer._normed(100 * X), writer._normed(X), rtol=1e-3)
    found = {"X": writer._normed_gradient(X, d_normed)}
    check_gradients(lambda moved: (writer._normed(moved["X"]) * d_normed).sum(), {"X": X}, found)


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


# Its explorer

TYPED = "\n".join(f"{a}{b}{c}a" for a in "bdkl" for b in "aeio" for c in "mnrs")  # 64 names


@pytest.fixture
def brief(monkeypatch):
    """A training has as few steps as it is looked at."""
    n = len(lesson.STEPS)
    monkeypatch.setattr(writer, "N_STEPS", n)
    monkeypatch.setattr(lesson, "STEPS", (*range(1, n + 1),))


def loss_by_letters(parameters, names, some):
    """The mean surprise at each letter and at each end, one prefix after the other."""
    surprises = []
    for name in some:
        numbers = [names.letters.index(letter) + 1 for letter in name]
        for n, letter in enumerate([*numbers, 0]):
            surprises.append(-np.log(writer.next_letter(parameters, numbers[:n])[0][letter]))
    return np.mean(surprises)


def test_the_stored_training_goes_from_noise_to_names_and_is_worth_what_it_says(language):
    history, names = lesson.stored_history(), read(language)
    learned = [sum(name in names.training for name in written) for written in history.written]
    assert learned[0] == 0
    assert learned[-1] >= 4
    assert (np.diff(history.losses[:, 1]) < 0.01).all()
    assert history.losses[-1, 1] < history.losses[0, 1] - 1
    assert loss_by_letters(history.model.parameters, names, names.held_out) == pytest.approx(history.losses[-1, 1])
    runs = [run["held_out"] for run in stored("variants")[language, "whole"]]
    assert min(runs) - 0.02 < history.losses[-1, 1] < max(runs) + 0.02


def test_a_training_anew_begins_as_the_stored_one(language):
    """Later, it hangs on the last bits of the arithmetic."""
    anew = next(history for share, history in lesson.learn(read(language)) if history and len(history.losses) == 6)
    assert anew.losses == pytest.approx(lesson.stored_history().losses[:6], abs=0.02)
    assert anew.written[0] == lesson.stored_history().written[0]


def test_what_is_stored_is_read_again_in_half_precision(tmp_path, brief):
    *_, (_, history) = lesson.learn(parse(TYPED), TYPED)
    lesson.save(history, tmp_path / "writer_en.npz")
    with np.load(tmp_path / "writer_en.npz") as parts:
        parameters = {name: parts[name].astype(float) for name in history.model.parameters}
        losses, written = parts["losses"], parts["written"].tolist()
    for name, values in history.model.parameters.items():
        assert parameters[name] == pytest.approx(values, rel=1e-3, abs=1e-6)
    assert losses[:-1] == pytest.approx(history.losses[:-1])
    assert written[:-1] == [*map(list, history.written[:-1])]
    names = parse(TYPED)
    assert losses[-1, 1] == pytest.approx(loss_by_letters(parameters, names, names.held_out), rel=1e-5)


def test_the_curve_leads_to_the_names_of_its_step_each_with_what_it_is(language):
    explorer, names = WriterExplorer(), read(language)
    what = {name: words.text("writer.kind.learned") for name in names.training}
    what |= {name: words.text("writer.kind.real") for name in names.held_out} | {"": words.text("writer.kind.nothing")}
    for at, step in enumerate(lesson.STEPS):
        ask(explorer, picture="losses", changes={"at": at})
        history = explorer.result.history
        cells = [*chain(*pictures(explorer)["written"]["rows"])]
        assert cells[::2] == [name or "–" for name in history.written[at]]
        assert cells[1::2] == [what.get(name, words.text("writer.kind.new")) for name in history.written[at]]
        assert pictures(explorer)["written"]["title"] == words.text("writer.written", step=step)
        assert pictures(explorer)["losses"]["at"] == at
        assert shown(np.exp(-history.losses[at, 1])) in line(explorer)


def test_the_readers_own_names_are_read_and_then_learned(brief, language):
    explorer = WriterExplorer()
    before = explorer.result.history
    for typed, wrong in (("ann\nbob", {"names"}), ("  \n", set())):  # without a name, ours are learned
        explorer.controls["names"].value = typed
        assert (explorer.messages.keys(), explorer.result.names) == (wrong, read(language))
        assert explorer.board.scene["status"] == ""
    explorer.controls["names"].value = TYPED
    assert explorer.board.scene["status"] == words.text("writer.ready", count=64, held_out=6)
    assert explorer.result.history is before  # until it is trained
    finish(explorer)
    history = explorer.result.history
    assert (history.typed, explorer.board.scene["status"]) == (TYPED, "")
    assert history.model.names.training == parse(TYPED).training
    assert {*"".join(chain(*history.written))} <= {*TYPED}
    assert len(history.losses) == explorer.result.at + 1 == len(lesson.STEPS)
    guess = pictures(explorer)["losses"]["texts"][-1]
    assert to_float(guess) == pytest.approx(np.log(1 + len({*TYPED} - {"\n"})), abs=0.005)


def test_a_training_that_is_cancelled_keeps_what_it_has_reached(brief):
    explorer = WriterExplorer()

    async def run():
        explorer.start()
        while len(explorer.result.history.losses) != 2:
            await asyncio.sleep(0)
        explorer.cancel()

    asyncio.run(run())
    assert explorer.result.at == 1
    heights = pictures(explorer)["losses"]["heights"]
    assert [None in line for line in heights] == [True, True, False]
    ask(explorer, picture="losses", changes={"at": 2})
    assert explorer.result.at == 1  # nothing is known of a step beyond


def test_a_panel_trains_on_the_names_of_its_own_language(brief):
    with words.speaking("ja"):
        explorer = WriterExplorer()
    finish(explorer)
    assert explorer.result.history is not lesson.stored_history()
    assert explorer.result.history.model.names is read("ja")


def test_the_answer_of_the_prediction_is_what_all_runs_show(language):
    question = lesson.prediction()
    whole, peeking = (stored("variants")[language, variant] for variant in ("whole", "no_mask"))
    assert question.right == "peeks"
    assert max(run["training"] for run in peeking) < 0.01 < 1 < min(run["training"] for run in whole)
    assert {run["nothing"] for run in peeking} == {1.0}
    assert question.pictures["losses"]["texts"] == [
        shown(np.mean([run["training"] for run in of])) for of in (whole, peeking)
    ]
    assert [row[1:] for row in question.pictures["written"]["rows"]] == [whole[0]["written"][:4], ["–"] * 4]
