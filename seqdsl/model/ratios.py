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
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.graph.trace import NONE, as_junction
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from seqdsl.graph.blocks import DrawnBlock, Stretch
    from seqdsl.graph.trace import Trace

Key = tuple[int, int]
"""An ellipsis: its row in the grid and its mark in that row."""


@record(frozen=True)
class Stride:
    """All steps of a block read every ``every``-th step of another, whatever its length.

    Attributes:
        below: the block that is read.
        start: its first step that is read.
        every: from one read step to the next.
        each: how many steps in turn read the same one.
    """

    below: int
    start: int
    every: int
    each: int


@record(frozen=True)
class Relation:
    """How an ellipsis elides what another one elides.

    Attributes:
        below: the other ellipsis; ``None`` if the wires on both sides have no common period.
        up: how many steps it elides ...
        down: ... for so many of the other.
        stride: the stride of its whole block, which tells the number of steps for any length.
        goes_on: whether it is at an end, where the periods beside it go on: none of its steps repeats the last one.
    """

    below: Key | None
    up: int = 1
    down: int = 1
    stride: Stride | None = None
    goes_on: bool = False

    @property
    def ratio(self) -> Fraction:
        """The steps elided for each one of the ellipsis below."""
        return Fraction(self.up, self.down)


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


class _Segment(NamedTuple):
    """The units of a block from one ellipsis, or end, to the next: ``first`` to before ``end``."""

    first: int
    end: int


