r"""rows of characters → picture: marks and blocks of every row, wires followed cell by cell, bottom row first.

What leaves a cell upward is a set of sources. A cell takes in what its neighbours in the row below give::

      / | \        `/` gives to the cell above its right, `\` to the one above its left;
     a  b  c       `|`, `^`, `+` and a node give straight up, and to a slanted wire that starts beside
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest

from tests.drawn_out.picture import (
    FINAL,
    NOTHING,
    Block,
    Bus,
    Entries,
    Gap,
    Mark,
    Picture,
    Source,
)
from tests.drawn_out.text import Text

_MARK = re.compile(r"[A-Z+*]|\.\.(?:\.|[a-z]\w*\.\.)")
_SIDEWAYS = re.compile(r"[-<>=]")


def read(text: Text) -> Picture:
    """The picture of a file."""
    cells = list(reversed(text.rows))
    width = max(map(len, cells)) + 2
    reader = _Reader([row.ljust(width) for row in cells])
    return reader.read()


@dataclass
class _Draft:
    """A block while it is read: its row, its marks there, and what enters its nodes."""

    letter: str
    row: int
    marks: list[int]
    touched: bool
    entries: list[Entries]


class _Reader:
    def __init__(self, cells: list[str]) -> None:
        self.cells = cells
        self.drafts: list[_Draft] = []
        self.rows: list[tuple[Mark, ...]] = []
        self.below: dict[int, Bus] = {}

    def read(self) -> Picture:
        under = ""
        for cells in self.cells:
            marks = _marks(cells)
            self._row(cells, under, marks)
            under = cells
        gaps = [self._gaps(draft) for draft in self.drafts]
        blocks = tuple(
            Block(d.letter, d.row, tuple(d.entries), gap, self._places(d), d.touched)
            for d, gap in zip(self.drafts, gaps, strict=True)
        )
        return Picture(tuple(self.rows), blocks)

    def _row(self, cells: str, under: str, marks: list[Mark]) -> None:
        has_nodes = any(mark.kind != "junction" for mark in marks)
        first = len(self.drafts)
        if has_nodes:
            marks = self._group(cells, marks)
        node_at = {int(mark.place): mark for mark in marks if mark.kind == "node"}
        leaving: dict[int, Bus] = {}
        for column, char in enumerate(cells):
            if char in "|^+":
                leaving[column] = _arriving(self.below, under, column, nodes=True)
            elif char in "/\\":
                leaving[column] = _foot(self.below, under, column, char)
            elif column in node_at:
                mark = node_at[column]
                self.drafts[mark.block].entries.append(_entries(self.below, under, column))
                leaving[column] = frozenset({Source(mark.block, mark.step)})
        marks = [
            replace(mark, below=leaving[int(mark.place)]) if mark.kind == "junction" else mark
            for mark in marks
        ]
        if has_nodes:
            marks = self._ends(marks, first)
        _merge(marks, leaving)
        if has_nodes:
            kept = [mark for mark in marks if mark.kind != "junction" or _is_state(marks, mark)]
            self.rows.append(tuple(kept))
        self.below = leaving

    def _group(self, cells: str, marks: list[Mark]) -> list[Mark]:
        """Find the blocks of a row, and give each node and ellipsis its block."""
        letters = {
            number: cells[int(m.place)] for number, m in enumerate(marks) if m.kind == "node"
        }
        touched = {
            letters[number + side]
            for number, mark in enumerate(marks)
            for side in (0, 1)
            if mark.join and number + side in letters
        }
        found: list[Mark] = []
        waiting: list[int] = []
        draft: _Draft | None = None
        for number, mark in enumerate(marks):
            found.append(mark)
            if mark.kind in ("junction", "end"):
                continue
            if mark.kind == "ellipsis":
                waiting.append(number)
                continue
            letter = letters[number]
            joined = draft is not None and _joined(marks, draft.marks[-1], number, waiting)
            same = draft is not None and draft.letter == letter
            if not (draft is not None and same and (joined or letter not in touched)):
                ours = self._share(marks, draft, waiting, number)
                draft = _Draft(letter, len(self.rows), ours, letter in touched, [])
                self.drafts.append(draft)
            else:
                draft.marks += waiting
            draft.marks.append(number)
            waiting = []
        if draft is not None:
            draft.marks += waiting
        return self._numbered(found)

    def _share(
        self, marks: list[Mark], draft: _Draft | None, waiting: list[int], number: int
    ) -> list[int]:
        """Of ellipses before a new block's first node, those that are its own; the others end the one before."""
        ours = []
        for item in waiting:
            to_left = draft is not None and bool(marks[item - 1].join)
            to_right = bool(marks[item].join)
            if draft is None or (to_right and not to_left) or (draft.touched and not to_left):
                ours.append(item)
            else:
                draft.marks.append(item)
        return ours

    def _numbered(self, marks: list[Mark]) -> list[Mark]:
        numbered = list(marks)
        for index, draft in enumerate(self.drafts):
            if draft.row == len(self.rows):
                step = 0
                for number in draft.marks:
                    numbered[number] = replace(marks[number], block=index, step=step)
                    step += marks[number].kind == "node"
        return numbered

    def _ends(self, marks: list[Mark], first: int) -> list[Mark]:
        """Where final states leave: at the junction beside a block's end."""
        found = list(marks)
        for number, mark in enumerate(marks):
            if mark.kind != "junction":
                continue
            finals = set()
            before = marks[number - 1] if number and marks[number - 1].join else None
            after = marks[number + 1] if mark.join else None
            if before and before.block >= 0:
                way = self.direction(marks, before.block)
                # Of a row that runs both ways, a value from below that enters is its initial state.
                if way == ">" or (way == "=" and not mark.below):
                    finals.add(before.block)
            if after and after.block >= 0:
                way = self.direction(marks, after.block)
                if way == "<" or (way == "=" and not mark.below and not finals):
                    finals.add(after.block)
            found[number] = replace(mark, finals=frozenset(finals))
        return found

    def direction(self, marks: list[Mark], block: int) -> str:
        """How the state of a block runs."""
        ours = [number for number, mark in enumerate(marks) if mark.block == block]
        inner = {marks[number].join for number in ours[:-1]} - {"", "-"}
        if not inner and len(ours) == 1:
            beside = [marks[ours[0]].join] + [marks[ours[0] - 1].join] * (ours[0] > 0)
            kinds = {join for join in beside if join}
            inner = kinds - {"-"} if len(kinds) == 1 else set()
        return inner.pop() if inner else ">"

    def _gaps(self, draft: _Draft) -> tuple[Gap, ...]:
        marks = self.rows[draft.row]
        block = self.drafts.index(draft)
        return tuple(
            Gap(mark.step, mark.place, mark.end, mark.name)
            for mark in marks
            if mark.kind == "ellipsis" and mark.block == block
        )

    def _places(self, draft: _Draft) -> tuple[float, ...]:
        block = self.drafts.index(draft)
        marks = self.rows[draft.row]
        return tuple(mark.place for mark in marks if mark.kind == "node" and mark.block == block)


