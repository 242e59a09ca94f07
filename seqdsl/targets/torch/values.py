"""a node's value → its variable: what follows on every computation of PyTorch code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Code, Text
from seqdsl.targets.emit.padding import zero_padded
from seqdsl.targets.torch.activations import activated
from seqdsl.targets.torch.masks import SPELLING

if TYPE_CHECKING:
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter


def computed(node: Block, value: Code, to: TorchEmitter) -> None:
    """Write a node's value; padded steps give zeros."""
    to.values[node.index] = Text(node.name)
    if value != Text(node.name):
        to.assign(Text(node.name), value)
    zero_padded(node, to, SPELLING)


def with_activation(node: Block, value: Code, to: TorchEmitter, axis: int = -1) -> Code:
    """A value, whose features are on an axis, behind the activation of the node's layer."""
    return activated(str(to.layer(node).arguments.get("activation") or "linear"), value, axis)
