r"""one row → its slanted wires: over their sources where nothing is in the way, else from a foot of their own.

Y Y Y        `Y` reads a neighbor of the row      C        The value is led to the foot by a bus.
|/|/|        below.                              /|
X X X                                        +-+-+ |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layout.picture import Bus, Side, Wire

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from seqdsl.layout.lanes import Lanes, Manner, Place


class Slant(NamedTuple):
    """A slanted wire right below a row, from the track in ``foot`` to the mark or lane in ``head``.

    ``side`` is ``None`` where it leads to a lane.
    """

    wire: Wire
    foot: Place
    head: Place
    side: Side | None = None


class Leaning(NamedTuple):
    """A wire that has to enter ``head`` from a side."""

    wire: Wire
    side: Side | None
    head: Place


@dataclass
class _Standing:
    """What is right below the slanted wires of a row.

    Attributes:
        owners: the values that rise there, by place.
        heads: where slanted wires end.
        feet: where those begin whose values have to be led there.
    """

    owners: dict[Place, set[Wire]]
    heads: set[Place]
    feet: dict[Leaning, Place] = field(default_factory=dict)

    def add(self, place: Place, wire: Wire) -> None:
        """Note that a value rises in a place."""
        self.owners.setdefault(place, set()).add(wire)

    def is_clear(self, way: Slant) -> bool:
        """Whether a slanted wire crosses nothing upright, and nothing else begins or ends where it begins."""
        low, high = min(way.foot, way.head), max(way.foot, way.head)
        crossed = any(low < place < high for place in (*self.owners, *self.heads))
        return not crossed and self.owners[way.foot] == {way.wire}


class Slants:
    """Finds the slanted wires of one row.

    Attributes:
        slants: the slanted wires.
        led: wires to lanes that are led there by a bus, as no slanted wire can be.
    """

    def __init__(
        self,
        lanes: Lanes,
        row: int,
        leaning: Sequence[Leaning],
        ends: Mapping[Wire, Sequence[Place]],
        barred: Collection[frozenset[Place]],
        manner: Manner,
    ) -> None:
        """Find them.

        Args:
            lanes: where values rise.
            row: the row.
            leaning: what enters it from a side, and the lanes that begin beside their value.
            ends: what goes straight up into it, and where.
            barred: pairs of places between which none can run.
            manner: how wires are led.
        """
        self.lanes, self.row, self.leaning, self.ends = lanes, row, leaning, ends
        self.barred, self.manner = barred, manner
        ways, standing = self._clear()
        own = [Slant(item.wire, foot, item.head, item.side) for item, foot in standing.feet.items()]
        self.slants = [*ways, *own]
        drawn = {(way.wire, way.head) for way in ways}
        self.led = [
            item for item in leaning if item.side is None and (item.wire, item.head) not in drawn
        ]

    def _clear(self) -> tuple[list[Slant], _Standing]:
        """The slanted wires that can begin over their sources, and what is below them."""
        direct = filter(None, map(self._direct, self.leaning))
        ways = [way for way in direct if frozenset((way.foot, way.head)) not in self.barred]
        while True:
            standing = self._standing(ways)
            clear = [way for way in ways if standing.is_clear(way)]
            if len(clear) == len(ways):
                return ways, standing
            # What cannot be slanted gets a foot of its own, and may be in the way of others.
            ways = clear

    def _direct(self, item: Leaning) -> Slant | None:
        """The slanted wire that begins where its value rises, if that is on the right side."""
        foot = self.lanes.start(self.row, item.wire)
        if foot is None or foot == item.head or isinstance(item.wire, Bus):
            return None
        fits = item.side is None or (foot < item.head) == (item.side is Side.LEFT)
        return Slant(item.wire, foot, item.head, item.side) if fits else None

    def _standing(self, ways: Sequence[Slant]) -> _Standing:
        """What is below the slanted wires, if some of them begin over their sources."""
        standing = _Standing({}, {item.head for item in self.leaning})
        for wire, places in self.ends.items():
            for place in places:
                standing.add(place, wire)
        for way in ways:
            standing.add(way.foot, way.wire)
        direct = {Leaning(way.wire, way.side, way.head) for way in ways}
        others = [item for item in self.leaning if item not in direct]
        # Lanes first: a foot may be over a source only if no lane begins there.
        for item in sorted(others, key=lambda item: item.side is not None):
            if item.side is None:
                standing.add(item.head, item.wire)
            else:
                standing.feet[item] = self._foot(item, item.side, standing.owners)
                standing.add(standing.feet[item], item.wire)
        return standing

    def _foot(self, item: Leaning, side: Side, standing: Mapping[Place, object]) -> Place:
        r"""Where a slanted wire begins to which its value has to be led.

             C       Over a source of its own bus, where that is the next column and nothing goes on there;
            /|       else in a column of its own.
        +-+-+ |
        | | | |
        H H H Q
        """
        head = item.head
        beside = self._beside(head, side)
        # Where the wire would be a long one, also a column that a lane has already: it takes no room of its own.
        known = self._known(head, side) if self._is_barred(item) else None
        if known is not None and known not in standing:
            return known
        if isinstance(item.wire, Bus) and beside is not None:
            rising = {self.lanes.start(self.row, source) for source in item.wire.sources}
            low, high = min(beside, head), max(beside, head)
            is_free = not any(low <= place <= high and place != head for place in standing)
            if beside in rising and is_free:
                return beside
        return head[0], side.offset

    def _is_barred(self, item: Leaning) -> bool:
        """Whether a bus leads to a wire that could be slanted all the way, and may lead to the next column."""
        if not self.manner.near:
            return False
        start = self.lanes.start(self.row, item.wire)
        return start is not None and frozenset((start, item.head)) in self.barred

    def _known(self, head: Place, side: Side) -> Place | None:
        """The next column of a mark or lane on a side."""
        known = self.lanes.marked.union(*(of.values() for of in self.lanes.of))
        if side is Side.LEFT:
            return max((one for one in known if one < head), default=None)
        return min((one for one in known if one > head), default=None)

    def _beside(self, head: Place, side: Side) -> Place | None:
        """The next column with a mark on a side; none where blocks are set apart: a wire from there were a long one."""
        marked, apart = self.lanes.marked, self.lanes.apart
        if side is Side.LEFT:
            # A place that is set apart is so from what is left of it.
            is_far = head in apart
            return None if is_far else max((one for one in marked if one < head), default=None)
        after = min((one for one in marked if one > head), default=None)
        return None if after in apart else after
