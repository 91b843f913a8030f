"""The whole chain of lesson 04 without a browser: every matrix by loops, every number from the terms that are shown."""

import itertools

import numpy as np
import pytest
from test_explorers import pictures, scenes

from qkvlib import KNOWN, ChainExplorer, W_k, W_q, W_v, words
from qkvlib.explorers.chain import PARTS, State, column_names, compute
from qkvlib.views import plain

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("no_figure_is_left")]

SENTENCE = {"en": "I go to school", "ja": "私は 学校 へ 行く"}
SENTENCES = [*SENTENCE.values(), "the cat saw the dog", "go"]
INPUTS = {  # part -> the matrices that it is made from
    "X": (),
    "Q": ("X",),
    "K": ("X",),
    "V": ("X",),
    "scores": ("Q", "K"),
    "weights": ("scores",),
    "output": ("weights", "V"),
}

each_part = pytest.mark.parametrize("part", PARTS)
both_masks = pytest.mark.parametrize("mask", ["none", "causal"])


def choose(explorer, part, row, column):
    """As the page does when a cell is clicked."""
    serial = explorer.board.asked.get("serial", 0) + 1
    explorer.board.asked = {"picture": part, "changes": {"row": row, "column": column}, "serial": serial}


def to_float(text):
    return float(text.replace("−", "-").replace("-∞", "-inf"))


def by_loops(sentence, mask="none", queries=None, keys=None, values=None):
    """Every matrix of the chain, entry by entry."""
    tokens = [token.casefold() for token in sentence.split()]
    n = len(tokens)
    X = [KNOWN[token] for token in tokens]

    def through(W, own):
        made = [[sum(x[m] * W[m, j] for m in range(4)) for j in range(W.shape[1])] for x in X]
        return [list((own or {}).get(token, row)) for token, row in zip(tokens, made, strict=True)]

    Q, K, V = through(W_q, queries), through(W_k, keys), through(W_v, values)
    scores = [[sum(q[f] * k[f] for f in range(3)) / 3**0.5 for k in K] for q in Q]
    exps = [[np.exp(scores[i][j]) if mask == "none" or j <= i else 0.0 for j in range(n)] for i in range(n)]
    weights = [[exps[i][j] / sum(exps[i]) for j in range(n)] for i in range(n)]
    output = [[sum(weights[i][k] * V[k][j] for k in range(n)) for j in range(2)] for i in range(n)]
    return {name: np.array(found) for name, found in zip(PARTS, (X, Q, K, V, scores, weights, output), strict=True)}


OWN = {
    "nothing changed": {},
    "queries": {"queries": {"i": (1.0, 0.5, -1.0), "行く": (0.0, 0.0, 0.0)}},
    "keys": {"keys": {"go": (0.0, -1.5, 2.0), "学校": (1.0, 1.0, 1.0)}},
    "values": {"values": {"the": (3.0, -2.0), "go": (0.0, 0.0), "へ": (-1.0, 0.25)}},
    "all": {"queries": {"go": (1.0, 1.0, 1.0)}, "keys": {"go": (2.0, 2.0, 2.0)}, "values": {"go": (9.0, 9.0)}},
}


# The matrices


@pytest.mark.parametrize("sentence", SENTENCES)
@both_masks
@pytest.mark.parametrize("own", OWN.values(), ids=OWN)
def test_every_matrix_is_that_of_plain_loops(sentence, mask, own):
    explorer = ChainExplorer(sentence=sentence, mask=mask, **own)
    expected = by_loops(sentence, mask, **own)
    assert explorer.messages == {}
    for part in PARTS:
        assert np.allclose(explorer.result.matrices[part], expected[part], atol=1e-12)
        picture = pictures(explorer)[part]
        hidden = np.triu(np.ones(expected[part].shape, bool), 1) & (mask == "causal") & (part in ("scores", "weights"))
        shown = np.array([to_float(text) for text in picture["texts"]]).reshape(expected[part].shape)
        assert np.allclose(shown[~hidden], expected[part][~hidden], atol=0.00501)
        assert {*shown[hidden].tolist()} <= {-np.inf if part == "scores" else 0}
        assert picture["rows"] == sentence.split()


def test_the_matrices_say_what_their_rows_and_columns_are(language):
    shown = pictures(ChainExplorer())
    tokens, features = (
        SENTENCE[language].split(),
        [words.text(f"feature.{name}") for name in ("who", "action", "place")],
    )
    columns = {"X": [*features, words.text("feature.link")], "Q": features, "K": features}
    columns["V"] = columns["output"] = [words.text(f"plane.short.{name}") for name in ("person_place", "action")]
    for part in PARTS:
        assert shown[part]["title"] == words.text(f"whole.{part}")
        assert shown[part]["columns"] == columns.get(part, tokens)
        axes = ("axis.token", "axis.feature") if part in columns else ("axis.query", "axis.key")
        assert [shown[part]["query_axis"], shown[part]["key_axis"]] == [words.text(axis) for axis in axes]
        assert shown[part]["small"] is True
        assert bool(shown[part]["sums"]) == (part == "weights")
    assert [*shown] == [*PARTS, "terms"]


