"""layers that combine their wires element by element."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Elementwise, Expression, Slice
from seqdsl.ir.operations import Identity, Merge, Reduce
from seqdsl.layers import Combination
from seqdsl.lowering.application import Application
from seqdsl.lowering.bus_steps import always, may_be_missing, on_bus
from seqdsl.lowering.compose import NOTHING, ONE
from seqdsl.lowering.strided_access import Access, StridedAccess, ZeroSteps, sub_accesses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.operands import Operand
    from seqdsl.size import Size

Wire = tuple[Access, ...]
"""What one of the combined wires gives, step by step."""


def combine(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """Everything that a node reads, element by element; each source of a bus counts as one wire.

    ::

          S S S            S            S S S
         /|/|/|            |            | | |
        A A A A          +-+-+        +-+-+-+
                         A A A        A A A A

        neighbors        all steps    all steps, for each node
    """
    steps = context.steps[index]
    operands = context.drawing.operands[index]
    if steps is None:
        return _vector(context, index, settings)
    if len(operands) == 1 and operands[0].bus is not None and len(operands[0].accesses) == 1:
        return _pool(context, index, settings, steps)
    wires = _all_wires(context, index, settings)
    if wires is None:
        return None
    # A sum is the same with a zero among its wires; a product, a mean or a maximum is not.
    if _how(settings) is not Combination.ADD and _have_gaps(wires):
        return _uneven(context, index, settings, wires)
    return _together(
        context, index, settings, [context.composer.sequence(accesses) for accesses in wires]
    )


def _have_gaps(wires: Sequence[Wire]) -> bool:
    """Whether some node has fewer wires than others; what a delayed node gives is a value, even where it is zero."""
    return any(
        isinstance(access, ZeroSteps) and access.before is None
        for accesses in wires
        for access in accesses
    )


def _vector(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """A single node: it combines single values as they are, and of a sequence all steps."""
    operands = context.drawing.operands[index]
    accesses = [access for operand in operands for access in operand.bus or operand.wired]
    #   S        S        left: two single values are merged; right: so are all steps of A, but over time,
    #  / \     +-+-+      as their number may be free
    # A   B    A A A
    on_buses = [access for operand in operands for access in operand.bus or ()]
    is_padded = any(may_be_missing(context.composer, access) for access in on_buses)
    if not is_padded and all(access.count == ONE for access in accesses):
        views = [context.composer.vector(access) for access in accesses]
        return _together(context, index, settings, views)
    return _pool(context, index, settings, None)


def _all_wires(context: LoweringContext, index: int, settings: Settings) -> list[Wire] | None:
    """Each wire of a block; ``None``, and an error, if there is no telling how many there are."""
    wires: list[Wire] = []
    for operand in context.drawing.operands[index]:
        if _is_padded(context, operand):
            # Which of them count differs from sample to sample.
            context.error(
                "SEQ313",
                f"`{settings.kind}` combines a bus of steps that may be padding with other wires or nodes",
                index,
                "combine the steps of the bus in a separate row first, with a node for each of these",
            )
            return None
        of_operand = _wires(operand)
        if of_operand is None:
            context.error(
                "SEQ313",
                f"`{settings.kind}` combines a sequence of free length with other wires",
                index,
                "combine its steps in a separate row first, or fix the length",
            )
            return None
        wires += of_operand
    return wires


def _is_padded(context: LoweringContext, operand: Operand) -> bool:
    """Whether an operand is a bus of several steps, some of which may be padding."""
    bus = operand.bus or ()
    is_one = len(bus) == 1 and bus[0].count == ONE
    return not is_one and any(access.block in context.composer.masked for access in bus)


def _how(settings: Settings) -> Combination:
    how = settings.definition.combination
    assert how is not None
    return how


def _wires(operand: Operand) -> list[Wire] | None:
    """Each wire of an operand; ``None`` if a bus has a free number of sources."""
    if operand.bus is None:
        return [operand.accesses]
    wires: list[Wire] = []
    for access in operand.bus:
        count = access.count.constant
        if count is None:
            return None
        for number in range(count):
            one = replace(access, start=access.start + access.stride * number, count=ONE)
            wires.append(tuple(_at_steps(one, place) for place in operand.accesses))
    return wires


def _at_steps(one: StridedAccess, place: Access) -> Access:
    """One value at all steps of ``place``; nothing where these read nothing."""
    return place if isinstance(place, ZeroSteps) else replace(one, count=place.count, stride=0)


def _uneven(
    context: LoweringContext, index: int, settings: Settings, wires: Sequence[Wire]
) -> Application | None:
    """Nodes with different numbers of wires: each combines those that it has."""
    parts: list[tuple[Expression | None, Size]] = []
    widths: list[Size] = []
    for views, count in _even_parts(context, wires):
        widths += [context.composer.features(view) for view in views]
        both = Elementwise(_how(settings).value, tuple(views)) if len(views) > 1 else None
        # A node without a wire is zero, whatever its neighbors combine.
        parts.append((both or next(iter(views), None), count))
    width = _spread_width(context, index, widths)
    if width is None:
        return None
    view = context.composer.placed(parts)
    # What is left to do is to put the parts one after the other.
    return Application(context.key(index), "concat", width, width, Identity(view))


def _even_parts(
    context: LoweringContext, wires: Sequence[Wire]
) -> Iterator[tuple[list[Expression], Size]]:
    r"""What neighboring nodes with the same wires read by each of them, and how many nodes these are.

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
        yield [part for part in cut if part is not None], high - low


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


