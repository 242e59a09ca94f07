"""applications → masks: which steps of a block are valid, as views over the masks of what it reads.

Padding may be anywhere in a masked sequence. In a mask's view, the value of a block means that block's mask.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.called import body_in, gives_mask
from seqdsl.ir.expressions import (
    CarriedState,
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    FinalState,
    Flatten,
    Gather,
    LastSteps,
    LastValid,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    ValidFirst,
    Value,
    Zeros,
    blocks_of,
    children,
)
from seqdsl.ir.operations import Attend, Call, Convolve, Reduce, Split, operands

if TYPE_CHECKING:
    from collections.abc import Collection

    from seqdsl.lowering.application import Application
    from seqdsl.size import Size


Marked = tuple["Size", "Size", int, "Size"]
"""From which step on, how many, at which stride, of how many steps."""


class Unmaskable(Exception):
    """A masked sequence is used in a way for which there is no mask yet."""


def find_masks(
    application: Application, masked: Collection[int], marked: Marked | None = None
) -> tuple[Expression, ...]:
    """The masks whose common steps are the valid steps of a block; none if it is not masked.

    Args:
        application: the block.
        masked: the blocks with padding.
        marked: the steps that the wires of a convolution mark in what it reads; ``None``: not one run of them.

    Raises:
        Unmaskable: there is no mask for what the block reads.
    """
    operation = application.operation
    if isinstance(operation, Reduce | Split):
        return ()
    if isinstance(operation, Call) and not operation.each:
        # What is called has its own words on that: a block gives its mask on, a tower gives one vector.
        return operation.masks if gives_mask(body_in(operation)) else ()
    views = (operation.query,) if isinstance(operation, Attend) else operands(operation)
    masks: list[Expression] = []
    for view in views:
        masks += _masks(view, masked)
    if masks and isinstance(operation, Convolve):
        masks = _of_windows(application, operation, masks, marked)
    return tuple(dict.fromkeys(masks))


def _of_windows(
    application: Application, operation: Convolve, masks: list[Expression], marked: Marked | None
) -> list[Expression]:
    """The masks of a convolution: a window is valid where the step is that its wire marks.

    Where only whole windows are computed, these centers are some of the steps; with ``.`` for padding::

          u u u           . x x
        h h h h h       . . x x x
    """
    if operation.kept is not None or application.arguments.get("stride", 1) != 1:
        # u   u   u      one window for every second step
        # h h h h h
        if marked is None or not all(isinstance(view, Value) for view in masks):
            raise Unmaskable
        return [Slice(view, *marked) for view in masks]
    if centers := operation.centers:
        return [Slice(view, centers.start, centers.count, 1, centers.steps) for view in masks]
    if operation.shrinks:
        raise Unmaskable
    return masks


def memory_masks(operation: Attend | Reduce, masked: Collection[int]) -> tuple[Expression, ...]:
    """The masks of what an attention attends to, or of what is combined over time."""
    if isinstance(operation, Attend) and operation.keys is not None:
        # A step counts where neither its key nor its value is padding.
        views = (operation.memory, operation.keys)
        return tuple(dict.fromkeys(mask for view in views for mask in _memory_mask(view, masked)))
    view = operation.memory if isinstance(operation, Attend) else operation.operand
    return _memory_mask(view, masked)


def masks_read(
    view: Expression, masked: Collection[int], *, is_row: bool
) -> tuple[Expression, ...]:
    """The masks of a sequence that another picture reads: of a row, or of all that enters one node.

    Raises:
        Unmaskable: there is no mask for it.
    """
    return tuple(dict.fromkeys(_masks(view, masked))) if is_row else _memory_mask(view, masked)


def _memory_mask(view: Expression, masked: Collection[int]) -> tuple[Expression, ...]:
    # Of the last three steps, a sample of two has two.
    return (view,) if _last_of(view) in masked else tuple(_masks(view, masked))


def _last_of(view: Expression) -> int | None:
    return view.of.block if isinstance(view, LastSteps) else None


def _masks(view: Expression, masked: Collection[int]) -> list[Expression]:
    if isinstance(view, Value | ValidFirst):
        block = view.block if isinstance(view, Value) else view.of.block
        return [view] if block in masked else []
    # What has no steps of its own, or only valid ones, needs no mask: a state, a vector, the last valid steps. What
    # was there before is no padding of the step that reads it.
    single = FinalState | CarriedState | Step | Repeat | Zeros | Flatten | LastSteps | LastValid
    if isinstance(view, single):
        return []
    if isinstance(view, ConcatTime | Pad) and _has_last_steps(view):
        # A sample that is shorter has fewer of the last steps, and others behind them.
        raise Unmaskable
    if isinstance(view, ConcatFeatures | Elementwise):
        return [mask for part in view.parts for mask in _masks(part, masked)]
    return _mask_of_steps(view, masked)


def _mask_of_steps(view: Expression, masked: Collection[int]) -> list[Expression]:
    """The mask of what takes some steps of one sequence, or several sequences: taken of the mask in the same way."""
    parts = view.parts if isinstance(view, ConcatTime) else children(view)[:1]
    if not any(_masks(part, masked) for part in parts):
        return []
    # x x . and y y    one after the other, each with its own padding: x x . y y. Of x x . the first two: x x y y
    if isinstance(view, ConcatTime) and all(_has_one_mask(part, masked) for part in parts):
        return [view]
    if _takes_steps(view):
        return [view]
    # Parts one after the other, some of which are padding somewhere in between: there is no one mask of these.
    raise Unmaskable


def _has_one_mask(part: Expression, masked: Collection[int]) -> bool:
    """Whether a part of several sequences is made of one alone, or of what has no padding at all."""
    is_one = isinstance(part, Value | ValidFirst) or _takes_steps(part)
    return is_one or not blocks_of(part) & set(masked)


def _takes_steps(view: Expression) -> bool:
    """Whether a view takes some steps of one sequence, or repeats them."""
    taken = Slice | Gather | DynamicSlice | RepeatSteps
    return isinstance(view, taken) and isinstance(children(view)[0], Value | ValidFirst)


def _has_last_steps(view: Expression) -> bool:
    """Whether a sequence has the last valid steps of another among its own."""
    if isinstance(view, Step | Repeat | Flatten):
        return False
    return isinstance(view, LastSteps) or any(map(_has_last_steps, children(view)))


def is_padded_at_end(view: Expression, at_end: Collection[int]) -> bool:
    """Whether padding is at the end of a view only, if it is so in the blocks ``at_end``."""
    if isinstance(view, Value):
        return view.block in at_end
    # It moves the valid steps to the front: `. x . x` is `x x . .`.
    if isinstance(view, ValidFirst):
        return True
    # `x x .`, each step twice, is `x x x x . .`.
    if isinstance(view, RepeatSteps):
        return is_padded_at_end(view.of, at_end)
    # Read backward, `x x .` is `. x x`.
    if isinstance(view, Slice):
        return view.stride > 0 and is_padded_at_end(view.of, at_end)
    # x0 x2 x4 of `x x x . .` is `x x .`: any choice of steps that keeps their order.
    if isinstance(view, Gather):
        ascends = all(left < right for left, right in pairwise(view.indices))
        return ascends and is_padded_at_end(view.of, at_end)
    if isinstance(view, Pad):
        return view.before.constant == 0 and is_padded_at_end(view.of, at_end)
    return isinstance(view, DynamicSlice) and is_padded_at_end(view.of, at_end)
