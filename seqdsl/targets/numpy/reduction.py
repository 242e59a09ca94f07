"""reductions → numpy: all steps of a sequence as one, a sum, a mean, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Combination
from seqdsl.targets.code import Binary, Code, Index, call, flat, method
from seqdsl.targets.code.expressions import operand
from seqdsl.targets.numpy.expressions import emit, emit_mask
from seqdsl.targets.numpy.results import computed

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Reduce
    from seqdsl.targets.numpy.emitter import Emitter


def reduce(node: Node, operation: Reduce, to: Emitter) -> None:
    """Write a node that reads all steps as one: ``mean = x.mean(axis=1)``.

    ::

        M M M      each of them gives the same, which is computed once and repeated, as often as
        +-+-+      the picture says or as another value has steps
        | | |
        X X X
    """
    value = emit(operation.operand, to)
    value = _reduced(operation, value, emit_mask(operation.memory_masks, to), to)
    if operation.repeat is not None:
        count = (
            to.size(operation.repeat)
            if operation.like is None
            else f"{flat(operand(emit(operation.like, to)))}.shape[1]"
        )
        value = call("np.repeat", Index(operand(value), ":, None"), count, axis=1)
    computed(node, value, to)


_REDUCTIONS = {
    Combination.ADD: "sum",
    Combination.MULTIPLY: "prod",
    Combination.MEAN: "mean",
    Combination.MAX: "max",
}


def _reduced(reduce: Reduce, value: Code, mask: Code | None, to: Emitter) -> Code:
    """All steps as one; padded steps, which are zero, take no part."""
    how = _REDUCTIONS[reduce.how]
    if mask is None or reduce.how is Combination.ADD:
        return method(value, how, axis=1)
    if reduce.how is Combination.MEAN:
        counts = method(mask, "sum", axis=1, keepdims=True, dtype="self.dtype")
        return Binary("/", (method(value, "sum", axis=1), call("np.maximum", counts, 1)))
    # A factor 1 changes no product, and nothing is less than minus infinity. Of a row that is all padding zero comes
    # out: `some_valid` takes its steps, which are zero, for valid ones.
    neutral = "-np.inf" if reduce.how is Combination.MAX else "1"
    valid = Index(call(to.function("some_valid"), mask), "..., None")
    return method(call("np.where", valid, value, neutral), how, axis=1)
