"""convolutions → numpy: windows over all steps, of which a picture may keep some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Code, Index, call
from seqdsl.targets.code.expressions import operand
from seqdsl.targets.numpy.expressions import emit, pad
from seqdsl.targets.numpy.results import activated, computed

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer, Node
    from seqdsl.ir.operations import Convolve
    from seqdsl.targets.numpy.emitter import Emitter


def convolve(node: Node, operation: Convolve, to: Emitter) -> None:
    """Write a convolution: ``conv = relu(conv(np.pad(x, ...), w["conv.weight"], w["conv.bias"], stride=2))``."""
    layer = to.layer(node)
    value = _padded(emit(operation.operand, to), operation, to)
    windows = call(to.function("conv"), value, *to.weights(node), **_steps(layer, to))
    result = activated(layer.arguments.get("activation"), windows, to)
    if operation.kept is None:
        computed(node, result, to)
        return
    # What is kept, such as every second step, is an expression over the whole, which has the node's name until then.
    to.values[node.index] = to.assign(to.variable(node), result)
    kept = emit(operation.kept, to)
    # What was cut out of the whole is no part of what is kept.
    to.forget(node.index)
    computed(node, kept, to)


def _steps(layer: Layer, to: Emitter) -> dict[str, object]:
    """How far windows, and the steps within a window, are apart, where they are no neighbors."""
    keywords: dict[str, object] = {}
    if layer.arguments.get("stride") not in (None, 1):
        keywords["stride"] = layer.arguments["stride"]
    if str(dilation := layer.size("dilation")) != "1":
        keywords["dilation"] = to.size(dilation)
    return keywords


def _padded(value: Code, convolve: Convolve, to: Emitter) -> Code:
    """What a convolution reads: zero steps around it, or some of its own cut off."""
    before, after = convolve.before, convolve.after
    if (low := before.constant) is not None and low < 0:
        value, before = Index(operand(value), f":, {-low}:"), before - before
    if (high := after.constant) is not None and high < 0:
        value, after = Index(operand(value), f":, :{high}"), after - after
    if not before.terms and not after.terms:
        return value
    return to.name("padded", pad(value, before, after, to))
