"""Shares of a whole, as one stacked bar."""

from ..figures import ink
from .hits import colours
from .matrix import number

LEAST = 0.12  # a narrower part has no room for its number


def stack(shares, values, title) -> dict:
    """One bar of parts side by side, with a table of the same; equal values are one part.

    shares : array, shape (n,), 0 or more, 1 in sum
    values : n str, what each share is of
    """
    parts = {}
    for value, share, colour in zip(values, shares, colours(values), strict=True):
        parts.setdefault(value, [0.0, colour])[0] += float(share)
    lengths = [share for share, _ in parts.values()]
    texts = [number(share) for share in lengths]
    return {
        "kind": "stack",
        "title": title,
        "values": list(parts),
        "lengths": lengths,
        "texts": texts,
        "inside": [text if share >= LEAST else "" for text, share in zip(texts, lengths, strict=True)],
        "colours": [[colour, ink(colour)] for _, colour in parts.values()],
        "note": "",
    }
