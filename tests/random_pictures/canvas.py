"""cells → text: rows of characters that grow from the bottom up, and the few shapes that wires have."""

from __future__ import annotations

from collections.abc import Collection, Iterable

Cells = dict[int, str]
"""The characters of one row, by column; columns may be negative."""


def straight(columns: Iterable[int], sign: str = "|") -> Cells:
    """Wires straight up."""
    return dict.fromkeys(columns, sign)


def bus(columns: Collection[int], lanes: Collection[int] = ()) -> Cells:
    """A bus that joins ``columns`` and crosses the wires in ``lanes``."""
    cells = dict.fromkeys(range(min(columns), max(columns) + 1), "-")
    cells.update(straight(lanes))
    return cells | straight(columns, "+")


def slant(start: int, end: int) -> list[Cells]:
    """A slanted wire from the node or wire in column ``start`` to the one in ``end``, a row for each cell."""
    step = 1 if end > start else -1
    return [{column: "/" if step > 0 else "\\"} for column in range(start + step, end, step)]


def overlay(rows: Iterable[list[Cells]]) -> list[Cells]:
    """Several drawings in the same rows."""
    merged: list[Cells] = []
    for drawing in rows:
        merged += [{} for _ in range(len(drawing) - len(merged))]
        for row, cells in zip(merged, drawing, strict=False):
            row.update(cells)
    return merged


def render(rows: Iterable[Cells]) -> list[str]:
    """The rows as text, top row first."""
    drawn = list(rows)
    left = min(column for cells in drawn for column in cells)
    right = max(column for cells in drawn for column in cells)
    lines = [
        "".join(cells.get(column, " ") for column in range(left, right + 1)).rstrip()
        for cells in drawn
    ]
    return lines[::-1]
