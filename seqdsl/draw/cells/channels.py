"""links between two layers → tracks: where each value runs up or down, so that no two lie on each other."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.draw.cells.graph import Source

_MOST_TRIED = 6
_OVERLAP = 1000
CLEAR = 7.0
"""Wires of different values are at least so far apart, in pixels, where they run beside each other."""


class Net(NamedTuple):
    """A value between two layers: the height it starts at, and those at which it ends.

    ``rises``: it starts at its track, at the bottom, as what a step reads does.
    """

    source: Source
    start: float
    ends: tuple[float, ...]
    rises: bool

    @property
    def is_straight(self) -> bool:
        """Whether it runs neither up nor down."""
        return not self.rises and all(end == self.start for end in self.ends)

    @property
    def top(self) -> float:
        """The upper end of its track."""
        return min(self.start, *self.ends)

    @property
    def bottom(self) -> float:
        """The lower end of its track."""
        return max(self.start, *self.ends)


def tracks(nets: Sequence[Net]) -> tuple[list[Net], bool]:
    """The values that need a track, from left to right, and whether no wires then lie on each other."""
    bent = [net for net in nets if not net.is_straight]
    straight = [net for net in nets if net.is_straight]
    # Long ways up are left of short ones, as nested corners are.
    bent.sort(key=lambda net: (net.start, net.top))
    if len(bent) > _MOST_TRIED:
        bent = _sorted(bent)
        return bent, _cost(bent, straight) < _OVERLAP
    best = min(permutations(bent), key=lambda order: _cost(order, straight), default=())
    return list(best), _cost(best, straight) < _OVERLAP


def _sorted(bent: list[Net]) -> list[Net]:
    """An order by insertion: each net goes where it costs least; there are too many to try all orders."""
    # Six tracks have 720 orders, ten more than three million.
    order: list[Net] = []
    for net in bent:
        trials = [[*order[:at], net, *order[at:]] for at in range(len(order) + 1)]
        order = min(trials, key=lambda trial: _cost(trial, ()))
    return order


def _cost(order: Sequence[Net], straight: Sequence[Net]) -> int:
    """Crossings, and a thousand for each pair of wires that lie on each other."""
    cost = sum(_pair(left, right) for left, right in combinations(order, 2))
    for net in straight:
        # A straight wire between the ends of a track crosses it; beside one of its ends it would seem to go on there.
        for other in order:
            cost += other.top < net.start < other.bottom
    return cost


def _pair(left: Net, right: Net) -> int:
    """What it costs that one track is left of another."""
    cost = 0
    # left: ---+   +---     the end of the left one at y would lie on the start of the right one at y
    #          +---|---
    # What goes on to the right from the left track crosses the right one; so does what comes to the right one.
    for y in left.ends:
        cost += right.top < y < right.bottom
        cost += 0 if right.rises else _OVERLAP * (abs(y - right.start) < CLEAR)
    if not right.rises:
        cost += left.top < right.start < left.bottom
    return cost
