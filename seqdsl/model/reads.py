"""wires → slots: what the steps of each block see, as runs over the steps of the blocks below.

A *slot* is one place in the concatenation that a node sees. For a whole block it is a list of *pieces*:
so many steps of this block read so many steps of that one, at a stride. Pieces keep a picture of any
length small, and carry lengths that are known only at run time.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.diagnostics import Diagnostic
from seqdsl.graph.trace import NONE, as_junction, as_tap
from seqdsl.model.size import Size

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from seqdsl.graph.blocks import DrawnBlock
    from seqdsl.graph.grid import GridRow
    from seqdsl.graph.trace import Trace
    from seqdsl.model.lengths import Lengths
    from seqdsl.source import Span

ZERO = -1


@dataclass(frozen=True, slots=True)
class Piece:
    """``count`` steps that read ``block`` at ``start``, ``start + stride``, ...

    Attributes:
        block: the block that is read; `ZERO` where nothing is wired.
        start: its first step that is read.
        count: how many steps read it.
        stride: from one read step to the next; 0 where one value is read again and again.
        final: whether the block's final state is read instead of a step.
    """

    block: int
    start: Size
    count: Size
    stride: int = 1
    final: bool = False


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
        self._owner: list[int] = []
        for index, block in enumerate(blocks):
            self._owner += [index] * block.count
        # The units before which an ellipsis stands in their block.
        self._breaks = sorted(
            block.first + stretch.after for block in blocks for stretch in block.stretches
        )
        self._flat: dict[int, tuple[int, ...]] = {}
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
        return self._owner[unit]

    def span(self, unit: int) -> Span:
        """Where a unit is drawn."""
        return self.grid[self.trace.rows[unit]].cell(self.trace.units[unit])

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
        junction = as_junction(source)
        if junction is None:
            return (source,)
        if junction not in self._flat:
            behind: dict[int, None] = {}
            for inner in self.trace.junctions[junction].sources:
                behind.update(dict.fromkeys(self.flat(inner)))
            self._flat[junction] = tuple(sorted(behind, key=self._place))
        return self._flat[junction]

    def _place(self, source: int) -> tuple[int, int]:
        tap = as_tap(source)
        if tap is None:
            return self.trace.units[source], self.trace.rows[source]
        block = self.blocks[tap]
        return self.grid[block.row].columns[block.marks[1]], block.row

    def bus(self, source: int) -> tuple[Piece, ...]:
        """Everything that enters a bus, as pieces."""
        if source not in self._bus:
            self._bus[source] = self._sequence(list(self.flat(source)), None, lenient=True)
        return self._bus[source]

    def pieces(self, sources: list[int], index: int) -> tuple[Piece, ...]:
        """The pieces of what each drawn unit of block ``index`` reads, one source a unit."""
        return self._sequence(sources, index)

    def _lane_slots(self, index: int, sources: list[int], straight: bool) -> list[Slot]:
        behind = {source: self.flat(source) for source in set(sources) if source < NONE}
        many = {source for source, flat in behind.items() if len(flat) > 1}
        single = [
            behind[source][0] if source in behind and source not in many else source
            for source in sources
        ]
        if not many:
            return [Slot(self._sequence(single, index), straight=straight)]
        if len(many) == 1 and set(sources) <= many | {NONE}:
            shared = many.pop()
            return [
                Slot(
                    self._sequence(
                        [NONE if s == NONE else self.flat(shared)[0] for s in sources],
                        index,
                        lenient=True,
                        constant=True,
                    ),
                    self.bus(shared),
                    straight,
                )
            ]
        width = max(len(self.flat(source)) for source in sources if source != NONE)
        columns = [list(self.flat(source)) if source != NONE else [] for source in sources]
        padded = [column + [NONE] * (width - len(column)) for column in columns]
        return [
            Slot(self._sequence([column[place] for column in padded], index))
            for place in range(width)
        ]

    def _sequence(
        self,
        sources: list[int],
        index: int | None,
        *,
        lenient: bool = False,
        constant: bool = False,
    ) -> tuple[Piece, ...]:
        """The pieces of a list of sources, one for each drawn unit of block ``index``.

        Args:
            sources: units, taps or `NONE`.
            index: the reading block; without one (the sources of a bus) elided steps between two
                sources are read as well.
            lenient: whether reading both sides of an ellipsis below needs no ellipsis here.
            constant: whether all sources stand for one and the same bus.
        """
        stretches = self.blocks[index].stretches if index is not None else ()
        cuts = (
            {
                stretch.after: self.lengths.elided[self.blocks[index].row, stretch.mark]
                for stretch in stretches
            }
            if index is not None
            else {}
        )
        pieces: list[Piece] = []
        for start, count, stride in _runs(sources, self._owner, cuts, self._breaks):
            if start in cuts and cuts[start] is not None:
                self._elide(pieces, sources, start, cuts[start], index)
            elif index is None and start:
                self._between(pieces, sources, start)
            elif not lenient and start:
                self._unread(sources, start, index)
            _append(pieces, self._piece(sources[start], count, stride))
        if len(sources) in cuts:
            self._elide(pieces, sources, len(sources), cuts[len(sources)], index)
        return tuple(pieces)

    def _piece(self, source: int, count: int, stride: int) -> Piece:
        if source == NONE:
            return Piece(ZERO, Size.of(0), Size.of(count))
        tap = as_tap(source)
        if tap is not None:
            return Piece(tap, Size.of(0), Size.of(count), 0 if count > 1 else 1, final=True)
        owner = self._owner[source]
        return Piece(owner, self._position(source), Size.of(count), stride)

    def _position(self, unit: int) -> Size:
        block = self.blocks[self._owner[unit]]
        return self.lengths.position(block, unit - block.first)

    def _between(self, pieces: list[Piece], sources: list[int], start: int) -> None:
        """Add the elided steps between two neighbours that enter the same bus."""
        left, right = sources[start - 1], sources[start]
        if (
            left >= 0
            and right == left + 1
            and right in self._breaks
            and self._owner[left] == self._owner[right]
        ):
            first = self._position(left) + 1
            _append(pieces, Piece(self._owner[left], first, self._position(right) - first))

    def _unread(self, sources: list[int], start: int, index: int | None) -> None:
        """Refuse neighbours that read both sides of an ellipsis below, with none of their own."""
        left, right = sources[start - 1], sources[start]
        if (
            left < 0
            or right != left + 1
            or right not in self._breaks
            or self._owner[left] != self._owner[right]
        ):
            return
        assert index is not None
        unit = self.blocks[index].first + start
        self.diagnostics.append(
            Diagnostic(
                "SEQ310",
                "both sides of the ellipsis below are wired, but this row has no ellipsis over it",
                self.span(unit),
                "to keep the elided steps, draw `...` in this row too; to drop them, wire one side only",
                (
                    (self.span(left), "one reading: only these steps are read"),
                    (self.span(right), "the other: the steps between them are read, too"),
                ),
            )
        )

    def _elide(
        self, pieces: list[Piece], sources: list[int], after: int, size: Size, index: int | None
    ) -> None:
        """Add what the elided steps before the drawn unit ``after`` read: the same as both neighbours."""
        left = sources[after - 1] if after else None
        right = sources[after] if after < len(sources) else None
        piece = self._elided(left, right, size)
        if piece is not None:
            _append(pieces, piece)
            return
        assert index is not None
        first = self.blocks[index].first
        related = []
        for unit, source, side in (
            (first + after - 1, left, "left"),
            (first + after, right, "right"),
        ):
            if source is not None:
                reading = "sees nothing" if source == NONE else f"sees {self._say(source)}"
                related.append((self.span(unit), f"its {side} neighbour {reading}"))
        row, mark = (
            self.blocks[index].row,
            next(s.mark for s in self.blocks[index].stretches if s.after == after),
        )
        self.diagnostics.append(
            Diagnostic(
                "SEQ310",
                "the elided steps here have no clear wiring: their neighbours are wired differently",
                self.grid[row].span(mark),
                "wire the nodes on both sides of an ellipsis in the same way",
                tuple(related),
            )
        )

    def _say(self, source: int) -> str:
        tap = as_tap(source)
        if tap is not None:
            return f"the final state of `{self.blocks[tap].letter}`"
        span = self.span(source)
        return f"`{self.blocks[self._owner[source]].letter}` at {span.line}:{span.column}"

    def _elided(self, left: int | None, right: int | None, size: Size) -> Piece | None:
        known = [source for source in (left, right) if source is not None]
        if all(source == NONE for source in known):
            return Piece(ZERO, Size.of(0), size)
        if NONE in known:
            return None
        if len(set(known)) == 1 and (len(known) == 2 or self._is_constant(known[0])):
            return replace(self._piece(known[0], 1, 0), count=size, stride=0)
        if any(source < 0 for source in known):
            return None
        if left is not None and right is not None:
            return self._inner(left, right, size)
        return self._outer(left, right, size)

    def _is_constant(self, source: int) -> bool:
        return source < 0 or self.blocks[self._owner[source]].is_vector

    def _inner(self, left: int, right: int, size: Size) -> Piece | None:
        if self._owner[left] != self._owner[right]:
            return None
        first, gap = self._position(left), self._position(right) - self._position(left)
        for stride in _STRIDES:
            if gap == (size + 1) * stride:
                return Piece(self._owner[left], first + stride, size, stride)
        return None

    def _outer(self, left: int | None, right: int | None, size: Size) -> Piece | None:
        """An ellipsis at an end: the block below goes on there just as far."""
        unit = left if left is not None else right
        assert unit is not None
        owner = self._owner[unit]
        at = self._position(unit)
        rest = at if left is None else self.lengths.steps[owner] - at - 1
        if rest - size != Size.of(0) and (rest - size).constant is None:
            return None
        return Piece(owner, at - size if left is None else at + 1, size)


_STRIDES = (1, -1, 2, 3, 4, 5, 6, 7, 8, -2, -3, -4)


def _runs(
    sources: Sequence[int], owner: Sequence[int], cuts: Collection[int], breaks: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Split sources into runs ``(first, count, stride)`` of one block, without an ellipsis in between."""
    count = len(sources)
    first = sources[0]
    if (
        not cuts
        and not breaks
        and first >= 0
        and owner[first] == owner[min(first + count, len(owner)) - 1]
    ) and sources == list(range(first, first + count)):
        yield 0, count, 1
        return
    start = 0
    while start < count:
        end, stride = _extent(sources, start, owner, cuts, breaks)
        yield start, end - start, stride
        start = end


