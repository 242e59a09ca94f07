"""drawing + what each block reads → the blocks whose state passes from call to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.verify.oracle.steps import BEFORE, Carried

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.steps import Operands


def carried_blocks(
    drawing: Drawing,
    read: Mapping[int, set[int]],
    reading: Sequence[int],
    operands: Sequence[Sequence[Operands]],
) -> Iterator[Carried]:
    """The rows with a ``*``, and what else keeps state on the way of a row with two, in reading order."""
    taken = {item.block for item in drawing.states.ends if not item.leaves}
    given = {item.block for item in drawing.states.ends if item.leaves}
    cut = _joined(drawing, read, taken & given)
    reads = cut | _single(drawing, taken & given)
    for index in reading:
        if index in taken | given:
            yield Carried(index, index in taken, index in given)
        elif index in cut:
            yield from _kept(drawing, index)
        count = _values_before(index, reads, operands)
        # The last value of a recurrent row is the state that it gives.
        if count > (1 if index in taken & given else 0):
            is_ids = drawing.settings[index].kind in ("tokens", "argmax", "sample")
            yield Carried(index, True, True, last=count, is_ids=is_ids)


def _single(drawing: Drawing, begin: set[int]) -> set[int]:
    """All that has one node, where a row with two ends has: each call is one step then, the one before it the last."""
    vectors = {index for index, block in enumerate(drawing.blocks) if block.is_vector}
    return vectors if begin & vectors else set()


def _kept(drawing: Drawing, index: int) -> Iterator[Carried]:
    """What a row without a ``*`` keeps for the next call."""
    if before := _steps_before(drawing, index):
        yield Carried(index, True, True, before)
    elif drawing.settings[index].kind == "position":
        yield Carried(index, True, True, counts=True)


def _values_before(letter: int, cut: set[int], operands: Sequence[Sequence[Operands]]) -> int:
    """How many steps before the first one of a letter are read in rows that are cut."""
    # y y y, each two steps back: of the first two steps, -3 and -2 as `BEFORE` counts, one is two before the first.
    depths = (
        BEFORE - source.step + 1
        for index in cut
        for step in operands[index]
        for place in step
        if place
        for source in place.sources
        if source.block == letter and source.step <= BEFORE
    )
    return max(depths, default=0)


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
