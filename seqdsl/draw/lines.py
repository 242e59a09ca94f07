"""sheet → lines: wires, buses and state wires, with the places where they cross."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.chains import Cell, Chain, find_chains
from seqdsl.draw.scene import Point, Wire
from seqdsl.ir.direction import Direction
from seqdsl.picture.delayed_rows import is_delayed
from seqdsl.picture.grid import JUNCTION, STATE_END

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.draw.families import Form
    from seqdsl.draw.scene import Line
    from seqdsl.draw.sheet import Sheet

_ELBOW = 12.0
_TIP = 1.5

LANE = 5.0
"""Half the distance between the two lines of a bidirectional row."""


class Run(NamedTuple):
    """A horizontal line from a mark to the next in its row; ``way`` is that of its arrow, if it has one."""

    row: int
    left: int
    right: int
    line: Line
    way: Direction | None
    block: int


def find_wires(sheet: Sheet) -> Iterator[Wire]:
    """All lines of a drawing, the horizontal ones first."""
    runs = [run for row in sheet.drawn_rows for run in row_runs(sheet, row)]
    chains = find_chains(sheet.drawing.grid, sheet.drawn_columns, sheet.drawn_rows)
    elbows = _elbows(sheet, runs, chains)
    for run in runs:
        yield from _run_wires(sheet, run, elbows)
    for chain in chains:
        yield _chain_wire(sheet, chain, elbows)


def row_runs(sheet: Sheet, row: int) -> Iterator[Run]:
    """The horizontal lines of a row: drawn ones, and those of recurrent blocks that draw none."""
    item = sheet.drawing.grid[row]
    for mark, join in enumerate(item.joins):
        if join:
            yield _drawn(sheet, row, mark)
    for index in sheet.blocks.get(row, ()):
        settings, block = sheet.drawing.settings[index], sheet.drawing.blocks[index]
        if settings.is_recurrent and not block.touched:
            # H H H      without drawn state wires a recurrent row runs forward: that is drawn for it
            marks = list(sheet.marks_of(index))
            for left, right in pairwise(marks):
                yield Run(row, left, right, "state", Direction.FORWARD, index)


def _drawn(sheet: Sheet, row: int, mark: int) -> Run:
    chars = sheet.drawing.grid[row].marks
    left, right = sheet.owners.get((row, mark)), sheet.owners.get((row, mark + 1))
    if left is None and right is None:
        cell = Cell(sheet.drawing.grid[row].columns[mark], row)
        line: Line = "hand" if cell in sheet.passed else "data"
        return Run(row, mark, mark + 1, line, None, sheet.passed.get(cell, -1))
    if left is not None and right is not None:
        if left == right:
            way = sheet.drawing.states.directions[left]
            return Run(row, mark, mark + 1, "state", way, left)
        return _handed(sheet, row, mark, (left, right))
    if STATE_END in chars[mark : mark + 2]:
        # *-H-H-*    state comes in from the left, and goes out to the right
        (index,) = (item for item in (left, right) if item is not None)
        return Run(row, mark, mark + 1, "state", Direction.FORWARD, index)
    junction = mark if chars[mark] == JUNCTION else mark + 1
    return _terminal(sheet, row, mark, junction)


def _handed(sheet: Sheet, row: int, mark: int, pair: tuple[int, int]) -> Run:
    hand = sheet.hands.get(frozenset(pair))
    if hand is None:
        return Run(row, mark, mark + 1, "hand", Direction.FORWARD, pair[0])
    onward = Direction.FORWARD if hand.source == pair[0] else Direction.BACKWARD
    way = Direction.BIDIRECTIONAL if hand.is_double else onward
    return Run(row, mark, mark + 1, "hand", way, hand.source)


def _terminal(sheet: Sheet, row: int, mark: int, junction: int) -> Run:
    column = sheet.drawing.grid[row].columns[junction]
    index = sheet.owners[row, mark if junction != mark else mark + 1]
    inward = Direction.FORWARD if junction == mark else Direction.BACKWARD
    cell = Cell(column, row)
    way = None if cell in sheet.leaving.get(index, ()) else inward
    line: Line = "hand" if cell in sheet.passed else "state"
    return Run(row, mark, mark + 1, line, way, sheet.passed.get(cell, index))


def _elbows(sheet: Sheet, runs: Sequence[Run], chains: Sequence[Chain]) -> dict[Cell, float]:
    """The junctions at which one wire turns into one horizontal line; where the turn ends, in pixels."""
    upright = Counter(end for chain in chains for end in (chain.cells[0], chain.cells[-1]))
    sides: dict[Cell, list[float]] = {}
    #     Y
    #     |      both junctions have one upright wire and one horizontal line: two elbows of 12 pixels, the left one
    # +---+      to the right (+12), the right one to the left (-12); on a short line they meet in its middle
    # |
    # X
    for run in runs:
        a, b = sheet.mark(run.row, run.left), sheet.mark(run.row, run.right)
        reach = min(_ELBOW, (b.x - a.x) / 2)
        for mark, step in ((run.left, reach), (run.right, -reach)):
            if sheet.drawing.grid[run.row].marks[mark] == JUNCTION:
                cell = Cell(sheet.drawing.grid[run.row].columns[mark], run.row)
                sides.setdefault(cell, []).append(step)
    return {
        cell: steps[0] for cell, steps in sides.items() if len(steps) == 1 and upright[cell] == 1
    }


def _run_wires(sheet: Sheet, run: Run, elbows: dict[Cell, float]) -> Iterator[Wire]:
    if sheet.hides_column(run.row, run.left) and sheet.hides_column(run.row, run.right):
        return
    start, end = (run_end(sheet, run, mark, elbows) for mark in (run.left, run.right))
    if run.way is Direction.BIDIRECTIONAL:
        up, down = start._replace(y=start.y - LANE), end._replace(y=end.y + LANE)
        yield Wire(run.line, (up, up._replace(x=end.x - _TIP)), True)
        yield Wire(run.line, (down, down._replace(x=start.x + _TIP)), True)
        return
    if run.way is Direction.BACKWARD:
        start, end = end, start
    tip = {Direction.FORWARD: -_TIP, Direction.BACKWARD: _TIP, None: 0.0}[run.way]
    yield Wire(run.line, (start, end._replace(x=end.x + tip)), bool(tip))


def run_end(sheet: Sheet, run: Run, mark: int, elbows: dict[Cell, float]) -> Point:
    """Where a horizontal line ends at a mark."""
    at = sheet.mark(run.row, mark)
    cell = Cell(sheet.drawing.grid[run.row].columns[mark], run.row)
    room = sheet.room(run.row, mark)
    away = elbows.get(cell, 0.0) if room == 0 else room if mark == run.left else -room
    return at._replace(x=at.x + away)


def _chain_wire(sheet: Sheet, chain: Chain, elbows: dict[Cell, float]) -> Wire:
    points = [sheet.point(*cell) for cell in chain.cells]
    first, last = chain.cells[0], chain.cells[-1]
    if first in elbows:
        points.insert(0, points[0]._replace(x=points[0].x + elbows[first]))
    if last in elbows:
        points.append(points[-1]._replace(x=points[-1].x + elbows[last]))
    if chain.to_unit:
        mark = bisect_left(sheet.drawing.grid[last.row].columns, last.column)
        points[-1] = _border(points[-2], points[-1], sheet.form(sheet.owners[last.row, mark]))
    is_passed = first in sheet.passed and last in sheet.passed
    line: Line = "hand" if is_passed else "data"
    # What leaves a delayed node is of the step before, up to where it joins something else.
    if is_delayed(sheet.drawing.grid[first.row].cells[first.column]):
        line = "feedback"
    return Wire(line, tuple(points), chain.to_unit)


def _border(before: Point, center: Point, form: Form) -> Point:
    """Where a line from ``before`` to the middle of a node meets its border."""
    dx, dy = before.x - center.x, before.y - center.y
    length = hypot(dx, dy)
    # From straight above, a box of 36 by 32 is met 16 pixels above its middle, a circle anywhere at its radius.
    # Both dx and dy are scaled by one number: of a box the one for the side that is met first, the smaller.
    if form.radius * 2 >= form.width:
        reach = form.radius / length
    else:
        reach = min(
            form.width / 2 / abs(dx) if dx else 1.0, form.height / 2 / abs(dy) if dy else 1.0
        )
    reach += _TIP / length
    return Point(center.x + dx * reach, center.y + dy * reach)


def find_bridges(sheet: Sheet) -> Iterator[Point]:
    """Where upright wires cross horizontal lines without joining them."""
    for row in sheet.drawn_rows:
        item = sheet.drawing.grid[row]
        for run in row_runs(sheet, row):
            for column in range(item.columns[run.left] + 1, item.columns[run.right]):
                if item.cells[column] in "|^+" and not sheet.columns.hides(column):
                    yield sheet.point(column, row)
