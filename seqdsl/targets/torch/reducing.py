"""all steps as one → PyTorch: sums, means, products and extremes over time, in which padded steps take no part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Pool, Share
from seqdsl.ir.padded import may_be_padded
from seqdsl.layers import Combination
from seqdsl.targets.code import (
    Attribute,
    Binary,
    Code,
    Index,
    Prefix,
    Text,
    call,
    grouped,
    method,
    operand,
)
from seqdsl.targets.emit.padding import common_mask, of_axes, spread_over, valid_steps_of
from seqdsl.targets.notes import Idiom
from seqdsl.targets.torch.axes import axes_of
from seqdsl.targets.torch.channels import is_channels_first
from seqdsl.targets.torch.expressions import TABLE, emit, repeated, steps_in
from seqdsl.targets.torch.masks import SPELLING

if TYPE_CHECKING:
    from seqdsl.ir.operations import Reduce
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter


def reduced_steps(node: Block, reduce: Reduce, to: TorchEmitter) -> Code:
    """All steps as one, at every step of the node if that has some."""
    value = emit(reduce.operand, to)
    mask = common_mask(reduce.memory_masks, to, SPELLING)
    is_averaged = mask is not None and reduce.how is Combination.MEAN
    function = "sum" if is_averaged else _REDUCTIONS[reduce.how]
    axis = -1 if is_channels_first(reduce.operand, to) else 1
    to.note(Idiom.POOLED, node.index, f"`.{function}(dim={axis})`")
    axes = 1 + len(node.grid)
    value = _reduced(reduce.how, value, mask, axis, axes, to)
    if reduce.repeat is not None:
        count = to.size(reduce.repeat) if reduce.like is None else steps_in(emit(reduce.like, to))
        value = repeated(operand(value), count, axes)
    return value


# `amax`, as `max(dim=1)` gives a pair, the values and their indices.
_REDUCTIONS = {
    Combination.ADD: "sum",
    Combination.MULTIPLY: "prod",
    Combination.MEAN: "mean",
    Combination.MAX: "amax",
    Combination.MIN: "amin",
}


_NEUTRAL = {
    Combination.MULTIPLY: "1",
    Combination.MAX: 'float("-inf")',
    Combination.MIN: 'float("inf")',
}
"""What changes no result."""


def _reduced(
    how: Combination, value: Code, mask: Code | None, axis: int, axes: int, to: TorchEmitter
) -> Code:
    """All steps as one, each of so many axes; padded steps, which are zero, take no part."""
    if mask is None or how is Combination.ADD:
        return method(value, _REDUCTIONS[how], dim=axis)
    if how is Combination.MEAN:
        # (0 + a + b) / 2; without a valid step 0 / 1.
        counts = method(method(grouped(mask), "sum", dim=1, keepdim=True), "clamp", min=1)
        return Binary("/", (method(value, "sum", dim=1), of_axes(counts, axes)))
    return _of_valid(how, value, call(to.function("some_valid"), mask), axes)


def _of_valid(how: Combination, value: Code, mask: Code, axes: int) -> Code:
    padded = Prefix("~", Index(operand(mask), spread_over(axes)))
    return method(method(value, "masked_fill", padded, _NEUTRAL[how]), _REDUCTIONS[how], dim=1)


def _pool(expression: Pool, to: TorchEmitter) -> Code:
    """The valid steps as one: of none what changes nothing, or zero."""
    value, how, axes = emit(expression.of, to), Combination(expression.how), axes_of(expression, to)
    is_padded = may_be_padded(expression.of, to.masks)
    mask = SPELLING.emit_mask(expression.of, to) if is_padded else None
    to.note_read(expression, f"`.{_REDUCTIONS[how]}(dim=1)`")
    if mask is None or how is Combination.ADD or expression.alone:
        return to.name("pooled", _reduced(how, value, mask, 1, axes, to))
    return to.name("pooled", _of_valid(how, value, mask, axes))


def _share(expression: Share, to: TorchEmitter) -> Code:
    """``1 / (mask.sum(dim=1, keepdim=True, dtype=x.dtype) + 2)``."""
    value = emit(expression.of, to)
    mask = valid_steps_of(expression.of, value, to, SPELLING)
    kept = Attribute(operand(value), "dtype")
    count = method(operand(mask), "sum", dim=1, keepdim=True, dtype=kept)
    more = Binary("+", (count, Text(str(expression.more))))
    number = grouped(more) if expression.more else method(count, "clamp", min=1)
    to.note_read(expression, "`.sum(dim=1)`")
    return to.name("share", Binary("/", (Text("1"), of_axes(number, axes_of(expression, to)))))


# What reads masks is added here, as masks are made of expressions.
TABLE.functions.update({Pool: _pool, Share: _share})
