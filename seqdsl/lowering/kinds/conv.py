"""conv → operation: a wire marks the center of its window, so that padding and strides are what is drawn."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value
from seqdsl.ir.operations import Centers, Convolve
from seqdsl.lowering.application import Application
from seqdsl.lowering.compose import NOTHING, ONE, Composer
from seqdsl.lowering.context import side_by_side
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.lowering.strided_access import StridedAccess, ZeroSteps, reads_to_the_end
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.operands import Operand
    from seqdsl.lowering.strided_access import Access


def conv(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """A convolution of the whole block below; the wires mark which of its steps are used.

    ::

          C C C       conv(4, kernel=3): each wire is at the center of a window, 1 step before it and 1 after;
          | | |       the windows of the outer steps of X would need padding, and are not drawn
        X X X X X
    """
    problem = _delayed_problem(context, index) or _problem(context, index)
    if problem is not None:
        message, hint = problem
        context.error("SEQ309", message, index, hint)
        return None
    operands = context.drawing.operands[index]
    view = side_by_side([Value(operand.wired[0].block) for operand in operands])
    dilation = settings.arguments.get("dilation", ONE)
    assert isinstance(dilation, Size)
    # A window of 3 steps at dilation 2 reaches over 4 further ones: `x . c . x`. An even kernel has no center; the
    # step that is left over comes after the drawn one, as in both frameworks' "same" padding.
    reach = (settings.size("kernel") - 1) * dilation
    before = reach if settings.arguments.get("padding") == "causal" else reach // 2
    operation = Convolve(view, before, reach - before)
    # The rows that are read side by side have equal centers, so those of the first are those of all.
    accesses = operands[0].accesses
    # The padding of a stride is drawn by its kernel: where that is a parameter, the steps are cut out of all.
    stride = 1 if reach.constant is None else _stride(context, index, accesses, dilation)
    first = accesses[0]
    if stride > 1 and isinstance(first, StridedAccess):
        # The first window begins where the first wire's does: what lies before it is never computed.
        operation = replace(operation, before=before - first.start)
    else:
        operation = _kept(context, index, accesses, operation, reach)
    return Application(
        context.key(index),
        settings.kind,
        context.composer.features(view),
        settings.size("filters"),
        operation,
        _arguments(settings, dilation, stride),
    )


def _problem(context: LoweringContext, index: int) -> tuple[str, str] | None:
    """What is wrong with the wires of a convolution, and a hint; ``None`` if they mark centers in sequences."""
    operands = context.drawing.operands[index]
    if any(
        operand.bus is not None or len({p.block for p in operand.wired}) != 1
        for operand in operands
    ):
        return (
            "a `conv` reads one block below, with a wire at the center of each window",
            "connect each node to one step of one row",
        )
    vectors = [context.steps[operand.wired[0].block] is None for operand in operands]
    if all(vectors):
        return (
            "a `conv` reads a sequence, but here it reads single values",
            "draw the row below with its further steps, or make this one `dense`",
        )
    if any(vectors) or len({_centers(operand) for operand in operands}) > 1:
        return (
            "the wires of a `conv` must mark the same window centers in every row it reads",
            "connect all rows in the same way",
        )
    return None


def _delayed_problem(context: LoweringContext, index: int) -> tuple[str, str] | None:
    """What is wrong with a convolution of delayed nodes, and a hint.

    A window of them is one of their row, which begins before the row whose values they give.
    """
    accesses = (item for operand in context.drawing.operands[index] for item in operand.accesses)
    if not any(
        item.before is not None if isinstance(item, ZeroSteps) else item.earlier
        for item in accesses
    ):
        return None
    return (
        "a `conv` cannot read delayed nodes, which are not a row of a layer",
        "draw a row between them that passes them on, such as `concat`",
    )


def _centers(operand: Operand) -> tuple[ZeroSteps | tuple[Size, Size, int, int], ...]:
    """The steps that the wires of a row mark, whichever row it is."""
    return tuple(
        p if isinstance(p, ZeroSteps) else (p.start, p.count, p.stride, p.each)
        for p in operand.accesses
    )


def _arguments(settings: Settings, dilation: Size, stride: int) -> dict[str, object]:
    """The arguments that two convolutions must have in common to share weights: where it pads is not among them."""
    given = settings.arguments.items()
    shared = {key: value for key, value in given if key not in ("padding", "filters")}
    return {**shared, "dilation": dilation, "stride": stride}


def _stride(
    context: LoweringContext, index: int, accesses: Sequence[Access], dilation: Size
) -> int:
    """How far apart the windows are that are computed; 1 if some are left out afterwards, or none is.

    One letter is one convolution, wherever it is drawn: of a stride of its own only if it is drawn once. Neither
    framework has strides beside dilation.
    """
    letter = context.drawing.blocks[index].letter
    shared = letter != ANONYMOUS and context.drawn[letter] > 1
    if context.steps[index] is None or len(accesses) > 1 or dilation != ONE or shared:
        return 1
    access = accesses[0]
    length = None if isinstance(access, ZeroSteps) else context.steps[access.block]
    if isinstance(access, ZeroSteps) or length is None:
        return 1
    return access.stride if _reaches_the_end(access, length) else 1


def _reaches_the_end(access: StridedAccess, length: Size) -> bool:
    """Whether wires mark every so many steps, from the first of them on as long as there are any.

    ::

        C   C   C      C   C
        |   |   |      |   |          every second step: up to the last one, or not
        X X X X X      X X X X X
    """
    is_counted = access.each == 1 and access.start.constant is not None
    return is_counted and reads_to_the_end(access.start, access.count, access.stride, length)


def _kept(
    context: LoweringContext,
    index: int,
    accesses: Sequence[Access],
    operation: Convolve,
    reach: Size,
) -> Convolve:
    """Which steps of the convolution are used; those whose window is whole need no padding.

    Which these are depends on the kernel: where it is a parameter, the drawn steps are cut out of all.
    """
    source = next(access.block for access in accesses if not isinstance(access, ZeroSteps))
    length = context.steps[source]
    assert length is not None
    only = accesses[0] if len(accesses) == 1 else None
    if isinstance(only, StridedAccess) and context.steps[index] is not None:
        uncut = _uncut(only, operation, length, reach)
        if uncut is not None:
            return uncut
    return replace(operation, kept=_selected(context, index, accesses, length))


def _uncut(
    access: StridedAccess, operation: Convolve, length: Size, reach: Size
) -> Convolve | None:
    """The convolution whose every output is drawn, if there is one: here for a kernel of 3.

    ::

      C C C             C C C C C
      | | |             | | | | |
    X X X X X           X X X X X

    "valid"             "same"
    """
    if access.stride != 1 or access.each != 1:
        return None
    start, count = access.start, access.count
    if start == operation.before and count == length - reach and reach != NOTHING:
        centers = Centers(start, count, length)
        return replace(operation, before=NOTHING, after=NOTHING, centers=centers)
    return operation if start == NOTHING and count == length else None


def _selected(
    context: LoweringContext, index: int, accesses: Sequence[Access], length: Size
) -> Expression:
    """The drawn steps of a convolution that is computed with "same" padding: of as many steps as it reads.

    A composer of its own, because for everybody else the block has only the steps that are drawn.
    """
    outputs = [p if isinstance(p, ZeroSteps) else replace(p, block=index) for p in accesses]
    inner = Composer(
        ChainMap({index: length}, context.lengths),
        ChainMap({index: context.drawing.settings[index].size("filters")}, context.width),
        lambda *_: False,
        context.drawing.lengths.free,
    )
    first = outputs[0]
    if context.steps[index] is None and isinstance(first, StridedAccess):
        return inner.vector(first)
    return inner.sequence(outputs)
