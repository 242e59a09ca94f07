"""slots → window: whether a row reads a window of its neighbours, that is, whether it is a convolution."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from seqdsl.ir.size import Size
from seqdsl.model.reads import ZERO, Piece, Slot
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence


@record(frozen=True)
class Window:
    """Step ``j`` reads the steps ``first + stride * j + dilation * i`` of ``block``, for ``i < kernel``.

    Steps before the block's first and after its last are zero.

    Attributes:
        before: zero steps that the windows need before the block; negative: steps of it that they skip.
        after: the same after it.
    """

    block: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int


def find_window(
    slots: Sequence[Slot], steps: Size | None, lengths: Sequence[Size | None]
) -> Window | None:
    """The window that all steps of a block read, if they do.

    Args:
        slots: what the block sees.
        steps: its length.
        lengths: the length of each block.
    """
    runs = [_run(slot) for slot in slots]
    if steps is None or len(runs) < 2 or any(run is None for run in runs):
        return None
    found = [run for run in runs if run is not None]
    block = found[0][1].block
    length = lengths[block]
    if length is None or any(run[1].block != block for run in found):
        return None
    stride = max((run[1].stride for run in found if run[1].count != Size.of(1)), default=1)
    if stride < 1 or any(run[1].stride != stride for run in found if run[1].count != Size.of(1)):
        return None
    offsets = [(run[1].start - run[0] * stride).constant for run in found]
    if any(offset is None for offset in offsets):
        return None
    known = [offset for offset in offsets if offset is not None]
    dilation = known[1] - known[0]
    if dilation < 1 or any(right - left != dilation for left, right in itertools.pairwise(known)):
        return None
    if not all(
        _is_full(run, offset, stride, length, steps)
        for run, offset in zip(found, known, strict=True)
    ):
        return None
    if stride > 1 and length.constant is None:
        # A convolution would drop what is left over; the steps side by side do not fit then, and say so.
        return None
    reach = (steps - 1) * stride + known[-1] - (length - 1)
    if reach.constant is None:
        return None
    return Window(block, len(known), stride, dilation, -known[0], reach.constant)


def _run(slot: Slot) -> tuple[Size, Piece] | None:
    """The one run of a slot, and how many zero steps precede it."""
    wired = [piece for piece in slot.pieces if piece.block != ZERO]
    if (
        slot.bus is not None
        or len(wired) != 1
        or wired[0].final
        or wired[0].stride < 1
        or wired[0].each > 1
    ):
        return None
    before = slot.pieces[0].count if slot.pieces[0].block == ZERO else Size.of(0)
    return before, wired[0]


def _is_full(run: tuple[Size, Piece], offset: int, stride: int, length: Size, steps: Size) -> bool:
    """Whether zeros stand exactly where the window leaves the block."""
    before, piece = run
    if before != Size.of(max(0, -(offset // stride))):
        return False
    after = steps - before - piece.count
    if after == Size.of(0):
        return True
    beyond = (piece.start + piece.count * stride - length).constant
    return beyond is not None and beyond >= 0
