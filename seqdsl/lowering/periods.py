r"""wires → periods: how many steps of a row go with how many of a row below, on both sides of an ellipsis.

P     ...   P         left of the ellipsis the last period of X ends, right of it the first one begins:
|\          |\        a period is two nodes of X, which one node of P reads
X X   ...   X X
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from seqdsl.lowering.relations import Relation, Stride
from seqdsl.picture.trace import JunctionRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.lowering.readings import Readings, Segment
    from seqdsl.lowering.relations import Key


class Periods:
    """Compares the wires on both sides of an ellipsis, or those beside an ellipsis at an end."""

    def __init__(self, readings: Readings) -> None:
        """Compare what is read in ``readings``."""
        self.readings = readings

    def _break(self, below: int, low: int, high: int) -> tuple[Key, Segment, Segment] | None:
        """The only ellipsis of a block between two of its units, and its neighbours."""
        block = self.readings.blocks[below]
        breaks = self.readings.breaks(below)
        place = bisect_right(breaks, low)
        if bisect_right(breaks, high) != place + 1:
            return None
        left, right = self.readings.segments(block)[place : place + 2]
        return self.readings.key(below, place), left, right

    def between(
        self,
        row: range,
        groups: tuple[list[int], list[int]],
        below: int,
        lefts: list[int],
        rights: list[int],
    ) -> tuple[Key, int] | None:
        """The ellipsis below, and how many of its steps are a period.

        Left of the ellipsis the last period ends, right of it the first one begins: they are wired alike if what
        both groups read is as far apart as a period is long, and nothing else of the block reads them.
        """
        found = self._break(below, lefts[-1], rights[0])
        if found is None or len(groups[0]) != len(groups[1]):
            return None
        key, left, right = found
        down = rights[0] - lefts[0]
        if [unit + down for unit in lefts] != rights:
            return None
        if lefts[0] < max(left.first, left.end - down) or rights[-1] >= right.first + down:
            return None
        if left.end - left.first < down:
            return None
        for units, group, first in (
            (lefts, groups[0], left.end - down),
            (rights, groups[1], right.first),
        ):
            # Of the last period, the end of the block may cut off some.
            window = range(first, min(first + down, right.end))
            if not self.readings.is_read_by(row, window, units, group):
                return None if down > 1 or len(group) > 1 else (key, 1)
        return key, down

    def at_end(self, index: int, left: Segment, right: Segment) -> Relation | None:
        """An ellipsis at an end of a block: the last period that is drawn is compared with the one before it."""
        way = 1 if right.is_empty else -1
        unit = left.end - 1 if way > 0 else right.first
        for row, before, behind in self.readings.rows(index, left, right):
            part = before if way > 0 else behind
            group = self.readings.group(part, unit, -way)
            for below, units in self.readings.by_block(unit).items():
                segments = self.readings.segments(self.readings.blocks[below])
                key, there = self._end_of(below, segments, way)
                if key is None or not there.first <= units[0] <= units[-1] < there.end:
                    continue
                down = self._down_at_end(row, group, units, part, there, way)
                if down:
                    up = len(group)
                    stride = self.stride(index, below, up, down) if way > 0 else None
                    return Relation(key, up, down, stride, goes_on=True)
        return None

    def _end_of(
        self, below: int, segments: Sequence[Segment], way: int
    ) -> tuple[Key | None, Segment]:
        """The ellipsis at an end of a block, if it has one there, and the units beside it."""
        block = self.readings.blocks[below]
        if not block.stretches:
            return None, segments[0]
        stretch, outer = (
            (block.stretches[-1], segments[-1]) if way > 0 else (block.stretches[0], segments[0])
        )
        beside = segments[-2] if way > 0 else segments[1]
        is_outer = outer.first == outer.end and beside.first < beside.end
        return ((block.row, stretch.mark) if is_outer else None), beside

    def _down_at_end(
        self,
        row: range,
        group: list[int],
        units: list[int],
        part: Segment,
        there: Segment,
        way: int,
    ) -> int:
        """How many nodes beside an ellipsis at an end are a period; 0 if nothing tells.

        The group beside the ellipsis reads as far behind the one before it as a period is long, and nothing else
        of the row reads the nodes of the two periods. What leaves a node beside the ellipsis unread without that is
        a shift, and what leaves one out once is no stride::

            F   F   ...       E E E ...       ... F   F F F
            |   |              / /                |   | | |
            X X X X ...       X X X ...       ... X X X X X
        """
        before = group[0] - 1 if way > 0 else group[-1] + 1
        reads: list[int] = []
        if part.first <= before < part.end:
            reads = self.readings.by_block(before).get(self.readings.owner[units[0]], [])
        down = (units[0] - reads[0]) * way if reads else 0
        if down > 0 and [one + down * way for one in reads] == units:
            first = there.end - down if way > 0 else there.first
            window = range(first, first + down)
            earlier = _within(there, (one - down * way for one in window))
            other = self.readings.group(part, before, -way)
            alike = self.readings.is_read_by(row, window, units, group)
            alike = alike and self.readings.is_read_by(row, earlier, reads, other)
            if len(other) == len(group) and alike:
                return down if set(units) <= set(window) else 0
        edge = there.end - 1 if way > 0 else there.first
        return self._one_at_end(row, group, units, edge, is_first=not reads)

    def _one_at_end(
        self, row: range, group: list[int], units: list[int], edge: int, *, is_first: bool
    ) -> int:
        """The period of the only group that tells: 1 where several wires repeat the step beside the ellipsis.

        A bus leads its one value to all elided steps, which is no period (0)::

            Y Y ...   1       Y Y ...   0
            |/                | |
            X   ...           +-+
                              |
                              X   ...
        """
        if len(group) == 1 or units != [edge] or self.readings.readers_in(row)[edge] != group:
            return 0
        is_bus = any(isinstance(one, JunctionRef) for one in self.readings.trace.wires(group[0]))
        return 0 if is_bus and is_first else 1

    def stride(self, index: int, below: int, each: int, every: int) -> Stride | None:
        """The stride of a whole block, if it reads every k-th step of the block below until none is left.

        All of it is counted from the first step, so that any length has a number of steps. An ellipsis in front
        has none: what it elides is of whole periods, or of none, and so is the rest. Nor is it one where the end of
        the row below is not read::

            F   ... F         ... F   ... F         F   ...
            |       |             |       |         |
            X X ... X X       ... X X ... X X       X X ... X X

            a stride          none                  none
        """
        if every == 1:
            return None
        block, other = self.readings.blocks[index], self.readings.blocks[below]
        here, there = self.readings.segments(block), self.readings.segments(other)
        if len(here) != len(there) or here[0].is_empty:
            return None
        firsts = self.readings.by_block(block.first).get(below, [])
        start = firsts[0] - other.first if firsts else 0
        for place, (part, beneath) in enumerate(zip(here, there, strict=True)):
            read = range(beneath.first + (start if place == 0 else 0), beneath.end, every)
            # Behind an ellipsis that ends the row nothing is drawn that has to fit.
            is_last = place == len(here) - 1 or (place == 0 and there[1].is_empty)
            if not is_last and (read.stop - read.start) % every:
                return None
            if not self._reads_each(part, below, [unit for unit in read for _ in range(each)]):
                return None
        return Stride(below, start, every, each)

    def _reads_each(self, part: Segment, below: int, wanted: Sequence[int]) -> bool:
        """Whether the units of a part read one unit of a block each, and which."""
        found = [self.readings.by_block(unit).get(below) for unit in range(part.first, part.end)]
        return found == [[unit] for unit in wanted]


def _within(part: Segment, units: Iterable[int]) -> list[int]:
    """The units of a period; the other end of the row may cut off some."""
    return [unit for unit in units if part.first <= unit < part.end]
