"""Lesson 06: what is left of the first word, against backward passes and finite differences, and within its bound."""

import ast
import asyncio
import re

import nbformat
import numpy as np
import pytest
from helpers import NOTEBOOKS, pictures

from qkvlib import GRU, LSTM, Convolution, RelayExplorer, TanhRNN, attention, words
from qkvlib.explorers import relay
from qkvlib.explorers.relay import FURTHEST, MODELS, State, bridge, compute, derivatives, prediction
from qkvlib.models.recurrent import keeping
from qkvlib.views.look import significant


@pytest.mark.parametrize("layer", [TanhRNN, GRU, LSTM, Convolution], ids=lambda layer: layer.__name__)
def test_derivatives_are_those_of_the_backward_pass(layer):
    rng = np.random.default_rng(0)
    X, parameters = rng.normal(size=(7, 4)), layer.parameters(rng, 4, 5)
    found = derivatives(layer, parameters, X)
    assert found.shape == (7, 4, 5)
    for n in range(7):
        batch = np.repeat(X[None, : n + 1], 5, axis=0)
        hidden, tape = layer.forward(parameters, batch)
        d_hidden = np.zeros_like(hidden)
        d_hidden[:, -1] = np.eye(5)
        _, d_X = layer.backward(parameters, batch, tape, d_hidden)
        assert np.allclose(found[n], d_X[:, 0].T, atol=1e-12)


@pytest.mark.parametrize("strength", [0.3, 0.8, 1.0, 1.3, 1.6])
@pytest.mark.parametrize("inputs", [0.001, 0.1, 0.5, 2.0])
def test_the_rnn_never_crosses_its_bound(strength, inputs):
    left = compute(State(strength=strength, inputs=inputs)).left
    assert np.allclose(left["bound"], strength ** np.arange(101.0))
    assert (left["rnn"] <= left["bound"] * (1 + 1e-9)).all()
    assert left["rnn"][FURTHEST] < 1e-9 or strength >= 1
    assert all(left[name][0] == pytest.approx(1) for name in MODELS)


@pytest.mark.parametrize("cell", [GRU, LSTM])
def test_the_bias_goes_to_the_gate_that_keeps(cell):
    """With the gate wide open, and nothing else, the state of a GRU and the cell of an LSTM stay."""
    rng = np.random.default_rng(2)
    X, parameters = rng.normal(size=(1, 6, 3)), cell.parameters(rng, 3, 4)
    before = parameters["b"].copy()
    _, tape = cell.forward(keeping(cell, parameters, 50), X)
    assert np.array_equal(parameters["b"], before)
    if cell is GRU:
        assert np.allclose(tape[0], 0, atol=1e-15)  # z = 1: the first state, 0, is kept
    else:
        cells, gates = tape[1:]
        assert np.allclose(cells[1:], np.cumsum(gates[..., :4] * gates[..., 12:], axis=0), atol=1e-12)


def test_a_convolution_ends_at_its_reach():
    left = compute(State()).left["convolution"]
    assert (left[:9] > 0).all()
    assert (left[9:] == 0).all()


@pytest.mark.parametrize("focus", [0.0, 2.0, 8.0])
@pytest.mark.parametrize("n", [0, 1, 30])
def test_what_attention_leaves_is_the_weight_by_finite_differences(focus, n):
    """Keys show a mark; what the first word says is moved, and the whole of attention is done again."""
    rng = np.random.default_rng(3)
    content, W_v, marks = rng.normal(size=(n + 1, 4)), rng.normal(size=(4, 4)), np.zeros((n + 1, 1))
    marks[0] = focus

    def output(content):
        return attention(np.ones((1, 1)), marks, content @ W_v).output[0]

    rows = []
    for i in range(4):
        moved = content.copy()
        moved[0, i] += 1e-6
        rows.append((output(moved) - output(content)) / 1e-6)
    assert bridge(focus)[n] == pytest.approx(np.linalg.norm(rows, 2) / np.linalg.norm(W_v, 2), abs=1e-6)
    assert bridge(focus)[n] == pytest.approx(np.exp(focus) / (np.exp(focus) + n))


def test_the_number_beside_a_line_is_the_one_looked_at(language):
    explorer = RelayExplorer()
    for n in (0, 100, 37):
        explorer.controls["distance"].value = n
        drawn = pictures(explorer)["left"]
        assert (drawn["at"], drawn["labels"]) == (n, [words.text(f"relay.{name}") for name in MODELS])
        assert drawn["texts"] == [significant(explorer.result.left[name][n]) for name in MODELS]
        [[_, *steps]] = pictures(explorer)["steps"]["rows"]
        assert steps == [str(n), str(n), str(n), str(int(np.ceil(n / 2))), str(min(n, 1))]


