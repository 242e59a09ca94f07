"""expression → whether some of its steps may be padding; what has no steps of its own has no padding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Gather,
    LastSteps,
    Pad,
    RepeatSteps,
    Slice,
    ValidFirst,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Container

    from seqdsl.ir.expressions import Expression


def may_be_padded(expression: Expression, masked: Container[int]) -> bool:
    """Whether a sequence has padded steps, if the blocks ``masked`` have such.

    A vector that is repeated, a state or zeros have none; of the last three steps, a sample of two has two.
    """
    if isinstance(expression, Value):
        return expression.block in masked
    if isinstance(expression, ValidFirst | LastSteps):
        return expression.of.block in masked
    # x x . beside y y y, or before it, or added to it: one of them is enough.
    if isinstance(expression, ConcatTime | ConcatFeatures | Elementwise):
        return any(may_be_padded(part, masked) for part in expression.parts)
    # x x . without its first step, or with each step twice: what is made of it has what is left of its padding.
    takes = Slice | DynamicSlice | Gather | RepeatSteps | Pad
    return isinstance(expression, takes) and may_be_padded(expression.of, masked)
