"""The stored notebooks: executed, clean, in step in both languages, and true to what their code gives (with nbval)."""

import ast
import base64
import contextlib
import copy
import functools
import io
import itertools
import json
import re
import subprocess
import sys
import tomllib

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from helpers import NOTEBOOKS, ROOT, solved
from IPython.core.formatters import DisplayFormatter
from nbconvert import HTMLExporter
from PIL import Image, ImageFilter
from PIL.PngImagePlugin import PngInfo

import qkvlib
from qkvlib import words
from qkvlib.views import still
from qkvlib.views.cell import lesson_map
from qkvlib.views.look import width

FOLDER = ROOT / "notebooks"
NAMES = sorted({path.name for path in NOTEBOOKS})
RHYTHM = {
    "en": ["Goal", "Predict", "Explore", "By hand", "Why", "Your turn", "In one sentence"],
    "ja": ["目標", "予想", "動かしてみる", "1つずつ計算してみる", "なぜ", "練習問題", "ひとことで"],
}
FURTHER = {"en": "Going further", "ja": "さらに先へ"}
HOME = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]
NEIGHBOURS = {"en": ("Before: ", "Next: "), "ja": ("前：", "次：")}
OTHER = {"en": "[日本語](../ja/{})", "ja": "[English](../en/{})"}

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")


@functools.cache
def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def outputs(path):
    return [output for cell in code_cells(path) for output in cell.outputs]


def text_of(output):
    return output.get("text", "") or output.get("data", {}).get("text/plain", "")


def prose(path):
    written = "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    return re.sub(r"```.*?```", "", written, flags=re.S)


def title(path):
    """The heading of a lesson, as a link to it says it."""
    return re.match("# (.*)", prose(path))[1].replace(" · ", " ")


def is_compared(cell):
    return not {"nbval-ignore-output", "nbval-skip"} & {*cell.metadata.get("tags", [])}


# As they are stored


@each_notebook
def test_it_was_executed_in_order_and_is_stored_with_pictures_and_words_but_no_error_warning_or_widget(path):
    """Nothing is shown for its numbers alone, and at most a handful of cells is not compared."""
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(output.output_type != "error" and output.get("name") != "stderr" for output in outputs(path))
    assert "widget" not in json.dumps([output.get("data", {}) for output in outputs(path)])
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    assert read(path).metadata == {"kernelspec": kernel, "language_info": {"name": "python"}}
    shown = [cell for cell in cells if re.search(r"Explorer\(|qkvlib\.(chart|lesson_map)\(", cell.source)]
    assert any("Explorer(" in cell.source for cell in shown)
    for cell in shown:
        [output] = cell.outputs
        assert {"image/png", "text/plain"} <= output.data.keys()
        assert len(output.data["text/plain"]) > 40
    assert sum(not is_compared(cell) for cell in cells) <= 4


@each_notebook
@pytest.mark.promise("Solutions are folded in every front end")
def test_an_export_folds_the_solution_and_says_in_words_what_its_pictures_show(path):
    """By the template of nbconvert that knows of alternative texts."""
    page = BeautifulSoup(HTMLExporter(template_name="classic").from_notebook_node(read(path))[0], "html.parser")
    shown = [output.data["text/plain"] for output in outputs(path) if "image/png" in output.get("data", {})]
    assert [picture["alt"] for picture in page.find_all("img")] == shown
    folds = page.find_all("details")
    assert not [fold for fold in folds if "open" in fold.attrs]
    assert len([fold for fold in folds if fold.find("pre") and len(fold.find("pre").text) > 20]) == 1


# Prose


