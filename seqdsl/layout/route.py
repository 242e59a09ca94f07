r"""nets → rows of wires: each net on a bus of its own, across whatever rises beside it.

| +-+ |      A bus crosses upright wires, but joins all that a `+` touches. A source that is needed again above is
|/  | |      tapped by a slanted wire, and its own wire goes on.
|   | |
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.layout.canvas import Cells, bus, straight

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


class NoRoom(Exception):
    """There is no room for a wire beside ``column``, or in exactly the columns from there to ``end``."""

    def __init__(self, column: int, end: int | None = None) -> None:
        """Note where more room would help."""
        super().__init__(f"no room for a wire beside column {column}")
        self.column = column
        self.end = end


APART = 2
"""The distance of neighbors that have one blank or one wire between them."""


@dataclass(frozen=True)
class Lines:
    """Columns to join: every source to every target."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]


@dataclass(frozen=True)
class _Way:
    """How a net is drawn: where it taps its sources, and what its bus joins."""

    net: Lines
    taps: Cells
    joints: frozenset[int]

    @property
    def extent(self) -> tuple[int, int]:
        columns = {*self.net.sources, *self.net.targets, *self.joints, *self.taps}
        return min(columns), max(columns)


def route(
    nets: Sequence[Lines], starts: Collection[int], continuing: Collection[int]
) -> list[Cells]:
    """Rows of wires that draw all ``nets``, from the bottom up.

    Args:
        nets: what is to be joined.
        starts: the columns of all wires that rise below.
        continuing: those that go on above.

    Raises:
        NoRoom: a source cannot be tapped, as wires are too close.
    """
    return _Router(nets, starts, continuing).rows


