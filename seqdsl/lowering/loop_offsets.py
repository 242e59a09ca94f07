"""a loop → when each of its rows begins: which of their steps are at the same time.

Y   Y   Y         D reads `y` at its second step, and Y stands over it: Y begins one step later than D.
|   |   |
D---D---D---D     What a row reads from below is of the same time,
| | |   |         what a delayed node gives is of one step before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.lowering.compose import NOTHING, ONE
from seqdsl.lowering.strided_access import StridedAccess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.compare import Sizes
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.size import Size

    Edge = tuple[int, int, Size]


def find_offsets(context: LoweringContext, loop: frozenset[int], sizes: Sizes) -> dict[int, Size]:
    """The first step of each row of a loop, counted from that of one of them; without those that no wire joins."""
    offsets = {min(loop): NOTHING}
    wired, delayed = (
        [edge for index in loop for edge in _edges(context, index, loop, sizes, earlier=earlier)]
        for earlier in (False, True)
    )
    # Delayed nodes tell only of rows that no wire joins: there may be several for one step.
    while _spread(offsets, wired) or _spread(offsets, delayed):
        pass
    return offsets


def _spread(offsets: dict[int, Size], edges: list[Edge]) -> bool:
    """Find the offset of one more row by what it reads, or what reads it; ``False``: there is none."""
    # Y reads D from step 1 on: it begins one step later; known of the one, it is known of the other.
    for reader, source, later in edges:
        if source in offsets and reader not in offsets:
            offsets[reader] = offsets[source] + later
            return True
        if reader in offsets and source not in offsets:
            offsets[source] = offsets[reader] - later
            return True
    return False


def _edges(
    context: LoweringContext, index: int, loop: frozenset[int], sizes: Sizes, *, earlier: bool
) -> Iterator[Edge]:
    """How much later a row begins than each one that it reads; of several steps that it reads, by the last one."""
    found: dict[int, Size] = {}
    # What a bus leads is of all times.
    for operand in (item for item in context.drawing.operands[index] if item.bus is None):
        step = NOTHING
        for access in operand.accesses:
            if isinstance(access, StridedAccess) and access.earlier is earlier:
                later = access.start - step + (ONE if earlier else NOTHING)
                # D D ... D beside D itself: of two wires to one row, that to its latest step tells.
                known = found.get(access.block, later)
                found[access.block] = later if min(sizes.values(later - known)) > 0 else known
            step = step + access.count
    yield from ((index, source, later) for source, later in found.items() if source in loop)
