"""pictures that a picture calls → models within its model, applied as layers: ``sentence(x)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from seqdsl.ir.called import holds_layers
from seqdsl.layers import layer_def
from seqdsl.targets.code import Call as CallCode
from seqdsl.targets.code import Code, call
from seqdsl.targets.emit.called import made
from seqdsl.targets.keras.expressions import emit, emit_ids

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer
    from seqdsl.ir.operations import Call
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.targets.keras.emitter import KerasEmitter


def called_value(node: Block, operation: Call, to: KerasEmitter) -> Code:
    """What a called picture gives, of all that is read or of each step."""
    body, layer = cast("ModelSpec", operation.body), to.layer(node)
    builder = to.called.of(node, f"build_{body.name}", to)
    model = made(builder, layer, name=f'"{layer.name}"')
    read = emit_ids if body.inputs[0].vocabulary is not None else emit
    value = read(operation.operand, to)
    # A letter that is drawn in several places is one model, and one set of weights.
    several = len(to.users(layer.name)) > 1
    built = to.once(layer.name, model) if several else model
    if operation.each and holds_layers(operation, _has_statistics):
        # `TimeDistributed` runs step by step: each step would be normalized by itself.
        built = call(to.function("AllSteps"), built)
    elif operation.each:
        built = call("layers.TimeDistributed", built)
    return CallCode(built, (value,))


def _has_statistics(layer: Layer) -> bool:
    return layer_def(layer.kind).has_statistics
