"""drawing and axes → places: where each mark of the picture comes to lie, and what it is part of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from seqdsl.draw.axis import middle
from seqdsl.draw.chains import Cell
from seqdsl.draw.density import USUAL
from seqdsl.draw.families import Form, delayed_form, form, node_text
from seqdsl.draw.passed import find_passed
from seqdsl.draw.scene import Point
from seqdsl.picture.delayed_rows import delayed_ellipses, is_delayed
from seqdsl.picture.grid import JUNCTION, STATE_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.axis import Axis
    from seqdsl.draw.density import Density
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.picture.states import Handoff

DOTS_ROOM = 15.0
"""From the middle of an ellipsis to where lines may begin."""

END_SIZE = 18.0
"""The circle of a ``*``, where state enters or leaves the model."""


@dataclass(frozen=True)
class Sheet:
    """The paper: a picture and where its columns and rows are on it."""

    drawing: Drawing
    columns: Axis
    rows: Axis
    density: Density = USUAL
    left: float = 0.0
    top: float = 0.0

    def moved(self, left: float, top: float) -> Sheet:
        """The same with its corner elsewhere."""
        return replace(self, left=left, top=top)

    def point(self, column: int, row: int) -> Point:
        """Where a cell is."""
        return Point(self.left + self.columns.at(column), self.top + self.rows.at(row))

    def mark(self, row: int, mark: int) -> Point:
        """Where the middle of a mark is."""
        return self.point(middle(self.drawing.grid[row], mark), row)

    def hides(self, row: int, mark: int) -> bool:
        """Whether a mark is left out."""
        return self.rows.hides(row) or self.hides_column(row, mark)

    def hides_column(self, row: int, mark: int) -> bool:
        """Whether the column of a mark is left out."""
        return self.columns.hides(middle(self.drawing.grid[row], mark))

    @cached_property
    def node_rows(self) -> tuple[int, ...]:
        """The rows of nodes that are drawn."""
        grid = self.drawing.grid
        return tuple(
            row for row, item in enumerate(grid) if item.is_nodes and not self.rows.hides(row)
        )

    @cached_property
    def drawn_rows(self) -> tuple[int, ...]:
        """All rows that are drawn, also those of wires."""
        return tuple(row for row in range(len(self.drawing.grid)) if not self.rows.hides(row))

    @cached_property
    def drawn_columns(self) -> frozenset[int]:
        """All columns that are drawn."""
        width = max(len(row.cells) for row in self.drawing.grid)
        return frozenset(column for column in range(width) if not self.columns.hides(column))

    @cached_property
    def blocks(self) -> dict[int, list[int]]:
        """The blocks of every row that has any, left to right."""
        by_row: dict[int, list[int]] = {}
        for index, block in enumerate(self.drawing.blocks):
            by_row.setdefault(block.row, []).append(index)
        return by_row

    @cached_property
    def owners(self) -> dict[tuple[int, int], int]:
        """The block of every node and ellipsis, by row and mark."""
        return {
            (block.row, mark): index
            for index, block in enumerate(self.drawing.blocks)
            for mark in self.marks_of(index)
        }

    @cached_property
    def hands(self) -> dict[frozenset[int], Handoff]:
        """The first state that one of two blocks passes to the other, by the two."""
        # Two blocks may be joined twice, and the first wire says what is drawn for both.
        hands = self.drawing.states.handoffs
        return {frozenset((hand.source, hand.destination)): hand for hand in reversed(hands)}

    @cached_property
    def leaving(self) -> dict[int, set[Cell]]:
        """The junctions at which the final state of a block leaves, by block."""
        junctions: dict[int, set[Cell]] = {}
        for row, terminals in self.drawing.states.terminals.items():
            for terminal in terminals:
                if terminal.leaves:
                    junctions.setdefault(terminal.block, set()).add(Cell(terminal.column, row))
        return junctions

    @cached_property
    def passed(self) -> dict[Cell, int]:
        """The junctions over which final states are passed to other layers, with a block that passes its own."""
        return find_passed(self.drawing)

    def marks_of(self, index: int) -> Iterator[int]:
        """The nodes and ellipses of a block."""
        block = self.drawing.blocks[index]
        row = self.drawing.grid[block.row]
        first, last = block.marks
        # Delayed nodes may stand between them: `d M d M ... d M`.
        delayed = delayed_ellipses(row)
        return (
            mark
            for mark in range(first, last + 1)
            if row.marks[mark] != JUNCTION
            and not is_delayed(row.marks[mark])
            and mark not in delayed
        )

    def form(self, index: int) -> Form:
        """The form of a block's nodes."""
        return form(self.drawing.settings[index].kind, node_text(self.drawing, index), self.density)

    def room(self, row: int, mark: int) -> float:
        """From the middle of a mark to where lines may begin."""
        char = self.drawing.grid[row].marks[mark]
        if char == JUNCTION:
            return 0.0
        if char == STATE_END:
            return END_SIZE / 2
        if self.hides_column(row, mark) or not char.isalpha():
            return DOTS_ROOM
        if is_delayed(char):
            return delayed_form(self.density).width / 2
        return self.form(self.owners[row, mark]).width / 2
