"""wires of a row's nodes → stretches of nodes that have the same wires, as `mean` and others combine what is there."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Expression, Slice
from seqdsl.lowering.compose import NOTHING
from seqdsl.lowering.strided_access import Access, ZeroSteps, sub_accesses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.context import LoweringContext
    from seqdsl.size import Size

Wire = tuple[Access, ...]
"""What one of the combined wires gives, step by step."""


def even_parts(
    context: LoweringContext, wires: Sequence[Wire]
) -> Iterator[tuple[tuple[Expression | None, ...], Size]]:
    r"""What neighboring nodes read by each wire, ``None`` by one they lack, and how many nodes these are.

    ::

        S S S S           three parts: the first two nodes have one operand, A; the third has A and B;
        | | |\ \          the last has B. They end where an access of any operand does.
        A A A B B
    """
    places = {
        context.drawing.number(place): place for accesses in wires for place in _starts(accesses)
    }
    spans = [*pairwise(places[number] for number in sorted(places))]
    reads = [_parts(context, accesses, spans) for accesses in wires]
    for (low, high), cut in zip(spans, zip(*reads, strict=True), strict=True):
        yield cut, high - low


def _parts(
    context: LoweringContext, accesses: Wire, spans: Sequence[tuple[Size, Size]]
) -> list[Expression | None]:
    """What a wire reads for each stretch of nodes, each of which lies in one access."""
    starts = [(context.drawing.number(at), at) for at in _starts(accesses)]
    # Asked once for the wire: to look it up takes as long as it has accesses.
    with context.composer.counting(accesses):
        return [_between(context, accesses, starts, low, high) for low, high in spans]


def _starts(accesses: Wire) -> list[Size]:
    """Where each access starts, and where the last one ends."""
    starts = [NOTHING]
    for access in accesses:
        starts.append(starts[-1] + access.count)
    return starts


def _between(
    context: LoweringContext,
    accesses: Wire,
    starts: Sequence[tuple[int, Size]],
    low: Size,
    high: Size,
) -> Expression | None:
    """What the steps ``low`` to ``high``, which lie in one access, read; ``None``: nothing.

    ``starts`` is where each access starts, and where the last one ends, as a number and as a size.
    """
    number = context.drawing.number
    # The last access that starts at ``low`` or before: one of no steps is passed over.
    place = bisect_right(starts, number(low), key=lambda at: at[0]) - 1
    if place >= len(accesses) or number(high) > starts[place + 1][0]:
        return None
    access, offset, count = accesses[place], low - starts[place][1], high - low
    if isinstance(access, ZeroSteps):
        return None
    composer = context.composer
    if composer.is_counted(access.block) and count != access.count:
        # x0 . x2, all of a row, is read in place: so is a part of it, which alone would count valid steps.
        return Slice(composer.part(access), offset, count, 1, access.count)
    return composer.sequence(sub_accesses(access, offset, count))
