"""recurrent layers → cells: whether PyTorch has them, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import is_recurrent, layer_def
from seqdsl.lowering.calls import has_usual_activations

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer, Node


def activations(layer: Layer) -> tuple[str, str]:
    """A cell's activation and its gates'."""
    given = layer_def(layer.kind).given(layer.arguments)
    return given["activation"], given.get("recurrent_activation", "sigmoid")


def has_own_cell(layer: Layer) -> bool:
    """Whether a layer runs a class of the module: its activations, or its equations, are none of PyTorch's."""
    if not is_recurrent(layer.kind):
        return False
    return is_declared(layer) or not has_usual_activations(layer.kind, layer.arguments)


def is_declared(layer: Layer) -> bool:
    """Whether a layer runs a cell of the file."""
    return layer_def(layer.kind).is_declared


def input_dropout(layer: Layer) -> object:
    """The rate at which features of what a recurrent layer reads are lost; a cell of a file does that itself."""
    return None if is_declared(layer) else layer.arguments["dropout"]


def cell_class(layer: Layer) -> str:
    """The name of the class of a layer with activations of its own."""
    activation, gates = activations(layer)
    # lstm with relu: ReluLSTM; gru with relu, and tanh for its gates: ReluTanhGRU
    words = [activation] + [gates] * (gates != "sigmoid")
    return "".join(word.title().replace("_", "") for word in words) + layer.kind.upper()


def has_parts(node: Node) -> bool:
    """Whether the state of a recurrent node is a tuple: an LSTM's h and c."""
    return len(layer_def(node.kind).states) > 1
