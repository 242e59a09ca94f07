"""arguments of inputs → diagnostics: ``padding=`` where nothing marks padded steps.

X = input(3, padding=end)       which steps of `X` are padding? It takes a `mask=` to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.syntax.ast import Argument, Call


def _read_masked(context: LoweringContext) -> set[int]:
    """The blocks of which an embedding makes a mask."""
    return {
        below
        for index, item in enumerate(context.drawing.settings)
        if item.definition.family is Family.LOOKUP and item.definition.masks(item.arguments)
        for below in context.below(index)
    }


def _argument(call: Call, keyword: str) -> Argument:
    return next(one for one in call.arguments if one.keyword == keyword)


def check_padding_arguments(context: LoweringContext) -> None:
    """``padding=`` is about a mask: an input without one has no padding."""
    settings = context.drawing.settings
    read_masked = _read_masked(context)
    reported: set[str | int] = set()
    for index, item in enumerate(settings):
        if "padding" not in item.arguments or not item.is_source or item.call is None:
            continue
        if "mask" in item.arguments or index in read_masked or context.key(index) in reported:
            continue
        reported.add(context.key(index))
        fix = (
            "`input(3, mask=0, padding=end)`"
            if item.definition.begins_mask
            else "`embedding(8, mask=true)`"
        )
        argument = _argument(item.call, "padding")
        context.diagnostics.append(
            Diagnostic(
                "SEQ304",
                f"`{argument}` cannot be used here: no mask says which steps are padding",
                argument.span,
                f"for example, write {fix}, or remove `padding=`",
            )
        )
