"""layers → the names and shapes of their weights in a PyTorch ``state_dict``, which is what a file of weights holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family, Role, layer_def, sizes
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.graph import Layer, Node, Shape
    from seqdsl.ir.operations import Scan

Named = tuple[str, "Shape"]

NAMES = {
    Role.KERNEL: "weight",
    Role.BIAS: "bias",
    Role.TABLE: "weight",
    Role.SCALE: "weight",
    Role.SHIFT: "bias",
    Role.MEAN: "running_mean",
    Role.VARIANCE: "running_var",
}
"""PyTorch's names for weights, by what they do."""


def weights(node: Node) -> Iterator[Named]:
    """The names within the layer of a node, such as ``weight_ih_l0``, and shapes of its weights."""
    layer = node.layer
    assert layer is not None
    if node.scan is not None:
        yield from _recurrent(layer, node.scan)
        return
    definition = layer_def(layer.kind)
    if definition.family is Family.ATTENTION:
        yield from _attention(layer)
        return
    known = sizes(layer.width, layer.units, layer.arguments)
    for weight in definition.held(layer.arguments):
        shape = tuple(size.subs(known) for size in weight.shape)
        # (kernel, features, filters) is (filters, features, kernel) in PyTorch.
        yield NAMES[weight.role], shape[::-1] if weight.role is Role.KERNEL else shape
    if definition.has_statistics:
        yield "num_batches_tracked", ()


def _has_bias(layer: Layer) -> bool:
    return layer.arguments.get("bias") is not False


def _recurrent(layer: Layer, scan: Scan) -> Iterator[Named]:
    """The weights of each row of a stack, ``_l0``, ``_l1``, ..., in each direction."""
    for row in range(len(scan.rows) or 1):
        # An upper row reads what the one below it gives, of both directions side by side.
        width = layer.width if row == 0 else layer.units * scan.direction.count
        for end in ("", "_reverse")[: scan.direction.count]:
            yield from _cell(layer, width, f"_l{row}{end}")


def _cell(layer: Layer, width: Size, end: str) -> Iterator[Named]:
    """One row of a recurrent layer in one direction; its gates are one below the other."""
    gates = layer.units * len(layer_def(layer.kind).gates)
    yield f"weight_ih{end}", (gates, width)
    yield f"weight_hh{end}", (gates, layer.units)
    if _has_bias(layer):
        yield f"bias_ih{end}", (gates,)
        yield f"bias_hh{end}", (gates,)


def _attention(layer: Layer) -> Iterator[Named]:
    width, memory = layer.width, layer.size("memory")
    if width == memory:
        yield "in_proj_weight", (width * 3, width)
    elif not is_open(layer):
        for part, size in (("q", width), ("k", memory), ("v", memory)):
            yield f"{part}_proj_weight", (width, size)
    yield "in_proj_bias", (width * 3,)
    yield "out_proj.weight", (width, width)
    yield "out_proj.bias", (width,)


def is_open(layer: Layer) -> bool:
    """Whether parameters decide if an attention's memory is as wide as its query.

    PyTorch keeps one array of projections where the numbers are equal, however they are written.
    """
    return bool((layer.width - layer.size("memory")).names)
