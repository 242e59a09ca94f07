"""grid → marks: which of them are drawn anew, which are set apart, and which ellipses are one stretch of time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.layout.picture import Unplaceable
from seqdsl.picture.grid import ELLIPSIS, JUNCTION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow

_USUAL = 2
"""How far apart neighbors are drawn if no block sets it."""


def marks_drawn_anew(row: GridRow, ends: Collection[int]) -> list[int]:
    """The marks of a row, without junctions that no state wire touches: those are wires that pass.

    Args:
        row: the row.
        ends: the columns of its junctions at which a state wire ends.
    """
    drawn = []
    for first, last in _runs(row):
        is_end = any(row.columns[mark] in ends for mark in range(first, last + 1))
        drawn += [mark for mark in range(first, last + 1) if row.marks[mark] != JUNCTION or is_end]
    return drawn


def _runs(row: GridRow) -> Iterator[tuple[int, int]]:
    """The first and last mark of each run: junctions that are joined, or one other mark."""
    first = 0
    for mark in range(1, len(row.marks) + 1):
        both = row.marks[mark - 1 : mark + 1] == JUNCTION * 2
        if mark == len(row.marks) or not (both and row.joins[mark - 1]):
            yield first, mark - 1
            first = mark


def set_apart(row: GridRow, drawn: Sequence[int], blocks: Sequence[DrawnBlock]) -> set[int]:
    """The marks of a row that are drawn further from the mark before than the nodes of blocks are.

        X X X   Z Z Z      the first `Z`          F   F F   F      the second `F`, and the last

    Args:
        row: the row.
        drawn: its marks that are drawn anew.
        blocks: its blocks.
    """
    gaps = [
        (left, right, row.columns[right] - row.columns[left])
        for left, right in pairwise(drawn)
        if ELLIPSIS not in (row.marks[left], row.marks[right])
    ]
    owner = {
        mark: at
        for at, block in enumerate(blocks)
        for mark in range(block.marks[0], block.marks[1] + 1)
    }
    # The pitch of a block is its smallest gap: of `F   F F   F` that between its pairs.
    pitch: dict[int | None, int] = {}
    for left, right, gap in gaps:
        if owner.get(left) is not None and owner.get(left) == owner.get(right):
            pitch[owner[left]] = min(gap, pitch.get(owner[left], gap))
    usual = min(pitch.values(), default=_USUAL)
    return {
        right
        for left, right, gap in gaps
        if gap > max(pitch.get(owner.get(left), usual), pitch.get(owner.get(right), usual))
    }


def find_stretches(grid: Sequence[GridRow]) -> dict[tuple[int, int], tuple[int, int]]:
    """The stretch of time of each ellipsis, by row and mark, and a column that all its ellipses cover.

    Raises:
        Unplaceable: they overlap in a chain, without such a column.
    """
    intervals = sorted(
        (row.columns[mark], end, number, mark)
        for number, row in enumerate(grid)
        for mark, end in row.ends.items()
    )
    groups: list[list[tuple[int, int, int, int]]] = []
    reach = -1
    #     O ... O O        the columns of both ellipses overlap: one stretch of time
    #     X ..n.. X
    for item in intervals:
        if item[0] >= reach:
            groups.append([])
        groups[-1].append(item)
        reach = max(reach, item[1])
    stretches = {}
    for stretch, group in enumerate(groups):
        low, high = max(item[0] for item in group), min(item[1] for item in group)
        if low >= high:
            raise Unplaceable("ellipses overlap in a chain, without a column in common")
        for _, _, number, mark in group:
            stretches[number, mark] = stretch, (low + high - 1) // 2
    return stretches
