"""wires → operands: what the steps of each block read, place by place.

An *operand* is one place in the concatenation that a node reads. For a whole block it is a list of *accesses*
(`seqdsl.lowering.strided_access`): so many steps of this block read so many steps of that one, at a stride.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.budget import MOST_SOURCES, Overgrown
from seqdsl.ir.direction import Direction
from seqdsl.lowering.delays import before_first
from seqdsl.lowering.ellipsis import Elider
from seqdsl.lowering.lanes import Lane, apart, by_block, by_unit, has_bus, transposed
from seqdsl.lowering.strided_access import StridedAccess, ZeroSteps
from seqdsl.lowering.units import Units
from seqdsl.picture.trace import JunctionRef, StateRef

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from seqdsl.lowering.delays import Delays
    from seqdsl.lowering.lengths import Lengths
    from seqdsl.lowering.strided_access import Access
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.picture.trace import Producer, Source, Trace
    from seqdsl.text.diagnostics import Diagnostic

__all__ = ["Operand", "Reader", "StridedAccess", "ZeroSteps"]


@dataclass(frozen=True, slots=True)
class Operand:
    """One place in what a block's nodes read.

    Attributes:
        accesses: what fills it, step by step. Where ``bus`` is set they only tell which steps read the bus.
        bus: everything that enters the one bus that these steps read, in order.
        straight: whether it enters straight from below, in the node's own column.
        named: the argument that names the row on the bus, where that is not wired; empty: it is wired.
    """

    accesses: tuple[Access, ...]
    bus: tuple[StridedAccess, ...] | None = None
    straight: bool = False
    named: str = ""

    @property
    def read(self) -> list[StridedAccess]:
        """What is read of other blocks: the steps that are wired, and what enters the bus."""
        return [*self.wired, *(self.bus or ())]

    @property
    def wired(self) -> list[StridedAccess]:
        """The steps that are wired to something."""
        return [access for access in self.accesses if isinstance(access, StridedAccess)]


class Reader:
    """Follows what each block reads."""

    def __init__(
        self,
        grid: Sequence[GridRow],
        blocks: Sequence[DrawnBlock],
        trace: Trace,
        lengths: Lengths,
        delays: Delays | None = None,
        unordered: Collection[int] = (),
    ) -> None:
        """Index the units of ``blocks``, delayed ones last.

        Args:
            grid: the rows of the picture.
            blocks: its blocks.
            trace: where the wires lead.
            lengths: how long everything is.
            delays: what delayed nodes give.
            unordered: the blocks whose nodes may read their wires in any order, as sums do.
        """
        self.grid = grid
        self.blocks = blocks
        self.trace = trace
        self.lengths = lengths
        self.delays = delays
        self.unordered = unordered
        self.diagnostics: list[Diagnostic] = []
        self._units = Units(grid, blocks, trace, lengths)
        self._elider = Elider(grid, self._units, self.diagnostics)
        self._flat: dict[Source, tuple[Producer, ...]] = {}
        self._places: dict[Producer, tuple[int, int, int]] = {}
        self._room = MOST_SOURCES
        self._bus: dict[Source, tuple[StridedAccess, ...]] = {}

    def operands(self, index: int) -> list[Operand]:
        """What the block ``index`` reads, in the order of concatenation."""
        return [
            operand for lane in self._lanes(index) for operand in self._lane_operands(index, lane)
        ]

    def owner(self, producer: Producer) -> int:
        """The block of a unit or of a final state."""
        if isinstance(producer, StateRef):
            return producer.block
        return self._units.owner[producer]

    def _lanes(self, index: int) -> list[Lane]:
        """What enters a block's drawn units, buses apart from wires where order does not matter."""
        lanes = self._by_place(index)
        # The order of concatenation is that of the places, whatever they lead.
        mixed = (has_bus(lane, self.flat, self.owner) for lane in lanes)
        return apart(by_unit(lanes), self.flat) if index in self.unordered and any(mixed) else lanes

    def _by_place(self, index: int) -> list[Lane]:
        r"""The wires of a block's drawn units, one list for each place in the concatenation.

        If all wired units have equally many wires, the places are counted; else they go by the side
        from which the wires enter, so that a window's missing edge leaves its own place empty::

            Y Y Y      two wires, then one: by side      Y     Y      two wires each: by place
            |\|\|      `|`   X1  X2  X3                   |\   /|      first   X1  X3
            X X X      `\`   X2  X3  none                 X X X X      second  X2  X4
        """
        block = self.blocks[index]
        part = slice(block.first, block.first + block.count)
        blank = [None] * block.count
        sides = (
            Lane(self.trace.slash[part], False),
            Lane(self.trace.pipe[part], True),
            Lane(self.trace.back[part], False),
        )
        lanes = [lane for lane in sides if lane.sources != blank]
        if len(lanes) < 2:
            return lanes
        wires = by_unit(lanes)
        if index in self.unordered and (aligned := by_block(wires, self.owner)):
            return aligned
        # Nodes without any wire, as in a decoder that runs on, do not count.
        counts = {len(column) for column in wires if column}
        if len(counts) > 1 or counts == {len(lanes)}:
            return lanes
        return [Lane(lane, False) for lane in transposed(wires, counts.pop())]

    def flat(self, source: Source) -> tuple[Producer, ...]:
        """All units and final states behind a source, by column, then bottom to top."""
        if not isinstance(source, JunctionRef):
            return (source,)
        # All nodes over a bus ask for it: its sources are followed for the first.
        if source in self._flat:
            return self._flat[source]
        # Any number of junctions may be stacked: no recursion.
        waiting = [source]
        while waiting:
            junction = waiting[-1]
            # A wide bus may enter another at every column: each is waited for, and merged, once.
            sources = dict.fromkeys(self.trace.junctions[junction.number].sources)
            missing = [
                item for item in sources if isinstance(item, JunctionRef) and item not in self._flat
            ]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if junction not in self._flat:
                self._flat[junction] = self._merged(sources)
        return self._flat[source]

    def _merged(self, sources: Iterable[Source]) -> tuple[Producer, ...]:
        # A junction of one wire is that wire: no sorting, and nothing to account for.
        parts = [self._flat[item] if isinstance(item, JunctionRef) else (item,) for item in sources]
        if len(parts) == 1:
            return parts[0]
        self._take(sum(map(len, parts)))
        merged: set[Producer] = set().union(*parts)
        for item in merged.difference(self._places):
            self._places[item] = self._place(item)
        # In a lattice of junctions these are most of the work: nothing of Python runs for each.
        return tuple(sorted(merged, key=self._places.__getitem__))

    def _take(self, sources: int) -> None:
        """Account for sources that are listed one by one."""
        self._room -= sources
        if self._room < 0:
            message = f"more than {MOST_SOURCES:,} wires through the junctions of this picture"
            raise Overgrown(message, "use fewer junctions on top of each other, or narrower buses")

    def _place(self, source: Producer) -> tuple[int, int, int]:
        if not isinstance(source, StateRef):
            return self.trace.units[source], self.trace.rows[source], 0
        # A state leaves its block at the end of its way, outside of the node that is drawn there.
        block = self.blocks[source.block]
        backward = block.direction is Direction.BACKWARD
        end = block.marks[0] if backward else block.marks[1]
        return self.grid[block.row].columns[end], block.row, -1 if backward else 1

    def bus(self, source: Source) -> tuple[StridedAccess, ...]:
        """Everything that enters a bus, as accesses."""
        if source not in self._bus:
            accesses = self._given(self._elider.bus(self.flat(source)))
            read = tuple(item for item in accesses if isinstance(item, StridedAccess))
            if len(read) < len(accesses):
                self.diagnostics.append(before_first(self._units, self.flat(source)))
            self._bus[source] = read
        return self._bus[source]

    def _given(self, accesses: tuple[Access, ...]) -> tuple[Access, ...]:
        """Accesses in which delayed nodes are the steps whose values they give."""
        return accesses if self.delays is None else self.delays.of(accesses)

    def accesses(self, sources: Sequence[Producer | None], index: int) -> tuple[Access, ...]:
        """The accesses of what each drawn unit of block ``index`` reads, one source a unit."""
        return self._given(self._elider.lane(sources, index))

    def _buses(self, lane: Lane) -> dict[JunctionRef, tuple[Producer, ...]]:
        """The junctions that lead several sources to a lane, with these; one of a single source is but a wire."""
        junctions = {source for source in lane.sources if isinstance(source, JunctionRef)}
        behind = {source: self.flat(source) for source in junctions}
        return {source: flat for source, flat in behind.items() if len(flat) > 1}

    def _lane_operands(self, index: int, lane: Lane) -> list[Operand]:
        """The operands of a lane: one, unless its nodes read several buses.

        ::

            O O         O O         O O O O O
            | |         | |         | | | | |
            +-+         +-+-+       +-+ +-+-+
            |           | | |       | | | | |
            X           X X X       X X X X X

            a wire      one bus     two buses, of 2 and of 3: three operands; the first two X have nothing in the last
        """
        buses = self._buses(lane)
        if not buses:
            return [self._single(index, lane)]
        # One bus, or several that lead the same: which source represents it does not matter, as each node reads all.
        if len(set(buses.values())) == 1 and set(lane.sources) <= {*buses, None}:
            bus = next(iter(buses))
            one = buses[bus][0]
            represented = [None if source is None else one for source in lane.sources]
            reading = self._elider.lane(represented, index, shared=True)
            if self.delays is not None:
                reading = self.delays.marked(reading)
            return [Operand(reading, self.bus(bus), lane.straight)]
        # Nodes of several buses have their values side by side, the k-th of each node in operand k.
        columns = [() if source is None else self.flat(source) for source in lane.sources]
        width = max(map(len, columns))
        self._take(width * len(columns))
        return [Operand(self.accesses(part, index)) for part in transposed(columns, width)]

    def _single(self, index: int, lane: Lane) -> Operand:
        """The operand of a lane each of whose wires carries one value."""
        single = [
            self.flat(source)[0] if isinstance(source, JunctionRef) else source
            for source in lane.sources
        ]
        shared = self._is_shared(lane.sources, single, index)
        accesses = self._elider.lane(single, index, shared=shared)
        return Operand(self._given(accesses), straight=lane.straight)

    def _is_shared(
        self, sources: Sequence[Source | None], single: Sequence[Producer | None], index: int
    ) -> bool:
        """Whether one bus leads one value to nodes that are not straight above it: to the elided ones, too.

        ::

            O O ...       O ...     O ...       the first two: a junction leads the one X sideways
            | |           |         |           the last one: it is straight above, as if there was no junction
            +-+         +-+         +
            |           |           |
            X           X           X
        """
        wired = [place for place, source in enumerate(sources) if source is not None]
        if not wired or len({sources[place] for place in wired}) > 1:
            return False
        if not isinstance(sources[wired[0]], JunctionRef):
            return False
        unit = self.blocks[index].first + wired[0]
        source = single[wired[0]]
        sideways = not isinstance(source, int) or self.trace.units[source] != self.trace.units[unit]
        return (len(wired) > 1 or sideways) and not self._goes_on(source, index)

    def _goes_on(self, source: Producer | None, index: int) -> bool:
        """Whether elided steps at an end go on reading the block of ``source``, as in the chain beside this one."""
        block = self.blocks[index]
        relations = (self.lengths.relations.get((block.row, item.mark)) for item in block.stretches)
        below = {item.below for item in relations if item is not None and item.goes_on}
        if not isinstance(source, int) or not below:
            return False
        read = self.blocks[self.owner(source)]
        return any((read.row, item.mark) in below for item in read.stretches)
