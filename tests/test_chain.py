"""The whole chain of lesson 04: every matrix by plain loops, and every number from the terms that are shown."""

import itertools

import numpy as np
import pytest
from helpers import SENTENCE, agree, ask, by_loops, pictures, to_float, words_of_length

from qkvlib import ChainExplorer, W_k, W_q, W_v, words
from qkvlib.explorers.chain import PARTS, State, column_names, compute
from qkvlib.explorers.chain import pictures as drawn_of

pytestmark = pytest.mark.filterwarnings("error")
INPUTS = dict.fromkeys("QKV", ("X",)) | {"scores": ("Q", "K"), "weights": ("scores",), "output": ("weights", "V")}
OWN = {
    "queries": {"i": (1.0, 0.5, -1.0), "行く": (0.0, 0.0, 0.0)},
    "keys": {"go": (0.0, -1.5, 2.0), "学校": (1.0, 1.0, 1.0)},
    "values": {"the": (3.0, -2.0), "go": (5.0, -5.0), "へ": (-1.0, 0.25)},
}

each_part = pytest.mark.parametrize("part", PARTS)
both_masks = pytest.mark.parametrize("mask", ["none", "causal"])


def seen_by(mask, n):
    return np.array([[mask == "none" or j <= i for j in range(n)] for i in range(n)])


def every_cell(part, mask):
    """Each cell of a part that can be chosen, with the pictures then."""
    for i, j in itertools.product(range(4), range({"X": 4, "Q": 3, "K": 3, "V": 2, "output": 2}.get(part, 4))):
        state = State(mask=mask, part=part, row=i, column=j)
        yield i, j, drawn_of(state, compute(state))


# The matrices


@pytest.mark.parametrize("sentence", [*SENTENCE.values(), "the cat saw the dog", "go"])
@both_masks
@pytest.mark.parametrize("own", [{}, OWN], ids=["made by hand", "the reader's own"])
def test_every_matrix_is_that_of_plain_loops(sentence, mask, own):
    state, expected = State(sentence, mask=mask, **own), by_loops(sentence, mask, **own)
    result, seen = compute(state), seen_by(mask, len(sentence.split()))
    assert (result.matrices["weights"][~seen] == 0).all()
    for part, drawn in drawn_of(state, result).items():
        if part == "terms":
            continue
        assert np.allclose(result.matrices[part], expected[part], atol=1e-12)
        texts, shown = np.array(drawn["texts"]).reshape(expected[part].shape), np.full(expected[part].shape, True)
        if part in ("scores", "weights"):
            shown = seen
            assert {*texts[~seen]} <= {"−∞" if part == "scores" else "0"}
        assert agree(texts[shown], expected[part][shown])


def test_the_matrices_say_what_their_rows_and_columns_are(language):
    drawn, tokens = pictures(ChainExplorer()), SENTENCE[language].split()
    features = [words.text(f"feature.{name}") for name in ("who", "action", "place", "link")]
    columns = {"X": features, "Q": features[:3], "K": features[:3]}
    columns["V"] = columns["output"] = [words.text(f"plane.short.{name}") for name in ("person_place", "action")]
    assert [*drawn] == [*PARTS, "terms"]
    for part in PARTS:
        assert drawn[part]["title"] == words.text(f"chain.{part}")
        assert (drawn[part]["rows"], drawn[part]["columns"]) == (tokens, columns.get(part, tokens))
        axes = ("axis.token", "axis.feature") if part in columns else ("axis.query", "axis.key")
        assert [drawn[part]["query_axis"], drawn[part]["key_axis"]] == [words.text(axis) for axis in axes]
        assert bool(drawn[part]["sums"]) == (part == "weights")


# The chosen number


def lead_to(part, i, j, expected):
    """What a number is made of, side by side: the inputs of each line of the terms."""
    match part:
        case "scores":
            return expected["Q"][i], expected["K"][j]
        case "output":
            return expected["weights"][i], expected["V"][:, j]
    return expected["X"][i], {"Q": W_q, "K": W_k, "V": W_v}[part][:, j]


@each_part
@both_masks
def test_the_terms_of_every_cell_lead_to_its_number(part, mask, language):
    expected, tokens = by_loops(SENTENCE[language], mask), SENTENCE[language].split()
    for i, j, drawn in every_cell(part, mask):
        table, text = drawn["terms"], drawn[part]["texts"][i * len(drawn[part]["columns"]) + j]
        masked = part in ("scores", "weights") and mask == "causal" and j > i
        column = (tokens if part in ("scores", "weights") else column_names(part))[j]
        assert table["title"] == words.text(f"chain.title.{part}", token=tokens[i], column=column)
        numbers = np.array([[to_float(number) for number in row[1:]] for row in table["rows"]])
        feet = [to_float(value) for _, value in table["foot"]]
        if part == "X":
            assert (table["head"][1], table["rows"], table["note"]) == (text, [], words.text("chain.known"))
        elif part == "weights":
            scores = np.where(seen_by(mask, 4)[i], expected["scores"][i], -np.inf)
            assert [row[0] for row in table["rows"]] == tokens
            assert np.allclose(numbers[:, 0], scores, atol=0.00501)
            assert np.allclose(numbers[:, 1], np.exp(scores - max(scores)), atol=0.00501)
            assert feet == pytest.approx([sum(np.exp(scores - max(scores))), expected["weights"][i, j]], abs=0.00501)
            assert table["foot"][1][0].startswith(f"{table['rows'][j][2]} ÷ {table['foot'][0][1]}")
            assert to_float(text) == feet[1]
        else:
            left, right = lead_to(part, i, j, expected)
            assert np.allclose(numbers, np.transpose([left, right, left * right]), atol=0.00501)
            total = sum(left * right)
            assert feet == pytest.approx([total, total / 3**0.5] if part == "scores" else [total], abs=0.00501)
            assert feet[-1] == pytest.approx(expected[part][i, j], abs=0.00501)
            assert table["foot"][-1][1] == text or masked
            assert table["note"] == (words.text("chain.masked") if masked else "")


