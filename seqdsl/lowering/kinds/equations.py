"""cells of a file: whether the widths of their equations fit where they are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.widths import Misfit, Widths
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from seqdsl.lowering.context import LoweringContext


def fits(context: LoweringContext, index: int, width: Size) -> bool:
    """Whether a cell can read so many features; if not, its equation is reported.

    Sizes are compared as numbers: with ``units = 8`` the file's ``dense(x)`` of 8 features fits a state of ``units``.
    """
    drawing = context.drawing
    settings = drawing.settings[index]
    cell = settings.definition.cell
    assert cell is not None
    given = settings.definition.given(settings.arguments)
    numbers = {name: _number(item, context) for name, item in given.items()}
    read = _number(width, context)
    assert isinstance(read, Size)
    try:
        widths = Widths(cell, read, numbers)
    except Misfit as problem:
        line = drawing.cells[cell.name].equations[problem.equation]
        block = drawing.blocks[index]
        hint = "values that are combined have equally many features, or one; `dense(..., features=k)` gives k"
        place = ((block.span, f"`{block.letter}` reads {context.resolved(width)} features"),)
        diagnostic = Diagnostic("SEQ128", str(problem), line.value.span, hint, place)
        if diagnostic not in context.diagnostics:
            context.diagnostics.append(diagnostic)
        return False
    return _positive(context, index, widths)


def _positive(context: LoweringContext, index: int, widths: Widths) -> bool:
    """Whether every `dense` has features: `features=units - 8` of 4 units are none."""
    # A matrix of no columns, or of less than none, is none of any framework's.
    for shape in widths.weights.values():
        for side in shape:
            if side.constant is not None and side.constant < 1:
                cell = widths.cell
                message = f"a value of `{cell.name}` has {side} features"
                hint = "give it more units, or change the sizes in its equations"
                context.error("SEQ128", message, index, hint)
                return False
    return True


def _number(value: object, context: LoweringContext) -> object:
    """A size as a number if the file's parameters set it."""
    if not isinstance(value, Size) or not value.names <= context.drawing.values.keys():
        return value
    return Size.of(value.value(context.drawing.values))
