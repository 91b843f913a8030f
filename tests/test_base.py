"""What all explorers do alike: page and code get one answer, a move is one message, and nothing is half changed."""

import copy
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import SimpleNamespace

import ipywidgets
import numpy as np
import pytest
from helpers import (
    SENTENCE,
    ask,
    choice,
    each_explorer,
    each_with_a_sentence,
    limits,
    move_control,
    n_widgets,
    panels,
    pictures,
    random_moves,
    same,
    scenes,
    stands,
    values,
)
from IPython.core.formatters import DisplayFormatter
from ipywidgets.widgets import widget

import qkvlib
from qkvlib import MixingExplorer, ScoresExplorer, WeightsExplorer, words
from qkvlib.explorers.base import VIEW, SentenceExplorer, read, remarks
from qkvlib.views.look import plain
from qkvlib.words import InputError

HOSTILE = [None, "", "x", "\u200b", "9" * 5000, b"x", np.nan, np.inf, -1, 0, 1.5, 2, 10, 1e10, 10**400, 1j, True]
HOSTILE += [np.float32(0.5), np.int64(1), np.bool_(True), np.ones(1), np.ones((2, 2)), object(), int, [], {}, {"x"}]
HOSTILE += [{"go": 1}, {"go": (1, "x", 2)}, {"go": (0.5, 5)}, {"go": (0.5,) * 3}, {1: (1, 2)}, (1, "x"), (["a"], 0, 0)]
HOSTILE += [("W_q", 1, 0), ("W_q", -1, 0), ("W_q", slice(None), 0), ("W_q", 1.5, 0), {("W_q", 1, 0): 9}, [1, 2, 3, 4]]


def shows_its_state(explorer, done=""):
    """Each control shows the field of its name, as far as nothing is wrong with it, within its limits."""
    state, result = explorer.state, explorer.result
    assert explorer.messages == explorer.board.scene["messages"]
    for name in explorer.controls.keys() - explorer.messages.keys():
        control, expected = explorer.controls[name], getattr(state, name, None)
        if hasattr(control, "min"):
            low, high = limits(control)
            assert low <= control.value <= high, (name, done)
        if name == "sentence" and isinstance(explorer, SentenceExplorer) and result.sentence.was_cut:
            expected = " ".join(result.sentence.tokens)
        if isinstance(getattr(result, name, None), int):  # an index that is there, a step that was trained
            expected = getattr(result, name)
        assert not hasattr(state, name) or control.value == expected, (name, done)


def is_as_made_afresh(explorer, done=""):
    """A new explorer of the same state shows the same."""
    fresh = type(explorer)(**{field.name: getattr(explorer.state, field.name) for field in fields(explorer.state)})
    assert fresh.state == explorer.state, done
    assert fresh.board.scene | {"messages": explorer.messages} == explorer.board.scene, done
    wrong = {name: values(explorer)[name] for name in explorer.messages.keys() & explorer.controls.keys()}
    assert values(fresh) | wrong == values(explorer), done
    fresh.close()


# Every explorer


@each_explorer
def test_whatever_is_moved_page_state_and_controls_agree(make, language):
    explorer, rng = make(), np.random.default_rng([*map(ord, make.name + language)])
    got = scenes(explorer)
    for count, done in enumerate(random_moves(explorer, rng, 30)):
        assert len(got) <= 1, done
        got.clear()
        shows_its_state(explorer, done)
        if count % 5 == 0:
            is_as_made_afresh(explorer, done)


def answer(call, **changes):
    """None where they can be used, else the error."""
    try:
        call(**changes)
    except (TypeError, ValueError) as error:
        return error


def is_told(error, field):
    """In the reader's words, whatever the language; where only code can err, by the name of what is wrong."""
    if not isinstance(error, InputError):
        assert re.search(rf"\b{field}\b", str(error)), (field, error)
        return
    with words.speaking("ja"):
        in_japanese = str(InputError(error.control, error.reason, **error.details))
    assert str(error) != in_japanese
    assert max(len(str(error)), len(in_japanese)) < 250


