"""operations → numpy: a table with a function for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.analysis.parameter_counts import has_weights
from seqdsl.ir.changes import map_sizes
from seqdsl.ir.expressions import FinalState, Value
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Call,
    Constant,
    Convolve,
    Identity,
    Merge,
    Placeholder,
    Reduce,
    Scan,
    Split,
)
from seqdsl.layers import Family, Kind, layer_def
from seqdsl.targets.code import (
    Assign,
    Code,
    Index,
    Return,
    Text,
    call,
    flat,
    method,
)
from seqdsl.targets.emit.carried import given
from seqdsl.targets.emit.expressions import lookup
from seqdsl.targets.emit.kept_attention import is_kept
from seqdsl.targets.emit.padding import (
    begin_token_mask,
    begin_zeroed,
    zero_identity,
    zero_padded,
)
from seqdsl.targets.numpy.activations import activated
from seqdsl.targets.numpy.attention import attend
from seqdsl.targets.numpy.called import called_value
from seqdsl.targets.numpy.constant import constant
from seqdsl.targets.numpy.convolution import convolve
from seqdsl.targets.numpy.emitter import attribute_name
from seqdsl.targets.numpy.expressions import combined, emit, emit_made
from seqdsl.targets.numpy.grids import grid_layer
from seqdsl.targets.numpy.inputs import read_inputs
from seqdsl.targets.numpy.kept_attention import attend_kept
from seqdsl.targets.numpy.masks import SPELLING, emit_ids
from seqdsl.targets.numpy.reducing import reduced_steps
from seqdsl.targets.numpy.scan import scan
from seqdsl.targets.torch.state_dict import attribute_name as module_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def predict(spec: ModelSpec, to: NumpyEmitter, loop: Callable[[int, NumpyEmitter], bool]) -> None:
    """Write the statements of ``predict``; ``loop`` writes those of a loop, if a node stands for one."""
    read_inputs(to)
    for item in spec.inputs:
        operation(spec.nodes[item.block], to)
    for index in spec.order:
        if not loop(index, to) and not isinstance(spec.nodes[index].operation, Placeholder):
            operation(spec.nodes[index], to)
    _return(spec, to)


def operation(node: Node, to: NumpyEmitter) -> None:
    """Write the statements of a node."""
    lookup(_TABLE, node.operation)(node, node.operation, to)


def _return(spec: ModelSpec, to: NumpyEmitter) -> None:
    """Return the outputs; the last value, if the picture gives it no name, is returned where it is made."""
    values = tuple(to.values[item.block] for item in spec.outputs) + given(spec, to, emit, emit_ids)
    last = to.statements[-1]
    is_named = bool(spec.nodes[spec.outputs[0].block].given)
    if not is_named and isinstance(last, Assign) and last.targets == values:
        to.statements[-1] = Return((last.value,))
    else:
        to.statements.append(Return(values))


def _placeholder(node: Node, placeholder: Placeholder, to: NumpyEmitter) -> None:
    """The mask of an input begins here; that of tokens may begin at their embedding."""
    begin_zeroed(node, to, SPELLING)


def _identity(node: Node, identity: Identity, to: NumpyEmitter) -> None:
    """What is read, under the name that the picture gives it, if it does."""
    read = map_sizes(identity.operand, to.size)
    if layer_def(node.kind).gives_ids:
        # Steps of ids, made before a loop and in it: (batch, steps), without an axis of features.
        ids = emit_ids(read, to)
        to.values[node.index] = to.assign(Text(node.name), ids) if node.given else ids
    elif not node.given:
        to.values[node.index] = emit(read, to)
    elif isinstance(read, Value | FinalState) or read in to.expressions:
        to.values[node.index] = to.assign(Text(node.name), emit(read, to))
    else:
        # Its variable serves whatever else reads the same.
        to.expressions[read] = to.assign(Text(node.name), emit_made(read, to))
        to.values[node.index] = Text(node.name)
    zero_identity(node, to, SPELLING)


def _computed(node: Node, value: Code, to: NumpyEmitter) -> None:
    """Write a node's value; padded steps give zeros."""
    to.values[node.index] = to.assign(Text(node.name), value)
    zero_padded(node, to, SPELLING)