@pytest.mark.parametrize(
    ("name", "value", "moved"),
    [
        ("strength", 0.6, {"rnn", "bound", "gru", "lstm"}),
        ("gates", 5.0, {"gru", "lstm"}),
        ("inputs", 1.0, {"rnn", "gru", "lstm", "convolution"}),
        ("focus", 3.0, {"found"}),
        ("distance", 3, set()),
    ],
)
def test_each_slider_moves_what_it_says_and_computes_nothing_else(name, value, moved, monkeypatch):
    explorer, layers = RelayExplorer(), []
    before, derivatives = explorer.result.left, relay.derivatives
    relay.remaining.cache_clear()
    compute(State())
    monkeypatch.setattr(relay, "derivatives", lambda layer, *rest: layers.append(layer) or derivatives(layer, *rest))
    explorer.controls[name].value = value
    after = explorer.result.left
    assert {model for model in MODELS if not np.array_equal(before[model], after[model])} == moved
    assert len(layers) == len(moved & {"rnn", "gru", "lstm", "convolution"})


def test_the_next_steps_of_the_strength_are_ready_once_the_picture_has_left(monkeypatch):
    """Both neighbours, as the page will say them; and where a slider ends, the one that there is."""
    layers, derivatives = [], relay.derivatives
    monkeypatch.setattr(relay, "derivatives", lambda layer, *rest: layers.append(layer) or derivatives(layer, *rest))

    async def step():
        relay.remaining.cache_clear()
        explorer = RelayExplorer(strength=1.2)
        await explorer.ahead
        layers.clear()
        explorer.set(strength=1.2499999999999998)
        explorer.set(strength=1.15)
        assert layers == []
        explorer.set(strength=1.6)
        await explorer.ahead
        layers.clear()
        explorer.set(strength=1.55)

    asyncio.run(step())
    assert layers == []


def test_each_preset_shows_what_it_is_called():
    left = {name: compute(State(**changes)).left for name, changes in RelayExplorer.presets().items()}
    assert left["vanishes"]["rnn"][FURTHEST] < 1e-9
    assert left["explodes"]["rnn"][20] > 100
    assert left["still"]["bound"][FURTHEST] > 1e9
    assert left["still"]["rnn"][FURTHEST] < 1e-9
    assert left["gates"]["gru"][FURTHEST] > 0.5
    for name in ("gru", "lstm"):
        assert left["gates"][name][FURTHEST] > 1e6 * compute(State(gates=0)).left[name][FURTHEST]
    assert np.array_equal(left["spread"]["found"], left["spread"]["equal"])
    assert np.allclose(left["spread"]["equal"], 1 / np.arange(1, 102))


def test_what_the_explorer_starts_from_lies_on_a_stop_of_the_slider():
    """The page moves a slider to its nearest stop, and would change what was set."""
    slider = RelayExplorer().controls["inputs"]
    for changes in ({}, *RelayExplorer.presets().values()):
        place = np.log10(State(**changes).inputs)
        stops = (place - slider.min) / slider.step
        assert slider.base == 10
        assert stops == pytest.approx(round(stops)) or place == slider.max


def test_the_size_of_the_inputs_is_one_number_on_the_panel_in_the_text_and_in_the_code():
    """What the page shows of each preset is all of the number; the lesson computes with the same ones."""
    slider = RelayExplorer().controls["inputs"]
    assert slider.readout_format == ".2"  # d3: two significant digits, without zeros at the end
    sizes = {name: State(**changes).inputs for name, changes in RelayExplorer.presets().items()}
    assert all(float(f"{size:.2g}") == size for size in [*sizes.values(), State().inputs])
    for path in (path for path in NOTEBOOKS if path.stem.startswith("06")):
        cells = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
        settings = re.search(r"in (\[.*\]):", cells["measure-vanish"])[1]
        assert ast.literal_eval(settings)[1:] == [(1.3, sizes["explodes"]), (1.3, sizes["still"])]
    assert float(prediction().figures["small"]) == sizes["explodes"]


@pytest.mark.parametrize("strength", [0.3, 1.0, 1.3, 1.6])
def test_no_line_is_drawn_at_a_limit_that_it_has_passed(strength):
    """The bound grows to 10²⁰ and falls to 10⁻⁵³; what is off the scale lies beyond a break."""
    explorer = RelayExplorer(strength=strength, distance=FURTHEST)
    drawn = pictures(explorer)["left"]
    bound, low, high = explorer.result.left["bound"], *relay.LIMITS
    for value, y in zip(bound, drawn["heights"][MODELS.index("bound")], strict=True):
        assert (value > high) == (len(drawn["breaks"]) == 2 and y < drawn["breaks"][0])
        assert (value < low) == (y > drawn["breaks"][-1])


def test_less_than_a_thousandth_is_left_of_the_prediction():
    left = compute(State(strength=1.0)).left["rnn"]
    assert left[FURTHEST] < 0.001
    assert prediction().right == "nothing"
    factors = left[1:] / left[:-1]
    assert prediction().figures["factor"] == f"{np.exp(np.log(factors).mean()):.2f}"
    smallest = prediction().figures["left_of_small"]
    assert float(smallest) == pytest.approx(compute(State(strength=1.0, inputs=0.001)).left["rnn"][FURTHEST], abs=0.001)
