"""all steps as one → Keras: sums, means, products and extremes over time, in which padded steps take no part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Pool, Share
from seqdsl.ir.padded import may_be_padded
from seqdsl.layers import Combination
from seqdsl.targets.code import Attribute, Binary, Code, Index, Text, call, grouped, operand
from seqdsl.targets.emit.padding import common_mask, of_axes, spread_over, valid_steps_of
from seqdsl.targets.keras.expressions import TABLE, emit
from seqdsl.targets.keras.grid_steps import repeated_grid
from seqdsl.targets.keras.layers import identity, named_layer, note_pooled
from seqdsl.targets.keras.masks import SPELLING
from seqdsl.targets.keras.reshaping import REPEATED, repeat_vector, repeated_like
from seqdsl.targets.notes import Idiom

if TYPE_CHECKING:
    from seqdsl.ir.operations import Reduce
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter


def reduced_steps(node: Block, reduce: Reduce, to: KerasEmitter) -> Code:
    """All steps as one, at every step of the node if that has some."""
    value = emit(reduce.operand, to)
    mask = common_mask(reduce.memory_masks, to, SPELLING)
    note_pooled(node, reduce.how, to, masked=mask is not None)
    reduced = _reduced_grids if node.grid else _reduced
    value = reduced(node, reduce.how, value, mask, to)
    if reduce.like is not None:
        like = emit(reduce.like, to)
        to.comment(REPEATED)
        axes = [1 + len(to.places(item)) for item in (reduce.operand, reduce.like)]
        value = repeated_like(value, like, *axes)
    elif reduce.repeat is not None and node.grid:
        value = repeated_grid(value, reduce.repeat)
    elif reduce.repeat is not None:
        value = call(repeat_vector(reduce.repeat), value)
    return value


def _reduced_grids(
    node: Block, how: Combination, value: Code, mask: Code | None, to: KerasEmitter
) -> Code:
    """All steps as one where they hold grids: Keras's layers for it take features at each step."""
    axes = 1 + len(node.grid)
    if mask is None or how is Combination.ADD:
        function = "ops.mean" if how is Combination.MEAN else _NEUTRAL.get(how, ("ops.sum",))[0]
        value = call(function, value, axis=1)
    elif how is Combination.MEAN:
        # (0 + a + b) / 2; without a valid step 0 / 1.
        ones = call("ops.cast", mask, '"int32"')
        counts = call("ops.maximum", call("ops.sum", ones, axis=1, keepdims=True), 1)
        value = Binary("/", (call("ops.sum", value, axis=1), of_axes(counts, axes)))
    else:
        value = _extreme(how, value, mask, axes, to)
    return identity(node, value, to) if node.given else value


def _reduced(
    node: Block, how: Combination, value: Code, mask: Code | None, to: KerasEmitter
) -> Code:
    """All steps as one; padded steps, which are zero, take no part.

    Keras has layers for the mean, and for the maximum of all steps: no other reduction can have a name.
    """
    if how is Combination.MEAN or (how is Combination.MAX and mask is None):
        layer = named_layer(node, f"pool_{how.value}", to)
        if mask is None:
            return call(layer, value)
        to.note(Idiom.MASKED, None, "`mask=`")
        return call(layer, value, mask=call(to.function("some_valid"), mask))
    if how is Combination.ADD:
        value = call("ops.sum", value, axis=1)
    elif mask is None:
        value = call(_NEUTRAL[how][0], value, axis=1)
    else:
        value = _extreme(how, value, mask, 1, to)
    return identity(node, value, to) if node.given else value


def _extreme(how: Combination, value: Code, mask: Code, axes: int, to: KerasEmitter) -> Code:
    """The largest, the smallest or the product of valid steps: to the others a value is given that changes nothing."""
    return _of_valid(how, value, call(to.function("some_valid"), mask), axes)


def _of_valid(how: Combination, value: Code, mask: Code, axes: int) -> Code:
    function, neutral = _NEUTRAL[how]
    valid = Index(operand(mask), spread_over(axes))
    return call(function, call("ops.where", valid, value, neutral), axis=1)


def _pool(expression: Pool, to: KerasEmitter) -> Code:
    """The valid steps as one: of none what changes nothing, or zero."""
    value, how = emit(expression.of, to), Combination(expression.how)
    axes = 1 + len(to.places(expression))
    function = _NEUTRAL.get(how, ("ops.sum",))[0]
    to.note_read(expression, f"`{function}`")
    if how is Combination.ADD or not may_be_padded(expression.of, to.masks):
        return to.name("pooled", call(function, value, axis=1))
    mask = SPELLING.emit_mask(expression.of, to)
    of = _extreme(how, value, mask, axes, to) if expression.alone else None
    return to.name("pooled", of or _of_valid(how, value, mask, axes))


def _share(expression: Share, to: KerasEmitter) -> Code:
    """``1 / (ops.sum(ops.cast(mask, x.dtype), axis=1, keepdims=True) + 2)``."""
    value = emit(expression.of, to)
    mask = valid_steps_of(expression.of, value, to, SPELLING)
    ones = call("ops.cast", mask, Attribute(operand(value), "dtype"))
    count = call("ops.sum", ones, axis=1, keepdims=True)
    more = Binary("+", (count, Text(str(expression.more))))
    number = grouped(more) if expression.more else call("ops.maximum", count, 1)
    to.note_read(expression, "`ops.sum`")
    axes = 1 + len(to.places(expression))
    return to.name("share", Binary("/", (Text("1"), of_axes(number, axes))))


# What reads masks is added here, as masks are made of expressions.
TABLE.functions.update({Pool: _pool, Share: _share})


_NEUTRAL = {
    Combination.MAX: ("ops.max", 'float("-inf")'),
    Combination.MIN: ("ops.min", 'float("inf")'),
    Combination.MULTIPLY: ("ops.prod", "1.0"),
}
"""Functions over time, and what changes none of their results."""
