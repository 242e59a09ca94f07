"""picture with errors → candidates: other drawings of it, of which it may be a misdrawn copy."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layout import canvas

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from seqdsl.syntax.ast import Picture, Row
    from seqdsl.text.source import Span

FARTHEST = 4
"""Columns by which a row may be misplaced."""

MOST_ENDS = 40
"""Ends of a row that another row may be meant to meet."""

_NODE = re.compile(r"[A-Z]")
_END = re.compile(r"[A-Z|^+]")
_UPRIGHT = frozenset("|^")
_MOVABLE = frozenset("|^/\\")


class Candidate(NamedTuple):
    """A changed picture.

    Attributes:
        sentence: what was done to it.
        lines: the new text of each changed line, by its number in the old text.
        inserted: new lines, by the number of the old line before which each is inserted.
        drawn: the cells of all its rows without their common indent: candidates that differ in nothing else
            are one.
    """

    sentence: str
    lines: dict[int, str]
    inserted: dict[int, str]
    drawn: tuple[str, ...]


def candidates(
    picture: Picture, texts: Sequence[str], spans: Iterable[Span]
) -> Iterator[Candidate]:
    """What may have been meant, the likeliest first.

    Args:
        picture: the picture with errors.
        texts: the lines of its file.
        spans: the cells that the first errors point at.
    """
    drawing = _Drawing(picture.rows, texts)
    places = [(drawing.at[span.line], span.column - 1) for span in spans if span.line in drawing.at]
    for index, column in places:
        yield from drawing.moved_wire(index, column)
        yield from drawing.moved_node(index, column)
    # A misplaced row of nodes no longer meets the wires on both its sides, so the rows beside it are tried as well.
    near = sorted(
        {row + by for row, _ in places for by in range(-2, 3)} & set(range(len(drawing.cells)))
    )
    for distance in range(1, FARTHEST + 1):
        for index, by in itertools.product(near, (distance, -distance)):
            yield drawing.shifted([index], by)
        for index, by in itertools.product(near, (distance, -distance)):
            yield drawing.shifted(range(index + 1), by)
    yield from drawing.joined_rows()


def indented(picture: Picture, texts: Sequence[str]) -> Iterator[Candidate]:
    """A picture whose first row lost its indent: a text that begins with it was copied, or stripped.

    Args:
        picture: the picture with errors.
        texts: the lines of its file.
    """
    first, *others = picture.rows
    is_stripped = not any(text.strip() for text in texts[: first.line - 1])
    if is_stripped and first.cells[:1] != " " and others and others[0].cells[:1] == " ":
        yield from _Drawing(picture.rows, texts).indented()


class _Drawing:
    """The rows of a picture, top row first, as text that can be changed."""

    def __init__(self, rows: Sequence[Row], texts: Sequence[str]) -> None:
        self.lines = [row.line for row in rows]
        self.cells = [row.cells for row in rows]
        self.tails = [texts[row.line - 1][len(row.cells) :] for row in rows]
        self.at = {line: index for index, line in enumerate(self.lines)}

    def _row(self, index: int, cells: str) -> str:
        """A row with new cells; what is beside it keeps its column if it can."""
        tail = self.tails[index]
        gap = len(tail) - len(tail.lstrip())
        old = len(self.cells[index])
        column = old + gap if len(cells) < old + gap else len(cells) + gap
        return f"{cells:<{column}}{tail.lstrip()}" if tail.strip() else cells

    def _changed(self, sentence: str, cells: dict[int, str]) -> Candidate:
        lines = {self.lines[index]: self._row(index, text) for index, text in cells.items()}
        drawn = [cells.get(index, old) for index, old in enumerate(self.cells)]
        return Candidate(sentence, lines, {}, canvas.dedented(drawn))

    def shifted(self, rows: Iterable[int], by: int) -> Candidate:
        """Rows moved sideways; where there is no room to the left, all others move to the right."""
        moved = set(rows)
        count, side = abs(by), "right" if by > 0 else "left"
        sentence = f"{self._where(moved)} moved {_columns(count)} to the {side}"
        # Where the row begins in column 0, all others move to the right instead: the same drawing, once dedented.
        if by < 0:
            room = min(len(self.cells[i]) - len(self.cells[i].lstrip()) for i in moved)
            if room < count:
                moved = set(range(len(self.cells))) - moved
            else:
                return self._changed(sentence, {i: self.cells[i][count:] for i in moved})
        return self._changed(sentence, {i: " " * count + self.cells[i] for i in moved})

    def indented(self) -> Iterator[Candidate]:
        """The first row, moved to the right until it meets an end in the row below.

        As in::

            Y                      Y
                |                  |
            H H H     becomes  H H H
        """
        first = _END.search(self.cells[0])
        if first is None or len(self.cells) < 2:
            return
        ends = [match.start() for match in _END.finditer(self.cells[1])]
        for column in ends[:MOST_ENDS]:
            if column > first.start():
                yield self.shifted([0], column - first.start())

    def _where(self, rows: Collection[int]) -> str:
        first, last = self.lines[min(rows)], self.lines[max(rows)]
        return f"line {last}" if first == last else f"lines {first} to {last}"

    def moved_wire(self, index: int, column: int) -> Iterator[Candidate]:
        """The wire at a cell one column to the left or right: this row of it, or all its upright rows."""
        char = self._cell(index, column)
        if char not in _MOVABLE:
            return
        # Y Y      A wire is drawn in one row or more; a mistake may be in one of them or in all:
        # | |
        # |  |     here the `|` of this row alone is moved to the left, not that above it
        # X X
        run = [index]
        if char in _UPRIGHT:
            run = [*self._run(index, column, -1), index, *self._run(index, column, 1)]
        for rows, by in itertools.product([[index], run], (-1, 1)):
            if column + by >= 0 and all(self._cell(i, column + by) == " " for i in rows):
                side = "right" if by > 0 else "left"
                sentence = f"the `{char}` in {self._where(rows)} moved one column to the {side}"
                cells = {i: _move(self.cells[i], column, column + by) for i in rows}
                yield self._changed(sentence, cells)

    def moved_node(self, index: int, column: int) -> Iterator[Candidate]:
        """A node that the wire at a cell misses by one column, moved to where the wire ends."""
        #  Y       The wire ends in column 0, where no node is; the Y in column 1 moves there. The upper end of a `/` is
        # |        one column to the right of it, the lower end one to the left.
        slant = {"/": 1, "\\": -1}.get(self._cell(index, column), 0)
        for up in (1, -1):
            row, target = index - up, column + slant * up
            if target < 0 or self._cell(row, target) != " ":
                continue
            for place in (target - 1, target + 1):
                char = self._cell(row, place)
                if _NODE.match(char):
                    side = "right" if target > place else "left"
                    sentence = (
                        f"the `{char}` in line {self.lines[row]} moved one column to the {side}"
                    )
                    yield self._changed(sentence, {row: _move(self.cells[row], place, target)})

    def joined_rows(self) -> Iterator[Candidate]:
        """A row of wires between rows of nodes that are directly on top of each other: one such row, or all."""
        missing = {}
        for above in range(len(self.cells) - 1):
            wires = _between(self.cells[above], self.cells[above + 1])
            if wires:
                missing[self.lines[above + 1]] = wires
        for line, wires in missing.items():
            yield self._added(f"a row of wires added above line {line}", {line: wires})
        if len(missing) > 1:
            where = ", ".join(map(str, missing))
            yield self._added(f"rows of wires added above lines {where}", missing)

    def _added(self, sentence: str, wires: dict[int, str]) -> Candidate:
        drawn = []
        for line, cells in zip(self.lines, self.cells, strict=True):
            drawn += [wires[line], cells] if line in wires else [cells]
        return Candidate(sentence, {}, wires, canvas.dedented(drawn))

    def _run(self, index: int, column: int, by: int) -> Iterator[int]:
        index += by
        while self._cell(index, column) in _UPRIGHT and not _NODE.search(self.cells[index]):
            yield index
            index += by

    def _cell(self, index: int, column: int) -> str:
        if not 0 <= index < len(self.cells) or column < 0:
            return ""
        return self.cells[index][column : column + 1] or " "


def _columns(count: int) -> str:
    return "one column" if count == 1 else f"{count} columns"


def _move(cells: str, column: int, target: int) -> str:
    return canvas.line(canvas.text(0, cells) | {target: cells[column], column: " "})


def _between(above: str, below: str) -> str:
    """The upright wires between two rows of nodes; empty if none are missing or neither fits on the other."""
    # Y   Y    A row of nodes directly on a row of nodes: wires in columns 0 and 4, if all of one row fit on the other.
    # X X X
    upper = {match.start() for match in _END.finditer(above)}
    lower = {match.start() for match in _END.finditer(below)}
    both = upper & lower
    stacked = any(_NODE.match(above, column) and _NODE.match(below, column) for column in both)
    if not stacked or both not in (upper, lower):
        return ""
    return canvas.line(canvas.straight(both))
