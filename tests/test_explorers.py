"""The explorers without a browser: controls moved, buttons pressed, and all that a reader may type, against NumPy."""

import re
from dataclasses import fields

import ipywidgets
import numpy as np
import pytest

from qkvlib import (
    KNOWN,
    MATCH,
    ChainExplorer,
    MixingExplorer,
    Predict,
    RolesExplorer,
    ScoresExplorer,
    SearchExplorer,
    W_k,
    W_q,
    W_v,
    WeightsExplorer,
    words,
)
from qkvlib.explorers.base import changed
from qkvlib.text import InputError
from qkvlib.views import plain

EXPLORERS = {  # each that reads a sentence, with another control and a value that it does not start with
    ScoresExplorer: ("scale", False),
    WeightsExplorer: ("scale", False),
    MixingExplorer: ("row", 1),
    ChainExplorer: ("mask", "causal"),
    RolesExplorer: ("tied", "qk"),
}
QUESTIONS = ["search", "scores", "weights", "values", "roles", "context", "relay"]

each_explorer = pytest.mark.parametrize("make", EXPLORERS)
score_explorers = pytest.mark.parametrize("make", [ScoresExplorer, WeightsExplorer])
cell_explorers = pytest.mark.parametrize("make", [ScoresExplorer, WeightsExplorer, ChainExplorer])
both_questions = pytest.mark.parametrize("lesson", QUESTIONS)
pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("no_figure_is_left")]


SENTENCE = {"en": "I go to school", "ja": "私は 学校 へ 行く"}


def vectors(tokens):
    return np.array([KNOWN[token.lower()] if token != "<pad>" else [0.0] * 4 for token in tokens])


def queries_keys(tokens):
    X = vectors(tokens)
    return np.einsum("nm,mk->nk", X, W_q), np.einsum("nm,mk->nk", X, W_k)


def expected_scores(tokens, scale=True):
    Q, K = queries_keys(tokens)
    return np.einsum("qf,kf->qk", Q, K) / (np.sqrt(3) if scale else 1)


def expected_weights(tokens, scale=True, temperature=1.0, mask="none", padding=0, by_column=False):
    """Each weight as its own division, entry by entry."""
    tokens = [*tokens, *["<pad>"] * padding]
    n, real = len(tokens), len(tokens) - padding
    may_look = {"none": lambda i, j: True, "causal": lambda i, j: j <= i, "padding": lambda i, j: j < real}[mask]
    scores = expected_scores(tokens, scale)
    exps = np.array(
        [[np.exp(scores[i, j] / temperature) * may_look(i, j) for j in range(n)] for i in range(n)], dtype=float
    )
    totals = exps.sum(axis=0 if by_column else 1, keepdims=True)
    return np.divide(exps, totals, out=np.zeros_like(exps), where=totals > 0)


def shown(value):
    """A number as a picture shows it."""
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")


def shown_matrix(values):
    return [shown(value) for value in np.ravel(values)]


def agree(texts, values):
    """The texts are the values with two decimals; which way a tie like 1.545 is rounded is not said."""
    assert all(re.fullmatch(r"−?\d+\.\d\d", text) for text in texts)
    assert [float(text.replace("−", "-")) for text in texts] == pytest.approx(np.ravel(values), abs=0.005 + 1e-9)
    return True


def pictures(explorer):
    return explorer.board.scene["pictures"]


def scenes(explorer):
    """A list that grows by what the page gets."""
    got = []
    explorer.board.observe(lambda change: got.append(change.new), "scene")
    return got


def stands(explorer):
    """All that must stay when something could not be used."""
    return explorer.state, explorer.result, pictures(explorer)


def same(before, after):
    return all(one is other for one, other in zip(before, after, strict=True))


def move(explorer):
    """Move a control other than the sentence; returns the field of the state and its value now."""
    name, value = EXPLORERS[type(explorer)]
    explorer.controls[name].value = value
    return name, value


def scores_of(explorer):
    result = explorer.result
    return result.scores if hasattr(result, "scores") else result.matrices["scores"]


def shown_tokens(explorer):
    """The tokens beside each picture that has a line for each of them."""
    shown = pictures(explorer).items()
    return [
        picture.get("rows") or picture["labels"]
        for name, picture in shown
        if picture["kind"] != "terms" and not name.startswith("W_")
    ]


def widgets_in(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from widgets_in(child)


# The numbers


@each_explorer
def test_the_first_picture_is_the_sentence_of_the_lesson(make, language):
    explorer = make()
    tokens = SENTENCE[language].split()
    assert explorer.result.sentence.tokens == tokens
    assert explorer.controls["sentence"].value == SENTENCE[language]
    assert shown_tokens(explorer) == [tokens] * len(shown_tokens(explorer)) != []
    if make is not MixingExplorer:
        assert pictures(explorer)["scores"]["texts"] == shown_matrix(expected_scores(tokens))
        assert pictures(explorer)["scores"]["columns"] == tokens
    assert explorer.board.scene["status"] == ""
    assert explorer.messages == explorer.board.scene["messages"] == {}


def test_the_default_numbers_show_the_typical_mistakes(language):
    """Neither a swap of rows and columns, nor the wrong axis, nor d_model for d_k could go unnoticed."""
    assert W_q.shape == W_k.shape == (4, 3)
    assert W_q.shape[1] == len(MATCH)
    scores, weights = ScoresExplorer().result.scores, WeightsExplorer().result.weights
    assert np.abs(scores - scores.T).max() > 0.5
    assert np.allclose(weights.sum(axis=1), 1)
    assert np.abs(weights.sum(axis=0) - 1).max() > 0.25
    assert len({*shown_matrix(weights)}) > 4


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("sentence", ["the cat saw the dog", "she goes home"], lambda value: expected_scores(value.split())),
        ("sentence", ["犬 が 学校 へ", "go"], lambda value: expected_scores(value.split())),
        ("scale", [False, True], lambda value: expected_scores(["I", "go", "to", "school"], value)),
    ],
)
def test_scores_follow_each_control(name, values, expected):
    explorer = ScoresExplorer()
    for value in values:
        explorer.controls[name].value = value
        assert np.allclose(explorer.result.scores, expected(value))
        assert agree(pictures(explorer)["scores"]["texts"], expected(value))