def depends(part, chosen, name, shapes, mask):
    """Which entries of a direct input change the chosen number when they are moved, found by moving each."""
    rng = np.random.default_rng(7)
    inputs = {given: rng.uniform(0.5, 1.5, shapes[given]) for given in INPUTS[part]}
    W = rng.uniform(0.5, 1.5, (4, 3))

    def number():
        match part:
            case "scores":
                found = np.einsum("qf,kf->qk", inputs["Q"], inputs["K"])
            case "weights":
                found = np.array([row / sum(row) for row in np.exp(inputs["scores"]) * mask])
            case "output":
                found = np.einsum("qk,kv->qv", inputs["weights"], inputs["V"])
            case _:
                found = np.einsum("nm,mk->nk", inputs["X"], W)
        return found[chosen]

    before, changes = number(), np.zeros(shapes[name], dtype=bool)
    for at in np.ndindex(shapes[name]):
        inputs[name][at] += 0.25
        changes[at] = not np.isclose(number(), before, rtol=1e-12)
        inputs[name][at] -= 0.25
    return changes


@each_part
@both_masks
def test_exactly_the_numbers_that_the_chosen_one_depends_on_are_marked(part, mask):
    """A masked score is marked like the rest of its row: it has its line among the terms, e^−∞ = 0."""
    seen, shapes = seen_by(mask, 4), {name: found.shape for name, found in compute(State()).matrices.items()}
    for i, j, drawn in every_cell(part, mask):
        for name in PARTS:
            marked = np.zeros(shapes[name], dtype=bool)
            marked.flat[drawn[name]["sources"]] = True
            assert drawn[name]["chosen"] == ([i, j] if name == part else None)
            if name not in INPUTS.get(part, ()):
                assert not marked.any()
            elif part == "weights":
                if seen[i, j] and seen[i].sum() > 1:  # a weight that stands alone is 1 whatever its score
                    assert np.array_equal(marked & seen, depends(part, (i, j), name, shapes, seen))
                assert marked.sum() == marked[i].sum() == 4
            else:
                assert np.array_equal(marked, depends(part, (i, j), name, shapes, seen))


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
    assert agree([total], by_loops("I go to school")[part][1, 1])
    assert (told, value) == (words.text("chain.own"), "0.50")
    explorer.set(row=0)
    assert len(pictures(explorer)["terms"]["foot"]) == 1


def test_an_unknown_word_is_said_to_come_from_its_letters(language):
    explorer = ChainExplorer(sentence="I zig", part="X", row=1, column=0)
    assert explorer.board.scene["status"] == words.text("status.unknown", tokens="zig")
    assert pictures(explorer)["terms"]["note"] == words.text("chain.unknown")


@pytest.mark.parametrize("n", [1, 2, 17, 64])
def test_a_click_in_any_matrix_chooses_there(n):
    explorer = ChainExplorer(sentence=words_of_length(n, ("go", "zig", "the", "学校")), mask="causal")
    for part in PARTS:
        row, column = n - 1, len(pictures(explorer)[part]["columns"]) - 1
        ask(explorer, picture=part, changes={"row": row, "column": column})
        assert (explorer.state.part, explorer.state.row, explorer.state.column) == (part, row, column)
        assert [name for name in PARTS if pictures(explorer)[name]["chosen"]] == [part]
    explorer.controls["sentence"].value = "go"
    assert (explorer.result.row, explorer.result.column) == (0, 1)
    ask(explorer, picture="scores", changes={"row": 0, "column": 1})  # where there is none now
    assert explorer.state.part == "output"


def test_presets_show_what_they_say(language):
    explorer, tokens = ChainExplorer(), SENTENCE[language].split()
    go = tokens.index({"en": "go", "ja": "行く"}[language])
    for name, part, column in [("query", "Q", 1), ("score", "scores", go), ("weight", "weights", go)]:
        explorer.buttons[name].click()
        assert pictures(explorer)[part]["chosen"] == [0, column]
        row = explorer.result.matrices[part][0]
        assert row[column] == row.max()
    explorer.buttons["causal"].click()
    assert explorer.controls["mask"].value == "causal"
    assert pictures(explorer)["scores"]["texts"].count("−∞") == 6
