"""the arguments of inputs that say what padding is, and where → what is wrong with them, and the names of lengths."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.operations import Placeholder
from seqdsl.layers import Family
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.naming import Names
    from seqdsl.model.spec import Block
    from seqdsl.syntax.ast import Argument, Call


def check_padding_arguments(context: LoweringContext) -> None:
    """``mask=`` marks a step by an id of the vocabulary; ``padding=`` is about a mask: without one there is none."""
    read_masked = _read_masked(context)
    reported: set[str | int] = set()
    for index, item in enumerate(context.drawing.settings):
        if not item.is_source or item.call is None or context.key(index) in reported:
            continue
        problems = list(_problems(context, item, item.call, read_masked.get(index)))
        if context.steps[index] is None and item.arguments.get("lengths"):
            problems = [_of_vector(_argument(item.call, "lengths"))]
        if problems:
            reported.add(context.key(index))
            context.diagnostics += problems


def _problems(
    context: LoweringContext, item: Settings, call: Call, reader: int | None
) -> Iterator[Diagnostic]:
    if "mask" in item.arguments and item.definition.gives_ids:
        yield from _id_problems(context, item, _argument(call, "mask"), reader)
    if item.arguments.get("lengths"):
        yield from _told_otherwise(context, item, call, reader)
    elif "padding" in item.arguments and "mask" not in item.arguments and reader is None:
        yield _without_mask(item, _argument(call, "padding"))


def _told_otherwise(
    context: LoweringContext, item: Settings, call: Call, reader: int | None
) -> Iterator[Diagnostic]:
    """What says beside lengths which steps are padding; ``reader`` is an ``embedding(mask=true)`` above."""
    argument = _argument(call, "lengths")
    if reader is not None:
        yield _beside_zero(context, argument, reader, "the lengths say which steps are padding")
    # `padding=end` is what lengths say anyway.
    others = {"mask": None, "padding": "any", "feedback": None}
    for name, value in others.items():
        if name in item.arguments and value in (None, item.arguments[name]):
            yield Diagnostic(
                "SEQ304",
                f"`{_argument(call, name)}` cannot be used beside `{argument}`: {_WHY[name]}",
                _argument(call, name).span,
                _REMOVE[name],
            )


def _of_vector(argument: Argument) -> Diagnostic:
    return Diagnostic(
        "SEQ304",
        f"`{argument}` cannot be used here: a single node has no steps that could be padding",
        argument.span,
        "draw a node for each step, or an ellipsis; or remove `lengths=true`",
    )


_WHY = {
    "mask": "both say which steps are padding",
    "padding": "lengths count from the first step, so that padding is at the end",
    "feedback": "how long it is depends on what the model gives",
}
_REMOVE = {
    "mask": "remove one of them",
    "padding": "remove `padding=any`, or mark padding by a value: `mask=0`",
    "feedback": "remove `lengths=true`: padding at the end changes no step before it; leave it out of the loss",
}


def name_lengths(blocks: tuple[Block, ...], drawing: Drawing, names: Names) -> tuple[Block, ...]:
    """The blocks, in which inputs know the argument that holds their lengths, or their mask, where there is such.

    Args:
        blocks: all blocks, with their names.
        drawing: what was read of the picture.
        names: the names that are free.
    """
    has_lengths = any(item.arguments.get("lengths") for item in drawing.settings)
    if not (has_lengths or drawing.is_masked):
        return blocks
    return tuple(
        replace(block, operation=_told(block.operation, block, drawing, names))
        if isinstance(block.operation, Placeholder)
        else block
        for block in blocks
    )


def _told(placeholder: Placeholder, block: Block, drawing: Drawing, names: Names) -> Placeholder:
    """An input that knows by what it is told which of its steps are padding."""
    if drawing.settings[block.index].arguments.get("lengths"):
        # X = input(8, lengths=true): x_lengths
        return replace(placeholder, lengths=names.claim(f"{block.name}_lengths"))
    if drawing.is_masked and block.masking.begins:
        # block(x, mask)
        return replace(placeholder, mask=names.claim("mask"), padding=None)
    return placeholder


def _id_problems(
    context: LoweringContext, item: Settings, argument: Argument, reader: int | None
) -> Iterator[Diagnostic]:
    """What is wrong with the id that marks padding; ``reader`` is an ``embedding(mask=true)`` above."""
    marks, vocabulary = item.arguments["mask"], item.arguments["vocabulary"]
    assert isinstance(marks, int)
    assert isinstance(vocabulary, Size)
    count = context.resolved(vocabulary)
    if isinstance(count, int) and marks >= count:
        yield Diagnostic(
            "SEQ304",
            f"`{argument}` cannot be used here: the vocabulary has the ids 0 to {count - 1}",
            argument.span,
            "write one of its ids, or a larger vocabulary",
        )
    if reader is not None and marks:
        yield _beside_zero(context, argument, reader, "the tokens say which id is padding")


def _without_mask(item: Settings, argument: Argument) -> Diagnostic:
    fix = (
        "`embedding(8, mask=true)`"
        if item.definition.gives_ids
        else "`input(3, mask=0, padding=end)`"
    )
    return Diagnostic(
        "SEQ304",
        f"`{argument}` cannot be used here: no mask says which steps are padding",
        argument.span,
        f"for example, write {fix}, or remove `padding=`",
    )


def _read_masked(context: LoweringContext) -> dict[int, int]:
    """The tokens of which an embedding makes a mask, each with that embedding."""
    return {
        below: index
        for index, item in enumerate(context.drawing.settings)
        if item.definition.family is Family.LOOKUP and item.definition.masks(item.arguments)
        for below in context.below(index)
    }


def _beside_zero(
    context: LoweringContext, argument: Argument, reader: int, instead: str
) -> Diagnostic:
    """What says which steps are padding, below an ``embedding(mask=true)``, by which id 0 is."""
    block = context.drawing.blocks[reader]
    return Diagnostic(
        "SEQ304",
        f"`{argument}` cannot be used here: `mask=true` in `{block.letter}` above means id 0",
        argument.span,
        f"remove `mask=true` there: {instead}",
        ((block.span, "`mask=true`: id 0 is padding"),),
    )


def _argument(call: Call, keyword: str) -> Argument:
    return next(one for one in call.arguments if one.keyword == keyword)
