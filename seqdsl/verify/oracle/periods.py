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

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.picture.blocks import DrawnBlock

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


class Pair:
    """A block, and one that it reads.

    Attributes:
        above: the block that reads.
        below: the block that is read.
        parts: the nodes between the ellipses above, with those of the chains beside the block that are taken with it.
        own: what each of these nodes reads of the block below.
        readers: who reads each node of it.
        led: the nodes to which a junction leads something.
    """

    def __init__(
        self,
        upper: DrawnBlock,
        lower: DrawnBlock,
        reads: Callable[[int], frozenset[int]],
        is_led: Callable[[int], bool],
        beside: tuple[range, range] | None = None,
    ) -> None:
        """Note who reads what, of the nodes that ``reads`` tells.

        Args:
            upper: the block that reads.
            lower: the block that is read.
            reads: the nodes that a node reads.
            is_led: whether a junction leads something to a node.
            beside: the nodes before and behind the upper block that are taken with it.
        """
        self.above, self.below = Row(upper), Row(lower)
        before, behind = beside or (self.above.units[:0], self.above.units[:0])
        self.parts: list[Sequence[int]] = list(self.above.parts)
        # What begins or ends with an ellipsis goes on there, not in its neighbors.
        self.parts[0] = [*before, *self.parts[0]] if self.parts[0] else []
        self.parts[-1] = [*self.parts[-1], *behind] if self.parts[-1] else []
        units, below = (*before, *self.above.units, *behind), frozenset(self.below.units)
        self.own = {unit: reads(unit) & below for unit in units}
        self.readers: dict[int, list[int]] = {}
        for unit, found in self.own.items():
            for one in found:
                self.readers.setdefault(one, []).append(unit)
        self.led = set(filter(is_led, units))

    def period(self, place: int) -> Period | None:
        """The period over one of the block's ellipses, if it has one."""
        uppers, gap = self.parts[place : place + 2], self._gap(place)
        if gap is None:
            return None
        lowers = self.below.parts[gap : gap + 2]
        if [bool(part) for part in uppers] != [bool(part) for part in lowers]:
            return None
        found = _inside(uppers, lowers, self) if all(uppers) else _at_end(uppers, lowers, self)
        if found is None:
            return None
        up, down = found
        is_last = place == len(self.above.parts) - 2 and self.above.parts[0]
        start = _start(self, up, down) if is_last and down > 1 else None
        return Period(gap, up, down, start)

    def _gap(self, place: int) -> int | None:
        """The ellipsis below: the first one behind what is read beside the ellipsis, or before it."""
        left, right = self.above.parts[place : place + 2]
        read = self.own[left[-1]] if left else self.own[right[0]] if right else frozenset()
        if not read:
            return None
        ends = [part.stop for part in self.below.parts[:-1]]
        gap = bisect_right(ends, max(read)) if left else bisect_right(ends, min(read)) - 1
        return gap if 0 <= gap < len(ends) else None


def _inside(
    uppers: Sequence[Sequence[int]], lowers: Sequence[Sequence[int]], pair: Pair
) -> tuple[int, int] | None:
    """The nodes of one period, above and below, on both sides of an ellipsis of each of two rows."""
    for down in _lengths(pair, reversed(lowers[0])):
        left = _pattern(lowers[0][-down:], pair)
        right = _pattern(lowers[1][:down], pair)
        if left is None or right is None or left.offsets != right.offsets:
            continue
        up = len(left.units)
        if left.units == list(uppers[0][-up:]) and right.units == list(uppers[1][:up]):
            return up, down
    return None


def _lengths(pair: Pair, nodes: Iterator[int]) -> range:
    """How long a period can be: the first of these nodes that is read is one of it."""
    near = next((number for number, node in enumerate(nodes, 1) if node in pair.readers), 0)
    return range(near, near + _MOST) if near else range(0)


class _Pattern(NamedTuple):
    """The nodes that read any of some neighbors, and which of them each reads, counted from the first."""

    units: list[int]
    offsets: list[frozenset[int]]


def _pattern(window: Sequence[int], pair: Pair, first: int | None = None) -> _Pattern | None:
    """Who reads some neighbors; nothing if they read others of the row as well, or each its own ones.

    A window whose outer wires are missing, as they would come from elided steps, is no period.
    """
    inside, own = set(window), pair.own
    units = sorted({unit for one in window for unit in pair.readers.get(one, ())})
    if not units or any(own[unit] != own[units[0]] or not own[unit] <= inside for unit in units):
        return None
    base = window[0] if first is None else first
    return _Pattern(units, [frozenset(one - base for one in own[unit]) for unit in units])