def test_a_causal_weight_is_exactly_zero_and_a_later_word_changes_no_earlier_row():
    explorer = ChainExplorer()
    for sentence in ("I go to school", "I go to the dog"):
        explorer.set(sentence=sentence, mask="causal")
        weights = explorer.result.matrices["weights"]
        assert (weights[np.triu_indices(len(weights), 1)] == 0).all()
        assert weights.sum(axis=1) == pytest.approx(1)
        assert weights[0].tolist() == [1] + [0] * (len(weights) - 1)
        assert np.array_equal(explorer.result.matrices["output"][0], explorer.result.matrices["V"][0])
    assert np.allclose(weights[:3, :3], ChainExplorer(mask="causal").result.matrices["weights"][:3, :3])
    explorer.controls["mask"].value = "none"
    assert (explorer.result.matrices["weights"] > 0).all()


def test_changed_values_leave_scores_and_weights_exactly(language):
    plain_chain, go = ChainExplorer().result.matrices, SENTENCE[language].split()[1]
    changed = ChainExplorer(values={go.casefold(): (5.0, -5.0)}).result.matrices
    for part in ("X", "Q", "K", "scores", "weights"):
        assert np.array_equal(changed[part], plain_chain[part])
    assert changed["V"][1].tolist() == [5, -5]
    moved = np.outer(plain_chain["weights"][:, 1], changed["V"][1] - plain_chain["V"][1])
    assert changed["output"] - plain_chain["output"] == pytest.approx(moved)


# The chosen number


def cells(part, n=4):
    columns = {"X": 4, "Q": 3, "K": 3, "V": 2, "output": 2}.get(part, n)
    return itertools.product(range(n), range(columns))


@each_part
@both_masks
def test_the_terms_of_every_cell_lead_to_its_number(part, mask, language):
    explorer = ChainExplorer(mask=mask)
    expected, tokens = by_loops(SENTENCE[language], mask), SENTENCE[language].split()
    for i, j in cells(part):
        choose(explorer, part, i, j)
        table, shown = pictures(explorer)["terms"], pictures(explorer)[part]["texts"]
        text = shown[i * len(pictures(explorer)[part]["columns"]) + j]
        numbers = [[to_float(number) for number in row[1:]] for row in table["rows"]]
        feet = [to_float(value) for _, value in table["foot"]]
        masked = part in ("scores", "weights") and mask == "causal" and j > i
        assert tokens[i] in table["title"]
        assert (tokens if part in ("scores", "weights") else column_names(part))[j] in table["title"]
        if part == "X":
            assert (table["head"][1], table["rows"]) == (text, [])
            assert table["note"] == words.text("whole.known")
        elif part == "weights":
            total = sum(exp for _, exp in numbers)
            assert [row[0] for row in table["rows"]] == tokens
            for k, (score, exp) in enumerate(numbers):
                looks = mask == "none" or k <= i
                assert score == pytest.approx(expected["scores"][i, k], abs=0.00501) if looks else score == -np.inf
                assert np.exp(score - max(score for score, _ in numbers)) == pytest.approx(exp, abs=0.011)
            assert feet[0] == pytest.approx(total, abs=0.0201)
            assert feet[1] == pytest.approx(numbers[j][1] / feet[0], abs=0.0101)
            assert feet[1] == pytest.approx(expected["weights"][i, j], abs=0.00501)
            assert table["foot"][1][0].startswith(f"{table['rows'][j][2]} ÷ {table['foot'][0][1]}")
            assert to_float(table["foot"][1][1]) == to_float(text)
        else:
            for a, b, product in numbers:
                assert a * b == pytest.approx(product, abs=0.005 * (abs(a) + abs(b)) + 0.00501)
            assert feet[0] == pytest.approx(sum(product for *_, product in numbers), abs=0.005 * (len(numbers) + 1))
            result = feet[0] / 3**0.5 if part == "scores" else feet[0]
            assert len(feet) == (2 if part == "scores" else 1)
            assert feet[-1] == pytest.approx(result, abs=0.01)
            assert feet[-1] == pytest.approx(expected[part][i, j], abs=0.00501)
            assert table["foot"][-1][1] == text or masked
            if part == "scores":
                left, right = expected["Q"][i], expected["K"][j]
            elif part == "output":
                left, right = expected["weights"][i], expected["V"][:, j]
            else:
                left, right = expected["X"][i], {"Q": W_q, "K": W_k, "V": W_v}[part][:, j]
            assert np.allclose(np.array(numbers)[:, :2], np.transpose([left, right]), atol=0.00501)
            assert table["note"] == (words.text("whole.masked") if masked else "")


