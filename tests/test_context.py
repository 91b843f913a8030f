"""Lesson 08: two senses by plain loops, a window that forgets, and what readers type."""

import numpy as np
import pytest
from helpers import agree, line, pictures, product, shares, shown

from qkvlib import ContextExplorer, SENSE_W_k, SENSE_W_q, SENSE_W_v, words
from qkvlib.explorers import context
from qkvlib.explorers.context import SENSE_SENTENCES, SENSE_WORDS, SENSES, State, compute, leaning
from qkvlib.text.vectors import word_of
from qkvlib.views.look import MAX_ARCS
from qkvlib.words import InputError

WORD = {"en": "bank", "ja": "はし"}


def by_loops(tokens, at, width):
    """The weights of attention, and both mixtures."""
    X = [SENSE_WORDS.get(word_of(token), (0, 0, 0, 0)) for token in tokens]
    [q], K, V = product([X[at]], SENSE_W_q), product(X, SENSE_W_k), [v for [v] in product(X, SENSE_W_v)]
    weights = shares([(q[0] * k[0] + q[1] * k[1]) / 2**0.5 for k in K])
    near = [V[i] for i in range(at - width // 2, at + width // 2 + 1) if 0 <= i < len(V)]
    return weights, sum(w * v for w, v in zip(weights, V, strict=True)), sum(near) / width


@pytest.mark.parametrize("which", [0, 1])
def test_both_mixtures_are_the_sums_that_they_are(which, language):
    explorer = ContextExplorer(sentence=SENSE_SENTENCES[language][which])
    for fillers in (0, 4, 12):
        for width in (1, 7, 31):
            explorer.controls["fillers"].value, explorer.controls["width"].value = fillers, width
            result, drawn = explorer.result, pictures(explorer)
            weights, attended, windowed = by_loops(result.tokens, result.at, width)
            assert np.allclose(result.weights, weights, atol=1e-12)
            assert (result.attended, result.windowed) == pytest.approx((attended, windowed), abs=1e-12)
            assert result.tokens[result.at] == WORD[language]
            assert agree(drawn["axis"]["texts"], [0, attended, windowed])
            near = [abs(i - result.at) <= width // 2 for i in range(len(result.tokens))]
            kernel = np.where(near, 1 / width, 0)
            if len(result.tokens) <= MAX_ARCS:
                assert agree(drawn["arcs"]["texts"], weights)
                texts, joined = zip(*drawn["arcs"]["under"], strict=True)
                assert agree(texts, kernel)
                assert ([*joined], drawn["arcs"]["labels"]) == (near, result.tokens)
            else:
                assert agree(drawn["weights"]["texts"], weights)
                assert agree(drawn["kernel"]["texts"], kernel)
                assert drawn["weights"]["labels"] == drawn["kernel"]["labels"] == result.tokens


def test_every_word_of_two_senses_starts_in_the_middle_and_the_matrices_cannot_be_changed():
    assert [(np.array(SENSE_WORDS[word]) @ SENSE_W_v).tolist() for word in SENSES] == [[0]] * len(SENSES)
    assert SENSE_W_q.shape == SENSE_W_k.shape == (4, 2)  # d_model and d_k differ
    assert not any(W.flags.writeable for W in (SENSE_W_q, SENSE_W_k, SENSE_W_v))


def test_presets_lean_to_the_senses_they_are_named_for(language):
    results = {name: compute(State(**changes)) for name, changes in ContextExplorer.presets().items()}
    assert max(len(result.tokens) for result in results.values()) <= MAX_ARCS  # each is seen as words
    assert {name: (leaning(result.attended), leaning(result.windowed)) for name, result in results.items()} == {
        "first": ("first", "first"),
        "second": ("second", "second"),
        "far": ("second", "neither"),
        "both": ("neither", "neither"),
        "source_first": ("first", "first"),
        "source_second": ("second", {"en": "neither", "ja": "second"}[language]),
    }


def test_fillers_push_the_clue_out_of_the_window_and_weaken_attention_a_little(language):
    sentence = SENSE_SENTENCES[language][1]
    results = [compute(State(sentence, fillers)) for fillers in range(13)]
    attended = [result.attended for result in results]
    assert attended == sorted(attended, reverse=True)
    assert attended[0] - attended[-1] < 0.15
    assert results[0].windowed > 0.1
    assert [result.windowed for result in results[4:]] == [0] * 9
    for fillers in range(5, 13):  # a wider window finds the clue again, and moves the word less
        assert 0.01 < compute(State(sentence, fillers, 31)).windowed < results[0].windowed


def test_no_rounding_decides_what_a_window_reads(language):
    for sentence in SENSE_SENTENCES[language]:
        for fillers in range(13):
            for width in range(1, 33, 2):
                assert abs(abs(compute(State(sentence, fillers, width)).windowed) - context.UNDECIDED) > 1e-3


def test_the_window_knows_nothing_outside_it_and_is_the_same_in_every_sentence():
    near, far = compute(State("money at the bank", width=3)), compute(State("river at the bank", width=3))
    assert near.windowed == far.windowed
    assert near.attended < -0.5 < 0.5 < far.attended
    one, other = (compute(State(s)) for s in ("I withdraw money at the bank", "a boat near the old Bank!"))
    assert np.array_equal(one.kernel, other.kernel)
    assert np.abs(one.weights - other.weights).max() > 0.2
    assert np.allclose(context.window(5, 0, 3), [1 / 3, 1 / 3, 0, 0, 0])


def test_equal_clues_of_both_senses_cancel(language):
    explorer = ContextExplorer(sentence={"en": "money BANK, river", "ja": "うどん はし 川"}[language])
    assert explorer.result.attended == pytest.approx(0, abs=1e-12)
    neither = words.text("context.neither")
    assert pictures(explorer)["axis"]["note"] == words.text("context.verdict", attended=neither, windowed=neither)
    result, tied = explorer.result, {"en": "money, river", "ja": "うどん、川"}[language]
    parts = words.text("status.comma").join(shown(p) for p in result.weights * result.values if abs(p) > 0.1)
    assert line(explorer) == words.text("context.against", key=tied, query=result.tokens[result.at], parts=parts)


def test_what_moved_it_most_is_written_as_a_product(language):
    explorer = ContextExplorer(sentence=SENSE_SENTENCES[language][1])
    result = explorer.result
    i = int(np.abs(result.weights * result.values).argmax())
    numbers = result.weights[i], result.values[i], result.weights[i] * result.values[i]
    named = dict(zip(("weight", "value", "part"), map(shown, numbers), strict=True))
    tied = {"en": "river", "ja": "川、渡る"}[language]
    told = words.text("context.strongest", query=WORD[language], key=tied, **named)
    assert line(explorer) == told.replace("*", "")
    explorer.set(sentence=WORD[language])
    assert line(explorer) == words.text("context.no_clue")


@pytest.mark.parametrize("typed", ["I go to school", "I sit on the shore of the river", "犬 が 走る"])
def test_a_sentence_without_a_word_of_two_senses_is_refused(typed, language):
    told = words.text("error.no_two_senses", words=words.text("context.ambiguous"))
    with pytest.raises(InputError, match=f"^{told}$") as raised:
        ContextExplorer.result_of(sentence=typed)
    assert raised.value.control == "sentence"


def test_more_words_than_can_be_shown_are_told_at_the_fillers(language):
    explorer = ContextExplorer(sentence=" ".join(["x"] * 60 + [WORD[language], "money", "川"]))
    explorer.controls["fillers"].value = 9
    told = words.text("error.too_many", count=72, limit=64)
    assert explorer.messages == {"fillers": f"{told} {words.text('error.stays')}"}
    explorer.controls["fillers"].value = 1
    assert explorer.messages == {}


def test_unknown_words_are_no_clue_and_said_to_be_none(language):
    result = ContextExplorer.result_of(sentence=f"zig {WORD[language]} , zag")
    assert result.values.tolist() == [0] * 4
    assert result.sentence.unknown == ["zig", "zag"]
    assert "zig" in context.status(State(), result)


def test_fillers_are_twelve_words_that_are_no_clue(language):
    assert [len({*side} - SENSE_WORDS.keys()) for side in context.FILLERS[language]] == [12, 12]
    assert compute(State(fillers=12)).sentence.unknown == compute(State()).sentence.unknown


def test_attention_keeps_the_clue_that_the_window_loses(language):
    result = compute(State(SENSE_SENTENCES[language][1], 3))
    _, attended, windowed = by_loops(result.tokens, result.at, 7)
    assert (attended > 0.5, windowed) == (True, 0)
    assert context.prediction().right == "attention_keeps"
