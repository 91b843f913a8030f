"""What README.md promises a class: each sentence of it is held by tests that are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CLAIMS = {  # how a promise begins -> the tests that would fail if it were untrue
    "*Run → Run All Cells* gives nothing away": [
        "test_predict.py::test_a_prediction_gives_nothing_away_before_the_choice",
        "test_notebooks.py::test_the_stub_says_not_yet_and_the_folded_solution_is_right",
    ],
    "The buttons above each explorer lead": [
        "test_base.py::test_presets_differ_and_lead_to_the_same_from_anywhere",
    ],
    "Everything works with the keyboard": [
        "test_lab.py::test_tab_leads_through_the_panel_and_the_notebook_gets_no_key",
        "test_lab.py::test_what_goes_with_a_modifier_key_is_for_jupyterlab_but_for_what_edits_a_text",
        "test_panel.py::test_enter_leads_from_a_slider_to_its_number",
        "test_page.py::test_what_the_page_asks_for_is_taken_and_where_nothing_can_be_chosen_it_asks_for_nothing",
    ],
    "Heatmaps are tables to a screen reader": [
        "test_page.py::test_an_updated_picture_equals_the_picture_drawn_afresh",
        "test_lab_lessons.py::test_every_control_has_a_name_of_its_own",
        "test_matrix.py::test_a_large_matrix_shows_its_colours_only",
    ],
    "Texts and numbers stand out": [
        "test_lab.py::test_every_text_stands_out_from_its_background",
        "test_lab.py::test_controls_and_the_focus_are_seen_in_every_theme",
        "test_lab.py::test_controls_and_pictures_are_seen_in_forced_colours",
        "test_look.py::test_numbers_can_be_read_on_their_background_and_bars_and_lines_seen_on_black_and_on_white",
    ],
    "What cannot be used is told": [
        "test_base.py::test_a_sentence_that_cannot_be_used_is_told_and_all_else_goes_on",
        "test_base.py::test_whatever_a_field_is_set_to_all_ways_get_the_same_answer",
        "test_lab.py::test_what_cannot_be_used_is_told_beside_its_box_and_the_picture_stays",
    ],
    "Any cell can be run again": [
        "test_notebooks.py::test_a_cell_gives_the_same_when_it_is_run_twice_or_after_another",
    ],
    "Nothing is sent anywhere": [
        "test_config.py::test_neither_server_nor_kernel_nor_page_asks_another_host",
        "test_lab_lessons.py::test_run_all_gives_every_panel_and_no_error",
    ],
    "Saving is safe": [
        "test_server.py::test_a_saved_picture_is_the_one_on_the_screen",
        "test_server.py::test_a_saved_notebook_reopens_as_it_looked",
        "test_lab_lessons.py::test_a_lesson_that_was_saved_reopens_with_pictures",
    ],
    "Solutions are folded in every front end": [
        "test_notebooks.py::test_the_stub_says_not_yet_and_the_folded_solution_is_right",
        "test_notebooks.py::test_an_export_folds_the_solution_and_says_in_words_what_its_pictures_show",
        "test_project.py::test_ruff_has_nothing_to_say",
    ],
}


def promises(name, heading):
    """The entries of the list under a heading."""
    section = (ROOT / name).read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [re.sub(r"\s+", " ", entry) for entry in re.findall(r"^- (.*(?:\n  .*)*)", section, flags=re.M)]


def test_each_promise_is_held_by_tests_and_made_in_both_languages():
    kept = promises("README.md", "In class")
    assert len(kept) == len(promises("README.ja.md", "授業で使うとき")) == len(CLAIMS)
    assert [claim for claim in kept if not any(claim.startswith(begin) for begin in CLAIMS)] == []


@pytest.mark.parametrize("test", [test for tests in CLAIMS.values() for test in tests])
def test_a_test_that_holds_a_promise_is_there(test):
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
