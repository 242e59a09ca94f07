"""layers that compute each step by itself → numpy: a function of a value and its weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value, walk
from seqdsl.layers import Family, family_of, layer_def
from seqdsl.targets.code import Code, Index, Text, call, code, flat
from seqdsl.targets.code.expressions import operand
from seqdsl.targets.numpy.emitter import attribute
from seqdsl.targets.numpy.expressions import emit, emit_ids
from seqdsl.targets.numpy.results import activated, check_padding, computed

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Apply
    from seqdsl.targets.numpy.emitter import Emitter


def apply(node: Node, operation: Apply, to: Emitter) -> None:
    """Write a layer that is applied at each step: ``dense = linear(x, w["dense.weight"], w["dense.bias"])``."""
    if family_of(node.kind) is Family.LOOKUP:
        _embedding(node, operation, to)
        return
    value = emit(operation.operand, to)
    computed(node, _STEPWISE.get(node.kind, _by_name)(node, value, to), to)


def _embedding(node: Node, apply: Apply, to: Emitter) -> None:
    """A look-up; where padding is told from data, id 0 is padding."""
    ids = emit_ids(apply.operand, to)
    if node.masking.begins:
        to.masks[node.index] = to.assign(to.names.claim("mask"), f"{flat(operand(ids))} != 0")
        for item in walk(apply.operand):
            if isinstance(item, Value):
                check_padding(to.graph.nodes[item.block], _token_mask(item, node, to), to)
    to.weights(node)
    table = Index(Text(to.held), f'"{to.layer(node).name}.weight"')
    computed(node, Index(table, flat(ids)), to)


def _token_mask(tokens: Value, node: Node, to: Emitter) -> Code:
    whole = node.views == (tokens,)
    return to.masks[node.index] if whole else code(f"{flat(to.values[tokens.block])} != 0")


def _dense(node: Node, value: Code, to: Emitter) -> Code:
    affine = call(to.function("linear"), value, *to.weights(node))
    return activated(to.layer(node).arguments.get("activation"), affine, to)


def _normalization(function: str) -> Callable[[Node, Code, Emitter], Code]:
    def normalized(node: Node, value: Code, to: Emitter) -> Code:
        epsilon = to.layer(node).arguments.get("epsilon")
        keywords = {} if epsilon is None else {"epsilon": _number(epsilon, to)}
        return call(to.function(function), value, *to.weights(node), **keywords)

    return normalized


def _by_name(node: Node, value: Code, to: Emitter) -> Code:
    """A layer that stands in no table is a function of its name; its settings are keywords."""
    given = to.layer(node).arguments
    keywords = {
        item.name: _number(given[item.name], to)
        for item in layer_def(node.kind).settings
        if given.get(item.name) is not None
    }
    return call(to.function(node.kind), value, *to.weights(node), **keywords)


def _number(value: object, to: Emitter) -> str:
    """A number, or the parameter that gives it."""
    return attribute(value) if isinstance(value, str) else str(value)


_STEPWISE: dict[str, Callable[[Node, Code, Emitter], Code]] = {
    "activation": lambda node, value, to: activated(
        to.layer(node).arguments["activation"], value, to
    ),
    "batchnorm": _normalization("batch_norm"),
    "dense": _dense,
    # Nothing is dropped outside of training.
    "dropout": lambda node, value, to: value,
    "layernorm": _normalization("layer_norm"),
}
