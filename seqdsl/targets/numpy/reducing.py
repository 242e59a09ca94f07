"""all steps as one → numpy: sums, means, products and extremes over time, in which padded steps take no part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Pool, Share
from seqdsl.ir.padded import may_be_padded
from seqdsl.layers import Combination
from seqdsl.targets.code import Binary, Code, Index, Text, call, grouped, method, operand
from seqdsl.targets.emit.padding import common_mask, of_axes, spread_over, valid_steps_of
from seqdsl.targets.numpy.expressions import TABLE, emit, repeated, steps_in
from seqdsl.targets.numpy.masks import SPELLING

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Reduce
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def reduced_steps(node: Node, reduce: Reduce, to: NumpyEmitter) -> Code:
    """What a node gives that reads all steps as one: ``x.mean(axis=1)``.

    ::

        M M M      each of them gives the same, which is computed once and repeated, as often as
        +-+-+      the picture says or as another value has steps
        | | |
        X X X
    """
    mask = common_mask(reduce.memory_masks, to, SPELLING)
    value = _reduced(reduce.how, emit(reduce.operand, to), mask, 1 + len(node.grid), to)
    if reduce.repeat is not None:
        count = to.size(reduce.repeat) if reduce.like is None else steps_in(reduce.like, to)
        value = repeated(to.name("reduced", value) if isinstance(value, Binary) else value, count)
    return value


_REDUCTIONS = {
    Combination.ADD: "sum",
    Combination.MULTIPLY: "prod",
    Combination.MEAN: "mean",
    Combination.MAX: "max",
    Combination.MIN: "min",
}


_NEUTRAL = {Combination.MULTIPLY: "1", Combination.MAX: "-np.inf", Combination.MIN: "np.inf"}
"""What changes no result."""


def _reduced(how: Combination, value: Code, mask: Code | None, axes: int, to: NumpyEmitter) -> Code:
    """All steps as one, each of so many axes; padded steps, which are zero, take no part."""
    # a b . (padded):   sum  a + b + 0     mean  (a + b + 0) / 2     max  of a, b, -inf     product  a * b * 1
    if mask is None or how is Combination.ADD:
        return method(value, _REDUCTIONS[how], axis=1)
    if how is Combination.MEAN:
        counts = method(grouped(mask), "sum", axis=1, keepdims=True, dtype=to.dtype)
        each = of_axes(call("np.maximum", counts, 1), axes)
        return Binary("/", (method(value, "sum", axis=1), each))
    # A factor 1 changes no product, nothing is less than minus infinity or more than infinity. Of a row that is all
    # padding zero comes out: `some_valid` takes its steps, which are zero, for valid ones.
    return _of_valid(how, value, call(to.function("some_valid"), mask), axes)


def _of_valid(how: Combination, value: Code, mask: Code, axes: int) -> Code:
    valid = Index(operand(mask), spread_over(axes))
    return method(call("np.where", valid, value, _NEUTRAL[how]), _REDUCTIONS[how], axis=1)


def _pool(expression: Pool, to: NumpyEmitter) -> Code:
    """The valid steps as one: of none what changes nothing, or zero."""
    value, how = emit(expression.of, to), Combination(expression.how)
    axes = 1 + len(to.places(expression))
    is_padded = may_be_padded(expression.of, to.masks)
    mask = SPELLING.emit_mask(expression.of, to) if is_padded else None
    if mask is None or how is Combination.ADD or expression.alone:
        return to.name("pooled", _reduced(how, value, mask, axes, to))
    return to.name("pooled", _of_valid(how, value, mask, axes))


def _share(expression: Share, to: NumpyEmitter) -> Code:
    """``1 / (mask.sum(axis=1, keepdims=True, dtype=self.dtype) + 2)``."""
    mask = valid_steps_of(expression.of, emit(expression.of, to), to, SPELLING)
    count = method(operand(mask), "sum", axis=1, keepdims=True, dtype=to.dtype)
    more = Binary("+", (count, Text(str(expression.more))))
    number = grouped(more) if expression.more else call("np.maximum", count, 1)
    return to.name(
        "share", Binary("/", (Text("1"), of_axes(number, 1 + len(to.places(expression)))))
    )


# What reads masks is added here, as masks are made of expressions.
TABLE.functions.update({Pool: _pool, Share: _share})
