"""grid → chains: the wires as lines from cell to cell, the way that the picture leads them.

`seqdsl.picture.trace` has what every wire carries; here is only where it runs. The picture has
compiled, so every wire begins and ends at something.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.grid import JUNCTION

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from seqdsl.picture.grid import GridRow

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# What a wire may begin at, but not end at, is a delayed node as well.
_DELAYED = frozenset("abcdefghijklmnopqrstuvwxyz")
_NODES = _LETTERS | _DELAYED
_WIRES = frozenset("|^/\\")
_STRAIGHT = frozenset("|^+")
_JOINING = _WIRES | _NODES | {JUNCTION}


class Cell(NamedTuple):
    """A character of the picture: its column, and its row counted from the bottom."""

    column: int
    row: int


class Chain(NamedTuple):
    """A wire from one joint (a node, a junction, a fork) up to the next: its ends and its corners."""

    cells: tuple[Cell, ...]
    to_unit: bool


def find_chains(
    grid: Sequence[GridRow], columns: Container[int], rows: Sequence[int]
) -> list[Chain]:
    """Follow all wires of a picture, upward, from joint to joint.

    Args:
        grid: its rows.
        columns: those that are drawn; a wire that leaves them is not.
        rows: those that are drawn.
    """
    feet = {
        Cell(column, number): _feet(grid, number, column, char)
        for number in rows
        for column, char in enumerate(grid[number].cells)
        if char in _JOINING and column in columns
    }
    joints = _joints(grid, feet)
    return [
        Chain(cells, grid[top.row].cells[top.column] in _LETTERS)
        for top in sorted(joints, key=lambda cell: (cell.row, cell.column))
        for foot in feet[top]
        if (cells := _walk(top, foot, feet, joints))[0] in feet
    ]


def _joints(grid: Sequence[GridRow], feet: Mapping[Cell, Sequence[Cell]]) -> set[Cell]:
    r"""The cells at which wires begin, end, meet or fork: all but those of a wire between two others.

    ::

        Y   Y      joints are X, both Y, and the lower `|`, by which two wires leave
         \ /
          |
          X
    """
    readers = Counter(foot for below in feet.values() for foot in below)
    return {
        cell
        for cell, below in feet.items()
        if grid[cell.row].cells[cell.column] not in _WIRES or len(below) != 1 or readers[cell] > 1
    }


def _feet(grid: Sequence[GridRow], number: int, column: int, char: str) -> list[Cell]:
    """The cells of the row below that lead into this one."""
    # Nothing enters a delayed node.
    if number == 0 or char in _DELAYED:
        return []
    below = grid[number - 1].cells
    return [Cell(at, number - 1) for at in _columns_below(below, column, char)]


def _columns_below(below: str, column: int, char: str) -> Iterator[int]:
    #   Y
    #  /       a `/` comes from the column to its left: a node, a wire that goes straight up, or another `/`
    # X
    if char in "/\\":
        at = column - 1 if char == "/" else column + 1
        if (under := _at(below, at)) in _NODES or under in _STRAIGHT or under == char:
            yield at
        return
    #  |
    # /|\      all else may be entered from three columns
    if _at(below, column - 1) == "/":
        yield column - 1
    straight = _at(below, column)
    # Two nodes on top of each other are not joined.
    if straight in _STRAIGHT or (straight in _NODES and char not in _LETTERS):
        yield column
    if _at(below, column + 1) == "\\":
        yield column + 1


def _at(cells: str, column: int) -> str:
    return cells[column] if 0 <= column < len(cells) else " "


def _walk(
    top: Cell, foot: Cell, feet: dict[Cell, list[Cell]], joints: set[Cell]
) -> tuple[Cell, ...]:
    """The corners of a chain, from its joint below (or where it leaves the drawing) up to its top."""
    cells = [top, foot]
    while cells[-1] not in joints and cells[-1] in feet:
        # Only the corners are kept: of a wire that runs straight over 1,000 rows, its two ends.
        step = feet[cells[-1]][0]
        if _goes_on(cells[-2], cells[-1], step):
            cells.pop()
        cells.append(step)
    return tuple(reversed(cells))


def _goes_on(before: Cell, at: Cell, step: Cell) -> bool:
    """Whether a line runs straight on; lines run upright or lean by one column a row."""
    lean = (before.column - at.column) / (before.row - at.row)
    return lean == at.column - step.column
