"""rows of three steps → rows of n steps: the columns that the ruler marks, repeated, left out or elided."""

from __future__ import annotations

from dataclasses import dataclass

from seqdsl.catalogue.entry import STRETCHES

LONG = 8
"""A block of more steps than these is drawn with an ellipsis."""

_ELLIPSIS = 5  # `..n..`; an unnamed one stands in the middle of as many columns.


class TooShort(ValueError):
    """A length that the picture cannot have."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The columns from ``start`` to ``end`` of every row, and how often they are to stand there.

    Attributes:
        name: the ruler's letter.
        row: the row whose block tells its length: the lowest of those that cross the fewest stretches.
        count: how many times the columns are drawn.
        elided: whether an ellipsis stands for them: all of them if the length is free, since what is drawn besides
            is the least that the model takes; else all but the first, whose wires may not be its neighbour's.
        named: whether the ellipsis says how many steps its block has.
    """

    name: str
    start: int
    end: int
    row: int
    count: int = 1
    elided: bool = False
    named: bool = False


def stretch(rows: list[str], ruler: str, lengths: dict[str, int | None]) -> list[str]:
    """The rows with as many steps as ``lengths`` says for each letter of the ruler (``None``: any number).

    Raises:
        TooShort: a block would have fewer steps than are drawn besides, or they do not divide its length.
    """
    found: list[Stretch] = []
    # The stretch of a block that crosses no other is settled first; a longer block may cross it.
    for item in sorted(_plain(rows, ruler), key=lambda item: _share(rows, ruler, item)):
        found.append(_settled(rows, item, lengths[item.name], found))
    for item in sorted(found, key=lambda item: -item.start):
        rows = [_repeated(row, item, index) for index, row in enumerate(rows)]
    return [row.rstrip() for row in rows]


def _plain(rows: list[str], ruler: str) -> list[Stretch]:
    """The stretches that a ruler marks, not settled yet."""
    found = []
    for name in filter(ruler.count, STRETCHES):
        start = ruler.find(name)
        # An ellipsis keeps the gap to the next step, so a stretch is a step and the columns up to the next.
        end = max(ruler.rfind(name) + 1, start + 2)
        crossed = {
            index: _crossed(row, ruler, row[start:end])
            for index, row in enumerate(rows)
            if _letter(row[start:end])
        }
        least = min(crossed.values())
        lowest = max(index for index, count in crossed.items() if count == least)
        found.append(Stretch(name, start, end, lowest))
    return found


def _letter(cells: str) -> str:
    return next((char for char in cells if char.isupper()), "")


def _crossed(row: str, ruler: str, cells: str) -> int:
    """How many stretches the block that is drawn in ``cells`` crosses."""
    letter = _letter(cells)
    marks = enumerate(ruler)
    return len({mark for at, mark in marks if mark != " " and letter in row[at : at + 2]})


def _share(rows: list[str], ruler: str, item: Stretch) -> int:
    row = rows[item.row]
    return _crossed(row, ruler, row[item.start : item.end])


def _settled(rows: list[str], item: Stretch, length: int | None, others: list[Stretch]) -> Stretch:
    """The stretch with as many repetitions as make its block ``length`` steps long."""
    row = rows[item.row]
    cells = row[item.start : item.end]
    letter = _letter(cells)
    each = cells.count(letter)
    if length is None:
        return Stretch(item.name, item.start, item.end, item.row, elided=True)
    beside = row.count(letter) - each
    for other in others:
        beside += (other.count - 1) * row[other.start : other.end].count(letter)
    count, rest = divmod(length - beside, each)
    if count < 0:
        raise TooShort(f"it is drawn with at least {beside} steps, not {length}")
    if rest:
        raise TooShort(f"its number of steps is a multiple of {each}, and {length} is not")
    elided = length > LONG and count > 2
    return Stretch(item.name, item.start, item.end, item.row, count, elided, named=elided)


def _repeated(row: str, item: Stretch, index: int) -> str:
    row = row.ljust(item.end)
    cells = row[item.start : item.end]
    middle = cells * (int(item.named) if item.elided else item.count)
    middle += _ellipsis(cells, item, index) if item.elided else ""
    return row[: item.start] + middle + row[item.end :]


def _ellipsis(cells: str, item: Stretch, index: int) -> str:
    fill = cells[-1] if cells[-1] in "-=" else " "
    if not _letter(cells):
        return fill * (_ELLIPSIS + 1)
    text = (
        f"..{item.name.replace('r', 'n')}.."
        if item.named and index == item.row
        else f"{fill}...{fill}"
    )
    return text + fill


def elided(rows: list[str]) -> set[str]:
    """The names that are drawn in the ellipses of ``rows``."""
    return {name for name in STRETCHES for row in rows if f"..{name}.." in row}
