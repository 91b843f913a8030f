"""The search of lesson 01 without a browser: n-grams, matches, weights and mixtures against plain counting."""

import math
import re
from collections import Counter

import numpy as np
import pytest
from test_explorers import pictures

from qkvlib import QUERIES, VIDEOS, Predict, SearchExplorer, ngram_vectors, softmax, words
from qkvlib.examples import BEST, CAT, TRAP
from qkvlib.views import plain

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(autouse=True)
def english_again():
    yield
    words.use_language("en")


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


def expected(query, titles, sharpness=10.0):
    match = [cosine(query, title) for title in titles]
    exps = [math.exp(sharpness * (m - max(match))) for m in match]
    return match, [e / sum(exps) for e in exps]


def agrees(explorer, query, titles, contents, sharpness=10.0):
    """All numbers, in the result and as they are shown."""
    match, weights = expected(query, titles, sharpness)
    assert explorer.messages == {}
    assert explorer.result.match == pytest.approx(match)
    assert explorer.result.weights == pytest.approx(weights)
    hits, mixture = pictures(explorer)["hits"], pictures(explorer)["mixture"]
    assert (hits["keys"], hits["values"]) == ([*titles], [*contents])
    shown = [float(text) for text in hits["texts"]]
    assert shown == pytest.approx(np.ravel([*zip(match, weights, strict=True)]), abs=0.00501)
    totals = {}
    for content, weight in zip(contents, weights, strict=True):
        totals[content] = totals.get(content, 0) + weight
    assert mixture["values"] == [*totals]
    assert mixture["lengths"] == pytest.approx([*totals.values()])
    assert sum(mixture["lengths"]) == pytest.approx(1)
    return True


# Texts -> vectors


@pytest.mark.parametrize(
    "text", ["How to cook delicious curry", "I am a cat", "おいしいカレーの作り方", "5分、2人", "x_1!"]
)
def test_ngrams_are_counted(text):
    counts, names = ngram_vectors([text])
    assert dict(zip(names, counts[0], strict=True)) == counted(text)


def test_ngrams_do_not_reach_over_words_and_a_letter_counts_as_itself():
    counts, names = ngram_vectors(["I see", "sees, SEE"])
    assert names == ["i", "se", "ee", "see", "es", "ees"]
    assert counts.tolist() == [[1, 1, 1, 1, 0, 0], [0, 2, 2, 2, 1, 1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [("CURRY", "curry"), ("ｃｕｒｒｙ", "curry"), ("ｶﾚｰ", "カレー"), ("か\u3099", "が"), ("Straße", "STRASSE")],
)
def test_forms_of_one_letter_count_alike(one, other):
    counts, _ = ngram_vectors([one, other])
    assert np.array_equal(*counts)


@pytest.mark.parametrize("texts", [[""], ["…", "🍛 !?"], ["curry", "🍛"], []])
def test_a_text_without_letters_gets_zeros(texts):
    counts, names = ngram_vectors(texts)
    assert counts.shape == (len(texts), len(names))
    assert [bool(row.any()) for row in counts] == [text == "curry" for text in texts]


@pytest.mark.parametrize(
    "texts", [("curry", "curry recipe", "bicycle"), ("カレー", "カレーの作り方", "自転車"), ("שלום", "שלומי", "עולם")]
)
def test_what_is_spelled_alike_matches_more(texts):
    explorer = SearchExplorer(query=texts[0], titles=texts, contents=texts)
    same, alike, different = explorer.result.match
    assert same == pytest.approx(1)
    assert 1 > alike > different >= 0


# The numbers


def test_the_lesson_starts_with_the_curry_videos_first(language):
    explorer = SearchExplorer()
    videos = VIDEOS[language]
    assert agrees(explorer, QUERIES[language], videos, videos.values())
    names = {"en": "Curry", "ja": "カレー"}
    first = sorted(videos, key=lambda title: -explorer.result.weights[[*videos].index(title)])[:2]
    assert all(names[language] in title for title in first)
    assert [*videos].index(first[0]) == BEST
    assert explorer.board.scene["status"] == ""
    assert pictures(explorer)["hits"]["chosen"] == BEST


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("query", ["a cat on a sofa", "カレー の 作り方", "cats, 猫"]),
        ("sharpness", [0.01, 1000.0, 2.5]),
        ("title", ["How to cook delicious curry", "おいしいカレーの作り方", "Piano"]),
        ("content", ["a burnt pan", "dollars become yen", "腹筋を30回"]),
    ],
)
def test_everything_follows_each_control(name, values, language):
    explorer = SearchExplorer(row=3)
    set_to = {"query": QUERIES[language], "sharpness": 10.0}
    titles, contents = [*VIDEOS[language]], [*VIDEOS[language].values()]
    got = []
    explorer.board.observe(got.append, "scene")
    for count, value in enumerate(values, 1):
        explorer.controls[name].value = value
        if name in set_to:
            set_to[name] = value
        else:
            (titles if name == "title" else contents)[3] = value
        assert agrees(explorer, set_to["query"], titles, contents, set_to["sharpness"])
        assert explorer.controls[name].value == value
        assert len(got) == count


