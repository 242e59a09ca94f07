"""cells → text: rows of characters that grow from the bottom up, and the few shapes that wires have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

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


def state_wire(left: int, right: int, sign: str, *, arrow: int | None = None) -> Cells:
    """A state wire between what ends in column ``left`` and what begins in ``right``.

    Args:
        left: the last column of its left end.
        right: the first column of its right end.
        sign: ``-``, ``=``, ``<`` or ``>``.
        arrow: the column of an arrow's head, where no wire may cross it; default: at the end that it points to.
    """
    cells = dict.fromkeys(range(left + 1, right), "=" if sign == "=" else "-")
    if sign in "<>" and cells:
        cells[(left + 1 if sign == "<" else right - 1) if arrow is None else arrow] = sign
    return cells


def text(start: int, characters: str) -> Cells:
    """Characters side by side, the first one in column ``start``."""
    return dict(enumerate(characters, start))


def overlay(rows: Iterable[list[Cells]]) -> list[Cells]:
    """Several drawings in the same rows."""
    merged: list[Cells] = []
    for drawing in rows:
        merged += [{} for _ in range(len(drawing) - len(merged))]
        for row, cells in zip(merged, drawing, strict=False):
            row.update(cells)
    return merged


def line(cells: Cells, left: int = 0) -> str:
    """One row as text, from column ``left`` on."""
    end = max(cells, default=left - 1) + 1
    return "".join(cells.get(column, " ") for column in range(left, end)).rstrip()


def render(rows: Iterable[Cells]) -> list[str]:
    """The rows as text without a common indent, top row first."""
    drawn = list(rows)
    left = min(column for cells in drawn for column in cells)
    return [line(cells, left) for cells in drawn][::-1]


def dedented(lines: Sequence[str]) -> tuple[str, ...]:
    """Lines without their common indent, and without blanks at their ends."""
    indent = min(len(item) - len(item.lstrip()) for item in lines)
    return tuple(item[indent:].rstrip() for item in lines)
