"""convolution of a graph → a row of windows, one around each step of what it reads, and which of them are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Convolve
    from seqdsl.layout.evaluate import Evaluator, Sequence


@record(frozen=True)
class Windows:
    """The windows of a convolution.

    Attributes:
        read: what is read at each step; a window is around each.
        centers: the steps around which the windows are that are used.
        causal: whether the step of a window is its last one, and not its middle.
    """

    read: Sequence
    centers: tuple[int, ...]
    causal: bool


def windows_of(node: Node, operation: Convolve, evaluator: Evaluator) -> Windows:
    """The windows of a node."""
    assert node.layer is not None
    read = evaluator.steps(operation.operand)
    arguments = node.layer.arguments
    number = evaluator.number
    stride = arguments["stride"]
    assert isinstance(stride, int)
    reach = (number(node.layer.size("kernel")) - 1) * number(node.layer.size("dilation"))
    before, after = number(operation.before), number(operation.after)
    count = (len(read) + before + after - reach - 1) // stride + 1
    starts = [stride * at - before for at in range(count)]
    # A window of three from step 2 on: around 3, or up to 4 where it only looks back.
    ways = ((False, reach // 2), (True, reach))
    found = [_around(read, [start + middle for start in starts], causal) for causal, middle in ways]
    return min(found, key=lambda windows: len(windows.read))


def _around(read: Sequence, centers: list[int], causal: bool) -> Windows:
    """Windows around steps; beyond the ends of what is read there are zeros."""
    before, behind = max(0, -centers[0]), max(0, centers[-1] + 1 - len(read))
    wide = [*[()] * before, *read, *[()] * behind]
    return Windows(wide, tuple(center + before for center in centers), causal)
