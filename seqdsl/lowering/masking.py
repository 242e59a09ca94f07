"""application → the same with its masking: where padding begins, what it reaches, and whether it is at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value
from seqdsl.ir.graph import Masking
from seqdsl.ir.operations import Attend, Placeholder, Reduce, operands
from seqdsl.layers import layer_def
from seqdsl.lowering.kinds.conv import marked_steps
from seqdsl.lowering.masks import Unmaskable, find_masks, is_padded_at_end, memory_masks

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.context import LoweringContext


def with_masking(
    context: LoweringContext, index: int, application: Application
) -> Application | None:
    """The application, with which steps of the block may be padding, and whether these are always its last."""
    composer = context.composer
    begins = _begins(context, index, application)
    try:
        # An `input(mask=0)` makes its mask of its own values, an `embedding(mask=true)` of the ids that it looks up.
        marks = marked_steps(context, index)
        masks = () if begins else find_masks(application, composer.masked, marks)
        operation = application.operation
        if isinstance(operation, Attend | Reduce):
            operation = replace(operation, memory_masks=memory_masks(operation, composer.masked))
    except Unmaskable:
        context.error(
            "SEQ313",
            f"`{context.drawing.blocks[index].letter}` combines a part of a masked sequence with "
            "other steps, or moves over it by more than one step",
            index,
            "masks are not supported there: let the row read the whole masked sequence or its first steps, beside "
            "other steps or not, or its last steps and nothing else; or remove `mask=`",
        )
        return None
    masking = Masking(masks, begins)
    if masking:
        composer.masked.add(index)
        at_end = _is_padded_at_end(context, index, application, masks)
        if at_end:
            composer.padded_at_end.add(index)
        masking = replace(masking, at_end=at_end)
    return replace(application, operation=operation, masking=masking)


def _begins(context: LoweringContext, index: int, application: Application) -> bool:
    """Whether a block distinguishes padding from data: by its values, its ids, or what its caller says."""
    if context.steps[index] is None:
        return False
    # X = input(8), in a block that is called with a masked sequence: its caller tells.
    if context.drawing.is_masked and context.drawing.settings[index].is_source:
        return True
    tells = layer_def(application.kind).masks(application.arguments)
    return tells and not _is_told_below(application, context.composer.masked)


def _is_told_below(application: Application, masked: Collection[int]) -> bool:
    """Whether an embedding reads all of tokens that tell padding from data by themselves."""
    read = operands(application.operation)
    return bool(read) and all(isinstance(item, Value) and item.block in masked for item in read)


def _is_padded_at_end(
    context: LoweringContext, index: int, application: Application, masks: Sequence[Expression]
) -> bool:
    """Whether the padding of a masked block is at its end, whatever it is called with."""
    if masks:
        at_end = context.composer.padded_at_end
        return all(is_padded_at_end(view, at_end) for view in masks)
    if isinstance(application.operation, Placeholder):
        return _ends(context, index)
    # An embedding's mask is that of the tokens: of what is wired to them, in their order.
    tokens = [block for block in context.below(index) if _ends(context, block)]
    return all(is_padded_at_end(view, tokens) for view in operands(application.operation))


def _ends(context: LoweringContext, index: int) -> bool:
    # Where the mask of a caller has its padding, its author does not say.
    if context.drawing.is_masked:
        return False
    arguments = context.drawing.settings[index].arguments
    return arguments.get("padding") == "end" or bool(arguments.get("lengths"))
