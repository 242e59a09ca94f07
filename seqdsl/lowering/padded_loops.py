"""loops over padded steps → masks of all their members, and delayed nodes that give the last valid step.

Y Y Y Y       a step of a loop is padding for all of its blocks, or for none: nothing of it is computed then
D-D-D-D
y y y y       behind a padded step `y` is what `Y` gave at the last valid one: of Y0 . . Y3, the last `y` is Y0
Z . . Z
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.changes import map_expressions, map_operation
from seqdsl.ir.expressions import (
    ConcatTime,
    LastValid,
    Pad,
    Repeat,
    Slice,
    Step,
    Zeros,
    blocks_of,
)
from seqdsl.ir.graph import Masking
from seqdsl.ir.operations import Attend, Call
from seqdsl.lowering.loop_offsets import find_offsets
from seqdsl.lowering.masking import count_windows, masks_of
from seqdsl.lowering.masks import is_padded_at_end
from seqdsl.lowering.measures import NOTHING, ONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.size import Size

    Applications = dict[int, Application]


def mask_loop(context: LoweringContext, loop: frozenset[int], applied: Applications) -> None:
    """Give all members of a loop the padded steps of each of them, in ``applied``."""
    outer = _outer_masks(context, loop, applied)
    if not outer or _is_read_at_end(context, loop, applied, outer):
        return
    offsets = find_offsets(context, loop)
    if offsets is None:
        _unclear(context, min(outer))
        return
    composer, clock = context.composer, _Clock(context, offsets)
    at_end = _all_at_end(outer, applied)
    # D D D over y y y: no mask is of the loop itself, as its parts would then be read in a circle.
    for index in loop:
        masks = clock.masks_of(index, outer)
        ends = at_end and all(is_padded_at_end(view, composer.padded_at_end) for view in masks)
        applied[index] = _masked(applied[index], loop, Masking(masks, at_end=ends))
    # A row that begins when all that is padded has ended has no padding.
    composer.masked -= loop
    composer.masked |= {index for index in loop if applied[index].masking}
    composer.padded_at_end -= loop
    composer.padded_at_end |= {index for index in loop if applied[index].masking.at_end}


def _all_at_end(outer: Iterable[int], applied: Applications) -> bool:
    return all(applied[index].masking.at_end for index in outer)


def _is_read_at_end(
    context: LoweringContext, loop: frozenset[int], applied: Applications, outer: Iterable[int]
) -> bool:
    """Whether all members are padded at the end alone: what follows the last valid step is not read."""
    lengths = {context.resolved(context.steps[index] or ONE) for index in loop}
    is_all = all(applied[index].masking for index in loop)
    return len(lengths) == 1 and is_all and _all_at_end(outer, applied)


def _outer_masks(
    context: LoweringContext, loop: frozenset[int], applied: Applications
) -> dict[int, tuple[Expression, ...]]:
    """The masks of what each member reads from outside; a member without any is left out."""
    composer, masked = context.composer, context.composer.masked
    # Y has the mask of D, which it reads: that is the one of Z, which is not in the loop.
    composer.masked = masked - loop
    found = {}
    for index in context.drawing.order:
        if index in loop and applied[index].masking:
            count_windows(context, index)
            masks = masks_of(context, index, applied[index].operation)
            # A call has noted what masks what it reads, of the loop or not.
            found[index] = tuple(mask for mask in masks if not blocks_of(mask) & loop)
    composer.masked = masked
    return {index: masks for index, masks in found.items() if masks}


class _Clock:
    """Converts a mask of one member to the steps of another: at a time, either all are padding or none is.

    ::

        time     0 1 2 3      D, which begins one step before Y, has a mask `z0 z1 z2 z3`: that of Y is `z1 z2 z3`.
        Y          Y Y Y      Of a mask `y0 y1 y2` of Y, that of D would be one valid step, and then this.
        D        D D D D
    """

    def __init__(self, context: LoweringContext, offsets: Mapping[int, Size]) -> None:
        self._steps = context.composer.steps
        self._offsets = offsets

    def masks_of(
        self, index: int, outer: Mapping[int, tuple[Expression, ...]]
    ) -> tuple[Expression, ...]:
        """The masks of all members, at the steps of one of them."""
        found = (
            self._moved(mask, source, index) for source, masks in outer.items() for mask in masks
        )
        return tuple(dict.fromkeys(mask for mask in found if mask is not None))

    def _moved(self, mask: Expression, source: int, index: int) -> Expression | None:
        """A mask of ``source`` at the steps of ``index``; ``None``: they have none in common."""
        own, steps = self._steps[source] or ONE, self._steps[index] or ONE
        shift = self._offsets[source] - self._offsets[index]
        # Both are cut off where the other one has not begun yet, or has ended.
        before, first = _at_least_none(shift), _at_least_none(NOTHING - shift)
        after = _at_least_none(steps - own - shift)
        count = steps - before - after
        if count.constant is not None and count.constant <= 0:
            return None
        # own 4, steps 3, shift -1: the mask without its first step; own 3, steps 4, shift 1: a valid step before it
        part = mask if count == own else Slice(mask, first, count, 1, own)
        return part if before == after == NOTHING else Pad(part, before, after)


def _at_least_none(size: Size) -> Size:
    """A number of steps, or none; where rows of free lengths differ, it is by a number."""
    return size if (size.constant or 0) > 0 else NOTHING


def _masked(item: Application, loop: frozenset[int], masking: Masking) -> Application:
    operation = item.operation
    if isinstance(operation, Attend) and blocks_of(operation.memory) & loop:
        # Attention to what the loop gave so far.
        operation = replace(operation, memory_masks=masking.masks)
    if isinstance(operation, Call) and any(blocks_of(mask) & loop for mask in operation.masks):
        operation = replace(operation, masks=masking.masks)
    return replace(item, operation=operation, masking=masking)


def _unclear(context: LoweringContext, index: int) -> None:
    letter = context.drawing.blocks[index].letter
    context.error(
        "SEQ313",
        f"`{letter}` has padded steps, and a row of its loop begins a free number of steps earlier or later",
        index,
        "name the ellipsis and set its length (`..n..` and `n = 100`), or draw all rows of the loop with as many steps",
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
