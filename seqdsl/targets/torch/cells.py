"""recurrent layers → cells: whether PyTorch has them, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.direction import Direction
from seqdsl.layers import is_recurrent, layer_def
from seqdsl.lowering.kernels import has_kernel

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator, Sequence

    from seqdsl.ir.graph import Layer, Node
    from seqdsl.model.spec import Block, ModelSpec


def activations(layer: Layer) -> tuple[str, str]:
    """A cell's activation and its gates'."""
    given = layer_def(layer.kind).given(layer.arguments)
    return given["activation"], given.get("recurrent_activation", "sigmoid")


def has_own_cell(layer: Layer) -> bool:
    """Whether a layer runs a class of the module: its activations, or its equations, are none of PyTorch's."""
    if not is_recurrent(layer.kind):
        return False
    return runs_equations(layer) or not has_kernel(layer.kind, layer.arguments)


def runs_equations(layer: Layer) -> bool:
    """Whether a layer runs the equations of a cell: one of the file, or of convolutions."""
    return layer_def(layer.kind).is_equations


def input_dropout(layer: Layer) -> object:
    """The rate at which features of what a recurrent layer reads are lost; a cell of a file does that itself."""
    return None if runs_equations(layer) else layer.arguments["dropout"]


def cell_class(layer: Layer) -> str:
    """The name of the class of a layer with activations of its own."""
    activation, gates = activations(layer)
    # lstm with relu: ReluLSTM; gru with relu, and tanh for its gates: ReluTanhGRU
    # lstm with recurrent dropout: DropoutLSTM; with relu as well: ReluDropoutLSTM
    drops = drops_state(layer)
    words = [activation] * (activation != "tanh" or not drops) + [gates] * (gates != "sigmoid")
    words += ["dropout"] * drops + ["projected"] * is_projected(layer)
    return "".join(word.title().replace("_", "") for word in words) + layer.kind.upper()


def draws_masks(layer: Layer) -> bool:
    """Whether a layer's class draws masks, the same for all steps: in a loop over single steps, before the loop."""
    cell = layer_def(layer.kind).cell
    if runs_equations(layer):
        return cell is not None and any(cell.dropouts())
    return drops_state(layer)


def is_projected(layer: Layer) -> bool:
    """Whether what a layer's steps give is narrower than its memory: ``nn.LSTM(proj_size=)``."""
    return layer.arguments.get("projection") is not None


def drops_state(layer: Layer) -> bool:
    """Whether features of the state are lost in training before it is multiplied; a cell of a file does that itself."""
    return not runs_equations(layer) and bool(layer.arguments["recurrent_dropout"])


class CellUses(NamedTuple):
    """What a model does with the layers of a class: only the paths for that are written.

    Attributes:
        bidirectional: whether one runs in both directions.
        started: whether one starts from a given state.
        masked: whether one runs over padded steps.
        biases: which of them have biases: ``"all"``, ``"none"`` or ``"some"``.
        dropped: whether they drop part of their state.
        drawn: whether a loop over single steps draws what is dropped, as it is the same at all of them.
        projected: whether they project what a step gives.
    """

    bidirectional: bool
    started: bool
    masked: bool
    biases: str
    dropped: bool
    drawn: bool
    projected: bool


def cell_uses(
    name: str, spec: ModelSpec, stepped: Container[int], looped: Collection[Layer]
) -> CellUses:
    """What a model does with the layers of the class ``name``.

    Args:
        name: the class.
        spec: the model, and all else that its module computes.
        stepped: the nodes that run single steps in loops.
        looped: the layers that do so in loops of other models of the module.
    """
    nodes = list(_nodes_of(name, spec))
    dropped = any(drops_state(layer) for _, layer in nodes)
    in_loop = any(node.index in stepped for node, _ in nodes)
    in_loop = in_loop or any(_is_of(name, layer) for layer in looped)
    return CellUses(
        any(node.direction is Direction.BIDIRECTIONAL for node, _ in nodes),
        # A step of a loop begins with the state of the step before.
        in_loop or any(node.has_start for node, _ in nodes),
        any(node.masks for node, _ in nodes),
        _biases([layer for _, layer in nodes]),
        dropped,
        dropped and in_loop,
        any(is_projected(layer) for _, layer in nodes),
    )


def _nodes_of(name: str, spec: ModelSpec) -> Iterator[tuple[Block, Layer]]:
    """The nodes that layers of the class ``name`` are applied in."""
    for node in spec.blocks:
        if node.layer and _is_of(name, node.layer):
            yield node, node.layer


def _is_of(name: str, layer: Layer) -> bool:
    return has_own_cell(layer) and not runs_equations(layer) and cell_class(layer) == name


def _biases(layers: Sequence[Layer]) -> str:
    # An argument that is not written is `None`: by default there are biases.
    biased = {layer.arguments["bias"] is not False for layer in layers}
    return "some" if len(biased) > 1 else "all" if True in biased else "none"


def has_parts(node: Node) -> bool:
    """Whether the state of a recurrent node is a tuple: an LSTM's h and c."""
    return parts_of(node) > 1


def parts_of(node: Node) -> int:
    """How many parts the state of a recurrent node has; a cell of a file may have more than two."""
    return len(layer_def(node.kind).states)
