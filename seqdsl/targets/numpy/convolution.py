"""convolutions → numpy: windows over all steps, of which a picture may keep some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.size import Size
from seqdsl.targets.code import Code, Index, call, listing
from seqdsl.targets.emit.carried import give, taken
from seqdsl.targets.emit.indexing import from_text
from seqdsl.targets.numpy.expressions import emit, padded

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer, Node
    from seqdsl.ir.operations import Convolve
    from seqdsl.targets.numpy.emitter import NumpyEmitter

_NONE = Size.of(0)


def convolve(node: Node, operation: Convolve, to: NumpyEmitter) -> Code:
    """The windows of a convolution: ``_conv(padded, w, "conv", stride=2)``."""
    value = emit(operation.operand, to)
    is_alone = operation.carry is Carry.NONE
    value = _padded(value, operation, to) if is_alone else _continued(node, value, operation, to)
    apart = _apart(to.layer(node), to)
    to.options.update(apart)
    return call(to.function("conv"), value, *to.weights(node), **apart)


def _continued(node: Node, value: Code, operation: Convolve, to: NumpyEmitter) -> Code:
    """The steps that the call before kept, then those of this one."""
    (kept,) = taken(node, to)
    whole = to.name(f"{node.name}_steps", call("np.concatenate", listing(kept, value), axis=1))
    give(node, (Index(whole, f":, {from_text(to.size(_NONE - operation.before))}"),), to)
    return whole


def _apart(layer: Layer, to: NumpyEmitter) -> dict[str, object]:
    """How far windows, and the steps within a window, are apart, where they are no neighbors."""
    keywords: dict[str, object] = {}
    if layer.arguments.get("stride") not in (None, 1):
        keywords["stride"] = layer.arguments["stride"]
    if layer.size("dilation") != Size.of(1):
        keywords["dilation"] = to.size(layer.size("dilation"))
    return keywords


def _padded(value: Code, convolve: Convolve, to: NumpyEmitter) -> Code:
    """What a convolution reads: zero steps around it, or some of its own cut off."""
    before, after = convolve.before, convolve.after
    if (low := before.constant) is not None and low < 0:
        value, before = Index(value, f":, {-low}:"), _NONE
    if (high := after.constant) is not None and high < 0:
        value, after = Index(value, f":, :{high}"), _NONE
    if not before.terms and not after.terms:
        return value
    whole = padded(value, before, after, to)
    # Several convolutions may read the same.
    if whole not in to.padded:
        to.padded[whole] = to.name("padded", whole)
    return to.padded[whole]