@pytest.mark.promise("What cannot be used is told")
@each_explorer
def test_whatever_a_field_is_set_to_all_ways_get_the_same_answer(make):
    """And what cannot be used changes nothing and leaves no widget behind."""
    explorer = make()
    assert getattr(qkvlib, make.__name__, "not in qkvlib/__init__.py") is make
    for call in (explorer.set, make, make.result_of):
        with pytest.raises(TypeError, match=f"colour: not part of the state, which has {fields(make.State)[0].name}"):
            call(colour="red")
    for field in fields(make.State):
        assert "rule" in field.metadata, f"{field.name}: say by one of fields.py what it may be"
        for value in HOSTILE:
            changes, n, before = {field.name: value}, n_widgets(), stands(explorer)
            error = answer(explorer.set, **changes)
            if error is None:
                shows_its_state(explorer, changes)
                is_as_made_afresh(explorer, changes)
                explorer.preset("reset")
            else:
                is_told(error, field.name)
                assert same(before, stands(explorer)), changes
                assert repr(answer(make, **changes)) == repr(error)
            assert repr(answer(make.result_of, **changes)) == repr(error)
            assert n_widgets() == n, changes


def test_a_cell_that_is_run_again_closes_what_it_has_made_but_not_its_twin_in_the_other_language(monkeypatch):
    def run(language, message):
        request = {"metadata": {"cellId": "explorer"}, "header": {"msg_id": message}}
        shell = SimpleNamespace(get_parent=lambda: request)
        monkeypatch.setattr("qkvlib.explorers.base.get_ipython", lambda: shell)
        with words.speaking(language):
            made.append(qkvlib.WeightsExplorer())

    made = []
    for language, message in (("en", 1), ("en", 1), ("ja", 2), ("en", 3)):
        run(language, message)
    assert [explorer.comm is None for explorer in made] == [True, True, False, False]


@each_explorer
def test_a_number_typed_beside_a_slider_is_taken_exactly_or_answered(make):
    explorer, rng = make(), np.random.default_rng(1)
    for name, slider in explorer.controls.items():
        if not hasattr(slider, "min"):
            continue
        low, high = limits(slider)
        whole = isinstance(slider, ipywidgets.IntSlider)
        some = range(slider.min, slider.max + 1, slider.step) if whole else rng.uniform(low, high, 9).round(3)
        good = [low, high, *rng.choice(some, 3).tolist()]
        bad = ["", "abc", "nan", f"{low - 1}", "2.5" if whole else f"{high * 1.01}"]
        for number, wrong in zip(good, bad, strict=True):
            ask(explorer, control=name, typed=f"{number}".replace("-", "−"))
            assert (explorer.messages, slider.value) == ({}, number), name
            shows_its_state(explorer, name)
            before = stands(explorer)
            ask(explorer, control=name, typed=wrong)
            assert list(explorer.messages) == [name]
            assert explorer.messages[name].endswith(words.text("error.stays"))
            assert (explorer.state, explorer.result, values(explorer)) == (*before[:2], before[-1])
            assert pictures(explorer) is before[2]["pictures"]
        explorer.buttons["reset"].click()


@each_explorer
def test_what_is_not_there_cannot_be_chosen(make):
    """As where the sentence has become shorter since the page was drawn."""
    explorer, rng = make(), np.random.default_rng(2)
    before = stands(explorer)
    for name, picture in pictures(explorer).items():
        there = choice(picture, rng) if picture["asks"] else {"row": 0, "column": 0, "at": 0}
        for index in (-1, 9999) if picture["asks"] else (0,):
            away = {key: [index, *value[1:]] if isinstance(value, list) else index for key, value in there.items()}
            ask(explorer, picture=name, changes=away)
    ask(explorer, picture="nothing", changes={"row": 0})
    ask(explorer, control="nothing", typed="1")
    assert same(before, stands(explorer))


@pytest.mark.promise("The buttons above each explorer lead")
@each_explorer
def test_presets_differ_and_lead_to_the_same_from_anywhere(make, language):
    explorer, rng = make(), np.random.default_rng(3)
    first, reached = stands(explorer), []
    assert {button.description for button in explorer.buttons.values()} == {
        *(text for key, text in words.table(language).items() if key.startswith(f"{make.name}.preset.")),
        words.text("explorer.reset"),
    }
    for name in explorer.buttons:
        fresh = make()
        fresh.buttons[name].click()
        for _ in random_moves(explorer, rng, 4):
            pass
        explorer.buttons[name].click()
        assert (explorer.board.scene, values(explorer)) == (fresh.board.scene, values(fresh)), name
        assert explorer.messages == {}
        if name != "reset":  # one may be what the lesson starts from
            assert all(explorer.state != state and pictures(explorer) != drawn for state, drawn in reached), name
            reached.append((explorer.state, pictures(explorer)))
    assert (explorer.state, explorer.board.scene, values(explorer)) == (first[0], first[2], first[-1])


@each_explorer
def test_the_result_of_a_state_needs_no_panel(make):
    for changes in ({}, *make.presets().values()):
        changes, n = changes() if callable(changes) else changes, n_widgets()
        result = make.result_of(**changes)
        assert n_widgets() == n
        assert make.pictures(make.State(**changes), result) == pictures(make(**changes))


