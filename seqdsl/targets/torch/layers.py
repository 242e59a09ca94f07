"""layers → the statements of ``__init__``, and the classes of those layers that PyTorch does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family, Kind, is_recurrent, layer_def
from seqdsl.syntax.names import class_name
from seqdsl.targets.code import Assign, Attribute, Call, Comment, Statement, Text, flat
from seqdsl.targets.emit.layers import constructor
from seqdsl.targets.emit.render import macros
from seqdsl.targets.torch.activations import activated
from seqdsl.targets.torch.cells import (
    activations,
    cell_class,
    cell_uses,
    has_own_cell,
    is_declared,
)
from seqdsl.targets.torch.declared import CellClass

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator

    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.torch.emitter import TorchEmitter

_FEW = 4
"""Of more layers in a stack a comment names the first and the last."""


def attributes(to: TorchEmitter, read: Collection[str]) -> list[Statement]:
    """The statements of ``__init__`` that keep what ``forward`` reads: parameters and layers.

    Args:
        to: what was written.
        read: the attributes that ``forward`` reads.
    """
    # A parameter that only a layer's constructor needs is no attribute of the module.
    kept = [item.name for item in to.graph.parameters if item.name in read]
    found: list[Statement] = [_attribute(name, Text(name)) for name in kept]
    for name, made in _constructors(to):
        found += [*_stack_comment(to.stacks.get(name, ())), _attribute(name, made)]
    return found


def _attribute(name: str, value: Text | Call) -> Assign:
    return Assign((Attribute(Text("self"), name),), value)


def _stack_comment(rows: tuple[str, ...]) -> list[Comment]:
    """Which layers of the picture one layer with ``num_layers`` is: other frameworks have one for each."""
    if not rows:
        return []
    listed = f"{', '.join(rows[:-1])} and {rows[-1]}"
    shown = listed if len(rows) <= _FEW else f"{rows[0]} to {rows[-1]}"
    return [Comment(f"{shown}, from the bottom up.")]


def _constructors(to: TorchEmitter) -> Iterator[tuple[str, Call]]:
    for name, layer in to.used.items():
        if not is_recurrent(layer.kind):
            is_window = layer_def(layer.kind).family is Family.WINDOW
            padding = (to.paddings.get(name, ""),) if is_window else ()
            yield name, constructor("torch", layer.kind, layer, *padding)
            continue
        if is_declared(layer):
            yield name, _declared(layer, to)
            continue
        if rate := layer.arguments["dropout"]:
            # `nn.LSTM(dropout=...)` is between the layers of a stack, not on what a cell reads.
            yield f"{name}_dropout", constructor("torch", "input_dropout", rate)
        own = cell_class(layer) if has_own_cell(layer) else None
        yield name, constructor("torch", layer.kind, layer, own)


def _declared(layer: Layer, to: TorchEmitter) -> Call:
    """The call that makes a layer of a cell of the file; of both directions, one for each."""
    made = to.classes[class_key(layer)]
    given = layer_def(layer.kind).given(layer.arguments)
    call = constructor("torch", "declared", made.name, layer, made.sizes, made.numbers, given)
    if not layer.arguments["bidirectional"]:
        return call
    return Call(Text(to.function("BothWays")), (call, call))


def cells(to: TorchEmitter, spec: ModelSpec) -> list[str]:
    """The classes of the recurrent layers that PyTorch does not have."""
    own = [layer for layer in to.used.values() if has_own_cell(layer)]
    masked = {class_key(node.layer) for node in spec.nodes if node.layer and node.masks}
    declared = [_write_class(layer, masked, to) for layer in own if is_declared(layer)]
    found = {cell_class(layer): layer for layer in own if not is_declared(layer)}
    render = macros("torch", "cells").cell
    others = [
        str(
            render(name, layer.kind, *map(_of_x, activations(layer)), cell_uses(name, spec))
        ).strip()
        for name, layer in found.items()
    ]
    return [*filter(None, declared), *others]


def _write_class(layer: Layer, masked: Collection[Hashable], to: TorchEmitter) -> str:
    """The class of a cell of the file, if it is not written yet."""
    key = class_key(layer)
    if key in to.classes:
        return ""
    taken = {to.graph.class_name, *(item.name for item in to.classes.values()), *_TAKEN}
    base, number = class_name(layer.kind), 1
    name = base if base not in taken else f"{base}Cell"
    while name in taken:
        number += 1
        name = f"{base}Cell{number}"
    to.classes[key] = made = CellClass(name, layer, masked=key in masked)
    to.functions |= made.functions
    return made.text


_TAKEN = ("BothWays", "Tensor")


def class_key(layer: Layer) -> Hashable:
    """What layers of one class have in common: the cell, its functions and whether it has biases."""
    definition = layer_def(layer.kind)
    given = definition.given(layer.arguments)
    fixed = (Kind.ACTIVATION, Kind.BOOL)
    names = [item.name for item in definition.signature.arguments if item.kind in fixed]
    return (str(layer.kind), *(given[name] for name in names))


def _of_x(activation: str) -> str:
    return flat(activated(activation, Text("x")))
