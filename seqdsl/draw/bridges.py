"""lines → lines with gaps: where an upright wire crosses a horizontal line, the latter is interrupted.

The gap is a gap, and no stroke in the color of the ground: a drawing may stand on any ground.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.draw.paths import is_flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.draw.scene import Point, Wire

_HALF_GAP = 3.0
_SAME = 0.05


def bridged(wires: Iterable[Wire], crossings: Iterable[Point]) -> Iterator[Wire]:
    """The same lines, horizontal ones in parts if they are crossed."""
    by_height: dict[float, list[float]] = {}
    for point in crossings:
        by_height.setdefault(round(point.y, 1), []).append(point.x)
    for places in by_height.values():
        places.sort()
    for wire in wires:
        places = by_height.get(round(wire.points[0].y, 1), []) if is_flat(wire) else []
        yield from _parts(wire, places)


def _parts(wire: Wire, places: list[float]) -> Iterator[Wire]:
    """A line without the gaps at its crossings; its head stays with the last part.

    ::

        ----|---->      two parts, of which the second has the head
            |
    """
    start, end = wire.points[0], wire.points[-1]
    low, high = sorted((start.x, end.x))
    # A gap that would leave nothing of an end is none: there the line begins at the wire that crosses it.
    inside = places[bisect_left(places, low) : bisect_right(places, high)]
    way = 1 if start.x <= end.x else -1
    for place in inside[::way]:
        before, after = place - way * _HALF_GAP, place + way * _HALF_GAP
        if (before - start.x) * way > _SAME and (end.x - after) * way > _SAME:
            yield replace(wire, points=(start, start._replace(x=before)), arrow=False)
            start = start._replace(x=after)
    yield replace(wire, points=(start, end)) if inside else wire
