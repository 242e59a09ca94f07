"""sheet → labels of passed states: what one layer passes to another, once on each way that it takes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.chains import Cell, find_chains
from seqdsl.draw.lines import LANE, find_bridges, row_runs, run_end
from seqdsl.draw.scene import Label, Point
from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.lines import Run
    from seqdsl.draw.sheet import Sheet

# The least length, in pixels, of a line with a text over it, and of one with a text beside it.
_FLAT, _UPRIGHT = 36.0, 24.0


class _Place(NamedTuple):
    """Where a text may be: over the middle of a flat line, or beside the middle of an upright one."""

    length: float
    label: Label


def find_hand_labels(sheet: Sheet) -> Iterator[Label]:
    """What is passed from one layer to another.

    A state that turns corners is named where the lines are longest, and once for all of them::

        D<D<D---+       over the upper or the lower line, or beside the upright one
                |
        E-E-E---+
    """
    # By the block that passes its state: it may leave at both ends of a bidirectional row.
    turned: dict[int, list[_Place]] = {}
    crossed = _crossings(sheet)
    for row in sheet.drawn_rows:
        for run in row_runs(sheet, row):
            if run.line != "hand":
                continue
            # A straight line `E-E-D-D` has its text at once; one with corners competes with its other lines.
            place = _over(sheet, run, crossed)
            if _is_turned(sheet, run):
                turned.setdefault(run.block, []).extend(place)
            else:
                yield from (item.label for item in place)
    for block, upright in _beside(sheet):
        turned.setdefault(block, []).append(upright)
    for places in turned.values():
        if places:
            yield max(places, key=lambda item: item.length).label


def _is_turned(sheet: Sheet, run: Run) -> bool:
    columns = sheet.drawing.grid[run.row].columns
    return any(Cell(columns[mark], run.row) in sheet.passed for mark in (run.left, run.right))


def _crossings(sheet: Sheet) -> dict[float, list[float]]:
    """Where upright wires cross lines, by height, from left to right."""
    crossed: dict[float, list[float]] = {}
    for point in find_bridges(sheet):
        crossed.setdefault(point.y, []).append(point.x)
    for places in crossed.values():
        places.sort()
    return crossed


def _over(sheet: Sheet, run: Run, crossed: dict[float, list[float]]) -> list[_Place]:
    """Over the middle of a run, if it is long enough and nothing crosses it there."""
    a, b = (run_end(sheet, run, mark, {}) for mark in (run.left, run.right))
    middle, half = (a.x + b.x) / 2, _FLAT / 2
    places = crossed.get(a.y, [])
    if b.x - a.x < _FLAT or bisect_right(places, middle - half) < bisect_left(
        places, middle + half
    ):
        return []
    # A bidirectional run is two lines: the text is over the upper one.
    lift = 7 + LANE * (run.way is Direction.BIDIRECTIONAL)
    label = Label(Point(middle, a.y - lift), _states(sheet, run.block), "hand", "middle")
    return [_Place(b.x - a.x, label)]


def _beside(sheet: Sheet) -> Iterator[tuple[int, _Place]]:
    """Beside the upright lines between two corners, with the blocks whose states they carry."""
    if not sheet.passed:
        return
    # Two cells, and nothing between them: an upright line of a corner above a corner.
    for chain in find_chains(sheet.drawing.grid, sheet.drawn_columns, sheet.drawn_rows):
        first, last = chain.cells[0], chain.cells[-1]
        if first not in sheet.passed or last not in sheet.passed or len(chain.cells) != 2:
            continue
        a, b = sheet.point(*first), sheet.point(*last)
        if a.x == b.x and a.y - b.y >= _UPRIGHT:
            at = Point(a.x + 9, (a.y + b.y) / 2 + 4)
            block = sheet.passed[first]
            yield block, _Place(a.y - b.y, Label(at, _states(sheet, block), "hand"))


def _states(sheet: Sheet, block: int) -> str:
    return ", ".join(sheet.drawing.settings[block].definition.states)
