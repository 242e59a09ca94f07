r"""wiring → its trunk, the longest way through it, which stays in whole columns; and what stands left of it.

  Y         Y          `C A M H Y` are the trunk, and the gate `Q` stands right of it. `S` leaves the trunk below `M`
 /|        /|          and comes back above it: right of the trunk, it would cross the shortcut from `C` to `M`, so it
| H       | H          stands left.
| M       | M
| |\      | |\
| | \     | | \
| |  \    | |  \
S |   |   S |   |
 \|   |    \|   |
  A   |     A   |
  | Q |     | Q |
  |  \|     |  \|
  F   |     F   |
  |  /      |  /
  C         C
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from seqdsl.layout.reading import reads

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.layout.wiring import Wiring

# Half a column left of one step would be half a column right of the one before.
_RIGHT = tuple(Fraction(eighths, 8) for eighths in (2, 3, 1))
_LEFT = tuple(Fraction(eighths, 8) for eighths in (-4, -2, -3, -1))


class Trunk:
    """The trunk of a wiring."""

    def __init__(self, wiring: Wiring, below: Sequence[set[int]]) -> None:
        """Find it.

        Args:
            wiring: the wiring.
            below: all that each block depends on.
        """
        read = [{source.block for source in reads(block)} for block in wiring.blocks]
        self._way = _longest(read)
        self._places = {at: place for place, at in enumerate(self._way)}
        self._below = below
        shortcuts = [
            (self._places[source], self._places[at])
            for at in self._way
            for source in read[at] & self._places.keys()
            if self._places[at] - self._places[source] > 1
        ]
        self._left = {at for at in range(len(read)) if self._crosses(at, shortcuts)}

    def _crosses(self, at: int, shortcuts: Sequence[tuple[int, int]]) -> bool:
        """Whether a block beside the trunk would cross one of its shortcuts: it leaves it within, and ends above."""
        begin = max(
            (self._places[item] for item in self._below[at] & self._places.keys()), default=-1
        )
        above = (place for item, place in self._places.items() if at in self._below[item])
        end = min(above, default=len(self._way))
        return any(low < begin < high < end for low, high in shortcuts)

    def offset(
        self, at: int, columns: Sequence[Fraction], taken: Collection[Fraction], moved: Fraction
    ) -> Fraction:
        """How far a row is moved to the right, so that the trunk is in whole columns, and all else beside it.

        Args:
            at: the row.
            columns: the columns in which it would be.
            taken: those of rows on which it does not depend.
            moved: how far these columns are moved already.
        """
        if at in self._places:
            return -moved
        first, second = (_LEFT, _RIGHT) if at in self._left else (_RIGHT, _LEFT)
        ways = [offset - moved for offset in (*first, *second)]
        if moved in first:
            # What stands over something beside the trunk stays there.
            ways.insert(0, Fraction(0))
        busy = {*taken, *(column - moved for column in columns)}
        free = (by for by in ways if busy.isdisjoint(column + by for column in columns))
        return next(free, Fraction(0))


def _longest(read: Sequence[set[int]]) -> list[int]:
    """The blocks of the longest way, from the bottom.

    Args:
        read: the blocks that each one reads.
    """
    depth: list[int] = []
    for sources in read:
        depth.append(max((depth[item] + 1 for item in sources), default=0))
    found = [max(range(len(depth)), key=depth.__getitem__)]
    while read[found[-1]]:
        found.append(max(sorted(read[found[-1]]), key=depth.__getitem__))
    return found[::-1]
