"""units → pieces: which steps of a block read which steps of another, as runs.

Pieces keep a picture of any length small, and carry lengths that are known only at run time.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.model.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ZERO = -1


@dataclass(frozen=True, slots=True)
class Piece:
    """``count`` steps that read ``block`` at ``start``, ``start + stride``, ...

    Attributes:
        block: the block that is read; `ZERO` where nothing is wired.
        start: its first step that is read.
        count: how many steps read it.
        stride: from one read step to the next; 0 where one value is read again and again.
        final: whether the block's final state is read instead of a step.
    """

    block: int
    start: Size
    count: Size
    stride: int = 1
    final: bool = False


def find_runs(
    sources: Sequence[int], owner: Sequence[int], breaks: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Split sources into runs ``(first, count, stride)`` of one block, without an ellipsis in between."""
    count = len(sources)
    first = sources[0]
    if (
        not breaks and first >= 0 and owner[first] == owner[min(first + count, len(owner)) - 1]
    ) and sources == list(range(first, first + count)):
        yield 0, count, 1
        return
    start = 0
    while start < count:
        end, stride = _extent(sources, start, owner, breaks)
        yield start, end - start, stride
        start = end


def _extent(
    sources: Sequence[int],
    start: int,
    owner: Sequence[int],
    breaks: Sequence[int],
) -> tuple[int, int]:
    """Where the run that begins at ``start`` ends, and its stride."""
    source, end = sources[start], start + 1
    if end == len(sources):
        return end, 1
    following = sources[end]
    stride = following - source if source >= 0 else 0
    if source >= 0 and following < 0:
        return end, 1
    while end < len(sources):
        last, following = sources[end - 1], sources[end]
        if following != last + stride:
            break
        if source >= 0 and (owner[following] != owner[source] or _crosses(last, following, breaks)):
            break
        end += 1
    return end, stride if end - start > 1 else 1


def _crosses(left: int, right: int, breaks: Sequence[int]) -> bool:
    """Whether an ellipsis stands between two units of a block."""
    return bool(breaks) and bisect_right(breaks, left) != bisect_right(breaks, right)


def append(pieces: list[Piece], piece: Piece) -> None:
    """Add a piece; if it goes on where the last one ends, make them one."""
    if piece.count == Size.of(0):
        return
    if pieces:
        joined = _joined(pieces[-1], piece)
        if joined is not None:
            pieces[-1] = joined
            return
    pieces.append(piece)


def _joined(left: Piece, right: Piece) -> Piece | None:
    if left.block != right.block or left.final != right.final:
        return None
    count = left.count + right.count
    if left.block == ZERO:
        return replace(left, count=count)
    one = Size.of(1)
    gap = (right.start - left.start).constant if left.count == one else left.stride
    stride = right.stride if left.count == one and right.count != one else gap
    if stride is None or left.start + left.count * stride != right.start:
        return None
    if right.count != one and right.stride != stride:
        return None
    return replace(left, count=count, stride=stride)
