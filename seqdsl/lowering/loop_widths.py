"""loop → widths: how many features its blocks give, before any of them is applied.

  Y Y Y     A = add, as wide as what it reads: X, and itself one step earlier. That is found out before A is applied,
  | | |     as A is what it reads.
  A A A
 /|/|/|
X a X a ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.loop_faults import Fault, NoLoop
from seqdsl.layers import Family
from seqdsl.lowering.compose import NOTHING
from seqdsl.lowering.loops import loop_problem
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.operands import Operand


def begin_loop(context: LoweringContext, loop: Collection[int]) -> bool:
    """Find the widths of all blocks of a loop; false, and an error, if one has none.

    What a block gives may depend on what it reads, and so on another block of the loop: as long as one more width
    can be told, others may follow from it.
    """
    for index in loop:
        if context.direction(index) is not Direction.FORWARD:
            found = NoLoop(Fault.BACKWARD, index, index)
            context.diagnostics.append(loop_problem(context.drawing, found))
            return False
    waiting = [index for index in context.drawing.order if index in loop]
    while waiting:
        widths = {index: _width(context, index) for index in waiting}
        known = {index: width for index, width in widths.items() if width is not None}
        if not known:
            context.error(
                "SEQ217",
                f"the width of `{context.drawing.blocks[waiting[0]].letter}` follows from nothing but itself",
                waiting[0],
                "give a layer of the loop its size, such as a `dense(8)`",
            )
            return False
        context.width |= known
        waiting = [index for index in waiting if index not in known]
    return True


def check_width(context: LoweringContext, index: int, units: Size) -> bool:
    """Whether a block of a loop is as wide as it has to be for its own input; an error if not."""
    expected = context.width[index]
    if context.resolved(expected) == context.resolved(units):
        return True
    letter = context.drawing.blocks[index].letter
    context.error(
        "SEQ217",
        f"`{letter}` would be wider with every step: it reads {context.resolved(expected)} features of itself, and "
        f"gives {context.resolved(units)}",
        index,
        "put a layer with a size into the loop, such as a `dense(8)`",
    )
    return False


def _width(context: LoweringContext, index: int) -> Size | None:
    """The width of a block as far as it is known."""
    settings = context.drawing.settings[index]
    definition = settings.definition
    if definition.output:
        size = settings.arguments[definition.output]
        assert isinstance(size, Size)
        return size
    operands = context.drawing.operands[index]
    widths = [_operand_width(operand, context.width) for operand in operands]
    if definition.family is Family.ATTENTION and "heads" not in settings.arguments:
        widths = [
            width
            for operand, width in zip(operands, widths, strict=True)
            if operand.bus is not None
        ]
    known = [width for width in widths if width is not None]
    # What is combined element by element is as wide as any of it.
    if definition.family is Family.COMBINATION and definition.combination is not None:
        return max(known, key=lambda size: size != Size.of(1), default=None)
    return sum(known, NOTHING) if known and len(known) == len(widths) else None


def _operand_width(operand: Operand, width: Mapping[int, Size]) -> Size | None:
    return next((width[item.block] for item in operand.read if item.block in width), None)
