"""start, track and ends of a value → the lines that carry it between two layers, and where they branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.scene import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    Points = tuple[Point, ...]


class Branching(NamedTuple):
    """The lines of a value in a channel.

    Attributes:
        ways: the line to each end.
        trunk: a line that leads to none of them by itself.
        joints: where one leaves another.
    """

    ways: list[Points]
    trunk: list[Points]
    joints: list[Point]


def branched(start: Point, track: float, tails: Sequence[Points]) -> Branching:
    """Lead a value along its track to where each tail begins."""
    #            +--- tail      the ends farthest up and down have round corners,
    #            o--- tail      others leave the track at a joint,
    # start -----o--- tail      and so does the track itself, if anything else goes on from there
    #            |
    #            +--- tail
    corner = Point(track, start.y)
    heights = [tail[0].y for tail in tails]
    every = [start.y, *heights]
    farthest = {min(every), max(every)} - {start.y}
    goes_on = start.y in heights
    is_branch = len(farthest) + goes_on > 1
    found = Branching([], [], [])
    for y, tail in zip(heights, tails, strict=True):
        if y == start.y:
            found.ways.append((start, *tail))
        elif y in farthest:
            # What rises from the bottom starts at the corner: there are not two points of it.
            lead = (corner,) if is_branch else tuple(dict.fromkeys((start, corner)))
            found.ways.append((*lead, Point(track, y), *tail))
        else:
            # An end between the two farthest: the track goes on past it.
            found.ways.append((Point(track, y), *tail))
            found.joints.append(Point(track, y))
    if is_branch:
        found.joints.append(corner)
        found.trunk.extend([] if goes_on else [(start, corner)])
    return found
