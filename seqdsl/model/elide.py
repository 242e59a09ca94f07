"""ellipses → pieces: what elided steps read, as their neighbours tell."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.diagnostics import Diagnostic
from seqdsl.graph.trace import NONE, as_tap
from seqdsl.ir.size import Size
from seqdsl.model.pieces import ZERO, Piece, append, find_runs, group_repeats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.graph.blocks import DrawnBlock
    from seqdsl.graph.grid import GridRow
    from seqdsl.graph.trace import Trace
    from seqdsl.model.lengths import Lengths
    from seqdsl.model.ratios import Relation
    from seqdsl.source import Span

LARGEST_STRIDE = 64
"""How many steps a row may skip for each of its own across an ellipsis."""


class _Bridge(NamedTuple):
    """What the steps across an ellipsis read.

    Attributes:
        piece: the elided steps, and drawn ones beside them whose wires cannot be drawn.
        before: how many drawn steps before the ellipsis it covers.
        after: how many drawn steps after it.
    """

    piece: Piece | None
    before: int = 0
    after: int = 0


class Elider:
    """Makes pieces of the wires of drawn units, and of the elided steps between them."""

    def __init__(
        self,
        grid: Sequence[GridRow],
        blocks: Sequence[DrawnBlock],
        trace: Trace,
        lengths: Lengths,
        diagnostics: list[Diagnostic],
    ) -> None:
        """Index the units of ``blocks``; what cannot be read is added to ``diagnostics``."""
        self.grid = grid
        self.blocks = blocks
        self.trace = trace
        self.lengths = lengths
        self.diagnostics = diagnostics
        self.owner: list[int] = []
        for index, block in enumerate(blocks):
            self.owner += [index] * block.count
        # The units before which an ellipsis stands in their block.
        self._breaks = sorted(
            block.first + stretch.after
            for block in blocks
            for stretch in block.stretches
            if 0 < stretch.after < block.count
        )
        self._broken = frozenset(self._breaks)

    def lane(
        self, sources: Sequence[int], index: int, *, shared: bool = False
    ) -> tuple[Piece, ...]:
        """What each step of block ``index`` reads.

        Args:
            sources: a unit, a tap or `NONE` for each drawn unit.
            index: the reading block.
            shared: whether all sources stand for one and the same bus.
        """
        block = self.blocks[index]
        whole = self._strided(sources, index)
        if whole is not None:
            return (whole,)
        pieces: list[Piece] = []
        start = skip = 0
        for stretch in block.stretches:
            size = self.lengths.elided[block.row, stretch.mark]
            relation = self.lengths.relations.get((block.row, stretch.mark))
            bridge = self._bridge(sources, stretch.after, size, relation, shared)
            if bridge.piece is None:
                self._unclear(index, stretch.after, sources, stretch.mark)
                return tuple(pieces)
            self._extend(
                pieces, sources, start + skip, stretch.after - bridge.before, index, shared
            )
            append(pieces, bridge.piece)
            start, skip = stretch.after, bridge.after
        self._extend(pieces, sources, start + skip, len(sources), index, shared)
        return tuple(group_repeats(pieces))

    def _strided(self, sources: Sequence[int], index: int) -> Piece | None:
        """All steps of a block that reads every k-th step of another: its last wires hold for one length only."""
        block = self.blocks[index]
        if not block.stretches or min(sources) < 0:
            return None
        relation = self.lengths.relations.get((block.row, block.stretches[-1].mark))
        stride = relation.stride if relation is not None else None
        if stride is None or {self.owner[source] for source in sources} != {stride.below}:
            return None
        count = self.lengths.steps[index]
        return Piece(stride.below, Size.of(stride.start), count, stride.every, each=stride.each)

    def _extend(
        self,
        pieces: list[Piece],
        sources: Sequence[int],
        start: int,
        end: int,
        index: int,
        shared: bool,
    ) -> None:
        """Add the pieces of the drawn units ``start`` to ``end``, between two ellipses."""
        part = sources[start:end]
        if not part:
            return
        for at, count, stride in find_runs(part, self.owner, self._breaks):
            if at and not shared:
                self._unread(part, at, index, start)
            append(pieces, self._piece(part[at], count, stride))

    def bus(self, sources: Sequence[int]) -> tuple[Piece, ...]:
        r"""Everything that enters a bus; elided steps beside those that enter it do as well.

        Also of a row that is not the first one on the bus, and beside a final state::

            +-----+--+
            |     |  |
            K  ...G--+
        """
        pieces: list[Piece] = []
        joined = len(sources) > 1
        for at, count, stride in find_runs(sources, self.owner, self._breaks):
            if at:
                self._between(pieces, sources[at - 1], sources[at])
            if joined:
                self._outside(pieces, sources[at], first=True)
            append(pieces, self._piece(sources[at], count, stride))
            if joined:
                self._outside(pieces, sources[at + count - 1], first=False)
        return tuple(pieces)

    def _between(self, pieces: list[Piece], left: int, right: int) -> None:
        if self._around_break(left, right):
            first = self._position(left) + 1
            append(pieces, Piece(self.owner[left], first, self._position(right) - first))

    def _outside(self, pieces: list[Piece], source: int, *, first: bool) -> None:
        """Add the elided steps at an end of a block."""
        if source < 0:
            return
        block = self.blocks[self.owner[source]]
        unit, after = (block.first, 0) if first else (block.first + block.count - 1, block.count)
        for stretch in block.stretches:
            if source == unit and stretch.after == after:
                size = self.lengths.elided[block.row, stretch.mark]
                start = Size.of(0) if first else self._position(source) + 1
                append(pieces, Piece(self.owner[source], start, size))

    def _around_break(self, left: int, right: int) -> bool:
        return (
            left >= 0
            and right == left + 1
            and right in self._broken
            and self.owner[left] == self.owner[right]
        )

    def _piece(self, source: int, count: int, stride: int) -> Piece:
        if source == NONE:
            return Piece(ZERO, Size.of(0), Size.of(count))
        tap = as_tap(source)
        if tap is not None:
            return Piece(tap, Size.of(0), Size.of(count), 0 if count > 1 else 1, final=True)
        return Piece(self.owner[source], self._position(source), Size.of(count), stride)

    def _position(self, unit: int) -> Size:
        block = self.blocks[self.owner[unit]]
        return self.lengths.position(block, unit - block.first)

    def _bridge(
        self,
        sources: Sequence[int],
        after: int,
        size: Size,
        relation: Relation | None,
        shared: bool,
    ) -> _Bridge:
        """What the elided steps read, by the wires on both sides of the ellipsis.

        ::

        Y ... Y      Y ... Y      Y ...      Y ... Y
        |     |      |     |      |             /|
        X ... X      +-----+      X ...      X ... X
                     |
                     X
        inner        one value    outer      a window
        """
        left = sources[after - 1] if after else None
        right = sources[after] if after < len(sources) else None
        known = [source for source in (left, right) if source is not None]
        if all(source == NONE for source in known):
            return _Bridge(Piece(ZERO, Size.of(0), size))
        if len(set(known)) == 1 and (len(known) == 2 or shared or self._is_constant(known[0])):
            return _Bridge(replace(self._piece(known[0], 1, 0), count=size, stride=0))
        if any(source < NONE for source in known) or (relation and relation.below is None):
            return _Bridge(None)
        each = relation.up if relation is not None else 1
        if left is None or right is None:
            down = relation.down if relation is not None else 1
            return _Bridge(self._outer(left, right, size, each, down))
        if left == NONE:
            return self._window_from_right(sources, after, size)
        if right == NONE:
            return self._window_from_left(sources, after, size)
        return _Bridge(self._inner(left, right, size, each))

    def _is_constant(self, source: int) -> bool:
        return source < 0 or self.blocks[self.owner[source]].is_vector

    def _inner(self, left: int, right: int, size: Size, each: int) -> Piece | None:
        """The steps between two drawn ones, each step below read by ``each`` of them."""
        if self.owner[left] != self.owner[right]:
            return None
        first, gap = self._position(left), self._position(right) - self._position(left)
        groups = size * Fraction(1, each)
        for stride in range(1, LARGEST_STRIDE + 1):
            for signed in (stride, -stride):
                if gap == (groups + 1) * signed:
                    return Piece(self.owner[left], first + signed, size, signed, each=each)
        return None

    def _outer(
        self, left: int | None, right: int | None, size: Size, each: int, down: int
    ) -> Piece | None:
        """An ellipsis at an end: the block below goes on there just as far."""
        unit = left if left is not None else right
        assert unit is not None
        owner = self.owner[unit]
        at = self._position(unit)
        rest = at if left is None else self.lengths.steps[owner] - at - 1
        reach = size * Fraction(down, each)
        beyond = (rest - reach).constant
        if beyond is None or beyond < 0:
            return None
        return Piece(owner, at - reach if left is None else at + down, size, down, each=each)

    def _window_from_left(self, sources: Sequence[int], after: int, size: Size) -> _Bridge:
        """A window that goes on across: its wires from elided steps cannot be drawn."""
        left = sources[after - 1]
        edge = self._edge(left, size, before=True)
        missing = 0 if edge is None else edge - left
        missing = min(missing, len(sources) - after)
        if missing < 1 or any(source != NONE for source in sources[after : after + missing]):
            return _Bridge(None)
        piece = Piece(self.owner[left], self._position(left) + 1, size + missing)
        return _Bridge(piece, 0, missing)

    def _window_from_right(self, sources: Sequence[int], after: int, size: Size) -> _Bridge:
        right = sources[after]
        edge = self._edge(right, size, before=False)
        missing = 0 if edge is None else right - edge
        missing = min(missing, after)
        if missing < 1 or any(source != NONE for source in sources[after - missing : after]):
            return _Bridge(None)
        count = size + missing
        return _Bridge(Piece(self.owner[right], self._position(right) - count, count), missing, 0)

    def _edge(self, unit: int, size: Size, *, before: bool) -> int | None:
        """The unit beside the nearest ellipsis, as long as ``size``, after (or before) a unit of a block."""
        block = self.blocks[self.owner[unit]]
        for stretch in block.stretches if before else reversed(block.stretches):
            edge = block.first + stretch.after - (1 if before else 0)
            if (
                edge >= unit if before else edge <= unit
            ) and block.first <= edge < block.first + block.count:
                same = self.lengths.elided[block.row, stretch.mark] == size
                return edge if same else None
        return None

    def _span(self, unit: int) -> Span:
        return self.grid[self.trace.rows[unit]].cell(self.trace.units[unit])

    def _unread(self, part: Sequence[int], at: int, index: int, offset: int) -> None:
        """Refuse neighbours that read both sides of an ellipsis below, with none of their own."""
        left, right = part[at - 1], part[at]
        if not self._around_break(left, right):
            return
        unit = self.blocks[index].first + offset + at
        self.diagnostics.append(
            Diagnostic(
                "SEQ310",
                "both sides of the ellipsis below are wired, but this row has no ellipsis over it",
                self._span(unit),
                "to keep the elided steps, draw `...` in this row too; to drop them, wire one side only",
                (
                    (self._span(left), "one reading: only these steps are read"),
                    (self._span(right), "the other: the steps between them are read, too"),
                ),
            )
        )

    def _unclear(self, index: int, after: int, sources: Sequence[int], mark: int) -> None:
        block = self.blocks[index]
        related = []
        for at, side in ((after - 1, "left"), (after, "right")):
            if 0 <= at < len(sources):
                reading = (
                    "sees nothing" if sources[at] == NONE else f"sees {self._say(sources[at])}"
                )
                related.append((self._span(block.first + at), f"its {side} neighbour {reading}"))
        self.diagnostics.append(
            Diagnostic(
                "SEQ310",
                "the elided steps here have no clear wiring: their neighbours are wired differently",
                self.grid[block.row].span(mark),
                "wire the nodes on both sides of an ellipsis in the same way",
                tuple(related),
            )
        )

    def _say(self, source: int) -> str:
        tap = as_tap(source)
        if tap is not None:
            return f"the final state of `{self.blocks[tap].letter}`"
        span = self._span(source)
        return f"`{self.blocks[self.owner[source]].letter}` at {span.line}:{span.column}"
