"""The table that both benchmarks print."""


def report(rows) -> int:
    """Print rows (what, measured, target or "", met or None); returns 1 if a target is missed, else 0."""
    verdicts = {True: "met", False: "MISSED", None: ""}
    lines = [("what", "measured", "target", ""), *((*texts, verdicts[met]) for *texts, met in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    return int(any(met is False for *_, met in rows))
