"""pictures that a picture calls → models within its model, applied as layers: ``sentence(x)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from seqdsl.ir.called import entry, held_layers
from seqdsl.ir.operations import Call
from seqdsl.layers import layer_def
from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.targets.code import Call as CallCode
from seqdsl.targets.code import Code, Index, call, grouped, listing
from seqdsl.targets.emit.called import arguments, draws_within, made
from seqdsl.targets.keras.expressions import emit, emit_ids
from seqdsl.targets.keras.grids import wrapper
from seqdsl.targets.keras.layers import trained_layer
from seqdsl.targets.keras.makers import BUILDER
from seqdsl.targets.keras.masks import SPELLING

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.targets.keras.emitter import KerasEmitter


def called_value(node: Block, operation: Call, to: KerasEmitter) -> Code:
    """What a called picture gives, of all that is read or of each step."""
    layer, value = to.layer(node), read_by_call(operation, to)
    # What runs free applies the layers of the model that was trained, and finds them by their names.
    is_shared = shares_wrapper(layer, to.trained or to)
    is_apart = is_shared or _is_always_apart(layer, to.trained or to)
    applied = _applied(node, layer, to.called.runs_free and is_apart, to)
    if operation.each:
        return CallCode(applied, (value,))
    if is_shared:
        return of_one_step(applied, value)
    given = arguments(node, value, to.called, to, SPELLING)
    return CallCode(applied, (value if len(given) == 1 else listing(*given),))


def read_by_call(operation: Call, to: KerasEmitter) -> Code:
    """What a called picture is applied to."""
    is_ids = cast("ModelSpec", operation.body).inputs[0].vocabulary is not None
    return emit_ids(operation.operand, to) if is_ids else emit(operation.operand, to)


def _applied(node: Block, layer: Layer, is_named: bool, to: KerasEmitter) -> Code:
    """What is applied: a model, that of the whole which was trained, or what applies one to each step."""
    applied = (
        trained_layer(layer.name, to.trained) if to.trained else _model(node, layer, is_named, to)
    )
    operation = cast("Call", node.operation)
    if not operation.each or is_named or shares_wrapper(layer, to.trained or to):
        return applied
    return _to_each(node, applied, to)


def shares_wrapper(layer: Layer, to: KerasEmitter) -> bool:
    """Whether one wrapper applies the model of a letter in all places, some of which have steps.

    A model that two wrappers hold, or a wrapper and the whole model, would be two models as soon as Keras loads them.
    """
    nodes = to.users(layer.name)
    operations = [cast("Call", node.operation) for node in nodes]
    if len(nodes) == 1 or not any(item.each for item in operations):
        return False
    # A model that is called with a mask takes two inputs, and a wrapper gives it one.
    return all(item.each for item in operations) or not any(map(to.called.takes_mask, nodes))


def of_one_step(wrapper: Code, value: Code) -> Code:
    """What a wrapper gives for a single value: ``tower_layer(x[:, None])[:, 0]``."""
    return Index(CallCode(wrapper, (Index(grouped(value), ":, None"),)), ":, 0")


def called_model(node: Block, to: KerasEmitter) -> Code:
    """The model that a step of a loop calls, which is made before the loop.

    Raises:
        UnevenLoop: it draws numbers.
    """
    if draws_within(cast("Call", node.operation)):
        # It is more than layers on a vector, or it would be written out.
        # Numbers that are drawn within `ops.scan` would be the same at all steps, or lost on JAX.
        raise UnevenLoop(node.name, f"Keras cannot run `{node.kind}`, which draws numbers, in it")
    return model_of(node, to)


def model_of(node: Block, to: KerasEmitter) -> Code:
    """The model that a node calls, whose layers a loop applies one by one."""
    return _model(node, to.layer(node), False, to)


def _model(node: Block, layer: Layer, is_named: bool, to: KerasEmitter) -> Code:
    """The model of a letter; of one that is drawn in several places it is one, and has one set of weights."""
    body, name = cast("ModelSpec", cast("Call", node.operation).body), f'"{layer.name}"'
    model = made(to.called.of(node, f"{BUILDER}{body.name}", to), layer, name=name)
    if is_named or shares_wrapper(layer, to):
        # The wrapper has the name of what is in it: `model.get_layer("sentence_s")` finds the wrapper.
        named = {"name": name} if is_named else {}
        model = _to_each(node, model, to, **named)
    places = len(to.users(layer.name)) + len(to.callers.get(layer.name, ()))
    return to.once(layer.name, model) if places > 1 or layer.name in to.outside else model


def _is_always_apart(layer: Layer, to: KerasEmitter) -> bool:
    """Whether a picture is applied to each step by itself wherever it is called."""
    return all(cast("Call", node.operation).each for node in to.users(layer.name))


def _to_each(node: Block, model: Code, to: KerasEmitter, **named: str) -> CallCode:
    """What applies a model to every step."""
    if to.called.takes_mask(node):
        # Keras applies a model of one input to each step, and none of two: all places of a step are valid.
        model = call(to.function("WithoutPadding"), model)
    return call(_wrapper(node, to), model, **named)


def _wrapper(node: Block, to: KerasEmitter) -> str:
    """The class that applies a model to every step."""
    body = cast("ModelSpec", cast("Call", node.operation).body)
    _, source = entry(body)
    # One id a step; a sentence of them has an axis of its own.
    is_ids = body.inputs[0].vocabulary is not None and source.steps is None and not source.grid
    if not is_ids and not any(layer_def(item.kind).has_statistics for item in held_layers(body)):
        return wrapper(to.layer(node), to)
    # Keras's own refuses (batch, steps) of ids, and normalizes each step by itself: `batchnorm` is over all steps.
    return to.function("EachStep")
