"""blocks one after the other, and accesses → the indices of the steps that are read there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.lowering.strided_access import ZeroSteps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.lowering.strided_access import Access
    from seqdsl.size import Size

    Steps = Sequence[Size | None] | Mapping[int, Size | None]
    Source = tuple[int, bool]
    """A block's value, or its final state."""


def offsets_in_row(sources: Sequence[Source], steps: Steps) -> list[int] | None:
    """Where each source begins when all stand one after the other, and at last where they end.

    Returns:
        One number more than there are sources; ``None`` if one of them has a free length.
    """
    offsets = [0]
    for block, final in sources:
        length = None if final else steps[block]
        count = 1 if length is None else length.constant
        if count is None:
            return None
        offsets.append(offsets[-1] + count)
    return offsets


def indices_of(
    access: Access, offsets: Mapping[Source, int], zero: int, steps: Steps
) -> list[int] | None:
    """Where each step of an access reads, if that is known before run time.

    Args:
        access: what is read.
        offsets: where each source begins.
        zero: where a step of zeros stands.
        steps: the length of each block.
    """
    count = access.count.constant
    if isinstance(access, ZeroSteps):
        return None if count is None else [zero] * count
    start = access.start.constant
    if start is None or count is None:
        return None
    single = access.final or steps[access.block] is None
    first = offsets[access.block, access.final] + (0 if access.final else start)
    stride = 0 if single else access.stride
    return [first + stride * (step // access.each) for step in range(count)]