@pytest.mark.parametrize("i", range(3))
@pytest.mark.parametrize("role", ["q", "k"])
def test_scores_follow_each_slider(role, i, language):
    explorer = ScoresExplorer(row=2, column=1)
    Q, K = queries_keys(SENTENCE[language].split())
    for value in (1.5, -2.05):
        explorer.controls[f"{role}{i}"].value = value
        changed = Q if role == "q" else K
        changed[2 if role == "q" else 1, i] = value
        assert np.allclose(explorer.result.Q, Q)
        assert np.allclose(explorer.result.K, K)
        assert np.allclose(explorer.result.scores, np.einsum("qf,kf->qk", Q, K) / np.sqrt(3))
        assert explorer.controls[f"{role}{i}"].value == value


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("temperature", [0.1, 10.0, 1.0]),
        ("mask", ["causal", "padding", "none"]),
        ("padding", [3, 1, 0]),
        ("scale", [False, True]),
        ("by_column", [True, False]),
    ],
)
@pytest.mark.parametrize("others", [{}, {"padding": 2, "mask": "padding"}, {"mask": "causal", "temperature": 0.5}])
def test_weights_follow_each_control(name, values, others, language):
    explorer = WeightsExplorer(**others)
    for value in values:
        explorer.controls[name].value = value
        weights = expected_weights(SENTENCE[language].split(), **{**others, name: value})
        assert np.allclose(explorer.result.weights, weights)
        assert pictures(explorer)["weights"]["texts"] == [
            text if allowed else "0"
            for text, allowed in zip(shown_matrix(weights), explorer.result.mask.flat, strict=True)
        ]
        assert pictures(explorer)["weights"]["sums"] == shown_matrix(weights.sum(axis=1))
        assert getattr(explorer.state, name) == value


@pytest.mark.parametrize("sentence", ["the cat saw the dog", "go", "彼女は 図書館 で 読む"])
def test_weights_follow_the_sentence(sentence):
    explorer = WeightsExplorer()
    explorer.controls["sentence"].value = sentence
    assert np.allclose(explorer.result.weights, expected_weights(sentence.split()))
    assert pictures(explorer)["weights"]["rows"] == sentence.split()


@pytest.mark.parametrize("settings", [{"mask": "causal"}, {"mask": "padding", "padding": 2}])
def test_a_masked_weight_is_exactly_zero_and_the_others_sum_to_one(settings):
    result = WeightsExplorer(**settings).result
    assert (~result.mask).sum() > 5
    assert (result.weights[~result.mask] == 0).all()
    assert (result.weights[result.mask] > 0).all()
    assert np.allclose(result.weights.sum(axis=1), 1)


def test_a_changed_future_token_leaves_earlier_rows_identical_under_the_causal_mask():
    explorer = WeightsExplorer(mask="causal")
    before = explorer.result.weights
    explorer.controls["sentence"].value = "I go to dog"
    assert np.array_equal(explorer.result.weights[:3], before[:3])
    assert not np.allclose(explorer.result.weights[3], before[3])
    explorer.controls["mask"].value = "none"
    assert not np.allclose(explorer.result.weights[:3], before[:3])


def test_a_softmax_along_the_columns_breaks_the_row_sums_and_is_told():
    explorer = WeightsExplorer()
    explorer.controls["by_column"].value = True
    sums = explorer.result.weights.sum(axis=1)
    assert np.allclose(explorer.result.weights.sum(axis=0), 1)
    assert np.abs(sums - 1).max() > 0.25
    assert shown(sums[0]) in pictures(explorer)["bars"]["note"]
    assert shown(sums[0]) in pictures(explorer)["bars"]["title"]


def test_a_column_that_is_masked_whole_gives_no_nan():
    result = WeightsExplorer(mask="padding", padding=2, by_column=True).result
    assert (result.weights[:, 4:] == 0).all()
    assert np.allclose(result.weights[:, :4].sum(axis=0), 1)


