"""convolutions over time → Keras: padded by name, by layers of zero steps, or by the steps of the call before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.targets.code import Code, Index, Text, call, listing, tuple_of
from seqdsl.targets.emit.carried import give, taken
from seqdsl.targets.keras.expressions import emit
from seqdsl.targets.keras.facts import NOTHING, drawn_padding, padding_of, slices_after, stride_of
from seqdsl.targets.keras.layers import layer_of_node

if TYPE_CHECKING:
    from seqdsl.ir.operations import Convolve
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter


def convolved(node: Block, convolve: Convolve, to: KerasEmitter) -> Code:
    """A convolution over time."""
    value = emit(convolve.operand, to)
    if convolve.carry is not Carry.NONE:
        value = _continued(node, value, convolve, to)
    elif padding_of(to.layer(node), convolve) == "explicit":
        value = _padded(value, convolve, to, stride_of(node))
    value = call(layer_of_node(node, to), value)
    # `Conv1D` raises for strides beside a dilation: all windows are computed, and every so many are taken.
    if (stride := slices_after(node)) != 1:
        value = Index(value, f":, ::{stride}")
    if convolve.kept is not None:
        to.values[node.index] = to.assign(Text(node.name), value)
        value = emit(convolve.kept, to)
        # What was cut out of the whole is no part of what is kept.
        to.forget(node.index)
    return value


def _continued(node: Block, value: Code, convolve: Convolve, to: KerasEmitter) -> Code:
    """The steps that the call before kept, then those of this one."""
    (kept,) = taken(node, to)
    joined = call(call("layers.Concatenate", axis=1), listing(kept, value))
    whole = to.name(f"{node.name}_steps", joined)
    give(node, (Index(whole, f":, {NOTHING - convolve.before}:"),), to)
    return whole


def _padded(value: Code, convolve: Convolve, to: KerasEmitter, stride: int) -> Code:
    """What a convolution reads: zero steps around it, or some of its own cut off."""
    # ZeroPadding1D((2, 1))      two zero steps before the first, one after the last
    # Cropping1D((1, 0))         -1 before: the first window begins at the second step
    # Cropping1D((0, 1))         -1 after: no window ends at the last step. With a stride of 2 none would end there
    #                            anyway: windows are drawn up to the end, and fewer steps than a stride are no window.
    before, after = drawn_padding(convolve)
    unread = 0 if -after < stride else max(0, -after)
    if before < 0 or unread:
        cropping = call("layers.Cropping1D", tuple_of(max(0, -before), unread))
        value = to.name("cropped", call(cropping, value))
    if before > 0 or after > 0:
        padding = call("layers.ZeroPadding1D", tuple_of(max(0, before), max(0, after)))
        value = to.name("padded", call(padding, value))
    return value
