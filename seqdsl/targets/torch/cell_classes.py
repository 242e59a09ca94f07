"""layers of cells of a file → the classes that run them, and the calls that make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layers import Kind, layer_def
from seqdsl.syntax.names import class_name
from seqdsl.targets.code import Call, Text
from seqdsl.targets.emit.layers import constructor
from seqdsl.targets.torch.declared import CellClass

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from seqdsl.ir.graph import Layer
    from seqdsl.targets.torch.emitter import TorchEmitter


def declared(layer: Layer, to: TorchEmitter) -> Call:
    """The call that makes a layer of a cell of the file; of both directions, one for each."""
    made = to.classes[class_key(layer)]
    given = layer_def(layer.kind).given(layer.arguments)
    call = constructor("torch", "declared", made.name, layer, made.sizes, made.numbers, given)
    if not layer.arguments["bidirectional"]:
        return call
    return Call(Text(to.function("BothWays")), (call, call))


class Ways(NamedTuple):
    """How a model runs the classes of cells: only the paths for that are written.

    Attributes:
        masked: those that a mask reaches somewhere.
        drawn: those that a loop runs step by step, and of which it draws what is dropped, the same at all steps.
    """

    masked: Collection[Hashable]
    drawn: Collection[Hashable]


def write_class(layer: Layer, ways: Ways, to: TorchEmitter) -> str:
    """The class of a cell of the file, if it is not written yet."""
    key = class_key(layer)
    if key in to.classes:
        return ""
    # The cell `mgu` of a model `mgu` is a class `MguCell`, as the model is the class `Mgu`.
    taken = {to.graph.class_name, *(item.name for item in to.classes.values()), *_TAKEN}
    # So it is with a picture `mgu_` that the module calls, or calls from now on.
    taken |= {item.name for item in to.called.classes.values()}
    base, number = class_name(layer.kind), 1
    if not layer_def(layer.kind).is_declared:
        # ConvLSTM, as papers call it
        base = base.replace("lstm", "LSTM")
    name = base if base not in taken else f"{base}Cell"
    while name in taken:
        number += 1
        name = f"{base}Cell{number}"
    to.called.reserve(name)
    to.classes[key] = made = CellClass(
        name, layer, masked=key in ways.masked, drawn=key in ways.drawn
    )
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
