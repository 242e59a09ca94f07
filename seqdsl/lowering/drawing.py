"""what was read of a picture, for the stages that give it a meaning."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from seqdsl.analysis.order import find_circles
from seqdsl.lowering.calls import Settings
from seqdsl.lowering.state_ends import blocks_before, is_one_step
from seqdsl.lowering.strided_access import blocks_read
from seqdsl.picture.steps import add_delayed, join_row, step_graph
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

    from seqdsl.lowering.lengths import Lengths
    from seqdsl.lowering.operands import Operand, Reader
    from seqdsl.model.spec import ModelSpec
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.picture.states import Handoff, StateWires
    from seqdsl.picture.trace import Trace
    from seqdsl.size import Size
    from seqdsl.syntax.equations import CellDefinition
    from seqdsl.text.diagnostics import Diagnostic
    from seqdsl.text.source import Span


@record(frozen=True)
class Drawing:
    """What was read of the picture, for the stages that give it a meaning.

    ``values`` are its parameters as sizes, ``numbers`` those that it sets as they are written, for rates; ``cells`` are
    the cells of its file by name, and ``called`` the pictures that blocks call, by block. The units of the ``delayed``
    blocks are numbered after those of the ``blocks``, which alone have settings, operands and an order. If it
    ``is_masked``, it is meant as it is called with a masked sequence: who calls it says what padding is.
    """

    grid: Sequence[GridRow]
    blocks: Sequence[DrawnBlock]
    delayed: Sequence[DrawnBlock]
    settings: Sequence[Settings]
    operands: Sequence[Sequence[Operand]]
    states: StateWires
    trace: Trace
    lengths: Lengths
    reader: Reader
    order: Sequence[int]
    values: Mapping[str, int]
    places: Mapping[str, Span]
    numbers: Mapping[str, int | float]
    cells: Mapping[str, CellDefinition] = field(default_factory=dict)
    called: Mapping[int, CalledPicture] = field(default_factory=dict)
    is_masked: bool = False

    def graph(self) -> nx.DiGraph:
        """The step graph."""
        recurrent = frozenset(i for i, item in enumerate(self.settings) if item.is_recurrent)
        kinds = [item.kind for item in self.settings]
        earlier = {
            unit: self.earlier_nodes(unit)
            for block in self.delayed
            for unit in range(block.first, block.first + block.count)
        }
        graph = step_graph(self.grid, self.blocks, kinds, recurrent, self.states, self.trace)
        add_delayed(graph, self.grid, self.trace, earlier)
        for index, rows in self.named_rows.items():
            for row in rows:
                join_row(graph, row, index, self.blocks, self.trace)
        return graph

    @cached_property
    def named_rows(self) -> dict[int, list[int]]:
        """The blocks that each block reads by their names."""
        rows: dict[int, list[int]] = {}
        for index, operands in enumerate(self.operands):
            for item in operands:
                if item.named:
                    rows.setdefault(index, []).extend(access.block for access in item.bus or ())
        return rows

    def steps(self, index: int) -> Size | None:
        """The length of a block; ``None`` for a vector."""
        return None if self.blocks[index].is_vector else self.lengths.steps[index]

    @cached_property
    def handoffs(self) -> dict[int, list[Handoff]]:
        """The state wires that enter each block from another."""
        by_destination: dict[int, list[Handoff]] = {}
        for handoff in self.states.handoffs:
            by_destination.setdefault(handoff.destination, []).append(handoff)
        return by_destination

    def earlier_nodes(self, unit: int) -> tuple[int, ...]:
        """The drawn nodes whose values a delayed unit gives; none if it is before the first step of its letter."""
        assert self.reader.delays is not None
        return self.reader.delays.given_by(unit)

    @cached_property
    def loops(self) -> tuple[frozenset[int], ...]:
        """The blocks of each loop: they read each other in a circle, through delayed nodes."""
        if not self.delayed:
            return ()
        # Where each call is one step, a circle goes through the call before.
        is_step = is_one_step(self.states, self.blocks)
        return find_circles(
            [
                {access.block for operand in operands for access in operand.read}
                | self.initial_sources(index)
                | (blocks_before(operands) if is_step else set())
                for index, operands in enumerate(self.operands)
            ]
        )

    def initial_sources(self, index: int) -> set[int]:
        """The blocks from whose state or values a block starts."""
        sources = {handoff.source for handoff in self.handoffs.get(index, ())}
        for source, _ in self.trace.initial.get(index, ()):
            sources |= blocks_read(self.reader.bus(source))
        return sources

    def number(self, size: Size) -> int:
        """A length as a number, to compare it with others; a free one is longer than anything drawn."""
        return self.lengths.number(size, self.values)

    def resolved(self, size: Size) -> int | str:
        """A size as a number if the parameters set it, else as text; for comparisons and messages."""
        if size.names <= self.values.keys():
            return size.value(self.values)
        return str(size)


@record(frozen=True)
class CalledPicture:
    """A picture that another one calls, with the values of its parameters that the call gives.

    Attributes:
        spec: what it means by itself, with its own defaults.
        given: the same at the values that are given.
        drawing: what was read of it, at these values.
        masked: what it means where it is called with a masked sequence; ``None``: nothing, or there is no mask.
        problems: why it means nothing there.
    """

    spec: ModelSpec
    given: ModelSpec
    drawing: Drawing
    masked: ModelSpec | None = None
    problems: Sequence[Diagnostic] = ()
