"""recurrent layers → the cells of the module's own that some of them run, where Keras has no such layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.schedule import schedule
from seqdsl.targets.emit.layers import constructor
from seqdsl.targets.keras.declared import cell_call, class_cell

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer
    from seqdsl.targets.code import Code
    from seqdsl.targets.keras.emitter import KerasEmitter

ONE_MASK = {"lstm": "OneMaskLSTMCell", "gru": "OneMaskGRUCell"}
"""The cells of Keras that draw a mask for each gate, and the classes of a module's own that draw one for all."""


def own_cell(layer: Layer, to: KerasEmitter) -> Code | None:
    """The call that makes the cell of a layer, if `layers.RNN` has to run one of the module's own."""
    if class_cell(layer) is not None:
        return cell_call(layer, to)
    # layers.LSTM(64, recurrent_dropout=0.2) is another model: it loses other features of the state for each gate.
    # SimpleRNN has no gates, and does what is meant.
    if layer.arguments.get("recurrent_dropout") and layer.kind in ONE_MASK:
        name = to.function(ONE_MASK[layer.kind])
        return constructor("keras", "one_mask_cell", name, layer)
    return None


def runner(layer: Layer, to: KerasEmitter) -> str:
    """The class that runs a layer's own cell over all steps."""
    if (cell := class_cell(layer)) is not None and cell.takes_images:
        return to.function("ImageRNN")
    # Keras's own cells, and cells that compute nothing before the loop, are run as they are.
    if computes_ahead(layer):
        return to.function("CellRNN")
    return "layers.RNN"


def computes_ahead(layer: Layer) -> bool:
    """Whether a layer's cell is a class of the module, and computes anything before the loop over the steps."""
    cell = class_cell(layer)
    if cell is None:
        return False
    plan = schedule(cell)
    return bool(plan.is_ahead or plan.joins or cell.random_rates())
