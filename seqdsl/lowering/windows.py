"""operands → windows: whether a row is a convolution, and how it counts steps some of which are padding."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.lowering.measures import Counting
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


@record(frozen=True)
class Moving:
    """Windows of a row of which some steps are padding: each step reads a few steps of it, a fixed number further on.

    Attributes:
        counting: how the steps are counted. In place where there is a window for each of them; where there are
            fewer, or more, as if a sample had its valid steps alone.
        places: the operands that are these windows.
        deciding: those whose padding makes a step padding, as far as they are not in place.
    """

    counting: Counting
    places: tuple[int, ...]
    deciding: tuple[int, ...]


class _Run(NamedTuple):
    """What an operand reads: ``access``, after ``before`` zero steps, and zeros behind it."""

    before: Size
    access: StridedAccess


def find_window(
    operands: Sequence[Operand], steps: Size | None, lengths: Sequence[Size | None]
) -> Window | None:
    r"""The window that all steps of a block read, if they do.

    Args:
        operands: what the block reads.
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
        # A convolution would drop what is left over; the steps side by side do not fit then, and are reported.
        return None
    # The last step's window ends at (steps - 1) * stride + offsets[-1], the block at length - 1.
    after = ((steps - 1) * stride + offsets[-1] - (length - 1)).constant
    if after is None:
        return None
    return Window(block, len(offsets), stride, dilation, -offsets[0], after)


def find_moving(
    operands: Sequence[Operand], steps: Size | None, lengths: Sequence[Size | None]
) -> dict[int, Moving]:
    """The windows that all steps of a block read, by the block that they are of.

    Args:
        operands: what the block reads.
        steps: its length.
        lengths: the length of each block.
    """
    if steps is None:
        return {}
    by_block: dict[int, dict[int, _Run]] = {}
    for place, operand in enumerate(operands):
        run = _run(operand)
        if run is not None and not run.access.earlier:
            by_block.setdefault(run.access.block, {})[place] = run
    found = {
        block: _moving(runs, steps, length)
        for block, runs in by_block.items()
        if len(runs) > 1 and (length := lengths[block]) is not None
    }
    return {block: moving for block, moving in found.items() if moving is not None}


def _moving(runs: dict[int, _Run], steps: Size, length: Size) -> Moving | None:
    r"""The windows that are made of some operands; ``None``: they are none.

    ::

        Y   Y   Y       kernel 3 at stride 2; `/` and `\` leave X where it begins and ends, `|` never does: a step of Y
        |\ /|\ /|       is valid where that of X is which `|` leads to
        X X X X X
    """
    stride = _common_stride(list(runs.values()))
    offsets = None if stride is None else _offsets(list(runs.values()), stride)
    if stride is None or offsets is None or len(set(offsets)) < len(offsets):
        return None
    pairs = zip(runs.values(), offsets, strict=True)
    if not all(_is_full(run, offset, stride, length, steps) for run, offset in pairs):
        return None
    # Y Y Y Y over X X X X: the windows are where the steps of X are, and so is their padding.
    if stride == 1 and steps == length:
        return Moving(Counting.IN_PLACE, tuple(runs), ())
    inside = [place for place, run in runs.items() if run.access.count == steps]
    # Steps are counted from the first valid one: where the last one is there, so are those before it.
    of_inside = dict(zip(runs, offsets, strict=True))
    deciding = (max(inside, key=of_inside.__getitem__),) if inside else tuple(runs)
    return Moving(Counting.FROM_FIRST, tuple(runs), deciding)


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
    fixed = [offset for offset in offsets if offset is not None]
    return fixed if len(fixed) == len(offsets) else None


def _common_gap(offsets: Sequence[int]) -> int | None:
    """How far apart neighbors are, if all are equally far, and each is behind the one before it."""
    # Offsets -1 0 1 have gap 1, offsets -2 0 2 are dilated by 2; 0 1 3 is no window that a kernel could have.
    gaps = {right - left for left, right in pairwise(offsets)}
    return gaps.pop() if len(gaps) == 1 and min(gaps) > 0 else None


def _is_full(run: _Run, offset: int, stride: int, length: Size, steps: Size) -> bool:
    """Whether zeros are exactly where the window leaves the block.

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
