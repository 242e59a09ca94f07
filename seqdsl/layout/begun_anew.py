"""rows → rows to draw a free run in: without state from call to call, and with a second node before an ellipsis.

A free run takes no state of a call before, and its second step is the first that is fed back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.syntax.ast import Row
    from seqdsl.text.source import Span

_STATE_WIRES = "-=<>"


def without_ends(rows: Sequence[Row], ends: Iterable[Span]) -> tuple[Row, ...]:
    """The rows without each ``*`` and the state wire that joins it to its run."""
    # *--H-H-H--*   ->      H-H-H
    cells = {row.line: list(row.cells) for row in rows}
    for end in ends:
        row, at = cells[end.line], end.column - 1
        for way in (-1, 1):
            place = at + way
            while 0 <= place < len(row) and row[place] in _STATE_WIRES:
                row[place] = " "
                place += way
        row[at] = " "
    return tuple(replace(row, cells="".join(cells[row.line]).rstrip()) for row in rows)


def with_second_node(
    rows: Sequence[Row], first: int, ellipsis: int, behind: int
) -> tuple[Row, ...] | None:
    """The rows with the columns before an ellipsis drawn twice, so that a step more is drawn there.

    Args:
        rows: the rows.
        first: the column of the only node before the ellipsis.
        ellipsis: the column in which the ellipsis begins.
        behind: the column of the node behind it.

    Returns:
        The rows; ``None`` if the first step is wired otherwise than the one behind the ellipsis: the second one would
        be a guess.
    """
    # D-..t..-D       D-D-..t..-D
    # |       |   ->  | |       |
    # Z ..t.. Z       Z Z ..t.. Z
    wider = []
    for row in rows:
        cells = row.cells.ljust(behind + 1)
        between = cells[first + 1 : ellipsis].strip(" -=")
        if cells[first] != cells[behind] or cells[first] == "+" or between:
            return None
        twice = cells[:ellipsis] + cells[first:ellipsis] + cells[ellipsis:]
        wider.append(replace(row, cells=twice.rstrip()))
    return tuple(wider)
