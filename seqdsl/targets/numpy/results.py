"""values → what a node gives: behind its activation, and zero in padded steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import ConcatFeatures, Elementwise, Value
from seqdsl.ir.operations import Merge, Padding, Reduce
from seqdsl.layers import Combination, layer_def
from seqdsl.targets.code import Code, Text, call, flat
from seqdsl.targets.code.expressions import operand
from seqdsl.targets.numpy.expressions import emit_mask

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.targets.numpy.emitter import Emitter


def computed(node: Node, value: Code, to: Emitter) -> None:
    """Write a node's value; padded steps give zeros."""
    to.values[node.index] = to.assign(to.variable(node), value)
    mask = to.masks.get(node.index) or named_mask(node, to)
    if mask is not None and not _stays_zero(node, mask, to):
        to.assign(to.variable(node), zeroed(Text(to.variable(node)), mask))


def _stays_zero(node: Node, mask: Code, to: Emitter) -> bool:
    """Whether a node gives zero in its padded steps by itself: all that it reads is zero there."""
    if not layer_def(node.kind).keeps_zero:
        return False
    parts = (
        part
        for view in node.views
        for part in (view.parts if isinstance(view, ConcatFeatures | Elementwise) else (view,))
    )
    zero = (isinstance(part, Value) and to.masks.get(part.block) == mask for part in parts)
    # A product is zero if one of its factors is.
    return any(zero) if _multiplies(node) else all(zero)


def _multiplies(node: Node) -> bool:
    operation = node.operation
    return isinstance(operation, Merge | Reduce) and operation.how is Combination.MULTIPLY


def zeroed(value: Code, mask: Code) -> Code:
    """A value whose padded steps are zero."""
    return call("np.where", f"{flat(operand(mask))}[..., None]", value, 0)


def named_mask(node: Node, to: Emitter) -> Code | None:
    """What tells a node's valid steps, under a name of its own if it is made of several masks.

    It is made once: whoever reads the node finds its mask under its index.
    """
    mask = emit_mask(node.masks, to)
    if mask is None:
        return None
    to.masks[node.index] = to.name(f"{node.name}_mask", mask)
    return to.masks[node.index]


def check_padding(node: Node, mask: Code, to: Emitter) -> None:
    """Let the code check that padding comes last, where the model relies on it."""
    # What a picture says with `padding=end` is taken for granted: other data gives other numbers, and nobody would
    # see it.
    if node.padding is Padding.END:
        to.run(call(to.function("check_padding"), mask))


def activated(name: object, value: Code, to: Emitter) -> Code:
    """A value behind an activation."""
    if name in (None, "linear"):
        return value
    return call(activation(str(name), to), value)


def activation(name: str, to: Emitter) -> str:
    """The function of an activation."""
    return "np.tanh" if name == "tanh" else to.function(name)