class _Finder:
    """Compares the wires on both sides of ellipses."""

    def __init__(
        self, blocks: Sequence[DrawnBlock], trace: Trace, stretches: Mapping[Key, int]
    ) -> None:
        self.blocks, self.trace, self.stretches = blocks, trace, stretches
        self.owner = [index for index, block in enumerate(blocks) for _ in range(block.count)]
        self._sources: dict[int, list[int]] = {}
        self._readers: dict[range, dict[int, list[int]]] = {}
        self._parts: dict[int, list[_Segment]] = {}
        # The first ellipsis of each block in each stretch.
        self._keys: dict[tuple[int, int], Key] = {}
        for index, block in enumerate(blocks):
            for item in block.stretches:
                key = block.row, item.mark
                self._keys.setdefault((index, stretches[key]), key)

    def relation(self, index: int, place: int) -> Relation | None:
        block = self.blocks[index]
        stretch = block.stretches[place]
        left, right = self._segments(block)[place : place + 2]
        if left.first == left.end or right.first == right.end:
            # Between two ellipses side by side there is nothing to compare.
            outer = place == (0 if left.first == left.end else len(block.stretches) - 1)
            alone = left.end - left.first + right.end - right.first == 0
            return self._at_end(index, place, left, right) if outer and not alone else None
        one, other = left.end - 1, right.first
        if self._is_alike(one, other):
            return self._same(block, stretch, one)
        reads = self._by_block(one), self._by_block(other)
        for row, before, behind in self._rows(index, left, right):
            groups = self._group(before, one, -1), self._group(behind, other, 1)
            for below in sorted(reads[0].keys() & reads[1].keys()):
                period = self._period(row, groups, below, reads[0][below], reads[1][below])
                if period is not None:
                    key, down = period
                    up = len(groups[0])
                    is_last = place == len(block.stretches) - 1
                    stride = self._stride(index, below, up, down) if is_last else None
                    return Relation(key, up, down, stride)
        if max(map(len, groups)) > 1 and reads[0] and reads[1]:
            return Relation(None)
        return self._across(*reads) or self._same(block, stretch, one)

    def _rows(
        self, index: int, left: _Segment, right: _Segment
    ) -> Iterator[tuple[range, _Segment, _Segment]]:
        """The blocks by whose wires an ellipsis of one is compared, and the units beside it in all of them.

        First with the chains beside it: where a row is broken into chains within a group, as many nodes of the row
        read a step as read the others. Then the block alone::

            H-H-H-H-..-H H-H    each step is read twice, as the second chain begins within a group
            | | | |    | | |
            +-+ +-+    +-+ |
            |   |      |   |
            X   X  ..  X   X
        """
        low, high, before, behind = index, index, left, right
        while before.first < before.end and self._goes_on(low - 1, before.first):
            low -= 1
            before = _Segment(self._segments(self.blocks[low])[-1].first, left.end)
        while behind.first < behind.end and self._goes_on(high, behind.end):
            high += 1
            behind = _Segment(right.first, self._segments(self.blocks[high])[0].end)
        if low < high:
            yield range(low, high + 1), before, behind
        yield range(index, index + 1), left, right

    def _goes_on(self, index: int, unit: int) -> bool:
        """Whether a block's row is broken behind it, before ``unit``, and goes on with another chain of its letter."""
        if not 0 <= index < len(self.blocks) - 1:
            return False
        one, other = self.blocks[index : index + 2]
        same = one.row == other.row and one.letter == other.letter and one.touched
        return same and other.first == unit

    # What units read

    def _wires(self, unit: int) -> tuple[int, int, int]:
        return self.trace.slash[unit], self.trace.pipe[unit], self.trace.back[unit]

    def _is_alike(self, unit: int, other: int) -> bool:
        """Whether two units read the same, from whatever side it enters."""
        if self._wires(unit) == self._wires(other):
            return True
        return bool(self.sources(unit)) and self.sources(unit) == self.sources(other)

    def sources(self, unit: int) -> list[int]:
        """The units that one unit reads, in order; none if it reads anything else."""
        if unit not in self._sources:
            found: set[int] = set()
            waiting = [source for source in self._wires(unit) if source != NONE]
            passed: set[int] = set()
            while waiting:
                source = waiting.pop()
                junction = as_junction(source)
                if junction is None:
                    found.add(source)
                elif junction not in passed:
                    passed.add(junction)
                    waiting += self.trace.junctions[junction].sources
            self._sources[unit] = sorted(found) if all(item >= 0 for item in found) else []
        return self._sources[unit]

    def _by_block(self, unit: int) -> dict[int, list[int]]:
        """The units that one unit reads, by the block to which they belong."""
        found: dict[int, list[int]] = {}
        for source in self.sources(unit):
            found.setdefault(self.owner[source], []).append(source)
        return found

    def _readers_in(self, row: range) -> dict[int, list[int]]:
        """The units of some blocks that read each unit."""
        if row not in self._readers:
            last = self.blocks[row[-1]]
            found: dict[int, list[int]] = {}
            for unit in range(self.blocks[row[0]].first, last.first + last.count):
                for source in self.sources(unit):
                    found.setdefault(source, []).append(unit)
            self._readers[row] = found
        return self._readers[row]

    def _group(self, part: _Segment, unit: int, way: int) -> list[int]:
        """The neighbours, from a unit on, that are wired as it is; in order."""
        found = [unit]
        while (
            part.first <= found[-1] + way < part.end
            and self.sources(unit)
            and self._is_alike(found[-1] + way, unit)
        ):
            found.append(found[-1] + way)
        return sorted(found)

    # Periods

    def _segments(self, block: DrawnBlock) -> list[_Segment]:
        """The units of a block between its ellipses; before one that begins it there are none."""
        if block.first not in self._parts:
            ends = [item.after for item in block.stretches]
            self._parts[block.first] = [
                _Segment(block.first + start, block.first + end)
                for start, end in zip([0, *ends], [*ends, block.count], strict=True)
            ]
        return self._parts[block.first]

    def _break(self, below: int, low: int, high: int) -> tuple[Key, _Segment, _Segment] | None:
        """The only ellipsis of a block between two of its units, and its neighbours."""
        block = self.blocks[below]
        breaks = self._breaks(below)
        place = bisect_right(breaks, low)
        if bisect_right(breaks, high) != place + 1:
            return None
        left, right = self._segments(block)[place : place + 2]
        return self._key(below, place), left, right

    def _period(
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
            if not self._is_read_by(row, window, units, group):
                return None if down > 1 or len(group) > 1 else (key, 1)
        return key, down

    def _at_end(self, index: int, place: int, left: _Segment, right: _Segment) -> Relation | None:
        """An ellipsis at an end of a block: the last period that is drawn is compared with the one before it."""
        way = 1 if right.first == right.end else -1
        unit = left.end - 1 if way > 0 else right.first
        for row, before, behind in self._rows(index, left, right):
            part = before if way > 0 else behind
            group = self._group(part, unit, -way)
            for below, units in self._by_block(unit).items():
                segments = self._segments(self.blocks[below])
                key, there = self._end_of(below, segments, way)
                if key is None or not there.first <= units[0] <= units[-1] < there.end:
                    continue
                down = self._down_at_end(row, group, units, part, there, way)
                if down:
                    up = len(group)
                    stride = self._stride(index, below, up, down) if way > 0 else None
                    return Relation(key, up, down, stride, goes_on=True)
        return self._same(self.blocks[index], self.blocks[index].stretches[place], unit)

    def _end_of(
        self, below: int, segments: Sequence[_Segment], way: int
    ) -> tuple[Key | None, _Segment]:
        """The ellipsis at an end of a block, if it has one there, and the units beside it."""
        block = self.blocks[below]
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
        part: _Segment,
        there: _Segment,
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
            reads = self._by_block(before).get(self.owner[units[0]], [])
        down = (units[0] - reads[0]) * way if reads else 0
        if down > 0 and [one + down * way for one in reads] == units:
            first = there.end - down if way > 0 else there.first
            window = range(first, first + down)
            # Of the period before it, the other end of the row may cut off some.
            earlier = [one - down * way for one in window]
            earlier = [one for one in earlier if there.first <= one < there.end]
            other = self._group(part, before, -way)
            if (
                len(other) == len(group)
                and self._is_read_by(row, window, units, group)
                and self._is_read_by(row, earlier, reads, other)
            ):
                return down if set(units) <= set(window) else 0
        edge = there.end - 1 if way > 0 else there.first
        return self._one_at_end(row, group, units, edge, is_first=not reads)

    def _is_read_by(
        self, row: range, window: Iterable[int], units: Collection[int], group: list[int]
    ) -> bool:
        """Whether, of a window, all of a row's nodes that read it are ``group``, which reads ``units``."""
        readers = self._readers_in(row)
        return all(readers.get(one, []) == (group if one in units else []) for one in window)

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
        if len(group) == 1 or units != [edge] or self._readers_in(row)[edge] != group:
            return 0
        is_bus = any(as_junction(source) is not None for source in self._wires(group[0]))
        return 0 if is_bus and is_first else 1

    # Strides

    def _stride(self, index: int, below: int, each: int, every: int) -> Stride | None:
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
        block, other = self.blocks[index], self.blocks[below]
        here, there = self._segments(block), self._segments(other)
        if len(here) != len(there) or here[0].first == here[0].end:
            return None
        firsts = self._by_block(block.first).get(below, [])
        start = firsts[0] - other.first if firsts else 0
        for place, (part, beneath) in enumerate(zip(here, there, strict=True)):
            first = beneath.first + (start if place == 0 else 0)
            # Behind an ellipsis that ends the row nothing is drawn that has to fit.
            is_last = place == len(here) - 1 or (place == 0 and there[1].first == there[1].end)
            if not is_last and (beneath.end - first) % every:
                return None
            wanted = [unit for unit in range(first, beneath.end, every) for _ in range(each)]
            units = range(part.first, part.end)
            if [self._by_block(unit).get(below) for unit in units] != [[unit] for unit in wanted]:
                return None
        return Stride(below, start, every, each)

    # Ellipses without a period of their own

    def _across(
        self, left: Mapping[int, list[int]], right: Mapping[int, list[int]]
    ) -> Relation | None:
        """The ellipsis below a window that goes on across it: wires from the steps elided there are missing."""
        for below in sorted(left.keys() | right.keys()):
            ours, theirs = left.get(below, []), right.get(below, [])
            if ours == theirs:
                continue
            breaks = self._breaks(below)
            if ours:
                near = bisect_right(breaks, ours[-1])
                if near < len(breaks) and not (theirs and theirs[0] < breaks[near]):
                    return Relation(self._key(below, near))
            elif near := bisect_right(breaks, theirs[0]):
                return Relation(self._key(below, near - 1))
        return None

    def _breaks(self, below: int) -> list[int]:
        """The units before which an ellipsis stands, or behind whose block."""
        return [part.end for part in self._segments(self.blocks[below])[:-1]]

    def _key(self, below: int, place: int) -> Key:
        block = self.blocks[below]
        return block.row, block.stretches[place].mark

    def _same(self, block: DrawnBlock, stretch: Stretch, unit: int) -> Relation | None:
        """An ellipsis of what a unit reads in the same stretch of time: as many steps are elided there.

        Of several rows, the uppermost one: it is nearest.
        """
        here = self.stretches[block.row, stretch.mark]
        for below in sorted(self._by_block(unit), reverse=True):
            if (below, here) in self._keys:
                return Relation(self._keys[below, here])
        return None
