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
        | | |\ \          the last has B. They end where nodes have other wires than their neighbors,
        A A A B B         not where the same wire leads to something else: a loop over them stays whole.
    """
    number = context.drawing.number
    places = {number(place): place for accesses in wires for place in _changes(accesses)}
    spans = [*pairwise(places[number] for number in sorted(places))]
    reads = [_parts(context, accesses, spans) for accesses in wires]
    for (low, high), cut in zip(spans, zip(*reads, strict=True), strict=True):
        yield cut, high - low


def _parts(
    context: LoweringContext, accesses: Wire, spans: Sequence[tuple[Size, Size]]
) -> list[Expression | None]:
    """What a wire reads for each stretch of nodes, which it leads to all of them or to none."""
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


def _changes(accesses: Wire) -> list[Size]:
    """Where a wire begins to lead something to nodes, where it ends to, and both ends of the row."""
    first, *starts, end = _starts(accesses)
    pairs = zip(pairwise(map(_leads, accesses)), starts, strict=True)
    return [first, *(start for (one, other), start in pairs if one != other), end]


def _leads(access: Access) -> bool:
    """Whether there is a wire: what a delayed node gives before there is something is a value, too."""
    return isinstance(access, StridedAccess) or access.before is not None


def _between(
    context: LoweringContext,
    accesses: Wire,
    starts: Sequence[tuple[int, Size]],
    low: Size,
    high: Size,
) -> Expression | None:
    """What the steps ``low`` to ``high`` read, all of which have this wire, or none; ``None``: nothing.

    ``starts`` is where each access starts, and where the last one ends, as a number and as a size.
    """
    number = context.drawing.number
    # The last access that starts at ``low`` or before: one of no steps is passed over.
    place = bisect_right(starts, number(low), key=lambda at: at[0]) - 1
    if place >= len(accesses) or not _leads(accesses[place]):
        return None
    if number(high - low) == starts[-1][0] and any(map(_is_wired, accesses)):
        # What `add` would read.
        return context.composer.sequence(accesses)
    views = []
    while place < len(accesses) and starts[place][0] < number(high):
        first = max(low, starts[place][1], key=number)
        end = min(high, starts[place + 1][1], key=number)
        views.append(_within(context, accesses, place, first - starts[place][1], end - first))
        place += 1
    return context.composer.joined(views)


def _is_wired(access: Access) -> bool:
    return isinstance(access, StridedAccess)


def _within(
    context: LoweringContext, accesses: Wire, place: int, offset: Size, count: Size
) -> Expression:
    """What ``count`` steps of one access read, after its first ``offset`` steps."""
    access, composer = accesses[place], context.composer
    if isinstance(access, ZeroSteps):
        assert access.before is not None
        return _before_first(context, access.before, count)
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