@pytest.mark.parametrize("at", [(0, 1), (3, 3), (2, 0)])
@pytest.mark.parametrize("scale", [True, False])
def test_the_chosen_score_is_written_out_term_by_term(at, scale, language):
    explorer = ScoresExplorer(row=at[0], column=at[1], scale=scale)
    tokens = SENTENCE[language].split()
    Q, K = queries_keys(tokens)
    q, k = Q[at[0]], K[at[1]]
    terms = pictures(explorer)["terms"]
    assert [row[0] for row in terms["rows"]] == [words.text(f"feature.{name}") for name in MATCH]
    assert agree([text for row in terms["rows"] for text in row[1:]], np.transpose([q, k, q * k]))
    total = sum(a * b for a, b in zip(q, k, strict=True))
    assert agree([value for _, value in terms["foot"]], [total, total / 3**0.5][: 1 + scale])
    assert tokens[at[0]] in terms["title"]
    assert tokens[at[1]] in terms["title"]
    assert tokens[at[0]] in terms["head"][1]
    assert tokens[at[1]] in terms["head"][2]


@pytest.mark.parametrize("temperature", [1.0, 0.5, 4.0])
@pytest.mark.parametrize("column", range(4))
def test_the_chosen_weight_is_the_division_that_is_written_out(column, temperature, language):
    explorer = WeightsExplorer(row=1, column=column, temperature=temperature)
    scores = expected_scores(SENTENCE[language].split())[1] / temperature
    exps = np.exp(scores - max(scores))
    note = pictures(explorer)["bars"]["note"]
    numbers = [float(number.replace("−", "-")) for number in re.findall(r"−?\d+\.\d+", note)]
    expected = [scores[column], max(scores), exps[column], sum(exps), exps[column] / sum(exps)]
    assert numbers == pytest.approx(expected, abs=0.00501)
    assert pictures(explorer)["bars"]["texts"] == shown_matrix(exps / sum(exps))


def test_a_largest_score_below_zero_is_subtracted_in_brackets(language):
    explorer = WeightsExplorer(sentence="school", temperature=0.5)
    assert explorer.result.scores.max() < 0
    assert "− (−" in pictures(explorer)["bars"]["note"]


def test_a_masked_weight_is_told_instead_of_divided(language):
    explorer = WeightsExplorer(mask="causal", row=0, column=2)
    token = SENTENCE[language].split()[2]
    assert pictures(explorer)["bars"]["note"] == words.text("weights.masked", token=token)


def test_a_padding_mask_without_padding_is_remarked(language):
    explorer = WeightsExplorer()
    explorer.controls["mask"].value = "padding"
    assert explorer.board.scene["status"] == words.text("weights.no_padding")
    explorer.controls["padding"].value = 1
    assert explorer.board.scene["status"] == ""


def test_sliders_reach_every_handmade_query_and_key():
    sliders = ScoresExplorer().controls["q0"]
    for vector in np.concatenate(queries_keys(KNOWN)).ravel():
        assert sliders.min <= vector <= sliders.max
        assert vector / sliders.step == pytest.approx(round(vector / sliders.step), abs=1e-6)


# Words that stand twice


@score_explorers
def test_repeated_words_keep_their_own_rows_and_columns(make):
    explorer = make(sentence="the cat saw the dog")
    scores = explorer.result.scores
    assert scores.shape == (5, 5)
    assert np.array_equal(scores[0], scores[3])
    assert np.array_equal(scores[:, 0], scores[:, 3])
    assert pictures(explorer)["scores"]["rows"] == ["the", "cat", "saw", "the", "dog"]
    assert len(pictures(explorer)["scores"]["texts"]) == 25


@pytest.mark.parametrize("at", [0, 3])
@pytest.mark.parametrize("role", ["q", "k"])
def test_a_changed_vector_counts_wherever_the_word_stands(role, at):
    """Also where it is written with a capital letter or a full stop."""
    explorer = ScoresExplorer(sentence="The cat saw the, dog", row=at, column=at)
    before = {"q": explorer.result.Q, "k": explorer.result.K}
    explorer.controls[f"{role}2"].value = 2.5
    after = {"q": explorer.result.Q, "k": explorer.result.K}
    other = "k" if role == "q" else "q"
    assert after[role][[0, 3], 2].tolist() == [2.5, 2.5]
    assert np.array_equal(after[role][[1, 2, 4]], before[role][[1, 2, 4]])
    assert np.array_equal(after[other], before[other])


def test_a_changed_vector_is_kept_while_its_word_is_away():
    explorer = ScoresExplorer(row=1)
    explorer.controls["q0"].value = 2.5
    explorer.controls["sentence"].value = "dog"
    explorer.controls["sentence"].value = "you go home"
    assert explorer.result.Q[1, 0] == 2.5


def test_own_vectors_stand_in_a_copy_wherever_their_word_does():
    vectors = np.arange(8.0).reshape(4, 2)
    own = {"the": (9, 9.5), "cat": (7, 3), "away": (1, 1)}
    found = changed("x{}".format, vectors, ["The", "cat", "the,", "dog"], own)
    assert found.tolist() == [[9, 9.5], [7, 3], [9, 9.5], [6, 7]]
    assert vectors.ravel().tolist() == [*range(8)]
    with pytest.raises(InputError) as caught:
        changed("x{}".format, vectors, ["dog"], {"dog": (0, "much")})
    assert (caught.value.control, caught.value.reason) == ("x1", "number")


# Choosing, and what the controls show


