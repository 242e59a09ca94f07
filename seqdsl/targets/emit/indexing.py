"""steps → indices and slices as Python writes them: from the end where only that is a number, or known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.size import strided

if TYPE_CHECKING:
    from collections.abc import Collection

    from seqdsl.ir.expressions import Slice
    from seqdsl.size import Size


def steps_text(view: Slice, free: Collection[str]) -> str:
    """The slice of the steps of ``view`` in forward order, whatever the direction in which it takes them.

    ``:`` for all of them.
    """
    stride = abs(view.stride)
    start = view.start if view.stride > 0 else view.start - (view.count - 1) * stride
    return slice_text(start, view.count, stride, view.steps, free)


def index_text(index: Size, steps: Size, free: Collection[str]) -> str:
    """A step's index as Python writes it: from the end where only that is a number, or known."""
    # The last of 5 steps, or of n, is -1; the first of both is 0, and that before the last of 5 is 3. A single step
    # is first and last: -1.
    if index.names.intersection(free):
        return str(index - steps)
    if index.constant is not None and (steps.constant is None or index + 1 != steps):
        return str(index)
    back = (index - steps).constant
    return str(back) if back is not None else str(index)


def from_text(start: Size) -> str:
    """The slice from a step on, as formatters write it: ``-2:``, ``-2 * self.rate :``."""
    text = str(start)
    return f"{text} :" if " " in text else f"{text}:"


def slice_text(start: Size, count: Size, stride: int, steps: Size, free: Collection[str]) -> str:
    """The slice ``start:stop:stride`` of steps, for a positive stride.

    What depends on ``free`` lengths, whose names the generated code does not know, is counted from the end.
    """
    # steps           of     as Python writes them, n free
    #
    # 0 1             5      :2
    # 2 3 4           5      -3:
    # 0 to n - 2      n      :-1
    # 0 2 4           7      :5:2
    # 0 2 4 6         7, 8   ::2     a stride may end before the last step
    # 1 3 to 2n - 1   2n     1::2
    stop = start + (count - 1) * stride + 1
    step = f":{stride}" if stride != 1 else ""
    first = _first(start, stop, steps, free, whole=stride == 1)
    last = "" if _ends(start, stop, count, stride, steps) else index_text_stop(stop, steps, free)
    if " " in last and not first + step:
        # As formatters write it: `x[:, : step + 1]`.
        return f": {last}"
    return f"{first}:{last}{step}"


def _ends(start: Size, stop: Size, count: Size, stride: int, steps: Size) -> bool:
    """Whether a slice goes on to the end."""
    if stop == steps:
        return True
    # 0 2 4 of 6: a stride may pass over what is left.
    is_left = _at_least(steps - stop, 0, stride)
    return stride > 1 and (is_left or count == strided(steps, start, stride))


def _first(start: Size, stop: Size, steps: Size, free: Collection[str], *, whole: bool) -> str:
    """A slice's start; counted from the end where it is the last steps, one after the other."""
    if start.constant == 0:
        return ""
    if stop == steps and (start - steps).constant is not None and whole:
        return str((start - steps).constant)
    return index_text(start, steps, free)


def _at_least(rest: Size, low: int, high: int) -> bool:
    constant = rest.constant
    return constant is not None and low <= constant < high


def index_text_stop(stop: Size, steps: Size, free: Collection[str]) -> str:
    """A slice's end: a number if it is one, else counted from the end."""
    if stop.names.intersection(free):
        return str(stop - steps)
    if stop.constant is not None:
        return str(stop)
    back = (stop - steps).constant
    return str(back) if back is not None else str(stop)
