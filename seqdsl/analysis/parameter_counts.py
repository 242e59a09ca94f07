"""layers → parameter counts: the number of weights of each layer in each framework.

What a layer holds is in its record (`seqdsl.layers`); here is how each framework counts it.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layers import Family, LayerDef, Role, Weight, directions, layer_def
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Layer


class Counting(NamedTuple):
    """How a framework counts what layers hold.

    Attributes:
        statistics: whether statistics of batches are parameters; else they are buffers.
        cell_biases: how many biases it keeps for one of a recurrent cell: cuDNN has one on each side of the sum.
    """

    statistics: bool
    cell_biases: int

    def copies(self, definition: LayerDef, weight: Weight) -> int:
        """How many parameters there are for each number of a weight."""
        if not weight.role.is_trained and not self.statistics:
            return 0
        # A bias of two rows (a GRU's, between which the reset gate is applied) has both already.
        is_one = weight.role is Role.BIAS and len(weight.shape) == 1
        # A cell by equations has the biases that are written.
        is_one = is_one and not definition.is_equations
        return self.cell_biases if is_one and definition.family is Family.SCAN else 1


# lstm(32) over 4 features: 4 * (4 * 32 + 32 * 32 + 32) = 4736 in Keras, and a second bias of 4 * 32 in PyTorch.
# batchnorm of 4 features: scale, shift, mean and variance are 16 in Keras; the statistics are buffers in PyTorch, 8.
COUNTING = {
    "keras": Counting(statistics=True, cell_biases=1),
    "torch": Counting(statistics=False, cell_biases=2),
}
TARGETS = tuple(COUNTING)


def layer_counts(layer: Layer) -> dict[str, Size]:
    """The number of weights of a layer in each framework."""
    return count_weights(layer.kind, layer.width, layer.units, layer.arguments)


def numbers(layer: Layer, values: Mapping[str, int]) -> dict[str, int]:
    """The same as numbers, for values of all names.

    Polynomials that are multiplied first and evaluated then would take a tenth of the time of a compile.
    """
    definition = layer_def(layer.kind)
    if definition.is_declared:
        whole = layer_counts(layer)
        return {target: size.value(values) for target, size in whole.items()}
    total = dict.fromkeys(TARGETS, 0)
    held = definition.held(layer.arguments)
    widths = definition.sizes(layer.width, layer.units, layer.arguments) if held else {}
    env = {name: size.value(values) for name, size in widths.items()}
    times = len(directions(layer.arguments))
    for weight in held:
        size = times * prod(part.value(env) for part in weight.shape)
        for target, counting in COUNTING.items():
            total[target] += size * counting.copies(definition, weight)
    return total


def has_weights(item: Layer | None) -> bool:
    """Whether a layer has weights."""
    return item is not None and holds_weights(item.kind, item.arguments)


def holds_weights(kind: str, arguments: Mapping[str, object]) -> bool:
    """Whether a layer of a kind has weights with these arguments."""
    return bool(layer_def(kind).held(arguments))


def count_weights(
    kind: str, width: Size, units: Size, arguments: Mapping[str, object]
) -> dict[str, Size]:
    """The number of weights of a layer.

    Args:
        kind: the layer.
        width: input features.
        units: output features.
        arguments: its other arguments.
    """
    definition = layer_def(kind)
    total = dict.fromkeys(TARGETS, Size.of(0))
    shapes = definition.shapes(width, units, arguments)
    times = len(directions(arguments))
    for weight in definition.held(arguments):
        size = prod(shapes[weight.name], start=Size.of(1))
        for target, counting in COUNTING.items():
            total[target] += size * (counting.copies(definition, weight) * times)
    return total