def test_sliders_show_the_query_and_the_key_of_the_chosen_cell(language):
    explorer = ScoresExplorer()
    Q, K = queries_keys(SENTENCE[language].split())
    for row, column in [(2, 3), (3, 0), (0, 0)]:
        choose(explorer, row, column)
        assert [explorer.controls[f"q{i}"].value for i in range(3)] == pytest.approx(Q[row].tolist())
        assert [explorer.controls[f"k{i}"].value for i in range(3)] == pytest.approx(K[column].tolist())
    assert explorer.state.queries == explorer.state.keys == {}


def choose(explorer, row, column):
    """As the page does when a cell is clicked."""
    serial = explorer.board.asked.get("serial", 0) + 1
    explorer.board.asked = {"picture": "scores", "changes": {"row": row, "column": column}, "serial": serial}


def test_a_slider_that_the_page_rounds_changes_no_vector():
    explorer = ScoresExplorer()
    got = scenes(explorer)
    explorer.controls["q0"].value += 1e-10
    assert explorer.state.queries == {}
    assert got == []


@score_explorers
def test_a_cell_chosen_on_the_board_is_chosen_in_every_picture(make):
    explorer = make()
    for cell in ([2, 3], [1, 0], [0, 0]):
        choose(explorer, *cell)
        assert [explorer.state.row, explorer.state.column] == cell
        matrices = [picture for picture in pictures(explorer).values() if picture["kind"] == "matrix"]
        assert [matrix["chosen"] for matrix in matrices] == [cell] * len(matrices) != []
    if "bars" in pictures(explorer):
        assert pictures(explorer)["bars"]["chosen"] == 0


@cell_explorers
def test_the_same_cell_can_be_chosen_again_after_a_reset(make):
    explorer = make()
    first = [explorer.state.row, explorer.state.column]
    choose(explorer, 2, 3)
    explorer.buttons["reset"].click()
    assert [explorer.state.row, explorer.state.column] == first
    choose(explorer, 2, 3)
    assert [explorer.state.row, explorer.state.column] == [2, 3]


@cell_explorers
def test_the_choice_stays_inside_when_the_sentence_gets_shorter(make):
    explorer = make()
    choose(explorer, 3, 2)
    explorer.controls["sentence"].value = "you walk"
    assert (explorer.result.row, explorer.result.column) == (1, 1)
    assert pictures(explorer)["scores"]["chosen"] == [1, 1]
    explorer.controls["sentence"].value = "you"
    assert pictures(explorer)["scores"]["chosen"] == [0, 0]
    assert explorer.messages == {}


def test_a_chosen_padding_token_stays_inside_when_the_padding_goes():
    explorer = WeightsExplorer(padding=3, row=6, column=6)
    assert pictures(explorer)["scores"]["chosen"] == [6, 6]
    explorer.controls["padding"].value = 0
    assert pictures(explorer)["scores"]["chosen"] == [3, 3]


@each_explorer
def test_japanese_without_spaces_is_shown_cut_and_said_so(make):
    words.use_language("ja")
    explorer = make()
    explorer.controls["sentence"].value = "私は学校へ行く"
    assert explorer.controls["sentence"].value == "私 は 学校 へ 行く"
    assert explorer.board.scene["status"] == words.text("status.cut")
    explorer.controls["sentence"].value = "私は 学校 へ 行く"
    assert explorer.board.scene["status"] == ""


@each_explorer
def test_unknown_words_are_named_six_at_most(make, language):
    explorer = make(sentence="I zig zag zig")
    named = words.text("status.comma").join(["zig", "zag"])
    assert explorer.board.scene["status"] == words.text("status.unknown", tokens=named)
    explorer.set(sentence="a1 a2 a3 a4 a5 a6 a7")
    assert "a6…" in explorer.board.scene["status"]
    assert "a7" not in explorer.board.scene["status"]


@pytest.mark.parametrize(
    ("make", "changes"),
    [
        (ScoresExplorer, {"sentence": "you walk home", "row": 2, "column": 1, "scale": False}),
        (ScoresExplorer, {"queries": {"i": (1.0, 0.5, -1.0)}, "keys": {"go": (0.0, -1.5, 2.0)}}),
        (WeightsExplorer, {"sentence": "you walk", "temperature": 0.5, "mask": "causal", "padding": 2, "row": 3}),
        (WeightsExplorer, {"by_column": True, "scale": False}),
        (MixingExplorer, {"sentence": "you walk home", "row": 2, "weights": (0.5, 0.25, 0.25)}),
        (MixingExplorer, {"values": {"go": (3.0, -0.5)}, "row": 1}),
        (ChainExplorer, {"sentence": "you walk home", "mask": "causal", "part": "scores", "row": 1, "column": 2}),
        (ChainExplorer, {"queries": {"i": (1.0, 0.5, -1.0)}, "values": {"go": (0.0, -1.5)}}),
        (SearchExplorer, {"query": "cat", "sharpness": 5.0, "row": 1}),
    ],
)
def test_one_set_is_one_message_to_the_page_and_the_controls_follow(make, changes):
    explorer = make()
    got = scenes(explorer)
    explorer.set(**changes)
    assert len(got) == 1
    for name, value in changes.items():
        assert getattr(explorer.state, name) == value
        if name in explorer.controls:
            assert explorer.controls[name].value == value
    fresh = make(**changes)
    assert pictures(fresh) == pictures(explorer)
    assert [control.value for control in fresh.controls.values()] == [
        control.value for control in explorer.controls.values()
    ]


