"""picture with wires that miss → the one mistake behind them: what was shifted, and by how much.

Where a row is shifted by a column, every one of its wires misses. So the likely shifts are undone one after the other;
if the wires then meet, that shift is reported, instead of all that follows from it. Only a picture with faults comes
here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.blocks import find_blocks
from seqdsl.picture.grid import scan
from seqdsl.picture.nearest import Beside, LooseEnd, OutOfPicture
from seqdsl.picture.states import find_states
from seqdsl.picture.trace import trace
from seqdsl.text.diagnostics import Diagnostic, Edit
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


class _Fix(NamedTuple):
    """A corrected row: what of it moved, and the fewest findings that have to vanish with it."""

    row: int
    cells: str
    start: int
    moved: int
    alone: bool


def as_one_diagnostic(rows: Sequence[Row], diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings of a picture's wires, those that follow from one shift replaced with that shift.

    Args:
        rows: the picture's rows, top row first.
        diagnostics: what is wrong with their wires.
    """
    diagnostics = _once_a_row(diagnostics)
    best = _best_fix(rows, diagnostics) if diagnostics else None
    if best is None:
        return diagnostics
    places = _places(best.left)
    rest = [item for item in diagnostics if (item.span, item.code) in places]
    return [_finding(best.fix, rows[best.fix.row], diagnostics), *rest]


class _Tried(NamedTuple):
    """A fix, and what is wrong once it is made."""

    fix: _Fix
    left: list[Diagnostic]


def _best_fix(rows: Sequence[Row], diagnostics: Sequence[Diagnostic]) -> _Tried | None:
    """The first fix after which the fewest findings are left, none of them new."""
    # Each attempt follows the wires of the whole picture again: of a large one only a few are made.
    budget = _MOST_CELLS
    best: _Tried | None = None
    for fix in _fixes(rows, diagnostics):
        budget -= sum(len(row.cells) for row in rows)
        if budget < 0:
            break
        left = _once_a_row(faults(_fixed(rows, fix)))
        # One wire that is moved may explain a single finding; a whole row that is moved has to explain two, or almost
        # any finding could be explained so. And nothing that was right may break.
        gained = len(diagnostics) - len(left)
        enough = gained >= (1 if fix.alone else 2)
        is_better = best is None or len(left) < len(best.left)
        if enough and is_better and _places(left) <= _places(diagnostics):
            best = _Tried(fix, left)
            if not left:
                break
    return best


def _fixed(rows: Sequence[Row], fix: _Fix) -> list[Row]:
    """The rows with one of them corrected."""
    return [
        replace(row, cells=fix.cells) if index == fix.row else row for index, row in enumerate(rows)
    ]


def faults(rows: Sequence[Row]) -> list[Diagnostic]:
    """What is wrong with the wires of some rows, as far as they can be followed."""
    grid, diagnostics = scan(rows)
    blocks, of_blocks = find_blocks(grid)
    diagnostics += of_blocks
    if diagnostics:
        return diagnostics
    states, diagnostics = find_states(grid, blocks)
    return diagnostics + trace(grid, states)[1]


def _places(diagnostics: Sequence[Diagnostic]) -> set[tuple[Span, str]]:
    return {(item.span, item.code) for item in diagnostics}


def _once_a_row(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Wires of one row that all lead out of the picture are one finding."""
    reported = set()
    result = []
    for item in diagnostics:
        if isinstance(item, LooseEnd) and isinstance(item.miss, OutOfPicture):
            key = (item.span.line, item.code, item.miss)
            if key in reported:
                continue
            reported.add(key)
        result.append(item)
    return result


def _fixes(rows: Sequence[Row], diagnostics: Sequence[Diagnostic]) -> Iterator[_Fix]:
    """The likely shifts in the rows around the findings: a wire, a row, the rest of a row."""
    near = _near(rows, diagnostics)
    spans = {(item.span.line, item.span.column - 1) for item in diagnostics}
    for index in near:
        yield from _whole(index, rows[index].cells)
    for index in near if len(diagnostics) <= _FEW else ():
        yield from _cells(index, rows[index], spans)
    for index in near[:_WORST]:
        yield from _tails(index, rows[index].cells)


def _near(rows: Sequence[Row], diagnostics: Sequence[Diagnostic]) -> list[int]:
    """The rows with a finding in or beside them, those with the most findings first."""
    counts: dict[int, int] = {}
    lines = {row.line: index for index, row in enumerate(rows)}
    for item in diagnostics:
        at = lines.get(item.span.line, 0)
        for index in range(max(0, at - 1), min(len(rows), at + 2)):
            counts[index] = counts.get(index, 0) + 1
    return sorted(counts, key=lambda index: (-counts[index], index))


def _shifts() -> Iterator[int]:
    for distance in range(1, _FARTHEST + 1):
        yield from (-distance, distance)


def _cells(index: int, row: Row, spans: set[tuple[int, int]]) -> Iterator[_Fix]:
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
            yield _Fix(index, "".join(changed).rstrip(), column, shift, True)


def _whole(index: int, cells: str) -> Iterator[_Fix]:
    start = len(cells) - len(cells.lstrip())
    for shift in _shifts():
        if start + shift >= 0:
            yield _Fix(index, " " * (start + shift) + cells[start:], start, shift, False)


def _tails(index: int, cells: str) -> Iterator[_Fix]:
    """Everything from some mark on, moved; the gap before it becomes shorter or longer."""
    # | |  |      the third wire is one column too far to the right: what begins there moves, and
    # | | |       the gap before it, of two spaces, becomes one
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
                yield _Fix(index, before + filler * shift + cells[start:], start, shift, False)
            elif len(set(before[shift - 1 :])) == 1:
                # At least one cell of the gap stays.
                yield _Fix(index, before[:shift] + cells[start:], start, shift, False)


def _finding(fix: _Fix, row: Row, diagnostics: Sequence[Diagnostic]) -> Diagnostic:
    distance = abs(fix.moved)
    columns = "one column" if distance == 1 else f"{distance} columns"
    back, side = ("right", "left") if fix.moved > 0 else ("left", "right")
    span = Span.cell(row.line, fix.start + 1)
    if fix.alone:
        here = next(item for item in diagnostics if item.span == span)
        miss = here.miss if isinstance(here, LooseEnd) else None
        if isinstance(miss, Beside) and miss.offset == fix.moved:
            # Its hint has it already: what it missed is where it belongs.
            return here
        target = fix.start + fix.moved + 1
        return replace(here, hint=f"it should be in column {target}, {columns} to the {back}")
    whole = not row.cells[: fix.start].strip()
    what = "this row is" if whole else "from here on, this row is"
    return Diagnostic(
        "SEQ213",
        f"{what} shifted by {columns} to the {side}",
        span,
        f"move it {columns} to the {back} to connect its wires",
        suggested=(_move(fix, row),),
    )


def _move(fix: _Fix, row: Row) -> Edit:
    """The spaces, or cells of a wire, that are put in or taken out before what moves, and with it its layer."""
    start = fix.start + 1
    if fix.moved < 0:
        return Edit(row.line, start + fix.moved, "", start)
    return Edit(row.line, start, fix.cells[fix.start : fix.start + fix.moved], start)
