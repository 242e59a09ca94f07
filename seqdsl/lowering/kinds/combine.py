"""layers that combine their wires element by element."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Elementwise, Expression, Pool, Share
from seqdsl.ir.operations import Identity, Merge, Reduce
from seqdsl.layers import Combination
from seqdsl.lowering.application import Application
from seqdsl.lowering.bus_steps import always, may_be_missing, on_bus
from seqdsl.lowering.compose import ONE
from seqdsl.lowering.kinds.even_parts import Wire, even_parts
from seqdsl.lowering.strided_access import Access, StridedAccess, ZeroSteps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.compose import Composer
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.operands import Operand
    from seqdsl.size import Size


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
    fixed, pooled = _apart(context, index)
    wires = [wire for operand in fixed for wire in _wires(operand)]
    # A sum is the same with a zero among its wires; a product, a mean or a maximum is not.
    is_sum = _how(settings) is Combination.ADD
    if not is_sum and (pooled or _have_gaps(wires)):
        return _uneven(context, index, settings, wires, pooled)
    views = [context.composer.sequence(accesses) for accesses in wires]
    views += [view for operand in pooled for view in _sums(context.composer, operand, steps)]
    return _together(context, index, settings, views)


def _apart(context: LoweringContext, index: int) -> tuple[list[Operand], list[Operand]]:
    """What leads as many values in all samples, and buses of which that differs, or of a free number of steps."""
    #  A   A A       of x0 . x2 x3 the nodes on the bus read three steps more, of x0 . . . one
    #  +-+-+-+
    #  X X X X
    fixed: list[Operand] = []
    pooled: list[Operand] = []
    for operand in context.drawing.operands[index]:
        is_free = any(access.count.constant is None for access in operand.bus or ())
        (pooled if is_free or _is_padded(context, operand) else fixed).append(operand)
    return fixed, pooled


def _sums(composer: Composer, operand: Operand, steps: Size) -> list[Expression]:
    """What a bus adds to each node: of each row that it leads the valid steps."""
    return [
        composer.spread(Pool("add", on_bus(composer, access)), operand.accesses, steps)
        for access in operand.bus or ()
    ]


def _have_gaps(wires: Sequence[Wire]) -> bool:
    """Whether some node has fewer wires than others; what a delayed node gives is a value, even where it is zero."""
    return any(
        isinstance(access, ZeroSteps) and access.before is None
        for accesses in wires
        for access in accesses
    )


def _vector(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """A single node: it combines single values as they are, and of a sequence all steps."""
    read = _read_by(context, index)
    #   S        S        left: two single values are merged; right: so are all steps of A, but over time,
    #  / \     +-+-+      as their number may be free
    # A   B    A A A
    if not all(_is_value(context, access, is_bus=is_bus) for access, is_bus in read):
        return _pool(context, index, settings, None)
    views = [context.composer.vector(access) for access, _ in read]
    return _together(context, index, settings, views)


def _is_value(context: LoweringContext, access: StridedAccess, *, is_bus: bool) -> bool:
    """Whether what is read is a single value that every sample has: a wire gives one, of a padded step zero."""
    return access.count == ONE and not (is_bus and may_be_missing(context.composer, access))


def _read_by(context: LoweringContext, index: int) -> list[tuple[StridedAccess, bool]]:
    """All that the nodes of a block read, and whether it comes by a bus."""
    return [
        (access, operand.bus is not None)
        for operand in context.drawing.operands[index]
        for access in operand.bus or operand.wired
    ]


def _is_padded(context: LoweringContext, operand: Operand) -> bool:
    """Whether an operand is a bus of several steps, some of which may be padding."""
    return any(may_be_missing(context.composer, access) for access in operand.bus or ())


def _how(settings: Settings) -> Combination:
    how = settings.definition.combination
    assert how is not None
    return how


def _wires(operand: Operand) -> list[Wire]:
    """Each wire of an operand, whose bus has a fixed number of sources."""
    if operand.bus is None:
        return [operand.accesses]
    wires: list[Wire] = []
    for access in operand.bus:
        for number in range(access.count.constant or 0):
            one = replace(access, start=access.start + access.stride * number, count=ONE)
            wires.append(tuple(_at_steps(one, place) for place in operand.accesses))
    return wires


def _at_steps(one: StridedAccess, place: Access) -> Access:
    """One value at all steps of ``place``; nothing where these read nothing."""
    return place if isinstance(place, ZeroSteps) else replace(one, count=place.count, stride=0)


def _uneven(
    context: LoweringContext,
    index: int,
    settings: Settings,
    wires: Sequence[Wire],
    pooled: Sequence[Operand],
) -> Application | None:
    """Nodes with different numbers of wires: each combines those that it has."""
    parts = _stretches(context, wires, pooled)
    widths = [context.composer.features(view) for views, _, _ in parts for view in views]
    widths += [context.width[access.block] for _, read, _ in parts for access in read]
    width = _spread_width(context, index, widths)
    if width is None:
        return None
    how = _how(settings)
    view = context.composer.placed(
        [
            (_with_buses(context, how, views, read, width, count), count)
            if read
            # A node without a wire is zero, whatever its neighbors combine.
            else (_of_wires(context, index, how, views, width, count), count)
            for views, read, count in parts
        ]
    )
    # What is left to do is to put the parts one after the other.
    return Application(context.key(index), "concat", width, width, Identity(view))


def _stretches(
    context: LoweringContext, wires: Sequence[Wire], pooled: Sequence[Operand]
) -> list[tuple[list[Expression], list[StridedAccess], Size]]:
    """What neighboring nodes read by wires and by buses, and how many nodes these are."""
    parts = []
    # A bus is there where its first step is, as a wire to the same nodes.
    of_buses = [_wire_of(operand) for operand in pooled]
    for cut, count in even_parts(context, [*wires, *of_buses]):
        views = [view for view in cut[: len(wires)] if view is not None]
        there = zip(pooled, cut[len(wires) :], strict=True)
        read = [bus for item, view in there if view is not None for bus in item.bus or ()]
        parts.append((views, read, count))
    return parts


def _wire_of(operand: Operand) -> Wire:
    first = (operand.bus or ())[0]
    return tuple(_at_steps(replace(first, count=ONE), place) for place in operand.accesses)


def _of_wires(
    context: LoweringContext,
    index: int,
    how: Combination,
    views: Sequence[Expression],
    width: Size,
    count: Size,
) -> Expression | None:
    """What so many nodes combine of wires alone, as wide as what their neighbors combine."""
    if not views:
        return None
    whole = Elementwise(how.value, tuple(views)) if len(views) > 1 else views[0]
    wide = context.resolved(width)
    if any(context.resolved(context.composer.features(view)) == wide for view in views):
        return whole
    like, _ = _read_by(context, index)[0]
    return _spread(context.composer, whole, count, like, width)


def _with_buses(
    context: LoweringContext,
    how: Combination,
    views: Sequence[Expression],
    read: Sequence[StridedAccess],
    width: Size,
    count: Size,
) -> Expression:
    """What so many nodes combine of some wires and of all that is valid on buses: a mean is a sum, times a share."""
    composer, is_mean = context.composer, how is Combination.MEAN
    steps = composer.joined(
        [_widened(context, access, on_bus(composer, access), width) for access in read]
    )
    over = Combination.ADD if is_mean else how
    pool = composer.repeat(Pool(over.value, steps, alone=not views), count)
    whole = Elementwise(over.value, (*views, pool)) if views else pool
    if not is_mean:
        return whole
    share = composer.repeat(Share(steps, len(views)), count)
    return Elementwise(Combination.MULTIPLY.value, (whole, share))


def _pool(
    context: LoweringContext, index: int, settings: Settings, steps: Size | None
) -> Application | None:
    """All that a node reads combined over time; what a sample does not have of a bus takes no part."""
    read = _read_by(context, index)
    width = _spread_width(context, index, [context.width[access.block] for access, _ in read])
    if width is None:
        return None
    composer = context.composer
    parts = [
        _widened(context, access, _part(composer, access, is_bus=is_bus), width)
        for access, is_bus in read
    ]
    like = None if steps is None else composer.like(steps)
    operation = Reduce(_how(settings), composer.joined(parts), steps, like)
    return Application(context.key(index), settings.kind, width, width, operation)


def _part(composer: Composer, access: StridedAccess, *, is_bus: bool) -> Expression:
    """The steps of an access, to be combined over time."""
    # What a wire leads is a value, of a padded step zero.
    is_wire = not is_bus and access.block in composer.masked
    return always(composer, access) if is_wire else on_bus(composer, access)


def _widened(
    context: LoweringContext, access: StridedAccess, part: Expression, width: Size
) -> Expression:
    """The steps that an access reads; one feature is spread to ``width``."""
    if context.resolved(context.width[access.block]) == context.resolved(width):
        return part
    return _spread(context.composer, part, access.count, access, width)


def _spread(
    composer: Composer, value: Expression, count: Size, like: StridedAccess, width: Size
) -> Expression:
    """So many steps of one feature spread to ``width``, for as many samples as ``like`` reads."""
    # x + (0, 0, 0) is (x, x, x): zeros of the full width spread one feature by addition, in every framework.
    first = composer.vector(replace(like, count=ONE))
    return Elementwise(Combination.ADD.value, (value, composer.zeros(count, first, width)))


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
