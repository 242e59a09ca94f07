"""recurrent layers → cells: whether PyTorch has them, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.layers import RECURRENT, has_usual_activations

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer


def activations(layer: Layer) -> tuple[str, str]:
    """A cell's activation and its gates'."""
    activation, gates = (layer.arguments.get(key) for key in ("activation", "recurrent_activation"))
    return str(activation or "tanh"), str(gates or "sigmoid")


def has_own_cell(layer: Layer) -> bool:
    """Whether a layer's activations are none that PyTorch's recurrent layers have."""
    return layer.kind in RECURRENT and not has_usual_activations(layer.kind, layer.arguments)


def cell_class(layer: Layer) -> str:
    """The name of the class of a layer with activations of its own."""
    activation, gates = activations(layer)
    words = [activation] + [gates] * (gates != "sigmoid")
    return "".join(word.title().replace("_", "") for word in words) + layer.kind.upper()
