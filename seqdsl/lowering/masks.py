"""applications → masks: which steps of a block are valid, as views over the masks of what it reads.

Padding may be anywhere in a masked sequence. In a mask's view, the value of a block means that block's mask.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    Gather,
    Pad,
    RepeatSteps,
    Slice,
    ValidFirst,
    Value,
    blocks_of,
    children,
)
from seqdsl.ir.operations import Attend
from seqdsl.ir.padded import may_be_padded
from seqdsl.lowering.measures import NOTHING
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from seqdsl.ir.operations import Reduce
    from seqdsl.lowering.compose import Composer


def row_masks(views: Iterable[Expression], composer: Composer) -> tuple[Expression, ...]:
    """The masks whose common steps are the valid steps of a row that reads some views side by side."""
    row = _Row(composer)
    return tuple(dict.fromkeys(mask for view in views for mask in row.masks(view)))


def memory_masks(operation: Attend | Reduce, masked: Collection[int]) -> tuple[Expression, ...]:
    """The masks of what an attention attends to, or of what is combined over time."""
    if isinstance(operation, Attend) and operation.keys is not None:
        # A step counts where neither its key nor its value is padding.
        views = (operation.memory, operation.keys)
        return tuple(dict.fromkeys(mask for view in views for mask in whole_masks(view, masked)))
    view = operation.memory if isinstance(operation, Attend) else operation.operand
    return whole_masks(view, masked)


def whole_masks(view: Expression, masked: Collection[int]) -> tuple[Expression, ...]:
    """The masks of a sequence that is read as a whole: of the last three steps, a sample of two has two."""
    parts = view.parts if isinstance(view, ConcatFeatures | Elementwise) else (view,)
    return tuple(part for part in parts if may_be_padded(part, masked))


class _Row:
    """The masks of what a row reads step by step."""

    def __init__(self, composer: Composer) -> None:
        self._masked, self._composer = composer.masked, composer

    def masks(self, view: Expression) -> list[Expression]:
        """The masks whose common steps are the valid steps of a view."""
        parts = view.parts if isinstance(view, ConcatFeatures | Elementwise) else (view,)
        return [mask for part in parts if (mask := self._mask(part)) is not None]

    def _mask(self, view: Expression) -> Expression | None:
        """The one mask of a view, taken of masks in the way that the view is of values; ``None``: all is valid."""
        if isinstance(view, Value | ValidFirst):
            return view if may_be_padded(view, self._masked) else None
        if isinstance(view, ConcatTime):
            return self._joined(view)
        if isinstance(view, ConcatFeatures | Elementwise):
            masks = self.masks(view)
            return replace(view, parts=tuple(masks)) if masks else None
        # Nothing is wired to the steps around a `Pad`: they are valid, and read zero.
        if isinstance(view, Slice | Gather | DynamicSlice | RepeatSteps | Pad):
            inner = self._mask(view.of)
            return None if inner is None else replace(view, of=inner)
        # What has no steps of its own, or only valid ones, needs no mask: a state, a vector, the last valid steps.
        # Padding of an earlier step is not padding of the step that reads it.
        return None

    def _joined(self, view: ConcatTime) -> Expression | None:
        """The mask of sequences one after the other, each with its own padding.

        Of ``x x .`` and ``y y`` it is ``x x . y y``. The last steps of a row are valid, whatever the row's mask
        says: they are steps around the mask of what is beside them.
        """
        masks = [self._mask(part) for part in view.parts]
        if not any(masks):
            return None
        # x1 x2 | y y . | z        the last two of x are valid: the mask is `y y .` with two valid steps in front
        found: list[Expression] = []
        valid = NOTHING
        for part, mask in zip(view.parts, masks, strict=True):
            stand = mask or self._without(part)
            if isinstance(stand, Size):
                valid = valid + stand
                continue
            # Beside what has no padding either, they are put after the mask that came before.
            if mask is None and found:
                found[-1], valid = _padded(found[-1], NOTHING, valid), NOTHING
            found.append(_padded(stand, valid, NOTHING))
            valid = NOTHING
        found[-1] = _padded(found[-1], NOTHING, valid)
        return found[0] if len(found) == 1 else ConcatTime(tuple(found))

    def _without(self, part: Expression) -> Expression | Size:
        """What a mask has for a part without one: the part itself, or a number of valid steps.

        ``x x y y`` with delayed nodes has a mask of x, and two valid steps: what a loop gives is not there before it.
        """
        is_of_loop = bool(blocks_of(part) & self._composer.loop)
        if not is_of_loop and not may_be_padded(part, self._composer.masked):
            return part
        count = self._composer.length(part)
        return self._composer.blank(count) if count.constant is None else count


def with_valid(mask: Expression, before: Size, after: Size, composer: Composer) -> Expression:
    """A mask with so many valid steps around it, of numbers that may be known at run time only."""
    free = {side for side in (before, after) if side.names & composer.free}
    inner = _padded(mask, *(NOTHING if side in free else side for side in (before, after)))
    # Frameworks pad by numbers: a free number of valid steps is a sequence of its own.
    first, last = ([composer.blank(side)] if side in free else [] for side in (before, after))
    return composer.joined([*first, inner, *last])


def _padded(mask: Expression, before: Size, after: Size) -> Expression:
    """A mask with so many valid steps around it."""
    if before == NOTHING and after == NOTHING:
        return mask
    if isinstance(mask, Pad):
        return Pad(mask.of, before + mask.before, mask.after + after)
    return Pad(mask, before, after)


def is_padded_at_end(
    view: Expression, at_end: Collection[int], *, unwired_is_padding: bool = False
) -> bool:
    """Whether padding is at the end of a view only, if it is so in the blocks ``at_end``.

    Args:
        view: the mask of a row, or the ids that an embedding makes its mask of.
        at_end: these blocks.
        unwired_is_padding: whether a step that nothing is wired to is padding, as an embedding reads id 0 there.
    """
    if isinstance(view, Value):
        return view.block in at_end
    # It moves the valid steps to the front: `. x . x` is `x x . .`.
    if isinstance(view, ValidFirst):
        return True
    if isinstance(view, Pad):
        # `x x .` between unwired steps: of ids `. x x . .`, in a mask `u x x . u`.
        around = view.before if unwired_is_padding else view.after
        return around.constant == 0 and is_padded_at_end(view.of, at_end)
    if isinstance(view, Elementwise | ConcatFeatures):
        return all(is_padded_at_end(part, at_end) for part in view.parts)
    return _keeps_order(view) and is_padded_at_end(children(view)[0], at_end)


def _keeps_order(view: Expression) -> bool:
    """Whether a view takes steps of one sequence in their order."""
    # Read backward, `x x .` is `. x x`.
    if isinstance(view, Slice):
        return view.stride > 0
    # x0 x2 x4 of `x x x . .` is `x x .`: any choice of steps that keeps their order.
    if isinstance(view, Gather):
        return all(left < right for left, right in pairwise(view.indices))
    # `x x .`, each step twice, is `x x x x . .`.
    return isinstance(view, DynamicSlice | RepeatSteps)
