r"""two sides of an ellipsis → how the row goes on reading the row below across it.

Seen from the ellipsis, drawn nodes have numbers ``-2 -1 . 0 1`` in both rows. Where the two sides are wired
alike, ``up`` nodes go with ``down`` nodes below:

    node b reads   down * (b // up) + w   for the same windows w on both sides

    X X ... X X   up 1, down 1, w = 0        P     ... P       up 1, down 2, w = 0 and 1
    | |     | |                              |         |
    X X ... X X                              +-+       +-+
                                             X X   ... X X
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.drawn_out.lanes import Lane
from tests.drawn_out.picture import NOTHING, Block, Bus, Gap, Unclear

MOST = 8
"""The longest period that is looked for."""

Windows = Mapping[tuple[int, int], frozenset[int]]
"""What nodes read, by their lane and their number in the period."""


@dataclass(frozen=True)
class Pair:
    """How a row reads one row below across an ellipsis.

    Attributes:
        below: the block that is read.
        up: so many nodes of the row go with `down` nodes of the block below.
        down: the nodes of the block below for each `up`.
        windows: which of these are read.
        gap: the ellipsis of the block below.
    """

    below: int
    up: int
    down: int
    windows: Windows
    gap: int = -1

    @property
    def is_single(self) -> bool:
        """Whether every node reads one step, and steps are left out."""
        return [len(window) for window in self.windows.values()] == [1] and self.down > 1

    @property
    def offset(self) -> int:
        """The least window."""
        return min(w for window in self.windows.values() for w in window)


def pair(lanes: Sequence[Lane], block: Block, gap: Gap, below: int, other: int) -> Pair | None:
    """The way the nodes around an ellipsis read ``below``, whose own ellipsis is after ``other`` nodes.

    Raises:
        Unclear: the row reads each step several times, but not equally often on both sides.
    """
    reads = [_reads(lane, gap, below, other) for lane in lanes]
    nodes = range(-gap.after, block.count - gap.after)
    repeats = _repeats(reads, nodes)
    several = [(repeats, down) for down in range(1, MOST + 1)]
    for up, down in several if repeats > 1 else _periods():
        windows = _fit(reads, nodes, up, down)
        if windows:
            return Pair(below, up, down, windows)
    return None


def _periods() -> list[tuple[int, int]]:
    """The periods to try, short ones first."""
    found = [(1, down) for down in range(1, MOST + 1)]
    found += [(both, both) for both in range(2, MOST + 1)]
    return found


def _reads(lane: Lane, gap: Gap, below: int, other: int) -> dict[int, frozenset[int]]:
    """What each node reads of the block below, both counted from their ellipses; constant parts do not count."""
    constant = lane.buses[gap.after - 1] & lane.buses[gap.after]
    return _parts(lane, constant, gap, below, other)


def _parts(
    lane: Lane, constant: Bus, gap: Gap, below: int, other: int
) -> dict[int, frozenset[int]]:
    return {
        node - gap.after: frozenset(s.step - other for s in bus - constant if s.block == below)
        for node, bus in enumerate(lane.buses)
    }


def at_end(lanes: Sequence[Lane], block: Block, gap: Gap, below: int, other: int) -> Pair | None:
    """The same at an end of both blocks: the last two periods that are drawn are compared, if there are two."""
    away = -1 if gap.after else 1
    reads = [_parts(lane, NOTHING, gap, below, other) for lane in lanes]
    seen = [
        [lane[node] for lane in reads] for node in sorted(reads[0], key=lambda node: away * node)
    ]
    up = next((n for n, found in enumerate(seen) if found != seen[0]), len(seen))
    before = seen[up : 2 * up]
    if len(before) < up or any(found != before[0] for found in before) or not any(seen[0]):
        return None
    down = min(min(part) for part in seen[0] if part) - min(
        (min(part) for part in before[0] if part), default=MOST
    )
    if not 0 < -away * down <= MOST or (up, abs(down)) == (1, 1):
        return None
    down = abs(down)
    shift = down if gap.after else 0
    moved = [frozenset(a + away * down for a in part) for part in seen[0]]
    # All that is read of the last period is read by its own nodes: else the row is late, not a stride.
    period = frozenset(range(-down, 0) if gap.after else range(down))
    late = any(not part <= period for part in seen[0])
    shared = any(part & period for found in seen[up:] for part in found)
    # Nor does another node read of the period before it: `F   F F` leaves one out once.
    earlier = frozenset(one + away * down for one in period)
    shared = shared or any(part & earlier for found in seen[2 * up :] for part in found)
    if moved != before[0] or late or shared:
        return None
    windows = {
        (place, node): frozenset(a + shift for a in part)
        for place, part in enumerate(seen[0])
        for node in range(up)
        if part
    }
    return Pair(below, up, down, windows)


def _repeats(reads: Sequence[Mapping[int, frozenset[int]]], nodes: range) -> int:
    """How many nodes read the same, where several do: equally many on both sides."""
    read = {node: [lane[node] for lane in reads] for node in nodes}
    left = right = 1
    while any(read[-1]) and read.get(-1 - left) == read[-1]:
        left += 1
    while any(read[0]) and read.get(right) == read[0]:
        right += 1
    if max(left, right) == 1 or not (any(read[-1]) and any(read[0])):
        return 1
    if left != right:
        raise Unclear(f"steps are read {left} times before an ellipsis and {right} times after")
    return left


def _fit(
    reads: Sequence[Mapping[int, frozenset[int]]], nodes: range, up: int, down: int
) -> Windows | None:
    """The windows of such a period, if the nodes on both sides are wired that way."""
    windows: dict[tuple[int, int], frozenset[int]] = {}
    for place, lane in enumerate(reads):
        for node in range(up):
            if node not in nodes or node - up not in nodes:
                return None
            right = lane[node]
            left = frozenset(a + down for a in lane[node - up])
            # A wire may be missing on one side: one that would begin at an elided step.
            if left and right and left != right:
                return None
            if any(w < down for w in right - left) or any(w >= 0 for w in left - right):
                return None
            if left | right:
                windows[place, node] = left | right
    return windows or None
