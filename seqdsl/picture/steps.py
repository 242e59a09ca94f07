r"""drawing → step graph: a `networkx.DiGraph` with a node for every drawn unit and an edge for every wire.

Nodes are numbers, bottom row first, left to right. A unit carries ``kind="unit"`` and its ``letter``,
``layer``, ``block``, ``line`` and ``column``; a bus or a final state that leaves its row is a node of its own
(``kind="junction"`` or ``"state"``), so that the graph stays as small as the picture. Edges carry
``kind="wire"`` (with the side from which they enter: ``"/"``, ``"|"`` or ``"\"``) or ``kind="state"``. A delayed
node is one of ``kind="delayed"``, with an edge of ``kind="earlier"`` from each node whose value it gives.
An elided step has no node: it is wired like its neighbors. A row that is read by its name is joined as by a bus
(`join_row`).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.ir.direction import Direction
from seqdsl.picture.trace import JunctionRef, StateRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.picture.states import StateWires
    from seqdsl.picture.trace import Source, Trace


def step_graph(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    layers: Sequence[str],
    recurrent: frozenset[int],
    states: StateWires,
    trace: Trace,
) -> nx.DiGraph:
    """The step graph of a picture.

    Args:
        grid: its rows.
        blocks: its blocks.
        layers: the layer of each block.
        recurrent: the blocks whose steps are joined by state.
        states: the state wires between blocks.
        trace: the wires.
    """
    graph = nx.DiGraph()
    for index, block in enumerate(blocks):
        facts = {"kind": "unit", "letter": block.letter, "layer": layers[index], "block": index}
        line = grid[block.row].line
        graph.add_nodes_from(
            (unit, {**facts, "line": line, "column": trace.units[unit] + 1})
            for unit in range(block.first, block.first + block.count)
        )
    graph.add_nodes_from((_node(source, trace), {"kind": kind}) for source, kind in _extra(trace))
    graph.add_edges_from(_wires(trace))
    for index in recurrent:
        graph.add_edges_from(_chain(blocks[index], states.directions[index]), kind="state")
    graph.add_edges_from(_passed(blocks, states, trace), kind="state")
    return graph


def join_row(
    graph: nx.DiGraph, row: int, reader: int, blocks: Sequence[DrawnBlock], trace: Trace
) -> None:
    """Join a row to all nodes of the block that names it, as a bus from all its steps would."""
    # Behind the last node of a junction or a final state, see `_node`.
    bus = len(trace.units) + 2 * max(len(trace.junctions), len(blocks)) + row
    graph.add_node(bus, kind="junction", named=True)
    for index, ends in ((row, lambda unit: (unit, bus)), (reader, lambda unit: (bus, unit))):
        block = blocks[index]
        units = range(block.first, block.first + block.count)
        graph.add_edges_from(map(ends, units), kind="wire", side="|")


def add_delayed(
    graph: nx.DiGraph, grid: Sequence[GridRow], trace: Trace, earlier: Mapping[int, Sequence[int]]
) -> None:
    """Add the delayed nodes of a picture, each with the node whose value it gives; elided steps have none."""
    for unit, given in earlier.items():
        line, column = grid[trace.rows[unit]].line, trace.units[unit]
        letter = grid[trace.rows[unit]].cells[column]
        graph.add_node(unit, kind="delayed", letter=letter, line=line, column=column + 1)
        if len(given) == 1:
            graph.add_edge(given[0], unit, kind="earlier")


def _node(source: Source, trace: Trace) -> int:
    """The node of a source; junctions and final states are numbered after the units, alternately."""
    # Of 5 units, junction 0 is node 5, the final state of block 0 is node 6, junction 1 is node 7, ...
    units = len(trace.units)
    if isinstance(source, JunctionRef):
        return units + 2 * source.number
    return units + 1 + 2 * source.block if isinstance(source, StateRef) else source


def _extra(trace: Trace) -> Iterator[tuple[Source, str]]:
    for junction in trace.junctions:
        yield junction.ref, "junction"
        for source in junction.sources:
            if isinstance(source, StateRef):
                yield source, "state"


def _wires(trace: Trace) -> Iterator[tuple[int, int, dict[str, str]]]:
    for side, sources in (("/", trace.slash), ("|", trace.pipe), ("\\", trace.back)):
        for unit, source in enumerate(sources):
            if source is not None:
                yield _node(source, trace), unit, {"kind": "wire", "side": side}
    for junction in trace.junctions:
        for source in junction.sources:
            yield (
                _node(source, trace),
                _node(junction.ref, trace),
                {"kind": "wire", "side": "|"},
            )


def _chain(block: DrawnBlock, direction: Direction) -> Iterator[tuple[int, int]]:
    units = range(block.first, block.first + block.count)
    if direction is not Direction.BACKWARD:
        yield from itertools.pairwise(units)
    if direction is not Direction.FORWARD:
        yield from zip(units[1:], units, strict=False)


def _ends(block: DrawnBlock, direction: Direction, *, final: bool) -> tuple[int, ...]:
    """The units at which a block's state ends, or begins."""
    first, last = block.first, block.first + block.count - 1
    # H<H<H    the state begins at the last unit and ends at the first; `=` does both, at both ends.
    if direction is Direction.BIDIRECTIONAL:
        return (first, last)
    return (first,) if (direction is Direction.BACKWARD) == final else (last,)


def _final_states(trace: Trace) -> Iterator[StateRef]:
    """The final states that leave their rows through junctions."""
    for junction in trace.junctions:
        yield from (source for source in junction.sources if isinstance(source, StateRef))


def _passed(
    blocks: Sequence[DrawnBlock], states: StateWires, trace: Trace
) -> Iterator[tuple[int, int]]:
    for handoff in states.handoffs:
        # E=E=E-D-D    the states of E, at both its ends, begin D at its first unit: two edges
        for end in _ends(blocks[handoff.source], states.directions[handoff.source], final=True):
            for beginning in _ends(
                blocks[handoff.destination], states.directions[handoff.destination], final=False
            ):
                yield end, beginning
    for state in _final_states(trace):
        block = state.block
        for end in _ends(blocks[block], states.directions[block], final=True):
            yield end, _node(state, trace)
    for index, entries in trace.initial.items():
        for source, _ in entries:
            for beginning in _ends(blocks[index], states.directions[index], final=False):
                yield _node(source, trace), beginning
