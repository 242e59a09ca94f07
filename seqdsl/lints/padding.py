"""compiled picture → warnings about padding that no mask skips: in a single node, or within what a step holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.operations import Call, Placeholder
from seqdsl.layers import Family
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec


def masks_without_steps(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A mask of a single node: it is always one vector, or one grid, and never skipped."""
    # V   sent
    # |
    # W   embedding(4, mask=true)     the padded ones of its seven words are words for `sent`
    # |
    # X   tokens(30, 7)
    rows = {block.letter for block in spec.blocks if block.steps is not None}
    reported: set[str] = set()
    for block in _masking(spec, drawing):
        # A letter is one layer: where it is a row as well, as in a sentence and a single word, its mask has a meaning.
        if block.steps is None and block.letter not in rows | reported:
            reported.add(block.letter)
            yield _idle(block, drawing)


def _idle(block: Block, drawing: Drawing) -> Diagnostic:
    """Report the mask of a single node."""
    call = drawing.settings[block.index].call
    assert call is not None
    # embedding(4, true): by its place, it has no word to show.
    written = next((item for item in call.arguments if item.keyword == "mask"), None)
    shown, span = ("mask", call.span) if written is None else (str(written), written.span)
    message = f"`{shown}` does nothing here: a single node has no steps that could be padding"
    hint = "draw a node for each step, or an ellipsis; or remove it"
    if len(block.grid) == 1:
        hint = "let a picture that is called above mask the places: put the mask into it; or remove it here"
    return Diagnostic("SEQ415", message, span, hint)


def _masking(spec: ModelSpec, drawing: Drawing) -> Iterator[Block]:
    """The blocks that would tell padding from data, if they had steps."""
    for block, settings in zip(spec.blocks, drawing.settings, strict=True):
        if "mask" in settings.arguments and settings.definition.masks(settings.arguments):
            yield block


def padded_places(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A called picture that reads the places of masked steps as data; steps that are padding as a whole are skipped."""
    # S S S   sent                       `sent` reads the seven words of each sentence. The mask skips sentences
    # | | |                              without any word; in the others, padded words are data.
    # W W W   embedding(4, mask=true)
    # | | |
    # X X X   tokens(30, 7)
    if not any("mask" in item.arguments for item in drawing.settings):
        return
    reported: set[str] = set()
    for block in spec.blocks:
        masked = _masked_below(block, spec)
        if masked is None or block.letter in reported:
            continue
        reported.add(block.letter)
        first = _begin(masked, spec)
        definition = drawing.settings[first.index].definition
        has_ids = definition.gives_ids or definition.family is Family.LOOKUP
        fix = "`tokens` and `embedding(mask=true)`" if has_ids else "`mask=` on its input"
        what = f"the padded places of `{masked.letter}` as data"
        message = f"`{block.letter}` reads {what}: only whole padded steps are skipped"
        hint = f"put `{masked.letter}` into `{block.kind}`, with {fix} there"
        where = ((first.span, "this mask is of whole steps"),)
        yield Diagnostic("SEQ415", message, block.span, hint, where)


def _masked_below(block: Block, spec: ModelSpec) -> Block | None:
    """The masked row whose places a called picture reads as its steps, without a mask of its own."""
    call = block.operation
    if not isinstance(call, Call) or not call.each:
        return None
    body = cast("ModelSpec", call.body)
    # A picture of a vector, or of an image, takes what a step holds as one value.
    if body.blocks[body.inputs[0].block].steps is None or any(map(_has_mask, body.blocks)):
        return None
    read = [spec.blocks[index] for index in sorted(blocks_of(call.operand))]
    # Ids and values as they are: which of them are padding, the called picture may tell itself.
    return next((b for b in read if b.masking and not isinstance(b.operation, Placeholder)), None)


def _has_mask(block: Block) -> bool:
    return bool(block.masking)


def _begin(block: Block, spec: ModelSpec) -> Block:
    """The block that begins the mask of another one."""
    while not block.masking.begins:
        block = spec.blocks[min(index for view in block.masks for index in blocks_of(view))]
    return block
