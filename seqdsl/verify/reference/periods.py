r"""drawing → periods: how the wires go on across an ellipsis, read off the drawn nodes beside it alone.

Of the lower row the fewest nodes are taken, on both sides of its ellipsis, that the same number of upper nodes read
in the same way. With ``q`` of the lower row and ``p`` of the upper one, ``q`` elided below are ``p`` elided above::

    Y Y ... Y Y        F   ...   F         P   ...   P
    | |     | |        |         |         |\        |\
    +-+     +-+        X X ... X X         X X ... X X
    |       |
    X  ...  X          q = 2, p = 1        q = 2, p = 1
                       (a stride)
    q = 1, p = 2
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.graph.blocks import DrawnBlock

_MOST = 64
"""Longer periods are not looked for."""


class Period(NamedTuple):
    """How a block goes on where another one does.

    Attributes:
        gap: which ellipsis of the other block.
        up: how many nodes ...
        down: ... read so many of the other.
        start: where a stride over the whole of the other block begins; ``None`` if it is none.
    """

    gap: int
    up: int
    down: int
    start: int | None = None


class Row:
    """The drawn nodes of a block, in parts between its ellipses.

    Attributes:
        units: its nodes.
        parts: the nodes before, between and after its ellipses; perhaps none.
    """

    def __init__(self, block: DrawnBlock) -> None:
        """Cut a block at its ellipses."""
        self.units = range(block.first, block.first + block.count)
        cuts = [0, *(item.after for item in block.stretches), block.count]
        self.parts = [self.units[low:high] for low, high in pairwise(cuts)]


def find(
    upper: DrawnBlock,
    place: int,
    lower: DrawnBlock,
    reads: Callable[[int], frozenset[int]],
    is_led: Callable[[int], bool],
) -> Period | None:
    """The period of a block's ellipsis over another block, if it has one.

    Args:
        upper: the block that reads.
        place: which of its ellipses.
        lower: the block that is read.
        reads: the nodes that a node reads.
        is_led: whether a junction leads something to a node.
    """
    above, below = Row(upper), Row(lower)
    own = {unit: reads(unit) & set(below.units) for unit in above.units}
    for gap in range(len(lower.stretches)):
        found = _compared(above, place, below, gap, own, is_led)
        if found is not None:
            up, down = found
            is_last = place == len(upper.stretches) - 1 and above.parts[0]
            start = _start(above, below, up, down, own) if is_last and down > 1 else None
            return Period(gap, up, down, start)
    return None


_Reads = dict[int, frozenset[int]]


def _compared(
    above: Row,
    place: int,
    below: Row,
    gap: int,
    own: _Reads,
    is_led: Callable[[int], bool],
) -> tuple[int, int] | None:
    """The nodes of one period, above and below, around an ellipsis of each of two rows."""
    uppers, lowers = above.parts[place : place + 2], below.parts[gap : gap + 2]
    if [bool(part) for part in uppers] != [bool(part) for part in lowers]:
        return None
    if not any(uppers):
        return None
    if all(uppers):
        for down in _lengths(own, reversed(lowers[0])):
            left = _pattern(lowers[0][-down:], own)
            right = _pattern(lowers[1][:down], own)
            if left is None or right is None or left.offsets != right.offsets:
                continue
            up = len(left.units)
            if left.units == list(uppers[0][-up:]) and right.units == list(uppers[1][:up]):
                return up, down
        return None
    return _at_end(uppers, lowers, own, is_led)


def _lengths(own: _Reads, nodes: Iterator[int]) -> range:
    """How long a period can be: the first of these nodes that is read is one of it."""
    read = frozenset[int]().union(*own.values())
    near = next((number for number, node in enumerate(nodes, 1) if node in read), 0)
    return range(near, near + _MOST) if near else range(0)


class _Pattern(NamedTuple):
    """The nodes that read any of some neighbours, and which of them each reads, counted from the first."""

    units: list[int]
    offsets: list[frozenset[int]]


def _pattern(window: Sequence[int], own: _Reads) -> _Pattern | None:
    """Who reads some neighbours; nothing if they read others of the row as well, or each its own ones.

    A window whose outer wires are missing, as they would come from elided steps, is no period.
    """
    inside = set(window)
    units = [unit for unit, found in own.items() if found & inside]
    if not units or any(own[unit] != own[units[0]] or not own[unit] <= inside for unit in units):
        return None
    return _Pattern(units, [frozenset(one - window[0] for one in own[unit]) for unit in units])


def _at_end(
    uppers: Sequence[Sequence[int]],
    lowers: Sequence[Sequence[int]],
    own: _Reads,
    is_led: Callable[[int], bool],
) -> tuple[int, int] | None:
    """The period of ellipses that begin or end their blocks: the last two that are drawn are compared."""
    ends = bool(uppers[0])
    mine, theirs = (uppers[0], lowers[0]) if ends else (uppers[1], lowers[1])
    for down in _lengths(own, reversed(theirs) if ends else iter(theirs)):
        if down > len(theirs):
            return None
        last = _pattern(theirs[-down:] if ends else theirs[:down], own)
        if last is None:
            continue
        up = len(last.units)
        if last.units != list(mine[-up:] if ends else mine[:up]):
            continue
        if up == down == 1:
            return up, down
        window = theirs[-2 * down : -down] if ends else theirs[down : 2 * down]
        before = _pattern(window, own) if window else None
        wanted = mine[-2 * up : -up] if ends else mine[up : 2 * up]
        if before and before.offsets == last.offsets and before.units == list(wanted):
            return up, down
        # One period alone: a junction's value is led to all elided steps, others go on.
        other = next(iter(mine[:-up][-1:] if ends else mine[up:][:1]), None)
        alone = other is None or not own[other]
        if down == 1 and not (alone and any(map(is_led, last.units))):
            return up, down
    return None


def _start(above: Row, below: Row, up: int, down: int, own: _Reads) -> int | None:
    """The first step of a stride that goes on to the end of the row, whatever its length."""
    first = own[above.units[0]]
    if len(first) != 1 or len(above.parts) != len(below.parts):
        return None
    (unit,) = first
    start = unit - below.units[0]
    wanted = [frozenset({one}) for one in below.units[start::down] for _ in range(up)]
    if [own[one] for one in above.units] != wanted:
        return None
    # Every ellipsis stands between two periods of both rows.
    read = drawn = 0
    for part, other in zip(above.parts[:-1], below.parts[:-1], strict=True):
        read, drawn = read + len(part), drawn + len(other)
        if (drawn - start) % down or read * down != (drawn - start) * up:
            return None
    return start
