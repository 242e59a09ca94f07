r"""sheet → the ways of lines to delayed nodes: beside all nodes, not through them.

A way goes from its node to a *lane*, along that past the rows between, and into its delayed node from the left:

    Y--+  Y       from the right of a node, where the lane is beside it
       |  |
    D--|--D
    |  |  |
    S  +->y

    D     D       from its lower (or upper) side, where something else stands beside it
    |\   /|
    | | C |       the lane
    | | | |
    V +>d V
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.grid import JUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.draw.scene import Point
    from seqdsl.draw.sheet import Sheet

_GAP = 4.0
"""How far a lane is from nodes and from upright wires."""

_HEAD = 11.0
"""How long the last part is at least, which has the arrow's head."""

_THROUGH, _ALONG = 100.0, 20.0
"""What it costs to run through a node, and along another line, in pixels of a longer way."""


class End(NamedTuple):
    """A node at an end of a way: its middle, half its width and height, and its row in the picture."""

    at: Point
    width: float
    height: float
    row: int


class Ways:
    """Finds a way for one line after the other: no two share a lane."""

    def __init__(self, sheet: Sheet) -> None:
        """Begin with a sheet without such lines."""
        self._sheet = sheet
        self._taken: list[tuple[float, float, float]] = []

    def find(self, start: End, end: End) -> tuple[Point, ...]:
        """The points of a line from a node to a delayed node to its right."""
        rows = range(min(start.row, end.row) + 1, max(start.row, end.row))
        cost, lane = self._best(start, end, rows, end.row)
        tip = end.at._replace(x=end.at.x - end.width)
        last: tuple[Point, ...] = (tip._replace(x=lane), tip)
        if cost >= _THROUGH:
            # Something stands between the lane and the delayed node, or there is none that is free all the way.
            cost, other = self._best(start, end, rows, None)
            passed = self._weave(other, start, end) if cost >= _THROUGH else ()
            lowest = passed[-1].x if passed else other
            last = (*passed, *self._around(lowest, end, down=end.at.y > start.at.y), tip)
            lane = other
        top, bottom = sorted((start.at.y, end.at.y))
        self._taken.append((lane, top, bottom))
        return *_leave(start, end, lane), *last

    def _best(
        self, start: End, end: End, rows: Iterable[int], last_row: int | None
    ) -> tuple[float, float]:
        """The best lane, behind its cost; ``last_row``: where it leads into the delayed node, if it does."""
        rows = list(rows)
        # Where two nodes are so close that no lane fits between them, the middle between them has to do.
        last = end.at.x - end.width
        lanes = [x for x in self._lanes(start, end, rows) if start.at.x < x < last]
        lanes = lanes or [(start.at.x + last) / 2]
        costs = ((self._cost(lane, start, end, rows), lane) for lane in lanes)
        return min((cost + self._last_cost(lane, end, last_row), lane) for cost, lane in costs)

    def _weave(self, lane: float, start: End, end: End) -> tuple[Point, ...]:
        """The corners of a line that goes past each row where there is room, as no lane is free all the way.

        ::

            M | M       between the nodes of this row
              +-+
            S   | S     and beside that of the next one
        """
        step = 1 if end.row > start.row else -1
        height = self._sheet.density.height / 2 + _GAP
        points: list[Point] = []
        here = lane
        for row in range(start.row + step, end.row, step):
            there = self._free(row, here)
            if there != here:
                # Just before the row, above it on the way down.
                at = self._sheet.point(0, row).y + (-height if end.at.y > start.at.y else height)
                points += [end.at._replace(x=here, y=at), end.at._replace(x=there, y=at)]
                here = there
        return tuple(points)

    def _free(self, row: int, lane: float) -> float:
        """The place in a row that is closest to a lane, and free of nodes; the lane if none is."""
        met = [*self._nodes_of(row, lane, lane)]
        sides = [side for low, high in met for side in (high + _GAP, low - _GAP)]
        free = [side for side in sides if not any(self._nodes_of(row, side, side))]
        return min(free, key=lambda side: abs(side - lane), default=lane) if met else lane

    def _around(self, lane: float, end: End, *, down: bool) -> tuple[Point, ...]:
        """From a lane above (or below) the row of a delayed node to the gap before that node.

        ::

            lane
             |
             +-------+       clear of what stands in the row, here X
                     |
                X    +->y
        """
        tip = end.at.x - end.width
        middle = (self._before(end, lane) + tip) / 2
        away = self._sheet.density.height / 2 + _GAP
        height = end.at.y + (-away if down else away)
        corners = (end.at._replace(x=lane, y=height), end.at._replace(x=middle, y=height))
        return *corners, end.at._replace(x=middle)

    def _before(self, end: End, least: float) -> float:
        """Where the gap before a delayed node begins."""
        last = end.at.x - end.width
        return max((high for _, high in self._nodes_of(end.row, least, last - 1, 0)), default=least)

    def _lanes(self, start: End, end: End, rows: Iterable[int]) -> Iterator[float]:
        """Where a lane may be: close to the delayed node, in the middle, or just beside a node of a row between."""
        right, last = start.at.x + start.width, end.at.x - end.width
        yield from (right + _HEAD, (right + last) / 2, (self._before(end, right) + last) / 2)
        # Below the node, between the wire into its middle and its right side.
        yield start.at.x + start.width / 2
        yield max(last - _HEAD, start.at.x + _GAP)
        for row in rows:
            for low, high in self._nodes_of(row, start.at.x, last):
                beside = (low - _GAP, (start.at.x + low) / 2, high + _GAP)
                yield from (x for x in beside if start.at.x < x < last)

    def _cost(self, lane: float, start: End, end: End, rows: Iterable[int]) -> float:
        """What a lane costs without its last part."""
        right = start.at.x + start.width
        cost = _THROUGH * sum(1 for row in rows for _ in self._nodes_of(row, lane, lane))
        cost += _THROUGH * self._beside(start.row, right + 1, lane)
        cost += _ALONG * sum(
            1 for x in self._uprights if abs(x - lane) < _GAP and start.at.x <= x < end.at.x
        )
        top, bottom = sorted((start.at.y, end.at.y))
        cost += _ALONG * sum(
            abs(x - lane) < _GAP and low < bottom and top < high for x, low, high in self._taken
        )
        # A lane below its node is not where one looks for it, and a short one is better than a long one.
        return cost + (_GAP if lane < right else 0.0) + abs(end.at.x - lane) / _THROUGH

    def _last_cost(self, lane: float, end: End, row: int | None) -> float:
        """What the last part costs, from the lane to the delayed node, which has the arrow's head."""
        if row is None:
            return 0.0
        last = end.at.x - end.width
        through = _THROUGH * self._beside(row, lane - _GAP, last - 1)
        return through + max(0.0, _HEAD - (last - lane)) * 2

    def _beside(self, row: int, low: float, high: float) -> int:
        return sum(1 for _ in self._nodes_of(row, low, high, 0)) if low < high else 0

    def _nodes_of(
        self, row: int, low: float, high: float, gap: float = _GAP
    ) -> Iterator[tuple[float, float]]:
        """The nodes of a row that are closer than ``gap`` to a line from ``low`` to ``high``: their borders."""
        nodes = self._rows.get(row, [])
        for left, right in nodes[bisect_left(nodes, (low - self._widest - gap,)) :]:
            if left - gap >= high:
                return
            if right + gap > low:
                yield left, right

    @cached_property
    def _rows(self) -> dict[int, list[tuple[float, float]]]:
        """The left and right borders of what is drawn in each row of nodes."""
        return {row: sorted(self._borders(row)) for row in self._sheet.node_rows}

    def _borders(self, row: int) -> Iterator[tuple[float, float]]:
        sheet = self._sheet
        for mark, char in enumerate(sheet.drawing.grid[row].marks):
            if char != JUNCTION:
                x, room = sheet.mark(row, mark).x, sheet.room(row, mark)
                yield x - room, x + room

    @cached_property
    def _widest(self) -> float:
        return max((high - low for row in self._rows.values() for low, high in row), default=0.0)

    @cached_property
    def _uprights(self) -> list[float]:
        """The columns that have upright wires."""
        grid, sheet = self._sheet.drawing.grid, self._sheet
        columns = {
            column
            for row in sheet.drawn_rows
            for column, char in enumerate(grid[row].cells)
            if char == "|" and column in sheet.drawn_columns
        }
        return sorted(sheet.point(column, 0).x for column in columns)


def _leave(start: End, end: End, lane: float) -> tuple[Point, ...]:
    """From the side of a node to the lane beside it; to one that is not, from below or above."""
    right = start.at.x + start.width
    if lane >= right:
        return start.at._replace(x=right), start.at._replace(x=lane)
    side = start.height if end.at.y > start.at.y else -start.height
    return (start.at._replace(x=lane, y=start.at.y + side),)
