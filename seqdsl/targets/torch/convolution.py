"""convolutions and normalizations over time → PyTorch, which has the features on the second axis for both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.operations import Apply, Convolve
from seqdsl.layers import layer_def
from seqdsl.size import Size
from seqdsl.targets.code import Code, Index, Text, call, method, tuple_of
from seqdsl.targets.emit.carried import give, taken
from seqdsl.targets.emit.indexing import from_text
from seqdsl.targets.torch.activations import is_of_features
from seqdsl.targets.torch.channels import channels_of, is_channels_first, laid_out
from seqdsl.targets.torch.expressions import emit
from seqdsl.targets.torch.values import computed, with_activation

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter

_NONE = Size.of(0)


def convolve(node: Block, convolve: Convolve, to: TorchEmitter) -> None:
    """Write a convolution over time."""
    value = _convolved(node, convolve, to)
    if convolve.kept is not None:
        to.values[node.index] = to.assign(Text(node.name), value)
        value = emit(convolve.kept, to)
        # What was cut out of the whole is no part of what is kept.
        to.forget(node.index)
    computed(node, value, to)


def _convolved(node: Block, convolve: Convolve, to: TorchEmitter) -> Code:
    """A convolution, as the node's variable has its result."""
    before, after = convolve.before, convolve.after
    layer = to.layer(node)
    if convolve.carry is not Carry.NONE:
        value = call(to.attribute(node), _continued(node, convolve, to))
        return laid_out(node, with_activation(node, value, to), to)
    # A layer that is applied in several places has one padding for all of them: then each place pads by itself.
    if (padding := _own_padding(layer, convolve)) and to.is_applied_once(layer):
        to.paddings[layer.name] = padding
        before = after = _NONE
    channels = _shared_channels(convolve.operand, to)
    value = call(to.attribute(node), _padded(channels, before, after, to))
    if is_of_features(layer.arguments.get("activation")):
        # A softmax looks at all features of a step, which it takes from the last axis.
        return with_activation(node, method(value, "transpose", 1, 2), to)
    return laid_out(node, with_activation(node, value, to), to)


def _continued(node: Block, convolve: Convolve, to: TorchEmitter) -> Code:
    """The steps that the call before kept, then those of this one, as (batch, features, steps)."""
    (kept,) = taken(node, to)
    value = emit(convolve.operand, to)
    if is_channels_first(convolve.operand, to):
        value = method(value, "transpose", 1, 2)
    whole = to.name(f"{node.name}_steps", call("torch.cat", tuple_of(kept, value), dim=1))
    give(node, (Index(whole, f":, {from_text(to.size(_NONE - convolve.before))}"),), to)
    return method(whole, "transpose", 1, 2)


def normalized(node: Block, apply: Apply, to: TorchEmitter) -> Code:
    """Each feature by itself, as the node's variable has the result."""
    if node.steps is None:
        return call(to.attribute(node), emit(apply.operand, to))
    channels = _shared_channels(apply.operand, to)
    return laid_out(node, call(to.attribute(node), channels), to)


def _shared_channels(operand: Expression, to: TorchEmitter) -> Code:
    """What a layer reads, as (batch, features, steps); in a variable if several layers read it in different ways."""
    channels = channels_of(operand, to)
    if is_channels_first(operand, to) or len(_ways(operand, to)) < 2:
        return channels
    if channels not in to.padded:
        to.padded[channels] = to.name("channels", channels)
    return to.padded[channels]


def _ways(operand: Expression, to: TorchEmitter) -> set[tuple[object, ...]]:
    """The ways in which layers read an operand as channels; those of all operands are looked up at once."""
    # text-cnn: kernels of 2, 3 and 4 over one embedding read it with (0, 1), (1, 1) and (1, 2) zero steps around it.
    if not to.ways:
        for node in to.graph.nodes:
            operation = node.operation
            if isinstance(operation, Convolve):
                before, after = operation.before, operation.after
                # A convolution pads alike on both sides by itself; what is padded otherwise is padded once for all.
                way = (before, after, node.index if before == after else None)
            elif isinstance(operation, Apply) and layer_def(node.kind).has_statistics:
                way = (_NONE, _NONE, node.index)
            else:
                continue
            to.ways.setdefault(operation.operand, set()).add(way)
    return to.ways.get(operand, set())


def _padded(channels: Code, before: Size, after: Size, to: TorchEmitter) -> Code:
    """Channels with zero steps around them, in a variable.

    Padded as the convolution reads them: in another order they would be copied once more.
    """
    if not before.terms and not after.terms:
        return channels
    value = call("F.pad", channels, tuple_of(to.size(before), to.size(after)))
    if value not in to.padded:
        to.padded[value] = to.name("padded", value)
    return to.padded[value]


def _own_padding(layer: Layer, convolve: Convolve) -> str:
    """What a convolution is told to pad by itself; empty where it cannot, as before and after differ.

    A kernel that is a parameter may be even, and then "same" pads more behind than before; a number that is
    even is padded apart, as "same" would copy what it reads.
    """
    before, after = convolve.before, convolve.after
    reach = (layer.size("kernel") - 1) * layer.size("dilation")
    if before == after:
        number = before.constant
        return str(before) if number is None or number > 0 else ""
    return '"same"' if reach.names and before == reach // 2 else ""
