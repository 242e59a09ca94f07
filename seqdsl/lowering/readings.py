"""wires → readings: which units each unit reads, and who else reads them, between the ellipses of the blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.trace import JunctionRef

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from seqdsl.lowering.relations import Key
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.trace import Trace


class Segment(NamedTuple):
    """The units of a block from one ellipsis, or end, to the next: ``first`` to before ``end``."""

    first: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Whether two ellipses stand side by side, or one at an end."""
        return self.first == self.end


class Readings:
    """What the units of a picture read.

    Attributes:
        blocks: the blocks.
        trace: their wires.
        owner: the block of each unit.
    """

    def __init__(self, blocks: Sequence[DrawnBlock], trace: Trace) -> None:
        """Read the wires of ``blocks``; each unit is looked at once it is asked for."""
        self.blocks, self.trace = blocks, trace
        self.owner = [index for index, block in enumerate(blocks) for _ in range(block.count)]
        self._sources: dict[int, list[int]] = {}
        self._readers: dict[range, dict[int, list[int]]] = {}
        self._segments: dict[int, list[Segment]] = {}

    def is_alike(self, unit: int, other: int) -> bool:
        """Whether two units read the same, from whatever side it enters."""
        if self.trace.wires(unit) == self.trace.wires(other):
            return True
        return bool(self.sources(unit)) and self.sources(unit) == self.sources(other)

    def sources(self, unit: int) -> list[int]:
        """The units that one unit reads, in order; none if it reads anything else."""
        if unit not in self._sources:
            # Through junctions down to units. A final state has no step that could be counted, so what reads one is
            # no part of a pattern.
            found: set[int] = set()
            waiting = self.trace.entries(unit)
            passed: set[JunctionRef] = set()
            has_state = False
            while waiting:
                source = waiting.pop()
                if isinstance(source, int):
                    found.add(source)
                elif not isinstance(source, JunctionRef):
                    has_state = True
                elif source not in passed:
                    passed.add(source)
                    waiting += self.trace.junctions[source.number].sources
            self._sources[unit] = [] if has_state else sorted(found)
        return self._sources[unit]

    def by_block(self, unit: int) -> dict[int, list[int]]:
        """The units that one unit reads, by the block to which they belong."""
        found: dict[int, list[int]] = {}
        for source in self.sources(unit):
            found.setdefault(self.owner[source], []).append(source)
        return found

    def readers_in(self, row: range) -> dict[int, list[int]]:
        """The units of some blocks that read each unit."""
        if row not in self._readers:
            last = self.blocks[row[-1]]
            found: dict[int, list[int]] = {}
            for unit in range(self.blocks[row[0]].first, last.first + last.count):
                for source in self.sources(unit):
                    found.setdefault(source, []).append(unit)
            self._readers[row] = found
        return self._readers[row]

    def is_read_by(
        self, row: range, window: Iterable[int], units: Collection[int], group: list[int]
    ) -> bool:
        """Whether, of a window, all of a row's nodes that read it are ``group``, which reads ``units``."""
        readers = self.readers_in(row)
        return all(readers.get(one, []) == (group if one in units else []) for one in window)

    def group(self, part: Segment, unit: int, way: int) -> list[int]:
        """The neighbours, from a unit on, that are wired as it is; in order."""
        # U U U U      from the third U on, to the right: the third and the fourth, which both read the second X
        # |/  |/
        # X   X
        found = [unit]
        while (
            part.first <= found[-1] + way < part.end
            and self.sources(unit)
            and self.is_alike(found[-1] + way, unit)
        ):
            found.append(found[-1] + way)
        return sorted(found)

    def segments(self, block: DrawnBlock) -> list[Segment]:
        """The units of a block between its ellipses; before one that begins it there are none."""
        if block.first not in self._segments:
            ends = [item.after for item in block.stretches]
            self._segments[block.first] = [
                Segment(block.first + start, block.first + end)
                for start, end in zip([0, *ends], [*ends, block.count], strict=True)
            ]
        return self._segments[block.first]

    def breaks(self, below: int) -> list[int]:
        """The units before which an ellipsis stands, or behind whose block."""
        return [part.end for part in self.segments(self.blocks[below])[:-1]]

    def key(self, below: int, place: int) -> Key:
        """An ellipsis of a block, as its row and mark."""
        block = self.blocks[below]
        return block.row, block.stretches[place].mark

    def rows(
        self, index: int, left: Segment, right: Segment
    ) -> Iterator[tuple[range, Segment, Segment]]:
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
            before = Segment(self.segments(self.blocks[low])[-1].first, left.end)
        while behind.first < behind.end and self._goes_on(high, behind.end):
            high += 1
            behind = Segment(right.first, self.segments(self.blocks[high])[0].end)
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
