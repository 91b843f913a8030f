"""The live pictures of one explorer on the page."""

import json
import re
from pathlib import Path

import anywidget
import traitlets

from ..words import text
from .look import (
    ARCS_SIZE,
    COLOURS,
    CURVES_SIZE,
    LINES,
    MASKED,
    MAX_ARCS,
    MAX_NUMBERS,
    MAX_WHOLE,
    PALETTES,
    PLANE_SIZE,
    ROLES,
)

HERE = Path(__file__).parent
LOOK = {
    "palettes": PALETTES,
    "masked": MASKED,
    "numbers": MAX_NUMBERS,
    "words": MAX_ARCS,
    "many": MAX_WHOLE,
    "arcs": ARCS_SIZE,
    "plane": PLANE_SIZE,
    "curves": CURVES_SIZE,
    "lines": LINES,
}
PAIRS = ROLES | {f"line-{name}": pair for name, (pair, _, _) in LINES.items()}
SHARED = ("dom", "coordinates", "panel")  # modules of JavaScript that several use; every other one is a kind of picture
IMPORT = re.compile(r'^import (\{[^}]+\}) from "\./(\w+)\.js";', re.M)
EXPORT = re.compile(r"^export (?:const|function) (\w+)", re.M)


def script() -> str:
    """All JavaScript of this folder as the one module that anywidget loads; a new kind of picture is found by its file.

    Each file is a module and stays one, in a function of its own. Two modules have no file: look.js, with constants of
    look.py, and kinds.js, with the module of each kind of picture.
    """
    files = {path.stem: path.read_text(encoding="utf-8") for path in HERE.glob("*.js")}
    board, shared = files.pop("board"), [(name, files.pop(name)) for name in SHARED]
    return "\n".join(
        [
            f"const MODULES = {{ look: {{ LOOK: {json.dumps(LOOK)} }}, kinds: {{ KINDS: {{}} }} }};",
            *(f"MODULES.{name} = {_module(code)};" for name, code in shared),
            *(f"MODULES.kinds.KINDS.{name} = {_module(code)};" for name, code in sorted(files.items())),
            _imported(board),
        ]
    )


def _module(code):
    names, body = ", ".join(EXPORT.findall(code)), _imported(code).replace("\nexport ", "\n")
    return f"(() => {{\n{body}return {{ {names} }};\n}})()"


def _imported(code):
    return IMPORT.sub(r"const \1 = MODULES.\2;", code)


def _variables(where, colours):
    return f"{where} {{ " + " ".join(f"--qkv-{name}: {colour};" for name, colour in colours.items()) + " }"


class Board(anywidget.AnyWidget):
    """Draws pictures that belong together, and shows messages beside the controls of its panel.

    All of it is one trait, so one step of a slider is one message to the page and the pictures never disagree.

    scene : dict with `pictures` (name -> what a module of this folder made), `messages` (control -> text shown
        beside it), `status` (a line under the controls) and `said` (what a screen reader says once it stays so)
    asked : dict with what the reader asked for: the name of a picture and the `changes` on it, such as the row and
        column of a cell, or the name of a control and what was `typed` into it; and a serial number, so that the same
        can be asked for again
    words : dict, what the page says of a kernel that is "gone", or whose connection is "lost"
    """

    _esm = script()
    _css = "\n".join(
        [
            _variables(".qkv-panel", COLOURS | {name: light for name, (light, _) in PAIRS.items()}),
            _variables("[data-jp-theme-light=false] .qkv-panel", {name: dark for name, (_, dark) in PAIRS.items()}),
            *(path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.css"))),
        ]
    )

    scene = traitlets.Dict({"pictures": {}, "messages": {}, "status": "", "said": ""}).tag(sync=True)
    asked = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits):
        super().__init__(words={state: text(f"panel.{state}") for state in ("gone", "lost")}, **traits)
