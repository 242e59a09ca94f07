r"""cell of a wire → the nodes that it joins, followed cell by cell on the characters.

    Y   Y      the `+` on the right joins both X to both Y, the `|` on the left too
    |   |
    +---+
   /     \
  X       X

Pictures with errors are followed as well, as far as their wires lead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.picture.grid import JUNCTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.picture.grid import GridRow

    Cell = tuple[int, int]

WIRES = frozenset("|^/\\-<>=+*")
"""What joins nodes, and a `*`, at which state enters or leaves."""

_UPRIGHT = "|^"


class Wires:
    """The wires of a picture; cells are the row, bottom row first, and the column, from 0."""

    def __init__(self, grid: Sequence[GridRow]) -> None:
        """Take the rows of a picture."""
        self.grid = grid

    def ends(self, row: int, column: int) -> tuple[list[Cell], list[Cell]]:
        """The nodes whose values a wire carries, and those that read it, at one of its cells."""
        beside = self._beside(row, column)
        if beside is None:
            starts = [(row, column)]
        else:
            left, right = beside
            chars = self._char(*left), self._char(*right)
            if chars != (JUNCTION, JUNCTION):
                return self._state(left, right)
            starts = [left]
        return self._reached(starts, self._below), self._reached(starts, self._above)

    def _char(self, row: int, column: int) -> str:
        cells = self.grid[row].cells if 0 <= row < len(self.grid) else ""
        return cells[column] if 0 <= column < len(cells) else " "

    def _beside(self, row: int, column: int) -> tuple[Cell, Cell] | None:
        """The two marks that a horizontal wire joins; ``None`` for another cell."""
        if self._char(row, column) not in "-<>=":
            return None
        marks = self.grid[row].columns
        left = max((at for at in marks if at < column), default=None)
        right = min((at for at in marks if at > column), default=None)
        return None if left is None or right is None else ((row, left), (row, right))

    def _state(self, left: Cell, right: Cell) -> tuple[list[Cell], list[Cell]]:
        """What a state wire joins: along `<` state runs from right to left, along `=` in both directions."""
        between = self.grid[left[0]].cells[left[1] + 1 : right[1]]
        if "=" in between:
            return [left, right], [left, right]
        return ([right], [left]) if "<" in between else ([left], [right])

    def _reached(self, starts: list[Cell], step: Callable[[Cell], Iterator[Cell]]) -> list[Cell]:
        """The nodes that are reached from cells by steps in one direction; there the way ends."""
        waiting, seen, nodes = list(starts), set(starts), []
        while waiting:
            for cell in step(waiting.pop()):
                if cell in seen:
                    continue
                seen.add(cell)
                # Values go from node to node: what is behind one is another wire's.
                if self._char(*cell).isalpha():
                    nodes.append(cell)
                else:
                    waiting.append(cell)
        return sorted(nodes)

    def _below(self, cell: Cell) -> Iterator[Cell]:
        """The cells from which a value comes into a cell."""
        row, column = cell
        char = self._char(row, column)
        if char.islower():
            return
        if char in "/\\":
            # A slanted wire begins at a node or an upright wire, or goes on with one of its slant.
            foot = (row - 1, column - 1 if char == "/" else column + 1)
            if self._passes(foot) or self._char(*foot) == char:
                yield foot
            return
        yield from self._entries(row, column)
        if char == JUNCTION:
            yield from self._bus(row, column)
            yield from self._run(row, column, leaves=True)

    def _entries(self, row: int, column: int) -> Iterator[Cell]:
        r"""The cells in the row below from which a value comes into a node, a junction or an upright wire.

        ::

            |
           /|\     three that may end in the cell above the `|`
        """
        if self._char(row - 1, column - 1) == "/":
            yield row - 1, column - 1
        straight, char = self._char(row - 1, column), self._char(row, column)
        # Two nodes right above each other are not joined.
        if straight in _UPRIGHT + JUNCTION or (straight.isalpha() and not char.isupper()):
            yield row - 1, column
        if self._char(row - 1, column + 1) == "\\":
            yield row - 1, column + 1

    def _passes(self, cell: Cell) -> bool:
        char = self._char(*cell)
        return char.isalpha() or char in _UPRIGHT or char == JUNCTION

    def _above(self, cell: Cell) -> Iterator[Cell]:
        """The cells into which a value goes from a cell."""
        row, column = cell
        # What the upward way takes is what the cell above has below it: one rule for both directions.
        for near in ((row + 1, column + by) for by in (-1, 0, 1)):
            if (
                self._char(*near) != " "
                and self._char(*near) not in "-<>=."
                and cell in self._below(near)
            ):
                yield near
        if self._char(row, column) == JUNCTION:
            yield from self._bus(row, column)
            yield from self._run(row, column, leaves=False)

    def _joined(self, row: int, column: int) -> Iterator[Cell]:
        """The marks that horizontal wires join to a junction."""
        line = self.grid[row]
        mark = line.columns.index(column)
        if mark and line.joins[mark - 1]:
            yield row, line.columns[mark - 1]
        if mark < len(line.joins) and line.joins[mark]:
            yield row, line.columns[mark + 1]

    def _bus(self, row: int, column: int) -> Iterator[Cell]:
        return (cell for cell in self._joined(row, column) if self._char(*cell) == JUNCTION)

    def _run(self, row: int, column: int, *, leaves: bool) -> Iterator[Cell]:
        """The node of a run whose final state leaves by a junction, or that starts from what enters by it."""
        nodes = [cell for cell in self._joined(row, column) if self._char(*cell).isalpha()]
        # H-H--+    what is wired from below enters the run; else its state leaves by the `|` above
        enters = any(True for _ in self._entries(row, column))
        if enters != leaves:
            yield from nodes
