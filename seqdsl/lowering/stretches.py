"""ellipses → stretches: which ellipses of a picture are one stretch of time.

Where rows overlap in the columns of their ellipses, the ellipses are one stretch, with the same number of elided
steps in each of those rows, as far as the wires do not tell another (`seqdsl.lowering.subsampling`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.lowering.relations import Key
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow

    Members = list[tuple[DrawnBlock, int]]


def count_stretches(grid: Sequence[GridRow]) -> int:
    """How many different stretches of time the ellipses of a picture stand for."""
    return len(set(find_stretches(grid).values()))


def find_stretches(grid: Sequence[GridRow]) -> dict[Key, int]:
    """Number the stretches: ellipses whose columns overlap, directly or through others, are one.

    ::

        Y ... Y        one stretch: X is over W and under Y in a column of dots
          X ... X
            W ... W
    """
    intervals = sorted(
        (row.columns[mark], end, number, mark)
        for number, row in enumerate(grid)
        for mark, end in row.ends.items()
    )
    found: dict[Key, int] = {}
    # As a sweep from left to right: one that begins before all so far have ended is of the same stretch.
    stretch, reach = -1, -1
    for start, end, number, mark in intervals:
        if start >= reach:
            stretch += 1
        reach = max(reach, end)
        found[number, mark] = stretch
    return found


def find_members(blocks: Sequence[DrawnBlock], stretches: Mapping[Key, int]) -> dict[int, Members]:
    """The blocks, with the mark of their ellipsis, that each stretch crosses; bottom row first."""
    members: dict[int, Members] = {}
    for block in blocks:
        for stretch in block.stretches:
            members.setdefault(stretches[block.row, stretch.mark], []).append((block, stretch.mark))
    return members
