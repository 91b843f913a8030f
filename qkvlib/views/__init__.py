"""Live pictures for explorers: what to draw is made here in Python, the page only draws it."""

from .bars import bars
from .board import Board, plain
from .matrix import matrix, number
from .terms import terms

__all__ = ["Board", "bars", "matrix", "number", "plain", "terms"]
