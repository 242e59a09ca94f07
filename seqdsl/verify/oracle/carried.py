"""drawing + what each block reads → the blocks whose state passes from call to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.verify.oracle.steps import Carried

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.lowering.drawing import Drawing


def carried_blocks(
    drawing: Drawing, read: Mapping[int, set[int]], reading: Sequence[int]
) -> Iterator[Carried]:
    """The rows with a ``*``, and what else keeps state on the way of a row with two, in reading order."""
    taken = {item.block for item in drawing.states.ends if not item.leaves}
    given = {item.block for item in drawing.states.ends if item.leaves}
    cut = _joined(drawing, read, taken & given)
    for index in reading:
        if index in taken | given:
            yield Carried(index, index in taken, index in given)
        elif index in cut and (before := _steps_before(drawing, index)):
            yield Carried(index, True, True, before)
        elif index in cut and drawing.settings[index].kind == "position":
            yield Carried(index, True, True, counts=True)


def _steps_before(drawing: Drawing, index: int) -> int:
    """How many steps before a piece are read in it: 0 but of a convolution."""
    settings = drawing.settings[index]
    if settings.kind != "conv":
        return 0
    # kernel 3, dilation 2: x[t - 4], x[t - 2], x[t]: four steps.
    kernel, dilation = (
        int(settings.arguments[name].value(drawing.values)) if name in settings.arguments else 1  # type: ignore[union-attr]
        for name in ("kernel", "dilation")
    )
    return (kernel - 1) * dilation


def _joined(drawing: Drawing, read: Mapping[int, set[int]], begin: set[int]) -> set[int]:
    """The sequences that wires join to those in ``begin``, in either direction."""
    is_sequence = [not block.is_vector for block in drawing.blocks]
    found: set[int] = set()
    waiting = list(begin)
    while waiting:
        index = waiting.pop()
        if index in found or not is_sequence[index]:
            continue
        found.add(index)
        waiting += read[index]
        waiting += [reader for reader, sources in read.items() if index in sources]
    return found
