"""What is left of the first word: against backward passes and finite differences, and never above its bound."""

import numpy as np
import pytest
from test_explorers import pictures
from test_roles import ask

from qkvlib import GRU, LSTM, Convolution, RelayExplorer, TanhRNN, attention, words
from qkvlib.explorers import relay
from qkvlib.explorers.relay import FURTHEST, MODELS, State, bridge, compute, derivatives
from qkvlib.recurrent import keeping

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("no_figure_is_left")]
LAYERS = [TanhRNN, GRU, LSTM, Convolution]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)
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
        np.testing.assert_allclose(found[n], d_X[:, 0].T, atol=1e-12)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)
def test_derivatives_are_those_of_finite_differences(layer):
    rng = np.random.default_rng(1)
    X, parameters = rng.normal(size=(5, 3)), layer.parameters(rng, 3, 4)
    for i in range(3):
        moved = np.repeat(X[None], 2, axis=0)
        moved[:, 0, i] += [1e-6, -1e-6]
        up, down = layer.forward(parameters, moved)[0]
        np.testing.assert_allclose(derivatives(layer, parameters, X)[:, i], (up - down) / 2e-6, atol=1e-8)


@pytest.mark.parametrize("strength", [0.3, 0.8, 1.0, 1.3, 1.6])
@pytest.mark.parametrize("inputs", [0.001, 0.1, 0.5, 3.0])
def test_the_rnn_never_crosses_its_bound(strength, inputs):
    left = compute(State(strength=strength, inputs=inputs)).left
    np.testing.assert_allclose(left["bound"], strength ** np.arange(101.0))
    assert (left["rnn"] <= left["bound"] * (1 + 1e-9)).all()


def test_below_1_it_vanishes_and_above_1_it_explodes_or_vanishes_all_the_same():
    for inputs in (0.001, 0.1, 0.5, 3.0):
        assert compute(State(strength=0.8, inputs=inputs)).left["rnn"][FURTHEST] < 1e-9
    assert compute(State(strength=1.3, inputs=0.001)).left["rnn"].max() > 1000
    assert compute(State(strength=1.3, inputs=2.0)).left["rnn"][FURTHEST] < 1e-9


def test_gates_that_are_open_keep_far_more():
    shut, wide = (compute(State(gates=bias)).left for bias in (0, 6))
    for name in ("gru", "lstm"):
        assert wide[name][FURTHEST] > 1e6 * shut[name][FURTHEST]
    np.testing.assert_array_equal(shut["rnn"], wide["rnn"])


