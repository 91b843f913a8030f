"""The one picture of attention, X -> Q, K, V -> scores -> weights -> output, in the numbers of a sentence.

It fills in from lesson to lesson: today's part is lit, what was learned before is drawn, what is to come is an outline,
and so is what is made of it.
"""

import numpy as np

from .. import words
from ..arguments import one_of
from ..attention import attention
from ..text.handmade import KNOWN, SENTENCES, W_k, W_o, W_q, W_v
from ..text.tokens import tokens as tokens_of
from ..text.vectors import embed
from .flow import ROW, SIDE, draw_cells, tinted
from .look import ROLES, Picture, cut

PLACES = {  # part -> where its middle is, in inches
    "X": (1.5, 1.75),
    "W_q": (2.75, 2.95),
    "W_k": (2.75, 1.75),
    "W_v": (2.75, 0.55),
    "Q": (4.0, 2.95),
    "K": (4.0, 1.75),
    "V": (4.0, 0.55),
    "scores": (5.4, 2.35),
    "weights": (6.85, 2.35),
    "output": (8.2, 1.2),
}
LINKS = ("X W_q", "X W_k", "X W_v", "W_q Q", "W_k K", "W_v V")
ONE = (*LINKS, "Q scores", "K scores", "scores weights", "weights output", "V output")
ROLE = {"W_q": "query", "Q": "query", "W_k": "key", "K": "key", "W_v": "value", "V": "value"}
TWO_PLACES = {  # of two heads, lesson 09
    "X": (1.25, 1.75),
    "W_q": (2.15, 2.95),
    "W_k": (2.15, 1.75),
    "W_v": (2.2, 0.55),
    "Q": (2.98, 2.95),
    "K": (2.98, 1.75),
    "V": (3.02, 0.55),
    "scores_1": (4.05, 2.95),
    "scores_2": (4.05, 1.82),
    "weights_1": (5.3, 2.95),
    "weights_2": (5.3, 1.82),
    "outputs": (6.55, 1.45),
    "W_o": (7.42, 0.45),
    "joined": (8.25, 1.45),
}
TWO = (*LINKS, "Q scores_1", "K scores_1", "Q scores_2", "K scores_2", "scores_1 weights_1", "scores_2 weights_2")
TWO += ("weights_1 outputs", "weights_2 outputs", "V outputs", "outputs W_o", "W_o joined")
LIT = {  # lesson, in their order -> its part
    "search": ("Q", "K", "V"),
    "scores": ("X", "W_q", "W_k", "Q", "K", "scores"),
    "weights": ("weights",),
    "mixing": ("W_v", "V", "output"),
    "roles": ("W_q", "W_k", "W_v"),
    "relay": ("weights", "output"),
    "order": ("X", "weights"),
    "context": ("weights", "output"),
    "heads": ("scores_1", "scores_2", "weights_1", "weights_2", "outputs", "W_o", "joined"),
    "inside": ("X", "W_q", "W_k", "W_v", "Q", "K", "V", "scores", "weights", "output"),
    "writer": (*PLACES,),
}
SIZE = 8.8, 3.75  # inches
MOST = 6  # tokens
GREY = "#6b6b6b"  # of what comes later


class LessonMap(Picture):
    """places, links : where the middle of each matrix is, in inches, and the pairs with an arrow between them; labels,
    shapes : what stands over each; cells : colours of its numbers, row after row; lit, known, later :
    names of the matrices of today, of earlier and of later lessons; said : the same in words."""

    tokens: list[str]
    places: dict[str, list[float]]
    links: list[list[str]]
    labels: dict[str, str]
    shapes: dict[str, list[int]]
    cells: dict[str, list[str]]
    lit: list[str]
    known: list[str]
    later: list[str]
    said: list[str]


def lesson_map(lesson: str, sentence: str | None = None) -> LessonMap:
    """The map for a lesson, by the name of its explorer, in the numbers of a sentence.

    sentence : at most 6 tokens, else that of the lessons
    Raises ValueError for another lesson, and for a sentence that is empty or too long.
    """
    one_of("lesson", lesson, LIT)
    tokens = tokens_of(SENTENCES[words.language()] if sentence is None else sentence)
    if len(tokens) > MOST:
        raise ValueError(f"sentence has {len(tokens)} tokens; the map has room for {MOST}")
    X, _ = embed(tokens, KNOWN)
    matrices = {"X": X, "W_q": W_q, "W_k": W_k, "W_v": W_v, "Q": X @ W_q, "K": X @ W_k, "V": X @ W_v}
    places, links = (TWO_PLACES, TWO) if lesson == "heads" else (PLACES, ONE)
    matrices |= (_of_two if lesson == "heads" else _of_one)(*(matrices[name] for name in "QKV"))
    lit, earlier = LIT[lesson], [LIT[name] for name in [*LIT][: [*LIT].index(lesson)]]
    seen = {*lit, *(name for parts in earlier for name in parts)}
    unmade = {end for start, end in map(str.split, links) if start not in seen}  # V, named before W_v makes it
    known = [name for name in places if name not in lit and name in seen - unmade]
    later = [name for name in places if name not in (*lit, *known)]
    labels = {name: _label(name) for name in places}
    shapes = {name: [*values.shape] for name, values in matrices.items()}
    kinds = {"lit": [*lit], "known": known, "later": later}
    named = {kind: ", ".join(_named(name, labels, shapes) for name in names) for kind, names in kinds.items()}
    return LessonMap(
        kind="lesson_map",
        title="",
        tokens=tokens,
        places={name: [*place] for name, place in places.items()},
        links=[link.split() for link in links],
        labels=labels,
        shapes=shapes,
        cells={name: tinted(values, "weights" if "weights" in name else "scores") for name, values in matrices.items()},
        **kinds,
        said=[words.text(f"lesson_map.said.{kind}", parts=said) for kind, said in named.items() if said],
        note="",
        asks=False,
    )