def spoil(thing):
    """Change all that can be changed in it."""
    match thing:
        case np.ndarray() if thing.flags.writeable:
            thing[...] = 7
        case Mapping():
            for part in thing.values():
                spoil(part)
            getattr(thing, "clear", int)()
        case list() | tuple():
            for part in thing:
                spoil(part)
            getattr(thing, "clear", int)()
        case _ if is_dataclass(thing):
            for field in fields(thing):
                spoil(getattr(thing, field.name))


@each_explorer
def test_whoever_spoils_one_explorer_spoils_no_other(make):
    shown = {}
    for spoilt in (False, True):
        explorer = make()
        for name, button in explorer.buttons.items():
            button.click()
            assert shown.setdefault(name, copy.deepcopy(pictures(explorer))) == pictures(explorer)
            spoilt or [*map(spoil, (explorer.state, explorer.result, explorer.board.scene))]


@each_explorer
def test_nothing_is_left_of_a_closed_explorer(make):
    n, explorer = n_widgets(), make()
    assert n_widgets() > n
    for _ in random_moves(explorer, np.random.default_rng(4), 5):
        pass
    explorer.close()
    explorer.close()
    assert n_widgets() == n


def test_nothing_in_a_panel_is_drawn_as_html():
    made = [*panels()]
    assert len(widget._instances) > 20 * len(made)
    for one in widget._instances.values():
        assert not isinstance(one, ipywidgets.HTML | ipywidgets.HTMLMath | ipywidgets.Output)
        assert not getattr(one, "description_allow_html", False)


# One of them


def breaks(*arguments):
    raise RuntimeError("the fault")


@pytest.mark.parametrize("part", ["compute", "pictures", "status"])
def test_a_fault_of_ours_is_shown_and_raised_and_gone_when_it_works_again(part, language, monkeypatch):
    explorer = WeightsExplorer()
    explorer.controls["sentence"].value = ""
    [told] = explorer.messages.values()
    before = stands(explorer)
    with monkeypatch.context() as broken:
        broken.setattr(explorer, part, breaks)
        with pytest.raises(RuntimeError, match="the fault"):
            explorer.controls["scale"].value = False
    fault = words.text("error.fault", error=repr(RuntimeError("the fault")))
    assert explorer.messages == explorer.board.scene["messages"] == {"sentence": told, "": fault}
    assert (explorer.state, explorer.result) == before[:2]
    assert pictures(explorer) is before[2]["pictures"]
    explorer.controls["padding"].value = 1
    assert explorer.messages == {"sentence": told}
    shows_its_state(explorer)


def test_two_controls_can_be_wrong_at_once_and_are_mended_one_by_one():
    explorer = WeightsExplorer()
    explorer.controls["sentence"].value = ""
    ask(explorer, control="temperature", typed="warm")
    assert explorer.messages.keys() == {"sentence", "temperature"}
    ask(explorer, control="temperature", typed="1")  # as it was all the time
    assert explorer.messages.keys() == {"sentence"}
    explorer.set(sentence="you")
    assert explorer.messages == {}
    assert explorer.controls["sentence"].value == "you"


def test_one_set_is_one_message_and_what_cannot_be_used_of_it_stops_all():
    explorer = ScoresExplorer()
    got, before = scenes(explorer), stands(explorer)
    with pytest.raises(InputError, match="5 can't be used: it must be from −3 to 3"):
        explorer.set(sentence="you walk", queries={"you": (1, 5, 1)})
    assert same(before, stands(explorer))
    explorer.set(sentence="you walk", row=1, scale=False, queries={"you": (1, 2, 3)})
    assert len(got) == 1
    assert explorer.result.Q[0].tolist() == [1, 2, 3]
    explorer.controls["q0"].value += 1e-10  # so far the page may round
    assert len(got) == 1


def test_an_explorer_keeps_the_language_it_was_made_in():
    explorer = WeightsExplorer()
    before = explorer.board.scene
    with words.speaking("ja"):
        explorer.set(row=1)
        explorer.buttons["reset"].click()
        assert explorer.board.scene == before
        with pytest.raises(InputError, match="Type at least one word"):
            explorer.set(sentence="")
        with pytest.raises(InputError, match="単語を1つ以上入力してください。"):
            WeightsExplorer.result_of(sentence="")


