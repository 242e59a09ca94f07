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
from seqdsl.picture.delayed_rows import is_delayed

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
    _add_delayed(relations, blocks, finder.keys)
    return relations


def _add_delayed(
    relations: dict[Key, Relation],
    blocks: Sequence[DrawnBlock],
    keys: Mapping[tuple[int, int], Key],
) -> None:
    r"""Relate the ellipses of delayed blocks, which no wire enters, to those of their letters in the same columns.

    The lowest row of the stretch tells nothing about them: of ``y`` as many steps are elided as of ``Y``, half as many
    as of ``X``::

        Y   Y   ... Y
        |\  |\      |\
        | y | y ... | y
        |   |       |
        X X X X ... X X
    """
    letters = {block.letter: index for index, block in reversed([*enumerate(blocks)])}
    # In `d M ... d M` one ellipsis is that of both blocks, and M's wires tell its size.
    drawn = {key for (index, _), key in keys.items() if not is_delayed(blocks[index].letter)}
    for (index, stretch), key in keys.items():
        letter = letters.get(blocks[index].letter.upper())
        if key in drawn or letter is None:
            continue
        below = keys.get((letter, stretch))
        if below is not None and not _leads_to(relations, below, key):
            relations[key] = Relation(below)


def _leads_to(relations: Mapping[Key, Relation], start: Key | None, goal: Key) -> bool:
    """Whether the relations lead from one ellipsis to another, as in a loop that reads nothing else."""
    here = start
    while here is not None and here != goal:
        found = relations.get(here)
        here = found.below if found is not None else None
    return here == goal


class _Finder:
    """Compares the wires on both sides of ellipses."""

    def __init__(
        self, blocks: Sequence[DrawnBlock], trace: Trace, stretches: Mapping[Key, int]
    ) -> None:
        self.readings, self.stretches = Readings(blocks, trace), stretches
        self.periods = Periods(self.readings)
        # The first ellipsis of each block in each stretch.
        self.keys: dict[tuple[int, int], Key] = {}
        for index, block in enumerate(blocks):
            for item in block.stretches:
                key = block.row, item.mark
                self.keys.setdefault((index, stretches[key]), key)

    def relation(self, index: int, place: int) -> Relation | None:
        """How the ellipsis at some ``place`` of a block elides what one below elides, if anything tells."""
        block = self.readings.blocks[index]
        left, right = self.readings.segments(range(index, index + 1))[place : place + 2]
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
        for row, before, behind in self.readings.rows(index, left, right):
            groups = self.readings.group(before, one, -1), self.readings.group(behind, other, 1)
            for below in self.readings.below(one, other):
                lefts, rights = (self.readings.read_in(unit, below) for unit in (one, other))
                period = self.periods.between(row, groups, below, lefts, rights)
                if period is not None:
                    key, down = period
                    up = len(groups[0])
                    # The last steps of a stride are those of a block: over several chains there are whole periods.
                    is_last = place == len(self.readings.blocks[index].stretches) - 1
                    alone = is_last and len(below) == 1
                    stride = self.periods.stride(index, below[0], up, down) if alone else None
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
        # Y Y ... Y Y     the Y left of the ellipsis reads X0, the one right of it nothing (its wire would come from an
        #  /       /      elided X): the relation is to the next ellipsis behind X0
        # X X ... X X
        for below in sorted(left.keys() | right.keys()):
            ours, theirs = left.get(below, []), right.get(below, [])
            if ours == theirs:
                continue
            block = range(below, below + 1)
            breaks = self.readings.breaks(block)
            if ours:
                near = bisect_right(breaks, ours[-1])
                if near < len(breaks) and not (theirs and theirs[0] < breaks[near]):
                    return Relation(self.readings.key(block, near))
            elif near := bisect_right(breaks, theirs[0]):
                return Relation(self.readings.key(block, near - 1))
        return None

    def _same(self, block: DrawnBlock, stretch: Stretch, unit: int) -> Relation | None:
        """An ellipsis of what a unit reads in the same stretch of time: as many steps are elided there.

        Of several rows, the uppermost one: it is nearest.
        """
        here = self.stretches[block.row, stretch.mark]
        # Delayed blocks are the last ones, but follow their letters: what else is read tells more.
        found = self.readings.by_block(unit)
        for below in sorted(found, key=lambda one: (self._is_delayed(one), -one)):
            if (below, here) in self.keys:
                return Relation(self.keys[below, here])
        return None

    def _is_delayed(self, index: int) -> bool:
        return is_delayed(self.readings.blocks[index].letter)
