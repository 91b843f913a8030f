"""A sum written out term by term."""


def terms(title, head, rows, foot, note="") -> dict:
    """A small table of text.

    head : titles of the columns
    rows : one list of str for each term, as long as head
    foot : pairs (label, value) that lead from the terms to the result
    """
    return {"kind": "terms", "title": title, "head": head, "rows": rows, "foot": foot, "note": note}
