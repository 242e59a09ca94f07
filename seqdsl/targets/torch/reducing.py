"""all steps as one → PyTorch: sums, means, products and extremes over time, in which padded steps take no part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Combination
from seqdsl.targets.code import Binary, Code, Index, Prefix, call, grouped, method, operand
from seqdsl.targets.emit.padding import common_mask, of_axes, spread_over
from seqdsl.targets.notes import Idiom
from seqdsl.targets.torch.channels import is_channels_first
from seqdsl.targets.torch.expressions import emit, repeated, steps_in
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
    padded = Prefix("~", Index(call(to.function("some_valid"), mask), spread_over(axes)))
    return method(method(value, "masked_fill", padded, _NEUTRAL[how]), _REDUCTIONS[how], dim=1)
