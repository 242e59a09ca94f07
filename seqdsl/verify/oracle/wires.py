"""drawing + lengths → wires: what is behind a wire, once every ellipsis has its number of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.picture.trace import JunctionRef, StateRef
from seqdsl.verify.oracle import periods
from seqdsl.verify.oracle.chains import are_chains, chains_of
from seqdsl.verify.oracle.steps import FINAL, Source, Unclear

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.picture import trace
    from seqdsl.picture.trace import Producer
    from seqdsl.verify.oracle.periods import Period


class Wires:
    """The wires of a picture at given lengths.

    Attributes:
        drawing: what was read of the picture.
        blocks: its blocks, delayed ones last.
        counts: the number of steps of each block.
        at: the block and step of each drawn node.
    """

    def __init__(self, drawing: Drawing, lengths: Mapping[str, int]) -> None:
        """Number the steps of every block."""
        self.drawing = drawing
        # Delayed nodes come last; what is read of them is that of their rows, up to where it is known what they give.
        self.blocks = [*drawing.blocks, *drawing.delayed]
        self._flat: dict[trace.Source, list[Producer]] = {}
        self._read: dict[int, list[int]] = {}
        self._pairs: dict[tuple[int, int, bool], list[periods.Pair]] = {}
        self._periods: dict[tuple[int, int], dict[int, Period]] = {}
        self._owner = [index for index, block in enumerate(self.blocks) for _ in range(block.count)]
        self._elided: dict[tuple[int, int], int] = {}
        self._count({**drawing.values, **lengths})
        self.at: list[Source] = []
        counts = []
        for index, block in enumerate(self.blocks):
            gaps = self.gaps(index)
            # X X ..3.. X: the drawn nodes 0 1 2 are the steps 0 1 5.
            for node in range(block.count):
                before = sum(size for after, size in gaps if after <= node)
                self.at.append(Source(index, node + before))
            counts.append(block.count + sum(size for _, size in gaps))
        self.counts = tuple(counts)

    def _count(self, env: Mapping[str, int]) -> None:
        """Count the steps of every ellipsis, bottom row first.

        What the wires say of a row over another one is counted here; how long the inputs are, and the rows that
        read nothing step by step, is given.
        """
        # The steps of delayed nodes are given, and others are counted by them.
        delayed = range(len(self.drawing.blocks), len(self.blocks))
        for index in (*delayed, *range(delayed.start)):
            block = self.blocks[index]
            for place, stretch in enumerate(block.stretches):
                periods_below = self._find_periods(index, place)
                self._periods[index, place] = periods_below
                counts = {
                    self._counted(index, below, period, place)
                    for below, period in periods_below.items()
                }
                if len(counts) > 1:
                    raise Unclear
                given = self.drawing.lengths.elided[block.row, stretch.mark]
                count = counts.pop() if counts else given.value(env)
                self._elided[block.row, stretch.mark] = count

    def _find_periods(self, index: int, place: int) -> dict[int, Period]:
        """How an ellipsis of a block goes on over each block below."""
        by_block = {}
        for below in self._below(index):
            ways = self._ways(index, below, place)
            pairs = (pair for way in ways for pair in self._pairs_of(index, below, joined=way))
            periods_found = (pair.period(place) for pair in pairs)
            by_block[below] = next((one for one in periods_found if one is not None), None)
        return {below: period for below, period in by_block.items() if period is not None}

    def _ways(self, index: int, below: int, place: int) -> tuple[bool, ...]:
        """Whether a block below counts with the chains of its row: first so where several are read there."""
        chains = chains_of(self.blocks, below)
        if len(chains) == 1:
            return (False,)
        block = self.blocks[index]
        after = block.stretches[place].after
        beside = range(block.first + max(after - 1, 0), block.first + min(after + 1, block.count))
        read = {self._owner[one] for unit in beside for one in self._reads(unit)}
        return (True, False) if len(read & set(chains)) > 1 else (False, True)

    def _below(self, index: int) -> list[int]:
        """The blocks with ellipses that a block reads."""
        if index not in self._read:
            block = self.blocks[index]
            units = range(block.first, block.first + block.count)
            read = {self._owner[source] for unit in units for source in self._reads(unit)}
            self._read[index] = sorted(one for one in read if self.blocks[one].stretches)
        return self._read[index]

    def _pairs_of(self, index: int, below: int, *, joined: bool) -> list[periods.Pair]:
        """A block over another, or over all chains of its row: with the chains beside it, then by itself."""
        if (index, below, joined) not in self._pairs:
            row = chains_of(self.blocks, below) if joined else range(below, below + 1)
            upper = self.blocks[index]
            lower = self.blocks[row.start : row.stop]
            beside = self._beside(index)
            self._pairs[index, below, joined] = [
                periods.Pair(upper, lower, self._reads, self._is_led, nodes, at=below - row.start)
                for nodes in ([beside] if any(beside) else []) + [None]
            ]
        return self._pairs[index, below, joined]

    def moved(self, source: Source, by: int) -> Source:
        """A step so many further on in its row; the chains of one row follow each other."""
        block, step = source.block, source.step + by
        if 0 <= step < self.counts[block]:
            return Source(block, step)
        chains = chains_of(self.blocks, block)
        while step < 0 and block > chains.start:
            block -= 1
            step += self.counts[block]
        while step >= self.counts[block] and block < chains.stop - 1:
            step -= self.counts[block]
            block += 1
        return Source(block, step)

    def _beside(self, index: int) -> tuple[range, range]:
        """The nodes of the chains before and behind a block in its row, up to an ellipsis of theirs.

        A row that is broken into chains reads on across the gap, and a group of its nodes may lie on both sides.
        """
        blocks = self.blocks
        here = blocks[index]
        low, high = here.first, here.first + here.count
        for block in reversed(blocks[:index]):
            if not are_chains(block, here) or block.first + block.count != low:
                break
            cut = max((item.after for item in block.stretches), default=0)
            low = block.first + cut
        for block in blocks[index + 1 :]:
            if not are_chains(block, here) or block.first != high:
                break
            high += min((item.after for item in block.stretches), default=block.count)
        return range(low, here.first), range(here.first + here.count, high)

    def _reads(self, unit: int) -> frozenset[int]:
        """The nodes that a node reads."""
        entries = self.drawing.trace.entries(unit)
        sources = (one for entry in entries for one in self.flat(entry))
        return frozenset(one for one in sources if isinstance(one, int))

    def _is_led(self, unit: int) -> bool:
        """Whether a junction leads something to a node."""
        return any(isinstance(entry, JunctionRef) for entry in self.drawing.trace.entries(unit))

    def _counted(self, index: int, below: int, period: Period, place: int) -> int:
        """How many steps an ellipsis stands for, where the number of the one below is resolved."""
        block, other = self.blocks[index], self.blocks[below]
        if period.start is None:
            # Two nodes below for one above: where 6 are elided below, 3 are above; 7 would leave one over.
            whole, rest = divmod(
                self._elided[other.row, other.stretches[period.gap].mark], period.down
            )
            if rest:
                raise Unclear
            return whole * period.up
        # A stride over the whole row below: of 9 steps from 0 on, every second, 5 are read; with 3 drawn, 2 are elided.
        length = other.count + sum(size for _, size in self.gaps(below))
        total = len(range(period.start, length, period.down)) * period.up
        return (
            total
            - block.count
            - sum(self._elided[block.row, item.mark] for item in block.stretches[:place])
        )

    def period(self, index: int, place: int, read: Collection[int]) -> Period | None:
        """How an ellipsis of a block goes on over the block below that is read, or over the chains of its row."""
        found = self._periods[index, place]
        first = min(read)
        if len(read) == 1 and first in found:
            return found[first]
        row = chains_of(self.blocks, first)
        if max(read) not in row:
            return None
        return next((found[one] for one in row if one in found and found[one].is_joined), None)

    def reads_groups(self, index: int) -> bool:
        """Whether a block reads a group of steps after the other, across an ellipsis."""
        places = range(len(self.blocks[index].stretches))
        return any(
            period.down > 1 for place in places for period in self._periods[index, place].values()
        )

    def gaps(self, index: int) -> list[tuple[int, int]]:
        """The ellipses of a block: after how many drawn nodes, and how many steps."""
        block = self.blocks[index]
        return [(item.after, self._elided[block.row, item.mark]) for item in block.stretches]

    def is_before_gap_end(self, source: Source, start: Source, way: int) -> bool:
        """Whether a step comes before the first drawn one behind the next ellipsis, on the way from ``start``."""
        block = self.blocks[source.block]
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

    def columns(self, source: Producer) -> list[int]:
        """Where a node is, or a final state leaves its row."""
        if not isinstance(source, StateRef):
            return [self.corner(source)[0]]
        block = source.block
        terminals = self.drawing.states.terminals.get(self.blocks[block].row, ())
        return [item.column for item in terminals if item.leaves and item.block == block]

    def is_junction(self, source: trace.Source | None) -> bool:
        """Whether a wire comes from a junction, not straight from a node."""
        return isinstance(source, JunctionRef)

    def is_bus(self, source: trace.Source) -> bool:
        """Whether several values leave by a wire."""
        return len(self.flat(source)) > 1

    def flat(self, source: trace.Source) -> list[Producer]:
        """All nodes and final states behind a wire, by column, then bottom to top."""
        if source in self._flat:
            return self._flat[source]
        producers: set[Producer] = set()
        # A list, as buses can be stacked deeper than Python recurses; and each junction once, as the paths through
        # shared ones multiply.
        waiting = [source]
        passed: set[int] = set()
        while waiting:
            item = waiting.pop()
            if not isinstance(item, JunctionRef):
                producers.add(item)
            elif item.number not in passed:
                passed.add(item.number)
                waiting += self.drawing.trace.junctions[item.number].sources
        self._flat[source] = sorted(producers, key=self._place)
        return self._flat[source]

    def behind(self, source: trace.Source, *, drawn: bool = False) -> tuple[Source, ...]:
        """All values behind a wire; steps elided between, or beside, those on a bus are on it as well.

        Not so if only what is ``drawn`` is asked for: where a row reads group after group, an elided step is in a
        group of its own.
        """
        flat = self.flat(source)
        if len(flat) == 1 or drawn:
            return tuple(self.source(item) for item in flat)
        return tuple(one for item in flat for one in self._with_elided(item, set(flat)))

    def source(self, item: Producer) -> Source:
        """The value of a node, or of a final state."""
        return Source(item.block, FINAL) if isinstance(item, StateRef) else self.at[item]

    def _with_elided(self, unit: Producer, bus: set[Producer]) -> Iterator[Source]:
        here = self.source(unit)
        if isinstance(unit, StateRef):
            yield here
            return
        block = self.blocks[here.block]
        node = unit - block.first
        for after, size in self.gaps(here.block):
            if after == 0 == node:
                yield from (Source(here.block, step) for step in range(size))
        yield here
        for after, size in self.gaps(here.block):
            # Of X X ..3.. X X, a bus of both nodes beside the ellipsis has its steps, too; a bus of one of them not.
            # Where the row ends with an ellipsis, one is enough.
            if after == node + 1 and (after == block.count or unit + 1 in bus):
                yield from (Source(here.block, here.step + 1 + step) for step in range(size))

    def _place(self, source: Producer) -> tuple[int, int, int]:
        if not isinstance(source, StateRef):
            return (*self.corner(source), 0)
        # A state leaves its block at the end of its way: behind the last step, before the first if it turns back.
        block = self.blocks[source.block]
        turned = self.drawing.states.directions[source.block] is Direction.BACKWARD
        column = self.drawing.grid[block.row].columns[block.marks[0 if turned else 1]]
        return column, block.row, -1 if turned else 1
