"""sheet → passed states: by which buses and corners a final state reaches the layer that begins with it.

::

    D<D<D<D---+     it is drawn in one color from the last `E` to the first `D`, over both corners
    | | | |   |
    E-E-E-E---+
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from seqdsl.draw.chains import Cell
from seqdsl.picture.grid import JUNCTION
from seqdsl.picture.trace import JunctionRef, StateRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.picture.trace import Source


def find_passed(drawing: Drawing) -> dict[Cell, int]:
    """The junctions that carry nothing but final states to layers that begin with them; the block of one of those."""
    sources = _state_sources(drawing)
    # From the layers that begin with a state back to where it comes from: what else a bus leads to is data.
    wanted = [source for entries in drawing.trace.initial.values() for source, _ in entries]
    passing: set[int] = set()
    while wanted:
        source = wanted.pop()
        # What comes by a wire without corners has no junction to color.
        number = source.number if isinstance(source, JunctionRef) else -1
        if number in sources and number not in passing:
            passing.add(number)
            wanted += drawing.trace.junctions[number].sources
    return {cell: sources[number] for number in sorted(passing) for cell in _cells(drawing, number)}


def _state_sources(drawing: Drawing) -> dict[int, int]:
    """The junctions that carry final states alone, with the block of the first of them."""
    sources: dict[int, int] = {}
    # Data flows upward: what enters a junction has a smaller number.
    for junction in drawing.trace.junctions:
        # One source that is data, and the junction carries more than state.
        blocks = [_state_source(source, sources) for source in junction.sources]
        if blocks and all(block is not None for block in blocks):
            sources[junction.ref.number] = next(block for block in blocks if block is not None)
    return sources


def _state_source(source: Source, sources: dict[int, int]) -> int | None:
    if isinstance(source, StateRef):
        return source.block
    return sources.get(source.number) if isinstance(source, JunctionRef) else None


def _cells(drawing: Drawing, number: int) -> Iterator[Cell]:
    """All junctions of a bus: those to the left and to the right that lines join to its own."""
    junction = drawing.trace.junctions[number]
    row = drawing.grid[junction.row]
    # Of `+-+-+ +-+` the first three are one bus: no line joins them to the last two.
    own = bisect_left(row.columns, junction.column)
    for step in (-1, 1):
        mark = own
        while _is_joined(row.marks, row.joins, mark, step):
            mark += step
            yield Cell(row.columns[mark], junction.row)
    yield Cell(junction.column, junction.row)


def _is_joined(marks: str, joins: Sequence[str], mark: int, step: int) -> bool:
    """Whether a line leads from a junction to another, at the next mark to one side."""
    beside = mark + step
    if not 0 <= beside < len(marks) or marks[beside] != JUNCTION:
        return False
    return bool(joins[min(mark, beside)])
