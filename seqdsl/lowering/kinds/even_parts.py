"""wires of a row's nodes → stretches of nodes that have the same wires, as `mean` and others combine what is there."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.changes import map_expressions
from seqdsl.ir.expressions import Expression, LastValid, Slice, Zeros
from seqdsl.lowering.compose import NOTHING, ONE
from seqdsl.lowering.strided_access import Access, StridedAccess, ZeroSteps, sub_accesses

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
    composer = context.composer
    if isinstance(access, ZeroSteps):
        return None if access.before is None else _before_first(context, access.before, count)
    if composer.is_counted(access.block) and count != access.count:
        # x0 . x2, all of a row, is read in place: so is a part of it, which alone would count valid steps.
        return Slice(composer.part(access), offset, count, 1, access.count)
    view = composer.sequence(sub_accesses(access, offset, count))
    return _held_from(context, accesses[place - 1], view) if place else view


def _held_from(context: LoweringContext, before: Access, view: Expression) -> Expression:
    """A view of delayed nodes, which give what the wire reads in the place before them until there is a valid step."""
    # S y y     beside a bus: of what the first node combines, it is S that `y` stands for
    if isinstance(view, LastValid) and isinstance(before, StridedAccess):
        last = before.start + (before.groups - 1) * before.stride
        start = replace(before, start=last, count=ONE, stride=1, each=1)
        return replace(view, start=context.composer.vector(start))
    return map_expressions(view, lambda inner: _held_from(context, before, inner))


def _before_first(context: LoweringContext, block: int, count: Size) -> Expression:
    """What delayed nodes give before the first step of their letter: zeros, which are values like any others."""
    #   M   M   M      of `X X X` and a `y` that gives nothing yet, the mean is a quarter of the sum of `X X X`
    #  /|  /|  /|
    # + y + y + y
    composer = context.composer
    first = next(iter(context.applied))
    vector = composer.vector(StridedAccess(first, NOTHING, ONE))
    like = composer.like(count)
    grid = context.grid.get(block, ())
    return Zeros(count, context.width[block], like or vector, like is not None, grid)
