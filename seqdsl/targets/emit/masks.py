"""expression → its mask: a mask has the steps of its value, so all targets that write masks read it in one way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    Gather,
    LastSteps,
    LastValid,
    Pad,
    RepeatSteps,
    Slice,
    ValidFirst,
    Value,
    children,
)
from seqdsl.ir.padded import may_be_padded
from seqdsl.targets.code import Binary, Index, call
from seqdsl.targets.emit.padding import first_of, named_mask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.targets.code import Code
    from seqdsl.targets.emit.emitter import Emitter


@dataclass(frozen=True, slots=True)
class StepReads:
    """How a target reads steps of what has them on its second axis.

    Attributes:
        emit: the value of an expression.
        along_time: a slice.
        gathered: steps by their indices.
        repeated_steps: each step so many times.
        dynamic: as many steps as another sequence has.
        joined: sequences one after the other, on an axis.
        padded: a mask with valid steps around it, those of a row that nothing is wired to.
        all_valid: the mask of a value without padding, whose first feature it is given.
    """

    emit: Callable[[Any, Any], Code]
    along_time: Callable[[Any, Code, Any], Code]
    gathered: Callable[[Gather, Code], Code]
    repeated_steps: Callable[[Code, int], Code]
    dynamic: Callable[[DynamicSlice, Code, Any], Code]
    joined: Callable[[Sequence[Code], int], Code]
    padded: Callable[[Pad, Code], Code]
    all_valid: Callable[[Code], Code]


def order(mask: Code, to: Emitter) -> Code:
    """The variable that holds the order of steps that puts the valid ones first."""
    if mask not in to.orders:
        to.orders[mask] = to.name("order", call(to.function("true_first"), mask))
    return to.orders[mask]


def last_valid_of(grid: Sequence[object]) -> str:
    """The function that gives the last valid steps of what holds a grid at each step, or none."""
    return "last_valid_grid" if grid else "last_valid"


def last_valid(expression: LastValid, emit: Callable[[Any, Any], Code], to: Emitter) -> Code:
    """The last valid step so far: of ``. a . b`` it is ``s a a b``; that of grids spreads its mask further."""
    start = () if expression.start is None else (emit(expression.start, to),)
    function = to.function(last_valid_of(to.places(expression)))
    return call(function, emit(expression.of, to), to.masks[expression.of.block], *start)


def _first(expression: Expression, reads: StepReads, to: Emitter) -> Code:
    """The first feature of each step, of a grid that of its first place, which has the shape of a mask."""
    return Index(reads.emit(expression, to), first_of(1 + len(to.places(expression))))


def _joined(
    expression: ConcatTime, to: Emitter, reads: StepReads, inner: Callable[[Expression], Code]
) -> Code:
    """The masks of sequences one after the other; a part without one is valid throughout."""
    parts = [
        inner(part) if may_be_padded(part, to.masks) else reads.all_valid(_first(part, reads, to))
        for part in expression.parts
    ]
    return named_mask(reads.joined(parts, 1), to)


def all_of(
    expression: ConcatFeatures | Elementwise, to: Emitter, inner: Callable[[Expression], Code]
) -> Code:
    """The steps that are valid in all that is side by side, or combined element by element."""
    # x beside a state: only x has a mask. Two parts with one mask have that one.
    parts = [inner(part) for part in expression.parts if may_be_padded(part, to.masks)]
    masks = tuple(dict.fromkeys(parts))
    return masks[0] if len(masks) == 1 else named_mask(Binary("&", masks), to)


def mask_of(
    expression: Expression, to: Emitter, reads: StepReads, inner: Callable[[Expression], Code]
) -> Code:
    """The mask of an expression, (batch, steps): in it a node stands for its mask.

    Args:
        expression: what the mask is of.
        to: what was written.
        reads: how the target reads steps.
        inner: gives the mask of what an expression is made of.
    """
    if isinstance(expression, Value):
        return to.masks[expression.block]
    if isinstance(expression, ValidFirst):
        mask = to.masks[expression.of.block]
        return named_mask(call(to.function("take_steps"), mask, order(mask, to)), to)
    if isinstance(expression, LastSteps):
        # Its mask is made of the same indices as its values, so with them.
        reads.emit(expression, to)
        return named_mask(to.last_masks[expression], to)
    if isinstance(expression, ConcatTime):
        return _joined(expression, to, reads, inner)
    if isinstance(expression, ConcatFeatures | Elementwise):
        return all_of(expression, to, inner)
    return _of_one(expression, inner(children(expression)[0]), to, reads)


def _of_one(expression: Expression, mask: Code, to: Emitter, reads: StepReads) -> Code:
    """The mask of what reads steps of one sequence: it reads the same steps of that sequence's mask."""
    if isinstance(expression, Pad):
        return named_mask(reads.padded(expression, mask), to)
    if isinstance(expression, Slice):
        return reads.along_time(expression, mask, to)
    if isinstance(expression, Gather):
        return reads.gathered(expression, mask)
    if isinstance(expression, RepeatSteps):
        return reads.repeated_steps(mask, expression.times)
    assert isinstance(expression, DynamicSlice)
    return reads.dynamic(expression, mask, to)