def depends(part, chosen, name, shapes, mask):
    """Which entries of a direct input change the chosen number when they are moved, found by moving each."""
    rng = np.random.default_rng(7)
    inputs = {given: rng.uniform(0.5, 1.5, shapes[given]) for given in INPUTS[part]}
    W = rng.uniform(0.5, 1.5, (4, 3))

    def number():
        match part:
            case "Q" | "K" | "V":
                found = np.einsum("nm,mk->nk", inputs["X"], W)
            case "scores":
                found = np.einsum("qf,kf->qk", inputs["Q"], inputs["K"]) / 3**0.5
            case "weights":
                exps = np.exp(inputs["scores"]) * mask
                found = np.array([row / sum(row) for row in exps])
            case "output":
                found = np.einsum("qk,kv->qv", inputs["weights"], inputs["V"])
        return found[chosen]

    before, changes = number(), np.zeros(shapes[name], dtype=bool)
    for at in np.ndindex(shapes[name]):
        kept = inputs[name][at]
        inputs[name][at] += 0.25
        changes[at] = not np.isclose(number(), before, rtol=1e-12)
        inputs[name][at] = kept
    return changes


@each_part
@both_masks
def test_exactly_the_numbers_that_the_chosen_one_depends_on_are_marked(part, mask):
    """A masked score is marked like the rest of its row: it has its line among the terms, e^−∞ = 0."""
    explorer = ChainExplorer(mask=mask)
    shapes = {name: found.shape for name, found in explorer.result.matrices.items()}
    for i, j in cells(part):
        choose(explorer, part, i, j)
        for name in PARTS:
            marked = np.zeros(shapes[name], dtype=bool)
            marked.flat[pictures(explorer)[name]["sources"]] = True
            assert pictures(explorer)[name]["chosen"] == ([i, j] if name == part else None)
            if name not in INPUTS[part]:
                assert not marked.any()
            elif part == "weights":
                seen = explorer.result.mask
                if seen[i, j] and seen[i].sum() > 1:  # a weight that stands alone is 1 whatever its score
                    assert np.array_equal(marked & seen, depends(part, (i, j), name, shapes, seen))
                assert marked.sum() == marked[i].sum() == 4
            else:
                assert np.array_equal(marked, depends(part, (i, j), name, shapes, explorer.result.mask))


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("Q", {"queries": {"go": (1.0, 0.5, -1.0)}}),
        ("K", {"keys": {"go": (1.0, 0.5, -1.0)}}),
        ("V", {"values": {"go": (1.0, 0.5)}}),
    ],
)
def test_a_number_that_the_reader_changed_is_told_beside_the_sum(part, changes):
    explorer = ChainExplorer(part=part, row=1, column=1, **changes)
    (_, total), (told, value) = pictures(explorer)["terms"]["foot"]
    assert to_float(total) == pytest.approx(by_loops("I go to school")[part][1, 1], abs=0.00501)
    assert (told, value) == (words.text("whole.own"), "0.50")
    assert value == pictures(explorer)[part]["texts"][len(pictures(explorer)[part]["columns"]) + 1]
    explorer.set(row=0)
    assert len(pictures(explorer)["terms"]["foot"]) == 1


def test_a_masked_number_is_told(language):
    explorer = ChainExplorer(mask="causal", part="scores", row=0, column=2)
    assert pictures(explorer)["scores"]["texts"][2] == "−∞"
    assert pictures(explorer)["terms"]["note"] == words.text("whole.masked")
    choose(explorer, "weights", 0, 2)
    assert pictures(explorer)["terms"]["rows"][2][1:] == ["−∞", "0.00"]
    assert pictures(explorer)["terms"]["foot"][-1][1] == "0.00"


@each_part
@pytest.mark.parametrize("cell", [(-1, -7), (99, 99), (3, 0), (0, 99)])
def test_a_choice_out_of_range_is_the_nearest_cell(part, cell, language):
    explorer = ChainExplorer(part=part, row=cell[0], column=cell[1])
    n_columns = len(pictures(explorer)[part]["columns"])
    nearest = [int(np.clip(cell[0], 0, 3)), int(np.clip(cell[1], 0, n_columns - 1))]
    assert explorer.messages == {}
    assert pictures(explorer)[part]["chosen"] == nearest == [explorer.result.row, explorer.result.column]
    explorer.controls["sentence"].value = "go home"
    assert pictures(explorer)[part]["chosen"][0] == min(nearest[0], 1)
    assert explorer.messages == {}


