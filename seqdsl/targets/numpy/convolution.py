"""convolutions → numpy: windows over all steps, of which a picture may keep some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.size import Size
from seqdsl.targets.code import Code, Index, call
from seqdsl.targets.numpy.expressions import emit, padded

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer, Node
    from seqdsl.ir.operations import Convolve
    from seqdsl.targets.numpy.emitter import NumpyEmitter

_NONE = Size.of(0)


def convolve(node: Node, operation: Convolve, to: NumpyEmitter) -> Code:
    """The windows of a convolution: ``_conv(padded, w, "conv", stride=2)``."""
    value = _padded(emit(operation.operand, to), operation, to)
    apart = _apart(to.layer(node), to)
    to.options.update(apart)
    return call(to.function("conv"), value, *to.weights(node), **apart)


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
