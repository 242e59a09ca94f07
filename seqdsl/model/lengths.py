"""ellipses → lengths: the number of steps of every block, as sizes.

Where rows overlap in the columns of their ellipses, the ellipses are one stretch of time, with the same
number of elided steps in each of those rows.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING

from seqdsl.diagnostics import Diagnostic
from seqdsl.model.size import Size
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seqdsl.graph.blocks import DrawnBlock
    from seqdsl.graph.grid import GridRow
    from seqdsl.model.size import Monomial


@record(frozen=True)
class Lengths:
    """How long everything is.

    Attributes:
        steps: the number of steps of each block, by block; 1 for a vector.
        elided: how many steps each ellipsis stands for, by grid row and mark.
        free: the names whose values are known only at run time; those of unnamed ellipses begin with ``_``.
        minimum: the smallest value of each name that leaves no ellipsis negative.
        multiple: each name's values are its minimum plus a multiple of this: rows above divide them.
    """

    steps: tuple[Size, ...]
    elided: dict[tuple[int, int], Size]
    free: tuple[str, ...]
    minimum: dict[str, int]
    multiple: dict[str, int]

    def position(self, block: DrawnBlock, drawn: int) -> Size:
        """The step of the ``drawn``-th drawn node of ``block``, counted from 0."""
        if not block.stretches:
            return Size.of(drawn)
        # All nodes of a block are asked for: what is elided before each ellipsis is added up once.
        found = self._before.get(block.first)
        if found is None:
            found = self._before[block.first] = [Size.of(0)]
            for stretch in block.stretches:
                found.append(found[-1] + self.elided[block.row, stretch.mark])
        passed = bisect_right(block.stretches, drawn, key=lambda stretch: stretch.after)
        return found[passed] + drawn

    @cached_property
    def _before(self) -> dict[int, list[Size]]:
        """Of each block, by its first unit: how many steps are elided before each of its ellipses, and in all."""
        return {}


def find_lengths(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    values: Mapping[str, int],
    ratios: Mapping[tuple[int, int], Fraction],
) -> tuple[Lengths, list[Diagnostic]]:
    """Give every ellipsis its number of steps.

    Args:
        grid: the rows.
        blocks: the blocks.
        values: the parameters of the file.
        ratios: how many steps each ellipsis elides for one of the lowest row, where that is not one
            (see `seqdsl.model.ratios`).
    """
    stretches = _stretches(grid)
    members = _members(blocks, stretches)
    solver = _Solver(grid, members, values, ratios)
    sizes = solver.solve()
    elided = {
        key: sizes[stretch] * ratios.get(key, Fraction(1))
        for key, stretch in stretches.items()
        if stretch in sizes
    }
    if solver.diagnostics:
        return Lengths((), elided, (), {}, {}), solver.diagnostics
    diagnostics = _too_short(grid, blocks, elided, values)
    minimum = solver.minimum
    steps = tuple(_steps(block, elided) for block in blocks)
    free = tuple(name for name in minimum if name not in values)
    multiple = dict.fromkeys(minimum, 1)
    for size in elided.values():
        for names, k in size.terms:
            for name in multiple.keys() & names:
                multiple[name] = lcm(multiple[name], k.denominator)
    return Lengths(steps, elided, free, minimum, multiple), diagnostics


class _Solver:
    """Finds how many steps each stretch elides, in terms of the names."""

    def __init__(
        self,
        grid: Sequence[GridRow],
        members: Mapping[int, _Members],
        values: Mapping[str, int],
        ratios: Mapping[tuple[int, int], Fraction],
    ) -> None:
        self.grid = grid
        self.members = members
        self.values = values
        self.ratios = ratios
        self.sizes: dict[int, Size] = {}
        self.minimum: dict[str, int] = {}
        self.diagnostics: list[Diagnostic] = []
        self._named_by: dict[int, list[tuple[str, DrawnBlock, int]]] = {}
        # How many ellipses of each block, by its first unit, have no length yet.
        self._open: dict[int, int] = {}
        for stretch, found in members.items():
            for block, mark in found:
                self._open[block.first] = len(block.stretches)
                if mark in grid[block.row].names:
                    entry = (grid[block.row].names[mark], block, mark)
                    self._named_by.setdefault(stretch, []).append(entry)
        self._own = 0
        self._totals: dict[int, Size] = {}
        self.stretch_of = {
            (block.row, mark): stretch
            for stretch, found in members.items()
            for block, mark in found
        }

    def solve(self) -> dict[int, Size]:
        """The elided steps of each stretch, counted in its lowest row."""
        # A name over a single ellipsis settles its stretch; then one ellipsis of a longer block may be
        # settled by what is left of the block's length.
        waiting = sorted(self.members)
        while waiting:
            settled = {stretch for stretch in waiting if self._named(stretch)}
            if not settled:
                settled = {self._unnamed(waiting)}
            waiting = [stretch for stretch in waiting if stretch not in settled]
        for stretch in self.members:
            self._check(stretch)
        return self.sizes

    def _names(self, stretch: int) -> list[tuple[str, DrawnBlock, int]]:
        return self._named_by.get(stretch, [])

    def _named(self, stretch: int) -> bool:
        """Settle a stretch by the name of a block whose other ellipses are settled."""
        for name, block, mark in sorted(
            self._names(stretch), key=lambda item: len(item[1].stretches)
        ):
            ratio = self.ratios.get((block.row, mark), Fraction(1))
            if self._open[block.first] > 1 or (ratio != 1 and name not in self.values):
                continue
            others = [item.mark for item in block.stretches if item.mark != mark]
            known = _total(self._elided(block.row, other) or Size.of(0) for other in others)
            self._settle(stretch, (Size.of(name) - block.count - known) * (1 / ratio))
            self._at_least(name, block.count)
            return True
        return False

    def _settle(self, stretch: int, size: Size) -> None:
        self.sizes[stretch] = size
        for block, _ in self.members[stretch]:
            self._open[block.first] -= 1

    def _elided(self, row: int, mark: int) -> Size | None:
        size = self.sizes.get(self.stretch_of[row, mark])
        return None if size is None else size * self.ratios.get((row, mark), Fraction(1))

    def _at_least(self, name: str, least: int) -> None:
        self.minimum[name] = max(self.minimum.get(name, 1), least)

    def _unnamed(self, waiting: Sequence[int]) -> int:
        """Settle the first stretch by a name of our own: the length of its lowest block, if that tells."""
        self._own += 1
        name = f"_t{self._own}"
        stretch = next((item for item in waiting if not self._names(item)), waiting[0])
        here = [
            self.ratios.get((block.row, mark), Fraction(1)) for block, mark in self.members[stretch]
        ]
        if any(ratio != 1 for ratio in here):
            # Counted in the row that elides least, so that all rows elide a whole number.
            self._settle(stretch, Size.of(name) * (1 / min(here)))
            self._at_least(name, 0)
            return stretch
        alone = [block for block, _ in self.members[stretch] if len(block.stretches) == 1]
        drawn = alone[0].count if alone else 0
        self._settle(stretch, Size.of(name) - drawn)
        self._at_least(name, drawn)
        return stretch

    def _check(self, stretch: int) -> None:
        """All names over a stretch must say the same."""
        for name, block, mark in self._names(stretch):
            total = self._steps(block)
            if total == Size.of(name) or self._same(total, name):
                continue
            span = self.grid[block.row].span(mark)
            message = f"`..{name}..` cannot be the number of steps of `{block.letter}`, which is {self._shown(total)}"
            hint = "name a stretch once, or draw as many nodes in both rows"
            if len(block.stretches) > 1:
                # The rows above and below say it again.
                if any(item.message.startswith(f"`..{name}..`") for item in self.diagnostics):
                    continue
                hint = (
                    "a name tells how many steps the whole row has, not one of its stretches: name one of them, "
                    "or draw two rows with a letter each"
                )
            self.diagnostics.append(Diagnostic("SEQ307", message, span, hint))

    def _steps(self, block: DrawnBlock) -> Size:
        """The number of steps of a block, all of whose ellipses are settled."""
        if block.first not in self._totals:
            found = (self._elided(block.row, item.mark) or Size.of(0) for item in block.stretches)
            self._totals[block.first] = _total((Size.of(block.count), *found))
        return self._totals[block.first]

    def _same(self, total: Size, name: str) -> bool:
        if name not in self.values or not total.names <= self.values.keys():
            return False
        try:
            return total.value(self.values) == self.values[name]
        except ValueError:
            return True

    def _shown(self, total: Size) -> str:
        unnamed = any(name.startswith("_") for name in total.names)
        return "free, as the row above elides a part of it" if unnamed else str(total)


_Members = list[tuple["DrawnBlock", int]]


def count_stretches(grid: Sequence[GridRow]) -> int:
    """How many different stretches of time the ellipses of a picture stand for."""
    return len(set(_stretches(grid).values()))


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
) -> dict[int, _Members]:
    """The blocks, with the mark of their ellipsis, that each stretch crosses; bottom row first."""
    members: dict[int, _Members] = {}
    for block in blocks:
        for stretch in block.stretches:
            members.setdefault(stretches[block.row, stretch.mark], []).append((block, stretch.mark))
    return members


def _steps(block: DrawnBlock, elided: Mapping[tuple[int, int], Size]) -> Size:
    found = (elided[block.row, stretch.mark] for stretch in block.stretches)
    return _total((Size.of(block.count), *found)) if block.stretches else Size.of(block.count)


def _total(sizes: Iterable[Size]) -> Size:
    """The sum of many sizes, which takes as long as they are together."""
    total: dict[Monomial, int | Fraction] = {}
    for size in sizes:
        for names, k in size.terms:
            total[names] = total.get(names, 0) + k
    return Size._collect(total)


def _too_short(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    elided: Mapping[tuple[int, int], Size],
    values: Mapping[str, int],
) -> list[Diagnostic]:
    """Named lengths that are less than what is drawn, or that a row above cannot divide."""
    found = []
    for block in blocks:
        for stretch in block.stretches:
            size = elided[block.row, stretch.mark]
            if not size.names <= values.keys():
                continue
            span = grid[block.row].span(stretch.mark)
            given = ", ".join(f"{item} = {values[item]}" for item in sorted(size.names))
            try:
                short = size.value(values) < 0
            except ValueError:
                message = f"{given} cannot be divided among the steps that are drawn here"
                found.append(
                    Diagnostic(
                        "SEQ307", message, span, "choose a length that the row above divides"
                    )
                )
                continue
            if short:
                message = f"{given} is less than the {block.count} steps that are drawn here"
                found.append(
                    Diagnostic("SEQ307", message, span, "set a larger length, or draw fewer steps")
                )
    return found