@each_explorer
def test_each_move_is_one_message_to_the_page(make):
    explorer = make()
    got = scenes(explorer)
    moves = [
        lambda: move(explorer),
        lambda: setattr(explorer.controls["sentence"], "value", "dog cat you"),
        lambda: setattr(explorer.controls["sentence"], "value", ""),
        explorer.buttons["reset"].click,
    ]
    if make is not MixingExplorer:  # its pictures have no cells
        moves.append(lambda: choose(explorer, 1, 1))
    for count, one in enumerate(moves, 1):
        one()
        assert len(got) == count


@pytest.mark.parametrize("make", [*EXPLORERS, SearchExplorer])
def test_an_unknown_field_is_refused_by_name(make):
    explorer = make()
    before, got = stands(explorer), scenes(explorer)
    known = ", ".join(field.name for field in fields(make.State))
    with pytest.raises(TypeError, match=f"colour: not part of the state, which has {known}"):
        explorer.set(row=2, colour="red")
    assert same(before, stands(explorer))
    assert got == []
    with pytest.raises(TypeError, match="colour"):
        make(colour="red")


# Buttons


PRESETS = [
    (ScoresExplorer, "back", lambda state, first: (state.row, state.column) == (first.column, first.row)),
    (ScoresExplorer, "opposite", lambda state, first: state.row == state.column),
    (ScoresExplorer, "repeated", lambda state, first: len({*state.sentence.split()}) < len(state.sentence.split())),
    (WeightsExplorer, "sharp", lambda state, first: state.temperature == 0.1),
    (WeightsExplorer, "causal", lambda state, first: state.mask == "causal"),
    (WeightsExplorer, "padding", lambda state, first: state.mask == "padding" and state.padding == 2),
    (WeightsExplorer, "mistake", lambda state, first: state.by_column),
    (MixingExplorer, "equal", lambda state, first: len({*state.weights}) == 1),
    (MixingExplorer, "quiet", lambda state, first: len(state.values) == 1 and state.weights is None),
    (MixingExplorer, "cancelled", lambda state, first: len(state.values) == 2 and sum(map(bool, state.weights)) == 2),
    (ChainExplorer, "query", lambda state, first: state.part == "Q"),
    (ChainExplorer, "score", lambda state, first: state.part == "scores" and state.row == first.row),
    (ChainExplorer, "weight", lambda state, first: state.part == "weights" and state.mask == "none"),
    (ChainExplorer, "causal", lambda state, first: state.part == "weights" and state.mask == "causal"),
    (RolesExplorer, "qk", lambda state, first: state.tied == "qk"),
    (RolesExplorer, "all", lambda state, first: state.tied == "all"),
    (RolesExplorer, "one_way", lambda state, first: len(state.entries) == 1 and state.tied == "none"),
]


@pytest.mark.parametrize(("make", "name", "is_so"), PRESETS)
def test_each_preset_is_the_same_wherever_it_is_pressed_and_reset_leads_back(make, name, is_so, language):
    explorer, fresh = make(), make()
    first = stands(explorer)
    assert explorer.buttons[name].description == words.text(f"{explorer.name}.preset.{name}")
    fresh.buttons[name].click()
    assert is_so(fresh.state, first[0])
    assert pictures(fresh) != first[2]
    assert fresh.state != first[0]
    explorer.set(sentence="dog cat go", row=2)
    move(explorer)
    explorer.controls["sentence"].value = ""
    for button, expected in ((name, stands(fresh)), ("reset", first), (name, stands(fresh))):
        explorer.buttons[button].click()
        assert explorer.messages == {}
        assert (explorer.state, pictures(explorer)) == (expected[0], expected[2])
        assert explorer.controls["sentence"].value == expected[0].sentence


@each_explorer
def test_every_preset_is_tested_and_differs_from_the_others(make, language):
    explorer = make()
    assert [*explorer.buttons] == [name for cls, name, _ in PRESETS if cls is make] + ["reset"]
    states = []
    for button in explorer.buttons.values():
        button.click()
        states.append(repr(explorer.state))
    assert len({*states}) == len(states)


def test_presets_show_what_they_say(language):
    explorer = ScoresExplorer()
    there = explorer.result.scores[explorer.result.row, explorer.result.column]
    explorer.preset("back")
    assert abs(explorer.result.scores[explorer.result.row, explorer.result.column] - there) > 0.5
    explorer.preset("opposite")
    assert explorer.result.scores[explorer.result.row, explorer.result.column] < -0.25
    explorer = WeightsExplorer()
    explorer.preset("sharp")
    assert explorer.result.weights[explorer.result.row, explorer.result.column] > 0.99
    assert (explorer.result.weights.max(axis=1) > WeightsExplorer().result.weights.max(axis=1) + 0.1).all()
    explorer.preset("causal")
    assert (explorer.result.weights[np.triu_indices(4, 1)] == 0).all()
    explorer.preset("padding")
    assert explorer.result.tokens[4:] == ["<pad>", "<pad>"]
    assert (explorer.result.weights[:, 4:] == 0).all()
    assert explorer.board.scene["status"] == ""


def test_reset_forgets_changed_vectors():
    explorer = ScoresExplorer()
    before = [control.value for control in explorer.controls.values()]
    explorer.controls["q0"].value = 2.5
    explorer.controls["k1"].value = -2.5
    explorer.buttons["reset"].click()
    assert explorer.state == ScoresExplorer.State()
    assert [control.value for control in explorer.controls.values()] == before