def _extent(
    sources: Sequence[int],
    start: int,
    owner: Sequence[int],
    cuts: Collection[int],
    breaks: Sequence[int],
) -> tuple[int, int]:
    """Where the run that begins at ``start`` ends, and its stride."""
    source, end = sources[start], start + 1
    if end == len(sources) or end in cuts:
        return end, 1
    following = sources[end]
    stride = following - source if source >= 0 else 0
    if source >= 0 and following < 0:
        return end, 1
    while end < len(sources) and end not in cuts:
        last, following = sources[end - 1], sources[end]
        if following != last + stride:
            break
        if source >= 0 and (owner[following] != owner[source] or _crosses(last, following, breaks)):
            break
        end += 1
    return end, stride if end - start > 1 else 1


def _crosses(left: int, right: int, breaks: Sequence[int]) -> bool:
    """Whether an ellipsis stands between two units of a block."""
    return bool(breaks) and bisect_right(breaks, left) != bisect_right(breaks, right)


def _append(pieces: list[Piece], piece: Piece) -> None:
    """Add a piece; if it goes on where the last one ends, make them one."""
    if piece.count == Size.of(0):
        return
    if pieces:
        joined = _joined(pieces[-1], piece)
        if joined is not None:
            pieces[-1] = joined
            return
    pieces.append(piece)


def _joined(left: Piece, right: Piece) -> Piece | None:
    if left.block != right.block or left.final != right.final:
        return None
    count = left.count + right.count
    if left.block == ZERO:
        return replace(left, count=count)
    one = Size.of(1)
    gap = (right.start - left.start).constant if left.count == one else left.stride
    stride = right.stride if left.count == one and right.count != one else gap
    if stride is None or left.start + left.count * stride != right.start:
        return None
    if right.count != one and right.stride != stride:
        return None
    return replace(left, count=count, stride=stride)
