"""ellipses → accesses: what elided steps read, as their neighbours tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.lowering.across import Ellipsis, access_of, bridge
from seqdsl.lowering.strided_access import Access, StridedAccess, append, find_runs, group_repeats
from seqdsl.picture.grid import ELLIPSIS
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.lengths import Lengths
    from seqdsl.lowering.units import Units
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.picture.trace import Producer


class Elider:
    """Makes accesses of the wires of drawn units, and of the elided steps between them."""

    def __init__(
        self, grid: Sequence[GridRow], units: Units, diagnostics: list[Diagnostic]
    ) -> None:
        """Read the wires of ``units``; what cannot be read is added to ``diagnostics``."""
        self.grid = grid
        self.units = units
        self.blocks: Sequence[DrawnBlock] = units.blocks
        self.lengths: Lengths = units.lengths
        self.diagnostics = diagnostics

    def lane(
        self, sources: Sequence[Producer | None], index: int, *, shared: bool = False
    ) -> tuple[Access, ...]:
        """What each step of block ``index`` reads.

        Args:
            sources: a unit, a final state or nothing for each drawn unit.
            index: the reading block.
            shared: whether all sources stand for one and the same bus.
        """
        block = self.blocks[index]
        # Y   Y ... Y      accesses of what Y reads: the drawn steps left of the ellipsis, the elided ones, those right
        # |   |     |      of it; where one goes on as the last one does, `append` makes them one. A window at the
        # X X X X ... X    edge takes some drawn steps into the middle one: `before` and `after` of these.
        whole = self._strided(sources, index)
        if whole is not None:
            return (whole,)
        accesses: list[Access] = []
        start = skip = 0
        for stretch in block.stretches:
            size = self.lengths.elided[block.row, stretch.mark]
            relation = self.lengths.relations.get((block.row, stretch.mark))
            found = bridge(self.units, Ellipsis(sources, stretch.after, size, relation, shared))
            if found is None:
                self._unclear(index, stretch.after, sources, stretch.mark)
                return tuple(accesses)
            self._extend(
                accesses, sources, start + skip, stretch.after - found.before, index, shared
            )
            append(accesses, found.access)
            start, skip = stretch.after, found.after
        self._extend(accesses, sources, start + skip, len(sources), index, shared)
        return tuple(group_repeats(accesses))

    def _strided(self, sources: Sequence[Producer | None], index: int) -> StridedAccess | None:
        """All steps of a block that reads every k-th step of another: its last wires hold for one length only."""
        # F   F   ... F    the last F reads the last X but one, as for an even length: counted from the first step on,
        # |   |       |    there are ceil(n / 2) for any n
        # X X X X ... X X
        block = self.blocks[index]
        if not block.stretches:
            return None
        relation = self.lengths.relations.get((block.row, block.stretches[-1].mark))
        stride = relation.stride if relation is not None else None
        if stride is None or None in sources:
            return None
        owner = self.units.owner
        if any(not isinstance(one, int) or owner[one] != stride.below for one in sources):
            return None
        count = self.lengths.steps[index]
        return StridedAccess(
            stride.below, Size.of(stride.start), count, stride.every, each=stride.each
        )

    def _extend(
        self,
        accesses: list[Access],
        sources: Sequence[Producer | None],
        start: int,
        end: int,
        index: int,
        shared: bool,
    ) -> None:
        """Add the accesses of the drawn units ``start`` to ``end``, between two ellipses."""
        part = sources[start:end]
        if not part:
            return
        for at, count, stride in find_runs(part, self.units.owner, self.units.breaks):
            if at and not shared:
                self._unread(part, at, index, start)
            append(accesses, access_of(self.units, part[at], Size.of(count), stride))

    def bus(self, sources: Sequence[Producer]) -> tuple[StridedAccess, ...]:
        r"""Everything that enters a bus; elided steps beside those that enter it do as well.

        Also of a row that is not the first one on the bus, and beside a final state::

            +-----+--+
            |     |  |
            K  ...G--+
        """
        accesses: list[Access] = []
        joined = len(sources) > 1
        for at, count, stride in find_runs(sources, self.units.owner, self.units.breaks):
            # Two runs that enter a bus on both sides of an ellipsis: so do the steps that it elides.
            if at:
                self._between(accesses, sources[at - 1], sources[at])
            if joined:
                self._outside(accesses, sources[at], first=True)
            append(accesses, access_of(self.units, sources[at], Size.of(count), stride))
            if joined:
                self._outside(accesses, sources[at + count - 1], first=False)
        # Something enters a bus at every place.
        return tuple(access for access in accesses if isinstance(access, StridedAccess))

    def _between(self, accesses: list[Access], left: Producer, right: Producer) -> None:
        """Add the elided steps between two units that enter a bus."""
        units = self.units
        if units.around_break(left, right):
            assert isinstance(left, int)
            assert isinstance(right, int)
            first = units.position(left) + 1
            append(accesses, StridedAccess(units.owner[left], first, units.position(right) - first))

    def _outside(self, accesses: list[Access], source: Producer, *, first: bool) -> None:
        """Add the elided steps at an end of a block."""
        if not isinstance(source, int):
            return
        # ... X    enters a bus at its first drawn node: the steps elided before it enter, too
        block = self.units.block(source)
        unit, after = (block.first, 0) if first else (block.first + block.count - 1, block.count)
        for stretch in block.stretches:
            if source == unit and stretch.after == after:
                size = self.lengths.elided[block.row, stretch.mark]
                start = Size.of(0) if first else self.units.position(source) + 1
                append(accesses, StridedAccess(self.units.owner[source], start, size))

    def _unread(self, part: Sequence[Producer | None], at: int, index: int, offset: int) -> None:
        """Refuse neighbours that read both sides of an ellipsis below, with none of their own."""
        left, right = part[at - 1], part[at]
        if not self.units.around_break(left, right):
            return
        assert isinstance(left, int)
        assert isinstance(right, int)
        unit = self.blocks[index].first + offset + at
        self.diagnostics.append(
            Diagnostic(
                "SEQ310",
                "both sides of the ellipsis below are connected, but this row has no ellipsis above it",
                self.units.span(unit),
                "to keep the elided steps, draw `...` in this row too; to drop them, connect one side only",
                (
                    (self.units.span(left), "first reading: only these steps are read"),
                    (
                        self.units.span(right),
                        "second reading: the steps between them are read as well",
                    ),
                ),
            )
        )

    def _unclear(
        self, index: int, after: int, sources: Sequence[Producer | None], mark: int
    ) -> None:
        block = self.blocks[index]
        related = []
        for at, side in ((after - 1, "left"), (after, "right")):
            if 0 <= at < len(sources):
                source = sources[at]
                reading = "nothing" if source is None else self.units.shown(source)
                related.append(
                    (self.units.span(block.first + at), f"its {side} neighbor reads {reading}")
                )
        self.diagnostics.append(
            Diagnostic(
                "SEQ310",
                "the connections of the elided steps are ambiguous: their neighbors are connected differently",
                self.grid[block.row].span(mark),
                self._undrawn(sources[max(after - 1, 0) : after + 1])
                or "connect the nodes on both sides of an ellipsis in the same way",
                tuple(related),
            )
        )

    def _undrawn(self, read: Sequence[Producer | None]) -> str:
        """What to do where the row below has no ellipsis of its own; nothing if it has."""
        # H ... H     wired alike, but no M stands for those between
        # M     M
        units = dict.fromkeys(unit for unit in read if isinstance(unit, int))
        if len(units) < 2:
            return ""
        left, right = map(self.units.block, units)
        is_same = (left.row, left.letter) == (right.row, right.letter)
        if not is_same or ELLIPSIS in self.grid[left.row].marks:
            return ""
        # M S   M S    an ellipsis between S and M would be of either
        others = {item.letter for item in self.blocks if item.row == left.row} - {left.letter}
        own = f"give `{left.letter}` a row of its own, and " if others else ""
        return f"{own}draw `...` between these nodes of `{left.letter}`, too"