@each_notebook
def test_the_lesson_has_the_whole_rhythm_and_links_that_lead_to_lessons_by_their_headings(path):
    """The first cell links to the other language and both neighbours, and says what to install."""
    language = path.parent.name
    found = iter(re.findall(r"^## (.*)", prose(path), flags=re.M))
    for expected in RHYTHM[language]:
        assert any(heading.startswith(expected) for heading in found), f"{expected}… of the rhythm is not there"
    for label, target in re.findall(r"\[([^\]]*)\]\((?!https:)([^)#]+)\)", prose(path)):
        assert (path.parent / target).exists(), target
        assert (path.parent / target) not in NOTEBOOKS or label == title(path.parent / target)
    lessons = [path.parent / name for name in NAMES]
    before, after = lessons[: lessons.index(path)][-1:], lessons[lessons.index(path) + 1 :][:1]
    links = [OTHER[language].format(path.name)]
    for said, neighbours in zip(NEIGHBOURS[language], (before, after), strict=True):
        links += [f"{said}[{title(lesson)}]({lesson.name})" for lesson in neighbours]
    _, _, linked, install = read(path).cells[0].source.split("\n\n")
    assert linked == " · ".join(links)
    assert f'`%pip install "git+{HOME}"`' in install
    assert f"({HOME})" in install


LIMITS = {"en": 900, "ja": 2600}  # words, or characters without spaces: about as long
ALL_LIMITS = {"en": 1110, "ja": 3650}  # with all that can be skipped, too


def length(text, language):
    """Of what a front end shows: how many words have a letter or a digit, or how many characters there are."""
    shown = re.sub(r"<!--.*?-->|\]\([^)]*\)|</?(?:details|summary)>", "", text, flags=re.S)
    return len(re.findall(r"\S*\w\S*", shown)) if language == "en" else len(re.sub(r"\s", "", shown))


def must_be_read(path):
    """The prose of a lesson without what a class can skip: folds, and sections that go further."""
    for heading, cell, part in pieces(path):
        if cell.cell_type == "markdown" and not heading.startswith(FURTHER[path.parent.name]):
            yield cell.id, re.sub(r"<details>.*?</details>", "", part, flags=re.S)


@each_notebook
def test_a_lesson_is_short_and_says_what_is_new_and_how_long_it_takes(path):
    """By the limits of the curriculum: 900 words, 14 code cells that are read, 25 minutes; and 1,110 words in all.

    The 2,600 characters of Japanese are without the links at the top and tables.
    """
    language, told = path.parent.name, [*must_be_read(path)]
    sentences = [re.sub(r"^\|[^\n]*$", "", part, flags=re.M) for cell_id, part in told if cell_id != "title"]
    assert 300 < length("\n".join(sentences), language) <= LIMITS[language]
    assert language == "ja" or length("\n".join(part for _, part in told), language) <= LIMITS[language]
    assert length(prose(path), language) <= ALL_LIMITS[language]
    assert len([cell for cell in code_cells(path) if not cell.metadata.get("jupyter", {}).get("source_hidden")]) <= 14
    said = {"en": r"^New today: [^\n]*\.", "ja": r"^今日の新しいこと：[^\n]*。"}[language]
    minutes = {"en": r"takes\s+about ([0-9]+) minutes\.", "ja": r"およそ([0-9]+)分です。"}[language]
    goal = next(cell.source for cell in read(path).cells if cell.id == "goal")
    assert re.search(said, goal, flags=re.M)
    assert 15 <= int(re.search(minutes, goal)[1]) <= 25


@each_notebook
def test_a_lesson_asks_first_for_its_function_and_then_for_a_thought(path):
    first, then = {"en": ("**First**", "**Then think**"), "ja": ("**まず**", "**次に、考えてみましょう**")}[
        path.parent.name
    ]
    cells = {cell.id: cell.source for cell in read(path).cells}
    assert first in cells["your-turn"]
    assert cells["think"].startswith(then)
    assert "<details><summary>" in cells["think"]


WRONG_THEN_RIGHT = {
    "en": r'\*\*Wrong:\*\* "[^"\n]+[.!]"\n\n\*\*Right:\*\* \S',
    "ja": r"\*\*誤解\*\*：「[^\n]+。」\n\n\*\*正しくは\*\*：\S",
}


