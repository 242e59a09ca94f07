"""operands → window: whether a row reads a window of its neighbors, that is, whether it is a convolution."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.lowering.operands import Operand, StridedAccess, ZeroSteps
from seqdsl.records import record
from seqdsl.size import Size

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


class _Run(NamedTuple):
    """What an operand reads: ``access``, after ``before`` zero steps, and zeros behind it."""

    before: Size
    access: StridedAccess


def find_window(
    operands: Sequence[Operand], steps: Size | None, lengths: Sequence[Size | None]
) -> Window | None:
    r"""The window that all steps of a block read, if they do.

    Args:
        operands: what the block sees.
        steps: its length.
        lengths: the length of each block.

    Example:
        Two operands of a run each; where a window leaves X, a step of the operand is zero::

            Y Y Y Y     `|`   X0 X1 X2 X3     offset 0: step j reads X at j
            |\|\|\|     `\`   X1 X2 X3 -      offset 1
            X X X X
                        kernel 2, stride 1, dilation 1 (from one offset to the next), before 0, after 1

            Y   Y       `|`   X0 X2           offset 0: step j reads X at 2 * j
            |\  |\      `\`   X1 X3           offset 1
            X X X X
                        kernel 2, stride 2, dilation 1, before 0, after 0
    """
    runs = _runs(operands)
    if steps is None or runs is None:
        return None
    block = runs[0].access.block
    length, pattern = lengths[block], _pattern(runs)
    if length is None or pattern is None:
        return None
    offsets, stride, dilation = pattern
    if not all(
        _is_full(run, offset, stride, length, steps)
        for run, offset in zip(runs, offsets, strict=True)
    ):
        return None
    if stride > 1 and length.constant is None:
        # A convolution would drop what is left over; the steps side by side do not fit then, and say so.
        return None
    # The last step's window ends at (steps - 1) * stride + offsets[-1], the block at length - 1.
    after = ((steps - 1) * stride + offsets[-1] - (length - 1)).constant
    if after is None:
        return None
    return Window(block, len(offsets), stride, dilation, -offsets[0], after)


def _runs(operands: Sequence[Operand]) -> list[_Run] | None:
    """The runs of several operands that all read one block."""
    # A window of one step is no window; and of operands that read several blocks there is no convolution.
    runs = [run for operand in operands if (run := _run(operand)) is not None]
    if len(operands) < 2 or len(runs) < len(operands):
        return None
    return runs if len({run.access.block for run in runs}) == 1 else None


def _run(operand: Operand) -> _Run | None:
    """The one run of an operand; ``None`` if it has another number of them, or none that goes forward."""
    wired = operand.wired
    if operand.bus is not None or len(wired) != 1:
        return None
    access, first = wired[0], operand.accesses[0]
    if access.final or access.stride < 1 or access.each > 1:
        return None
    return _Run(first.count if isinstance(first, ZeroSteps) else Size.of(0), access)


def _pattern(runs: Sequence[_Run]) -> tuple[list[int], int, int] | None:
    """The offsets of a window's steps, its stride and its dilation, if the runs have such in common."""
    stride = _common_stride(runs)
    offsets = None if stride is None else _offsets(runs, stride)
    dilation = None if offsets is None else _common_gap(offsets)
    if stride is None or offsets is None or dilation is None:
        return None
    return offsets, stride, dilation


def _common_stride(runs: Sequence[_Run]) -> int | None:
    """The stride of all runs; a run of one step has any."""
    strides = {run.access.stride for run in runs if run.access.count != Size.of(1)}
    return next(iter(strides), 1) if len(strides) < 2 else None


def _offsets(runs: Sequence[_Run], stride: int) -> list[int] | None:
    """Where each run would read the block at the row's first step, perhaps before its beginning."""
    offsets = [(run.access.start - run.before * stride).constant for run in runs]
    known = [offset for offset in offsets if offset is not None]
    return known if len(known) == len(offsets) else None


def _common_gap(offsets: Sequence[int]) -> int | None:
    """How far apart neighbors are, if all are equally far, and each is behind the one before it."""
    # Offsets -1 0 1 have gap 1, offsets -2 0 2 are dilated by 2; 0 1 3 is no window that a kernel could have.
    gaps = {right - left for left, right in pairwise(offsets)}
    return gaps.pop() if len(gaps) == 1 and min(gaps) > 0 else None


def _is_full(run: _Run, offset: int, stride: int, length: Size, steps: Size) -> bool:
    """Whether zeros stand exactly where the window leaves the block.

    ::

        -  X0 X1 X2     offset -1, stride 1: one zero, ceil(1 / 1), and then no step of X is left out
        -  -  X1 X2     not full: the second step could read X0
    """
    before, access = run
    # The first steps read in front of the block: as many of them as it takes to get to step 0.
    if before != Size.of(max(0, -(offset // stride))):
        return False
    after = steps - before - access.count
    if after == Size.of(0):
        return True
    # And the last ones behind it: the step after the last that is read must be outside.
    beyond = (access.start + access.count * stride - length).constant
    return beyond is not None and beyond >= 0
