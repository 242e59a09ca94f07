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
    owner = [index for index, block in enumerate(blocks) for _ in range(block.count)]
    for block in blocks:
        for stretch in block.stretches:
            found = _ratio(block, stretch, trace, after, owner)
            if found is not None:
                key, count = found
                ratio = ratios.get(key, Fraction(1)) / count
                if ratio != 1:
                    ratios[block.row, stretch.mark] = ratio
    return ratios


def _ratio(
    block: DrawnBlock,
    stretch: Stretch,
    trace: Trace,
    after: dict[int, tuple[int, int]],
    owner: Sequence[int],
) -> tuple[tuple[int, int], int] | None:
    """The ellipsis below that a block's ellipsis reads, and how many of its steps one step reads."""
    if not 0 < stretch.after < block.count:
        return None
    left = _by_block(_sources(block.first + stretch.after - 1, trace), owner)
    right = _by_block(_sources(block.first + stretch.after, trace), owner)
    for below, units in left.items():
        last = units[-1]
        if len(right.get(below, ())) == len(units) and last in after:
            start = last + 1 - len(units)
            if units + right[below] == list(range(start, last + 1 + len(units))):
                return after[last], len(units)
    return _across(left, right, after) or _shared(block, stretch, trace, after, left)


def _across(
    left: dict[int, list[int]], right: dict[int, list[int]], after: dict[int, tuple[int, int]]
) -> tuple[tuple[int, int], int] | None:
    """The ellipsis below a window that goes on across it: wires from the steps elided there are missing."""
    for below in sorted(left.keys() | right.keys()):
        ours, theirs = left.get(below, []), right.get(below, [])
        if ours == theirs:
            continue
        if ours:
            found = [unit for unit in after if ours[-1] <= unit < min(theirs, default=unit + 1)]
        else:
            found = [unit for unit in after if unit < theirs[0]]
        if found:
            return after[min(found) if ours else max(found)], 1
    return None


def _shared(
    block: DrawnBlock,
    stretch: Stretch,
    trace: Trace,
    after: dict[int, tuple[int, int]],
    seen: dict[int, list[int]],
) -> tuple[tuple[int, int], int] | None:
    """The ellipsis straight below, where all of that row is on a bus: each step has its own there."""
    unit = block.first + stretch.after - 1
    columns = trace.units[unit], trace.units[unit + 1]
    for units in seen.values():
        for source in after.keys() & set(units):
            if (trace.units[source], trace.units[(source + 1) % len(trace.units)]) == columns:
                return after[source], 1
    return None


def _by_block(units: Sequence[int], owner: Sequence[int]) -> dict[int, list[int]]:
    """Units by the block to which they belong."""
    found: dict[int, list[int]] = {}
    for unit in units:
        found.setdefault(owner[unit], []).append(unit)
    return found


def _sources(unit: int, trace: Trace) -> list[int]:
    """The units that one unit sees, in order; none if it sees anything else."""
    found: set[int] = set()
    # Junctions may stand on each other, and join again: each is gone through once.
    passed: set[int] = set()
    waiting = [side[unit] for side in (trace.slash, trace.pipe, trace.back) if side[unit] != NONE]
    while waiting:
        source = waiting.pop()
        junction = as_junction(source)
        if junction is None:
            found.add(source)
        elif junction not in passed:
            passed.add(junction)
            waiting += trace.junctions[junction].sources
    return sorted(found) if all(source >= 0 for source in found) else []
