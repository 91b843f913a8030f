"""The words of both languages: in step, all of them used, and none missing."""

import ast
import re
import string
from pathlib import Path

import numpy as np
import pytest
import test_exercises

import qkvlib
from qkvlib import words
from qkvlib.explorers.chain import PARTS
from qkvlib.explorers.predict import QUESTIONS

SOURCES = sorted(Path(qkvlib.__file__).parent.rglob("*.py"))
EN, JA = (words.table(language) for language in ("en", "ja"))
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿々]")
SIGNS_ONLY = {  # mathematics, the same in both languages
    *("chain.Q", "chain.K", "chain.V", "scores.terms.product"),
    *("roles.product", "roles.tied.qk", "roles.preset.qk", "relay.gru", "relay.lstm"),
    *(
        "whole.Q",
        "whole.K",
        "whole.V",
        "whole.x",
        "whole.q",
        "whole.k",
        "whole.v",
        "whole.w_q",
        "whole.w_k",
        "whole.w_v",
    ),
}


@pytest.fixture(autouse=True)
def english_again():
    yield
    words.use_language("en")


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def asked_in_source():
    """Each key that the source asks for, as a regular expression: literal, or with a gap for what an f-string fills."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "words.text":
                key = node.args[0]
                for option in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
                    yield f"{path.name}:{node.lineno}", pattern(option)


def pattern(key):
    if isinstance(key, ast.Constant):
        return re.escape(key.value)
    assert isinstance(key, ast.JoinedStr), f"a key must be a string or an f-string, not {ast.unparse(key)}"
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w.]+" for part in key.values)


def breaks(*arguments):
    raise RuntimeError("the fault")


def show_everything(language):
    """Everything that has words: each control, preset, message, remark, picture, prediction and report."""
    words.use_language(language)
    bad = ["", "x " * 65, "y" * 33, "z" * 10_000]
    remarkable = ["私は学校へ行く", "zig zag"]
    for make in (qkvlib.ScoresExplorer, qkvlib.WeightsExplorer, qkvlib.MixingExplorer, qkvlib.ChainExplorer):
        explorer = make()
        for sentence in bad + remarkable:
            explorer.set(sentence=sentence)
        for button in explorer.buttons.values():
            button.click()
        explorer.compute = breaks
        with pytest.raises(RuntimeError, match="the fault"):
            explorer.set(row=1)
    qkvlib.ScoresExplorer(queries={"i": (np.nan, 0, 0), "私は": (np.nan, 0, 0)})
    qkvlib.WeightsExplorer(temperature=0, mask="padding")
    qkvlib.WeightsExplorer(mask="padding")
    qkvlib.WeightsExplorer(mask="causal", row=0, column=1)
    qkvlib.MixingExplorer(weights=(-1,))
    qkvlib.MixingExplorer(values={"i": (1, 2, 3), "私は": 5})
    qkvlib.MixingExplorer(values={"go": (9, 9), "行く": (9, 9)})
    for part in PARTS:
        qkvlib.ChainExplorer(part=part)
    qkvlib.ChainExplorer(sentence="zig", part="X")
    qkvlib.ChainExplorer(values={"i": (9, 9), "私は": (9, 9)}, part="V")
    qkvlib.ChainExplorer(mask="causal", part="scores", row=0, column=1)
    search = qkvlib.SearchExplorer()
    for changes in ({"query": "?"}, {"query": " "}, {"query": "x" * 201}):
        search.set(**changes)
    for button in search.buttons.values():
        button.click()
    for make in (
        *(qkvlib.RolesExplorer, qkvlib.TrainingExplorer, qkvlib.TiesExplorer),
        *(qkvlib.RelayExplorer, qkvlib.RecallExplorer),
    ):
        explorer = make()
        for button in explorer.buttons.values():
            button.click()
    qkvlib.RolesExplorer(tied="none")
    qkvlib.RecallExplorer(measured={})
    qkvlib.TrainingExplorer(seed=5).set(sentence="zig zag")
    context = qkvlib.ContextExplorer()
    for sentence in ("bank", "はし", "zig zag", "money bank river", "うどん はし 川", "その銀行へ"):
        context.set(sentence=sentence)
    for button in context.buttons.values():
        button.click()
    for lesson in QUESTIONS:
        question = qkvlib.Predict(lesson)
        qkvlib.chain(lesson)
        for _, option in question.controls["choice"].options:
            question.set(choice=option)
    for check, wrong, right in (
        (qkvlib.check_soft_lookup, test_exercises.WRONG_LOOKUP, test_exercises.one_by_one),
        (qkvlib.check_scores, test_exercises.WRONG_SCORES, test_exercises.by_loops),
        (qkvlib.check_softmax, test_exercises.WRONG_SOFTMAX, test_exercises.row_by_row),
        (qkvlib.check_attention, test_exercises.WRONG_ATTENTION, test_exercises.query_by_query),
        (qkvlib.check_rnn_step, test_exercises.WRONG_STEP, test_exercises.step_by_loops),
    ):
        for function in (
            right,
            lambda *arguments: ...,
            lambda *arguments: 0.5,
            *(function for function, _ in wrong.values()),
        ):
            check(function)
        for at in range(6):
            check(right_until(at, right))
    for sentence in (
        ...,
        *test_exercises.RIGHT_CONTEXT[language],
        *(wrong for wrong, _ in test_exercises.WRONG_CONTEXT[language]),
    ):
        qkvlib.check_context(sentence)
    for W_q, W_k, _ in test_exercises.WRONG_ROLES.values():
        qkvlib.check_roles(W_q, W_k)
    for W_q, W_k in (*test_exercises.RIGHT_ROLES.values(), (..., ...)):
        qkvlib.check_roles(W_q, W_k)


def right_until(at, right):
    """A function that is right but for its call number `at`, so that each input of a check is named once."""
    calls = iter(range(100))
    return lambda *arguments: right(*arguments) if next(calls) != at else np.full_like(right(*arguments), 9)


@pytest.fixture(scope="module", params=words.LANGUAGES)
def asked(request):
    """What was asked for while everything was shown: key -> names of the values that were handed over."""
    keys, text = {}, words.text

    def record(key, /, **values):
        keys.setdefault(key, set(values))
        assert keys[key] == set(values)
        return text(key, **values)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(words, "text", record)
        show_everything(request.param)
    words.use_language("en")
    return keys


def test_both_languages_have_the_same_keys_in_the_same_order():
    assert [*EN] == [*JA]
    assert len(EN) > 100


def test_both_languages_fill_in_the_same_values():
    assert [key for key in EN if placeholders(EN[key]) != placeholders(JA[key])] == []


def test_every_key_is_used_and_none_is_missing(asked):
    assert asked.keys() == EN.keys()


def test_every_value_that_is_handed_over_is_shown_and_no_other_is_needed(asked):
    assert asked == {key: placeholders(text) for key, text in EN.items()}


def test_every_key_that_the_source_asks_for_exists():
    found = [*asked_in_source()]
    assert len(found) > 50
    assert [place for place, key in found if not any(re.fullmatch(key, known) for known in EN)] == []


def test_japanese_is_written_in_japanese_and_english_is_not():
    assert [key for key in EN if JAPANESE.search(EN[key])] == []
    assert {key for key in JA if not JAPANESE.search(JA[key])} == SIGNS_ONLY | {"status.comma"}
    assert all(EN[key] == JA[key] for key in SIGNS_ONLY)


@pytest.mark.parametrize("name", ["fr", "", "EN", "en.toml", None, 1])
def test_an_unknown_language_is_refused_by_name_and_changes_nothing(name):
    words.use_language("ja")
    with pytest.raises(ValueError, match="must be one of 'en', 'ja'") as raised:
        words.use_language(name)
    assert repr(name) in str(raised.value)
    assert words.language() == "ja"


def test_the_language_in_use_is_the_one_that_is_shown():
    for language, table in (("ja", JA), ("en", EN)):
        words.use_language(language)
        assert words.language() == language
        assert words.text("explorer.reset") == table["explorer.reset"]
        assert qkvlib.ScoresExplorer().buttons["reset"].description == table["explorer.reset"]


def test_an_explorer_keeps_the_language_it_was_made_in():
    explorer = qkvlib.WeightsExplorer()
    before = explorer.board.scene
    words.use_language("ja")
    explorer.set(row=1)
    explorer.buttons["reset"].click()
    assert explorer.board.scene == before


def test_a_missing_key_is_an_error_that_names_it():
    with pytest.raises(KeyError, match=r"scores\.nothing"):
        words.text("scores.nothing")


def test_values_are_filled_in_as_they_are():
    assert words.text("exercise.raised", error="{d_k} {0} %s") == "Your function stopped with {d_k} {0} %s."
