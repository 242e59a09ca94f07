"""loop → widths: how many features its blocks give, before any of them is applied.

  Y Y Y     A = add, as wide as what it reads: X, and itself one step earlier. That is found out before A is applied,
  | | |     as A is what it reads.
  A A A
 /|/|/|
X a X a ...
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.loop_faults import Fault, NoLoop
from seqdsl.layers import Family
from seqdsl.lowering.called_reading import width_given
from seqdsl.lowering.compose import NOTHING
from seqdsl.lowering.loop_grids import has_grids
from seqdsl.lowering.loops import loop_problem
from seqdsl.lowering.named_rows import KEYS
from seqdsl.lowering.state_ends import blocks_before
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from seqdsl.lowering.application import Application
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.operands import Operand


def has_widths(context: LoweringContext, loop: frozenset[int]) -> bool:
    """Whether the widths of all blocks of a loop are known; they are looked for when the first of them is applied."""
    # Of a loop that fails some widths may be known already, but none of its blocks can be applied.
    if loop not in context.begun:
        context.begun[loop] = _begin_loop(context, loop)
    return context.begun[loop]


def _begin_loop(context: LoweringContext, loop: Collection[int]) -> bool:
    """Find the widths of all blocks of a loop; false, and an error, if one has none.

    What a block gives may depend on what it reads, and so on another block of the loop: as long as one more width
    can be told, others may follow from it.
    """
    if not _runs_forward(context, loop) or not has_grids(context, loop):
        return False
    waiting = set(loop)
    while waiting:
        known = {index for index in waiting if _find_width(context, index)}
        if not known:
            first = min(waiting)
            context.error(
                "SEQ218",
                f"the width of `{context.drawing.blocks[first].letter}` follows from nothing but itself",
                first,
                "give a layer of the loop its size, such as a `dense(8)`",
            )
            return False
        waiting -= known
    return True


def _find_width(context: LoweringContext, index: int) -> bool:
    """Whether the width of a block can be told by now; it is noted."""
    width = _width(context, index)
    if width is not None:
        context.width[index] = width
    return width is not None


def _runs_forward(context: LoweringContext, loop: Collection[int]) -> bool:
    """Whether no block of a loop reads later steps by its state; an error if one does."""
    for index in sorted(loop):
        if context.direction(index) is not Direction.FORWARD:
            found = NoLoop(Fault.BACKWARD, index, index)
            context.diagnostics.append(loop_problem(context.drawing, found))
            return False
    return True


def fits_loop(context: LoweringContext, index: int, application: Application) -> bool:
    """Whether a block may be in a loop as it is applied; an error if not."""
    if application.masking.begins:
        _report_own_mask(context, index)
        return False
    return _fits_width(context, index, application.units)


def _report_own_mask(context: LoweringContext, index: int) -> None:
    """Report a mask of ids that a loop gives itself; what marks only those that come from outside is shown."""
    # X X y y     A step that gives id 0 would be the last one: what reads it is padding, and so is all that follows, as
    #             behind a padded step `y` stays what it was. Nothing would tell that run from one that goes on.
    drawing = context.drawing
    hint = "remove `mask=true`: it marks padding in ids that come from outside"
    rows = [one for one in context.below(index) if drawing.settings[one].is_source]
    for row in rows:
        size = drawing.settings[row].arguments.get("vocabulary")
        if context.steps[row] is not None and isinstance(size, Size):
            given = f"`{drawing.blocks[row].letter} = tokens({size}, mask=0)`"
            hint = (
                f"remove `mask=true`, and mark padding in the ids that come from outside: {given}"
            )
    letter = drawing.blocks[index].letter
    context.error(
        "SEQ313",
        f"`{letter}` would make a mask of ids that its own loop gives: all behind the first id 0 would be padding",
        index,
        hint,
    )


def _fits_width(context: LoweringContext, index: int, units: Size) -> bool:
    """Whether a block of a loop is as wide as it has to be for its own input; an error if not."""
    expected = context.width[index]
    if context.resolved(expected) == context.resolved(units):
        return True
    letter = context.drawing.blocks[index].letter
    context.error(
        "SEQ218",
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
    if index in context.drawing.called:
        # What another picture gives is as wide as it says, whatever reads it here.
        return width_given(context, index)
    if definition.cell is not None:
        return settings.state_widths()[0]
    if definition.output:
        size = settings.arguments[definition.output]
        assert isinstance(size, Size)
        return size
    if definition.gives_ids:
        return Size.of(1)
    operands = _telling(context, index)
    told = _told(operands, context.width)
    if definition.family is Family.COMBINATION:
        return _widest(told)
    if len(told) != len(operands):
        return None
    # sample(normal) reads a mean and a deviation side by side, and is as wide as one of them.
    width = sum(told, NOTHING) * Fraction(1, definition.shares)
    if definition.grid is None:
        return width
    # flatten: 28 x 28 places of one feature are 784 features.
    return definition.grid.width(_grid_read(context, operands), width)


def _grid_read(context: LoweringContext, operands: Sequence[Operand]) -> tuple[Size, ...]:
    blocks = (item.block for operand in operands for item in operand.read)
    return next((grid for one in blocks if (grid := context.grid.get(one, ()))), ())


def _telling(context: LoweringContext, index: int) -> Sequence[Operand]:
    """The operands that tell how wide a block is.

    An attention without heads gives a mean of what it attends to; with heads it gives as much as asks, `d` of

        C   C     C = attention(E, heads=2)
        |   |
        d   d
    """
    operands, settings = context.drawing.operands[index], context.drawing.settings[index]
    if settings.definition.family is not Family.ATTENTION:
        return operands
    memory = [item for item in operands if item.bus is not None and item.named != KEYS]
    # Over a bus alone each node asks with what of it is in its own column.
    asked = [item for item in operands if item.bus is None] or memory
    return asked if "heads" in settings.arguments else memory


def _told(operands: Sequence[Operand], width: Mapping[int, Size]) -> list[Size]:
    """The widths of operands as far as they are known."""
    blocks = [
        [item.block for item in operand.read] + sorted(blocks_before([operand]))
        for operand in operands
    ]
    known = ([width[block] for block in read if block in width] for read in blocks)
    return [widths[0] for widths in known if widths]


def _widest(widths: Sequence[Size]) -> Size | None:
    """What is combined element by element is as wide as any of it; a width of 1 is spread to that."""
    return max(widths, key=lambda size: size != Size.of(1), default=None)