def _marks(cells: str) -> list[Mark]:
    """The nodes, ellipses and junctions of a row, and what joins each to the next."""
    found = list(_MARK.finditer(cells))
    marks = []
    for number, match in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        join = ""
        if following is not None:
            between = cells[match.end() : following.start()]
            join = _join(between, match.group() == following.group() == "+")
        kind = {"+": "junction", "*": "end", ".": "ellipsis"}.get(match.group()[0], "node")
        name = match.group().strip(".") if kind == "ellipsis" else ""
        marks.append(Mark(kind, match.start(), join, end=match.end(), name=name))
    return marks


def _join(between: str, junctions: bool) -> str:
    if not between:
        return "-" if junctions else ""
    if not _SIDEWAYS.search(between) or set(between) & set(" /\\"):
        return ""
    return (set(between) - set("|^-") or {"-"}).pop()


def _joined(marks: list[Mark], left: int, right: int, waiting: list[int]) -> bool:
    """Whether state wires lead all the way from one node to the next."""
    return all(marks[number].join for number in range(left, right)) and all(
        marks[number].kind not in ("junction", "end") for number in range(left + 1, right)
    )


def _is_state(marks: list[Mark], mark: Mark) -> bool:
    """Whether a junction ends a state wire; others are wires that happen to pass in a row of nodes."""
    number = marks.index(mark)
    beside = [marks[number + 1]] if mark.join else []
    if number and marks[number - 1].join:
        beside.append(marks[number - 1])
    return any(item.block >= 0 for item in beside)


def _merge(marks: list[Mark], leaving: dict[int, Bus]) -> None:
    """Junctions that a bus joins give the same."""
    bus: list[Mark] = []
    for mark, following in zip_longest(marks, marks[1:]):
        if mark.kind != "junction":
            continue
        bus.append(mark)
        if mark.join and following is not None and following.kind == "junction":
            continue
        arrived = [one.below | {Source(block, FINAL) for block in one.finals} for one in bus]
        for one in bus:
            leaving[int(one.place)] = NOTHING.union(*arrived)
        bus = []


def _take(below: dict[int, Bus], under: str, column: int, chars: str) -> Bus:
    inside = 0 <= column < len(under)
    return below.get(column, NOTHING) if inside and _is(under[column], chars) else NOTHING


def _is(char: str, chars: str) -> bool:
    return char in chars or ("A" in chars and char.isalpha())


def _arriving(below: dict[int, Bus], under: str, column: int, *, nodes: bool) -> Bus:
    straight = "|^+A" if nodes else "|^+"
    return (
        _take(below, under, column - 1, "/")
        | _take(below, under, column, straight)
        | _take(below, under, column + 1, "\\")
    )


def _foot(below: dict[int, Bus], under: str, column: int, char: str) -> Bus:
    return _take(below, under, column + (-1 if char == "/" else 1), f"|^+A{char}")


def _entries(below: dict[int, Bus], under: str, column: int) -> Entries:
    return (
        _take(below, under, column - 1, "/"),
        _take(below, under, column, "|^+"),
        _take(below, under, column + 1, "\\"),
    )
