"""drawing + what each block reads → the blocks whose state passes from call to call, and their states as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle.cells import STATES
from seqdsl.verify.oracle.steps import Carried

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.values import Walk


def carried_blocks(
    drawing: Drawing, read: Mapping[int, set[int]], reading: Sequence[int]
) -> Iterator[Carried]:
    """The rows with a ``*``, and the causal convolutions on the way of a row with two, in reading order."""
    ends = {(item.block, item.leaves) for item in drawing.states.ends}
    cut = {block for block, _ in ends if {(block, False), (block, True)} <= ends}
    cut = _joined(drawing, read, cut)
    for index in reading:
        settings = drawing.settings[index]
        taken, given = (index, False) in ends, (index, True) in ends
        if taken or given:
            yield Carried(index, taken, given)
        elif index in cut and settings.kind == "conv":
            # kernel 3, dilation 2: x[t - 4], x[t - 2], x[t]: four steps before a piece are read in it.
            kernel, dilation = (
                int(settings.arguments[name].value(drawing.values))  # type: ignore[union-attr]
                if name in settings.arguments
                else 1
                for name in ("kernel", "dilation")
            )
            if kernel > 1:
                yield Carried(index, True, True, (kernel - 1) * dilation)


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


def take_states(walk: Walk, arrays: Sequence[Array]) -> None:
    """Take the states among the arguments: a vector for each part, or the steps that a convolution kept."""
    given = iter(arrays)
    for item in walk.steps.carried:
        if item.is_taken:
            count = 1 if item.before else STATES[walk.kind(item.block)]
            walk.taken[item.block] = tuple(next(given) for _ in range(count))


def given_states(walk: Walk) -> Iterator[Array]:
    """The states among the results, in order."""
    for item in walk.steps.carried:
        if not item.is_given:
            continue
        if not item.before:
            yield from walk.states[item.block][0]
            continue
        # What was kept, then what was read in this call: the last steps of both together are kept for the next.
        kept = np.moveaxis(walk.taken[item.block][0], -2, 0)
        steps = np.broadcast_arrays(*kept, *walk.inputs(item.block))
        yield np.stack(steps[-item.before :], -2)
