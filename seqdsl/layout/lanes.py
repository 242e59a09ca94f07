r"""placed picture → lanes: in which column every value passes the rows that do not read it.

U   U        A value rises over its own node as long as nothing else is there. Here `Y` does, so that what `U`
|   |        reads passes the row of `Y` on a *lane* of its own, over a slanted wire.
Y | Y |
|/  |/       A *place* is an abstract column: marks have ``(place, 0)``, the foot of a slanted wire beside one has
H---H        ``(place, -1)`` or ``(place, 1)``, lanes the numbers from 2 on, or 1 without a foot. All sort like columns.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.layout.picture import Bus, Picture, Ref, Side, Wire, sources, wires

if TYPE_CHECKING:
    from collections.abc import Sequence

Place = tuple[int, int]

FOOT, FIRST_LANE = 1, 2
"""The place right of a mark where slanted wires to it begin, and those that no such wire needs."""


@dataclass(frozen=True)
class Manner:
    """How wires are led past rows, and to those that they enter from a side.

    Attributes:
        own: whether lanes have columns of their own, and none of other marks: slanted wires to them are shorter.
        near: whether a slanted wire to which a bus leads begins in the next column of a mark or lane, if that is free,
            and not in one of its own: that takes no room, but may be far away.
        outside: whether lanes pass what hangs on nothing but what they are of and lead to on its other side.
    """

    own: bool = False
    near: bool = False
    outside: bool = False


class Lanes:
    """The lanes of a picture.

    Attributes:
        place: the place of each mark.
        marked: the places of all marks.
        apart: the places of those that are set apart from what is left of them.
        of: the place in which each value passes a row, by row.
    """

    def __init__(self, picture: Picture, manner: Manner) -> None:
        """Choose all lanes, those of short ways first.

        Args:
            picture: a picture whose marks have places.
            manner: how they are led.
        """
        self.picture, self._own, self._is_outside = picture, manner.own, manner.outside
        self.place: dict[Ref, Place] = {}
        self._taken: list[set[Place]] = [set() for _ in picture.rows]
        for ref, mark in picture.refs():
            assert mark.place is not None
            self.place[ref] = mark.place, 0
            self._taken[ref.row].add((mark.place, 0))
        self.marked = set(self.place.values())
        self.apart = {self.place[ref] for ref, mark in picture.refs() if mark.apart}
        self.of: list[dict[Wire, Place]] = [{} for _ in picture.rows]
        self._lead()

    def start(self, row: int, wire: Wire) -> Place | None:
        """Where a value rises at the lower end of the gap below a row; ``None`` if it is joined there."""
        if wire in self.of[row - 1]:
            return self.of[row - 1][wire]
        return self.place[wire] if isinstance(wire, Ref) else None

    def _reads(self) -> dict[Wire, list[int]]:
        """The rows that read each value; a bus that several rows read is joined once, below the first of them."""
        readers: dict[Wire, list[int]] = {}
        for ref, mark in self.picture.refs():
            for _, wire in wires(mark):
                readers.setdefault(wire, []).append(ref.row)
        for wire, rows in list(readers.items()):
            if isinstance(wire, Bus):
                for source in wire.sources:
                    readers.setdefault(source, []).append(min(rows))
        return readers

    def _lead(self) -> None:
        reads = self._readers = self._reads()
        spans = [
            (wire.row + 1 if isinstance(wire, Ref) else min(rows), max(rows), wire)
            for wire, rows in reads.items()
        ]
        # Short ways first: they have the straightest ones.
        for start, end, wire in sorted(spans, key=lambda s: (s[1] - s[0], self._home(s[2]))):
            if start < end:
                self._take(wire, range(start, end))

    def _take(self, wire: Wire, passed: Sequence[int]) -> None:
        """Let a value pass some rows in one column; only as far as its own one is free if there is no other."""
        place = self._lane(wire, passed)
        home = self._home(wire)
        free = [*itertools.takewhile(lambda row: home not in self._taken[row], passed)]
        if isinstance(wire, Ref) and free and place != home and place[0] == home[0]:
            # A | A |      What is above it in a row further up does not force it to leave the column below.
            # |/  |/
            # |   |   F
            # X   X   X
            self._take(wire, passed[len(free) :])
            passed, place = free, home
        for row in passed:
            self._taken[row].add(place)
            self.of[row][wire] = place

    def _home(self, wire: Wire) -> Place:
        return self.place[sources(wire)[-1]]

    def _lane(self, wire: Wire, passed: Sequence[int]) -> Place:
        """A column in which a value passes some rows: its own, that of what reads it, or a new one beside."""
        home = self._home(wire)
        # Straight up is best; then straight down from what reads it; then where some mark has a column anyway.
        wanted = [home] if isinstance(wire, Ref) else []
        wanted += [self.place[ref] for ref in self._straight_above(wire)]
        at = self._outside(wire, passed) if self._is_outside else home[0]
        if not self._own:
            wanted += [item for item in self._beside(sources(wire)[-1]) if item[0] > at]
        for place in wanted:
            if all(place not in self._taken[row] for row in passed):
                return place
        first = FOOT if self._is_without_foot(wire, at, passed) else FIRST_LANE
        beside = ((at, number) for number in itertools.count(first))
        return next(p for p in beside if all(p not in self._taken[row] for row in passed))

    def _outside(self, wire: Wire, passed: Sequence[int]) -> int:
        r"""The last of the places beside a value whose marks hang on it alone, and on what its wire leads to.

        S     S        Left of `G`, the wire from `A` to `S` would cross those from `Q` to `G` and from there to `M`.
        |\    |\
        M |   M |
        |\ \  |\ \
        | G | | G |
        |/  | |/  |
        Q   | Q   |
        |  /  |  /
        A     A
        """
        ref = sources(wire)[-1]
        home = found = self.place[ref][0]
        beside = [place for place, _ in sorted(self.marked) if home < place < self._end(ref)]
        for place in beside:
            near = [item for row in passed if (item := self._at(row, place)) is not None]
            if not all(self._hangs_on(item, ref, passed[-1] + 1) for item in near):
                break
            found = place if near else found
        return found

    def _end(self, ref: Ref) -> float:
        """The place of the next mark in the row of a value."""
        after = Ref(ref.row, ref.mark + 1)
        return self.place[after][0] if after in self.place else math.inf

    def _at(self, row: int, place: int) -> Ref | None:
        marks = self.picture.rows[row].marks
        return next((Ref(row, at) for at, mark in enumerate(marks) if mark.place == place), None)

    def _hangs_on(self, ref: Ref, low: Ref, high: int) -> bool:
        """Whether what a mark reads is above a value, or is that value, and all that reads it is up to a row."""
        read = [wire for _, wire in wires(self.picture.mark(ref))]
        readers = self._readers.get(ref, [high + 1])
        is_over = all(isinstance(wire, Ref) and self._is_over(wire, low) for wire in read)
        return bool(read) and is_over and max(readers) <= high

    def _is_over(self, ref: Ref, low: Ref) -> bool:
        return ref.row >= low.row and self.place[low][0] <= self.place[ref][0] < self._end(low)

    def _is_without_foot(self, wire: Wire, place: int, passed: Sequence[int]) -> bool:
        r"""Whether no slanted wire of another value begins right of the marks that a lane passes, or ends beside.

        D | D |      What a short slanted wire leads to at its end needs no foot of its own: the lane is there.
        |/  |/
        X   X
        """
        rows = self.picture.rows[passed[0] : passed[-1] + 2]
        near = [mark for row in rows for mark in row.marks if mark.place == place]
        return not any(
            side is Side.RIGHT and item != wire for mark in near for side, item in wires(mark)
        )

    def _beside(self, ref: Ref) -> list[Place]:
        """The next place right of a mark, if it lies before the mark's neighbor: a lane there takes no room."""
        home = self.place[ref]
        after = min((place for place in self.marked if place > home), default=home)
        marks = self.picture.rows[ref.row].marks
        # P   P   P      Beside the last `X` of a row it is the last `P`, unless that begins something further right.
        # X   X   X
        is_last = ref.mark + 1 == len(marks)
        is_far = after in self.apart if is_last else after >= self.place[Ref(ref.row, ref.mark + 1)]
        return [] if is_far or after == home else [after]

    def _straight_above(self, wire: Wire) -> list[Ref]:
        return [
            ref
            for ref, mark in self.picture.refs()
            for side, item in wires(mark)
            if item == wire and side is Side.BELOW
        ]
