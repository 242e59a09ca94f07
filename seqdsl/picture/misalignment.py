"""picture with wires that miss → the one slip behind them: what was shifted, and by how much.

Where a row slid by a column every one of its wires misses. So the likely slips are mended one after the other;
if the wires then meet, that slip is told, instead of all that follows from it. Only a picture with faults comes here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.blocks import find_blocks
from seqdsl.picture.grid import scan
from seqdsl.picture.nearest import Beside, LooseEnd, OutOfPicture
from seqdsl.picture.states import find_states
from seqdsl.picture.trace import trace
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.syntax.ast import Row

_FARTHEST = 3
_MOST_CELLS = 250_000
_FEW = 12
_WORST = 4
_GAP = frozenset(" -=><")
_MOVABLE = frozenset("|^/\\+")


class _Mend(NamedTuple):
    """A row put right: what of it moved, and the fewest findings that have to vanish with it."""

    row: int
    cells: str
    start: int
    moved: int
    alone: bool


def told_as_one(rows: Sequence[Row], found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings of a picture's wires, those that follow from one slip told as that slip.

    Args:
        rows: the picture's rows, top row first.
        found: what is wrong with their wires.
    """
    found = _once_a_row(found)
    best = _best_mend(rows, found) if found else None
    if best is None:
        return found
    places = _places(best.left)
    rest = [item for item in found if (item.span, item.code) in places]
    return [_finding(best.mend, rows[best.mend.row], found), *rest]


class _Tried(NamedTuple):
    """A mend, and what is wrong once it is made."""

    mend: _Mend
    left: list[Diagnostic]


def _best_mend(rows: Sequence[Row], found: Sequence[Diagnostic]) -> _Tried | None:
    """The first mend after which the fewest findings are left, none of them new."""
    # Each attempt follows the wires of the whole picture again: of a large one only a few are made.
    budget = _MOST_CELLS
    best: _Tried | None = None
    for mend in _mends(rows, found):
        budget -= sum(len(row.cells) for row in rows)
        if budget < 0:
            break
        left = _once_a_row(faults(_mended(rows, mend)))
        # One wire that is moved may explain a single finding; a whole row that is moved has to explain two, or almost
        # any finding could be explained so. And nothing that was right may break.
        gained = len(found) - len(left)
        enough = gained >= (1 if mend.alone else 2)
        is_better = best is None or len(left) < len(best.left)
        if enough and is_better and _places(left) <= _places(found):
            best = _Tried(mend, left)
            if not left:
                break
    return best


def _mended(rows: Sequence[Row], mend: _Mend) -> list[Row]:
    """The rows with one of them put right."""
    return [
        replace(row, cells=mend.cells) if index == mend.row else row
        for index, row in enumerate(rows)
    ]


def faults(rows: Sequence[Row]) -> list[Diagnostic]:
    """What is wrong with the wires of some rows, as far as they can be followed."""
    grid, found = scan(rows)
    blocks, more = find_blocks(grid)
    found += more
    if found:
        return found
    states, found = find_states(grid, blocks)
    return found + trace(grid, states)[1]


def _places(found: Sequence[Diagnostic]) -> set[tuple[Span, str]]:
    return {(item.span, item.code) for item in found}


def _once_a_row(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Wires of one row that all lead out of the picture are one finding."""
    told = set()
    kept = []
    for item in found:
        if isinstance(item, LooseEnd) and isinstance(item.miss, OutOfPicture):
            key = (item.span.line, item.code, item.miss)
            if key in told:
                continue
            told.add(key)
        kept.append(item)
    return kept


def _mends(rows: Sequence[Row], found: Sequence[Diagnostic]) -> Iterator[_Mend]:
    """The likely slips in the rows around the findings: a wire, a row, the rest of a row."""
    near = _near(rows, found)
    spans = {(item.span.line, item.span.column - 1) for item in found}
    for index in near:
        yield from _whole(index, rows[index].cells)
    for index in near if len(found) <= _FEW else ():
        yield from _cells(index, rows[index], spans)
    for index in near[:_WORST]:
        yield from _tails(index, rows[index].cells)


def _near(rows: Sequence[Row], found: Sequence[Diagnostic]) -> list[int]:
    """The rows with a finding in or beside them, those with the most findings first."""
    counts: dict[int, int] = {}
    lines = {row.line: index for index, row in enumerate(rows)}
    for item in found:
        at = lines.get(item.span.line, 0)
        for index in range(max(0, at - 1), min(len(rows), at + 2)):
            counts[index] = counts.get(index, 0) + 1
    return sorted(counts, key=lambda index: (-counts[index], index))


def _shifts() -> Iterator[int]:
    for distance in range(1, _FARTHEST + 1):
        yield from (-distance, distance)


def _cells(index: int, row: Row, spans: set[tuple[int, int]]) -> Iterator[_Mend]:
    """A single wire that was reported, moved."""
    cells = row.cells
    for column, char in enumerate(cells):
        if char not in _MOVABLE or (row.line, column) not in spans:
            continue
        for shift in _shifts():
            # A wire only moves to where nothing but a bus is, and a bus that it leaves is closed behind it.
            target = column + shift
            if target < 0 or cells[target : target + 1].strip(" -"):
                continue
            filler = (
                "-" if "-" in (cells[column - 1 : column], cells[column + 1 : column + 2]) else " "
            )
            changed = list(cells.ljust(target + 1))
            changed[column], changed[target] = filler, char
            yield _Mend(index, "".join(changed).rstrip(), column, shift, True)


def _whole(index: int, cells: str) -> Iterator[_Mend]:
    start = len(cells) - len(cells.lstrip())
    for shift in _shifts():
        if start + shift >= 0:
            yield _Mend(index, " " * (start + shift) + cells[start:], start, shift, False)


def _tails(index: int, cells: str) -> Iterator[_Mend]:
    """Everything from some mark on, moved; what stands before it becomes shorter or longer."""
    # | |  |      the third wire is one column too far to the right: what begins there moves, and
    # | | |       the gap before it, of two blanks, becomes one
    starts = [
        column
        for column in range(1, len(cells))
        if cells[column] not in _GAP and cells[:column].strip()
    ]
    for start in starts:
        before = cells[:start]
        filler = before[-1] if before[-1] in _GAP else " "
        for shift in _shifts():
            if shift > 0:
                yield _Mend(index, before + filler * shift + cells[start:], start, shift, False)
            elif len(set(before[shift - 1 :])) == 1:
                # At least one cell of the gap stays.
                yield _Mend(index, before[:shift] + cells[start:], start, shift, False)


def _finding(mend: _Mend, row: Row, found: Sequence[Diagnostic]) -> Diagnostic:
    distance = abs(mend.moved)
    columns = "one column" if distance == 1 else f"{distance} columns"
    back, side = ("right", "left") if mend.moved > 0 else ("left", "right")
    span = Span.cell(row.line, mend.start + 1)
    if mend.alone:
        here = next(item for item in found if item.span == span)
        miss = here.miss if isinstance(here, LooseEnd) else None
        if isinstance(miss, Beside) and miss.offset == mend.moved:
            # It is said already: what it missed is where it should stand.
            return here
        target = mend.start + mend.moved + 1
        return replace(here, hint=f"it should be in column {target}, {columns} to the {back}")
    whole = not row.cells[: mend.start].strip()
    what = "this row is" if whole else "from here on, this row is"
    return Diagnostic(
        "SEQ213",
        f"{what} shifted by {columns} to the {side}",
        span,
        f"move it {columns} to the {back} to connect its wires",
    )
