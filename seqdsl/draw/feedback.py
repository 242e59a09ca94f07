"""sheet → feedback: delayed nodes, and lines to them from the nodes whose values they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw.families import delayed_form
from seqdsl.draw.scene import Group, Node, Wire
from seqdsl.draw.ways import End, Ways
from seqdsl.layers import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.families import Form
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
    if not sheet.drawing.delayed:
        return
    ways = Ways(sheet)
    owner = [index for index, item in enumerate(sheet.drawing.blocks) for _ in range(item.count)]
    for block in sheet.drawing.delayed:
        units = range(block.first, block.first + block.count)
        for unit, mark in zip(units, _marks(sheet, block), strict=True):
            # Of an elided step both nodes beside its ellipsis are given; it has no place to draw a line from.
            given = sheet.drawing.earlier_nodes(unit)
            if len(given) != 1 or sheet.hides(block.row, mark):
                continue
            start = _node(sheet, given[0], sheet.form(owner[given[0]]))
            if start is not None:
                form = delayed_form(sheet.density)
                room = sheet.room(block.row, mark) + _TIP
                end = End(sheet.mark(block.row, mark), room, form.height / 2, block.row)
                yield Wire("feedback", ways.find(start, end), True)


def _node(sheet: Sheet, unit: int, form: Form) -> End | None:
    """Where a node is drawn, if it is."""
    row, column = sheet.drawing.trace.rows[unit], sheet.drawing.trace.units[unit]
    if sheet.rows.hides(row) or sheet.columns.hides(column):
        return None
    return End(sheet.point(column, row), form.width / 2, form.height / 2, row)