# What cannot be used

GOOD = [
    pytest.param("one", ["one"], id="one token"),
    pytest.param(" ".join(["word"] * 64), ["word"] * 64, id="64 tokens"),
    pytest.param("I 🎒 go 👩\u200d🏫", ["I", "🎒", "go", "👩\u200d🏫"], id="emoji"),
    pytest.param("אני הולך مدرسة", ["אני", "הולך", "مدرسة"], id="right to left"),
    pytest.param("\u202eאני\u202c go", ["אני", "go"], id="direction marks"),
    pytest.param("cafe\u0301 か\u3099 e\u0323\u0301\u0308\u0330", ["café", "が", "ẹ\u0330́̈"], id="combining marks"),
    pytest.param("I\u200b g\u2060o t\ufeffo sch\u00adool", ["I", "go", "to", "school"], id="zero width inside words"),
    pytest.param(
        "<script>alert(1)</script> <img/src=x/onerror=alert(1)> a<b<c &amp;",
        ["<script>alert(1)</script>", "<img/src=x/onerror=alert(1)>", "a<b<c", "&amp;"],
        id="HTML",
    ),
    pytest.param("<img onerror=x>", ["<img", "onerror=x>"], id="HTML with a space"),
    pytest.param("$x$ {token} %s \\alpha", ["$x$", "{token}", "%s", "\\alpha"], id="signs with a meaning elsewhere"),
    pytest.param("<pad> go", ["<pad>", "go"], id="pad typed"),
]

BAD = [
    pytest.param("", "empty", {}, id="empty"),
    pytest.param(" \t\u3000 ", "empty", {}, id="blank"),
    pytest.param("\u200b\u2060\ufeff\u00ad", "empty", {}, id="only zero width"),
    pytest.param("\u200d \u200c", "empty", {}, id="only joiners"),
    pytest.param("· ・", "empty", {}, id="only separators"),
    pytest.param(" ".join(["go"] * 65), "too_many", {"count": 65, "limit": 64}, id="65 tokens"),
    pytest.param("go" * 5_000, "too_long", {"length": 10_000, "limit": 2112}, id="10,000 characters"),
    pytest.param("go to " * 1_666 + "home", "too_long", {"length": 10_000, "limit": 2112}, id="10,000 in words"),
    pytest.param("学校" * 5_000, "too_long", {"length": 10_000, "limit": 2112}, id="10,000 Japanese"),
    pytest.param("I " + "walk" * 9, "long_word", {"word": "walkwalk…", "limit": 32}, id="a long word"),
]


@each_explorer
@pytest.mark.parametrize(("sentence", "tokens"), GOOD)
def test_every_script_and_sign_can_be_used_and_shows_as_typed(make, sentence, tokens):
    explorer = make()
    explorer.controls["sentence"].value = sentence
    assert explorer.messages == {}
    assert explorer.result.sentence.tokens == tokens
    assert shown_tokens(explorer) == [tokens] * len(shown_tokens(explorer)) != []
    if make is not MixingExplorer:
        assert pictures(explorer)["scores"]["columns"] == tokens
        assert agree(pictures(explorer)["scores"]["texts"], scores_of(explorer))
        choose(explorer, len(tokens) - 1, 0)
    assert explorer.controls["sentence"].value == sentence
    text = "\n".join(map(plain, pictures(explorer).values()))
    assert all(text.count(token) >= 2 for token in tokens)


@each_explorer
def test_nothing_in_a_panel_is_drawn_as_html(make):
    panel = [*widgets_in(make()), *widgets_in(SearchExplorer()), *widgets_in(Predict("scores"))]
    assert not [w for w in panel if isinstance(w, ipywidgets.HTML | ipywidgets.HTMLMath | ipywidgets.Output)]
    assert not [w for w in panel if getattr(w, "description_allow_html", False)]


@each_explorer
@pytest.mark.parametrize(("sentence", "reason", "details"), BAD)
def test_a_sentence_that_cannot_be_used_is_told_and_the_last_picture_stays(make, sentence, reason, details, language):
    explorer = make(row=2)
    before = stands(explorer)
    told = {"sentence": words.text(f"error.{reason}", **details)}
    explorer.controls["sentence"].value = sentence
    assert explorer.messages == explorer.board.scene["messages"] == told
    assert same(before, stands(explorer))
    assert explorer.controls["sentence"].value == sentence

    name, value = move(explorer)
    assert explorer.messages == explorer.board.scene["messages"] == told
    assert getattr(explorer.state, name) == value
    assert explorer.state.sentence == before[0].sentence
    assert pictures(explorer) != before[2]
    assert explorer.controls["sentence"].value == sentence

    explorer.controls["sentence"].value = "you go home"
    assert explorer.messages == explorer.board.scene["messages"] == {}
    assert explorer.result.sentence.tokens == ["you", "go", "home"]


@each_explorer
@pytest.mark.parametrize(("sentence", "reason", "details"), BAD)
def test_reset_takes_a_message_away_and_mends_the_control(make, sentence, reason, details, language):
    explorer = make()
    explorer.controls["sentence"].value = sentence
    assert [*explorer.messages] == ["sentence"]
    explorer.buttons["reset"].click()
    assert explorer.messages == explorer.board.scene["messages"] == {}
    assert explorer.controls["sentence"].value == SENTENCE[language]


