"""The stored notebooks: executed, clean, in step in both languages, and true to what their code gives (with nbval)."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
PATHS = sorted(NOTEBOOKS.glob("*/[0-9]*.ipynb"))
NAMES = sorted({path.name for path in PATHS})
RHYTHM = {
    "en": ["Goal", "Predict", "By hand", "Explore", "Why", "Your turn", "In one sentence"],
    "ja": ["目標", "予想", "手で計算", "動かしてみる", "な", "あなたの番", "ひとことで"],
}

each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}-{path.stem}")


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def outputs(path):
    return [output for cell in code_cells(path) for output in cell.outputs]


def prose(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def test_both_languages_have_the_same_lessons():
    assert PATHS
    expected = [NOTEBOOKS / language / name for language in ("en", "ja") for name in NAMES]
    assert expected == PATHS


@each_notebook
def test_every_code_cell_was_executed_in_order(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_notebook
def test_no_error_warning_or_widget_is_stored(path):
    assert all(output.output_type != "error" for output in outputs(path))
    assert all(output.get("name") != "stderr" for output in outputs(path))
    assert "widget" not in json.dumps([output.get("data", {}) for output in outputs(path)])
    assert read(path).metadata == {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


@each_notebook
def test_explorers_and_charts_are_stored_as_picture_and_numbers(path):
    shown = [
        cell for cell in code_cells(path) if re.search(r"Explorer\((?!.*\)\.result)|qkvlib\.cha(rt|in)\(", cell.source)
    ]
    assert any("Explorer(" in cell.source for cell in shown)
    for cell in shown:
        [output] = cell.outputs
        assert {"image/png", "text/plain"} <= output.data.keys()
        assert len(output.data["text/plain"]) > 40


@each_notebook
def test_at_most_a_handful_of_cells_is_not_compared(path):
    ignored = [
        cell for cell in code_cells(path) if {"nbval-ignore-output", "nbval-skip"} & {*cell.metadata.get("tags", [])}
    ]
    assert len(ignored) <= 4


@each_notebook
def test_the_stub_says_not_yet_and_the_solution_is_right(path):
    cells = {cell.id: cell for cell in code_cells(path)}
    assert cells["exercise"].outputs[0].data["text/plain"].startswith("…")
    assert cells["show-solution"].outputs[0].data["text/plain"].startswith("✓")
    assert cells["show-solution"].metadata["jupyter"]["source_hidden"]


@each_notebook
def test_the_lesson_has_the_whole_rhythm(path):
    headings = iter(re.findall(r"^## (.*)", prose(path), flags=re.M))
    for expected in RHYTHM[path.parent.name]:
        assert any(heading.startswith(expected) for heading in headings), expected


@each_notebook
def test_every_decimal_in_the_prose_stands_in_an_output(path):
    """In a row of a table that links to another lesson, the number stands in an output of that lesson."""
    settings = {"0.1"}  # the end of the temperature slider
    for line in re.sub(r"\]\(http\S+\)|arXiv [\d.]+", "", prose(path)).splitlines():
        lesson = re.search(r"\]\(([^)]+\.ipynb)\)", line) if line.startswith("|") else None
        given = "\n".join(
            output.get("text", "") or output.get("data", {}).get("text/plain", "")
            for output in outputs(path.parent / lesson[1] if lesson else path)
        )
        for number in set(re.findall(r"(?<![\w.])\d+\.\d+", line)) - settings:
            assert re.search(rf"(?<!\d){re.escape(number.rstrip('0'))}0*(?!\d)", given), number


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_closing_table_names_the_heading_under_which_each_number_stands(language):
    path = NOTEBOOKS / language / "07_context.ipynb"
    [table] = [cell.source for cell in read(path).cells if cell.id == "closing"]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 10
    for _, measured, where in rows:
        lesson = re.match(r"\[.*\]\((.*\.ipynb)\)", where)
        given = under_heading(path.parent / lesson[1] if lesson else path, re.split(r"(?:: |：)", where, maxsplit=1)[1])
        for number in re.findall(r"(?<![\w.])(?:\d+\.\d+|\d\d+)", measured):
            ending = "0*" if "." in number else r"(?!\.\d)"
            shown = number.rstrip("0") if "." in number else number
            assert re.search(rf"(?<![\d.]){re.escape(shown)}{ending}(?!\d)", given), (where, number)


def under_heading(path, heading):
    """The text of all outputs between this heading and the next one."""
    given, headings = {}, [""]
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            headings += re.findall(r"^## (.*)", cell.source.replace("*", ""), flags=re.M)
        for output in cell.get("outputs", []):
            text = output.get("text", "") or output.get("data", {}).get("text/plain", "")
            given[headings[-1]] = given.get(headings[-1], "") + text
    return given[heading]


@each_notebook
def test_links_lead_to_files(path):
    for target in re.findall(r"\]\((?!https:)([^)#]+)\)", prose(path)):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("name", NAMES)
def test_the_two_languages_differ_in_words_only(name):
    english, japanese = (read(NOTEBOOKS / language / name).cells for language in ("en", "ja"))
    assert [(cell.id, cell.cell_type, cell.metadata) for cell in english] == [
        (cell.id, cell.cell_type, cell.metadata) for cell in japanese
    ]
    for one, other in zip(english, japanese, strict=True):
        if one.cell_type == "code":
            assert without_words(one.source) == without_words(other.source), one.id
        else:
            assert one.source.count("\n- ") == other.source.count("\n- "), one.id
            assert re.findall(r"^#+", one.source, flags=re.M) == re.findall(r"^#+", other.source, flags=re.M), one.id


def test_a_changed_number_or_name_is_not_taken_for_words():
    assert without_words("f(a, 'x')  # one") == without_words("f(a, 'y')  # two")
    assert without_words("f(a, 1)") != without_words("f(a, 2)")
    assert without_words("f(a)") != without_words("f(b)")


@pytest.mark.parametrize("wrong", ["text/plain", "stream"])
def test_nbval_finds_one_changed_digit(wrong, tmp_path):
    notebook = read(NOTEBOOKS / "en" / "03_weights.ipynb")
    notebook.cells = [cell for cell in notebook.cells if cell.id in ("setup", "explorer", "show-one-row")]
    for output in (output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs):
        if wrong == "stream" and output.output_type == "stream":
            output.text = output.text.replace("0.66", "0.67", 1)
        elif wrong in output.get("data", {}):
            output.data[wrong] = output.data[wrong].replace("2.36", "2.37", 1)
    nbformat.write(notebook, tmp_path / "changed.ipynb")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        "-q",
        "-p",
        "no:cacheprovider",
        tmp_path,
    ]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert "1 failed, 2 passed" in run.stdout, run.stdout


def without_words(source):
    """The code without comments, and with each string, plain or formatted, replaced by the same one."""

    class Blank(ast.NodeTransformer):
        def visit_JoinedStr(self, node):
            return ast.Constant("")

        def visit_Constant(self, node):
            return ast.Constant("") if isinstance(node.value, str) else node

    return ast.dump(Blank().visit(ast.parse(source)))
