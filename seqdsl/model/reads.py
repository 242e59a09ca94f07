"""wires → slots: what the steps of each block see, place by place.

A *slot* is one place in the concatenation that a node sees. For a whole block it is a list of *pieces*
(`seqdsl.model.pieces`): so many steps of this block read so many steps of that one, at a stride.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.graph.trace import NONE, as_junction, as_tap
from seqdsl.model.budget import MOST_SOURCES, Overgrown
from seqdsl.model.elide import Elider
from seqdsl.model.pieces import ZERO, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.diagnostics import Diagnostic
    from seqdsl.graph.blocks import DrawnBlock
    from seqdsl.graph.grid import GridRow
    from seqdsl.graph.trace import Trace
    from seqdsl.model.lengths import Lengths

__all__ = ["ZERO", "Piece", "Reader", "Slot"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in what a block's nodes see.

    Attributes:
        pieces: what fills it, step by step. Where ``bus`` is set they only tell which steps see the bus.
        bus: everything that enters the one bus that these steps see, in order.
        straight: whether it enters straight from below, in the node's own column.
    """

    pieces: tuple[Piece, ...]
    bus: tuple[Piece, ...] | None = None
    straight: bool = False


class Reader:
    """Reads what each block sees."""

    def __init__(
        self, grid: Sequence[GridRow], blocks: Sequence[DrawnBlock], trace: Trace, lengths: Lengths
    ) -> None:
        """Index the units of ``blocks``."""
        self.grid = grid
        self.blocks = blocks
        self.trace = trace
        self.lengths = lengths
        self.diagnostics: list[Diagnostic] = []
        self._elider = Elider(grid, blocks, trace, lengths, self.diagnostics)
        self._flat: dict[int, tuple[int, ...]] = {}
        self._room = MOST_SOURCES
        self._bus: dict[int, tuple[Piece, ...]] = {}

    def slots(self, index: int) -> list[Slot]:
        """What the block ``index`` sees, in the order of concatenation."""
        lanes = self._lanes(self.blocks[index])
        return [
            slot
            for sources, straight in lanes
            for slot in self._lane_slots(index, sources, straight)
        ]

    def owner(self, unit: int) -> int:
        """The block of a unit."""
        return self._elider.owner[unit]

    def _lanes(self, block: DrawnBlock) -> list[tuple[list[int], bool]]:
        """The wires of a block's drawn units, one list for each place in the concatenation.

        If all wired units have equally many wires, the places are counted; else they go by the side
        from which the wires enter, so that a window's missing edge leaves its own place empty.
        """
        part = slice(block.first, block.first + block.count)
        blank = [NONE] * block.count
        sides = (
            (self.trace.slash[part], False),
            (self.trace.pipe[part], True),
            (self.trace.back[part], False),
        )
        lanes = [(lane, straight) for lane, straight in sides if lane != blank]
        if len(lanes) < 2:
            return lanes
        wires = [
            [source for source in column if source != NONE]
            for column in zip(*(lane for lane, _ in lanes), strict=True)
        ]
        counts = {len(column) for column in wires if column}
        if len(counts) > 1 or counts == {len(lanes)}:
            return lanes
        width = counts.pop()
        filled = [column or [NONE] * width for column in wires]
        return [([column[place] for column in filled], False) for place in range(width)]

    def flat(self, source: int) -> tuple[int, ...]:
        """All units and taps behind a source, by column, then bottom to top."""
        top = as_junction(source)
        if top is None:
            return (source,)
        # Any number of junctions may be stacked: no recursion.
        waiting = [top]
        while waiting:
            junction = waiting[-1]
            # A wide bus may enter another at every column: each is waited for, and merged, once.
            sources = dict.fromkeys(self.trace.junctions[junction].sources)
            inner = (number for item in sources if (number := as_junction(item)) is not None)
            missing = [number for number in inner if number not in self._flat]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if junction not in self._flat:
                self._flat[junction] = self._merged(sources)
        return self._flat[top]

    def _merged(self, sources: Iterable[int]) -> tuple[int, ...]:
        parts = [
            (item,) if (number := as_junction(item)) is None else self._flat[number]
            for item in sources
        ]
        if len(parts) == 1:
            return parts[0]
        self._take(sum(map(len, parts)))
        return tuple(sorted({item for part in parts for item in part}, key=self._place))

    def _take(self, sources: int) -> None:
        """Account for sources that are listed one by one."""
        self._room -= sources
        if self._room < 0:
            message = f"more than {MOST_SOURCES:,} wires through the junctions of this picture"
            raise Overgrown(message, "stack fewer junctions, or join narrower buses")

    def _place(self, source: int) -> tuple[int, int, int]:
        tap = as_tap(source)
        if tap is None:
            return self.trace.units[source], self.trace.rows[source], 0
        # A state leaves its block at the end of its way, outside of the node that stands there.
        block = self.blocks[tap]
        backward = block.direction == "<"
        end = block.marks[0] if backward else block.marks[1]
        return self.grid[block.row].columns[end], block.row, -1 if backward else 1

    def bus(self, source: int) -> tuple[Piece, ...]:
        """Everything that enters a bus, as pieces."""
        if source not in self._bus:
            self._bus[source] = self._elider.bus(self.flat(source))
        return self._bus[source]

    def pieces(self, sources: list[int], index: int) -> tuple[Piece, ...]:
        """The pieces of what each drawn unit of block ``index`` reads, one source a unit."""
        return self._elider.lane(sources, index)

    def _lane_slots(self, index: int, sources: list[int], straight: bool) -> list[Slot]:
        behind = {source: self.flat(source) for source in set(sources) if source < NONE}
        # A junction over one source is a wire, one over several is a bus:
        #
        #     O O         O O
        #     | |         | |
        #     +-+         +-+-+
        #     |           | | |
        #     X           X X X
        many = {source for source, flat in behind.items() if len(flat) > 1}
        single = [
            behind[source][0] if source in behind and source not in many else source
            for source in sources
        ]
        if not many:
            led = self._is_shared(sources, single, index)
            return [Slot(self._elider.lane(single, index, shared=led), straight=straight)]
        if len(many) == 1 and set(sources) <= many | {NONE}:
            shared = many.pop()
            one = self.flat(shared)[0]
            seen = [NONE if source == NONE else one for source in sources]
            return [Slot(self._elider.lane(seen, index, shared=True), self.bus(shared), straight)]
        width = max(len(self.flat(source)) for source in sources if source != NONE)
        self._take(width * len(sources))
        columns = [list(self.flat(source)) if source != NONE else [] for source in sources]
        padded = [column + [NONE] * (width - len(column)) for column in columns]
        return [
            Slot(self._elider.lane([column[place] for column in padded], index))
            for place in range(width)
        ]

    def _is_shared(self, sources: list[int], single: list[int], index: int) -> bool:
        """Whether one bus leads one value to nodes that are not straight above it: to the elided ones, too."""
        wired = [place for place, source in enumerate(sources) if source != NONE]
        if not wired or len({sources[place] for place in wired}) > 1 or sources[wired[0]] > NONE:
            return False
        unit = self.blocks[index].first + wired[0]
        source = single[wired[0]]
        sideways = source < NONE or self.trace.units[source] != self.trace.units[unit]
        return (len(wired) > 1 or sideways) and not self._goes_on(source, index)

    def _goes_on(self, source: int, index: int) -> bool:
        """Whether elided steps at an end go on reading the block of ``source``, as in the chain beside this one."""
        block = self.blocks[index]
        relations = (self.lengths.relations.get((block.row, item.mark)) for item in block.stretches)
        below = {item.below for item in relations if item is not None and item.goes_on}
        if source < NONE or not below:
            return False
        read = self.blocks[self.owner(source)]
        return any((read.row, item.mark) in below for item in read.stretches)
