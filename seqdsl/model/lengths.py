"""ellipses → lengths: the number of steps of every block, as sizes.

Where rows overlap in the columns of their ellipses, the ellipses are one stretch of time, with the same
number of elided steps in each of those rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.diagnostics import Diagnostic
from seqdsl.model.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.graph.blocks import DrawnBlock
    from seqdsl.graph.grid import GridRow
    from seqdsl.source import Span


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long everything is.

    Attributes:
        steps: the number of steps of each block, by block; 1 for a vector.
        elided: how many steps each ellipsis stands for, by grid row and mark.
        free: the names whose values are known only at run time; those of unnamed ellipses begin with ``_``.
        minimum: the smallest value of each name that leaves no ellipsis negative.
    """

    steps: tuple[Size, ...]
    elided: dict[tuple[int, int], Size]
    free: tuple[str, ...]
    minimum: dict[str, int]

    def position(self, block: DrawnBlock, drawn: int) -> Size:
        """The step of the ``drawn``-th drawn node of ``block``, counted from 0."""
        total = Size.of(drawn)
        for stretch in block.stretches:
            if stretch.after <= drawn:
                total = total + self.elided[block.row, stretch.mark]
        return total


def find_lengths(
    grid: Sequence[GridRow], blocks: Sequence[DrawnBlock], values: Mapping[str, int]
) -> tuple[Lengths, list[Diagnostic]]:
    """Give every ellipsis its number of steps.

    Args:
        grid: the rows.
        blocks: the blocks.
        values: the parameters of the file.
    """
    stretches = _stretches(grid)
    members = _members(blocks, stretches)
    diagnostics: list[Diagnostic] = []
    sizes: list[Size] = []
    minimum: dict[str, int] = {}
    unnamed = 0
    for stretch in range(1 + max(stretches.values(), default=-1)):
        named = _names(grid, members[stretch])
        if named:
            diagnostics += _disagreements(named, values)
        else:
            unnamed += 1
        size, name, least = _size(grid, members[stretch], named, f"_t{unnamed}")
        sizes.append(size)
        minimum[name] = max(minimum.get(name, 1), least)
    elided = {key: sizes[stretch] for key, stretch in stretches.items()}
    diagnostics += _too_short(grid, blocks, elided, values)
    lengths = Lengths(
        tuple(_steps(block, elided) for block in blocks),
        elided,
        tuple(name for name in minimum if name not in values),
        minimum,
    )
    return lengths, diagnostics


def _stretches(grid: Sequence[GridRow]) -> dict[tuple[int, int], int]:
    """Number the stretches: ellipses whose columns overlap, directly or through others, are one."""
    intervals = sorted(
        (row.columns[mark], end, number, mark)
        for number, row in enumerate(grid)
        for mark, end in row.ends.items()
    )
    found: dict[tuple[int, int], int] = {}
    stretch, reach = -1, -1
    for start, end, number, mark in intervals:
        if start >= reach:
            stretch += 1
        reach = max(reach, end)
        found[number, mark] = stretch
    return found


def _members(
    blocks: Sequence[DrawnBlock], stretches: Mapping[tuple[int, int], int]
) -> dict[int, list[tuple[DrawnBlock, int]]]:
    """The blocks, with the mark of their ellipsis, that each stretch crosses; bottom row first."""
    members: dict[int, list[tuple[DrawnBlock, int]]] = {}
    for block in blocks:
        for stretch in block.stretches:
            members.setdefault(stretches[block.row, stretch.mark], []).append((block, stretch.mark))
    return members


_Named = list[tuple[str, int, "Span"]]


def _names(grid: Sequence[GridRow], members: Sequence[tuple[DrawnBlock, int]]) -> _Named:
    """The names over a stretch: name, drawn nodes of its block, place."""
    return [
        (grid[block.row].names[mark], block.count, grid[block.row].span(mark))
        for block, mark in members
        if mark in grid[block.row].names
    ]


def _size(
    grid: Sequence[GridRow], members: Sequence[tuple[DrawnBlock, int]], named: _Named, unnamed: str
) -> tuple[Size, str, int]:
    """How many steps a stretch elides, in terms of which name, and that name's smallest value."""
    if named:
        name, drawn, _ = named[0]
    else:
        alone = [block for block, _ in members if len(block.stretches) == 1]
        name, drawn = unnamed, alone[0].count if alone else 0
    return Size.of(name) - drawn, name, max(drawn, 1)


def _disagreements(named: _Named, values: Mapping[str, int]) -> list[Diagnostic]:
    first, drawn, place = named[0]
    found = []
    for name, count, span in named[1:]:
        same = name == first or (name in values and values.get(name) == values.get(first))
        if not same or count != drawn:
            message = (
                f"`..{name}..` names {count} drawn steps and this stretch, `..{first}..` "
                f"{drawn} drawn steps and the same stretch: they disagree"
            )
            hint = "name a stretch once, or draw as many nodes in both rows"
            found.append(Diagnostic("SEQ307", message, span, hint, ((place, "the other name"),)))
    return found


def _steps(block: DrawnBlock, elided: Mapping[tuple[int, int], Size]) -> Size:
    total = Size.of(block.count)
    for stretch in block.stretches:
        total = total + elided[block.row, stretch.mark]
    return total


def _too_short(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    elided: Mapping[tuple[int, int], Size],
    values: Mapping[str, int],
) -> list[Diagnostic]:
    found = []
    for block in blocks:
        for stretch in block.stretches:
            size = elided[block.row, stretch.mark]
            if size.names <= values.keys() and size.value(values) < 0:
                span = grid[block.row].span(stretch.mark)
                name = ", ".join(f"{item} = {values[item]}" for item in sorted(size.names))
                message = f"{name} is less than the {block.count} steps that are drawn here"
                found.append(
                    Diagnostic("SEQ307", message, span, "set a larger length, or draw fewer steps")
                )
    return found
