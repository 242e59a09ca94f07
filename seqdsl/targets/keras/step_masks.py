"""expression → its mask, in Keras: a mask has the steps of its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    Gather,
    LastSteps,
    Pad,
    RepeatSteps,
    Slice,
    ValidFirst,
    Value,
    children,
)
from seqdsl.ir.padded import may_be_padded
from seqdsl.targets.code import Code, Index, call, listing, tuple_of
from seqdsl.targets.emit.masks import all_of
from seqdsl.targets.emit.padding import first_of, named_mask
from seqdsl.targets.keras.expressions import (
    between,
    emit,
    gathered,
    order,
    repeated_steps,
    sliced,
    taken,
)

if TYPE_CHECKING:
    from seqdsl.targets.keras.emitter import KerasEmitter


def _joined(expression: ConcatTime, to: KerasEmitter) -> Code:
    """The masks of sequences one after the other; a part without one is valid throughout."""
    parts = [
        emit_mask(part, to) if may_be_padded(part, to.masks) else _all_valid(part, to)
        for part in expression.parts
    ]
    return named_mask(call("ops.concatenate", listing(*parts), axis=1), to)


def emit_mask(expression: Expression, to: KerasEmitter) -> Code:
    """The mask of an expression, (batch, steps): in it a node stands for its mask."""
    if isinstance(expression, Value):
        return to.masks[expression.block]
    if isinstance(expression, ValidFirst):
        mask = to.masks[expression.of.block]
        return named_mask(taken(mask, order(mask, to)), to)
    if isinstance(expression, LastSteps):
        emit(expression, to)
        return named_mask(to.last_masks[expression], to)
    if isinstance(expression, ConcatTime):
        return _joined(expression, to)
    if isinstance(expression, ConcatFeatures | Elementwise):
        return all_of(expression, to, lambda part: emit_mask(part, to))
    return _of_one(expression, emit_mask(children(expression)[0], to), to)


def _of_one(expression: Expression, inner: Code, to: KerasEmitter) -> Code:
    """The mask of what reads steps of one sequence: it reads the same steps of that sequence's mask."""
    if isinstance(expression, Pad):
        return named_mask(_padded(expression, inner), to)
    if isinstance(expression, Slice):
        return sliced(expression, inner, to)
    if isinstance(expression, RepeatSteps):
        return repeated_steps(inner, expression.times)
    if isinstance(expression, DynamicSlice):
        return between(expression, inner, to)
    assert isinstance(expression, Gather)
    return gathered(expression, inner)


def _padded(expression: Pad, mask: Code) -> Code:
    """A mask with valid steps around it: those of a row that nothing is wired to."""
    around = tuple_of(tuple_of(0, 0), tuple_of(expression.before, expression.after))
    return call("ops.pad", mask, around, constant_values=True)


def _all_valid(expression: Expression, to: KerasEmitter) -> Code:
    """The mask of what has no padding."""
    first = Index(emit(expression, to), first_of(1 + len(to.places(expression))))
    return call("ops.ones_like", first, dtype='"bool"')
