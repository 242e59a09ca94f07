"""part and place → the nodes that the place is about, as cells of the part: what a drawing beside the text highlights.

::

    Y Y   dense(2)      on a node, that node; on its layer, the nodes of the row
    | |                 on a wire, the nodes that it joins
    H-H
    H = lstm(4)         on a definition, the nodes of its letter
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.editing.drawn import drawn_at, drawn_pictures
from seqdsl.editing.wires import WIRES, Wires
from seqdsl.picture.grid import JUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.editing.drawn import Drawn
    from seqdsl.editing.snapshot import Part

    Cell = tuple[int, int]


def pointed(part: Part, line: int, column: int) -> frozenset[Cell]:
    """The lines and columns of the nodes that a place of a part is about; empty where it is about none."""
    drawn = drawn_at(part, line)
    if drawn is None:
        return _defined(part, line)
    row = drawn.row_at(line)
    if row is None:
        return frozenset()
    # A cursor is between two characters: the one behind it counts, or else the one before it.
    for at in (column, column - 1):
        if found := _at_cell(drawn, row, at):
            return found
    grid = drawn.grid[row]
    if column <= len(grid.cells.rstrip()):
        return frozenset()
    return _cells(drawn, ((row, mark) for mark in range(len(grid.marks))))


def _at_cell(drawn: Drawn, row: int, column: int) -> frozenset[Cell]:
    grid = drawn.grid[row]
    mark = drawn.mark_at(row, column)
    if mark is not None and grid.marks[mark] != JUNCTION:
        return _cells(drawn, [(row, mark)])
    if not 1 <= column <= len(grid.cells) or grid.cells[column - 1] not in WIRES:
        return frozenset()
    sources, targets = Wires(drawn.grid).ends(row, column - 1)
    return frozenset((drawn.grid[at].line, where + 1) for at, where in (*sources, *targets))


def _defined(part: Part, line: int) -> frozenset[Cell]:
    """The nodes of the letter that a line defines."""
    name = next((it for it in part.names if it.span.line == line and it.kind == "letter"), None)
    pictures = list(drawn_pictures(part))
    if name is None or not 0 <= name.scope < len(pictures):
        return frozenset()
    drawn = pictures[name.scope]
    return _cells(
        drawn,
        (
            (row, mark)
            for row, grid in enumerate(drawn.grid)
            for mark, char in enumerate(grid.marks)
            if char == name.name
        ),
    )


def _cells(drawn: Drawn, marks: Iterable[tuple[int, int]]) -> frozenset[Cell]:
    spans = (drawn.grid[row].span(mark) for row, mark in marks)
    return frozenset((span.line, span.column) for span in spans)