@each_notebook
def test_a_misunderstanding_is_quoted_and_marked_as_wrong_before_what_is_right(path):
    """At the end of each lesson; and nowhere does a sentence announce an error and go on with the truth."""
    language = path.parent.name
    last = read(path).cells[-1].source
    assert len(re.findall(rf"^{WRONG_THEN_RIGHT[language]}", last, flags=re.M)) >= 1
    without = re.sub(WRONG_THEN_RIGHT[language], "", prose(path))
    assert re.findall("(?i)misunderst|wrong:|\\*right:|誤解|正しくは", without) == []


def glossary(language):
    """The entries of the page: anchor -> word, definition. Their headings are English, in small letters: only then have
    they the same anchor on GitHub and in JupyterLab, which does not find a Japanese one."""
    text = (FOLDER / language / "glossary.md").read_text(encoding="utf-8")
    entries = re.findall("^### ([a-z -]+)\n\n([^\n]+)$", text, flags=re.M)
    assert len(entries) == text.count("###")
    if language == "en":
        return {term.replace(" ", "-"): (term, told) for term, told in entries}
    return {term.replace(" ", "-"): re.fullmatch(r"\*\*(.+?)\*\*：(.+)", told).groups() for term, told in entries}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_each_word_of_the_glossary_is_linked_where_the_lessons_use_it_first(language):
    """In the order of the lessons, once."""
    entries = glossary(language)
    told = "\n".join(
        re.sub("`[^`]*`|<!--.*?-->", "", prose(path)) for path in NOTEBOOKS if path.parent.name == language
    )
    links = re.findall(r"\[([^\]]*)\]\(glossary\.md#([^)]*)\)", told)
    assert [(anchor, label.lower()) for label, anchor in links] == [(name, term) for name, (term, _) in entries.items()]
    for term, _ in entries.values():
        first = told.lower().index(term)
        assert re.match(r"[^\[\]]*\]\(glossary", told[first:]), (
            f"{term} is used before its link: {told[first - 60 :][:120]}"
        )


def test_both_glossaries_define_the_same_words_in_a_few_sentences():
    en, ja = map(glossary, words.LANGUAGES)
    assert [*en] == [*ja]
    assert len(en) > 15
    for entries, end in ((en, r"[.:](?!\w)"), (ja, "。")):
        assert [term for term, told in entries.values() if not 1 <= len(re.findall(end, told)) <= 4] == []


# Figures in the prose: 0.61<!-- output[0, 1] --> is tied to what the comment names

