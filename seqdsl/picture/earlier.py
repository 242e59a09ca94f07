r"""delayed nodes → places: of which node each of them gives the value, by columns and wires.

It is the nearest node of its letter to its left that does not depend on it::

      Y   Y   Y        the first `y` has no `Y` to its left, the second one the first `Y`, ...
      |   |   |
      D   D   D
      |   |   |
      y   y   y        were they drawn to the right of their `D`, the `Y` above would depend on them, and not be meant

Dependence is followed over wires; a bus that leads several steps of one row together tells of no single step, and a
state carries what came earlier anyway.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.trace import JunctionRef, StateRef
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.picture.trace import Source, Trace

_NOTHING = -1


class Earlier(NamedTuple):
    """A step of a block, by its drawn nodes.

    Attributes:
        block: the block.
        drawn: the number of a drawn node of it; as many as there are stand for the step behind its last one.
        back: how many steps before that node: an elided step is the one before the next drawn node.
    """

    block: int
    drawn: int
    back: int


def check_letters(blocks: Sequence[DrawnBlock], delayed: Sequence[DrawnBlock]) -> list[Diagnostic]:
    """Delayed nodes whose letter is not drawn as exactly one block."""
    diagnostics = []
    by_letter: dict[str, list[DrawnBlock]] = {}
    # `O` is never asked for: a lower-case `o` is an `O`, and no delayed one.
    for block in blocks if delayed else ():
        by_letter.setdefault(block.letter, []).append(block)
    for block in delayed:
        capital = block.letter.upper()
        drawn = by_letter.get(capital, [])
        if len(drawn) == 1:
            continue
        what = f"`{block.letter}` is what `{capital}` gave one step earlier, but"
        if not drawn:
            message = f"{what} no `{capital}` is drawn"
            hint = f"nodes are capital letters: write `{capital}` for a node, or draw a row of `{capital}`"
            diagnostics.append(Diagnostic("SEQ216", message, block.span, hint))
            continue
        message = f"{what} `{capital}` is drawn as {len(drawn)} blocks"
        hint = f"draw `{capital}` as one block, or give the other one a letter of its own"
        places = tuple((item.span, f"a block of `{capital}`") for item in drawn[:2])
        diagnostics.append(Diagnostic("SEQ216", message, block.span, hint, places))
    return diagnostics


def find_earlier(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    delayed: Sequence[DrawnBlock],
    trace: Trace,
) -> list[Earlier | None]:
    """What every delayed unit gives; ``None`` for one before the first step of its letter.

    Args:
        grid: the rows.
        blocks: the blocks; the parts of one that is cut follow each other.
        delayed: the delayed blocks.
        trace: the wires.
    """
    if not delayed:
        return []
    latest = _latest(blocks, delayed, trace)
    found: list[Earlier | None] = []
    by_letter: dict[str, list[_Element]] = {}
    for block in delayed:
        capital = block.letter.upper()
        if capital not in by_letter:
            by_letter[capital] = sorted(_elements(grid, blocks, capital, trace, latest))
        # Of `Y Y ... Y` in columns 0, 2, 4 and 8: the node 0, the node 2, the last elided step (column 6), the node 8.
        elements = by_letter[capital]
        columns = [item.column for item in elements]
        for unit in range(block.first, block.first + block.count):
            column = trace.units[unit]
            left = elements[: bisect_left(columns, column)]
            found.append(
                next((item.place for item in reversed(left) if item.latest < column), None)
            )
    return found


class _Element(NamedTuple):
    """A node of a letter, or an ellipsis of its row.

    Attributes:
        column: its last column.
        latest: the column of the last delayed node on which it depends.
        place: the step that it is; of an ellipsis the last one.
    """

    column: int
    latest: int
    place: Earlier


def _elements(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    letter: str,
    trace: Trace,
    latest: Sequence[int],
) -> Iterator[_Element]:
    for index, block in enumerate(blocks):
        if block.letter != letter:
            continue
        for drawn in range(block.count):
            unit = block.first + drawn
            yield _Element(trace.units[unit], latest[unit], Earlier(index, drawn, 0))
        row = grid[block.row]
        for stretch in block.stretches:
            # Y ... Y    the last elided step is the one before the next node; it depends on no more than the one before
            before = latest[block.first + stretch.after - 1] if stretch.after else _NOTHING
            yield _Element(row.ends[stretch.mark] - 1, before, Earlier(index, stretch.after, 1))


def _latest(blocks: Sequence[DrawnBlock], delayed: Sequence[DrawnBlock], trace: Trace) -> list[int]:
    """The column of the last delayed node on which each unit depends, over wires."""
    first = delayed[0].first
    latest = [_NOTHING] * first + trace.units[first:]
    owner = [index for index, item in enumerate([*blocks, *delayed]) for _ in range(item.count)]
    junctions = [_NOTHING] * len(trace.junctions)

    def of(source: Source | None) -> int:
        if source is None or isinstance(source, StateRef):
            return _NOTHING
        return junctions[source.number] if isinstance(source, JunctionRef) else latest[source]

    # Row by row, bottom first: what enters a unit or a junction leaves one of a row below.
    waiting = iter(sorted(trace.junctions, key=lambda item: item.row))
    junction = next(waiting, None)
    for unit in range(first):
        while junction is not None and junction.row < trace.rows[unit]:
            units = [owner[one] for one in junction.sources if isinstance(one, int)]
            if len(set(units)) == len(units):
                junctions[junction.ref.number] = max(map(of, junction.sources), default=_NOTHING)
            junction = next(waiting, None)
        latest[unit] = max(map(of, trace.wires(unit)))
    return latest
