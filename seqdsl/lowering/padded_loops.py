"""loops over padded steps → masks of all their members, and delayed nodes that give the last valid step.

Y Y Y Y       a step of a loop is padding for all of its blocks, or for none: nothing of it is computed then
D-D-D-D
y y y y       behind a padded step `y` is what `Y` gave at the last valid one: of Y0 . . Y3, the last `y` is Y0
Z . . Z
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.changes import map_operation
from seqdsl.ir.expressions import (
    ConcatTime,
    LastValid,
    Pad,
    Repeat,
    Slice,
    Step,
    Zeros,
    blocks_of,
    map_expressions,
)
from seqdsl.ir.graph import Masking
from seqdsl.ir.operations import Attend
from seqdsl.lowering.compose import ONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.context import LoweringContext

    Applications = dict[int, Application]


def mask_loop(context: LoweringContext, loop: frozenset[int], applied: Applications) -> None:
    """Give all members of a loop the padded steps of each of them, in ``applied``."""
    masked = [index for index in context.drawing.order if index in loop and applied[index].masking]
    at_end = all(applied[index].masking.at_end for index in masked)
    is_even = len({context.resolved(context.steps[index] or ONE) for index in loop}) == 1
    # `x x x .` beside a row that begins later: what is behind the last valid step, nobody reads.
    if at_end and not (masked and is_even and len(masked) < len(loop)):
        return
    if is_even:
        masking = Masking(_common(loop, [applied[index] for index in masked]), at_end=at_end)
        _mask_all(context, loop, applied, masking)
    else:
        _uneven(context, masked[0])


def _mask_all(
    context: LoweringContext, loop: frozenset[int], applied: Applications, masking: Masking
) -> None:
    for index in loop:
        applied[index] = _masked(applied[index], loop, masking)
    composer = context.composer
    composer.masked |= loop
    composer.padded_at_end -= loop
    composer.padded_at_end |= loop if masking.at_end else frozenset()


def _common(loop: frozenset[int], masked: Sequence[Application]) -> tuple[Expression, ...]:
    """The masks of what a loop reads from outside."""
    # Y has the mask of D, which it reads: that is the one of Z, which is not in the loop.
    views = (view for item in masked for view in item.masking.masks)
    return tuple(dict.fromkeys(view for view in views if not blocks_of(view) & loop))


def _masked(item: Application, loop: frozenset[int], masking: Masking) -> Application:
    operation = item.operation
    if isinstance(operation, Attend) and blocks_of(operation.memory) & loop:
        # Attention to what the loop gave so far.
        operation = replace(operation, memory_masks=masking.masks)
    return replace(item, operation=operation, masking=masking)


def _uneven(context: LoweringContext, index: int) -> None:
    letter = context.drawing.blocks[index].letter
    context.error(
        "SEQ313",
        f"`{letter}` has padded steps, and is in a loop with rows of another number of steps",
        index,
        "draw all rows of the loop with the same steps, or say that padding is at the end only: `padding=end` on the "
        "input",
    )


def hold_values(context: LoweringContext, applied: Applications) -> Applications:
    """The same applications, in which delayed nodes give the last valid step where their letter has padded ones."""
    loops = {index: loop for loop in context.drawing.loops for index in loop}
    return {
        index: replace(
            item, operation=map_operation(item.operation, _Holding(context, loops.get(index)).of)
        )
        for index, item in applied.items()
    }


class _Holding:
    """Settles what the delayed nodes give that one block reads."""

    def __init__(self, context: LoweringContext, loop: frozenset[int] | None) -> None:
        self._composer, self._loop = context.composer, loop or frozenset()

    def of(self, expression: Expression, before: Expression | None = None) -> Expression:
        """An expression, given what the row reads in the place before it, a vector; ``None``: zero."""
        if isinstance(expression, ConcatTime):
            parts: list[Expression] = []
            for part in expression.parts:
                # S y y y     until there is a valid step of Y, `y` is S
                parts.append(self.of(part, self._last(parts[-1]) if parts else before))
            return ConcatTime(tuple(parts))
        if isinstance(expression, Pad):
            return replace(expression, of=self.of(expression.of))
        if isinstance(expression, LastValid):
            return self._held(expression, before)
        return map_expressions(expression, lambda inner: self.of(inner, before))

    def _held(self, expression: LastValid, before: Expression | None) -> Expression:
        block, composer = expression.of.block, self._composer
        # Behind the last valid step of a loop nothing is read any more.
        is_over = block in self._loop and block in composer.padded_at_end
        if block not in composer.masked or is_over:
            return expression.of
        return replace(expression, start=before)

    def _last(self, view: Expression) -> Expression | None:
        """The last step of a sequence, a vector; ``None``: zero."""
        match view:
            case Repeat(of):
                return of
            case Zeros() | Pad():
                return None
            case Slice(of, start, count, stride, steps):
                return Step(of, start + (count - 1) * stride, steps)
        steps = self._composer.length(view)
        return Step(view, steps - 1, steps)
