"""drawing + lengths → wires: what is behind a wire, once every ellipsis has its number of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.graph.trace import as_junction, as_tap
from seqdsl.verify.reference.steps import FINAL, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.model.drawing import Drawing


class Wires:
    """The wires of a picture at given lengths.

    Attributes:
        drawing: what was read of the picture.
        counts: the number of steps of each block.
        at: the block and step of each drawn node.
    """

    def __init__(self, drawing: Drawing, lengths: Mapping[str, int]) -> None:
        """Number the steps of every block."""
        self.drawing = drawing
        env = {**drawing.values, **lengths}
        self._elided = {key: size.value(env) for key, size in drawing.lengths.elided.items()}
        self.at: list[Source] = []
        counts = []
        for index, block in enumerate(drawing.blocks):
            gaps = self.gaps(index)
            for node in range(block.count):
                before = sum(size for after, size in gaps if after <= node)
                self.at.append(Source(index, node + before))
            counts.append(block.count + sum(size for _, size in gaps))
        self.counts = tuple(counts)

    def gaps(self, index: int) -> list[tuple[int, int]]:
        """The ellipses of a block: after how many drawn nodes, and how many steps."""
        block = self.drawing.blocks[index]
        return [(item.after, self._elided[block.row, item.mark]) for item in block.stretches]

    def is_before_gap_end(self, source: Source, start: Source, way: int) -> bool:
        """Whether a step comes before the first drawn one behind the next ellipsis, on the way from ``start``."""
        block = self.drawing.blocks[source.block]
        drawn = [self.at[block.first + node].step for node in range(block.count)]
        node = drawn.index(start.step)
        ends = [after for after, _ in self.gaps(source.block)]
        if way > 0:
            beyond = next((after for after in ends if after > node), None)
            return beyond is not None and source.step < (*drawn, self.counts[source.block])[beyond]
        beyond = next((after for after in reversed(ends) if after <= node), None)
        return beyond is not None and source.step > (-1, *drawn)[beyond]

    def corner(self, unit: int) -> tuple[int, int]:
        """A node's column and row."""
        return self.drawing.trace.units[unit], self.drawing.trace.rows[unit]

    def columns(self, source: int) -> list[int]:
        """Where a node stands, or a final state leaves its row."""
        tap = as_tap(source)
        if tap is None:
            return [self.corner(source)[0]]
        terminals = self.drawing.states.terminals.get(self.drawing.blocks[tap].row, ())
        return [item.column for item in terminals if item.leaves and item.block == tap]

    def is_junction(self, source: int) -> bool:
        """Whether a wire comes from a junction, not straight from a node."""
        return as_junction(source) is not None

    def is_bus(self, source: int) -> bool:
        """Whether several values leave by a wire."""
        return len(self.flat(source)) > 1

    def flat(self, source: int) -> list[int]:
        """All nodes and final states behind a wire, by column, then bottom to top."""
        found: set[int] = set()
        waiting = [source]
        passed: set[int] = set()
        while waiting:
            item = waiting.pop()
            junction = as_junction(item)
            if junction is None:
                found.add(item)
            elif junction not in passed:
                passed.add(junction)
                waiting += self.drawing.trace.junctions[junction].sources
        return sorted(found, key=self._place)

    def behind(self, source: int) -> tuple[Source, ...]:
        """All values behind a wire; steps elided between, or beside, those on a bus are on it as well."""
        flat = self.flat(source)
        if len(flat) == 1:
            return (self.source(flat[0]),)
        return tuple(one for item in flat for one in self._with_elided(item, set(flat)))

    def source(self, item: int) -> Source:
        """The value of a node, or of a final state."""
        tap = as_tap(item)
        return Source(tap, FINAL) if tap is not None else self.at[item]

    def _with_elided(self, unit: int, bus: set[int]) -> Iterator[Source]:
        here = self.source(unit)
        if here.step == FINAL:
            yield here
            return
        block = self.drawing.blocks[here.block]
        node = unit - block.first
        for after, size in self.gaps(here.block):
            if after == 0 == node:
                yield from (Source(here.block, step) for step in range(size))
        yield here
        for after, size in self.gaps(here.block):
            if after == node + 1 and (after == block.count or unit + 1 in bus):
                yield from (Source(here.block, here.step + 1 + step) for step in range(size))

    def _place(self, source: int) -> tuple[int, int]:
        tap = as_tap(source)
        if tap is None:
            return self.corner(source)
        # A state leaves its block at the end of its way.
        block = self.drawing.blocks[tap]
        mark = block.marks[0] if self.drawing.states.directions[tap] == "<" else block.marks[1]
        return self.drawing.grid[block.row].columns[mark], block.row