def _of_one(Q, K, V):
    attended = attention(Q, K, V)
    return {name: getattr(attended, name) for name in ("scores", "weights", "output")}


def _of_two(Q, K, V):
    """Each head has one column of the queries and keys, as in lesson 09."""
    heads = {n: _of_one(Q[:, [column]], K[:, [column]], V) for n, column in ((1, 0), (2, 2))}
    parts = {f"{name}_{n}": head[name] for name in ("scores", "weights") for n, head in heads.items()}
    outputs = np.hstack([head["output"] for head in heads.values()])
    return parts | {"outputs": outputs, "W_o": W_o, "joined": outputs @ W_o}


def _label(name):
    """A letter of the formulas as it is, a word in the reader's language; the head's number behind it."""
    if name in ("X", "W_o", *ROLE):
        return name
    part, _, n = name.partition("_")
    said = words.text(f"lesson_map.{part}")
    return f"{said.splitlines()[0]} {n}" if n else said


def _named(name, labels, shapes):
    return f"{labels[name].splitlines()[0]} ({' × '.join(map(str, shapes[name]))})"


def text(picture):
    """Today's part, what is known, and what comes later."""
    return picture["said"]


def size(picture):
    """Width and height in inches."""
    return SIZE[0], SIZE[1] * _side(picture) / SIDE


def _side(picture):
    return max(SIDE, ROW * len(picture["tokens"]))


def draw(ax, picture):
    """Matrices, with arrows between them; returns the frame of each, in the order of the picture's places."""
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

    side, n = _side(picture), len(picture["tokens"])
    places = {name: (x, y * side / SIDE) for name, (x, y) in picture["places"].items()}
    extents = {  # n tokens are as high in each matrix
        name: (side if name.startswith(("scores", "weights")) else columns * max(side / n, 0.1), side)
        for name, (_, columns) in picture["shapes"].items()
    }
    half = {name: (across / 2, up / 2) for name, (across, up) in extents.items()}
    for start, end in picture["links"]:
        (x, y), (to_x, to_y) = places[start], places[end]
        ends = (x + half[start][0] + 0.06, y), (to_x - half[end][0] - 0.08, to_y)
        colour = GREY if {start, end} & {*picture["later"]} else "black"
        arrow = FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=11, shrinkA=0, shrinkB=0, color=colour)
        ax.add_patch(arrow)
    frames = []
    for name, (x, y) in places.items():
        (across, up), later = half[name], name in picture["later"]
        if name in picture["lit"]:
            corner, extent = (x - across - 0.02, y - up - 0.02), (2 * across + 0.04, 2 * up + 0.04)
            box = FancyBboxPatch(corner, *extent, boxstyle="round,pad=0.06", fc="#ffe48a", ec="#ffe48a")
            ax.add_patch(box)
        style = {"ls": (0, (3, 3)), "lw": 1.2, "ec": GREY} if later else {"lw": 2 if name in picture["lit"] else 1}
        cells = [] if later else picture["cells"][name]
        frames.append(
            draw_cells(ax, cells, picture["shapes"][name][0], (x - across, y - up), (2 * across, 2 * up), **style)
        )
        shape = " × ".join(map(str, picture["shapes"][name]))
        first, *second = picture["labels"][name].splitlines()
        label = "\n".join([f"{first}  {shape}", *second])
        ink = GREY if later else ROLES[ROLE[name]][0] if name in ROLE else "black"
        ax.text(x, y + up + 0.1, label, ha="center", va="bottom", size=10, linespacing=1.2, color=ink)
    x, y = places["X"][0] - half["X"][0] - 0.1, places["X"][1]
    for i, token in enumerate(picture["tokens"]):
        ax.text(x, y + side / 2 - (i + 0.5) * side / n, cut(token, 12), ha="right", va="center", size=10)
    ax.set(xlim=(0, SIZE[0]), ylim=(0, size(picture)[1]))
    ax.axis("off")
    return frames
