"""operations → numpy: a table with a function for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import ConcatFeatures, Repeat, Value, walk
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Convolve,
    Identity,
    Merge,
    Placeholder,
    Reduce,
    Scan,
    Split,
)
from seqdsl.layers import layer_def
from seqdsl.targets.code import call, flat, method
from seqdsl.targets.numpy.attention import attend
from seqdsl.targets.numpy.convolution import convolve
from seqdsl.targets.numpy.expressions import elementwise, emit
from seqdsl.targets.numpy.reduction import reduce
from seqdsl.targets.numpy.results import check_padding, computed, named_mask, zeroed
from seqdsl.targets.numpy.scan import scan
from seqdsl.targets.numpy.stepwise import apply

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Node
    from seqdsl.targets.numpy.emitter import Emitter


def operation(node: Node, to: Emitter) -> None:
    """Write the statements of a node."""
    _TABLE[type(node.operation)](node, node.operation, to)


def _placeholder(node: Node, placeholder: Placeholder, to: Emitter) -> None:
    """Arguments become arrays; the mask of an input begins here, that of tokens at their embedding."""
    value = to.values[node.index]
    dtype = "int" if layer_def(node.kind).gives_ids else "self.dtype"
    to.assign(flat(value), call("np.asarray", value, dtype))
    if node.masking.begins:
        mask = to.assign(to.names.claim("mask"), f"({flat(value)} != 0).any(axis=-1)")
        to.masks[node.index] = mask
        check_padding(node, mask, to)


def _identity(node: Node, identity: Identity, to: Emitter) -> None:
    """A name for what is read; it is zero in padded steps where not all of it is zero already."""
    value = emit(identity.operand, to)
    to.values[node.index] = to.assign(to.variable(node), value) if node.given else value
    mask = named_mask(node, to)
    if mask is not None and not _is_zero_where_padded(identity.operand, to):
        to.values[node.index] = to.assign(to.variable(node), zeroed(to.values[node.index], mask))


def _is_zero_where_padded(expression: Expression, to: Emitter) -> bool:
    if isinstance(expression, ConcatFeatures):
        return all(_is_zero_where_padded(part, to) for part in expression.parts)
    values = (item.block for item in walk(expression) if isinstance(item, Value))
    return not isinstance(expression, Repeat) and all(block in to.masks for block in values)


def _merge(node: Node, merge: Merge, to: Emitter) -> None:
    computed(node, elementwise(merge.how.value, [emit(part, to) for part in merge.operands]), to)


def _split(node: Node, split: Split, to: Emitter) -> None:
    value = emit(split.operand, to)
    if split.parts is not None:
        shape = (f"len({flat(value)})", to.size(split.parts), -1)
        value = method(value, "reshape", *shape)
    computed(node, value, to)


_TABLE: dict[type, Callable[[Node, Any, Emitter], None]] = {
    Apply: apply,
    Attend: attend,
    Convolve: convolve,
    Identity: _identity,
    Merge: _merge,
    Placeholder: _placeholder,
    Reduce: reduce,
    Scan: scan,
    Split: _split,
}
