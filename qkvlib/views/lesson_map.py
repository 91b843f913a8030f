"""The one picture of attention, X -> Q, K, V -> scores -> weights -> output, with a lesson's part lit."""

from .. import words
from ..arguments import one_of
from .look import Picture

PLACES = {
    "X": (0, 1),
    "Q": (2, 2),
    "K": (2, 1),
    "V": (2, 0),
    "scores": (4.2, 1.5),
    "weights": (6.6, 1.5),
    "output": (9, 0.75),
}
LINKS = ("X Q", "X K", "X V", "Q scores", "K scores", "scores weights", "weights output", "V output")
LIT = {  # lesson -> its part
    "search": ("Q", "K", "V"),
    "scores": ("scores",),
    "weights": ("weights",),
    "mixing": ("V", "output"),
    "roles": ("X", "Q", "K", "V"),
    "relay": ("weights", "output"),
    "context": ("weights", "output"),
}


class LessonMap(Picture):
    """labels : what stands in each box; lit : names of the boxes in colour; said : the same in words."""

    labels: dict[str, str]
    lit: list[str]
    said: str


def lesson_map(lesson: str) -> LessonMap:
    """The map for a lesson, by the name of its explorer. Raises ValueError for another."""
    one_of("lesson", lesson, LIT)
    return LessonMap(
        kind="lesson_map",
        title="",
        labels={name: words.text(f"lesson_map.{name}") for name in PLACES},
        lit=list(LIT[lesson]),
        said=words.text(f"lesson_map.lit.{lesson}"),
        note="",
        asks=False,
    )


def text(picture):
    """What is lit."""
    return [picture["said"]]


def size(picture):
    """Width and height in inches."""
    return 8.4, 2.3


def draw(ax, picture):
    """Boxes and arrows; returns the boxes."""
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

    half = {name: 0.5 if len(name) == 1 else 0.85 for name in PLACES}
    for start, end in (link.split() for link in LINKS):
        (x, y), (to_x, to_y) = PLACES[start], PLACES[end]
        ends = (x + half[start], y), (to_x - half[end] - 0.08, to_y)
        ax.add_patch(FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=12, shrinkA=0, shrinkB=0, color="#555555"))
    boxes = []
    for name, (x, y) in PLACES.items():
        face, letters = ("#08519c", "white") if name in picture["lit"] else ("#eeeeee", "black")
        corner, extent = (x - half[name], y - 0.3), (2 * half[name], 0.6)
        box = FancyBboxPatch(corner, *extent, boxstyle="round,pad=0.05", fc=face, ec="#555555")
        boxes.append(ax.add_patch(box))
        label = picture["labels"][name]
        ax.text(x, y, label, ha="center", va="center", size=9, linespacing=1.35, color=letters)
    ax.set(xlim=(-0.8, 10.1), ylim=(-0.5, 2.5))
    ax.axis("off")
    return boxes
