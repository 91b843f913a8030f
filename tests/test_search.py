"""The search of lesson 01: n-grams, matches, weights and mixtures against plain counting."""

import math
from collections import Counter

import numpy as np
import pytest
from helpers import agree, ask, pictures, shares, values

from qkvlib import QUERIES, VIDEOS, SearchExplorer, ngram_vectors, words
from qkvlib.explorers.search import BEST, CAT, TRAP, State, compute, prediction
from qkvlib.explorers.search import pictures as drawn_of
from qkvlib.words import InputError


def counted(text):
    """Runs of two and three letters, cut out by moving along the text letter by letter."""
    found, word = Counter(), ""
    for letter in text.casefold() + " ":
        if letter.isalnum() or letter == "_":
            word += letter
            found += Counter(run for run in (word[-2:], word[-3:] if len(word) > 2 else "") if len(run) > 1)
        else:
            found += Counter([word] if len(word) == 1 else [])
            word = ""
    return found


def cosine(one, other):
    one, other = counted(one), counted(other)
    product = sum(one[run] * other[run] for run in one)
    return product and product / math.sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))


@pytest.mark.parametrize("forms", ["CURRY curry ｃｕｒｒｙ", "ｶﾚｰ カレー", "か\u3099 が", "Straße STRASSE"])
def test_forms_of_one_letter_count_alike(forms):
    assert len(np.unique(ngram_vectors(forms.split())[0], axis=0)) == 1


def test_ngrams_stay_within_words_and_a_letter_counts_as_itself_and_a_sign_as_nothing():
    counts, names = ngram_vectors(["I see", "sees, SEE", "🍛 !?"])
    assert names == ["i", "se", "ee", "see", "es", "ees"]
    assert counts.tolist() == [[1, 1, 1, 1, 0, 0], [0, 2, 2, 2, 1, 1], [0] * 6]


@pytest.mark.parametrize("query", [None, "a cat on a sofa", "カレー の 作り方", "5"])
@pytest.mark.parametrize("sharpness", [0.01, 10.0, 1000.0])
def test_matches_weights_and_mixture_are_those_of_plain_counting(query, sharpness, language):
    titles, contents = [*VIDEOS[language]], [*VIDEOS[language].values()]
    contents[0] = contents[6] = contents[BEST]
    state = State(query or QUERIES[language], titles, contents, sharpness=sharpness)
    result, drawn = compute(state), drawn_of(state, compute(state))
    match = [cosine(state.query, title) for title in titles]
    weights = shares([sharpness * (one - max(match)) for one in match])
    assert result.match == pytest.approx(match)
    assert result.weights == pytest.approx(weights)
    assert (drawn["hits"]["keys"], drawn["hits"]["values"]) == (titles, contents)
    assert agree(drawn["hits"]["texts"], np.transpose([match, weights]))
    totals = Counter()
    for content, weight in zip(contents, weights, strict=True):
        totals[content] += weight
    assert dict(zip(drawn["mixture"]["values"], drawn["mixture"]["lengths"], strict=True)) == pytest.approx(totals)


@pytest.mark.parametrize("query", ["🍛", "zzz {x}"])
def test_without_any_match_all_weights_are_equal_and_it_is_said(query, language):
    explorer = SearchExplorer(query=query)
    assert explorer.result.weights == pytest.approx(np.full(7, 1 / 7))
    assert explorer.board.scene["status"] == words.text("search.no_match")
    explorer.buttons["reset"].click()
    assert explorer.board.scene["status"] == ""


def test_a_chosen_line_is_shown_in_the_boxes_and_edited_alone(language):
    explorer = SearchExplorer()
    titles, contents = [*VIDEOS[language]], [*VIDEOS[language].values()]
    for row in (0, 6, 2):
        ask(explorer, picture="hits", changes={"row": row})
        assert (values(explorer)["title"], values(explorer)["content"]) == (titles[row], contents[row])
        assert pictures(explorer)["hits"]["chosen"] == row
        titles[row] = explorer.controls["title"].value = f"<b>{row}</b> 🍛 $x$ {{title}} שלום"
        contents[row] = explorer.controls["content"].value = f"%s {row}"
        assert (explorer.state.titles, explorer.state.contents) == (tuple(titles), tuple(contents))
        assert (pictures(explorer)["hits"]["keys"], pictures(explorer)["hits"]["values"]) == (titles, contents)
    explorer.set(row=99)
    assert pictures(explorer)["hits"]["chosen"] == 6


@pytest.mark.parametrize(
    ("name", "value", "reason", "details"),
    [
        ("query", " \t\u3000\u200b\u2060", "empty_text", {}),
        ("query", "x" * 201, "long_text", {"length": 201, "limit": 200}),
        ("title", "カレー" * 1000, "long_text", {"length": 3000, "limit": 200}),
        ("content", "\u200d", "empty_text", {}),
    ],
)
def test_a_text_that_cannot_be_used_is_told_until_its_box_has_another(name, value, reason, details, language):
    explorer = SearchExplorer(row=1)
    explorer.controls[name].value = value
    told = words.text(f"error.{reason}", **details)
    assert explorer.messages == {name: f"{told} {words.text('error.stays')}"}
    explorer.controls["sharpness"].value = 20.0
    assert (explorer.messages.keys(), explorer.controls[name].value) == ({name}, value)
    ask(explorer, picture="hits", changes={"row": 2})  # then the boxes of the key and the value show another video
    assert explorer.messages.keys() == ({name} if name == "query" else set())
    explorer.controls[name].value = "é" * 200
    assert explorer.messages == {}
    texts = {"query": value, "title": [value] * 7, "content": [value] * 7}[name]
    with pytest.raises(InputError, match=told.replace("(", r"\(")):
        explorer.set(**{name if name == "query" else f"{name}s": texts})


def test_titles_and_contents_must_be_equally_many():
    with pytest.raises(ValueError, match="titles has 2 entries and contents 7; both must have as many, 1 or more"):
        SearchExplorer(titles=("one", "two"))


def test_presets_show_what_they_say(language):
    explorer = SearchExplorer()
    assert int(explorer.result.weights.argmax()) == BEST
    explorer.buttons["all"].click()
    assert {*pictures(explorer)["hits"]["texts"][1::2]} == {"0.14"}
    explorer.buttons["best"].click()
    assert sorted(pictures(explorer)["hits"]["texts"][1::2]) == ["0.00"] * 6 + ["1.00"]
    explorer.buttons["clickbait"].click()
    assert explorer.state.titles[CAT] == [*VIDEOS[language]][BEST]
    assert explorer.state.contents == (*VIDEOS[language].values(),)
    assert np.argmax(explorer.result.weights) == explorer.state.row == CAT
    explorer.buttons["fooled"].click()
    assert explorer.state.titles == (*VIDEOS[language],)
    assert np.argmax(explorer.result.weights) == explorer.state.row == TRAP
    assert explorer.result.weights[TRAP] > 0.5


def test_of_swapped_titles_the_content_that_is_found_counts(language):
    question, contents = prediction(), [*VIDEOS[language].values()]
    assert question.right == "cat"
    mixture = question.pictures["mixture"]
    found = dict(zip(mixture["values"], mixture["lengths"], strict=True))
    assert found[contents[CAT]] > 3 * found[contents[BEST]]
    assert question.pictures["hits"]["chosen"] is None
