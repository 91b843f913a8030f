"""Lesson 07 without a browser: two senses by plain loops, a window that forgets, and what readers type."""

import numpy as np
import pytest
from test_explorers import agree, pictures, shown, stands

from qkvlib import ContextExplorer, examples, words
from qkvlib.explorers import context
from qkvlib.explorers.context import State, compute, leaning, window
from qkvlib.vectors import word_of

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("no_figure_is_left")]
WORD = {"en": "bank", "ja": "はし"}


def expected(shown_tokens, at, width):
    """The weights of attention and of the window, and both mixtures, by loops."""
    vectors = [examples.SENSE_WORDS.get(word_of(token), (0, 0, 0, 0)) for token in shown_tokens]

    def through(x, W):
        return [sum(x[m] * W[m, j] for m in range(4)) for j in range(W.shape[1])]

    q = through(vectors[at], examples.SENSE_W_q)
    keys = [through(x, examples.SENSE_W_k) for x in vectors]
    values = [through(x, examples.SENSE_W_v)[0] for x in vectors]
    exps = [np.exp((q[0] * k[0] + q[1] * k[1]) / 2**0.5) for k in keys]
    weights = [e / sum(exps) for e in exps]
    attended = sum(w * v for w, v in zip(weights, values, strict=True))
    near = [i for i in range(at - width // 2, at + width // 2 + 1) if 0 <= i < len(values)]
    return weights, attended, sum(values[i] for i in near) / width


@pytest.mark.parametrize("fillers", [0, 4, 12])
@pytest.mark.parametrize("width", [1, 7, 15])
@pytest.mark.parametrize("which", [0, 1])
def test_both_mixtures_are_the_sums_that_they_are(which, width, fillers, language):
    explorer = ContextExplorer(sentence=examples.SENSE_SENTENCES[language][which])
    explorer.controls["fillers"].value, explorer.controls["width"].value = fillers, width
    result = explorer.result
    weights, attended, windowed = expected(result.tokens, result.at, width)
    np.testing.assert_allclose(result.weights, weights, atol=1e-12)
    assert (result.attended, result.windowed) == pytest.approx((attended, windowed), abs=1e-12)
    assert result.tokens[result.at] == WORD[language]
    drawn = pictures(explorer)
    assert agree(drawn["axis"]["texts"], [0, attended, windowed])
    assert agree(drawn["weights"]["texts"], weights)
    assert drawn["weights"]["labels"] == drawn["kernel"]["labels"] == result.tokens


def test_every_word_of_two_senses_starts_in_the_middle():
    for word in examples.SENSES:
        assert (np.array(examples.SENSE_WORDS[word]) @ examples.SENSE_W_v).tolist() == [0]
    assert examples.SENSE_W_q.shape == examples.SENSE_W_k.shape == (4, 2)  # d_model and d_k differ


def test_the_sentences_of_the_lesson_lean_to_the_senses_they_are_named_for(language):
    explorer = ContextExplorer()
    leans = {}
    for name in explorer.presets():
        explorer.preset(name)
        leans[name] = leaning(explorer.result.attended), leaning(explorer.result.windowed)
    assert leans == {
        "first": ("first", "first"),
        "second": ("second", "second"),
        "far": ("second", "neither"),
        "both": ("neither", "neither"),
        "source_first": ("first", "first"),
        "source_second": ("second", {"en": "neither", "ja": "second"}[language]),
    }


def test_fillers_push_the_clue_out_of_the_window_and_weaken_attention_a_little(language):
    sentence = examples.SENSE_SENTENCES[language][1]
    results = [compute(State(sentence, fillers)) for fillers in range(13)]
    attended = [result.attended for result in results]
    assert attended == sorted(attended, reverse=True)
    assert attended[0] - attended[-1] < 0.15
    assert results[0].windowed > 0.1
    assert [result.windowed for result in results[4:]] == [0] * 9
    assert {len(result.tokens) - len(results[0].tokens) for result in results} >= {0, 1, 12} or language == "ja"


def test_the_window_finds_every_clue_again_when_widened_and_moves_the_word_less(language):
    explorer = ContextExplorer(sentence=examples.SENSE_SENTENCES[language][1])
    near = explorer.result.windowed
    for fillers in range(5, 13):
        explorer.set(fillers=fillers, width=7)
        assert leaning(explorer.result.windowed) == "neither"
        explorer.set(width=explorer.controls["width"].max)
        assert leaning(explorer.result.windowed) == "second"
        assert explorer.result.windowed < near


def test_no_rounding_decides_what_a_window_reads(language):
    for sentence in examples.SENSE_SENTENCES[language]:
        for fillers in range(13):
            for width in range(1, 33, 2):
                assert abs(abs(compute(State(sentence, fillers, width)).windowed) - context.UNDECIDED) > 1e-3


def test_the_window_does_not_know_what_stands_outside_it():
    near = compute(State("money at the bank", width=3))
    far = compute(State("river at the bank", width=3))
    assert near.windowed == far.windowed
    assert near.attended < -0.5 < 0.5 < far.attended


def test_the_window_is_the_same_in_every_sentence_and_attention_is_not():
    one, other = (compute(State(s)) for s in ("I withdraw money at the bank", "a boat near the old bank"))
    assert one.at == other.at
    np.testing.assert_array_equal(one.kernel, other.kernel)
    assert np.abs(one.weights - other.weights).max() > 0.2
    np.testing.assert_array_equal(window(5, 0, 3), [1 / 3, 1 / 3, 0, 0, 0])


def test_equal_clues_of_both_senses_cancel(language):
    sentence = {"en": "money bank river", "ja": "うどん はし 川"}[language]
    result = compute(State(sentence))
    assert result.attended == pytest.approx(0, abs=1e-12)
    assert words.text("context.neither") in pictures(ContextExplorer(sentence=sentence))["axis"]["note"]


def test_what_moved_it_most_is_written_as_a_product(language):
    explorer = ContextExplorer(sentence=examples.SENSE_SENTENCES[language][1])
    result, note = explorer.result, pictures(explorer)["weights"]["note"]
    i = int(np.abs(result.weights * result.values).argmax())
    for text in (result.tokens[i], shown(result.weights[i]), shown(result.weights[i] * result.values[i])):
        assert text in note
    explorer.set(sentence=WORD[language])
    assert pictures(explorer)["weights"]["note"] == words.text("context.no_clue")


@pytest.mark.parametrize(
    ("typed", "reason"), [("", "empty"), ("I go to school", "no_two_senses"), ("犬 が 走る", "no_two_senses")]
)
def test_a_sentence_without_a_word_of_two_senses_is_told_and_the_picture_stays(typed, reason, language):
    explorer = ContextExplorer()
    before = stands(explorer)
    explorer.controls["sentence"].value = typed
    named = {"words": words.text("context.ambiguous")} if reason == "no_two_senses" else {}
    assert explorer.messages == {"sentence": words.text(f"error.{reason}", **named)}
    assert stands(explorer) == before
    explorer.controls["sentence"].value = WORD[language]
    assert explorer.messages == {}


def test_more_words_than_can_be_shown_are_told_at_the_fillers(language):
    explorer = ContextExplorer(sentence=" ".join(["x"] * 60 + [WORD[language], "money", "川"]))
    assert explorer.messages == {}
    explorer.controls["fillers"].value = 9
    assert explorer.messages == {"fillers": words.text("error.too_many", count=72, limit=64)}
    explorer.controls["fillers"].value = 1
    assert explorer.messages == {}


def test_unknown_words_are_no_clue_and_said_to_be_none(language):
    explorer = ContextExplorer(sentence=f"zig {WORD[language]} , zag")
    assert explorer.result.values.tolist() == [0] * 4
    assert "zig" in explorer.board.scene["status"]
    assert "," not in explorer.board.scene["status"].replace(words.text("status.comma"), "")


def test_japanese_without_spaces_is_cut_and_said_to_be():
    with words.speaking("ja"):
        explorer = ContextExplorer(sentence="その銀行でお金を下ろす")
        assert explorer.controls["sentence"].value == "その 銀行 で お金 を 下ろす"
        assert words.text("status.cut") in explorer.board.scene["status"]


def test_capital_letters_and_punctuation_change_nothing():
    one, other = (compute(State(s)) for s in ("Money at the BANK!", "money at the bank"))
    assert one.attended == other.attended


def test_fillers_are_twelve_words_that_are_no_clue(language):
    fillers = examples.FILLERS[language]
    assert len({*fillers}) == 12
    assert not {*fillers} & examples.SENSE_WORDS.keys()
    assert context.compute(State(fillers=12)).sentence.unknown == context.compute(State()).sentence.unknown
