"""grid and blocks → state wires: which block passes its state to which, and where state leaves or enters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.direction import Direction
from seqdsl.picture.grid import ELLIPSIS, JUNCTION, STATE_END, GridRow
from seqdsl.picture.state_ends import StateEnd, stray_end, uncut
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.text.source import Span


class Handoff(NamedTuple):
    """State passed from one block to another of the same row, over a wire ``-`` or ``=``.

    Attributes:
        source: the block whose final state it is.
        destination: the block that begins with it.
        is_double: whether the wire is ``=``, which keeps the states of a bidirectional block's two directions apart.
        span: the wire's two ends.
    """

    source: int
    destination: int
    is_double: bool
    span: Span


class _Side(Enum):
    """On which side of a block a junction stands."""

    LEFT = "left"
    RIGHT = "right"


class Terminal(NamedTuple):
    """A junction at which a block's final state leaves, or its initial state enters.

    Attributes:
        column: the junction's column.
        block: the block.
        leaves: whether the final state leaves; otherwise an initial state enters.
        is_double: whether the wire between them is ``=``: two states, one for each direction.
        span: the junction.
    """

    column: int
    block: int
    leaves: bool
    is_double: bool
    span: Span


@dataclass(frozen=True, slots=True)
class StateWires:
    """All state wires that leave or enter blocks.

    Attributes:
        handoffs: the states passed from block to block within a row.
        terminals: where states leave or enter rows, by grid row.
        directions: how the state of each block runs; forward where nothing is drawn.
        ends: where states enter or leave the model.
    """

    handoffs: tuple[Handoff, ...]
    terminals: dict[int, tuple[Terminal, ...]]
    directions: tuple[Direction, ...]
    ends: tuple[StateEnd, ...] = ()


def find_states(
    grid: Sequence[GridRow], blocks: Sequence[DrawnBlock]
) -> tuple[StateWires, list[Diagnostic]]:
    """Read the state wires between blocks, and between blocks and junctions."""
    reader = _Reader(grid, blocks)
    by_row: dict[int, list[int]] = {}
    for index, block in enumerate(blocks):
        by_row.setdefault(block.row, []).append(index)
    for number, indices in by_row.items():
        if any(grid[number].joins):
            reader.row(number, indices)
    for row in grid:
        if STATE_END in row.marks:
            reader.lone_ends(row)
    terminals = {number: tuple(of_row) for number, of_row in reader.terminals.items()}
    wires = StateWires(
        tuple(reader.handoffs), terminals, tuple(reader.directions), tuple(reader.ends)
    )
    return wires, reader.diagnostics


class _Reader:
    def __init__(self, grid: Sequence[GridRow], blocks: Sequence[DrawnBlock]) -> None:
        self.grid = grid
        self.blocks = blocks
        self.handoffs: list[Handoff] = []
        self.terminals: dict[int, list[Terminal]] = {}
        self.ends: list[StateEnd] = []
        self.uncut: set[int] = set()
        self.diagnostics: list[Diagnostic] = []
        self.directions = [block.direction or Direction.FORWARD for block in blocks]

    def row(self, number: int, indices: list[int]) -> None:
        row = self.grid[number]
        owner = {mark: index for index in indices for mark in _ends(self.blocks[index])}
        for index in indices:
            self.directions[index] = self._direction(row, index)
        for mark, join in enumerate(row.joins):
            if join:
                self._wire(number, mark, join, owner.get(mark), owner.get(mark + 1))

    def _wire(self, number: int, mark: int, join: str, left: int | None, right: int | None) -> None:
        """A wire from one mark to the next, between blocks or a block and a junction; within a block nothing is due.

        ::

                  |
            +-E-E-D-D-+       `+-E` enters E, `E-D` passes its state to D, `D-+` leaves D
            |         |
        """
        row = self.grid[number]
        if STATE_END in row.marks[mark : mark + 2]:
            self._state_end(row, mark, join, left, right)
            return
        is_from, is_to = row.marks[mark] == JUNCTION, row.marks[mark + 1] == JUNCTION
        if left is not None and right is not None:
            if left != right:
                self._handoff(row, mark, left, right, join)
        elif right is not None and is_from and not is_to:
            self._terminal(number, mark, right, _Side.LEFT, join)
        elif left is not None and is_to and not is_from:
            self._terminal(number, mark + 1, left, _Side.RIGHT, join)

    def _direction(self, row: GridRow, index: int) -> Direction:
        """How a block's state runs; for a lone node by its wires to others."""
        block = self.blocks[index]
        if block.direction or not block.touched:
            return block.direction or Direction.FORWARD
        first, last = block.marks
        joins = [row.joins[first - 1]] * (first > 0) + row.joins[last : last + 1]
        # Of `E=D=E` the node D passes state on in both directions; of `E-D<F` its neighbors disagree, and that is
        # reported where the wires are read.
        kinds = {join for join in joins if join}
        return Direction.of_sign(kinds.pop()) if len(kinds) == 1 else Direction.FORWARD

    def _handoff(self, row: GridRow, mark: int, left: int, right: int, join: str) -> None:
        # F<F-B<B: a plain wire between two blocks that run to the left passes state to the left, too.
        backward = join == "<" or (
            join == "-" and self.directions[left] is self.directions[right] is Direction.BACKWARD
        )
        source, destination = (right, left) if backward else (left, right)
        span = row.span(mark).to(row.span(mark + 1))
        # The final state of a block is at its end, where the source must touch the wire; so with the beginning.
        wrong = Direction.FORWARD if backward else Direction.BACKWARD
        for index, verb in ((source, "ends"), (destination, "begins")):
            if self.directions[index] is wrong:
                self.diagnostics.append(self._wrong_end(index, verb, span))
                return
        both = self.directions[source] is self.directions[destination] is Direction.BIDIRECTIONAL
        if join == "=" and not both:
            self.diagnostics.append(_not_bidirectional(span))
            return
        self.handoffs.append(Handoff(source, destination, join == "=", span))

    def _wrong_end(self, index: int, verb: str, span: Span) -> Diagnostic:
        block = self.blocks[index]
        way = "right to left" if self.directions[index] is Direction.BACKWARD else "left to right"
        return Diagnostic(
            "SEQ210",
            f"this wire is at the wrong end of `{block.letter}`: its state runs {way} and {verb} at the other "
            "end",
            span,
            "draw the state wires of both blocks in the same direction",
        )

    def _terminal(self, number: int, mark: int, index: int, side: _Side, join: str) -> None:
        row = self.grid[number]
        column = row.columns[mark]
        below = enters_from_below(self.grid, number, column)
        above = leaves_upward(self.grid, number, column)
        is_double, direction = join == "=", self.directions[index]
        if direction is Direction.BIDIRECTIONAL:
            # Both ends of the block are a beginning and an end: the wires at the junction decide.
            leaves = above and not below
            conflict = above and below
        else:
            leaves = (direction is Direction.BACKWARD) == (side is _Side.LEFT)
            # A junction that is part of a longer bus may have its wire elsewhere on it.
            astray = leaves == below and leaves != above and _is_alone(row, mark, side)
            conflict = astray or _points(join, side, out=not leaves)
        span = row.span(mark)
        if conflict or (is_double and direction is not Direction.BIDIRECTIONAL):
            self.diagnostics.append(self._unclear(index, span, leaves))
        terminal = Terminal(column, index, leaves, is_double, span)
        self.terminals.setdefault(number, []).append(terminal)

    def _state_end(
        self, row: GridRow, mark: int, join: str, left: int | None, right: int | None
    ) -> None:
        """A wire between a ``*`` and the mark beside it: ``*-H`` enters, ``H-*`` leaves."""
        leaves = row.marks[mark + 1] == STATE_END
        index = left if leaves else right
        span = row.span(mark + 1 if leaves else mark)
        if index is None:
            self.diagnostics.append(stray_end(span))
        elif self.directions[index] is not Direction.FORWARD or join not in "->":
            # `*-H=H=H-*`: one mistake, though both its ends show it.
            if index not in self.uncut:
                self.diagnostics.append(
                    uncut(self.blocks[index].letter, self.directions[index], span)
                )
            self.uncut.add(index)
        else:
            self.ends.append(StateEnd(index, leaves, span))

    def lone_ends(self, row: GridRow) -> None:
        """Report each ``*`` of a row that no wire joins to anything."""
        for mark, char in enumerate(row.marks):
            beside = row.joins[max(mark - 1, 0) : mark + 1] if mark else row.joins[:1]
            if char == STATE_END and not any(beside):
                self.diagnostics.append(stray_end(row.span(mark)))

    def _unclear(self, index: int, span: Span, leaves: bool) -> Diagnostic:
        letter = self.blocks[index].letter
        return Diagnostic(
            "SEQ210",
            f"at this junction the state of `{letter}` can neither enter nor leave",
            span,
            "a final state leaves a block at its end, with a `|` above the junction; "
            "an initial state enters at its beginning, with a `|` below",
        )


