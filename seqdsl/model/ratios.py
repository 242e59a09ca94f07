"""wires → ratios: rows that elide a part of the steps that the row below them elides.

Where the nodes on both sides of an ellipsis are wired k to one, the upper row elides a k-th as many steps.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from seqdsl.graph.trace import NONE, as_junction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.graph.blocks import DrawnBlock, Stretch
    from seqdsl.graph.trace import Trace


def find_ratios(blocks: Sequence[DrawnBlock], trace: Trace) -> dict[tuple[int, int], Fraction]:
    """How many steps each ellipsis elides for one of the lowest row; ellipses that are missing: one."""
    ratios: dict[tuple[int, int], Fraction] = {}
    if not any(block.stretches for block in blocks):
        return ratios
    # The ellipsis before each unit, and the one after it.
    after = {
        block.first + stretch.after - 1: (block.row, stretch.mark)
        for block in blocks
        for stretch in block.stretches
    }
    for block in blocks:
        for stretch in block.stretches:
            found = _ratio(block, stretch, trace, after)
            if found is not None:
                key, count = found
                ratio = ratios.get(key, Fraction(1)) / count
                if ratio != 1:
                    ratios[block.row, stretch.mark] = ratio
    return ratios


def _ratio(
    block: DrawnBlock, stretch: Stretch, trace: Trace, after: dict[int, tuple[int, int]]
) -> tuple[tuple[int, int], int] | None:
    """The ellipsis below that a block's ellipsis reads, and how many of its steps one step reads."""
    if not 0 < stretch.after < block.count:
        return None
    left = _sources(block.first + stretch.after - 1, trace)
    right = _sources(block.first + stretch.after, trace)
    if not left or len(left) != len(right) or left == right or left[-1] not in after:
        return None
    together = right[0] == left[-1] + 1 and left == list(range(left[0], left[0] + len(left)))
    if not together or right != list(range(right[0], right[0] + len(right))):
        return None
    return after[left[-1]], len(left)


def _sources(unit: int, trace: Trace) -> list[int]:
    """The units that one unit sees, in order; none if it sees anything else."""
    found: set[int] = set()
    for side in (trace.slash, trace.pipe, trace.back):
        waiting = [side[unit]] if side[unit] != NONE else []
        while waiting:
            source = waiting.pop()
            junction = as_junction(source)
            if junction is not None:
                waiting += trace.junctions[junction].sources
            else:
                found.add(source)
    return sorted(found) if all(source >= 0 for source in found) else []
