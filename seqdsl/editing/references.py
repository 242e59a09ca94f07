"""snapshot and place → where a name is defined, and everywhere it is used.

A letter is one name within its picture, with the delayed nodes that give its value; `O` is one within its block. A
parameter is one within its picture, with the ellipses that it names; cells and pictures are names of the whole text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.editing.at import occurrence_at
from seqdsl.editing.drawn import drawn_at, drawn_pictures
from seqdsl.lowering.default_layers import ANONYMOUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.editing.data import Range
    from seqdsl.editing.occurrences import Occurrence
    from seqdsl.editing.snapshot import Part, Snapshot
    from seqdsl.text.source import Span

_OWN = frozenset({"letter", "delayed", "parameter", "model", "cell", "variable"})
"""The kinds of names that a text gives; all others are of the language."""


class Name(NamedTuple):
    """A name that a text gives, and all its places.

    Attributes:
        part: the part that has it.
        at: the place that was asked for.
        places: all places, in the order of the text.
    """

    part: Part
    at: Occurrence
    places: Sequence[Occurrence]


def find_name(snapshot: Snapshot, line: int, column: int) -> Name | None:
    """The name at a place, or right before it; ``None`` if there is none that the text gives."""
    place = snapshot.part_at(line, column)
    if place is None:
        return None
    part, line, column = place
    at = occurrence_at(part, line, column, touching=True)
    if at is None or at.kind not in _OWN:
        return None
    if at.name == ANONYMOUS and at.kind == "letter":
        return Name(part, at, _anonymous(part, at))
    return Name(part, at, [item for item in part.names if item.identity == at.identity])


def _anonymous(part: Part, at: Occurrence) -> list[Occurrence]:
    """The nodes of the block that an `O` is in: every block of `O` is a layer of its own."""
    drawn = drawn_at(part, at.span.line)
    row = None if drawn is None else drawn.row_at(at.span.line)
    if drawn is None or row is None:
        return [at]
    mark = drawn.grid[row].columns.index(at.span.column - 1)
    number = drawn.block_at(row, mark)
    if number is None:
        return [at]
    span = drawn.span_of(drawn.blocks[number])
    return [
        item
        for item in part.names
        if item.kind == "letter" and _is_within(item.span, span) and item.name == ANONYMOUS
    ]


def _is_within(span: Span, whole: Span) -> bool:
    return span.line == whole.line and whole.column <= span.column and span.end <= whole.end


def references(snapshot: Snapshot, line: int, column: int) -> tuple[Range, ...]:
    """Every place at which the name is that is at a line and column."""
    name = find_name(snapshot, line, column)
    return () if name is None else tuple(name.part.range(item.span) for item in name.places)


def definition(snapshot: Snapshot, line: int, column: int) -> tuple[Range, ...]:
    """Where it is said what the name at a line and column is."""
    name = find_name(snapshot, line, column)
    if name is None:
        return ()
    defined = [item.span for item in name.places if item.defines]
    # H H H   lstm(4): without a line `H = ...`, the layer at the right end of its row says it, else its lowest row.
    spans = defined or _rows_of(name)
    return tuple(name.part.range(span) for span in spans)


def _rows_of(name: Name) -> list[Span]:
    """The layer beside a row of the letter, or the lowest row of it."""
    if name.at.identity[0] != "letter" or name.at.scope < 0:
        return []
    drawn = list(drawn_pictures(name.part))[name.at.scope]
    lines = {item.span.line for item in name.places}
    calls = [row.call.span for row in drawn.picture.rows if row.call and row.line in lines]
    # A delayed node leads to the nodes whose value it gives.
    if calls and name.at.kind == "letter":
        return calls[:1]
    letter = name.at.name.upper()
    return [drawn.span_of(block) for block in drawn.blocks if block.letter == letter][:1]