class _Router:
    def __init__(
        self, nets: Sequence[Lines], starts: Collection[int], continuing: Collection[int]
    ) -> None:
        self.live = set(starts)
        self.uses = Counter(column for net in nets for column in net.sources)
        self.uses.update(continuing)
        self.ends = {*continuing, *(column for net in nets for column in net.targets)}
        self.rows: list[Cells] = []
        waiting = list(nets)
        while waiting:
            batch = self._batch(waiting)
            if batch:
                self._draw(batch)
                drawn = [way.net for way in batch]
                for net in drawn:
                    waiting.remove(net)
            else:
                waiting = self._moved(waiting)

    def _batch(self, waiting: Sequence[Lines]) -> list[_Way]:
        """Nets that can be drawn side by side in the same rows, as wires are now."""
        ways: list[_Way] = []
        # A bus may only end where nothing rises any more, so the order of nets is that in which columns get free.
        #
        #     +---+        `b` has to be led away before `a` can end in its column
        #     | +-|-+
        #     a b
        ready = [net for net in waiting if self._is_ready(net)]
        branches = {net: way for net in ready if (way := self._branch(net)) is not None}
        if branches:
            ready = list(branches)
        for net in sorted(ready, key=_extent):
            way = branches.get(net) or self._way(net)
            first, last = way.extent
            # Two junctions side by side would be one.
            if all(last + 1 < low or high + 1 < first for low, high in (w.extent for w in ways)):
                ways.append(way)
        return ways

    def _branch(self, net: Lines) -> _Way | None:
        r"""A wire that leaves another one for the column beside it: ``/`` leads there, and no bus is needed."""
        if len(net.sources) != 1 or len(net.targets) != 1:
            return None
        (source,), (target,) = net.sources, net.targets
        middle = (source + target) // 2
        if abs(target - source) != APART or self.uses[source] == 1 or middle in self.live:
            return None
        return _Way(net, {middle: "/" if target > source else "\\"}, frozenset())

    def _is_ready(self, net: Lines) -> bool:
        """Whether nothing else rises where the net has to end."""
        return all(
            column not in self.live or (column in net.sources and self.uses[column] == 1)
            for column in net.targets
        )

    def _way(self, net: Lines) -> _Way:
        taps: Cells = {}
        joints = set(net.targets)
        for column in net.sources:
            # The last net that needs a source takes the wire itself; those before it tap it.
            joints.add(self._tap(column, net, taps) if self.uses[column] > 1 else column)
        way = _Way(net, taps, frozenset(joints))
        crossed = self.live - joints
        for left, right in pairwise(sorted(joints)):
            between = range(left + 1, right)
            # `+|+` is two junctions with a wire between them, `+-|+` is a bus that crosses it.
            if between and all(column in crossed for column in between):
                raise NoRoom(left)
        return way

    def _tap(self, column: int, net: Lines, taps: Cells) -> int:
        right = sum(net.targets) >= column * len(net.targets)
        for side, sign in ((1, "/"), (-1, "\\")) if right else ((-1, "\\"), (1, "/")):
            joint = column + 2 * side
            #     | +    the tap takes the column beside the wire, and the bus joins it one further
            #     |/
            if not {column + side, joint} & {*self.live, *taps}:
                taps[column + side] = sign
                return joint
        raise NoRoom(column)

    def _draw(self, ways: Sequence[_Way]) -> None:
        """Draw nets side by side: a row of taps, then one of buses.

        ::

            | +---+      the row of buses; a source that nothing needs any more ends there
            |/    |      the row of taps
            |     |
        """
        taps = {column: sign for way in ways for column, sign in way.taps.items()}
        if taps:
            self._add(straight(self.live) | taps)
        for way in ways:
            self.uses.subtract(way.net.sources)
        done = {c for way in ways for c in way.net.sources if not self.uses[c]}
        # A branch is drawn with its tap: it has no bus.
        joined = [way.joints for way in ways if way.joints]
        if joined:
            cells = straight(self.live - done)
            for joints in joined:
                cells |= bus(joints, self._between(joints))
            self._add(cells)
        self.live -= done
        for way in ways:
            # What has arrived stays.
            self.live |= set(way.net.targets)
            self.uses.update(way.net.targets)

    def _between(self, joints: Collection[int]) -> set[int]:
        return {column for column in self.live if min(joints) < column < max(joints)}

    def _add(self, cells: Cells) -> None:
        """One more row; a junction that ends in the row below takes no wire straight above it."""
        ended = {c for c, sign in (self.rows or [{}])[-1].items() if sign == "+"} - self.live
        if ended & {column for column, sign in cells.items() if sign in "|+"}:
            self.rows.append(straight(self.live))
        self.rows.append(cells)

    def _moved(self, waiting: Sequence[Lines]) -> list[Lines]:
        """The nets after one wire, which is where another one has to end, is led out of its way."""
        blocked = {column for net in waiting for column in net.targets if column in self.live}
        column = min(blocked)
        # Two nets that each end where the other begins: one of the wires makes way, in a column of its own.
        free = next(self._free(column))
        rest = self.live - {column}
        crossed = {c for c in rest if min(column, free) < c < max(column, free)}
        self._add(straight(rest) | bus({column, free}, crossed))
        self.live = self.live - {column} | {free}
        self.uses[free] = self.uses.pop(column)
        return [
            Lines(tuple(free if c == column else c for c in net.sources), net.targets)
            for net in waiting
        ]

    def _free(self, column: int) -> Iterator[int]:
        """Columns in which nothing is or has to end, the nearest first."""
        taken = {c + by for c in {*self.live, *self.ends} for by in (-1, 0, 1)}
        for far in range(2, max(taken) - min(taken) + 8):
            yield from (c for c in (column + far, column - far) if c not in taken)


def _extent(net: Lines) -> tuple[int, int]:
    """Which net is drawn first: the left one, and of two that begin there the longer one, or it would cross the other.

    | +-+        | +-|-+
    |/  |        |/  |
    +---|-+      | +-+
    """
    columns = (*net.sources, *net.targets)
    return min(columns), -max(columns)