@each_explorer
def test_the_last_of_several_bad_sentences_is_told(make):
    explorer = make()
    explorer.controls["sentence"].value = ""
    explorer.controls["sentence"].value = "go " * 65
    assert explorer.messages == {"sentence": words.text("error.too_many", count=65, limit=64)}


BAD_NUMBERS = [
    pytest.param(WeightsExplorer, {"temperature": value}, "temperature", "positive", value, id=f"temperature {value}")
    for value in (np.nan, np.inf, -np.inf, 0, 0.0, -1.5, "warm", None)
] + [
    pytest.param(ScoresExplorer, {field: vectors}, control, "number", value, id=f"{field} {value}")
    for field, vectors, control, value in [
        ("queries", {"go": (np.nan, 1.0, 1.0)}, "q0", np.nan),
        ("queries", {"go": (1.0, 1.0, np.inf)}, "q2", np.inf),
        ("queries", {"go": (1.0, "much", 1.0)}, "q1", "much"),
        ("keys", {"go": (0.0, -np.inf, 1.0)}, "k1", -np.inf),
        ("keys", {"go": (None, 0.0, 1.0)}, "k0", None),
    ]
]


@pytest.mark.parametrize(("make", "changes", "control", "reason", "value"), BAD_NUMBERS)
def test_a_number_that_cannot_be_used_is_told_beside_its_control(make, changes, control, reason, value, language):
    sentence = "you go home"
    told = {control: words.text(f"error.{reason}", value=value)}
    explorer = make(sentence=sentence, row=1, column=1)
    before = stands(explorer)
    explorer.set(**changes)
    assert explorer.messages == explorer.board.scene["messages"] == told
    assert same(before, stands(explorer))
    explorer.controls["scale"].value = False
    assert explorer.messages == told
    explorer.buttons["reset"].click()
    assert explorer.messages == {}

    explorer = make(sentence=sentence, **changes)
    assert explorer.messages == told
    assert explorer.state == make.State()


@pytest.mark.parametrize(
    ("make", "bad", "good"),
    [
        (WeightsExplorer, {"temperature": np.nan}, {"temperature": 2.0}),
        (WeightsExplorer, {"temperature": 0}, {"temperature": 1.0}),
        (ScoresExplorer, {"queries": {"i": (np.nan, 0.0, 0.0)}}, {"queries": {"i": (0.0, 0.0, 0.0)}}),
        (ScoresExplorer, {"keys": {"go": (0.0, 0.0, np.inf)}}, {"keys": {}}),
    ],
)
def test_a_good_number_that_is_set_takes_the_message_away(make, bad, good):
    explorer = make()
    explorer.set(**bad)
    assert len(explorer.messages) == 1
    explorer.set(**good)
    assert explorer.messages == {}
    assert np.isfinite(explorer.result.scores).all()


@pytest.mark.parametrize(
    ("make", "control", "other"),
    [(WeightsExplorer, "temperature", "padding"), (ScoresExplorer, "q1", "q2"), (ScoresExplorer, "k0", "q0")],
)
@pytest.mark.parametrize("back", [True, False], ids=["the last good value", "another good value"])
def test_a_bad_number_in_a_control_is_told_until_the_control_has_a_good_one(make, control, other, back, language):
    explorer = make()
    before, value = stands(explorer), explorer.controls[control].value
    reason = "positive" if control == "temperature" else "number"
    told = {control: words.text(f"error.{reason}", value=np.nan)}
    explorer.controls[control].value = np.nan
    assert explorer.messages == told
    assert same(before, stands(explorer))
    explorer.controls[other].value = 2
    assert explorer.messages == told
    assert not same(before, stands(explorer))
    good = value if back else 0.5
    explorer.controls[control].value = good
    assert explorer.messages == explorer.board.scene["messages"] == {}
    assert explorer.controls[control].value == good


def test_zero_is_a_good_entry_of_a_vector():
    explorer = ScoresExplorer()
    explorer.set(queries={"i": (0, 0, 0)})
    assert explorer.messages == {}
    assert (explorer.result.scores[0] == 0).all()


def test_two_controls_can_be_wrong_at_once_and_are_mended_one_by_one():
    explorer = WeightsExplorer()
    explorer.controls["sentence"].value = ""
    explorer.controls["temperature"].value = np.nan
    assert explorer.messages.keys() == {"sentence", "temperature"}
    explorer.controls["sentence"].value = "you"
    assert explorer.messages.keys() == {"temperature"}
    explorer.controls["temperature"].value = 2.0
    assert explorer.messages == {}


def breaks(*arguments):
    raise RuntimeError("the fault")


@each_explorer
@pytest.mark.parametrize("part", ["compute", "pictures", "status"])
def test_a_fault_of_ours_is_shown_and_raised_and_gone_when_it_works_again(make, part, language, monkeypatch):
    explorer = make()
    before = stands(explorer)
    with monkeypatch.context() as broken:
        broken.setattr(explorer, part, breaks)
        with pytest.raises(RuntimeError, match="the fault"):
            move(explorer)
        told = words.text("error.fault", error=repr(RuntimeError("the fault")))
        assert explorer.messages == explorer.board.scene["messages"] == {"": told}
        assert same(before, stands(explorer))
    explorer.buttons["reset"].click()
    name, value = move(explorer)
    assert explorer.messages == explorer.board.scene["messages"] == {}
    assert getattr(explorer.state, name) == value


