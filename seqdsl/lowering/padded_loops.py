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
from seqdsl.ir.compare import Names, Sizes
from seqdsl.ir.expressions import (
    ConcatTime,
    Elementwise,
    LastValid,
    Pad,
    Pool,
    Repeat,
    Slice,
    Step,
    Zeros,
    blocks_of,
)
from seqdsl.ir.graph import Masking
from seqdsl.ir.operations import Attend, Call
from seqdsl.ir.padded import may_be_padded
from seqdsl.lowering.loop_offsets import find_offsets
from seqdsl.lowering.masking import count_windows, masks_of
from seqdsl.lowering.masks import is_padded_at_end, with_valid
from seqdsl.lowering.measures import NOTHING, ONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    composer, clock = context.composer, _Clock(context, loop)
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

    How many steps later a row begins may be known at run time only, as in `D D ... D` before all of `Y ... Y`.
    """

    def __init__(self, context: LoweringContext, loop: frozenset[int]) -> None:
        lengths = context.drawing.lengths
        names = Names(context.drawing.values, lengths.free, lengths.minimum, lengths.multiple)
        self._composer, self._sizes = context.composer, Sizes(names)
        self._offsets = find_offsets(context, loop, self._sizes)

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
        composer = self._composer
        own, steps = composer.steps[source] or ONE, composer.steps[index] or ONE
        shift = self._offsets[source] - self._offsets[index]
        # Both are cut off where the other one has not begun yet, or has ended.
        before, first = self._at_least_none(shift), self._at_least_none(NOTHING - shift)
        after = self._at_least_none(steps - own - shift)
        count = steps - before - after
        if not self._has_padding(mask, first, count):
            return None
        # own 4, steps 3, shift -1: the mask without its first step; own 3, steps 4, shift 1: a valid step before it
        return with_valid(composer.cut(mask, first, count, own), before, after, composer)

    def _has_padding(self, mask: Expression, first: Size, count: Size) -> bool:
        """Whether any of some steps of a mask may be padding.

        D reads ``X X ... X y y ... y``: where Y is there, those of X are over, and what a delayed node gives is valid.
        """
        start = NOTHING
        for is_padded, length in self._pieces(mask):
            # Where the piece ends behind the first of these steps, and begins before the last one.
            ends = start + length - first, first + count - start
            if is_padded and all(max(self._sizes.values(end)) > 0 for end in ends):
                return max(self._sizes.values(count)) > 0
            start = start + length
        return False

    def _pieces(self, mask: Expression) -> Iterator[tuple[bool, Size]]:
        """The parts of a mask: whether there may be padding, and how many steps they have."""
        if isinstance(mask, ConcatTime):
            for part in mask.parts:
                yield from self._pieces(part)
        elif isinstance(mask, Pad):
            yield False, mask.before
            yield from self._pieces(mask.of)
            yield False, mask.after
        else:
            yield may_be_padded(mask, self._composer.masked), self._composer.length(mask)

    def _at_least_none(self, size: Size) -> Size:
        """A number of steps, or none."""
        return size if max(self._sizes.values(size)) > 0 else NOTHING


def _masked(item: Application, loop: frozenset[int], masking: Masking) -> Application:
    operation = item.operation
    if isinstance(operation, Attend) and blocks_of(operation.memory) & loop:
        # Attention to what the loop gave so far.
        operation = replace(operation, memory_masks=masking.masks)
    if isinstance(operation, Call) and any(blocks_of(mask) & loop for mask in operation.masks):
        operation = replace(operation, masks=masking.masks)
    return replace(item, operation=operation, masking=masking)


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
            # S y y y .     zeros behind it do not stand between; . y y y: zero is before it
            inner = before if expression.before == NOTHING else None
            return replace(expression, of=self.of(expression.of, inner))
        if isinstance(expression, Elementwise):
            # Nodes with different numbers of wires: what is before one of them is in the place of that one alone.
            return map_expressions(expression, self.of)
        if isinstance(expression, LastValid):
            return self._held(expression, before)
        return map_expressions(expression, lambda inner: self.of(inner, before))

    def _held(self, expression: LastValid, before: Expression | None) -> Expression:
        block, composer = expression.of.block, self._composer
        # Behind the last valid step of a loop nothing is read any more.
        is_over = block in self._loop and block in composer.padded_at_end
        if block not in composer.masked or is_over:
            return expression.of
        return replace(expression, start=expression.start or before)

    def _last(self, view: Expression) -> Expression | None:
        """The last step of a sequence, a vector; ``None``: zero."""
        match view:
            case Zeros() | Pad() | Elementwise() | Repeat(Pool()):
                # What nodes combine that have other wires is in the place of none of these.
                return None
            case Repeat(of):
                return of
            case Slice(of, start, count, stride, steps):
                return Step(of, start + (count - 1) * stride, steps)
        steps = self._composer.length(view)
        return Step(view, steps - 1, steps)
