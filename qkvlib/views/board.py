"""The live pictures of one explorer on the page."""

from pathlib import Path

import anywidget
import traitlets

from ..figures import MAPS, columns, palette

HERE = Path(__file__).parent
MODULES = ("matrix", "bars", "hits", "plane", "curves", "axis", "stack", "terms", "board")


class Board(anywidget.AnyWidget):
    """Draws pictures that belong together, and shows messages beside the controls of its panel.

    All of it is one trait, so one step of a slider is one message to the page and the pictures never disagree.
    The modules are joined because anywidget loads one: each is plain JavaScript that draws one kind of picture.

    scene : dict with `pictures` (name -> what a function of this folder made), `messages` (control -> text shown
        beside it) and `status` (a line under the controls)
    asked : dict with what the reader asked for on a picture: its name, the `changes`, such as the row and column of a
        cell, and a serial number, so that the same can be asked for again
    """

    _esm = "\n".join((HERE / f"{name}.js").read_text(encoding="utf-8") for name in MODULES)
    _css = (HERE / "board.css").read_text(encoding="utf-8")

    scene = traitlets.Dict({"pictures": {}, "messages": {}, "status": ""}).tag(sync=True)
    asked = traitlets.Dict().tag(sync=True)
    palettes = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits):
        super().__init__(palettes={name: palette(name) for name in MAPS}, **traits)


def plain(picture) -> str:
    """A picture in words: its title, and its numbers as a small table."""
    match picture["kind"]:
        case "matrix":
            n = len(picture["columns"])
            sums = picture["sums"] or [None] * len(picture["rows"])
            head = ["", *picture["columns"], *(["Σ"] if picture["sums"] else [])]
            body = [
                [row, *picture["texts"][i * n : (i + 1) * n], *([total] if total else [])]
                for i, (row, total) in enumerate(zip(picture["rows"], sums, strict=True))
            ]
            lines = [f"({picture['query_axis']}, {picture['key_axis']})", columns([head, *body])]
        case "plane":
            head = ["", *picture["axes"]]
            body = [[label, *texts] for label, texts in zip(picture["labels"], picture["texts"], strict=True)]
            lines = [columns([head, *body, [picture["names"]["after"], *picture["output_text"]]])]
        case "curves":
            lines = [columns([[picture["axes"][0], *picture["labels"]], *picture["rows"]]), picture["axes"][1]]
        case "axis":
            marks = list(zip(picture["labels"], picture["texts"], strict=True))
            lines = [f"−1: {picture['ends'][0]}, 1: {picture['ends'][1]}", columns(marks)]
        case "bars":
            lines = [columns(list(zip(picture["labels"], picture["texts"], strict=True)))]
        case "hits":
            matches, weights = picture["texts"][::2], picture["texts"][1::2]
            lines = [
                columns([picture["head"], *zip(picture["keys"], matches, weights, picture["values"], strict=True)])
            ]
        case "stack":
            lines = [columns(list(zip(picture["values"], picture["texts"], strict=True)))]
        case "terms":
            blank = [""] * (len(picture["head"]) - 2)
            foot = [[label, *blank, value] for label, value in picture["foot"]]
            lines = [columns([picture["head"], *picture["rows"], *foot])]
    return "\n".join(filter(None, [picture["title"], *lines, picture["note"]]))
