"""argument or result → whether it holds images, whose channels some frameworks have before height and width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.ends import State

if TYPE_CHECKING:
    from seqdsl.ir.ends import Input, Output
    from seqdsl.ir.nodes import GraphData

# A grid of one axis, such as the characters of a word, has its features last everywhere.
IMAGE_AXES = 2
"""Height and width: how many axes the grid of an image has."""


def holds_images(item: Input | Output | State, graph: GraphData) -> bool:
    """Whether an argument, a result or a state holds images with channels."""
    node = graph.nodes[item.block]
    if isinstance(item, State):
        return len(node.grid) == IMAGE_AXES and item.dtype == "float32"
    # Ids have no channels: their shape is that of steps and grid alone.
    return len(node.grid) == IMAGE_AXES and len(item.shape) == len(node.shape)
