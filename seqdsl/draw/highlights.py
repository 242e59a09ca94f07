"""cells of the text → shapes around what is drawn of them, so that the drawing shows what is at the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw.families import Form, delayed_form
from seqdsl.draw.scene import Node
from seqdsl.draw.sheet import DOTS_ROOM, END_SIZE
from seqdsl.picture.delayed_rows import is_delayed
from seqdsl.picture.grid import JUNCTION, STATE_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.scene import Point
    from seqdsl.draw.sheet import Sheet

_AROUND = 5.0
"""From a node to the border of its highlight."""


def find_highlights(sheet: Sheet, cells: frozenset[tuple[int, int]]) -> Iterator[Node]:
    """The shapes around some cells, given by line and column; those of wires have none."""
    if not cells:
        return
    seen: set[Point] = set()
    for row in sheet.node_rows:
        grid = sheet.drawing.grid[row]
        columns = {column for line, column in cells if line == grid.line}
        for mark, char in enumerate(grid.marks):
            span = grid.span(mark)
            if char == JUNCTION or not any(span.column <= at < span.end for at in columns):
                continue
            # Steps that are omitted share the dots that stand for them.
            middle = sheet.mark(row, mark)
            if middle not in seen:
                seen.add(middle)
                yield _around(_form(sheet, row, mark), middle)


def _around(form: Form, middle: Point) -> Node:
    width, height = (size + 2 * _AROUND for size in (form.width, form.height))
    return Node(middle, width, height, form.radius + _AROUND, "")


def _form(sheet: Sheet, row: int, mark: int) -> Form:
    char = sheet.drawing.grid[row].marks[mark]
    if char == STATE_END:
        return Form(END_SIZE, END_SIZE, END_SIZE / 2)
    if sheet.hides_column(row, mark) or not char.isalpha():
        return Form(2 * DOTS_ROOM, sheet.density.height / 2, 2.0)
    return delayed_form(sheet.density) if is_delayed(char) else sheet.form(sheet.owners[row, mark])
