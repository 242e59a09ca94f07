"""snapshot and place → what is there: a node and its block, a wire and its ends, or a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.editing.data import Found
from seqdsl.editing.drawn import drawn_at
from seqdsl.editing.wires import WIRES, Wires
from seqdsl.picture.grid import ELLIPSIS, JUNCTION, STATE_END
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from seqdsl.editing.drawn import Drawn
    from seqdsl.editing.occurrences import Occurrence
    from seqdsl.editing.snapshot import Part, Snapshot


class Cell(NamedTuple):
    """A cell of a picture that is not a space: what it is, and where in the part."""

    part: Part
    drawn: Drawn
    found: Found
    line: int
    column: int


class Name(NamedTuple):
    """A name, and the part that it is in."""

    part: Part
    name: Occurrence


def at(snapshot: Snapshot, line: int, column: int) -> Found | None:
    """What is at a line and column of a text; ``None`` where nothing is."""
    item = item_at(snapshot, line, column)
    if isinstance(item, Name):
        return Found(item.name.kind, item.name.name, item.part.range(item.name.span))
    return item.found if item else None


def item_at(snapshot: Snapshot, line: int, column: int) -> Cell | Name | None:
    """The cell of a picture at a line and column of a text, or the name there."""
    place = snapshot.part_at(line, column)
    if place is None:
        return None
    part, line, column = place
    drawn = drawn_at(part, line)
    if drawn is not None and (found := in_picture(part, drawn, line, column)) is not None:
        return Cell(part, drawn, found, line, column)
    name = occurrence_at(part, line, column)
    return None if name is None else Name(part, name)


def occurrence_at(
    part: Part, line: int, column: int, *, touching: bool = False
) -> Occurrence | None:
    """The name at a place of a part.

    Args:
        part: the part.
        line: the line.
        column: the column.
        touching: whether a name counts that ends right before it, as a cursor there still touches it.
    """
    found = None
    for item in part.names:
        if item.span.line == line and item.span.column <= column <= item.span.end:
            if column < item.span.end:
                return item
            found = item if touching else None
    return found


def in_picture(part: Part, drawn: Drawn, line: int, column: int) -> Found | None:
    """What a cell of a picture is; ``None`` beside its rows, and for a space."""
    row = drawn.row_at(line)
    if row is None:
        return None
    grid = drawn.grid[row]
    mark = drawn.mark_at(row, column)
    if mark is not None and grid.marks[mark] not in (JUNCTION, STATE_END):
        return _node(part, drawn, row, mark)
    # Between the marks are wires and spaces; behind the row its layer, which is a name.
    cells = grid.cells
    char = cells[column - 1] if column <= len(cells) else " "
    if char not in WIRES:
        return None
    sources, targets = Wires(drawn.grid).ends(row, column - 1)
    # H-H: state; +-+ between rows of nodes: a bus
    is_state = grid.is_nodes and char in "-<>=*"
    return Found(
        "state" if is_state else "wire",
        char,
        part.range(grid.cell(column - 1)),
        sources=tuple(part.range(drawn.grid[at].cell(where)) for at, where in sources),
        targets=tuple(part.range(drawn.grid[at].cell(where)) for at, where in targets),
    )


def _node(part: Part, drawn: Drawn, row: int, mark: int) -> Found:
    grid = drawn.grid[row]
    char, span = grid.marks[mark], grid.span(mark)
    number = drawn.block_at(row, mark)
    block = None if number is None else part.range(drawn.span_of(drawn.blocks[number]))
    if char == ELLIPSIS:
        name = grid.names.get(mark, "...")
        # On the name of `..n..` it is the parameter that is meant.
        return Found("ellipsis", name, part.range(span), block)
    kind = "node" if char.isupper() else "delayed"
    return Found(kind, char, part.range(Span(span.line, span.column, span.column + 1)), block)
