"""sheet → feedback: delayed nodes, and lines to them from the nodes whose values they give.

Y--+  Y       from the right of a node down to the left of the delayed node in the next column
   |  |
D--|--D
|  |  |
S  +--y
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw.families import delayed_form
from seqdsl.draw.scene import Group, Node, Wire
from seqdsl.layers import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.scene import Point
    from seqdsl.draw.sheet import Sheet
    from seqdsl.picture.blocks import DrawnBlock

_TIP = 1.5


def delayed_groups(sheet: Sheet) -> Iterator[Group]:
    """The delayed nodes of each row."""
    for block in sheet.drawing.delayed:
        nodes = tuple(
            Node(sheet.mark(block.row, mark), *delayed_form(sheet.density), block.letter)
            for mark in _marks(sheet, block)
            if not sheet.hides(block.row, mark)
        )
        if nodes:
            yield Group(
                Look.DELAYED, f"{block.letter}: {block.letter.upper()} one step earlier", nodes
            )


def _marks(sheet: Sheet, block: DrawnBlock) -> list[int]:
    marks = sheet.drawing.grid[block.row].marks
    return [mark for mark, char in enumerate(marks) if char == block.letter]


def find_feedback(sheet: Sheet) -> Iterator[Wire]:
    """The lines to delayed nodes; none from elided steps, which have no place."""
    owner = [index for index, item in enumerate(sheet.drawing.blocks) for _ in range(item.count)]
    for block in sheet.drawing.delayed:
        units = range(block.first, block.first + block.count)
        for unit, mark in zip(units, _marks(sheet, block), strict=True):
            # Of an elided step both nodes beside its ellipsis are given; it has no place to draw a line from.
            given = sheet.drawing.earlier_nodes(unit)
            if len(given) != 1 or sheet.hides(block.row, mark):
                continue
            source, start = _node(sheet, given[0], owner)
            if start is not None:
                rooms = sheet.form(source).width / 2, sheet.room(block.row, mark)
                yield Wire("feedback", _way(start, sheet.mark(block.row, mark), rooms), True)


def _node(sheet: Sheet, unit: int, owner: list[int]) -> tuple[int, Point | None]:
    """The block of a node, and where it is drawn, if it is."""
    row, column = sheet.drawing.trace.rows[unit], sheet.drawing.trace.units[unit]
    hidden = sheet.rows.hides(row) or sheet.columns.hides(column)
    return owner[unit], None if hidden else sheet.point(column, row)


def _way(start: Point, end: Point, rooms: tuple[float, float]) -> tuple[Point, ...]:
    start = start._replace(x=start.x + rooms[0])
    end = end._replace(x=end.x - rooms[1] - _TIP)
    middle = (start.x + end.x) / 2
    return start, start._replace(x=middle), end._replace(x=middle), end
