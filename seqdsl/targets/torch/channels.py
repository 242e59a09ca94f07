"""specification → which sequences PyTorch has with their features on the second axis, as its convolutions take them.

Without it each convolution turned what it read, and turned back what it gave, for the next one to turn again::

    conv_f = torch.relu(self.conv_f(padded)).transpose(1, 2)        conv_f = torch.relu(self.conv_f(padded))
    max_a = conv_f.amax(dim=1)                                      max_a = conv_f.amax(dim=-1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.analysis.parameter_counts import has_weights
from seqdsl.ir.expressions import Expression, Value
from seqdsl.ir.operations import Apply, Convolve, Merge, Reduce
from seqdsl.layers import layer_def
from seqdsl.targets.code import Code, method
from seqdsl.targets.torch.activations import is_of_features
from seqdsl.targets.torch.expressions import emit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter


def channels_of(expression: Expression, to: TorchEmitter) -> Code:
    """A sequence as (batch, features, steps)."""
    value = emit(expression, to)
    return value if is_channels_first(expression, to) else method(value, "transpose", 1, 2)


def is_channels_first(expression: Expression, to: TorchEmitter) -> bool:
    """Whether a variable has a sequence as (batch, features, steps)."""
    return isinstance(expression, Value) and expression.block in _channels_first(to)


def laid_out(node: Block, channels: Code, to: TorchEmitter) -> Code:
    """A node's value, (batch, features, steps), as its variable has it."""
    kept = node.index in _channels_first(to)
    return channels if kept else method(channels, "transpose", 1, 2)


def is_computed_channels_first(node: Block, to: TorchEmitter) -> bool:
    """Whether a node that computes each number by itself does so on (batch, features, steps)."""
    operands = _by_itself(node)
    return bool(operands) and all(is_channels_first(item, to) for item in operands)


def _channels_first(to: TorchEmitter) -> frozenset[int]:
    """The nodes whose variables have the features on the second axis; all are looked up at once."""
    if to.channels_first is None:
        to.channels_first = frozenset(_choose(to))
    return to.channels_first


def _choose(to: TorchEmitter) -> set[int]:
    r"""The nodes that can be, without those with a reader for which they would be turned back.

    Of a residual block the sum ``A`` is turned once, for what reads it::

        Y   dense      self.dense_y(add_a)                             reads features on the last axis
        |
        A   add        add_a = (conv_g + conv_f).transpose(1, 2)       computes in either order
        |\\
        G | conv       conv_g = self.conv_g(padded)                    reads and gives channels
        |/
        F   conv       conv_f = self.conv_f(x.transpose(1, 2))
    """
    outputs = {item.block for item in to.graph.outputs}
    nodes = [node for node in to.graph.nodes if node.index not in outputs and _may_be(node)]
    chosen = {node.index for node in nodes}
    # A chain of convolutions with a `dense` above: the last one is read as (batch, steps, features), and left out.
    # To leave one out may leave out others, below it and beside it: until nothing changes.
    while dropped := {
        node.index
        for node in nodes
        if node.index in chosen
        and not (_is_read(to.readers(node), chosen) and _has_channels(node, chosen))
    }:
        chosen -= dropped
    return chosen


def _may_be(node: Node) -> bool:
    """Whether a node is a sequence without padded steps that is, or can be, computed on channels."""
    is_sequence = node.steps is not None and not node.masking and not node.grid
    return is_sequence and (_is_native(node) or bool(_by_itself(node)))


def _is_native(node: Node) -> bool:
    """Whether PyTorch's layer of a node gives (batch, features, steps), and nothing is done to that."""
    if isinstance(node.operation, Convolve):
        # `softmax` is over the features, and some steps may be dropped: both need the other order.
        is_plain = not is_of_features(_activation(node))
        return is_plain and node.operation.kept is None
    return _is_normalized(node)


def _is_normalized(node: Node) -> bool:
    is_applied = isinstance(node.operation, Apply) and node.steps is not None
    return is_applied and layer_def(node.kind).has_statistics


def _activation(node: Node) -> object:
    return None if node.layer is None else node.layer.arguments.get("activation")


def _by_itself(node: Node) -> Sequence[Expression]:
    """What a node reads, if it computes each number of it by itself: sums, activations, dropout; else nothing."""
    operation = node.operation
    if isinstance(operation, Merge):
        return operation.operands
    if not isinstance(operation, Apply) or node.layer is None or has_weights(node.layer):
        return ()
    definition = layer_def(node.kind)
    if definition.chooses or definition.draws:
        return ()
    return () if is_of_features(_activation(node)) else (operation.operand,)


def _has_channels(node: Node, chosen: Collection[int]) -> bool:
    """Whether a node has channels to compute on."""
    return _is_native(node) or all(_is_among(item, chosen) for item in _by_itself(node))


def _is_among(expression: Expression, chosen: Collection[int]) -> bool:
    return isinstance(expression, Value) and expression.block in chosen


def _is_read(readers: Sequence[Node], chosen: Collection[int]) -> bool:
    """Whether something reads a node, and all of that takes (batch, features, steps)."""
    # What `encode` alone computes is read by `decode`, whose nodes are those of another graph.
    return bool(readers) and all(_takes(reader, chosen) for reader in readers)


def _takes(reader: Node, chosen: Collection[int]) -> bool:
    operation = reader.operation
    if isinstance(operation, Convolve) or (isinstance(operation, Apply) and _is_normalized(reader)):
        return isinstance(operation.operand, Value)
    # `amax(dim=-1)` over all steps, in place of `amax(dim=1)`; padded steps are left out of it in the other order.
    if isinstance(operation, Reduce):
        is_whole = not operation.memory_masks and operation.repeat is None
        return is_whole and isinstance(operation.operand, Value)
    # A sum of what is turned and what is not would have to turn one of them.
    return bool(operands := _by_itself(reader)) and all(
        _is_among(item, chosen) for item in operands
    )
