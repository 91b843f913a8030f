"""What a search compares: one line for each key, with its match, its weight and its value."""

from ..figures import SHARES
from .matrix import number


def hits(keys, matches, weights, values, head, title, chosen=None) -> dict:
    """A table of keys; equal values have the same colour, as in `stack`.

    keys, values : n str
    matches, weights : array, shape (n,), entries from 0 to 1
    head : titles of the four columns
    chosen : index of the line that is marked; without it, no line can be chosen
    """
    lengths = [[float(match), float(weight)] for match, weight in zip(matches, weights, strict=True)]
    return {
        "kind": "hits",
        "title": title,
        "head": list(head),
        "keys": list(keys),
        "lengths": lengths,
        "texts": [number(length) for line in lengths for length in line],
        "values": list(values),
        "colours": colours(values),
        "chosen": chosen,
        "note": "",
    }


def colours(values) -> list[str]:
    """A colour for each value, that of the first one that is equal."""
    return [SHARES[values.index(value) % len(SHARES)] for value in values]
