"""data-flow graph → layers: what is computed after what, and the order from top to bottom with few crossings.

Layers run from left to right, as time does. A wire past a layer has a place in it, as a node has.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from itertools import islice, pairwise, permutations, product
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.cells.graph import Role, Source
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.draw.cells.graph import CellGraph

Slot = int | Source
"""A place in a layer: a node, or a value that passes it."""

_MOST_STARTS, _SWEEPS = 6, 8


class Link(NamedTuple):
    """A value between two neighboring layers, from ``start`` to ``end``; ``place`` is that among a node's inputs."""

    source: Source
    start: Slot
    end: Slot
    place: int


@record(frozen=True)
class Layers:
    """The graph in layers.

    Attributes:
        slots: those of each layer, from the top down; `x` is the last of the first.
        channels: the links between each layer and the next.
    """

    slots: tuple[tuple[Slot, ...], ...]
    channels: tuple[tuple[Link, ...], ...]


def layered(graph: CellGraph) -> Layers:
    """Put each node as far to the left as what it reads allows; results are last."""
    ranks = _ranks(graph)
    slots: list[list[Slot]] = [[] for _ in range(max(ranks) + 1)]
    channels: list[dict[Link, None]] = [{} for _ in range(max(ranks))]
    for node, rank in enumerate(ranks):
        slots[rank].append(node)
    for source, readers in graph.readers().items():
        for node, place in readers:
            for rank, link in _steps(source, node, place, ranks):
                # Several readers share the wire: it has one place in a layer that it passes.
                channels[rank - 1][link] = None
                if isinstance(link.end, Source) and link.end not in slots[rank]:
                    slots[rank].append(link.end)
    links = tuple(tuple(channel) for channel in channels)
    return Layers(_ordered(graph, slots, links), links)


def _steps(source: Source, node: int, place: int, ranks: list[int]) -> Iterator[tuple[int, Link]]:
    """The links from a value to a node that reads it, each with the layer in which it ends."""
    # c of the step before is read in the third layer: it passes the second, from which the second link starts
    start: Slot = source.node
    for rank in range(ranks[source.node] + 1, ranks[node]):
        yield rank, Link(source, start, source, 0)
        start = source
    yield ranks[node], Link(source, start, node, place)


def _ranks(graph: CellGraph) -> list[int]:
    """The layer of each node: one more than the longest way to it."""
    ranks: list[int] = []
    for vertex in graph.vertices:
        ranks.append(max((ranks[source.node] + 1 for source in vertex.inputs), default=0))
    # c[t] is known long before h[t]: both leave at the right.
    last = max(ranks)
    return [
        last if vertex.role is Role.RESULT else rank
        for vertex, rank in zip(graph.vertices, ranks, strict=True)
    ]


def _ordered(
    graph: CellGraph, slots: list[list[Slot]], channels: tuple[tuple[Link, ...], ...]
) -> tuple[tuple[Slot, ...], ...]:
    """The best of several orders: the barycenter method finds another one from each order of what enters and leaves."""
    read = [slot for slot in slots[0] if _is_read(graph, slot)]
    first = islice(permutations([slot for slot in slots[0] if slot not in read]), _MOST_STARTS)
    last = [*islice(permutations(slots[-1]), _MOST_STARTS)]
    orders = (
        order
        for left, right in product(first, last)
        for order in _orders([[*left, *read], *slots[1:-1], [*right]], channels, read)
    )
    # Of orders that are as good, the first: states are in the same order at both sides.
    return min(orders, key=lambda order: _total(order, channels))


def _orders(
    start: list[list[Slot]], channels: tuple[tuple[Link, ...], ...], read: list[Slot]
) -> Iterator[tuple[tuple[Slot, ...], ...]]:
    """The order after each sweep, the first of which keeps what leaves as it is."""
    order = [[*layer] for layer in start]
    for number in range(_SWEEPS):
        _sweep(order, channels, read, backward=number % 2 == 0)
        yield tuple(map(tuple, order))


def _total(
    order: tuple[tuple[Slot, ...], ...], channels: tuple[tuple[Link, ...], ...]
) -> tuple[int, int]:
    """What an order costs: crossings, and then how far links go up and down."""
    costs = [
        _cost(left, right, links)
        for (left, right), links in zip(pairwise(order), channels, strict=True)
    ]
    return sum(crossings for crossings, _ in costs), sum(steps for _, steps in costs)


def _is_read(graph: CellGraph, slot: Slot) -> bool:
    return isinstance(slot, int) and graph.vertices[slot].role is Role.READ


def _sweep(
    order: list[list[Slot]],
    channels: tuple[tuple[Link, ...], ...],
    read: list[Slot],
    *,
    backward: bool,
) -> None:
    """Order each layer by the middle of what it is joined to in the layer before it, or after it."""
    if backward:
        for at in range(len(channels) - 1, -1, -1):
            ends = [(link.end, link.start, 0) for link in channels[at]]
            order[at] = _by_barycenter(order[at], order[at + 1], ends)
        order[0] = [slot for slot in order[0] if slot not in read] + read
        return
    for at, links in enumerate(channels):
        starts = [(link.start, link.end, link.source.output) for link in links]
        order[at + 1] = _by_barycenter(order[at + 1], order[at], starts)


def _by_barycenter(
    layer: list[Slot], fixed: list[Slot], joined: Iterable[tuple[Slot, Slot, int]]
) -> list[Slot]:
    # h is read by the gates at 0, 1 and 2, c by what is at 0: c is above h, at 0 and not at 1
    places = {slot: float(place) for place, slot in enumerate(fixed)}
    found: dict[Slot, list[float]] = {}
    for near, slot, output in joined:
        # The outputs of a split leave it from the top down.
        found.setdefault(slot, []).append(places[near] + output / 100)
    # What is joined to nothing stays where it is, as far as it can.
    middles = {
        slot: sum(found[slot]) / len(found[slot]) if slot in found else float(place)
        for place, slot in enumerate(layer)
    }
    return sorted(layer, key=middles.__getitem__)


def _cost(
    left: tuple[Slot, ...], right: tuple[Slot, ...], links: tuple[Link, ...]
) -> tuple[int, int]:
    """How many pairs of links cross each other, and how many places links go up or down in all."""
    before = {slot: place for place, slot in enumerate(left)}
    after = {slot: place for place, slot in enumerate(right)}
    ends: list[int] = []
    crossings = steps = 0
    # From the top down: a link crosses those above it that end below its end.
    places = ((before[link.start], link.source.output, after[link.end]) for link in links)
    for start, _, end in sorted(places):
        crossings += len(ends) - bisect_right(ends, end)
        steps += abs(end - start)
        insort(ends, end)
    return crossings, steps