def _apply(node: Node, apply: Apply, to: NumpyEmitter) -> None:
    """Write a layer that is applied at each step: ``dense = _relu(_dense(x, w, "dense"))``."""
    definition = layer_def(node.kind)
    if node.masking.begins:
        begin_token_mask(node, to, SPELLING)
    if definition.family is Family.LOOKUP:
        ids = emit_ids(apply.operand, to)
        if not isinstance(ids, Text | Index):
            ids = to.name("ids", ids)
        table, _ = to.weights(node)
        _computed(node, Index(Index(table, f'"{to.module(node)}.weight"'), flat(ids)), to)
        return
    value = emit(apply.operand, to)
    if definition.draws:
        _computed(node, _drawn(node, value, to), to)
        return
    if definition.chooses:
        ids = method(value, "argmax", axis=-1)
        _computed(node, method(ids, "astype", "np.int32"), to)
        return
    if definition.loses:
        # Nothing is dropped when a model predicts.
        to.values[node.index] = value
        zero_identity(node, to, SPELLING)
        return
    if definition.grid is not None:
        value = grid_layer(node, apply, value, to)
    elif to.layer(node).tied:
        value = _tied(node, value, to)
    elif not definition.is_function:
        value = call(to.function(node.kind), value, *to.weights(node), **_settings(node, to))
    _computed(node, _activated(node, value, to), to)


def _drawn(node: Node, value: Code, to: NumpyEmitter) -> Code:
    """What is drawn: ``_sample(y, self.random, 0.8, probabilities=True)``."""
    given = to.layer(node).arguments
    # A parameter is an attribute of the class: `self.heat`.
    temperature = given.get("temperature")
    numbers = [] if temperature is None else [_number(temperature)]
    keywords = {"probabilities": "True"} if given.get("probabilities") else {}
    return call(to.function(node.kind), value, "self.random", *numbers, **keywords)


def _tied(node: Node, value: Code, to: NumpyEmitter) -> Code:
    """An affine map by an embedding's matrix: ``_affine(h, w["embedding_m.weight"], w["dense_y.bias"])``."""
    layer = to.layer(node)
    held, _ = to.weights(node)
    matrix = Index(held, f'"{module_name(layer.tied)}.weight"')
    bias = Index(held, f'"{to.module(node)}.bias"') if has_weights(layer) else Text("0")
    return call(to.function("affine"), value, matrix, bias)


def _activated(node: Node, value: Code, to: NumpyEmitter) -> Code:
    """A value behind the activation of the node's layer."""
    return activated(str(to.layer(node).arguments.get("activation") or "linear"), value, to)


def _settings(node: Node, to: NumpyEmitter) -> dict[str, object]:
    """The numbers that change what a layer computes, where the picture gives them: ``epsilon=0.01``."""
    given = to.layer(node).arguments
    definition = layer_def(node.kind)
    numbers = (
        item.name
        for item in definition.settings
        if (argument := definition.signature.find(item.name))
        and argument.kind is not Kind.ACTIVATION
        and not item.in_training
    )
    return {name: _number(given[name]) for name in numbers if given.get(name) is not None}


def _number(value: object) -> str:
    """A number, or the parameter that gives it."""
    return f"self.{attribute_name(value)}" if isinstance(value, str) else str(value)


def _constant(node: Node, operation: Constant, to: NumpyEmitter) -> None:
    _computed(node, constant(node, operation, to), to)


def _split(node: Node, split: Split, to: NumpyEmitter) -> None:
    value = emit(split.operand, to)
    if split.parts is not None and to.places(split.operand):
        # (batch, height, width, features): each step has some of the columns.
        columns = call("np.split", value, to.size(split.parts), axis=-2)
        value = call("np.stack", columns, axis=1)
    elif split.parts is not None:
        value = method(value, "reshape", f"len({flat(value)})", to.size(split.parts), -1)
    _computed(node, value, to)


def _merge(node: Node, merge: Merge, to: NumpyEmitter) -> None:
    _computed(node, combined(merge.how.value, [emit(part, to) for part in merge.operands]), to)


def _reduce(node: Node, reduce: Reduce, to: NumpyEmitter) -> None:
    _computed(node, reduced_steps(node, reduce, to), to)


def _convolve(node: Node, operation: Convolve, to: NumpyEmitter) -> None:
    value = _activated(node, convolve(node, operation, to), to)
    if operation.kept is not None:
        to.values[node.index] = to.assign(Text(node.name), value)
        value = emit(operation.kept, to)
        # What was cut out of the whole is no part of what is kept.
        to.forget(node.index)
    _computed(node, value, to)


def _attend(node: Node, operation: Attend, to: NumpyEmitter) -> None:
    write = attend_kept if is_kept(node, to) else attend
    value = write(node, operation, to)
    _computed(node, Index(value, ":, 0") if node.steps is None else value, to)


def _call(node: Node, operation: Call, to: NumpyEmitter) -> None:
    _computed(node, called_value(node, operation, to), to)


_TABLE: dict[type, Callable[[Node, Any, NumpyEmitter], None]] = {
    Apply: _apply,
    Constant: _constant,
    Attend: _attend,
    Call: _call,
    Convolve: _convolve,
    Identity: _identity,
    Merge: _merge,
    Placeholder: _placeholder,
    Reduce: _reduce,
    Scan: scan,
    Split: _split,
}