def _at_end(
    uppers: Sequence[Sequence[int]],
    lowers: Sequence[Sequence[int]],
    pair: Pair,
) -> tuple[int, int] | None:
    """The period of ellipses that begin or end their blocks: the last two that are drawn are compared.

    Of the one before the last, the other end of the row may cut off some. Without two alike, steps go on one by one.
    Here two nodes above are a period for one below, and one above for two below::

        Y Y Y Y ...      F   F   ...
        |/  |/           |   |
        X   X   ...      X X X X ...
    """
    ends = bool(uppers[0])
    mine, theirs = (uppers[0], lowers[0]) if ends else (uppers[1], lowers[1])
    for down in _lengths(pair, reversed(theirs) if ends else iter(theirs)):
        if down >= len(theirs):
            break
        last = _pattern(_beside(theirs, down, 0, ends=ends), pair)
        # Counted from where a whole period would begin, even if the other end of the row cuts off its first steps.
        first = theirs[-1] + 1 - 2 * down if ends else theirs[0] + down
        before = _pattern(_beside(theirs, down, 1, ends=ends), pair, first)
        if last is None or before is None or before.offsets != last.offsets:
            continue
        up = len(last.units)
        drawn = [list(_beside(mine, up, number, ends=ends)) for number in (0, 1)]
        if drawn == [last.units, before.units]:
            return up, down
    return _alone(mine, theirs, pair, ends=ends)


def _beside(row: Sequence[int], size: int, number: int, *, ends: bool) -> Sequence[int]:
    """The nodes of a period beside an ellipsis that ends its block, or begins it: the number 0 is the nearest one.

    ::

        X X X X X ...       ... X X X X X       of two nodes each
         1-1 0-0                0-0 1-1
    """
    near, far = number * size, (number + 1) * size
    if not ends:
        return row[near:far]
    return row[max(len(row) - far, 0) : max(len(row) - near, 0)]


def _alone(
    mine: Sequence[int], theirs: Sequence[int], pair: Pair, *, ends: bool
) -> tuple[int, int] | None:
    """Who reads the one step beside an ellipsis at an end; what a junction leads is led to all elided steps."""
    last = _pattern(_beside(theirs, 1, 0, ends=ends), pair)
    if last is None:
        return None
    up = len(last.units)
    if last.units != list(_beside(mine, up, 0, ends=ends)):
        return None
    # The node behind those: if it reads nothing of the row, the wire is one alone, and no period.
    rest = mine[: len(mine) - up] if ends else mine[up:]
    other = _beside(rest, 1, 0, ends=ends)
    is_alone = not other or not pair.own[other[0]]
    return None if is_alone and pair.led & set(last.units) else (up, 1)


def _start(pair: Pair, up: int, down: int) -> int | None:
    """The first step of a stride that goes on to the end of the row, whatever its length."""
    # Y   Y   ..n..      up = 1, down = 2, start = 0: the k-th Y reads X number start + down * k, whatever n is,
    # |   |              if it holds for all that are drawn and each ellipsis begins with a new period.
    # X X X X ..m..
    above, below, own = pair.above, pair.below, pair.own
    first = own[above.units[0]]
    if len(first) != 1 or len(above.parts) != len(below.parts):
        return None
    (unit,) = first
    start = unit - below.units[0]
    wanted = [frozenset({one}) for one in below.units[start::down] for _ in range(up)]
    if list(map(own.__getitem__, above.units)) != wanted:
        return None
    # An ellipsis that ends both rows has nothing behind it that has to fit.
    ends_both = len(above.parts) == 2 and not (above.parts[-1] or below.parts[-1])
    return start if ends_both or _stand_between_periods(above, below, start, up, down) else None


def _stand_between_periods(above: Row, below: Row, start: int, up: int, down: int) -> bool:
    """Whether every ellipsis stands between two periods of both rows: whole ones are drawn before it."""
    read = drawn = 0
    for part, other in zip(above.parts[:-1], below.parts[:-1], strict=True):
        read, drawn = read + len(part), drawn + len(other)
        if (drawn - start) % down or read * down != (drawn - start) * up:
            return False
    return True