FIGURE = re.compile(r"<!-- *(?P<tie>.*?) *-->|(?<![A-Za-z0-9_.])[−-]?[0-9]+(?:\.[0-9]+)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
NO_QUANTITY = re.compile(
    r"^# .*|```.*?```|`[^`]*`"  # the title, code
    r"|\[[^\]]*\]\([^)]*\.ipynb\)|(?:lessons? |レッスン)[0-9]+|(?<![0-9.])0[0-9](?![0-9.])"  # lessons
    r"|about [0-9]+ minutes|およそ[0-9]+分|section [0-9.]+|[0-9.]+節"  # how long a lesson takes, where a paper says it
    r"|\[arXiv [^\]]*\]\([^)]*\)|(?:et al\.|& [A-Z]\w+)\s+[0-9]{4}",  # papers
    flags=re.S | re.M,
)


def pieces(path):
    """Each code cell and each part of the prose, with the heading of the section that it stands in."""
    heading = ""
    for cell in read(path).cells:
        for part in re.split(r"^(?=## )", cell.source, flags=re.M) if cell.cell_type == "markdown" else [cell.source]:
            if cell.cell_type == "markdown" and part.startswith("## "):
                heading = re.match("## (.*)", part)[1].replace("*", "")
            yield heading, cell, part


@functools.cache
def spaces(path):
    """Heading -> every name as it stands at the end of this section; `_` is what was shown last."""
    found, names = {}, {"np": np, "qkvlib": qkvlib}
    with words.speaking(path.parent.name), contextlib.redirect_stdout(io.StringIO()):
        for heading, cell, part in pieces(path):
            if cell.cell_type == "code":
                shown = evaluated(part, names)
                names |= {} if shown is None else {"_": shown}
            found[heading] = dict(names)
    return found


def told(path):
    """Each paragraph and each row of a table, and the names that its figures are tied to: those of its section, or
    those of the section that a row of a table names at its end, in this lesson or in another one."""
    for heading, cell, part in pieces(path):
        if cell.cell_type == "markdown":
            for text in re.split(r"\n\n|\n(?=\|)", re.sub("```.*?```", "", part, flags=re.S)):
                row = re.search(r"\| (?:\[[^\]]*\]\(([^)]*\.ipynb)\)|\w+)(?:: |：)([^|]*) \|$", text)
                there = path.parent / row[1] if row and row[1] else path
                yield text, there, row[2] if row else heading


def size(figure):
    """The number that is written, and how far off it may be: half of its last digit; a plain whole number is exact."""
    digits, _, power = figure.replace("−", "-").partition(" × 10")
    power = 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
    n_decimals = len(digits.partition(".")[2])
    return float(digits) * power, 0.5 * power / 10**n_decimals if n_decimals or power != 1 else 0.0


def untrue(text, names):
    """What is wrong with the figures of a text: not tied, or not what they are tied to.

    A comment ties as many of the figures before it as its expression has values. What need not be tied: a whole number
    of one digit, and one in a paragraph that cites where it comes from.
    """
    loose, wrong, cites = [], [], "](https://arxiv.org" in text
    for match in FIGURE.finditer(NO_QUANTITY.sub(lambda found: " " * len(found[0]), text)):
        if not match["tie"]:
            loose.append(match[0])
            continue
        assert any(isinstance(node, ast.Name) for node in ast.walk(ast.parse(match["tie"]))), f"{match['tie']}: no name"
        values = np.ravel(eval(match["tie"], dict(names)))
        tied, loose = loose[-len(values) :], loose[: -len(values)]
        if len(tied) < len(values) or any(
            abs(value - number) > half + 1e-9 for value, (number, half) in zip(values, map(size, tied), strict=True)
        ):
            wrong.append(f"{', '.join(tied)} is {values} by {match['tie']}")
    wrong += [
        f"{figure} is not tied" for figure in loose if "." in figure or (len(figure.strip("−-")) > 1 and not cites)
    ]
    return wrong


@each_notebook
def test_every_figure_in_the_prose_is_that_of_the_quantity_it_is_tied_to(path):
    wrong = []
    with words.speaking(path.parent.name):
        for text, there, heading in told(path):
            assert heading in spaces(there), f"{there.name} has no section {heading!r}"
            wrong += [f"{fault}, in {text!r}" for fault in untrue(text, spaces(there)[heading])]
    assert wrong == []


def test_a_figure_is_true_by_its_quantity_and_not_by_its_digits():
    names = {"output": np.array([0.177, 0.613]), "weight": 0.66, "steps": 80, "left": 6.2e-12}
    true = [
        "0.61<!-- output[1] -->",
        "(0.18, 0.61)<!-- output -->",
        "2 of 80<!-- steps --> steps",
        "lesson 03",
        "`10 * x`",
    ]
    true += [
        "6 × 10⁻¹²<!-- left -->",
        "lessons 05 and 06",
        "[02 x](02_x.ipynb)",
        "some 200 (X et al. 2018, [arXiv 1.2](https://arxiv.org/1))",
    ]
    untied = [
        "0.61",
        "80 steps",
        "6 × 10⁻¹²",
        "0.61, 0.66<!-- weight -->",
        "0.2 (X et al. 2018, [arXiv 1.2](https://arxiv.org/1))",
    ]
    false = [
        "0.66<!-- output[1] -->",
        "0.610<!-- output[1] -->",
        "0.61<!-- output -->",
        "81<!-- steps -->",
        "−0.61<!-- output[1] -->",
    ]
    assert [text for text in true if untrue(text, names)] == []
    assert [text for text in untied + false if len(untrue(text, names)) != 1] == []


def paper(language):
    """The sheet of sums for lessons 02 to 04, and the names that its code leaves behind."""
    text, names = (FOLDER / language / "paper.md").read_text(encoding="utf-8"), {"worked": worked}
    with contextlib.redirect_stdout(io.StringIO()):
        evaluated(re.search("```python\n(.*?)```", text, flags=re.S)[1], names)
    return text, names


def worked(row, column):
    """What is written to multiply a row by a column: each pair of factors, then the sum."""
    return [*np.ravel([*zip(row, column, strict=True)]), row @ column]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_each_figure_on_paper_is_the_librarys_and_each_step_comes_out_with_the_numbers_that_stand_there(language):
    text, names = paper(language)
    assert untrue(text, names) == []
    sums = re.findall(r"([0-9.()×÷+−√ ]+) = (−?[0-9.]+)<!--", text)
    assert len(sums) == len(re.findall(r"[0-9)] = ", text.partition("```")[0])) > 25
    for left, right in sums:
        number, half = size(right)
        code = re.sub("√([0-9])", r"\1**0.5", left.translate(str.maketrans("×÷−", "*/-")))
        assert eval(code.strip()) == pytest.approx(number, abs=half + 1e-9), f"{left} = {right}"


def test_the_sheet_of_paper_is_the_same_in_both_languages_and_linked_with_its_lessons():
    en, ja = (paper(language)[0] for language in words.LANGUAGES)
    assert re.findall("[0-9.]*<!--.*?-->|```.*```", en, flags=re.S) == re.findall(
        "[0-9.]*<!--.*?-->|```.*```", ja, flags=re.S
    )
    for language, text in zip(words.LANGUAGES, (en, ja), strict=True):
        other, *lessons = re.findall(r"\[([^\]]*)\]\(([^)]*)\)", text)
        assert "[{}]({})".format(*other) == OTHER[language].format("paper.md")
        paths = [path for path in NOTEBOOKS if path.parent.name == language and "](paper.md)" in prose(path)]
        assert lessons == [(title(path), path.name) for path in paths]
        assert len(paths) == text.count("<details>") - 1 == 3  # answers to each, and the code


# In two languages


@pytest.mark.parametrize("name", NAMES)
def test_the_two_languages_differ_in_words_only(name):
    cells, others = (read(FOLDER / language / name).cells for language in words.LANGUAGES)
    for one, other in zip(cells, others, strict=True):
        assert (one.id, one.cell_type, one.metadata) == (other.id, other.cell_type, other.metadata)
        if one.cell_type == "code":
            assert without_words(one.source) == without_words(other.source), one.id
        else:
            assert one.source.count("\n- ") == other.source.count("\n- "), one.id
            assert re.findall(r"^#+", one.source, flags=re.M) == re.findall(r"^#+", other.source, flags=re.M), one.id


def without_words(source):
    """The code without comments, and with each string, plain or formatted, replaced by the same one."""

    class Blank(ast.NodeTransformer):
        def visit_JoinedStr(self, node):
            return ast.Constant("")

        def visit_Constant(self, node):
            return ast.Constant("") if isinstance(node.value, str) else node

    return ast.dump(Blank().visit(ast.parse(source)))


def number_ends(line):
    """Where the numbers of a printed line end, in letters, of which a Japanese one is two wide."""
    return [width(line[: found.end()]) for found in re.finditer(r"(?<![\w-])[\d.,]*\d(?![\w-])", line)]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_format_puts_below_each_other_stands_so_in_japanese_too(name):
    """Padding counts letters, and a Japanese one is two wide: what is padded is a number, or stands last."""
    for one, other in zip(*(code_cells(FOLDER / language / name) for language in words.LANGUAGES), strict=True):
        if re.search(r":[<>^]?\d+}", other.source):
            printed = ["".join(map(text_of, cell.outputs)).splitlines() for cell in (one, other)]
            for lines in zip(*map(itertools.pairwise, printed), strict=True):
                (above, below), (ja_above, ja_below) = ([*map(number_ends, pair)] for pair in lines)
                common = min(map(len, (above, below, ja_above, ja_below)))
                if above[:common] == below[:common]:
                    assert ja_above[:common] == ja_below[:common], lines


def test_a_changed_number_or_name_is_not_taken_for_words():
    assert without_words("f(a, 'x')  # one") == without_words("f(a, f'y')  # two")
    assert len({*map(without_words, ("f(a, 1)", "f(a, 2)", "f(b, 2)"))}) == 3


# Run in this process


def evaluated(source, names):
    """The last value of a code cell."""
    code = ast.parse(source)
    last = code.body.pop() if isinstance(code.body[-1], ast.Expr) else ast.parse("None").body[0]
    exec(compile(code, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def run(source, names):
    """What a code cell prints, and its last value as a notebook shows it: kind -> text."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        value = evaluated(source, names)
    shown = {} if value is None else DisplayFormatter().format(value)[0]
    return {"printed": printed.getvalue()} | {kind: shown[kind] for kind in shown if "widget" not in kind}


@pytest.fixture
def names():
    """Names as in a fresh kernel."""
    with words.speaking("en"):
        yield {}


@pytest.mark.promise("Any cell can be run again")
@pytest.mark.parametrize("name", NAMES)
def test_a_cell_gives_the_same_when_it_is_run_twice_or_after_another(name, names, monkeypatch):
    """In order, each cell twice; then backwards; then backwards with what the first cells have made anew.

    At last the exercise, solved, whatever names the lesson has made.
    """
    monkeypatch.setattr(still, "png", lambda *shown: "")
    monkeypatch.setattr(qkvlib, "recall", functools.cache(qkvlib.recall))
    first = {}
    cells = code_cells(FOLDER / "en" / name)
    twice = [cell for cell in cells for _ in range(2)]
    for cell in twice + 2 * cells[::-1]:
        if cell.id not in first or is_compared(cell):
            now = run(cell.source, names)
            assert now == first.setdefault(cell.id, now), cell.id
    assert run(solved(read(FOLDER / "en" / name)), names)["text/plain"].startswith("✓")


def test_a_cell_that_is_run_again_takes_over_what_the_reader_set(names):
    """The whole chain has the sentence and the values of the explorer above it."""
    cells = {cell.id: cell.source for cell in code_cells(FOLDER / "en" / "04_mixing_values.ipynb")}
    for cell_id in ("setup", "explorer", "whole-chain"):
        run(cells[cell_id], names)
    names["explorer"].set(sentence="the cat saw the dog", row=1, values={"cat": (0.5, -1.25)})
    shown = run(cells["whole-chain"], names)["text/plain"]
    assert len(re.findall(r"^ *saw( +[−\d.]+)+$", shown, flags=re.M)) > 3
    assert re.search(r"^ *cat +0\.50 +−1\.25$", shown, flags=re.M)


@pytest.mark.parametrize(
    ("name", "cell_id", "given", "typed", "said"),
    [
        ("06_rnn_and_attention", "measure-vanish", "(1.3, 2.0)", "(-0.5, 2.0)", "−0.5"),
        ("08_context", "measure-source", "I sit on the bank of the river", "I sit on the shore of the river", "bank"),
        ("08_context", "measure-explain", "the river by the bank is on the shore", "the river and the shore", "bank"),
    ],
)
def test_what_cannot_be_used_is_answered_and_not_replaced_by_what_can(name, cell_id, given, typed, said, names):
    cells = {cell.id: cell.source for cell in code_cells(FOLDER / "en" / f"{name}.ipynb")}
    assert given in cells[cell_id]
    run(cells["setup"], names)
    with pytest.raises(words.InputError, match=said):
        run(cells[cell_id].replace(given, typed), names)


@pytest.mark.promise("*Run → Run All Cells* solves nothing")
@pytest.mark.promise("Solutions are folded in every front end")
@each_notebook
def test_the_stub_says_not_yet_and_the_folded_solution_is_right(path, names):
    """A fold of Markdown is one in every front end, and on paper."""
    setup, *_, exercise = [cell for cell in code_cells(path) if cell.id in ("setup", "exercise")]
    assert exercise.outputs[0].data["text/plain"].startswith("…")
    run(setup.source, names)
    code = solved(read(path))
    assert max(map(len, code.splitlines())) <= 80
    assert run(code, names)["text/plain"].startswith("✓")


@each_notebook
def test_what_is_stored_as_shown_is_what_todays_code_shows(path, names):
    aside = []  # cells that only print are run where a later one needs their names
    for cell in code_cells(path):
        stored = next((output.data for output in cell.outputs if "data" in output), {})
        if not stored and cell.id != "setup":
            aside.append(cell)
        elif is_compared(cell):
            try:
                now = run(cell.source, names)
            except NameError:
                for earlier in aside:
                    run(earlier.source, names)
                now = run(cell.source, names)
            stale = f"{cell.id} is stored otherwise: run notebooks/execute.py {path.relative_to(ROOT)}"
            assert now.get("text/plain") == stored.get("text/plain"), stale
            assert now.keys() - {"printed"} == stored.keys(), stale
            assert "image/png" not in stored or same_picture(now["image/png"], stored["image/png"]), stale


def same_picture(one, other):
    """The same pixels but for rounding; from afar the same, where the PNGs tell that different versions drew them."""
    images = [Image.open(io.BytesIO(base64.b64decode(png))) for png in (one, other)]
    by_one_version = images[0].info == images[1].info
    if not np.allclose(images[0].size, images[1].size, rtol=0 if by_one_version else 0.05):
        return False
    if not by_one_version:
        images = [image.resize((20, 10), Image.Resampling.BOX) for image in images]
    pixels = [np.asarray(image.convert("RGB"), dtype=int) for image in images]
    differences = np.abs(pixels[0] - pixels[1]).max(axis=2)
    return np.mean(differences > 16) < 1e-4 if by_one_version else differences.max() < 50


def test_a_changed_word_or_colour_is_another_picture_but_a_blur_by_another_version_is_not():
    picture = lesson_map("scores").picture
    drawn, colour = still.png([picture]), still.png([picture | {"lit": ["weights"]}])
    file, told = io.BytesIO(), PngInfo()
    told.add_text("Software", "another version")
    blurred = Image.open(io.BytesIO(base64.b64decode(drawn))).filter(ImageFilter.BoxBlur(1))
    blurred.save(file, "png", pnginfo=told)
    by_another_version = base64.b64encode(file.getvalue())
    assert same_picture(drawn, still.png([picture]))
    assert not same_picture(drawn, still.png([picture | {"labels": picture["labels"] | {"scores": "sums"}}]))
    assert not same_picture(drawn, colour)
    assert same_picture(drawn, by_another_version)
    assert not same_picture(colour, by_another_version)


# With nbval


def test_nbval_finds_one_changed_digit(tmp_path):
    """In what was printed, and in the words beside a picture."""
    notebook = copy.deepcopy(read(FOLDER / "en" / "03_weights.ipynb"))
    notebook.cells = [cell for cell in notebook.cells if cell.id in ("setup", "show-one-row", "measure-saturation")]
    _, printed, chart = notebook.cells
    printed.outputs[0].text = printed.outputs[0].text.replace("0.66", "0.67", 1)
    chart.outputs[0].data["text/plain"] = chart.outputs[0].data["text/plain"].replace("0.197", "0.198")
    nbformat.write(notebook, tmp_path / "changed.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
    told = subprocess.run([*command, tmp_path], capture_output=True, text=True, cwd=tmp_path).stdout
    assert "2 failed, 1 passed" in told, told
