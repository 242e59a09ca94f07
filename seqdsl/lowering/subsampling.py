r"""wires → relations: how many steps an ellipsis elides for those that the row below it elides.

The wires on both sides of an ellipsis are compared by periods: m steps of the upper row for k of the lower one.

    P     P     ...   k = 2: each step reads two, the upper row elides half as many
    |\    |\
    X X   X X   ...

    Y Y   Y Y   ...   m = 2: each step is read by two, the upper row elides twice as many
    |/    |/
    X     X     ...

    F     F     ...   k = 2, of which one is read: a stride
    |     |
    X X   X X   ...
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from seqdsl.lowering.periods import Periods
from seqdsl.lowering.readings import Readings
from seqdsl.lowering.relations import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.lowering.readings import Segment
    from seqdsl.lowering.relations import Key
    from seqdsl.picture.blocks import DrawnBlock, Stretch
    from seqdsl.picture.trace import Trace


def find_relations(
    blocks: Sequence[DrawnBlock], trace: Trace, stretches: Mapping[Key, int]
) -> dict[Key, Relation]:
    """The relation of every ellipsis whose wires tell one.

    Args:
        blocks: the blocks.
        trace: their wires.
        stretches: the stretch of time of each ellipsis.
    """
    if not stretches:
        return {}
    finder = _Finder(blocks, trace, stretches)
    relations = {}
    for index, block in enumerate(blocks):
        for place, stretch in enumerate(block.stretches):
            found = finder.relation(index, place)
            if found is not None:
                relations[block.row, stretch.mark] = found
    return relations


class _Finder:
    """Compares the wires on both sides of ellipses."""

    def __init__(
        self, blocks: Sequence[DrawnBlock], trace: Trace, stretches: Mapping[Key, int]
    ) -> None:
        self.readings, self.stretches = Readings(blocks, trace), stretches
        self.periods = Periods(self.readings)
        # The first ellipsis of each block in each stretch.
        self._keys: dict[tuple[int, int], Key] = {}
        for index, block in enumerate(blocks):
            for item in block.stretches:
                key = block.row, item.mark
                self._keys.setdefault((index, stretches[key]), key)

    def relation(self, index: int, place: int) -> Relation | None:
        """How the ellipsis at some ``place`` of a block elides what one below elides, if anything tells."""
        block = self.readings.blocks[index]
        left, right = self.readings.segments(block)[place : place + 2]
        if left.is_empty or right.is_empty:
            return self._at_end(index, place, left, right)
        # In the order of how much they tell: a bus or a shared source; two periods; a window that goes on across
        # the ellipsis; and if the wires tell nothing, what stands in the same stretch of time.
        one, other = left.end - 1, right.first
        if self.readings.is_alike(one, other):
            return self._same(block, block.stretches[place], one)
        found = self._between(index, place, left, right)
        if found is not None:
            return found
        reads = self.readings.by_block(one), self.readings.by_block(other)
        groups = self.readings.group(left, one, -1), self.readings.group(right, other, 1)
        if max(map(len, groups)) > 1 and all(reads):
            return Relation(None)
        return self._across(*reads) or self._same(block, block.stretches[place], one)

    def _between(self, index: int, place: int, left: Segment, right: Segment) -> Relation | None:
        """The relation of an ellipsis over one between two periods of a block below."""
        one, other = left.end - 1, right.first
        lefts, rights = self.readings.by_block(one), self.readings.by_block(other)
        for row, before, behind in self.readings.rows(index, left, right):
            groups = self.readings.group(before, one, -1), self.readings.group(behind, other, 1)
            for below in sorted(lefts.keys() & rights.keys()):
                period = self.periods.between(row, groups, below, lefts[below], rights[below])
                if period is not None:
                    key, down = period
                    up = len(groups[0])
                    is_last = place == len(self.readings.blocks[index].stretches) - 1
                    stride = self.periods.stride(index, below, up, down) if is_last else None
                    return Relation(key, up, down, stride)
        return None

    def _at_end(self, index: int, place: int, left: Segment, right: Segment) -> Relation | None:
        """The relation of an ellipsis that begins or ends its block.

        Between two ellipses side by side there is nothing to compare.
        """
        block = self.readings.blocks[index]
        is_outer = place == (0 if left.is_empty else len(block.stretches) - 1)
        if not is_outer or (left.is_empty and right.is_empty):
            return None
        unit = left.end - 1 if right.is_empty else right.first
        found = self.periods.at_end(index, left, right)
        return found or self._same(block, block.stretches[place], unit)

    def _across(
        self, left: Mapping[int, list[int]], right: Mapping[int, list[int]]
    ) -> Relation | None:
        """The ellipsis below a window that goes on across it: wires from the steps elided there are missing."""
        for below in sorted(left.keys() | right.keys()):
            ours, theirs = left.get(below, []), right.get(below, [])
            if ours == theirs:
                continue
            breaks = self.readings.breaks(below)
            if ours:
                near = bisect_right(breaks, ours[-1])
                if near < len(breaks) and not (theirs and theirs[0] < breaks[near]):
                    return Relation(self.readings.key(below, near))
            elif near := bisect_right(breaks, theirs[0]):
                return Relation(self.readings.key(below, near - 1))
        return None

    def _same(self, block: DrawnBlock, stretch: Stretch, unit: int) -> Relation | None:
        """An ellipsis of what a unit reads in the same stretch of time: as many steps are elided there.

        Of several rows, the uppermost one: it is nearest.
        """
        here = self.stretches[block.row, stretch.mark]
        for below in sorted(self.readings.by_block(unit), reverse=True):
            if (below, here) in self._keys:
                return Relation(self._keys[below, here])
        return None
