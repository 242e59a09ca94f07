"""sheet → memories: lines from rows that are read by their letter, as a bus would lead from all their nodes.

::

    E   E   E   E          C = attention(E)
    +---+---+---+---+      just beside the row that is read, from each of its nodes
                    |      a lane past the rows between, where no node stands
                 +--+--+   just beside the row that reads it
                 v     v
                 C     C

A row that the readers are wired to anyway needs no second line.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.scene import Point, Wire
from seqdsl.picture.grid import ELLIPSIS, JUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.draw.sheet import Sheet

_NEAR, _FAR, _APART = 11.0, 16.0, 6.0
"""How far lines run from the row that is read and from the one that reads it, and from each other."""

_SIDE = 0.3
"""Where lines meet a node beside its middle, of its width: wires are in the middle."""

_GAP = 4.0
"""How far a lane is from nodes."""


class _Row(NamedTuple):
    """The drawn nodes of a block: their middles, their size, their row in the picture, and the block."""

    nodes: tuple[Point, ...]
    width: float
    height: float
    row: int
    block: int


def find_memories(sheet: Sheet) -> tuple[list[Wire], list[Point]]:
    """The lines of all rows that are read by their letter, and the points where they branch."""
    wires: list[Wire] = []
    tracks = _Tracks()
    joints: list[Point] = []
    for reader, memories in sheet.drawing.named_rows.items():
        wired = _wired(sheet, reader)
        for number, memory in enumerate(item for item in memories if item not in wired):
            source, target = _row(sheet, memory), _row(sheet, reader)
            if source.nodes and target.nodes:
                found = _Memory(sheet, source, target, number, tracks)
                wires += found.wires()
                joints += found.joints()
    # A row that two others read leads to both: what is the same is drawn once.
    return list(dict.fromkeys(wires)), list(dict.fromkeys(joints))


def _wired(sheet: Sheet, reader: int) -> set[int]:
    """The blocks from whose nodes wires lead to those of a block."""
    blocks = sheet.drawing.blocks
    block, trace = blocks[reader], sheet.drawing.trace
    units = range(block.first, block.first + block.count)
    # Of a delayed node: what it gives comes from elsewhere, and no wire of the row leads here.
    read = {item for unit in units for item in trace.entries(unit) if isinstance(item, int)}
    return {
        index
        for index, item in enumerate(blocks)
        if not read.isdisjoint(range(item.first, item.first + item.count))
    }


def _row(sheet: Sheet, index: int) -> _Row:
    row, form = sheet.drawing.blocks[index].row, sheet.form(index)
    marks = sheet.drawing.grid[row].marks
    drawn = (
        sheet.mark(row, mark)
        for mark in sheet.marks_of(index)
        if marks[mark] != ELLIPSIS and not sheet.hides(row, mark)
    )
    return _Row(tuple(drawn), form.width, form.height, row, index)


def _ends(places: Sequence[float], lane: float) -> list[float]:
    """The outermost places on each side of a lane, the farther one first."""
    ends = {x for x in (min(places), max(places)) if x != lane or len(places) == 1}
    sides = {x < lane: x for x in sorted(ends, key=lambda x: abs(x - lane))}
    return sorted(sides.values(), key=lambda x: -abs(x - lane))


def _line(places: Sequence[tuple[float, float]], *, arrow: bool) -> Wire:
    """A line through places, some of which may be the same."""
    return Wire("data", tuple(Point(*item) for item in dict.fromkeys(places)), arrow)


class _Tracks:
    """The horizontal lines so far: those of different blocks do not run on each other."""

    def __init__(self) -> None:
        self._taken: list[tuple[int, float, float, float]] = []

    def free(self, block: int, y: float, step: float, ends: Sequence[float]) -> float:
        """The first height from ``y`` on, step by step, where a line of a block is alone; it is taken then."""
        low, high = min(ends), max(ends)
        while any(
            other != block and abs(y - at) < abs(step) and low <= right and left <= high
            for other, at, left, right in self._taken
        ):
            y += step
        self._taken.append((block, y, low, high))
        return y


class _Memory:
    """The lines from one row to one that reads it; ``number``: of those that this one reads."""

    def __init__(
        self, sheet: Sheet, source: _Row, target: _Row, number: int, tracks: _Tracks
    ) -> None:
        self.sheet, self.source, self.target = sheet, source, target
        # The keys of an attention leave and enter on the other side of the middle than what is summed.
        side = _SIDE if number % 2 else -_SIDE
        self.risers = [item.x - side * source.width for item in source.nodes]
        self.drops = [item.x + side * target.width for item in target.nodes]
        self.lane = self._lane()
        # Upward from a row that is read from above; rows of one height are joined under their nodes.
        self.start = self._side(source, below=target.row <= source.row)
        self.end = self._side(target, below=target.row >= source.row)
        self.far = self._track(tracks, target, self.end, _FAR, self.drops)
        self.near = self.far
        if self._between():
            self.near = self._track(tracks, source, self.start, _NEAR, self.risers)

    def _between(self) -> list[int]:
        """The rows of nodes that are passed; without any, one track is enough."""
        first, last = sorted((self.source.row, self.target.row))
        return [row for row in self.sheet.node_rows if first < row < last]

    def _side(self, row: _Row, *, below: bool) -> float:
        return row.nodes[0].y + (1 if below else -1) * row.height / 2

    def _track(
        self, tracks: _Tracks, row: _Row, side: float, far: float, places: Sequence[float]
    ) -> float:
        """The height of a track beside a row, in the gap between that and the next one."""
        middle, way = row.nodes[0].y, 1 if side > row.nodes[0].y else -1
        heights = [self.sheet.point(0, other).y for other in self.sheet.node_rows]
        beyond = [abs(y - middle) for y in heights if (y - middle) * way > 1]
        gap = min(beyond, default=2 * far + row.height) - row.height
        # Half of the gap is for the tracks of others.
        ends = [*places, self.lane] if self._between() else [*self.risers, *self.drops]
        step = way * min(_APART, gap / 4)
        return tracks.free(self.source.block, side + way * min(far, gap / 2), step, ends)

    def wires(self) -> Iterator[Wire]:
        """The lines: from the outermost nodes around the corners, and what branches from these."""
        if self.near == self.far:
            yield from self._one_track()
            return
        # x . . x     both ends of a track turn a corner, as its lane may be between them
        # +-+-+-+
        #     |
        here, there = (_ends(places, self.lane) for places in (self.risers, self.drops))
        joined = ((self.lane, self.near), (self.lane, self.far))
        up, down = self._up(here[0]), self._down(there[0])
        yield _line((*up, *joined, *down), arrow=True)
        for x in here[1:]:
            yield _line((*self._up(x), joined[0]), arrow=False)
        for x in there[1:]:
            yield _line((joined[1], *self._down(x)), arrow=True)
        yield from self._branches({*here}, {*there})

    def _one_track(self) -> Iterator[Wire]:
        """Both rows on one line: its two ends turn a corner each, whatever they lead to."""
        ends = (min(*self.risers, *self.drops), max(*self.risers, *self.drops))
        middle = (sum(ends) / 2, self.far)
        for x in ends:
            if x in self.drops:
                yield _line((middle, *self._down(x)), arrow=True)
            else:
                yield _line((*self._up(x), middle), arrow=False)
        yield from self._branches({*ends}, {*ends})

    def _branches(self, risers: set[float], drops: set[float]) -> Iterator[Wire]:
        """The lines of all other nodes."""
        for x in self.risers:
            if x not in risers:
                yield _line(self._up(x), arrow=False)
        for x in self.drops:
            if x not in drops:
                yield _line(self._down(x), arrow=True)

    def _up(self, x: float) -> tuple[tuple[float, float], ...]:
        return (x, self.start), (x, self.near)

    def _down(self, x: float) -> tuple[tuple[float, float], ...]:
        return (x, self.far), (x, self.end)

    def joints(self) -> Iterator[Point]:
        """Where three lines meet or more."""
        met: Counter[Point] = Counter()
        for y, ends in ((self.near, self.risers), (self.far, self.drops)):
            met.update(Point(x, y) for x in ends)
        is_one = self.near == self.far
        if not is_one:
            met.update(Point(self.lane, y) for y in (self.near, self.far))
        for y in {self.near, self.far}:
            places = sorted({*(point.x for point in met if point.y == y)})
            # Along the track there is one line to each side, but at its ends.
            met.update(Point(x, y) for x in places[1:])
            met.update(Point(x, y) for x in places[:-1])
        return (point for point, count in sorted(met.items()) if count > 2)

    def _lane(self) -> float:
        """Where the lane is: past as few nodes as can be, and as close to the row that is read."""
        borders = [item for row in self._between() for item in self._borders(row)]
        beside = [x for low, high in borders for x in (low - _GAP, high + _GAP)]
        # Without rows between, the line of a node that is read, or of one that reads, is lane enough.
        return min(
            (*self.risers, *self.drops, *beside),
            key=lambda x: (
                sum(low - _GAP < x < high + _GAP for low, high in borders),
                self._length(x),
            ),
        )

    def _length(self, lane: float) -> float:
        """How long both tracks are together."""
        places = (self.risers, self.drops)
        return sum(max(*item, lane) - min(*item, lane) for item in places)

    def _borders(self, row: int) -> Iterator[tuple[float, float]]:
        for mark, char in enumerate(self.sheet.drawing.grid[row].marks):
            if char != JUNCTION:
                x, room = self.sheet.mark(row, mark).x, self.sheet.room(row, mark)
                yield x - room, x + room
