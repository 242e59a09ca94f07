"""drawing → links: which block reads which, and how; the edges of the block graph.

What is read one step earlier is no link: the order and the topology of a picture are those of its wires.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.analysis.links import Link, LinkKind, Run
from seqdsl.ir.operations import PassedState, Scan
from seqdsl.layers import Family
from seqdsl.lowering.strided_access import StridedAccess, blocks_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.operations import InitialState
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.apply import Applied
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.operands import Operand
    from seqdsl.model.spec import Block


def block_graph(blocks: Sequence[Block], links: Sequence[Link]) -> nx.DiGraph:
    """The block graph: a node for every application of a layer, an edge with its links for all that it reads."""
    graph = nx.DiGraph()
    graph.add_nodes_from((block.index, {"block": block}) for block in blocks)
    joined: dict[tuple[int, int], list[Link]] = {}
    for link in links:
        joined.setdefault((link.source, link.target), []).append(link)
    graph.add_edges_from((*ends, {"links": found}) for ends, found in joined.items())
    return graph


def find_links(drawing: Drawing, applied: Applied) -> list[Link]:
    """How every block reads others."""
    links: list[Link] = []
    for index in drawing.order:
        query = applied.queries.get(index)
        for operand in (*drawing.operands[index], *(() if query is None else (query,))):
            links += _operand_links(index, operand, drawing)
        # A state that is passed on is read of the block itself; a value as state may come from several on a bus.
        initial = initial_of(applied.applications[index])
        if initial is not None:
            sources = (
                {initial.source}
                if isinstance(initial, PassedState)
                else _value_blocks(index, drawing)
            )
            links += [Link(source, index, LinkKind.STATE) for source in sorted(sources)]
    return links


def initial_of(application: Application) -> InitialState | None:
    """What a recurrent block begins with; ``None`` if that is zero, or it is not recurrent."""
    operation = application.operation
    return operation.initial if isinstance(operation, Scan) else None


def _value_blocks(index: int, drawing: Drawing) -> set[int]:
    return {
        block
        for source, _ in drawing.trace.initial.get(index, ())
        for block in blocks_read(drawing.reader.bus(source))
    }


def _operand_links(index: int, operand: Operand, drawing: Drawing) -> list[Link]:
    if operand.bus is not None:
        is_memory = drawing.settings[index].definition.family is Family.ATTENTION
        kind = LinkKind.MEMORY if is_memory else LinkKind.BUS
        read = dict.fromkeys(item.block for item in operand.bus if not item.earlier)
        return [Link(block, index, kind) for block in read]
    return [
        Link(block, index, _kind(runs, is_initial=is_initial), tuple(runs))
        for (block, is_initial), runs in _runs(operand, drawing).items()
    ]


def _kind(runs: Sequence[Run], *, is_initial: bool) -> LinkKind:
    """How runs read a block.

    ::

              C C     The first `d` is what E passes to D, and no step of E: C, and D above it, are not stacked on E.
              d d
        E-E-E-D-D     A run that stays where it is gives the same to every step, as a bus does.
    """
    stays = all(run.stride == 0 for run in runs)
    return LinkKind.BUS if is_initial or stays else LinkKind.WIRE


def _runs(operand: Operand, drawing: Drawing) -> dict[tuple[int, bool], list[Run]]:
    """Which steps of a block read which of another, by that one and whether a state begins with what is read.

    ::

        U U U U U U       steps 0, 2, 4 of U read steps 0, 1, 2 of X: a run from step 0;
        |/  |/  |/        steps 1, 3, 5 read the same: a run from step 1
        X   X   X
    """
    runs: dict[tuple[int, bool], list[Run]] = {}
    at = 0
    for access in operand.accesses:
        count = drawing.number(access.count)
        if isinstance(access, StridedAccess) and not access.earlier:
            start, each = drawing.number(access.start), access.each
            runs.setdefault((access.block, access.initial), []).extend(
                Run(at + place, count // each, start, access.stride, each) for place in range(each)
            )
        at += count
    return runs
