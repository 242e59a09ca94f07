"""grid → drawn blocks: which neighboring nodes are one application of one layer, and which way state runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.direction import Direction
from seqdsl.picture.delayed_rows import delayed_ellipses
from seqdsl.picture.grid import ELLIPSIS, JUNCTION, STATE_END, GridRow
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.text.source import Span


class Stretch(NamedTuple):
    """An ellipsis of a block: ``after`` so many drawn nodes of the block, at ``mark`` of its row."""

    after: int
    mark: int


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """A maximal run of neighboring nodes of one letter.

    Attributes:
        letter: its letter.
        row: its row in the grid.
        first: the number of its first unit; units are numbered bottom row first, left to right.
        count: how many units are drawn.
        marks: its nodes and ellipses, as marks of its row: first and last.
        stretches: its ellipses.
        direction: how its drawn state wires run; ``None`` if none is drawn.
        touched: whether state wires touch its letter in this row.
        span: its first node.
        part_of: the number of the first part of the block of which it is a part, if it is one: all parts are
            one layer.
    """

    letter: str
    row: int
    first: int
    count: int
    marks: tuple[int, int]
    stretches: tuple[Stretch, ...]
    direction: Direction | None
    touched: bool
    span: Span
    part_of: int | None = None

    @property
    def is_vector(self) -> bool:
        """Whether it is one node: its value has no steps."""
        return self.count == 1 and not self.stretches


def find_blocks(grid: Sequence[GridRow]) -> tuple[list[DrawnBlock], list[Diagnostic]]:
    """Group the nodes of every row into blocks."""
    blocks: list[DrawnBlock] = []
    diagnostics: list[Diagnostic] = []
    # Units are numbered through the whole picture, bottom row first, so that a number identifies the block, too.
    unit = 0
    for number, row in enumerate(grid):
        if not row.is_nodes:
            continue
        touched = touched_letters(row)
        for marks in _groups(row, touched, diagnostics):
            block, problems = _block(row, number, marks, unit, touched)
            diagnostics += problems
            blocks.append(block)
            unit += block.count
    return blocks, diagnostics


def touched_letters(row: GridRow) -> frozenset[str]:
    """The letters of a row that a state wire touches."""
    # `H-H  H`: the third H is touched as well, as its letter is. In a row that draws its state wires, a gap means
    # that no state goes on, so the third H is a block of its own; in `H H  H` it is not.
    letters = set()
    for left, right, join in zip(row.marks, row.marks[1:], row.joins, strict=False):
        if join:
            letters |= {left, right}
    return frozenset(letters - {ELLIPSIS, JUNCTION, STATE_END})


class _Element(NamedTuple):
    """A node or an ellipsis of a row, and what joins it to the one before."""

    mark: int
    char: str
    join: str


_PASSED = (JUNCTION, STATE_END)
_PARTED = "+"


def _elements(row: GridRow) -> list[_Element]:
    """The nodes and ellipses of a row.

    A wire that merely passes between two nodes does not part them; a state wire's junction does.
    """
    elements: list[_Element] = []
    previous = -1
    delayed = delayed_ellipses(row)
    for mark, char in enumerate(row.marks):
        # X + X    a wire of another row passes between two nodes of one block
        # X-+-X    state leaves the left node, or enters the right one: these are two blocks
        # H-* *-D    state leaves the model at the one, and enters it at the other
        # X y X    a delayed node does not part them either; `S y ... y` has its ellipsis for itself
        if char in _PASSED or char.islower() or mark in delayed:
            continue
        join = row.joins[previous] if previous >= 0 and mark == previous + 1 else ""
        if previous >= 0 and mark > previous + 1 and any(row.joins[previous:mark]):
            join = _PARTED
        elements.append(_Element(mark, char, join))
        previous = mark
    return elements


def _groups(
    row: GridRow, touched: frozenset[str], diagnostics: list[Diagnostic]
) -> Iterator[list[int]]:
    """The marks of each block of a row; what cannot be grouped is added to ``diagnostics``."""
    elements = _elements(row)
    group: list[int] = []
    letter = ""
    for number, element in enumerate(elements):
        following = elements[number + 1] if number + 1 < len(elements) else None
        if group and not _together(letter, element, following, touched):
            yield from _finished(row, group, letter, diagnostics)
            group, letter = [], ""
        group.append(element.mark)
        letter = element.char if element.char != ELLIPSIS else letter
    if group:
        yield from _finished(row, group, letter, diagnostics)


def _together(
    letter: str, element: _Element, following: _Element | None, touched: frozenset[str]
) -> bool:
    """Whether ``element`` goes on with the block of ``letter`` (empty: an ellipsis only, so far)."""
    joined = element.join not in ("", _PARTED)
    # An ellipsis belongs to the block before it, unless the wires of the row show otherwise:
    #
    #     X X ... Y     could be of either, and is reported later
    #     H-H ... Y     the wires of H stop before it, so it begins the next block ...
    #     H-H ...-Y     ... to which it is joined
    if element.char == ELLIPSIS:
        if joined or following is None or following.char in (letter, ELLIPSIS):
            return True
        return letter not in touched and not following.join
    if letter == "":
        return element.join != _PARTED
    return element.char == letter and (joined or element.char not in touched)


_LETTER = re.compile(r"[A-Z]")


def _next_letter(row: GridRow, mark: int) -> str:
    match = _LETTER.search(row.marks, mark + 1)
    return match.group() if match else ""


def _finished(
    row: GridRow, group: list[int], letter: str, diagnostics: list[Diagnostic]
) -> Iterator[list[int]]:
    if not letter:
        diagnostics.append(_alone(row, group[0]))
        return
    yield group


def _alone(row: GridRow, mark: int) -> Diagnostic:
    return Diagnostic(
        "SEQ211",
        "an ellipsis without a neighboring node",
        row.span(mark),
        "draw at least one node of the block that it continues; in rows of wires, leave its columns blank",
    )


def _block(
    row: GridRow, number: int, marks: list[int], unit: int, letters_touched: frozenset[str]
) -> tuple[DrawnBlock, list[Diagnostic]]:
    letters = [mark for mark in marks if row.marks[mark] != ELLIPSIS]
    letter = row.marks[letters[0]]
    touched = letter in letters_touched
    stretches = []
    drawn = 0
    for mark in marks:
        if row.marks[mark] == ELLIPSIS:
            stretches.append(Stretch(drawn, mark))
        else:
            drawn += 1
    diagnostics = _bad_ellipses(row, marks, letter, touched) if stretches else []
    # `H-H>H` runs one way: a plain wire is one to the right, so only `>` and `<`, or `=` and either, disagree.
    joins = _inner_joins(row, marks)
    if len(joins) > 1:
        diagnostics.append(_turns(row, marks, joins))
    direction = Direction.of_sign(min(joins)) if joins else None
    return (
        DrawnBlock(
            letter,
            number,
            unit,
            drawn,
            (marks[0], marks[-1]),
            tuple(stretches),
            direction,
            touched,
            row.span(letters[0]),
        ),
        diagnostics,
    )


def _inner_joins(row: GridRow, marks: list[int]) -> set[str]:
    joins = set(row.joins[marks[0] : marks[-1]]) - {""}
    return {">" if join == "-" else join for join in joins}


def _turns(row: GridRow, marks: list[int], joins: set[str]) -> Diagnostic:
    shown = " and ".join(f"`{join}`" for join in sorted(joins))
    return Diagnostic(
        "SEQ208",
        f"the state wires of this block run {shown}; all must run in one direction",
        row.span(marks[0]),
        "use the same state wire between all its nodes; `=` is bidirectional",
    )


def _bad_ellipses(row: GridRow, marks: list[int], letter: str, touched: bool) -> list[Diagnostic]:
    diagnostics = []
    for mark in marks:
        if row.marks[mark] != ELLIPSIS:
            continue
        # X ... ... X    two side by side: one elides as many steps as both
        # X X ... Y Y    could be of X or of Y
        # H-H ...        drawn state wires stop at it
        if mark + 1 < len(row.marks) and row.marks[mark + 1] == ELLIPSIS and mark < marks[-1]:
            diagnostics.append(_double(row, mark))
        elif mark == marks[-1] and _is_between(row, mark):
            # H H ... H-+    both are `H`: it is the state wires that are missing
            is_same = touched and _next_letter(row, mark) == letter
            diagnostics.append(_unjoined(row, mark) if is_same else _between(row, mark, letter))
        elif touched and not _fully_joined(row, mark, marks):
            diagnostics.append(_unjoined(row, mark))
    return diagnostics


def _is_between(row: GridRow, mark: int) -> bool:
    """Whether a block's last ellipsis could as well begin the next block."""
    if not _next_letter(row, mark):
        return False
    return bool(row.joins[mark - 1]) == bool(mark < len(row.joins) and row.joins[mark])


def _fully_joined(row: GridRow, mark: int, marks: list[int]) -> bool:
    left = mark == marks[0] or bool(row.joins[mark - 1])
    # `E-E-... D-D`: the end of a block needs no wire on its right, if another letter begins there.
    is_end = mark == marks[-1] and _next_letter(row, mark) != row.marks[mark - 1]
    return left and (is_end or bool(row.joins[mark]))


def _double(row: GridRow, mark: int) -> Diagnostic:
    message = "two ellipses side by side"
    return Diagnostic("SEQ211", message, row.span(mark), "draw a node between them, or keep one")


def _between(row: GridRow, mark: int, letter: str) -> Diagnostic:
    following = _next_letter(row, mark)
    return Diagnostic(
        "SEQ211",
        f"an ellipsis between `{letter}` and `{following}`: it could continue either",
        row.span(mark),
        f"end it with a node: `... {letter} {following}` or `{letter} {following} ...`",
    )


def _unjoined(row: GridRow, mark: int) -> Diagnostic:
    return Diagnostic(
        "SEQ211",
        "this row draws its state wires, but they stop at the ellipsis",
        row.span(mark),
        "join the ellipsis on both sides, like a node: `H-...-H`",
    )
