"""graph with feedback → what leads from what is fed to what is fed back: the members of a free run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.loops import sources
from seqdsl.ir.operations import Constant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seqdsl.ir.graph import Graph, Node


def dependent(graph: Graph, fed: Iterable[int], wanted: Iterable[int]) -> tuple[int, ...]:
    """What leads from nodes to others, without the former, in the order of the graph."""
    # Up from the input, then down from what is fed back: another output above Z is no part of the run.
    fed = frozenset(fed)
    reads = {index: _reads(graph.nodes[index]) for index in graph.order}
    readers: dict[int, set[int]] = {}
    for index in graph.order:
        for source in reads[index]:
            readers.setdefault(source, set()).add(index)
    run = _reached(fed, readers) & _reached(wanted, reads)
    return tuple(index for index in graph.order if index in run and index not in fed)


def _reached(begin: Iterable[int], edges: Mapping[int, Iterable[int]]) -> set[int]:
    """All that edges lead to: in a loop also to what comes earlier in the order."""
    found, waiting = set(begin), list(begin)
    while waiting:
        new = set(edges.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


def _reads(node: Node) -> frozenset[int]:
    """What a node cannot do without: a constant of a set length only counts the samples of what it is like."""
    operation = node.operation
    is_set = isinstance(operation, Constant) and not operation.free
    return frozenset() if is_set else sources(node)
