"""layers → the names and shapes of their weights in a PyTorch ``state_dict``, which is what a file of weights holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Scan
from seqdsl.layers import Family, layer_def
from seqdsl.size import Size
from seqdsl.targets.torch.state_dict import COUNTER, Projections, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.graph import Layer, Node, Shape

    Named = tuple[str, Shape]


def weights(node: Node) -> Iterator[Named]:
    """The names within the layer of a node, such as ``weight_ih_l0``, and shapes of its weights.

    Those of an attention's projections are left out where numbers decide how PyTorch keeps them (`is_open`).
    """
    layer = node.layer
    assert layer is not None
    scan = node.operation if isinstance(node.operation, Scan) else None
    width = layer.width
    for row in range(len(scan.rows) or 1 if scan else 1):
        yield from _row(layer, width, f"_l{row}")
        # An upper row of a stack reads what the one below it gives, of both directions side by side.
        width = layer.units * scan.direction.count if scan else width
    if layer_def(layer.kind).has_statistics:
        yield COUNTER, ()


def _row(layer: Layer, width: Size, end: str) -> Iterator[Named]:
    """The weights of one row of a stack, or of a layer that is none."""
    definition = layer_def(layer.kind)
    projections = projections_of(layer)
    for part, held in definition.arrays(width, layer.units, layer.arguments).items():
        for place in places(definition, part, held, end, projections=projections):
            # Where parameters decide, only those are sure that are the same packed and apart: biases, the output's.
            if is_open(layer) and [place] != list(places(definition, part, held)):
                continue
            shape = place.shape(held)
            if place.third is None:
                yield place.tensor, shape
            elif place.third == 0:
                # The two other thirds are as large, and below it.
                yield place.tensor, (shape[0] * 3, *shape[1:])


def projections_of(layer: Layer) -> Projections:
    """How PyTorch keeps what an attention projects with: in one tensor if it reads equally many features."""
    if not _is_multi_head(layer):
        return Projections.OWN
    same = all(size == layer.width for size in compared(layer))
    return Projections.PACKED if same else Projections.SEPARATE


def compared(layer: Layer) -> tuple[Size, Size]:
    """The widths of an attention's keys and of its values."""
    memory = layer.size("memory")
    return (memory if layer.arguments.get("keys") is None else layer.size("keys")), memory


def is_open(layer: Layer) -> bool:
    """Whether parameters decide if an attention's memory is as wide as its query.

    PyTorch keeps one tensor of projections where the numbers are equal, however they are written.
    """
    if not _is_multi_head(layer):
        return False
    # A width that surely differs decides alone.
    gaps = [layer.width - size for size in compared(layer)]
    return any(gap.names for gap in gaps) and not any(_is_sure(gap) for gap in gaps)


def _is_sure(gap: Size) -> bool:
    return not gap.names and gap != Size.of(0)


def _is_multi_head(layer: Layer) -> bool:
    """Whether a layer is PyTorch's own attention with heads."""
    is_attention = layer_def(layer.kind).family is Family.ATTENTION
    return is_attention and bool(layer.arguments["heads"]) and layer.arguments["key"] is None