def test_a_stored_panel_has_the_widget_a_picture_and_all_its_words(language):
    explorer = WeightsExplorer(sentence="I zig", row=1)
    bundle, metadata = DisplayFormatter().format(explorer)  # IPython's way, also with ipywidgets 7
    assert bundle[VIEW]["model_id"] == explorer.model_id
    assert bundle["image/png"].startswith("iVBORw0KGgo")
    told = [words.text("status.unknown", tokens="zig"), *map(plain, pictures(explorer).values())]
    assert bundle["text/plain"] == metadata["image/png"]["alt"] == "\n\n".join(told)


def test_colab_is_told_where_its_widget_manager_is(monkeypatch):
    output = SimpleNamespace(enable_custom_widget_manager=lambda: None, _widgets=SimpleNamespace(_installed_url="here"))
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    _, metadata = WeightsExplorer()._repr_mimebundle_()
    assert metadata[VIEW]["colab"]["custom_widget_manager"]["url"] == "here"
    assert hasattr(ipywidgets.DOMWidget, "_ipython_display_") <= (WeightsExplorer._ipython_display_ is None)


def test_the_library_needs_no_server():
    """Nor what Pyodide cannot have: tornado and pyzmq."""
    code = "import sys\nsys.modules |= dict.fromkeys(['jupyterlab', 'jupyter_server', 'notebook', 'tornado', 'zmq'])\n"
    code += "import qkvlib\nprint(*qkvlib.WeightsExplorer()._repr_mimebundle_()[0])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.split() == [VIEW, "image/png", "text/plain"], run.stderr


# Explorers of a sentence


@pytest.mark.promise("What cannot be used is told")
@each_with_a_sentence
def test_a_sentence_that_cannot_be_used_is_told_and_all_else_goes_on(make, language):
    explorer, rng = make(), np.random.default_rng(5)
    before, told = stands(explorer), {"sentence": f"{words.text('error.empty')} {words.text('error.stays')}"}
    explorer.controls["sentence"].value = ""
    assert explorer.messages == told
    assert (explorer.state, explorer.result) == before[:2]
    assert pictures(explorer) is before[2]["pictures"]
    while explorer.state == before[0]:
        move_control(explorer, rng, but=("sentence", "from_qk"))
        assert explorer.messages == told
    assert (explorer.state.sentence, explorer.controls["sentence"].value) == (before[0].sentence, "")
    explorer.controls["sentence"].value = before[-1]["sentence"]
    assert explorer.messages == {}
    explorer.controls["sentence"].value = "x" * 3000
    explorer.buttons["reset"].click()
    assert (explorer.messages, values(explorer)) == ({}, before[-1])


@pytest.mark.parametrize(
    ("sentence", "reason", "details"),
    [
        ("\u200b\u2060 ・", "empty", {}),
        ("go " * 65, "too_many", {"count": 65, "limit": 64}),
        ("学校" * 5_000, "too_long", {"length": 10_000, "limit": 2112}),
        ("I " + "walk" * 9, "long_word", {"word": "walkwalk…", "limit": 32}),
    ],
)
def test_the_last_of_several_bad_sentences_is_told(sentence, reason, details, language):
    explorer = MixingExplorer()
    explorer.controls["sentence"].value = ""
    explorer.controls["sentence"].value = sentence
    told = f"{words.text(f'error.{reason}', **details)} {words.text('error.stays')}"
    assert explorer.messages == explorer.board.scene["messages"] == {"sentence": told}
    assert explorer.controls["sentence"].value == sentence


def test_a_sentence_that_was_cut_is_shown_cut_until_its_spaces_are_moved():
    explorer = ScoresExplorer()
    explorer.controls["sentence"].value = "私は学校へ行く"
    assert explorer.controls["sentence"].value == "私 は 学校 へ 行く"
    assert words.text("status.cut") in explorer.board.scene["status"]
    explorer.controls["sentence"].value = "私は 学校 へ 行く"
    assert explorer.board.scene["status"] == ""


def test_the_remarks_name_unknown_words_six_at_most(language):
    comma = words.text("status.comma")
    assert remarks(read("I zig zag zig")) == words.text("status.unknown", tokens=f"zig{comma}zag")
    assert comma.join(f"a{i}" for i in range(1, 7)) + "…" in remarks(read("a1 a2 a3 a4 a5 a6 a7"))
    assert remarks(read(SENTENCE[language])) == ""


@each_explorer
def test_what_comes_of_each_preset_is_one_short_sentence_of_numbers_that_are_shown(make, language):
    explorer = make()
    for button in explorer.buttons.values():
        button.click()
        said = explorer.board.scene["said"]
        assert 5 < len(said) < 160
        assert "\n" not in said
        shown = "\n".join(plain(picture) for picture in pictures(explorer).values())
        assert {*re.findall(r"[−\d.]*\d", said)} <= {*re.findall(r"[−\d.]*\d", shown)}
