"""wires → readings: which units each unit reads, and who else reads them, between the ellipses of the blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.trace import JunctionRef

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from seqdsl.lowering.relations import Key
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.trace import StateRef, Trace


class Segment(NamedTuple):
    """The units of a block from one ellipsis, or end, to the next: ``first`` to before ``end``."""

    first: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Whether two ellipses are side by side, or one is at an end."""
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
        self._states: dict[int, set[StateRef]] = {}
        self._readers: dict[range, dict[int, list[int]]] = {}
        self._segments: dict[range, list[Segment]] = {}
        self._breaks: dict[range, list[int]] = {}
        self._keys: dict[range, list[Key]] = {}
        self._rows: dict[int, range] = {}

    def is_alike(self, unit: int, other: int) -> bool:
        """Whether two units read the same, from whatever side it enters."""
        if self.trace.wires(unit) == self.trace.wires(other):
            return True
        found = self.sources(unit)
        return (
            bool(found)
            and found == self.sources(other)
            and self._states.get(unit) == self._states.get(other)
        )

    def sources(self, unit: int) -> list[int]:
        r"""The units that one unit reads, in order.

        A final state has no step that could be counted: beside steps it is a constant, as of this stride::

              Y     ... Y
              |\        |\
            +-|-+-------|-+     the final state of another row
            | |         |
              X   X ... X   X
        """
        if unit not in self._sources:
            # Through junctions down to units.
            units: set[int] = set()
            waiting = self.trace.entries(unit)
            passed: set[JunctionRef] = set()
            while waiting:
                source = waiting.pop()
                if isinstance(source, int):
                    units.add(source)
                elif not isinstance(source, JunctionRef):
                    self._states.setdefault(unit, set()).add(source)
                elif source not in passed:
                    passed.add(source)
                    waiting += self.trace.junctions[source.number].sources
            self._sources[unit] = sorted(units)
        return self._sources[unit]

    def by_block(self, unit: int) -> dict[int, list[int]]:
        """The units that one unit reads, by the block to which they belong."""
        units: dict[int, list[int]] = {}
        for source in self.sources(unit):
            units.setdefault(self.owner[source], []).append(source)
        return units

    def readers_in(self, row: range) -> dict[int, list[int]]:
        """The units of some blocks that read each unit."""
        if row not in self._readers:
            last = self.blocks[row[-1]]
            readers: dict[int, list[int]] = {}
            for unit in range(self.blocks[row[0]].first, last.first + last.count):
                for source in self.sources(unit):
                    readers.setdefault(source, []).append(unit)
            self._readers[row] = readers
        return self._readers[row]

    def is_read_by(
        self, row: range, window: Iterable[int], units: Collection[int], group: list[int]
    ) -> bool:
        """Whether, of a window, all of a row's nodes that read it are ``group``, which reads ``units``."""
        readers = self.readers_in(row)
        return all(readers.get(one, []) == (group if one in units else []) for one in window)

    def group(self, part: Segment, unit: int, way: int) -> list[int]:
        """The neighbors, from a unit on, that are wired as it is; in order."""
        # U U U U      from the third U on, to the right: the third and the fourth, which both read the second X
        # |/  |/
        # X   X
        members = [unit]
        while (
            part.first <= members[-1] + way < part.end
            and self.sources(unit)
            and self.is_alike(members[-1] + way, unit)
        ):
            members.append(members[-1] + way)
        return sorted(members)

    def segments(self, blocks: range) -> list[Segment]:
        """The units of a block, or of a row's chains, between its ellipses; none before one that begins it."""
        if blocks not in self._segments:
            members = self.blocks[blocks.start : blocks.stop]
            ends = [block.first + item.after for block in members for item in block.stretches]
            last = members[-1].first + members[-1].count
            self._segments[blocks] = [
                Segment(start, end)
                for start, end in zip([members[0].first, *ends], [*ends, last], strict=True)
            ]
        return self._segments[blocks]

    def breaks(self, below: range) -> list[int]:
        """The units before which an ellipsis stands, or behind whose block."""
        if below not in self._breaks:
            self._breaks[below] = [part.end for part in self.segments(below)[:-1]]
        return self._breaks[below]

    def key(self, below: range, place: int) -> Key:
        """An ellipsis of a block, or of chains side by side, as its row and mark."""
        if below not in self._keys:
            self._keys[below] = [
                (block.row, item.mark)
                for block in self.blocks[below.start : below.stop]
                for item in block.stretches
            ]
        return self._keys[below][place]

    def read_in(self, unit: int, below: range) -> list[int]:
        """The units of some blocks that one unit reads."""
        return [source for source in self.sources(unit) if self.owner[source] in below]

    def below(self, *units: int) -> Iterator[range]:
        r"""The blocks that all of some units read, and chains side by side that they read together.

        A gap of a chain is no gap in time, so that a period may lie across it: where the units read on both sides of
        one, the chains count as one row first. Else each is counted by itself::

            P     P ... P     the first P reads both chains: pairs of X, counted from the first node of the row
            |\    |\    |\
            X X-X-X ... X X
        """
        read = [{self.owner[one] for one in self.sources(unit)} for unit in units]
        alone = sorted(set.intersection(*read))
        rows = [{self._chains(one) for one in blocks} for blocks in read]
        chains = sorted(
            (row for row in set.intersection(*rows) if len(row) > 1), key=lambda row: row.start
        )
        crossed = [row for row in chains if sum(one in row for one in set.union(*read)) > 1]
        yield from crossed
        yield from (range(one, one + 1) for one in alone)
        yield from (row for row in chains if row not in crossed)

    def _chains(self, index: int) -> range:
        """All chains of a row that is broken into several, by one of them; a block by itself is one."""
        if index not in self._rows:
            low = high = index
            while self._goes_on(low - 1, self.blocks[low].first):
                low -= 1
            while self._goes_on(high, self.blocks[high].first + self.blocks[high].count):
                high += 1
            row = range(low, high + 1)
            self._rows |= dict.fromkeys(row, row)
        return self._rows[index]

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
            before = Segment(self.segments(range(low, low + 1))[-1].first, left.end)
        while behind.first < behind.end and self._goes_on(high, behind.end):
            high += 1
            behind = Segment(right.first, self.segments(range(high, high + 1))[0].end)
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
