"""steps → which of them are real: what the padding of a masked sequence reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.reference.steps import FINAL, Place, Source

if TYPE_CHECKING:
    from seqdsl.verify.reference.functions import Array
    from seqdsl.verify.reference.walk import Walk


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
    """A step is real where all that it sees, wire by wire, is real."""
    single = [place for place in seen if place and not place.bus and not place.at_end]
    sources = [place.sources[0] for place in single if place.sources[0].step != FINAL]
    masked = [source for source in sources if source.block in walk.real]
    # A window reaches into the padding before it does: its own step tells.
    own = {source.block: source for source in masked if source.step == step}
    kept = [source for source in masked if own.get(source.block, source) == source]
    if not kept:
        return None
    return np.logical_and.reduce([is_real(walk, source) for source in kept])


def is_real(walk: Walk, source: Source) -> Array:
    """The samples for which a value is no padding."""
    if source.step == FINAL or source.block not in walk.real:
        return np.ones(walk.batch, bool)
    return walk.real[source.block][source.step]


def from_end(walk: Walk, source: Source) -> Array:
    """A step counted from the last real one of each sample; zero where there are not so many."""
    values = walk.values[source.block]
    back = len(values) - source.step
    lengths = np.sum(walk.real[source.block], axis=0)
    steps = np.stack(np.broadcast_arrays(*values), -2)
    taken = steps[..., np.arange(walk.batch), np.maximum(lengths - back, 0), :]
    return np.where((lengths >= back)[:, None], taken, 0)
