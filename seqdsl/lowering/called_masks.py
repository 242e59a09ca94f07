"""block that calls a picture, what it reads → the masks that go into the picture, and what it means with them.

::

    S S ... S    block: [n, 8] → [n, 8], and the same padding
    | |     |
    R R ... R    block: x x .   in, with the mask of W    x x .   out
    | |     |
    W W ... W    embedding(8, mask=true)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import gives_mask
from seqdsl.ir.expressions import blocks_of
from seqdsl.layers import Family
from seqdsl.lowering.called_reading import Reading, misread, source_of
from seqdsl.lowering.masking import masks_of_row
from seqdsl.lowering.masks import whole_masks

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.drawing import CalledPicture
    from seqdsl.model.spec import ModelSpec


def find_masking(
    context: LoweringContext, index: int, operand: Expression, how: Reading
) -> tuple[ModelSpec, tuple[Expression, ...]] | None:
    """What is called, and the masks that go into it; ``None``, and an error, where a mask is lost."""
    called = context.drawing.called[index]
    if how is not Reading.WHOLE:
        return called.spec, ()
    masks: tuple[Expression, ...] = ()
    if blocks_of(operand) & context.composer.masked:
        is_row = context.steps[index] is not None
        masks = (
            masks_of_row(context, index, (operand,))
            if is_row
            else whole_masks(operand, context.composer.masked)
        )
    body = _masked_body(context, index) if masks else called.spec
    if body is None:
        return None
    output = body.blocks[body.outputs[0].block]
    if output.masking and output.steps is not None and not gives_mask(body):
        misread(
            context,
            index,
            "gives a masked sequence: a mask comes out of a model only as it went in, step by step",
            f"{_begin(called)}, or let the model give one vector",
        )
        return None
    return body, masks


def _masked_body(context: LoweringContext, index: int) -> ModelSpec | None:
    """What a called picture means with a mask; ``None``, and an error, where it means nothing."""
    called = context.drawing.called[index]
    if marks := _own_marks(called):
        misread(
            context,
            index,
            "reads a masked sequence here, and marks padding itself",
            f"remove {marks} from its picture, or the mask from the row that this one reads",
        )
        return None
    if called.masked is None:
        assert called.problems
        first = next(item for item in called.problems if item.is_error)
        places = ((first.span, f"in `{called.spec.name}`: {first.message}"),)
        context.error(
            "SEQ134",
            f"`{called.spec.name}` cannot read the masked sequence here",
            index,
            first.hint or _begin(called),
            places=places,
        )
    return called.masked


def _own_marks(called: CalledPicture) -> str:
    """What marks padding in what a called picture reads; empty if nothing does."""
    drawing = called.drawing
    source = called.given.inputs[0].block
    if "mask" in drawing.settings[source].arguments:
        return "`mask=`"
    # Two ids for padding, as in `tokens(9, mask=4)` below an embedding for which id 0 is padding, contradict.
    reads = any(
        access.block == source
        for index, item in enumerate(drawing.settings)
        if item.definition.family is Family.LOOKUP and item.definition.masks(item.arguments)
        for operand in drawing.operands[index]
        for access in operand.read
    )
    return "`mask=true`" if reads else ""


def _begin(called: CalledPicture) -> str:
    """How who calls a model marks padding in what the model reads: ids, or values."""
    values = called.drawing.values
    vocabulary = called.given.inputs[0].vocabulary
    if vocabulary is not None:
        given = f"tokens({vocabulary.value(values)}, mask=0)"
    else:
        given = f"input({source_of(called).features.value(values)}, mask=0)"
    return f"mark padding where it is called, as in `{given}`"
