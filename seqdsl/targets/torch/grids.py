"""layers over the grids of steps → PyTorch, which has the channels of an image before its height and width.

Everywhere in a module an image is (batch, [steps], channels, height, width); a grid of one axis keeps its features
last, (batch, [steps], places, features). What takes images one by one takes those of all steps as one batch::

    folded = x.flatten(0, 1).contiguous(memory_format=torch.channels_last)
    # (batch * steps, channels, height, width)
    conv2d_c = torch.relu(self.conv2d_c(folded))
    pooled_p = self.pooled_p(conv2d_c)
    flat_f = torch.unflatten(pooled_p.movedim(-3, -1).flatten(-3), 0, x.shape[:2])

Of `unflatten` only the function tells type checkers what it gives, the method does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Expression, Value
from seqdsl.ir.operations import Apply, Merge
from seqdsl.layers import Combination, layer_def
from seqdsl.layers._grids import FLAT, WINDOWS
from seqdsl.size import Size
from seqdsl.targets.code import Attribute, Code, Index, call, is_name, method, tuple_of
from seqdsl.targets.torch.activations import is_of_features
from seqdsl.targets.torch.axes import IMAGE
from seqdsl.targets.torch.expressions import emit
from seqdsl.targets.torch.values import with_activation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.ir.graph import Layer, Node
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter

_ONE = Size.of(1)


def is_of_grids(node: Node, to: TorchEmitter) -> bool:
    """Whether a node's layer is one of grids, or a normalization that reads one."""
    assert isinstance(node.operation, Apply)
    definition = layer_def(node.kind)
    is_normalized = definition.has_statistics and bool(to.places(node.operation.operand))
    return definition.grid is not None or is_normalized


def is_of_channels(node: Node, to: TorchEmitter) -> bool:
    """Whether a node's layer looks at all channels of a place of an image, which are not on the last axis."""
    assert isinstance(node.operation, Apply)
    return len(to.places(node.operation.operand)) == IMAGE and not is_of_numbers(node)


def grid_layer(node: Block, apply: Apply, to: TorchEmitter) -> Code:
    """What a layer of grids makes of what a node reads."""
    rule = layer_def(node.kind).grid
    axes = len(to.places(apply.operand))
    if rule is FLAT or (rule is not None and rule.how is not None):
        value, leading = _taken(apply.operand, to)
        made = _flat(value, axes) if rule.how is None else _over_all(value, axes, rule.how)
        return made if leading is None else call("torch.unflatten", made, 0, leading)
    if axes < IMAGE:
        # Only a normalization takes a grid of places; PyTorch's takes (batch, features).
        value = emit(apply.operand, to)
        value = value if is_name(value) else to.name("places", value)
        rows = call(to.attribute(node), method(value, "flatten", 0, -2))
        return method(rows, "view_as", value)
    return _of_images(node, apply, to)


def _of_images(node: Block, apply: Apply, to: TorchEmitter) -> Code:
    """What a layer that takes images one by one makes of those of all steps."""
    value, leading = _folded(node, apply.operand, to)
    if layer_def(node.kind).grid is WINDOWS:
        value = _padded(to.layer(node), value, to)
    made = with_activation(node, _applied(node, value, to), to, -3)
    if leading is None:
        return made
    if node.index in folded(to):
        to.leading[node.index] = leading
        return made
    return call("torch.unflatten", made, 0, leading)


def _applied(node: Block, value: Code, to: TorchEmitter) -> Code:
    """What the module of a node makes of (batch, channels, height, width)."""
    if layer_def(node.kind).has_statistics and not _is_of_images_alone(to.layer(node).name, to):
        # `BatchNorm2d` takes nothing else, `BatchNorm1d` takes places side by side: (batch, channels, places).
        value = value if is_name(value) else to.name("images", value)
        places = call(to.attribute(node), method(value, "flatten", -2))
        return method(places, "view_as", value)
    return call(to.attribute(node), value)


def _is_of_images_alone(name: str, to: TorchEmitter) -> bool:
    """Whether a normalization is applied to images only: not to features alone, nor to places of one axis."""
    if name not in to.images:
        # N is above mean(grid) and below it: said once for all nodes of its letter.
        users = (item for item in to.graph.nodes if item.layer and item.layer.name == name)
        to.images[name] = all(len(item.grid) == IMAGE for item in users)
    return to.images[name]


def _taken(operand: Expression, to: TorchEmitter) -> tuple[Code, Code | None]:
    """What a layer that takes any number of axes in front reads, and its batch and steps if these are one axis."""
    leading = to.leading.get(operand.block) if isinstance(operand, Value) else None
    return emit(operand, to), leading


def _flat(value: Code, axes: int) -> Code:
    """All places side by side: height, then width, then channels."""
    # (8, 14, 14) is turned to (14, 14, 8) first: other frameworks, and pictures, have the channels of a place together.
    last = method(value, "movedim", -3, -1) if axes == IMAGE else value
    return method(last, "flatten", -1 - axes)


def _over_all(value: Code, axes: int, how: Combination) -> Code:
    """All places as one."""
    over: object = tuple_of(-2, -1) if axes == IMAGE else -2
    return method(value, "amax" if how is Combination.MAX else "mean", dim=over)