def test_a_chosen_line_is_shown_in_the_boxes_and_edited_alone(language):
    explorer = SearchExplorer()
    titles, contents = [*VIDEOS[language]], [*VIDEOS[language].values()]
    for serial, row in enumerate((0, 6, 2)):
        explorer.board.asked = {"picture": "hits", "changes": {"row": row}, "serial": serial}
        assert (explorer.controls["title"].value, explorer.controls["content"].value) == (titles[row], contents[row])
        assert pictures(explorer)["hits"]["chosen"] == row
        titles[row] = explorer.controls["title"].value = f"{row} {QUERIES[language]}"
        contents[row] = explorer.controls["content"].value = f"content {row}"
        assert agrees(explorer, QUERIES[language], titles, contents)
    explorer.set(row=99)
    assert pictures(explorer)["hits"]["chosen"] == 6


def test_the_limit_of_sharpness_is_argmax(language):
    explorer = SearchExplorer()
    best = np.eye(7)[np.argmax(explorer.result.match)]
    distances = []
    for sharpness in (1.0, 10.0, 100.0, 1000.0, 1e6, 1e300):
        explorer.set(sharpness=sharpness)
        distances.append(np.abs(explorer.result.weights - best).max())
    assert distances == sorted(distances, reverse=True)
    assert distances[3] < 1e-9
    assert np.array_equal(explorer.result.weights, best)
    assert max(pictures(explorer)["mixture"]["lengths"]) == 1
    explorer.set(sharpness=1e-9)
    assert explorer.result.weights == pytest.approx(np.full(7, 1 / 7))


def swap(texts):
    return [texts[{BEST: CAT, CAT: BEST}.get(i, i)] for i in range(len(texts))]


def test_found_by_the_key_you_get_the_value(language):
    """Swapped titles swap the weights; swapped contents leave them and change the mixture just the same."""
    titles, contents = [*VIDEOS[language]], [*VIDEOS[language].values()]
    start = SearchExplorer()
    keys = SearchExplorer(titles=tuple(swap(titles)))
    values = SearchExplorer(contents=tuple(swap(contents)))
    assert keys.result.weights == pytest.approx(swap(start.result.weights))
    assert np.array_equal(values.result.weights, start.result.weights)
    mixtures = [pictures(explorer)["mixture"] for explorer in (keys, values)]
    shares = [dict(zip(mixture["values"], mixture["lengths"], strict=True)) for mixture in mixtures]
    assert shares[0] == pytest.approx(shares[1])
    assert shares[0][contents[CAT]] == max(shares[0].values())


def test_equal_contents_add_up_and_equal_titles_share(language):
    contents = [*VIDEOS[language].values()]
    contents[0] = contents[6] = contents[BEST]
    assert agrees(SearchExplorer(contents=tuple(contents)), QUERIES[language], VIDEOS[language], contents)
    explorer = SearchExplorer(titles=("x y",) * 7, query="x", contents=("same",) * 7)
    assert explorer.result.weights == pytest.approx(np.full(7, 1 / 7))
    assert pictures(explorer)["mixture"]["texts"] == ["1.00"]


@pytest.mark.parametrize("query", ["🍛", "?!", "zzz qqq", "ж", "{x}"])
def test_without_any_match_all_weights_are_equal_and_it_is_said(query, language):
    explorer = SearchExplorer()
    explorer.controls["query"].value = query
    assert explorer.messages == {}
    assert not explorer.result.match.any()
    assert explorer.result.weights == pytest.approx(np.full(7, 1 / 7))
    assert explorer.board.scene["status"] == words.text("search.no_match")
    explorer.buttons["reset"].click()
    assert explorer.board.scene["status"] == ""


# Buttons


def test_presets_show_what_they_say_and_reset_leads_back(language):
    explorer = SearchExplorer()
    first = pictures(explorer)
    titles, contents = [*VIDEOS[language]], [*VIDEOS[language].values()]
    assert [*explorer.buttons] == ["all", "best", "clickbait", "fooled", "reset"]
    explorer.buttons["all"].click()
    assert {*pictures(explorer)["hits"]["texts"][1::2]} == {"0.14"}
    explorer.buttons["best"].click()
    assert sorted(pictures(explorer)["hits"]["texts"][1::2]) == ["0.00"] * 6 + ["1.00"]
    explorer.buttons["clickbait"].click()
    assert explorer.result.titles[CAT] == titles[BEST]
    assert explorer.result.contents == contents
    assert np.argmax(explorer.result.weights) == explorer.state.row == CAT
    explorer.buttons["fooled"].click()
    assert explorer.result.titles == titles
    assert np.argmax(explorer.result.weights) == explorer.state.row == TRAP
    assert explorer.result.weights[TRAP] > 0.5
    explorer.controls["title"].value = ""
    explorer.buttons["reset"].click()
    assert explorer.messages == {}
    assert explorer.state == SearchExplorer.State()
    assert pictures(explorer) == first


