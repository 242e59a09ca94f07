"""steps → which of them are valid: what the padding of a masked sequence reaches, wherever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from seqdsl.verify.oracle.steps import FINAL, Counted, Place, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.values import Walk


def find(walk: Walk, index: int) -> list[Array] | None:
    """For each step of a block, the samples for which it is no padding; ``None`` if it is not masked."""
    if walk.drawing.blocks[index].is_vector or walk.kind(index) == "split":
        return None
    if walk.kind(index) == "embedding" and walk.argument(index, "mask"):
        return _of_tokens(walk, index)
    steps = [of_step(walk, places) for places in walk.steps.operands[index]]
    if all(valid is None for valid in steps):
        return None
    everything = np.ones(walk.batch, bool)
    return [everything if valid is None else valid for valid in steps]


def begin(walk: Walk, index: int, lengths: Array) -> None:
    """Take all that is behind the lengths of an argument of the model for padding; it is zero from here on."""
    values = walk.values[index]
    walk.valid[index] = [lengths > step for step in range(len(values))]
    if walk.kind(index) != "tokens":
        pairs = zip(values, walk.valid[index], strict=True)
        walk.values[index] = [np.where(here[:, None], step, 0) for step, here in pairs]


def find_common(walk: Walk, loop: Sequence[int]) -> dict[int, list[Array]]:
    """For each step of each block of a loop the samples for which it is no padding; empty: it is not masked.

    At a time a step of all blocks is computed, or of none: it is padding if what any of them reads from outside is.
    """
    found = {index: valid for index in loop if (valid := find(walk, index)) is not None}
    if not found:
        return {}
    begins = _begins(walk, loop)
    times: dict[int, list[Array]] = {}
    for index, valid in found.items():
        for step, here in enumerate(valid):
            times.setdefault(begins[index] + step, []).append(here)
    # time 0 1 2 3; D at 0 1 2 3, Y at 1 2 3: a padded step 2 of D is a padded step 1 of Y
    everything = np.ones(walk.batch, bool)
    return {
        index: [
            np.logical_and.reduce(times.get(begins[index] + step, [everything]))
            for step in range(walk.steps.counts[index])
        ]
        for index in loop
    }


def _begins(walk: Walk, loop: Sequence[int]) -> dict[int, int]:
    """When each block of a loop begins, by what its steps read of others: at the same time, or one step before."""
    members = nx.DiGraph()
    members.add_nodes_from(loop)
    for index in loop:
        for later, source, is_earlier in _reads(walk, index, set(loop)):
            known = members.get_edge_data(
                index, source, {"cost": 2, "later": -walk.steps.counts[source]}
            )
            # A wire is preferred to a delayed node, and of several wires the one to the latest step.
            if (is_earlier, -later) < (known["cost"], -known["later"]):
                members.add_edge(index, source, cost=int(is_earlier), later=later)
    begins = {loop[0]: 0}
    joined = nx.minimum_spanning_tree(_undirected(members), weight="cost")
    for known, index in nx.bfs_edges(joined, loop[0]):
        of = joined.edges[known, index]
        begins[index] = begins[known] + (of["later"] if of["reader"] == index else -of["later"])
    return begins


def _undirected(members: nx.DiGraph) -> nx.Graph:
    """The blocks, joined where one reads another; of two that read each other, by the wire, not the delayed node."""
    joined = nx.Graph()
    joined.add_nodes_from(members)
    for reader, source, of in sorted(members.edges(data=True), key=lambda edge: -edge[2]["cost"]):
        if reader != source:
            joined.add_edge(reader, source, cost=of["cost"], later=of["later"], reader=reader)
    return joined


def _reads(walk: Walk, index: int, loop: set[int]) -> Iterator[tuple[int, int, bool]]:
    """By how much a block begins later than another by each wire between them, and whether it is a delayed node."""
    for step, places in enumerate(walk.steps.operands[index]):
        for place in places:
            if place is None or place.bus:
                continue
            source = place.sources[0]
            if source.block in loop and source.step >= 0:
                yield source.step - step + place.earlier, source.block, place.earlier


def _of_tokens(walk: Walk, index: int) -> list[Array]:
    """Where the mask of an embedding begins: the token 0 is padding, and so is what is not wired."""
    places = [step[0] for step in walk.steps.operands[index]]
    # Of a step that holds several ids all have to be 0: (batch, ids) -> (batch,)
    return [
        (walk.ids(place).reshape(walk.batch, -1) != 0).any(-1)
        if place
        else np.zeros(walk.batch, bool)
        for place in places
    ]


def of_step(walk: Walk, places: tuple[Place | None, ...]) -> Array | None:
    """A step is valid where all that it reads, wire by wire, is valid; a row's last steps count as valid."""
    masked = _masked(walk, places)
    if not masked:
        return None
    return np.logical_and.reduce([is_valid(walk, source, how) for source, how in masked])


def of_values(walk: Walk, places: Sequence[Place]) -> Array | None:
    """The samples for which none of some values is padding; ``None`` if none of them is masked."""
    found = [pair for place in places for pair in place.counted()]
    masked = [pair for pair in found if pair[0].step != FINAL and pair[0].block in walk.valid]
    if not masked:
        return None
    return np.logical_and.reduce([is_valid(walk, source, how) for source, how in masked])


def _masked(walk: Walk, places: tuple[Place | None, ...]) -> list[tuple[Source, Counted]]:
    r"""What enters by a wire of its own, for one step alone, of blocks that have padding.

    Of a window for each step it is that step alone, as the window reaches into the padding before the step does::

        Y      y0  y1  y2  y3       y1 takes x0, x1, x2; x2 is padding, x1 is not: y1 is valid
                 / | \
        X      x0  x1   .   .
    """
    # A bus carries several steps, and a repeated value is for the whole row: neither makes a single step padding.
    alone = [place for place in places if place and _is_alone(place)]
    single = [
        (place.decides, Counted.IN_PLACE) if place.decides else next(place.counted())
        for place in alone
    ]
    return [
        (source, how)
        for source, how in single
        if source.step != FINAL and source.block in walk.valid and how is not Counted.FROM_LAST
    ]


def _is_alone(place: Place) -> bool:
    """Whether a place can make a step padding; what came one step earlier does not."""
    return not (place.bus or place.repeated or place.earlier or place.aside)


def is_valid(walk: Walk, source: Source, how: Counted) -> Array:
    """The samples for which a value is no padding."""
    if source.step == FINAL or source.block not in walk.valid:
        return np.ones(walk.batch, bool)
    if how is Counted.IN_PLACE:
        return walk.valid[source.block][source.step]
    # Of steps a . b c (the dot is padding) three are valid. From the first, number 2 is c: there must be more than 2.
    # From the last, number 2 is b, as it is counted from 1: there must be at least 2.
    lengths = np.sum(walk.valid[source.block], axis=0)
    number = walk.number_of(source, how)
    return lengths > number if how is Counted.FROM_FIRST else lengths >= number
