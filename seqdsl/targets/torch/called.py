"""pictures that a picture calls → modules within its module: ``self.sentence(x)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from seqdsl.ir.called import PATH
from seqdsl.targets.code import Attribute, Code, Index, Text, call, method
from seqdsl.targets.emit.called import arguments, made
from seqdsl.targets.torch.emitter import attribute_of
from seqdsl.targets.torch.expressions import emit
from seqdsl.targets.torch.masks import SPELLING, emit_ids

if TYPE_CHECKING:
    from seqdsl.ir.operations import Call
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.targets.torch.emitter import TorchEmitter


def hold(node: Block, to: TorchEmitter) -> None:
    """Make what a node calls an attribute of the module."""
    body, layer = cast("ModelSpec", cast("Call", node.operation).body), to.layer(node)
    to.parts[layer.name] = made(to.called.of(node, body.class_name, to), layer)
    to.used[layer.name] = layer


def called_module(node: Block, to: TorchEmitter) -> Code:
    """The module of what a node calls, which is made where it is not yet."""
    layer = to.layer(node)
    if PATH not in layer.name:
        hold(node, to)
    return attribute_of(layer.name)


def read_by_call(node: Block, to: TorchEmitter) -> Code:
    """What a called picture is applied to."""
    operation = cast("Call", node.operation)
    is_ids = cast("ModelSpec", operation.body).inputs[0].vocabulary is not None
    return emit_ids(operation.operand, to) if is_ids else emit(operation.operand, to)


def called_value(node: Block, operation: Call, to: TorchEmitter) -> Code:
    """What a called picture gives, of all that is read or of each step."""
    module, value = called_module(node, to), read_by_call(node, to)
    if not operation.each:
        return call(module, *arguments(node, value, to.called, to, SPELLING))
    # (batch, steps, features): all steps of all samples are one batch, and what they give is taken apart again.
    value = value if isinstance(value, Text) else to.name("steps", value)
    folded = method(value, "flatten", 0, 1)
    given = call(module, *arguments(node, folded, to.called, to, SPELLING))
    return call("torch.unflatten", given, 0, Index(Attribute(value, "shape"), ":2"))
