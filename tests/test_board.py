"""The board: the JavaScript of all kinds of pictures as one module, and its style."""

import itertools
import re
import shutil
import sys
from types import SimpleNamespace

import pytest
from helpers import VIEWS
from page import BoardPage

from qkvlib.views import board, look

PAGE = {path.name: path.read_text(encoding="utf-8") for pattern in ("*.js", "*.css") for path in VIEWS.glob(pattern)}
REST = {"messages": {}, "status": "", "said": ""}
DOT = """// A word.

import { make, setText } from "./dom.js";

export const style = `.qkv-dot-of-test { color: var(--qkv-bar); }`;
export const shape = () => null;

export function build() {
  const text = make("p", { class: "qkv-dot-of-test" });
  return { root: make("div", {}, [text]), text };
}

export function update({ text }, picture) {
  setText(text, picture.word);
}
"""


def test_a_new_kind_of_picture_is_found_by_its_files(browser, tmp_path, monkeypatch):
    for path in VIEWS.glob("*.js"):
        shutil.copy(path, tmp_path)
    (tmp_path / "dot.js").write_text(DOT)
    monkeypatch.setattr(board, "HERE", tmp_path)
    monkeypatch.setitem(sys.modules, "qkvlib.views.dot", SimpleNamespace(text=lambda picture: [picture["word"]]))
    page = BoardPage(browser, board.script())
    page.start()
    for word in ("one", "two"):
        page.show({"pictures": {"it": {"kind": "dot", "title": "", "note": "", "asks": False, "word": word}}} | REST)
    colour = page.page.locator(".qkv-dot-of-test").evaluate("(dot) => getComputedStyle(dot).color")
    assert look.COLOURS["bar"] == "#{:02x}{:02x}{:02x}".format(*map(int, re.findall(r"\d+", colour)))


@pytest.mark.parametrize("name", PAGE)
def test_colours_and_sizes_stand_in_python_only_and_no_browser_needs_to_reflect_aria(name):
    code = PAGE[name]
    ours = [
        *look.COLOURS.values(),
        *itertools.chain(*look.ROLES.values()),
        *look.SHARES,
        *itertools.chain(*(colours for colours, _, _ in look.LINES.values())),
        look.MASKED_COLOUR,
        *look.palette("weights")[0],
    ]
    assert {*re.findall(r"#[0-9a-f]{6}", code.lower())} & {*ours} - {"#000000", "#ffffff"} == set()
    sizes = {look.PLANE_SIZE, *look.CURVES_SIZE, look.MASKED}
    assert name.endswith(".css") or {*map(int, re.findall(r"\b\d+", code))} & sizes == set()
    assert not re.search(r"\.(aria[A-Z]|role\b)", code)  # Firefox has these since 119
