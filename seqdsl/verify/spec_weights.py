"""model specification → the layers that have weights, each with the names and shapes of its arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from seqdsl.ir.called import PATH, body_of, held_layers
from seqdsl.layers import layer_def
from seqdsl.model.undrawn import specification
from seqdsl.passes.shared_rnn_calls import batch_chains
from seqdsl.passes.stacked_rnn import rows_of, stack_rows
from seqdsl.runtime.named_weights import ROW, LayerWeights
from seqdsl.runtime.settings import settings_of

if TYPE_CHECKING:
    from seqdsl.ir.graph import Graph, Layer
    from seqdsl.model.spec import ModelSpec
    from seqdsl.runtime.named_weights import Shape


def layer_weights(spec: ModelSpec) -> tuple[LayerWeights, ...]:
    """The layers of a model that have weights, at its parameters' defaults."""
    rows = _stacked(spec)
    layers = (
        LayerWeights(
            item.name,
            item.kind,
            _shapes(item, spec),
            row=rows.get(item.name, ""),
            settings=settings_of(item, spec),
            cell=_cell(item),
        )
        for item in held_layers(spec)
    )
    return tuple(item for item in layers if item.shapes)


def _cell(item: Layer) -> dict[str, object] | None:
    """The equations of a cell of the file, for processes that know nothing of the file."""
    definition = layer_def(item.kind)
    if not definition.is_declared or definition.cell is None:
        return None
    from seqdsl.ir.json import cell_to_json

    return cell_to_json(definition.cell)


def _stacked(spec: ModelSpec) -> dict[str, str]:
    """Where the layers of stacks are: the stack's name, and the row's number in it."""
    # The same passes as for PyTorch's source, where two equal rows are one `nn.LSTM(num_layers=2)`.
    stacks = (block for block in stack_rows(batch_chains(spec)).blocks if block.layer)
    rows = {
        name: f"{block.layer.name}{ROW}{row}"
        for block in stacks
        if block.layer
        for row, name in enumerate(rows_of(block))
    }
    # Of a picture that is called by its path: `sentence.lstm_1` is in `sentence.lstm@1`.
    for block in spec.blocks:
        if (body := body_of(block)) is not None and block.layer is not None:
            within = _stacked(specification(cast("Graph", body)))
            path = f"{block.layer.name}{PATH}"
            rows |= {f"{path}{name}": f"{path}{place}" for name, place in within.items()}
    return rows


def _shapes(item: Layer, spec: ModelSpec) -> tuple[tuple[str, Shape], ...]:
    """The arrays of a layer by name, as its record has them; each direction has its own."""
    arrays = layer_def(item.kind).arrays(item.width, item.units, item.arguments)
    return tuple(
        (name, tuple(size.value(spec.defaults) for size in shape)) for name, shape in arrays.items()
    )
