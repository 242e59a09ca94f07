r"""picture without ellipses → rows of text: all nodes in columns of their own, all wires routed anew.

Every value goes up in the column of its node, past all rows, as far as it is read. Below a row that reads it,
a junction copies it into the columns where it is wanted; where a wire carries several values, copies meet on a bus:

          Y      a node that reads `A` by `/`, and `A` and `B` by `|`
         /|
        | |
        | +-+-+  where the two copies meet
        | | | |
        | | +-|-+
        | | | | B      (`A` stands to the left, `B` below)
      +-+---+

Wires and nodes stand in even columns, so that two junctions never touch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.drawn_out.picture import FINAL, SIDES, Bus, Mark, Picture, Source

STRAIGHT = SIDES.index("|")


def write(picture: Picture, letters: Sequence[str]) -> list[str]:
    """The rows of a picture, top row first; each block is drawn in its letter."""
    return _Writer(picture, letters).write()


@dataclass(frozen=True)
class _Landing:
    """Where a wire has to arrive below a row of nodes."""

    node: int
    side: int
    bus: Bus

    @property
    def column(self) -> int:
        """The column of the wire's end: a slanted one begins two columns beside its node."""
        return self.node + 2 * (self.side - STRAIGHT)


@dataclass
class _Row:
    marks: tuple[Mark, ...]
    columns: list[int]
    landings: list[_Landing] = field(default_factory=list)


