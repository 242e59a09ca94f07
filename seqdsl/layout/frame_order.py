"""wiring, frames → the frames from left to right: arguments in order, and what reads behind what is read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.ir.direction import Direction
from seqdsl.layers import Family
from seqdsl.layout.reading import delay_of, family_of, reads
from seqdsl.layout.wiring import Passed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layout.wiring import Wiring


def order_frames(wiring: Wiring, frame: Sequence[int]) -> list[int]:
    """The frames from left to right.

    Args:
        wiring: the wiring.
        frame: the frame of each block.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(frame)
    for left, right in _pairs(wiring):
        one, other = frame[left], frame[right]
        # What contradicts a wish that matters more is none.
        if one != other and not nx.has_path(graph, other, one):
            graph.add_edge(one, other)
    first = {of: at for at, of in reversed(list(enumerate(frame)))}
    return list(nx.lexicographical_topological_sort(graph, key=first.__getitem__))


def _pairs(wiring: Wiring) -> Iterator[tuple[int, int]]:
    """Blocks of which one is left of the other, what matters most first."""
    yield from pairwise(wiring.inputs)
    for at, block in enumerate(wiring.blocks):
        if isinstance(block.initial, Passed):
            source = wiring.blocks[block.initial.block]
            # D<--D<--E<--E: what runs right to left is passed to the left.
            backward = Direction.BACKWARD in (source.direction,) and block.direction is not None
            backward = backward and block.direction is Direction.BACKWARD
            yield (at, block.initial.block) if backward else (block.initial.block, at)
        elif block.initial is not None and block.direction is not Direction.BACKWARD:
            yield from ((source.block, at) for source in block.initial.sources)
    yield from pairwise(wiring.outputs)
    for at, block in enumerate(wiring.blocks):
        order = list(dict.fromkeys(source.block for source in reads(block, state=False)))
        # What is asked by a step before is there before all steps of the loop.
        if family_of(block) is Family.ATTENTION and delay_of(wiring.blocks[order[0]]):
            order = order[1:]
        yield from pairwise(order)
        yield from ((source, at) for source in order)
