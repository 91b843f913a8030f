"""Live pictures for explorers: what to draw is made here in Python, the page only draws it."""

from .axis import axis
from .bars import bars
from .board import Board, plain
from .curves import curves, significant
from .hits import hits
from .matrix import matrix, number
from .plane import plane
from .stack import stack
from .terms import terms

__all__ = [
    "Board",
    "axis",
    "bars",
    "curves",
    "hits",
    "matrix",
    "number",
    "plain",
    "plane",
    "significant",
    "stack",
    "terms",
]
