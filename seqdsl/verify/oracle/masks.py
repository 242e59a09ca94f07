"""steps → which of them are valid: what the padding of a masked sequence reaches, wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle.steps import FINAL, Counted, Place, Source

if TYPE_CHECKING:
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.walk import Walk


def find(walk: Walk, index: int) -> list[Array] | None:
    """For each step of a block, the samples for which it is no padding; ``None`` if it is not masked."""
    if walk.drawing.blocks[index].is_vector or walk.kind(index) == "split":
        return None
    if walk.kind(index) == "embedding" and walk.argument(index, "mask"):
        places = [step[0] for step in walk.steps.seen[index]]
        return [walk.place(place) != 0 if place else np.zeros(walk.batch, bool) for place in places]
    found = [_of_step(walk, step, seen) for step, seen in enumerate(walk.steps.seen[index])]
    if all(real is None for real in found):
        return None
    everything = np.ones(walk.batch, bool)
    return [everything if real is None else real for real in found]


def _of_step(walk: Walk, step: int, seen: tuple[Place | None, ...]) -> Array | None:
    """A step is valid where all that it sees, wire by wire, is valid; a row's last steps count as valid."""
    alone = [place for place in seen if place and not place.bus and not place.repeated]
    single = [next(place.counted()) for place in alone]
    masked = [
        (source, how)
        for source, how in single
        if source.step != FINAL and source.block in walk.real and how is not Counted.FROM_LAST
    ]
    if len({how for _, how in masked}) == 1 and masked[0][1] is Counted.IN_PLACE:
        # A window reaches into the padding before it does: its own step tells.
        own = {source.block for source, _ in masked if source.step == step}
        masked = [one for one in masked if one[0].block not in own or one[0].step == step]
    if not masked:
        return None
    return np.logical_and.reduce([is_real(walk, source, how) for source, how in masked])


def is_real(walk: Walk, source: Source, how: Counted) -> Array:
    """The samples for which a value is no padding."""
    if source.step == FINAL or source.block not in walk.real:
        return np.ones(walk.batch, bool)
    if how is Counted.IN_PLACE:
        return walk.real[source.block][source.step]
    lengths = np.sum(walk.real[source.block], axis=0)
    number = _number(walk, source, how)
    return lengths > number if how is Counted.FROM_FIRST else lengths >= number


def _number(walk: Walk, source: Source, how: Counted) -> int:
    """Which valid step is read: how many stand before it or, from the last, how many from it on."""
    if how is Counted.FROM_FIRST:
        return source.step
    return len(walk.values[source.block]) - source.step


def counted(walk: Walk, source: Source, how: Counted) -> Array:
    """A valid step of each sample; zero where there are not so many."""
    values = np.stack(np.broadcast_arrays(*walk.values[source.block]), -2)
    real = np.stack(walk.real[source.block])
    number = _number(walk, source, how)
    found = np.zeros_like(values[..., 0, :])
    for sample in range(walk.batch):
        (steps,) = np.nonzero(real[:, sample])
        if len(steps) > (number if how is Counted.FROM_FIRST else number - 1):
            step = steps[number if how is Counted.FROM_FIRST else -number]
            found[..., sample, :] = values[..., sample, step, :]
    return found