def _pool(
    context: LoweringContext, index: int, settings: Settings, steps: Size | None
) -> Application | None:
    """All that a node reads combined over time; what a sample does not have of a bus takes no part."""
    operands = context.drawing.operands[index]
    read = [
        (access, operand.bus is not None)
        for operand in operands
        for access in operand.bus or operand.wired
    ]
    width = _spread_width(context, index, [context.width[access.block] for access, _ in read])
    if width is None:
        return None
    composer = context.composer
    like = None if steps is None else composer.like(steps)
    # What a wire leads is a value, of a padded step zero.
    parts = [
        on_bus(composer, access)
        if is_bus or access.block not in composer.masked
        else always(composer, access)
        for access, is_bus in read
    ]
    is_even = all(
        context.resolved(context.width[access.block]) == context.resolved(width)
        for access, _ in read
    )
    if not is_even:
        # A of one feature beside B of four: the steps of A are widened before those of B are put behind them.
        parts = [
            _widened(context, access, part, width)
            for (access, _), part in zip(read, parts, strict=True)
        ]
    operation = Reduce(_how(settings), composer.joined(parts), steps, like)
    return Application(context.key(index), settings.kind, width, width, operation)


def _widened(
    context: LoweringContext, access: StridedAccess, part: Expression, width: Size
) -> Expression:
    """The steps that an access reads; one feature is spread to ``width``."""
    if context.resolved(context.width[access.block]) == context.resolved(width):
        return part
    # x + (0, 0, 0) is (x, x, x): zeros of the full width spread one feature by addition, in every framework.
    first = context.composer.vector(replace(access, count=ONE))
    return Elementwise(
        Combination.ADD.value, (part, context.composer.zeros(access.count, first, width))
    )


def _together(
    context: LoweringContext, index: int, settings: Settings, views: list[Expression]
) -> Application | None:
    width = _spread_width(context, index, [context.composer.features(view) for view in views])
    if width is None:
        return None
    operation = Merge(_how(settings), tuple(views))
    return Application(context.key(index), settings.kind, width, width, operation)


def _spread_width(context: LoweringContext, index: int, widths: Sequence[Size]) -> Size | None:
    """The common width of what is combined; a width of 1 is spread to the others'."""
    wide = {context.resolved(width): width for width in widths if context.resolved(width) != 1}
    if len(wide) > 1:
        from seqdsl.lowering.width_provenance import width_origins

        shown = " and ".join(str(value) for value in wide)
        context.error(
            "SEQ305",
            f"`{context.drawing.settings[index].kind}` combines values of {shown} features",
            index,
            "give them the same width (or width 1, which is broadcast), or use `concat`",
            places=width_origins(context.drawing, context.below(index)),
        )
        return None
    # All of one feature, which may be a parameter's value.
    alone = widths[0] if len(set(widths)) == 1 else ONE
    return next(iter(wide.values()), alone)
