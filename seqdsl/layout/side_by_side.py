"""wiring → its frames side by side: each right of what it reads, and results from left to right in their order."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from seqdsl.layout.delayed_columns import move_delayed
from seqdsl.layout.frame_order import order_frames
from seqdsl.layout.frames import Frames
from seqdsl.layout.reading import reads
from seqdsl.layout.spacing import HALF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.layout.frames import Lengths
    from seqdsl.layout.wiring import Wiring


def frames_of(wiring: Wiring, lengths: Sequence[Lengths] = (), *, straight: bool = False) -> Frames:
    """The frames of a wiring, side by side.

    Args:
        wiring: the wiring.
        lengths: how long each block is in this and other wirings, if there are any.
        straight: whether the longest way through it stays in whole columns.
    """
    frames = Frames(wiring, lengths, straight=straight)
    _arrange(frames)
    move_delayed(wiring, frames.columns)
    return frames


def _arrange(frames: Frames) -> None:
    """Move frames, and what stands over several of them, to where they are drawn."""
    start = Fraction(0)
    columns = frames.columns
    for frame in order_frames(frames.wiring, frames.frame):
        members = [at for at, of in enumerate(frames.frame) if of == frame]
        if frame in frames.floating:
            _float(frames, frame, members)
        else:
            low = min(columns[at][0] for at in members)
            _move(frames, members, Fraction(ceil(start - low)))
        start = max(start, max(columns[at][-1] for at in members) + 1)
    _order_outputs(frames)


def _order_outputs(frames: Frames) -> None:
    """Move results that are vectors to the left of those that are behind them: that is the order of results."""
    #     Y Y        `B` is in the middle over all of `H`, but is the second result: `Y` keeps its columns, and the
    #  B             first one, if it is the vector, stands left of all that follow it.
    # H H H H
    outputs = frames.wiring.outputs
    for place, at in enumerate(outputs):
        if frames.wiring.blocks[at].steps is None and not _is_read(frames, at):
            before, behind = (
                [frames.columns[item][0] for item in of]
                for of in (outputs[:place], outputs[place + 1 :])
            )
            frames.columns[at] = [_in_order(frames.columns[at][0], before, behind)]


def _in_order(own: Fraction, before: Sequence[Fraction], behind: Sequence[Fraction]) -> Fraction:
    """The column of a result that is not left of those before it, nor right of those behind it, as far as may be."""
    first, last = min(behind, default=own), max(before, default=own)
    if own > first and max(before, default=first) <= first:
        return first - HALF
    return last + HALF if own < last else own


def _is_read(frames: Frames, at: int) -> bool:
    """Whether something stands over a block."""
    return any(source.block == at for block in frames.wiring.blocks for source in reads(block))


def _float(frames: Frames, frame: int, members: Sequence[int]) -> None:
    """Put a vector of several frames in the middle over all that it reads, and a row over what its steps read."""
    columns = sorted(map(frames.of, reads(frames.wiring.blocks[frame], state=False)))
    if frames.wiring.blocks[frame].steps is not None:
        _stretch(frames, members, columns)
        return
    middle = (columns[0] + columns[-1]) / 2
    # Where others have a column anyway: one more would part their nodes.
    known = {
        column
        for at, of in enumerate(frames.columns)
        for column in of
        if at < frame and columns[0] <= column <= columns[-1]
    }
    near = min(sorted(known), key=lambda column: abs(column - middle))
    _move(frames, members, near - frames.columns[frame][0])


def _stretch(frames: Frames, members: Sequence[int], columns: Sequence[Fraction]) -> None:
    """Give steps 0, 1, 2, ... the columns of what they read, and all that stands over them."""
    # -1   0   1   1 1/2       what is above steps 0 and 1 alone, before them, behind them, and beside them
    # 5    6   9   9 1/2
    last = len(columns) - 1
    for at in members:
        steps = [min(max(floor(column), 0), last) for column in frames.columns[at]]
        frames.columns[at] = [
            columns[step] + column - step
            for step, column in zip(steps, frames.columns[at], strict=True)
        ]


def _move(frames: Frames, members: Sequence[int], by: Fraction) -> None:
    for at in members:
        frames.columns[at] = [column + by for column in frames.columns[at]]
