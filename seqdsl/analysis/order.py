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
