"""the arguments of inputs that say what padding is, and where → what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.syntax.ast import Argument, Call


def check_padding_arguments(context: LoweringContext) -> None:
    """``mask=`` marks a step by an id of the vocabulary; ``padding=`` is about a mask: without one there is none."""
    read_masked = _read_masked(context)
    reported: set[str | int] = set()
    for index, item in enumerate(context.drawing.settings):
        if not item.is_source or item.call is None or context.key(index) in reported:
            continue
        problems = list(_problems(context, item, item.call, read_masked.get(index)))
        if problems:
            reported.add(context.key(index))
            context.diagnostics += problems


def _problems(
    context: LoweringContext, item: Settings, call: Call, reader: int | None
) -> Iterator[Diagnostic]:
    if "mask" in item.arguments and item.definition.gives_ids:
        yield from _id_problems(context, item, _argument(call, "mask"), reader)
    if "padding" in item.arguments and "mask" not in item.arguments and reader is None:
        yield _without_mask(item, _argument(call, "padding"))


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
        block = context.drawing.blocks[reader]
        yield Diagnostic(
            "SEQ304",
            f"`{argument}` cannot be used here: `mask=true` in `{block.letter}` above means id 0",
            argument.span,
            "remove `mask=true` there: the tokens say which id is padding",
            ((block.span, "`mask=true`: id 0 is padding"),),
        )


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


def _argument(call: Call, keyword: str) -> Argument:
    return next(one for one in call.arguments if one.keyword == keyword)
