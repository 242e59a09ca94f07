"""drawing → links: which block reads which, and how; the edges of the block graph.

What is read one step earlier is no link: the order and the topology of a picture are those of its wires.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.analysis.links import Link, LinkKind, Run
from seqdsl.analysis.live_links import Steps, within
from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import PassedState, Scan
from seqdsl.layers import Family
from seqdsl.lowering.strided_access import StridedAccess, blocks_read
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.operations import InitialState
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.apply import Applied
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.operands import Operand
    from seqdsl.model.spec import Block


_MOST_PLACES = 256
"""So many places of a window are followed; of a longer one the first ones tell as much."""


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
        read: dict[int, list[int]] = {}
        for item in operand.bus:
            if not item.earlier:
                start, count = _start(item, drawing), drawing.number(item.count)
                read.setdefault(item.block, []).extend((start, start + item.stride * (count - 1)))
        return [
            Link(block, index, kind, read=(min(ends), max(ends))) for block, ends in read.items()
        ]
    return [
        Link(block, index, _kind(part, is_initial=is_initial), tuple(part))
        for (block, is_initial), runs in _runs(operand, drawing).items()
        for part in _windows(runs, index, block, drawing)
    ]


def _windows(runs: list[Run], index: int, block: int, drawing: Drawing) -> Iterator[list[Run]]:
    r"""What a convolution reads in each place of its windows; of all else the runs themselves.

    ::

          C C         conv(4, 3): as if each node were wired to all steps of its window
         /|X|\
        X X X X
    """
    settings, steps = drawing.settings[index], drawing.steps(block)
    if settings.definition.family is not Family.WINDOW or steps is None:
        yield runs
        return
    given = settings.arguments.get("dilation")
    dilation = drawing.number(given) if isinstance(given, Size) else 1
    kernel = drawing.number(settings.size("kernel"))
    reach = (kernel - 1) * dilation
    before = reach if settings.arguments.get("padding") == "causal" else reach // 2
    for place in range(min(kernel, _MOST_PLACES)):
        by = place * dilation - before
        found = [moved for run in runs if (moved := _moved(run, by, drawing.number(steps)))]
        if found:
            yield found


def _moved(run: Run, by: int, steps: int) -> Run | None:
    """What a run reads ``by`` steps further, as far as there are such steps: windows may reach out of a row."""
    moved = replace(run, start=run.start + by)
    return next(within([moved], Steps(0, steps - 1), of_source=True), None)


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
            start, each = _start(access, drawing), access.each
            runs.setdefault((access.block, access.initial), []).extend(
                Run(at + place, count // each, start, access.stride, each) for place in range(each)
            )
        at += count
    return runs


def _start(access: StridedAccess, drawing: Drawing) -> int:
    """The first step that is read; the final state of a run in one direction is what its last step gives."""
    direction, steps = drawing.states.directions[access.block], drawing.steps(access.block)
    if access.final and direction is Direction.FORWARD and steps is not None:
        return drawing.number(steps) - 1
    return drawing.number(access.start)
