r"""placed picture → tracks: in which column every value rises, past which rows, and how it enters what reads it.

U   U        A value rises over its own node as long as nothing else stands there. Here `Y` does, so that what `U`
|   |        reads passes the row of `Y` on a *lane* of its own, over a slanted wire.
Y | Y |
|/  |/       A *place* is an abstract column: marks have ``(place, 0)``, the foot of a slanted wire beside one has
H---H        ``(place, -1)`` or ``(place, 1)``, lanes the numbers from 2 on. Places sort as columns do.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layout.picture import Bus, Picture, Ref, Side, Wire, sources, wires

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Place = tuple[int, int]

FIRST_LANE = 2


@dataclass(frozen=True)
class Slant:
    """A slanted wire right below a row, from the track in ``foot`` to the mark or lane in ``head``."""

    foot: Place
    head: Place


@dataclass
class Net:
    """Tracks to join below a row: every source to every target, by one bus."""

    sources: tuple[Place, ...]
    targets: list[Place]


@dataclass
class Gap:
    """What lies between a row of nodes and the one above it.

    Attributes:
        starts: where values rise at its lower end.
        kept: those that go on to its upper end, or to the foot of a slanted wire, in their column.
        straight: where something goes straight up into the row above.
        nets: what has to be led to other columns.
        slants: the slanted wires at its upper end.
    """

    starts: set[Place] = field(default_factory=set)
    kept: set[Place] = field(default_factory=set)
    straight: set[Place] = field(default_factory=set)
    nets: list[Net] = field(default_factory=list)
    slants: list[Slant] = field(default_factory=list)


@dataclass
class Tracks:
    """Where everything rises.

    Attributes:
        gaps: what lies below each row; nothing lies below the first one.
        lanes: the places in which wires pass each row.
    """

    gaps: list[Gap]
    lanes: list[set[Place]]

    def places(self) -> set[Place]:
        """All places, those of marks without a wire left out."""
        found = {place for lanes in self.lanes for place in lanes}
        for gap in self.gaps:
            found |= gap.starts | gap.straight
            found |= {p for net in gap.nets for p in (*net.sources, *net.targets)}
            found |= {p for slant in gap.slants for p in (slant.foot, slant.head)}
        return found


def find_tracks(picture: Picture, barred: Collection[frozenset[Place]] = ()) -> Tracks:
    """Give every value its column, and every wire its way into what reads it.

    Args:
        picture: a picture whose marks have places.
        barred: pairs of places between which no slanted wires run, as they cannot cross there.
    """
    return _Tracker(picture, barred).tracks()


class _Way(NamedTuple):
    """A slanted wire that begins where its value rises; ``side`` is ``None`` where it leads to a lane."""

    wire: Wire
    foot: Place
    head: Place
    side: Side | None


@dataclass
class _Standing:
    """What stands right below the slanted wires of a row.

    Attributes:
        owners: the values that rise there, by place.
        heads: where slanted wires end.
        feet: where those begin whose values have to be led there.
    """

    owners: dict[Place, set[Wire]]
    heads: set[Place]
    feet: dict[tuple[Wire, Side, Place], Place] = field(default_factory=dict)

    def add(self, place: Place, wire: Wire) -> None:
        """Note that a value rises in a place."""
        self.owners.setdefault(place, set()).add(wire)

    def is_clear(self, way: _Way) -> bool:
        """Whether a slanted wire crosses nothing upright, and nothing else begins or ends where it begins."""
        low, high = min(way.foot, way.head), max(way.foot, way.head)
        crossed = any(low < place < high for place in (*self.owners, *self.heads))
        return not crossed and self.owners[way.foot] == {way.wire}


class _Tracker:
    def __init__(self, picture: Picture, barred: Collection[frozenset[Place]]) -> None:
        self.picture = picture
        self.barred = barred
        self.size = len(picture.rows)
        self.place: dict[Ref, Place] = {}
        self.taken: list[set[Place]] = [set() for _ in range(self.size)]
        for ref, mark in picture.refs():
            assert mark.place is not None
            self.place[ref] = mark.place, 0
            self.taken[ref.row].add((mark.place, 0))
        self.marked = set(self.place.values())
        self.apart = {self.place[ref] for ref, mark in picture.refs() if mark.apart}
        self.lanes: list[dict[Wire, Place]] = [{} for _ in range(self.size)]

    def tracks(self) -> Tracks:
        """Choose lanes from the bottom up, then the wires of each gap."""
        self._lead()
        gaps = [self._gap(row) for row in range(self.size)]
        return Tracks(gaps, [set(lanes.values()) for lanes in self.lanes])

    # Lanes

    def _reads(self) -> dict[Wire, list[int]]:
        """The rows that read each value; a bus that several rows read is joined once, below the first of them."""
        found: dict[Wire, list[int]] = {}
        for ref, mark in self.picture.refs():
            for _, wire in wires(mark):
                found.setdefault(wire, []).append(ref.row)
        for wire, rows in list(found.items()):
            if isinstance(wire, Bus):
                for source in wire.sources:
                    found.setdefault(source, []).append(min(rows))
        return found

    def _lead(self) -> None:
        reads = self._reads()
        self.first = {wire: min(rows) for wire, rows in reads.items()}
        spans = [
            (wire.row + 1 if isinstance(wire, Ref) else min(rows), max(rows), wire)
            for wire, rows in reads.items()
        ]
        # Short ways first: they have the straightest ones.
        for start, end, wire in sorted(spans, key=lambda s: (s[1] - s[0], self._home(s[2]))):
            if start < end:
                passed = range(start, end)
                place = self._lane(wire, passed)
                for row in passed:
                    self.taken[row].add(place)
                    self.lanes[row][wire] = place

    def _home(self, wire: Wire) -> Place:
        return self.place[sources(wire)[-1]]

    def _lane(self, wire: Wire, passed: Sequence[int]) -> Place:
        """A column in which a value passes some rows: its own, that of what reads it, or a new one beside."""
        home = self._home(wire)
        wanted = [home] if isinstance(wire, Ref) else []
        wanted += [self.place[ref] for ref in self._straight_above(wire)]
        wanted += self._beside(sources(wire)[-1])
        for place in wanted:
            if all(place not in self.taken[row] for row in passed):
                return place
        beside = ((home[0], number) for number in itertools.count(FIRST_LANE))
        return next(p for p in beside if all(p not in self.taken[row] for row in passed))

    def _beside(self, ref: Ref) -> list[Place]:
        """The next place right of a mark, if it lies before the mark's neighbor: a lane there takes no room."""
        home = self.place[ref]
        after = min((place for place in self.marked if place > home), default=home)
        marks = self.picture.rows[ref.row].marks
        if ref.mark + 1 == len(marks) or after >= self.place[Ref(ref.row, ref.mark + 1)]:
            return []
        return [after]

    def _straight_above(self, wire: Wire) -> list[Ref]:
        return [
            ref
            for ref, mark in self.picture.refs()
            for side, item in wires(mark)
            if item == wire and side is Side.BELOW
        ]

    # Gaps

    def _start(self, row: int, wire: Wire) -> Place | None:
        """Where a value rises at the lower end of the gap below a row; ``None`` if it is joined there."""
        if wire in self.lanes[row - 1]:
            return self.lanes[row - 1][wire]
        return self.place[wire] if isinstance(wire, Ref) else None

    def _gap(self, row: int) -> Gap:
        gap = Gap()
        ends: dict[Wire, list[Place]] = {}
        slanted: list[tuple[Wire, Side, Place]] = []
        for at, mark in enumerate(self.picture.rows[row].marks):
            place = self.place[Ref(row, at)]
            for side, wire in wires(mark):
                if side is Side.BELOW:
                    ends.setdefault(wire, []).append(place)
                else:
                    slanted.append((wire, side, place))
        moved: list[tuple[Wire, Place]] = []
        for wire, place in self.lanes[row].items():
            start = self._start(row, wire)
            if isinstance(wire, Ref) and start != place:
                moved.append((wire, place))
            else:
                ends.setdefault(wire, []).append(place)
        slants = self._slants(row, ends, slanted, moved)
        gap.straight = {place for places in ends.values() for place in places}
        for wire, foot, head in slants:
            gap.slants.append(Slant(foot, head))
            if foot not in ends.setdefault(wire, []):
                ends[wire].append(foot)
        for wire, places in ends.items():
            self._join(gap, row, wire, places)
        return gap

    def _slants(
        self,
        row: int,
        ends: dict[Wire, list[Place]],
        slanted: list[tuple[Wire, Side, Place]],
        moved: list[tuple[Wire, Place]],
    ) -> list[tuple[Wire, Place, Place]]:
        """The slanted wires below a row, each with the value, its foot and its head."""
        wanted = [
            (wire, foot, head, side)
            for wire, side, head in slanted
            if isinstance(wire, Ref)
            and (foot := self._start(row, wire)) is not None
            and (foot < head) == (side is Side.LEFT)
            and foot != head
        ]
        lanes = [
            (wire, foot, head, None)
            for wire, head in moved
            if (foot := self._start(row, wire)) is not None
        ]
        ways = [_Way(*way) for way in (*wanted, *lanes)]
        ways = [way for way in ways if frozenset((way.foot, way.head)) not in self.barred]
        while True:
            standing = self._standing(row, ends, slanted, moved, ways)
            clear = [way for way in ways if standing.is_clear(way)]
            if len(clear) == len(ways):
                break
            # What cannot be slanted gets a foot of its own, and may be in the way of others.
            ways = clear
        found = [(way.wire, way.foot, way.head) for way in ways]
        direct = {(way.wire, way.side, way.head) for way in ways}
        found += [
            (wire, standing.feet[wire, side, head], head)
            for wire, side, head in slanted
            if (wire, side, head) not in direct
        ]
        for wire, head in moved:
            if (wire, None, head) not in direct:
                ends.setdefault(wire, []).append(head)
        return found

    def _standing(
        self,
        row: int,
        ends: Mapping[Wire, Sequence[Place]],
        slanted: Sequence[tuple[Wire, Side, Place]],
        moved: Sequence[tuple[Wire, Place]],
        ways: Sequence[_Way],
    ) -> _Standing:
        """What stands below the slanted wires of a row, if some of them begin over their sources."""
        standing = _Standing({}, {place for _, place in moved} | {head for _, _, head in slanted})
        for wire, places in ends.items():
            for place in places:
                standing.add(place, wire)
        for way in ways:
            standing.add(way.foot, way.wire)
        direct = {(way.wire, way.side, way.head) for way in ways}
        for wire, head in moved:
            if (wire, None, head) not in direct:
                standing.add(head, wire)
        for wire, side, head in slanted:
            if (wire, side, head) not in direct:
                foot = self._foot(row, wire, side, head, standing.owners)
                standing.feet[wire, side, head] = foot
                standing.add(foot, wire)
        return standing

    def _foot(
        self, row: int, wire: Wire, side: Side, head: Place, standing: Mapping[Place, object]
    ) -> Place:
        r"""Where a slanted wire begins to which its value has to be led.

             C       Over a source of its own bus, where that is the next column and nothing goes on there;
            /|       else in a column of its own.
        +-+-+ |
        | | | |
        H H H Q
        """
        if isinstance(wire, Bus):
            rising = {self._start(row, source) for source in wire.sources}
            before = max((place for place in self.marked if place < head), default=None)
            after = min((place for place in self.marked if place > head), default=None)
            beside = before if side is Side.LEFT else after
            # Where blocks are set apart, a wire from there would be a long one.
            far = (head if side is Side.LEFT else beside) in self.apart
            if beside is not None and beside in rising and not far:
                low, high = min(beside, head), max(beside, head)
                if not any(low <= place <= high and place != head for place in standing):
                    return beside
        return head[0], side.offset

    def _join(self, gap: Gap, row: int, wire: Wire, places: list[Place]) -> None:
        """Lead one value to the places where it has to be."""
        start = self._start(row, wire)
        if start is None:
            assert isinstance(wire, Bus)
            rising = [self._start(row, source) for source in wire.sources]
            below = tuple(place for place in rising if place is not None)
            gap.starts |= set(below)
            gap.nets.append(Net(below, list(dict.fromkeys(places))))
            return
        gap.starts.add(start)
        if isinstance(wire, Bus) and places != [start]:
            gap.nets.append(Net((start,), places))
            return
        for place in places:
            if place == start:
                gap.kept.add(place)
            else:
                # Each on a bus of its own: what shares a junction is read as one.
                gap.nets.append(Net((start,), [place]))