def _folded(node: Block, operand: Expression, to: TorchEmitter) -> tuple[Code, Code | None]:
    """Images as (batch, channels, height, width), and the code of batch and steps if both are the batch."""
    value, leading = _taken(operand, to)
    if leading is not None or node.steps is None:
        return value, leading
    value = value if is_name(value) else to.name("images", value)
    # (batch, steps, channels, height, width) -> (batch * steps, channels, height, width)
    whole = method(value, "flatten", 0, 1)
    if _ends_flat(node, to):
        # The same shape, but the channels of a place lie together in memory, and stay so in what convolutions and
        # pooling give: `flatten` need not copy, and both are faster (a call of `frames` takes half the time).
        whole = method(whole, "contiguous", memory_format="torch.channels_last")
    if whole not in to.padded:
        to.padded[whole] = to.name("folded", whole)
    return to.padded[whole], Index(Attribute(value, "shape"), ":2")


def _ends_flat(node: Node, to: TorchEmitter) -> bool:
    """Whether the images that a node gives, one batch of all steps, are flattened further on."""
    reached = [node] if node.index in folded(to) else []
    # It grows while it is walked: conv2d -> maxpool2d -> flatten.
    for giver in reached:
        readers = to.readers(giver)
        if any(_is_flat(reader) for reader in readers):
            return True
        reached += [item for item in readers if item.index in folded(to) and item not in reached]
    return False


def _is_flat(node: Node) -> bool:
    return isinstance(node.operation, Apply) and layer_def(node.kind).grid is FLAT


# Padding


def _around(layer: Layer) -> tuple[Size, Size]:
    """How many zeros a convolution has before and after each row of its places: one and two for a kernel of 4."""
    if layer.arguments.get("padding") == "valid":
        return Size.of(0), Size.of(0)
    # Kernel 3: one before and one after. Kernel 4: one and two.
    reach = layer.size("kernel") - 1
    return reach // 2, reach - reach // 2


def own_padding(layer: Layer) -> str:
    """What a convolution is told to pad by itself; empty where it cannot, or has nothing to pad."""
    before, after = _around(layer)
    if before == after:
        return str(before) if before != Size.of(0) else ""
    # PyTorch's "same" pads the odd zero behind, as the language does; it has none beside a stride.
    return '"same"' if (layer.arguments.get("stride") or _ONE) == _ONE else ""


def _padded(layer: Layer, value: Code, to: TorchEmitter) -> Code:
    before, after = _around(layer)
    if before == after or own_padding(layer):
        return value
    sides = (to.size(before), to.size(after))
    return call("F.pad", value, tuple_of(*sides, *sides))


# Which images of all steps are one batch


def folded(to: TorchEmitter) -> frozenset[int]:
    """The nodes whose variables have batch and steps as one axis; all are looked up at once."""
    if to.folded is None:
        to.folded = frozenset(_choose(to))
    return to.folded


def _choose(to: TorchEmitter) -> set[int]:
    """Those that nothing but layers over images reads, or what computes each number by itself among such."""
    # What is returned has steps.
    outputs = {item.block for item in to.graph.outputs}
    nodes = [n for n in to.graph.nodes if n.index not in outputs and _may_be(n, to)]
    chosen = {node.index: node for node in nodes}
    # As with channels: to leave one out may leave out others, until nothing changes.
    while dropped := [node for node in chosen.values() if not _may_stay(node, chosen, to)]:
        for node in dropped:
            del chosen[node.index]
    return set(chosen)


def _may_stay(node: Node, chosen: Collection[int], to: TorchEmitter) -> bool:
    return _fits(node, chosen, to) and _is_read(node, to.readers(node), chosen, to)


def _may_be(node: Node, to: TorchEmitter) -> bool:
    is_image = node.steps is not None and len(node.grid) == IMAGE and not node.masking
    return is_image and (_is_native(node, to) or bool(by_itself(node)))


def _is_native(node: Node, to: TorchEmitter) -> bool:
    """Whether PyTorch's layer of a node takes images one by one."""
    operation = node.operation
    if not isinstance(operation, Apply) or len(to.places(operation.operand)) != IMAGE:
        return False
    definition = layer_def(node.kind)
    return definition.has_statistics or (definition.grid is not None and bool(definition.grid.axes))


def by_itself(node: Node) -> Sequence[Expression]:
    """What a node reads, if it computes each number of it by itself: sums, activations, dropout; else nothing."""
    operation = node.operation
    if isinstance(operation, Merge):
        return operation.operands
    is_plain = isinstance(operation, Apply) and is_of_numbers(node)
    return (operation.operand,) if is_plain and isinstance(operation, Apply) else ()


def is_of_numbers(node: Node) -> bool:
    """Whether a layer computes each number by itself."""
    definition = layer_def(node.kind)
    if definition.is_function:
        return node.layer is not None and not is_of_features(node.layer.arguments["activation"])
    # Dropout; a `layernorm` has weights, what chooses or draws looks at all features.
    return not (definition.weights or definition.chooses or definition.draws or definition.grid)


def _fits(node: Node, chosen: Collection[int], to: TorchEmitter) -> bool:
    own = by_itself(node)
    return _is_native(node, to) or all(_is_among(item, chosen) for item in own)


def _is_among(item: Expression, chosen: Collection[int]) -> bool:
    return isinstance(item, Value) and item.block in chosen


def _is_read(
    node: Node, readers: Sequence[Node], chosen: Collection[int], to: TorchEmitter
) -> bool:
    """Whether all that reads a node takes batch and steps as one axis."""
    return all(_takes(reader, node, chosen, to) for reader in readers)


def _takes(reader: Node, node: Node, chosen: Collection[int], to: TorchEmitter) -> bool:
    # A sum of two folded ones is folded, too.
    if reader.index in chosen and by_itself(reader):
        return True
    operation = reader.operation
    is_whole = isinstance(operation, Apply) and operation.operand == Value(node.index)
    return is_whole and (_is_native(reader, to) or layer_def(reader.kind).grid is not None)