@each_explorer
def test_a_fault_leaves_the_messages_of_controls(make, monkeypatch):
    explorer = make()
    explorer.controls["sentence"].value = ""
    monkeypatch.setattr(explorer, "compute", breaks)
    with pytest.raises(RuntimeError, match="the fault"):
        move(explorer)
    assert explorer.messages.keys() == {"sentence", ""}


# What a notebook stores


@each_explorer
def test_a_stored_panel_has_the_widget_a_picture_and_its_numbers(make, language):
    explorer = make(row=3)
    bundle = explorer._repr_mimebundle_(include=None, exclude=None)
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert bundle["image/png"].startswith("iVBORw0KGgo")
    for picture in pictures(explorer).values():
        assert picture["title"] in bundle["text/plain"]
        for number in np.ravel(picture.get("texts", [])):
            assert number in bundle["text/plain"]


def test_a_stored_panel_says_which_vectors_come_from_letters():
    explorer = ScoresExplorer(sentence="I zig")
    assert words.text("status.unknown", tokens="zig") in explorer._repr_mimebundle_()["text/plain"]


# Predictions


@both_questions
def test_a_prediction_gives_nothing_away_before_the_choice(lesson, language):
    question = Predict(lesson)
    options = [label for label, _ in question.controls["choice"].options]
    bundle = question._repr_mimebundle_()
    assert question.controls["choice"].value is None
    assert question.board.scene == {"pictures": {}, "messages": {}, "status": ""}
    assert "image/png" not in bundle
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"].splitlines() == [f"○ {label}" for label in options]
    assert not re.search(r"\d[.]\d", bundle["text/plain"])


@both_questions
def test_a_choice_is_met_with_verdict_reason_and_numbers_each_time(lesson, language):
    question = Predict(lesson)
    got, verdicts, reasons = scenes(question), {}, []
    for label, option in question.controls["choice"].options:
        question.controls["choice"].value = option
        verdict, reason = words.text("predict.right"), words.text(f"predict.{lesson}.reason.{option}")
        verdicts[option] = question.board.scene["status"].startswith(verdict)
        assert question.board.scene["status"].endswith(reason)
        assert question.state.choice == option
        bundle = question._repr_mimebundle_()
        assert bundle["image/png"].startswith("iVBORw0KGgo")
        assert reason in bundle["text/plain"]
        assert f"○ {label}" in bundle["text/plain"]
        reasons.append(reason)
        for picture in pictures(question).values():
            texts = picture["texts"] if "texts" in picture else [cell for row in picture["rows"] for cell in row]
            assert [text for text in texts if text not in bundle["text/plain"]] == []
    assert [option for option, right in verdicts.items() if right] == [question.result.right]
    assert len({*reasons}) == len(got) == 3


def test_the_right_word_has_the_highest_score(language):
    question = Predict("scores")
    tokens = SENTENCE[language].split()
    row = expected_scores(tokens)[0]
    best = max(range(1, 4), key=lambda j: row[j])
    labels = {option: label for label, option in question.controls["choice"].options}
    assert labels[question.result.right] == tokens[best]
    assert {*labels.values()} == {*tokens[1:]}
    question.controls["choice"].value = "place"
    bars = pictures(question)["bars"]
    assert bars["texts"] == shown_matrix(row)
    assert (bars["labels"], bars["chosen"]) == (tokens, best)


def test_the_largest_weight_grows_when_scores_double_but_stays_below_one(language):
    question = Predict("weights")
    question.controls["choice"].value = "same"
    once, twice = (np.exp(factor * expected_scores(SENTENCE[language].split())[0]) for factor in (1, 2))
    once, twice = once / once.sum(), twice / twice.sum()
    assert once.max() < twice.max() < min(1, 2 * once.max())
    assert question.result.right == "closer"
    assert pictures(question)["once"]["texts"] == shown_matrix(once)
    assert pictures(question)["twice"]["texts"] == shown_matrix(twice)


def test_a_changed_value_moves_the_output_and_no_weight(language):
    question = Predict("values")
    question.controls["choice"].value = "both"
    tokens = SENTENCE[language].split()
    weights = expected_weights(tokens)[0]
    V = np.einsum("nm,mv->nv", vectors(tokens), W_v)
    assert question.result.right == "only_output"
    for when in ("before", "after"):
        assert pictures(question)[f"weights_{when}"]["texts"] == shown_matrix(weights)
        assert agree(pictures(question)[f"output_{when}"]["texts"], np.einsum("k,kv->v", weights, V))
        V[tokens.index({"en": "school", "ja": "学校"}[language])] = (0, 3)


@both_questions
def test_reset_hides_the_answer_of_a_prediction_again(lesson):
    question = Predict(lesson)
    before = question._repr_mimebundle_()["text/plain"]
    question.controls["choice"].value = question.result.right
    assert pictures(question)
    question.buttons["reset"].click()
    assert question.controls["choice"].value is None
    assert pictures(question) == {}
    assert question._repr_mimebundle_()["text/plain"] == before
