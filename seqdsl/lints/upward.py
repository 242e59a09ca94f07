"""drawing → the units that an input can change: what a step without wires below it is never among."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.layers import Family
from seqdsl.picture.trace import JunctionRef, Source, StateRef

if TYPE_CHECKING:
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.picture.blocks import DrawnBlock

Above = defaultdict[Source, list[Source]]
"""Where each source leads: the units, junctions and final states that read it."""


def reached_by_inputs(drawing: Drawing) -> set[int]:
    """The units to which a way leads from any input."""
    above = _above(drawing)
    waiting: list[Source] = [
        unit
        for block, settings in zip(drawing.blocks, drawing.settings, strict=True)
        if settings.is_source
        for unit in units_of(block)
    ]
    reached = set(waiting)
    while waiting:
        for target in above.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return {source for source in reached if isinstance(source, int)}


def units_of(block: DrawnBlock) -> range:
    """The numbers of a block's drawn nodes."""
    return range(block.first, block.first + block.count)


def is_wired(unit: int, drawing: Drawing) -> bool:
    """Whether a wire enters a unit from below, or a row that it reads by name."""
    names = drawing.named_rows and drawing.named_rows.get(drawing.reader.owner(unit))
    return bool(names or drawing.trace.entries(unit))


def _above(drawing: Drawing) -> Above:
    above: Above = defaultdict(list)
    trace = drawing.trace
    for lane in (trace.slash, trace.pipe, trace.back):
        for unit, source in enumerate(lane):
            if source is not None:
                above[source].append(unit)
    for junction in trace.junctions:
        for source in junction.sources:
            above[source].append(junction.ref)
    _named(drawing, above)
    _earlier(drawing, above)
    for index, settings in enumerate(drawing.settings):
        if settings.definition.family is Family.WINDOW:
            _windows(index, drawing, above)
        elif settings.is_recurrent:
            _states(index, drawing, above)
    return above


def _earlier(drawing: Drawing, above: Above) -> None:
    """What nodes give goes to their delayed nodes."""
    for block in drawing.delayed:
        for delayed in units_of(block):
            for unit in drawing.earlier_nodes(delayed):
                above[unit].append(delayed)


def _named(drawing: Drawing, above: Above) -> None:
    """A row that is read by its name leads to all nodes that name it."""
    for reader, rows in drawing.named_rows.items():
        # A junction more, as if a bus led there: n + m edges for rows of n and of m nodes, not n * m.
        bus = JunctionRef(len(drawing.trace.junctions) + reader)
        above[bus] += units_of(drawing.blocks[reader])
        for unit in chain.from_iterable(units_of(drawing.blocks[row]) for row in rows):
            above[unit].append(bus)


def _states(index: int, drawing: Drawing, above: Above) -> None:
    """State goes from step to step, out of a run's end, and into its beginning."""
    units = units_of(drawing.blocks[index])
    direction = drawing.states.directions[index]
    # H-H-H      one run from left to right: 0 1, 1 2, and from 2 the final state
    # H=H=H      and another from right to left: 2 1, 1 0, and from 0 the final state
    runs = [units[::-1]] if direction is Direction.BACKWARD else [units]
    if direction is Direction.BIDIRECTIONAL:
        runs.append(units[::-1])
    for run in runs:
        for before, after in pairwise(run):
            above[before].append(after)
        above[run[-1]].append(StateRef(index))
        for handoff in drawing.handoffs.get(index, ()):
            above[StateRef(handoff.source)].append(run[0])
        for source, _ in drawing.trace.initial.get(index, ()):
            above[source].append(run[0])


def _windows(index: int, drawing: Drawing, above: Above) -> None:
    """A convolution reads windows around its wires: of all steps of the block below, near enough."""
    blocks = {access.block for operand in drawing.operands[index] for access in operand.wired}
    wired = [unit for unit in units_of(drawing.blocks[index]) if is_wired(unit, drawing)]
    for block in blocks:
        for unit in units_of(drawing.blocks[block]):
            # By way of one place in the middle: n units below and m windows are n + m edges, not n * m.
            above[unit].append(StateRef(block))
        above[StateRef(block)] += wired
