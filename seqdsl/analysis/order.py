"""what each block reads → the order in which blocks are applied: each behind its sources."""

from __future__ import annotations

from graphlib import TopologicalSorter
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence


def block_order(sources: Sequence[Collection[int]]) -> tuple[int, ...]:
    """The blocks, each behind its sources; of blocks that wait for nothing, the lower left one is first.

    Blocks are numbered upward and from left to right. Only a state that is passed to the left is read by a block
    of a lower number: here ``B``, number 1, begins where ``C``, number 2, ends::

        B<B-C<C
        | | | |
        X X X X
    """
    indices = range(len(sources))
    if all(source < index for index in indices for source in sources[index]):
        return tuple(indices)
    # Data flows upward only, so there are no cycles.
    return tuple(_sorted(dict(enumerate(sources))))


def _sorted(sources: Mapping[int, Iterable[int]]) -> Iterator[int]:
    """Each behind its sources; of those that wait for nothing, the smallest first."""
    # `networkx` would leave objects that hold each other, for which Python has to search.
    sorter = TopologicalSorter(sources)
    sorter.prepare()
    ready = list(sorter.get_ready())
    heapify(ready)
    while ready:
        index = heappop(ready)
        yield index
        sorter.done(index)
        for following in sorter.get_ready():
            heappush(ready, following)


def find_circles(sources: Sequence[Collection[int]]) -> tuple[frozenset[int], ...]:
    """The blocks of each loop, by what each block reads; one that reads itself is a loop as well."""
    graph = nx.DiGraph((source, index) for index, read in enumerate(sources) for source in read)
    return tuple(
        frozenset(part)
        for part in nx.strongly_connected_components(graph)
        if len(part) > 1 or graph.has_edge(*part, *part)
    )


def order_with_loops(
    sources: Sequence[Collection[int]], wires: Sequence[Collection[int]]
) -> tuple[int, ...]:
    """The blocks of a picture with delayed nodes, each behind its sources, and those of a loop side by side.

    Within a loop a block comes behind what it reads over wires: so one step of the loop is computed.

    Args:
        sources: what each block reads.
        wires: the same without what is read through delayed nodes.
    """
    # Each loop as one node, by its lowest block, and what its blocks read.
    loop_of = {index: min(loop) for loop in find_circles(sources) for index in loop}
    members: dict[int, set[int]] = {}
    read: dict[int, set[int]] = {}
    for index, found in enumerate(sources):
        loop = loop_of.get(index, index)
        members.setdefault(loop, set()).add(index)
        read.setdefault(loop, set()).update(loop_of.get(source, source) for source in found)
    order: list[int] = []
    for loop in _sorted({loop: found - {loop} for loop, found in read.items()}):
        own = members[loop]
        order += _sorted({index: own.intersection(wires[index]) for index in own})
    return tuple(order)
