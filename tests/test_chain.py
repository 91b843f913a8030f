"""The whole chain of lesson 04: every matrix by plain loops, and every number from the terms that are shown."""

import itertools

import numpy as np
import pytest
from helpers import SENTENCE, agree, ask, by_loops, line, pictures, to_float, words_of_length, worth

from qkvlib import ChainExplorer, words
from qkvlib.explorers.chain import PARTS, State, compute
from qkvlib.explorers.chain import pictures as drawn_of

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
        if part == "arithmetic":
            continue
        assert np.allclose(result.matrices[part], expected[part], atol=1e-12)
        texts, shown = np.array(drawn["texts"]).reshape(expected[part].shape), np.full(expected[part].shape, True)
        if part in ("scores", "weights"):
            shown = seen
            assert {*texts[~seen]} <= {"−∞" if part == "scores" else "0"}
        assert (drawn["title"] == words.text("chain.V_own")) == (part == "V" and bool(own))
        assert agree(texts[shown], expected[part][shown])


def test_the_matrices_say_what_their_rows_and_columns_are(language):
    drawn, tokens = pictures(ChainExplorer()), SENTENCE[language].split()
    features = [words.text(f"feature.{name}") for name in ("who", "action", "place", "link")]
    columns = {"X": features, "Q": features[:3], "K": features[:3]}
    columns["V"] = columns["output"] = [words.text(f"plane.short.{name}") for name in ("person_place", "action")]
    assert [*drawn] == [*PARTS, "arithmetic"]
    for part in PARTS:
        assert drawn[part]["title"] == words.text(f"chain.{part}")
        assert (drawn[part]["rows"], drawn[part]["columns"]) == (tokens, columns.get(part, tokens))
        axes = ("axis.token", "axis.feature") if part in columns else ("axis.query", "axis.key")
        assert [drawn[part]["query_axis"], drawn[part]["key_axis"]] == [words.text(axis) for axis in axes]
        assert bool(drawn[part]["sums"]) == (part == "weights")


# The chosen number


@each_part
@both_masks
def test_the_line_of_every_cell_leads_to_its_number(part, mask, language):
    expected, tokens, explorer = (
        by_loops(SENTENCE[language], mask),
        SENTENCE[language].split(),
        ChainExplorer(mask=mask),
    )
    for i, j, drawn in every_cell(part, mask):
        explorer.set(part=part, row=i, column=j)
        text = drawn[part]["texts"][i * len(drawn[part]["columns"]) + j]
        if part == "X":
            assert line(explorer) == words.text("chain.known")
        elif part == "weights" and text == "0":
            assert line(explorer) == words.text("weights.masked", query=tokens[i], key=tokens[j]).replace("*", "")
        else:
            assert tokens[i] in line(explorer)
            assert part not in ("scores", "weights") or tokens[j] in line(explorer)
            *steps, result = worth(explorer)
            score = np.dot(expected["Q"][i], expected["K"][j]) / 3**0.5
            assert result == pytest.approx(score if part == "scores" else expected[part][i, j], abs=0.00501)
            assert [float(step) for step in steps] == pytest.approx([float(result)] * len(steps), abs=0.05)
            assert "∞" in text or to_float(text) == result


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
def test_a_number_that_the_reader_changed_is_told(part, changes):
    explorer = ChainExplorer(part=part, row=1, column=1, **changes)
    assert line(explorer).endswith("0.50")
    assert "×" not in line(explorer)
    explorer.set(row=0)
    assert "×" in line(explorer)


def test_an_unknown_word_is_said_to_come_from_its_letters(language):
    explorer = ChainExplorer(sentence="I zig", part="X", row=1, column=0)
    assert explorer.board.scene["status"] == words.text("status.unknown", tokens="zig")
    assert line(explorer) == words.text("chain.unknown")


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
