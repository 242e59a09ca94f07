"""drawn picture → what it draws: rows and wires without columns, so that they can be drawn anew.

The characters are read by the stages of `seqdsl.picture`; here their columns become places (`Node.place`), which only
say what is left of what.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.layout.marks import find_stretches, marks_drawn_anew, set_apart
from seqdsl.layout.picture import (
    Bus,
    Ellipsis,
    Junction,
    Node,
    Picture,
    Ref,
    Row,
    Side,
    StateWire,
    Unplaceable,
    Wire,
)
from seqdsl.lowering.parts import find_parts
from seqdsl.picture.blocks import find_blocks
from seqdsl.picture.delayed_rows import has_delayed
from seqdsl.picture.grid import ELLIPSIS, JUNCTION, STATE_END, scan
from seqdsl.picture.states import find_states
from seqdsl.picture.trace import JunctionRef, trace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from seqdsl.picture.trace import Source
    from seqdsl.syntax.ast import Picture as DrawnPicture


def from_picture(picture: DrawnPicture) -> Picture:
    """What a picture without errors draws.

    Raises:
        Unplaceable: its wires are not connected, or one row crosses the same stretch of time twice.
    """
    return _Reader(picture).read()


class _Reader:
    """Reads one picture; what is behind a wire of `seqdsl.picture.trace`, `_refs` alone goes through."""

    def __init__(self, picture: DrawnPicture) -> None:
        self.picture = picture
        self.grid, of_grid = scan(picture.rows)
        self.blocks, of_blocks = find_blocks(self.grid)
        self.states, of_states = find_states(self.grid, self.blocks)
        self.trace, of_wires = trace(self.grid, self.states)
        found = (*of_grid, *of_blocks, *of_states, *of_wires)
        if any(item.is_error for item in found) or any(map(has_delayed, self.grid)):
            raise Unplaceable("a picture with errors or delayed nodes cannot be drawn anew")
        # The characters are right from here on: what is read below has no diagnostics.
        # Node rows are numbered without the rows of wires between them.
        self.numbers = [number for number, row in enumerate(self.grid) if row.is_nodes]
        self.drawn: dict[int, list[int]] = {}
        self.apart: dict[int, set[int]] = {}
        for number in self.numbers:
            self._keep(number)
        self.stretches = find_stretches(self.grid)
        self.at = {number: at for at, number in enumerate(self.numbers)}
        self.owner = [i for i, block in enumerate(self.blocks) for _ in range(block.count)]

    def _keep(self, number: int) -> None:
        """Note which marks of a row the picture has: those that nothing but a bus passes are none."""
        row, ends = self.grid[number], self.states.terminals.get(number, ())
        self.drawn[number] = marks_drawn_anew(row, {item.column for item in ends})
        blocks = [block for block in self.blocks if block.row == number]
        self.apart[number] = set_apart(row, self.drawn[number], blocks)

    def read(self) -> Picture:
        calls = {row.line: str(row.call) for row in self.picture.rows if row.call is not None}
        rows = []
        for number in self.numbers:
            row, drawn = self.grid[number], self.drawn[number]
            marks = tuple(self._mark(number, mark) for mark in drawn)
            # Between two marks that are drawn anew were junctions of a bus that merely passes the row.
            joins = tuple(
                StateWire(row.joins[left]) if right == left + 1 else StateWire.NONE
                for left, right in pairwise(drawn)
            )
            rows.append(Row(marks, joins, calls.get(row.line, "")))
        return Picture(
            tuple(rows),
            tuple((item.letter, str(item.call)) for item in self.picture.definitions),
            tuple((item.name, str(item.value)) for item in self.picture.parameters),
            ordered=tuple(self._ordered()),
        )

    # Marks

    def _mark(self, number: int, mark: int) -> Node | Ellipsis | Junction:
        row = self.grid[number]
        char = row.marks[mark]
        if char == ELLIPSIS:
            stretch, middle = self.stretches[number, mark]
            return Ellipsis(stretch, row.names.get(mark, ""), middle)
        apart = mark in self.apart[number]
        column = row.columns[mark]
        if char == STATE_END:
            return Node(char, (), None, column, apart)
        if char != JUNCTION:
            unit = self._units[number, column]
            wires, over = self._wires(unit)
            return Node(char, wires, over, column, apart)
        return Junction(self._below(number, column), self._final(number, column), column, apart)

    def _final(self, number: int, column: int) -> Ref | None:
        """The node at which the state ends that leaves at a junction."""
        for item in self.states.terminals.get(number, ()):
            if item.leaves and item.column == column:
                block = self.blocks[item.block]
                backward = block.direction is Direction.BACKWARD
                return self._at(block.first if backward else block.first + block.count - 1)
        return None

    @cached_property
    def _units(self) -> dict[tuple[int, int], int]:
        """The unit in each cell."""
        places = zip(self.trace.rows, self.trace.units, strict=True)
        return {place: unit for unit, place in enumerate(places)}

    # Wires

    def _wires(self, unit: int) -> tuple[tuple[tuple[Side, Wire], ...], Ref | None]:
        """What enters a unit, and the source of a bus that is in its own column."""
        sides = zip((Side.LEFT, Side.BELOW, Side.RIGHT), self.trace.wires(unit), strict=True)
        wires = tuple(
            (side, self._wire(unit, source)) for side, source in sides if source is not None
        )
        column = self.trace.units[unit]
        # An attention over a bus alone asks with what is in its own column:   A A
        #                                                                       +-+
        #                                                                       P P
        own = (
            ref
            for _, wire in wires
            if isinstance(wire, Bus)
            for ref in wire.sources
            if self._column(ref) == column
        )
        return wires, next(own, None) if all(isinstance(wire, Bus) for _, wire in wires) else None

    def _wire(self, unit: int, source: Source) -> Wire:
        refs = self._refs(source)
        if not isinstance(source, JunctionRef):
            return refs[0]
        block = self.blocks[self.owner[unit]]
        # A wire that passes a junction. Beside an ellipsis it shows that elided steps are led to, too:
        #
        #     H ... H        H ... H
        #     |              |
        #     X            +-+
        #                  X
        if (
            len(refs) == 1
            and self._readers[source] == 1
            and (not block.stretches or self._column(refs[0]) == self.trace.units[unit])
        ):
            return refs[0]
        # Two junctions over the same sources are two wires: what one block reads of them is read one by one.
        alike = self._alike.setdefault((block.row, refs), [])
        if source not in alike:
            alike.append(source)
        return Bus(refs, alike.index(source))

    @cached_property
    def _alike(self) -> dict[tuple[int, tuple[Ref, ...]], list[JunctionRef]]:
        """The junctions that join the same sources, for each row that reads them."""
        return {}

    @cached_property
    def _readers(self) -> Counter[Source]:
        """How many wires come from each source."""
        units = range(len(self.owner))
        return Counter(source for unit in units for source in self.trace.entries(unit))

    def _below(self, number: int, column: int) -> Wire | None:
        """What enters a junction at the end of a state wire from below."""
        junction = self._ends.get((number, column))
        if junction is None:
            return None
        sources = self.trace.junctions[junction.number].sources
        refs = self._sorted({ref for source in sources for ref in self._refs(source)})
        if not refs:
            return None
        return refs[0] if len(refs) == 1 else Bus(refs)

    @cached_property
    def _ends(self) -> dict[tuple[int, int], JunctionRef]:
        """The junctions at ends of state wires, by the cell of their first `+`."""
        ends = {}
        for item in self.trace.junctions:
            if item.row in self.drawn:
                row = self.grid[item.row]
                if any(row.columns[mark] == item.column for mark in self.drawn[item.row]):
                    ends[item.row, item.column] = item.ref
        return ends

    @cached_property
    def _end_of(self) -> dict[JunctionRef, tuple[int, int]]:
        """The cell of the first `+` of each junction at ends of state wires."""
        return {junction: place for place, junction in self._ends.items()}

    def _refs(self, source: Source) -> tuple[Ref, ...]:
        """The marks behind a source, from left to right, then bottom to top."""
        ends = self._end_of
        refs: set[Ref] = set()
        waiting, passed = [source], set()
        while waiting:
            item = waiting.pop()
            # A final state is no mark of its own: what reads it reads the junction at which it leaves.
            if isinstance(item, int):
                refs.add(self._at(item))
            elif isinstance(item, JunctionRef) and item in ends:
                refs.add(self._ref(*ends[item]))
            elif isinstance(item, JunctionRef) and item not in passed:
                passed.add(item)
                waiting += self.trace.junctions[item.number].sources
        return self._sorted(refs)

    def _ref(self, number: int, column: int) -> Ref:
        row = self.grid[number]
        drawn = self.drawn[number]
        return Ref(self.at[number], drawn.index(row.columns.index(column)))

    def _sorted(self, refs: Collection[Ref]) -> tuple[Ref, ...]:
        return tuple(sorted(refs, key=self._rank))

    def _rank(self, ref: Ref) -> tuple[int, int, int]:
        """Where a source is in a bus: a final state beside the node at which it ends."""
        number = self.numbers[ref.row]
        final = self._final(number, self._column(ref))
        return (
            (self._column(ref), ref.row, 0) if final is None else (self._column(final), ref.row, 1)
        )

    def _column(self, ref: Ref) -> int:
        number = self.numbers[ref.row]
        return self.grid[number].columns[self.drawn[number][ref.mark]]

    def _ordered(self) -> Iterator[tuple[Ref, ...]]:
        """The first nodes of all that nothing enters, and of all that nothing leaves: inputs and outputs."""
        parts = find_parts(self.picture, self.grid, self.blocks, self.trace).blocks
        entered, left, read = self._entered(), self._left(), self._all_read()
        # The first unit of each part, with all of them.
        units = {part.first: range(part.first, part.first + part.count) for part in parts}
        inputs = [
            self._at(first)
            for first, of_part in units.items()
            if self.owner[first] not in entered and not any(map(self._read, of_part))
        ]
        outputs = [
            self._at(first)
            for first, of_part in units.items()
            if self.owner[first] not in left and read.isdisjoint(map(self._at, of_part))
        ]
        # One alone has no order.
        yield from (self._sorted(refs) for refs in (inputs, outputs) if len(refs) > 1)

    # By the numbers of the blocks, not of their parts: a part has a number of its own.
    def _entered(self) -> set[int]:
        """The blocks that a state enters, passed by a block or as an initial one."""
        return {handoff.destination for handoff in self.states.handoffs} | set(self.trace.initial)

    def _left(self) -> set[int]:
        """The blocks that a state leaves, to another block or at an end of a state wire."""
        ends = (item for of_row in self.states.terminals.values() for item in of_row)
        return {handoff.source for handoff in self.states.handoffs} | {
            item.block for item in ends if item.leaves
        }

    def _all_read(self) -> set[Ref]:
        """All that anything reads: a node, or a state where it begins."""
        by_units = {ref for unit in range(len(self.owner)) for ref in self._read(unit)}
        return by_units | {ref for place in self._ends for ref in self._refs_below(*place)}

    def _at(self, unit: int) -> Ref:
        return self._ref(self.trace.rows[unit], self.trace.units[unit])

    def _read(self, unit: int) -> list[Ref]:
        """All that a unit reads."""
        return [ref for source in self.trace.entries(unit) for ref in self._refs(source)]

    def _refs_below(self, number: int, column: int) -> tuple[Ref, ...]:
        wire = self._below(number, column)
        if wire is None:
            return ()
        return wire.sources if isinstance(wire, Bus) else (wire,)