class _Canvas:
    """Characters, by row from the bottom and column."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], str] = {}
        self.fills: list[tuple[int, int, int, str]] = []

    def put(self, row: int, column: int, char: str) -> None:
        assert (row, column) not in self.cells, "two things in one cell"
        self.cells[row, column] = char

    def upright(self, column: int, start: int, end: int) -> None:
        """A wire from row ``start`` to below row ``end``."""
        for row in range(start, end):
            self.put(row, column, "|")

    def sideways(self, row: int, columns: Iterable[int], char: str = "-") -> None:
        """A wire between the outermost of some columns; it crosses what stands in between."""
        ordered = sorted(columns)
        self.fills.append((row, ordered[0], ordered[-1], char))

    def lines(self) -> list[str]:
        """The rows, top row first."""
        for row, start, end, char in self.fills:
            for column in range(start, end + 1):
                self.cells.setdefault((row, column), char)
        low = min(column for _, column in self.cells)
        rows: dict[int, dict[int, str]] = {}
        for (row, column), char in self.cells.items():
            rows.setdefault(row, {})[column - low] = char
        return [
            "".join(rows.get(row, {}).get(c, " ") for c in range(max(rows.get(row, {0: ""})) + 1))
            for row in range(max(rows), -1, -1)
        ]


class _Writer:
    def __init__(self, picture: Picture, letters: Sequence[str]) -> None:
        self.picture = picture
        self.letters = letters
        self.canvas = _Canvas()
        self.rows = [_Row(marks, [0 for _ in marks]) for marks in picture.rows]
        self.width = 0
        self.column: dict[Source, int] = {}
        self.height: dict[int, int] = {}
        """Up to which row, without it, the wire in a column has been drawn."""
        self.last: dict[Source, int] = {}
        """The highest row that reads a value."""

    def write(self) -> list[str]:
        self._place()
        for number, row in enumerate(self.rows):
            for landing in row.landings:
                self.last |= dict.fromkeys(landing.bus, number)
        height = 0
        for number, row in enumerate(self.rows):
            height = self._lead(number, row.landings, height)
            self._draw(row, height)
            height += 1
        return self.canvas.lines()

    # Nodes

    def _place(self) -> None:
        """Give every node and junction a column, in the order in which they stand from left to right."""
        order = sorted(
            (mark.place, number, at)
            for number, row in enumerate(self.rows)
            for at, mark in enumerate(row.marks)
        )
        for _, number, at in order:
            self._place_mark(self.rows[number], at)
        for row in self.rows:
            assert row.columns == sorted(row.columns), "marks of a row change places"

    def _place_mark(self, row: _Row, at: int) -> None:
        mark = row.marks[at]
        if mark.kind == "node":
            entries = dict(enumerate(self.picture.blocks[mark.block].entries[mark.step]))
        else:
            entries = {STRAIGHT: mark.below}
        column = self.width + (2 if entries.get(0) else 0)
        self.width = column + (4 if entries.get(2) else 2)
        row.columns[at] = column
        row.landings += [_Landing(column, side, bus) for side, bus in entries.items() if bus]
        if mark.kind == "node":
            self.column[Source(mark.block, mark.step)] = column
        for block in mark.finals:
            assert not mark.below, "a state leaves and a value enters at one junction"
            self.column.setdefault(Source(block, FINAL), column)

    def _draw(self, row: _Row, height: int) -> None:
        """Draw the nodes and state wires of a row."""
        for at, (mark, column) in enumerate(zip(row.marks, row.columns, strict=True)):
            is_node = mark.kind == "node"
            sign = "*" if mark.kind == "end" else "+"
            self.canvas.put(height, column, self.letters[mark.block] if is_node else sign)
            self.height[column] = height + 1
            if mark.join:
                self.canvas.sideways(height, row.columns[at : at + 2], mark.join)

    # Wires

    def _lead(self, number: int, landings: Sequence[_Landing], height: int) -> int:
        """Draw the wires that lead to a row of nodes, from row ``height`` on; the row for the nodes."""
        targets: dict[Bus, list[int]] = {}
        for landing in landings:
            targets.setdefault(landing.bus, []).append(landing.column)
        copies, buses = self._plan(number, targets)
        height = self._join(copies, height)
        height = self._join(buses, height)
        # The columns of copies are free again.
        self.height = {column: top for column, top in self.height.items() if column < self.width}
        if any(landing.side != STRAIGHT for landing in landings):
            height += 2
        for landing in landings:
            slanted = landing.side != STRAIGHT
            self._rise(landing.column, height - slanted)
            if slanted:
                middle = (landing.column + landing.node) // 2
                self.canvas.put(height - 1, middle, SIDES[landing.side])
        return height

    def _plan(
        self, number: int, targets: dict[Bus, list[int]]
    ) -> tuple[list[list[int]], list[list[int]]]:
        """The columns to join: of each value with its copies, then of the copies on each bus."""
        wanted: dict[Source, list[int]] = {}
        buses = []
        free = self.width + 2
        for bus, columns in targets.items():
            if len(bus) == 1:
                wanted.setdefault(next(iter(bus)), []).extend(columns)
        several = [(bus, columns) for bus, columns in targets.items() if len(bus) > 1]
        for bus, columns in several:
            joined = list(columns)
            for source in sorted(bus, key=self.column.__getitem__):
                others = sum(source in other for other in targets)
                if others == 1 and self.last[source] == number:
                    # Nothing else reads it: its own column may go on as the bus.
                    joined.append(self.column[source])
                    continue
                wanted.setdefault(source, []).append(free)
                joined.append(free)
                free += 2
            buses.append(joined)
        return [[self.column[source], *columns] for source, columns in wanted.items()], buses

    def _join(self, nets: Sequence[Sequence[int]], height: int) -> int:
        """Draw one bus for each set of columns, several in a row where there is room; the row above them."""
        rows: list[int] = []
        for columns in sorted(nets, key=min):
            fitting = (number for number, end in enumerate(rows) if end < min(columns))
            number = next(fitting, len(rows))
            rows += [0] if number == len(rows) else []
            rows[number] = max(columns)
            self.canvas.sideways(height + number, columns)
            for column in columns:
                if column in self.height:
                    self._rise(column, height + number)
                self.canvas.put(height + number, column, "+")
                self.height[column] = height + number + 1
        return height + len(rows)

    def _rise(self, column: int, end: int) -> None:
        """Draw the wire in a column up to below row ``end``."""
        self.canvas.upright(column, self.height[column], end)
        self.height[column] = end
