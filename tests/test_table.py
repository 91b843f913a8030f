"""A small table of text."""

import re

import pytest
from helpers import each_panel, panel, pictures
from page import BoardPage

from qkvlib import words
from qkvlib.views.look import plain
from qkvlib.views.table import draw, table


def sample(rng, word, n):
    head = [word() for _ in range(rng.integers(2, 5))]
    rows = [[word() for _ in head] for _ in range(n)]
    return table(word(), head, rows, word())


ROWS = [["who", "−0.35", "2.00", "−0.70"], ["action", "1.95", "0.20", "0.39"]]


def test_a_table_is_drawn_and_told_cell_by_cell(ax):
    picture = table("How much?", ["feature", "q", "k", "q × k"], ROWS, "a note")
    cells = {at: cell.get_text().get_text() for at, cell in draw(ax, picture).get_celld().items()}
    assert [cells[0, j] for j in range(4)] == ["feature", "q", "k", "q × k"]
    assert [[cells[i, j] for j in range(4)] for i in (1, 2)] == ROWS
    title, head, *rows, note = plain(picture).splitlines()
    assert (title, note) == ("How much?", "a note")
    assert head.split("  ")[-1].strip() == "q × k"
    assert [row.split() for row in rows] == ROWS


@pytest.fixture(scope="module")
def board(browser):
    """A page as narrow as the pictures that stand beside a column of controls."""
    board = BoardPage(browser)
    board.page.set_viewport_size({"width": 600, "height": 700})
    return board


LINES = """() => [...document.querySelectorAll(".qkv-table thead th")].map(({ firstChild: text }) => {
    const range = document.createRange();
    const tops = [...(text?.data ?? "")].map((letter, i) => {
        range.setStart(text, i);
        range.setEnd(text, i + 1);
        return range.getBoundingClientRect().top;
    });
    return tops.map((top, i) => (i && top > tops[i - 1] + 5 ? "|" : "") + text.data[i]).join("");
})"""


@each_panel
def test_no_word_in_the_head_of_a_table_is_broken(made, board):
    """A line ends at a space or before a bracket, also in Japanese, which a browser would break anywhere."""
    for language in words.LANGUAGES:
        with words.speaking(language):
            explorer = panel(made)
        if any(picture["kind"] == "table" for picture in pictures(explorer).values()):
            board.start()
            board.show(explorer.board.scene)
            assert [head for head in board.page.evaluate(LINES) if re.search(r"[^ ]\|(?!（)", head)] == []


@each_panel
def test_heads_of_columns_begin_with_a_small_letter(made):
    """All in one way; W_q, say, is a sign and no word."""
    for picture in pictures(panel(made)).values():
        if picture["kind"] == "table":
            assert [head for head in picture["head"] if re.match("[A-Z][a-z]", head)] == []