def _ends(block: DrawnBlock) -> tuple[int, ...]:
    return block.marks


def _points(join: str, side: _Side, *, out: bool) -> bool:
    """Whether a wire at a block's side has an arrowhead that points out of the block, or else into it."""
    return join in "<>" and ((join == "<") == (side is _Side.LEFT)) == out


def _is_alone(row: GridRow, mark: int, side: _Side) -> bool:
    """Whether a junction is joined to nothing but the block on its other side."""
    beside = mark - 1 if side is _Side.LEFT else mark
    return not (0 <= beside < len(row.joins) and row.joins[beside])


def _not_bidirectional(span: Span) -> Diagnostic:
    return Diagnostic(
        "SEQ210",
        "`=` passes two states, but not both blocks are bidirectional",
        span,
        "use `-` to pass the concatenated states of a bidirectional block to a unidirectional one",
    )


def enters_from_below(grid: Sequence[GridRow], number: int, column: int) -> bool:
    """Whether a wire or a node below reaches the junction in ``column``."""
    return number > 0 and _reaches(grid[number - 1].cells, column, 1, True)


def leaves_upward(grid: Sequence[GridRow], number: int, column: int) -> bool:
    """Whether a wire above takes up the junction in ``column``."""
    return number + 1 < len(grid) and _reaches(grid[number + 1].cells, column, -1, False)


def _reaches(cells: str, column: int, slant: int, nodes: bool) -> bool:
    # For slant 1 the row below, for -1 the row above, of the cell at `column`:
    #
    #     above      \ | /          what leaves a cell upward
    #     cell         +
    #     below      / | \          what enters it from below
    straight = cells[column : column + 1]
    slash, back = column - slant, column + slant
    joins = straight.isupper() or straight in tuple("|^+") or (nodes and straight.islower())
    return (
        joins
        or (0 <= slash < len(cells) and cells[slash] == "/")
        or (0 <= back < len(cells) and cells[back] == "\\")
    )


__all__ = [
    "ELLIPSIS",
    "Handoff",
    "StateWires",
    "Terminal",
    "enters_from_below",
    "find_states",
    "leaves_upward",
]