def test_the_bias_goes_to_the_gate_that_keeps():
    """With the gate wide open, and nothing else, the state of a GRU and the cell of an LSTM stay."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(1, 6, 3))
    for cell in (GRU, LSTM):
        parameters = cell.parameters(rng, 3, 4)
        before = parameters["b"].copy()
        _, tape = cell.forward(keeping(cell, parameters, 50), X)
        np.testing.assert_array_equal(parameters["b"], before)
        if cell is GRU:
            np.testing.assert_allclose(tape[0], 0, atol=1e-15)  # z = 1: the first state, 0, is kept
        else:
            cells, gates = tape[1:]
            i, candidate = gates[..., :4], gates[..., 12:]
            np.testing.assert_allclose(cells[1:], np.cumsum(i * candidate, axis=0), atol=1e-12)


def test_a_convolution_ends_at_its_reach():
    left = compute(State()).left["convolution"]
    assert (left[:9] > 0).all()
    assert (left[9:] == 0).all()


@pytest.mark.parametrize("focus", [0.0, 2.0, 8.0])
@pytest.mark.parametrize("n", [0, 1, 7, 30])
def test_what_attention_leaves_is_the_weight_by_finite_differences(focus, n):
    """Keys show a mark; what the first word says is moved, and the whole of attention is done again."""
    rng = np.random.default_rng(3)
    content, W_v = rng.normal(size=(n + 1, 4)), rng.normal(size=(4, 4))
    marks = np.zeros((n + 1, 1))
    marks[0] = focus

    def output(content):
        return attention(np.ones((1, 1)), marks, content @ W_v).output[0]

    rows = []
    for i in range(4):
        moved = content.copy()
        moved[0, i] += 1e-6
        rows.append((output(moved) - output(content)) / 1e-6)
    stretch = np.linalg.norm(rows, 2) / np.linalg.norm(W_v, 2)
    assert bridge(focus)[n] == pytest.approx(stretch, abs=1e-6)
    assert bridge(focus)[n] == pytest.approx(np.exp(focus) / (np.exp(focus) + n))


def test_attention_without_focus_shares_equally():
    np.testing.assert_allclose(bridge(0), 1 / np.arange(1, 102))


def test_every_line_starts_at_1_and_the_number_beside_it_is_the_one_looked_at(language):
    explorer = RelayExplorer()
    for name in MODELS:
        assert explorer.result.left[name][0] == pytest.approx(1)
    for n in (0, 100, 37):
        explorer.controls["distance"].value = n
        drawn = pictures(explorer)["left"]
        assert drawn["at"] == n
        assert drawn["labels"] == [words.text(f"relay.{name}") for name in MODELS]
        assert drawn["texts"] == [relay.significant(explorer.result.left[name][n]) for name in MODELS]
        steps = [row[2] for row in pictures(explorer)["steps"]["rows"]]
        assert steps == [str(n), str(n), str(n), str(int(np.ceil(n / 2))), str(min(n, 1))]
    ask(explorer, "left", at=12)
    assert explorer.controls["distance"].value == 12


def test_each_slider_moves_what_it_says_and_nothing_else():
    explorer = RelayExplorer()
    moves = {
        "strength": (0.6, {"rnn", "bound", "gru", "lstm"}),
        "gates": (5.0, {"gru", "lstm"}),
        "inputs": (1.0, {"rnn", "gru", "lstm", "convolution"}),
        "focus": (3.0, {"found"}),
    }
    for control, (value, moved) in moves.items():
        explorer.buttons["reset"].click()
        before = explorer.result.left
        explorer.controls[control].value = value
        after = explorer.result.left
        assert {name for name in MODELS if not np.array_equal(before[name], after[name])} == moved


@pytest.mark.parametrize("name", ["strength", "gates", "inputs", "focus"])
@pytest.mark.parametrize("value", [np.nan, np.inf, "x"])
def test_what_is_no_number_is_told_and_the_picture_stays(name, value, language):
    explorer = RelayExplorer()
    before = pictures(explorer)
    explorer.set(**{name: value})
    reason = "positive" if name in ("strength", "inputs") else "number"
    assert explorer.messages == {name: words.text(f"error.{reason}", value=value)}
    assert pictures(explorer) is before


def test_each_preset_shows_what_it_is_called():
    explorer = RelayExplorer()
    explorer.buttons["vanishes"].click()
    assert explorer.result.left["rnn"][FURTHEST] < 1e-9
    explorer.buttons["explodes"].click()
    assert explorer.result.left["rnn"][20] > 100
    explorer.buttons["still"].click()
    assert explorer.result.left["rnn"][FURTHEST] < 1e-9
    explorer.buttons["gates"].click()
    assert explorer.result.left["gru"][FURTHEST] > 0.5
    explorer.buttons["spread"].click()
    np.testing.assert_array_equal(explorer.result.left["found"], explorer.result.left["equal"])


def test_what_the_explorer_starts_from_lies_on_a_stop_of_the_slider():
    """The page moves a slider to its nearest stop, and would change what was set."""
    explorer = RelayExplorer()
    slider = explorer.controls["inputs"]
    for name in ("reset", *explorer.presets()):
        explorer.buttons[name].click()
        stops = (np.log2(explorer.state.inputs) - slider.min) / slider.step
        assert slider.base == 2
        assert stops == round(stops)