# What cannot be used

BAD = [
    pytest.param("query", "", "empty_text", {}, id="no query"),
    pytest.param("query", " \t\u3000\u200b\u2060", "empty_text", {}, id="blank query"),
    pytest.param("query", "x" * 201, "long_text", {"length": 201, "limit": 200}, id="long query"),
    pytest.param("title", "", "empty_text", {}, id="no title"),
    pytest.param("title", "カレー" * 1000, "long_text", {"length": 3000, "limit": 200}, id="long title"),
    pytest.param("content", "\u200d", "empty_text", {}, id="no content"),
    pytest.param("content", "y" * 201, "long_text", {"length": 201, "limit": 200}, id="long content"),
    *(
        pytest.param("sharpness", value, "positive", {"value": value}, id=f"sharpness {value}")
        for value in (0.0, -1.0, math.nan, math.inf)
    ),
]


@pytest.mark.parametrize(("name", "value", "reason", "details"), BAD)
def test_what_cannot_be_used_is_told_beside_its_control_and_the_last_picture_stays(
    name, value, reason, details, language
):
    explorer = SearchExplorer(row=1)
    before = explorer.state, explorer.result, pictures(explorer)
    field = f"{name}s" if name in ("title", "content") else name
    texts = [*getattr(before[0], field)] if field != name else None
    explorer.set(**{field: value if texts is None else (texts[0], value, *texts[2:])})
    told = {name: words.text(f"error.{reason}", **details)}
    assert explorer.messages == explorer.board.scene["messages"] == told
    assert all(one is other for one, other in zip(before, stands(explorer), strict=True))
    if name != "sharpness":  # its slider refuses them itself
        explorer.buttons["reset"].click()
        explorer.controls[name].value = value
        assert explorer.messages == told
        explorer.controls["sharpness"].value = 20.0
        assert explorer.messages == told
        assert explorer.controls[name].value == value
        explorer.controls[name].value = "good"
    explorer.buttons["reset"].click()
    assert explorer.messages == {}


def stands(explorer):
    return explorer.state, explorer.result, pictures(explorer)


@pytest.mark.parametrize(
    "text",
    ["<b>x</b> <script>alert(1)</script>", "🍛 a $x$ {title} %s", "שלום مدرسة", "a", "é" * 200, "👩\u200d🍳 cooks"],
)
def test_every_script_and_sign_can_be_used_and_shows_as_typed(text, language):
    explorer = SearchExplorer()
    for name in ("query", "title", "content"):
        explorer.controls[name].value = text
    assert explorer.messages == {}
    assert explorer.result.match[BEST] == pytest.approx(1)
    assert pictures(explorer)["hits"]["keys"][BEST] == pictures(explorer)["hits"]["values"][BEST] == text
    assert text in pictures(explorer)["mixture"]["values"]
    bundle = explorer._repr_mimebundle_()
    assert text in bundle["text/plain"]
    assert bundle["image/png"].startswith("iVBORw0KGgo")


def test_a_stored_panel_has_its_numbers(language):
    explorer = SearchExplorer()
    text = explorer._repr_mimebundle_()["text/plain"]
    match, weights = expected(QUERIES[language], VIDEOS[language])
    lines = plain(pictures(explorer)["hits"]).splitlines()[2:]
    told = [[float(number) for number in re.findall(r"\d\.\d\d", line)] for line in lines]
    assert told == pytest.approx(np.transpose([match, weights]), abs=0.00501)
    assert all(title in text for title in VIDEOS[language])


# The prediction


def test_of_swapped_titles_the_content_that_is_found_counts(language):
    question = Predict("search")
    question.controls["choice"].value = "curry"
    assert question.result.right == "cat"
    mixture = pictures(question)["mixture"]
    shares = dict(zip(mixture["values"], mixture["lengths"], strict=True))
    contents = [*VIDEOS[language].values()]
    assert shares[contents[CAT]] > 3 * shares[contents[BEST]]
    assert pictures(question)["hits"]["chosen"] is None


def test_the_exercise_is_what_the_explorer_does():
    """One lookup: sharpness times the query, among keys of length 1, with one value for each content."""
    counts, _ = ngram_vectors([QUERIES["en"], *VIDEOS["en"]])
    query, *keys = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    mixture = softmax(np.array(keys) @ (10 * query)) @ np.eye(7)
    assert mixture == pytest.approx(pictures(SearchExplorer())["mixture"]["lengths"])
