"""placed picture → tracks: what lies in each gap between two rows of nodes, and the lanes that pass the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.layout.lanes import Lanes
from seqdsl.layout.picture import Bus, Picture, Ref, Side, Wire, wires
from seqdsl.layout.slants import Leaning, Slant, Slants

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.layout.lanes import Manner, Place


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
        continuing: those that go on to its upper end, or to the foot of a slanted wire, in their column.
        straight: where something goes straight up into the row above.
        nets: what has to be led to other columns.
        slants: the slanted wires at its upper end.
    """

    starts: set[Place] = field(default_factory=set)
    continuing: set[Place] = field(default_factory=set)
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
        places = {place for lanes in self.lanes for place in lanes}
        for gap in self.gaps:
            places |= gap.starts | gap.straight
            places |= {p for net in gap.nets for p in (*net.sources, *net.targets)}
            places |= {p for slant in gap.slants for p in (slant.foot, slant.head)}
        return places


def find_tracks(
    picture: Picture, manner: Manner, barred: Collection[frozenset[Place]] = ()
) -> Tracks:
    """Give every value its column, and every wire its way into what reads it.

    Args:
        picture: a picture whose marks have places.
        manner: how wires are led.
        barred: pairs of places between which no slanted wires run: they cannot cross there, or would be long.
    """
    lanes = Lanes(picture, manner)
    gaps = [_gap(lanes, row, manner, barred) for row in range(len(picture.rows))]
    return Tracks(gaps, [set(by_wire.values()) for by_wire in lanes.of])


def _gap(lanes: Lanes, row: int, manner: Manner, barred: Collection[frozenset[Place]]) -> Gap:
    """What lies below a row.

    ::

        Y Y Y Y      straight: what ends in the row, and the feet of its slanted wires
        |/|/|/|      slants
        +-+ | |      nets: what has to be led to its end
          | | |      continuing: what goes on
        X X X X      starts
    """
    gap = Gap()
    ends, leaning = _entering(lanes, row)
    slants = Slants(lanes, row, leaning, ends, barred, manner)
    for item in slants.led:
        ends.setdefault(item.wire, []).append(item.head)
    gap.straight = {place for places in ends.values() for place in places}
    for slant in slants.slants:
        gap.slants.append(slant)
        if slant.foot not in ends.setdefault(slant.wire, []):
            ends[slant.wire].append(slant.foot)
    for wire, places in ends.items():
        _join(gap, lanes, row, wire, places)
    return gap


def _entering(lanes: Lanes, row: int) -> tuple[dict[Wire, list[Place]], list[Leaning]]:
    """What enters a row, its marks and the lanes that pass it: straight from below, and from a side."""
    ends: dict[Wire, list[Place]] = {}
    leaning: list[Leaning] = []
    for at, mark in enumerate(lanes.picture.rows[row].marks):
        place = lanes.place[Ref(row, at)]
        for side, wire in wires(mark):
            if side is Side.BELOW:
                ends.setdefault(wire, []).append(place)
            else:
                leaning.append(Leaning(wire, side, place))
    for wire, place in lanes.of[row].items():
        # A lane that begins beside its value; a bus can rise in any column.
        if isinstance(wire, Ref) and lanes.start(row, wire) != place:
            leaning.append(Leaning(wire, None, place))
        else:
            ends.setdefault(wire, []).append(place)
    return ends, leaning


def _join(gap: Gap, lanes: Lanes, row: int, wire: Wire, places: Sequence[Place]) -> None:
    """Lead one value to the places where it has to be."""
    start = lanes.start(row, wire)
    # A bus is joined right below the first row that reads it, and rises as one wire from there:
    #
    #     A A   B      both rows read one bus
    #     | |   |
    #     +-+---+
    #     |
    #     X
    if start is None:
        assert isinstance(wire, Bus)
        rising = [lanes.start(row, source) for source in wire.sources]
        below = tuple(place for place in rising if place is not None)
        gap.starts |= set(below)
        gap.nets.append(Net(below, list(dict.fromkeys(places))))
        return
    gap.starts.add(start)
    if isinstance(wire, Bus) and list(places) != [start]:
        gap.nets.append(Net((start,), list(places)))
        return
    for place in places:
        if place == start:
            gap.continuing.add(place)
        else:
            # Each on a bus of its own: what shares a junction is read as one.
            gap.nets.append(Net((start,), [place]))