def test_a_click_in_any_matrix_chooses_there_with_one_message(language):
    explorer = ChainExplorer()
    got = scenes(explorer)
    for count, (part, cell) in enumerate([("X", (3, 3)), ("K", (2, 2)), ("weights", (1, 3)), ("output", (2, 0))], 1):
        choose(explorer, part, *cell)
        assert (explorer.state.part, explorer.state.row, explorer.state.column) == (part, *cell)
        assert [name for name in PARTS if pictures(explorer)[name]["chosen"]] == [part]
        assert len(got) == count


# Words, and what a notebook stores


def test_an_unknown_word_is_named_and_its_vector_said_to_come_from_letters(language):
    explorer = ChainExplorer(sentence="I zig", part="X", row=1, column=0)
    assert explorer.board.scene["status"] == words.text("status.unknown", tokens="zig")
    assert pictures(explorer)["terms"]["note"] == words.text("whole.unknown")
    choose(explorer, "X", 0, 0)
    assert pictures(explorer)["terms"]["note"] == words.text("whole.known")


@pytest.mark.parametrize("n", [1, 2, 16, 17, 64])
def test_from_1_to_64_tokens_every_part_can_be_chosen(n, language):
    tokens = [*itertools.islice(itertools.cycle(["go", "zig", "the", "学校"]), n)]
    explorer = ChainExplorer(sentence=" ".join(tokens), mask="causal")
    for part in PARTS:
        choose(explorer, part, n - 1, 1)
        assert explorer.messages == {}
        assert pictures(explorer)[part]["rows"] == tokens
        assert pictures(explorer)[part]["chosen"][0] == n - 1
    text = "\n".join(map(plain, pictures(explorer).values()))
    assert all(text.count(token) >= 8 for token in tokens)


def test_presets_show_what_they_say(language):
    explorer = ChainExplorer()
    first, tokens = pictures(explorer), SENTENCE[language].split()
    go = tokens.index({"en": "go", "ja": "行く"}[language])
    for name, part, column in [("query", "Q", 1), ("score", "scores", go), ("weight", "weights", go)]:
        explorer.buttons[name].click()
        assert pictures(explorer)[part]["chosen"] == [0, column]
        row = explorer.result.matrices[part][0]
        assert row[column] == row.max()
        assert {name for name in PARTS if pictures(explorer)[name]["sources"]} == {*INPUTS[part]}
        assert tokens[0] in pictures(explorer)["terms"]["title"]
    explorer.buttons["causal"].click()
    assert explorer.controls["mask"].value == "causal"
    assert pictures(explorer)["scores"]["texts"].count("−∞") == 6
    explorer.buttons["reset"].click()
    assert explorer.state == State()
    assert pictures(explorer) == first


# What cannot be used


@pytest.mark.parametrize(("field", "size"), [("queries", 3), ("keys", 3), ("values", 2)])
@pytest.mark.parametrize("value", [np.nan, -np.inf, "much", None])
def test_a_changed_number_that_cannot_be_used_is_told_and_the_last_picture_stays(field, size, value, language):
    explorer = ChainExplorer(sentence="you go")
    before = explorer.state, explorer.result, pictures(explorer)
    explorer.set(**{field: {"go": (0.5,) * (size - 1) + (value,)}})
    assert explorer.messages == explorer.board.scene["messages"]
    assert [*explorer.messages.values()] == [words.text("error.number", value=value)]
    assert all(
        one is other for one, other in zip(before, (explorer.state, explorer.result, pictures(explorer)), strict=True)
    )


@pytest.mark.parametrize(("field", "size"), [("queries", 3), ("keys", 3), ("values", 2)])
@pytest.mark.parametrize("wrong", ["nan", "short", "long", "no vector"])
def test_good_numbers_that_are_set_take_the_message_away(field, size, wrong):
    good = (0.5,) * size
    vector = {"nan": (np.nan, *good[1:]), "short": good[1:], "long": (*good, 0.5), "no vector": 5}[wrong]
    explorer = ChainExplorer(**{field: {"go": vector}})
    assert [*explorer.messages] == [field]
    assert wrong == "nan" or str(size) in explorer.messages[field]
    explorer.set(**{field: {"go": good}})
    assert getattr(explorer.state, field) == {"go": good}
    assert explorer.messages == {}


def test_the_chain_of_a_state_needs_no_panel():
    result = compute(State("go go", part="K", row=5, column=5))
    assert (result.row, result.column) == (1, 2)
    assert np.allclose(result.matrices["weights"], 0.5)
