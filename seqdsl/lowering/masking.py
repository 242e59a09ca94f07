"""application → the same with its masking: where padding begins, what it reaches, and whether it is at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.called import body_in, gives_mask
from seqdsl.ir.expressions import Value
from seqdsl.ir.graph import Masking
from seqdsl.ir.operations import Attend, Call, Placeholder, Reduce, Split, operands
from seqdsl.layers import Family, layer_def
from seqdsl.lowering.masks import is_padded_at_end, memory_masks, row_masks
from seqdsl.lowering.measures import Counting
from seqdsl.lowering.windows import Moving, find_moving

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.operations import Operation
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.operands import Operand

    Masks = tuple[Expression, ...]


def count_windows(context: LoweringContext, index: int) -> None:
    """Find what windows a block reads, and let the steps be counted accordingly of which some may be padding."""
    composer = context.composer
    context.windows = {}
    if composer.masked and context.steps[index] is not None:
        read = context.drawing.operands[index]
        is_marked = context.drawing.settings[index].definition.family is Family.WINDOW
        of = _marked_windows if is_marked else find_moving
        context.windows = of(read, context.steps[index], context.steps)
    composer.moving = {block: windows.counting for block, windows in context.windows.items()}
    places = {place for windows in context.windows.values() for place in windows.places}
    composer.windows = {context.drawing.operands[index][place].accesses for place in places}


def _marked_windows(operands: Sequence[Operand], *_: object) -> dict[int, Moving]:
    r"""The windows of a convolution: each is valid where the step is that its wire marks.

    ::

        C   C   C      conv(4, 3): `x x x .` gives `c c`, and then a padded step
        |   |   |
        X X X X X
    """
    places: dict[int, list[int]] = {}
    for place, operand in enumerate(operands):
        for access in operand.wired:
            places.setdefault(access.block, []).append(place)
    return {block: Moving(Counting.IN_PLACE, tuple(of), tuple(of)) for block, of in places.items()}


def masks_of_row(context: LoweringContext, index: int, views: Sequence[Expression]) -> Masks:
    """The masks of a row whose nodes read some views, or windows of a few steps."""
    composer = context.composer
    if not context.windows:
        return row_masks(views, composer)
    # Of the windows `/`, `|` and `\` of a row, one may decide; a wire from another row is read as it is.
    read: list[Expression] = []
    for place, operand in enumerate(context.drawing.operands[index]):
        # A bus leads one value to all steps.
        if operand.bus is not None:
            continue
        windows = [context.windows.get(access.block) for access in operand.wired]
        if not any(item and place in {*item.places} - {*item.deciding} for item in windows):
            read.append(composer.view(operand, context.steps[index]))
    # A window for each step: it is valid where that step is, whether it reads it or not.
    read += [Value(block) for block, windows in context.windows.items() if not windows.deciding]
    return row_masks(read, composer)


def with_masking(context: LoweringContext, index: int, application: Application) -> Application:
    """The application, with which steps of the block may be padding, and whether these are always its last."""
    composer = context.composer
    begins = _begins(context, index, application)
    # An `input(mask=0)` makes its mask of its own values, an `embedding(mask=true)` of the ids that it looks up.
    masks = () if begins else masks_of(context, index, application.operation)
    operation = application.operation
    if isinstance(operation, Attend | Reduce):
        operation = replace(operation, memory_masks=memory_masks(operation, composer.masked))
    masking = Masking(masks, begins)
    if masking:
        composer.masked.add(index)
        at_end = _is_padded_at_end(context, index, application, masks)
        if at_end:
            composer.padded_at_end.add(index)
        masking = replace(masking, at_end=at_end)
    return replace(application, operation=operation, masking=masking)


def masks_of(context: LoweringContext, index: int, operation: Operation) -> Masks:
    """The masks whose common steps are the valid steps of a block; none if it is not masked."""
    if isinstance(operation, Reduce | Split) or context.steps[index] is None:
        return ()
    if isinstance(operation, Call) and not operation.each:
        # What is called has its own words on that: a block gives its mask on, a tower gives one vector.
        return operation.masks if gives_mask(body_in(operation)) else ()
    views = (operation.query,) if isinstance(operation, Attend) else operands(operation)
    return masks_of_row(context, index, views)


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
    read = operands(application.operation)
    return all(is_padded_at_end(view, tokens, unwired_is_padding=True) for view in read)


def _ends(context: LoweringContext, index: int) -> bool:
    # Where the mask of a caller has its padding, its author does not say.
    if context.drawing.is_masked:
        return False
    arguments = context.drawing.settings[index].arguments
    return arguments.get("padding") == "end" or bool(arguments.get("lengths"))
