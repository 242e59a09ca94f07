"""blocks, and before which of their nodes they are cut → the blocks that are left, each part one by itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow

MOST_PARTS = 4
"""A block of more parts is one application: they are read one after the other."""


def changes(block: DrawnBlock, reads: Sequence[frozenset[Hashable]]) -> list[int]:
    """Before which units a block reads other blocks than before; none if it cannot be cut there."""
    if not all(reads):
        return []
    places = [place for place, (one, other) in enumerate(pairwise(reads), 1) if one != other]
    # W ... W    over X and Z: the ellipsis is at the cut, and the steps that it elides would be of neither part
    elided = {stretch.after for stretch in block.stretches}
    return places if len(places) < MOST_PARTS and not elided & set(places) else []


def cut(
    grid: Sequence[GridRow], blocks: Sequence[DrawnBlock], cuts: dict[int, list[int]]
) -> Sequence[DrawnBlock]:
    """The blocks, those in ``cuts`` before some of their nodes."""
    if not cuts:
        return blocks
    parts: list[DrawnBlock] = []
    for index, block in enumerate(blocks):
        cut = cuts.get(index, ())
        parts += _pieces(grid[block.row], block, cut, len(parts)) if cut else (block,)
    return parts


def _pieces(
    row: GridRow, block: DrawnBlock, cuts: Sequence[int], index: int
) -> Iterable[DrawnBlock]:
    """A block cut before some of its units; the first piece has the number ``index``."""
    first, last = block.marks
    # Delayed nodes may stand between: `d W d W ... d W`.
    nodes = [mark for mark in range(first, last + 1) if row.marks[mark].isupper()]
    for low, high in pairwise([0, *cuts, block.count]):
        here = [item for item in block.stretches if low <= item.after <= high]
        own = [*nodes[low:high], *(item.mark for item in here)]
        yield replace(
            block,
            first=block.first + low,
            count=high - low,
            marks=(min(own), max(own)),
            stretches=tuple(item._replace(after=item.after - low) for item in here),
            span=row.span(nodes[low]),
            part_of=index,
        )
