"""The words of both languages: in step, all of them used, and none missing."""

import ast
import re
import string
from collections import defaultdict
from pathlib import Path

import nbformat
import pytest
from helpers import LESSONS, ROOT
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import qkvlib
from qkvlib import words

TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in Path(qkvlib.__file__).parent.rglob("*.py")}
NODES = [(path, node) for path, tree in TREES.items() for node in ast.walk(tree)]
STRINGS = {node.value for _, node in NODES if isinstance(node, ast.Constant) and isinstance(node.value, str)}
NAMES = {name for text in (*STRINGS, *(path.stem for path in TREES)) for name in (text, text.lower())}
EN, JA = (words.table(language) for language in words.LANGUAGES)
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿々]")


def pattern(path, key):
    """The keys that a string or an f-string stands for, as a regular expression."""
    if isinstance(key, ast.Constant):
        return re.escape(key.value)
    parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"(\w+)" for part in key.values]
    if path.stem == "predict":  # its name is that of a lesson
        parts[0] = parts[0].replace(r"(\w+)", r"predict\.(\w+)")
    return "".join(parts)


def fitting(keys):
    """The keys that are of this form, with gaps filled by what stands somewhere in the source."""
    return [key for key in EN if (match := re.fullmatch(keys, key)) and {*match.groups()} <= NAMES]


def calls(*functions, among="", but=""):
    """The calls of some functions, with the names of what they are given; None stands for what ** holds."""
    for path, node in NODES:
        there = among in path.parts if among else but not in path.parts
        if there and isinstance(node, ast.Call) and ast.unparse(node.func) in functions and node.args:
            yield path, node, {keyword.arg for keyword in node.keywords}


def asked():
    """What the source asks for: where, keys as a regular expression, and what fills them."""
    for path, node, names in calls("words.text"):
        key = node.args[0]
        for option in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
            if isinstance(option, ast.Constant | ast.JoinedStr):
                yield f"{path.name}:{node.lineno}", pattern(path, option), names
    errors = ((r"error\.", 1, call) for call in calls("InputError", "refused", but="exercises"))
    hints = ((r"exercise\.hint\.", 0, call) for call in calls("refused", "advice", among="exercises"))
    for section, at, (path, node, names) in (*errors, *hints):
        if isinstance(node.args[at], ast.Constant):
            value = {"value"} if len(node.args) > 2 else set()
            yield f"{path.name}:{node.lineno}", section + node.args[at].value, names | value


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys_in_the_same_order_with_the_same_gaps():
    assert [*EN] == [*JA]
    assert len(EN) > 100
    assert [key for key in EN if placeholders(EN[key]) != placeholders(JA[key])] == []


def test_every_key_that_the_source_asks_for_exists_and_is_filled_and_every_key_is_used():
    found = [*asked()]
    assert len(found) > 150
    for place, keys, names in found:
        known = fitting(keys)
        assert known, f"{place}: there is no {keys}"
        if r"(\w+)" not in keys and None not in names:
            assert placeholders(EN[known[0]]) == names, place
    built = {pattern(path, node) for path, node in NODES if isinstance(node, ast.JoinedStr)}
    built = {keys for keys in built if re.match(r"(\(\\w\+\)|\w+)\\\.", keys)} - {r"(\w+)\.(\w+)"}
    used = STRINGS.union(*(fitting(keys) for keys in built | {keys for _, keys, _ in found}))
    assert [key for key in EN if key not in used] == []


def test_a_section_has_the_name_of_the_one_file_that_asks_for_it():
    files, sections = defaultdict(set), {key.partition(".")[0] for key in EN}
    for path, node in NODES:
        literal = node.values[0] if isinstance(node, ast.JoinedStr) else node
        if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
            section, dot, _ = literal.value.partition(".")
            if dot and section in sections:
                files[section].add(path)
    own = {section: path.stem for section, [path, *others] in files.items() if not others}
    assert {section for section, name in own.items() if name not in (section, "base", "board")} == set()
    assert {key.split(".")[1] for key in EN if re.match(r"predict\.\w+\.", key)} == {*LESSONS}


def test_japanese_is_written_in_japanese_and_english_is_not():
    assert [key for key in EN if JAPANESE.search(EN[key])] == []
    signs = [key for key in JA if not JAPANESE.search(JA[key])]  # mathematics, code
    words_of = {key: re.sub(r"\{.*?\}|\bcos\b", "", JA[key]) for key in signs if not key.startswith("exercise.gaps.")}
    assert [key for key in words_of if re.search(r"[a-z]{3}", words_of[key])] == []
    assert [key for key in signs if EN[key] != JA[key]] == ["status.comma"]


def unwanted(language):
    """What is not to be used in a language, as regular expressions: the first column of a table in CONTRIBUTING.md."""
    name = {"en": "English", "ja": "Japanese"}[language]
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(f"| {name}, not | but |\n|---|---|\n")[2]
    return re.findall(r"^\| `(.+?)` \|", table.partition("\n\n")[0], flags=re.M)


def written(language):
    """Every text that a reader of a language sees, by where it stands."""
    yield "README", (ROOT / {"en": "README.md", "ja": "README.ja.md"}[language]).read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks" / language).glob("*")):
        if path.suffix == ".md":
            yield path.name, path.read_text(encoding="utf-8")
        elif path.suffix == ".ipynb":
            yield from ((f"{path.stem}, {cell.id}", cell.source) for cell in nbformat.read(path, as_version=4).cells)
    yield from words.table(language).items()


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_no_word_is_used_that_contributing_lists_as_not_to_be_used(language):
    patterns = unwanted(language)
    assert len(patterns) >= 10
    found = [
        (place, match[0]) for place, text in written(language) for word in patterns for match in re.finditer(word, text)
    ]
    assert found == []


def test_no_figure_is_written_into_the_words():
    """Each is computed, and fills a gap."""
    written = [(key, table[key]) for table in (EN, JA) for key in table if re.search(r"[0-9]\.[0-9]", table[key])]
    assert written == [], "make each figure a gap, {like_this}, that the code fills"


@pytest.mark.parametrize("name", ["fr", "", "EN", "en.toml", None, 1])
def test_an_unknown_language_is_refused_by_name_and_changes_nothing(name, language):
    with pytest.raises(ValueError, match=f"name is {name!r}; it must be one of 'en', 'ja'"):
        words.use_language(name)
    assert words.language() == language
    assert words.text("explorer.reset") == {"en": EN, "ja": JA}[language]["explorer.reset"]
    assert qkvlib.ScoresExplorer().buttons["reset"].description == words.text("explorer.reset")


def test_a_missing_key_is_an_error_that_names_it_and_values_are_filled_in_as_they_are():
    with pytest.raises(KeyError, match=r"scores\.nothing"):
        words.text("scores.nothing")
    assert words.text("exercise.raised", error="{d_k} {0} %s") == "Your function stopped with {d_k} {0} %s."


def test_what_the_reader_entered_is_answered_in_a_notebook_by_words_alone(language, monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    shell, shown = InteractiveShell(config=Config(HistoryManager={"enabled": False})), []
    monkeypatch.setattr(shell, "_showtraceback", lambda kind, error, lines: shown.append(lines))
    run = shell.run_cell("import qkvlib\nqkvlib.ContextExplorer(sentence='I go to school')")
    assert isinstance(run.error_in_exec, words.InputError)
    assert shown == [[words.text("error.no_two_senses", words=words.text("context.ambiguous"))]]
