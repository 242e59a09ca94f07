"""layers → the statements of ``__init__``, and the classes of those layers that PyTorch does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family, is_recurrent, layer_def
from seqdsl.layers._grids import WINDOWS
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Call,
    Comment,
    Statement,
    Text,
    flat,
    paths,
    roots,
)
from seqdsl.targets.emit.layers import constructor
from seqdsl.targets.emit.render import macros
from seqdsl.targets.torch.activations import activated
from seqdsl.targets.torch.cell_classes import Ways, class_key, declared, write_class
from seqdsl.targets.torch.cells import (
    activations,
    cell_class,
    cell_uses,
    draws_masks,
    has_own_cell,
    runs_equations,
)
from seqdsl.targets.torch.grids import own_padding
from seqdsl.targets.torch.own_attention import attention_class
from seqdsl.targets.torch.state_dict import attribute_name

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator

    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.torch.emitter import TorchEmitter

_FEW = 4
"""Of more layers in a stack a comment names the first and the last."""


def attributes(to: TorchEmitter, read: Collection[str]) -> list[Statement]:
    """The statements of ``__init__`` that keep parameters and layers.

    Args:
        to: what was written.
        read: the attributes that ``forward`` reads.
    """
    held: list[Statement] = []
    for name, made in _constructors(to):
        held += [*_stack_comment(to.stacks.get(name, ())), _attribute(name, made)]
    held += _ties(to)
    # A parameter that only a layer's constructor needs is no attribute of the module, unless callers need it for the
    # shapes of inputs: `torch.randn(2, 6, model.features)`. One that nothing needs is no argument, and not kept either.
    needed, shown = roots(paths(held)), _of_inputs(to.graph)
    kept = [
        name
        for item in to.graph.parameters
        if attribute_name(name := item.name) in read or (name in shown and name in needed)
    ]
    return [*(_attribute(name, Text(name)) for name in kept), *held]


def _of_inputs(spec: ModelSpec) -> set[str]:
    """The names in the shapes and vocabularies of the inputs."""
    sizes = [size for item in spec.inputs for size in (*item.shape, item.vocabulary)]
    return {name for size in sizes if size is not None for name in size.names}


def _attribute(name: str, value: Text | Call) -> Assign:
    return Assign((Attribute(Text("self"), attribute_name(name)),), value)


def _ties(to: TorchEmitter) -> list[Assign]:
    """Matrices that are those of embeddings: ``self.dense_y.weight = self.embedding_m.weight``."""
    return [
        Assign((_weight(name),), _weight(embedding))
        for name, layer in to.used.items()
        if (embedding := layer.tied)
    ]


def _weight(name: str) -> Attribute:
    return Attribute(Attribute(Text("self"), attribute_name(name)), "weight")


def _stack_comment(rows: tuple[str, ...]) -> list[Comment]:
    """Which layers of the picture one layer with ``num_layers`` is: other frameworks have one for each."""
    if not rows:
        return []
    listed = f"{', '.join(rows[:-1])} and {rows[-1]}"
    shown = listed if len(rows) <= _FEW else f"{rows[0]} to {rows[-1]}"
    return [Comment(f"{shown}, from the bottom up.")]


def _constructors(to: TorchEmitter) -> Iterator[tuple[str, Call]]:
    for name, layer in to.used.items():
        if name in to.parts:
            yield name, to.parts[name]
            continue
        if not is_recurrent(layer.kind):
            yield name, constructor("torch", layer.kind, layer, *_facts(layer, to))
            continue
        if runs_equations(layer):
            yield name, declared(layer, to)
            continue
        if rate := layer.arguments["dropout"]:
            # `nn.LSTM(dropout=...)` is between the layers of a stack, not on what a cell reads.
            yield f"{attribute_name(name)}_dropout", constructor("torch", "input_dropout", rate)
        own = cell_class(layer) if has_own_cell(layer) else None
        yield name, constructor("torch", layer.kind, layer, own)


def _facts(layer: Layer, to: TorchEmitter) -> tuple[object, ...]:
    """What a layer's macro has to know beside the layer."""
    family = layer_def(layer.kind).family
    definition = layer_def(layer.kind)
    if definition.grid is WINDOWS:
        return (own_padding(layer),)
    if definition.has_statistics:
        return (to.images.get(layer.name, False),)
    if family is Family.WINDOW:
        return (to.paddings.get(layer.name, ""),)
    return (attention_class(layer.arguments),) if family is Family.ATTENTION else ()


def cells(to: TorchEmitter, spec: ModelSpec) -> list[str]:
    """The classes of the recurrent layers that PyTorch does not have."""
    own = [layer for layer in to.used.values() if has_own_cell(layer)]
    ways = Ways(_masked(spec), _drawn(to))
    classes = [write_class(layer, ways, to) for layer in own if runs_equations(layer)]
    found = {cell_class(layer): layer for layer in own if not runs_equations(layer)}
    return [*filter(None, classes), *(_class(*item, spec, to) for item in found.items())]


def _masked(spec: ModelSpec) -> set[Hashable]:
    """The classes of cells that a mask reaches somewhere."""
    return {class_key(node.layer) for node in spec.nodes if node.layer and node.masks}


def _drawn(to: TorchEmitter) -> set[Hashable]:
    """The classes of cells of which a loop draws the masks."""
    own = [to.layer(to.graph.blocks[index]) for index in to.drawn]
    # What the loop of another class of the module applies is made in this one.
    return {class_key(layer) for layer in (*own, *filter(draws_masks, to.looped))}


def _class(name: str, layer: Layer, spec: ModelSpec, to: TorchEmitter) -> str:
    """The class of a layer with activations of its own."""
    functions = map(_of_x, activations(layer))
    render = macros("torch", "cells").cell
    return str(
        render(name, layer.kind, *functions, cell_uses(name, spec, to.stepped, to.looped))
    ).strip()


def _of_x(activation: str) -> str:
    return flat(activated(activation, Text("x")))
