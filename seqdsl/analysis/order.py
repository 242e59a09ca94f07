"""what each block reads → the order in which blocks are applied: each behind its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


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
    graph = nx.DiGraph()
    graph.add_nodes_from(indices)
    graph.add_edges_from((source, index) for index in indices for source in sources[index])
    return tuple(nx.lexicographical_topological_sort(graph))


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
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(sources)))
    graph.add_edges_from((source, index) for index, read in enumerate(sources) for source in read)
    # Each loop as one node, which comes where the lowest of its blocks would.
    loops = nx.condensation(graph)
    first = {loop: min(members) for loop, members in loops.nodes(data="members")}
    order: list[int] = []
    for loop in nx.lexicographical_topological_sort(loops, key=first.__getitem__):
        members = loops.nodes[loop]["members"]
        own = nx.DiGraph()
        own.add_nodes_from(members)
        own.add_edges_from(
            (source, index) for index in members for source in wires[index] if source in members
        )
        order += nx.lexicographical_topological_sort(own)
    return tuple(order)
