"""ellipses → lengths: the number of steps of every block, as sizes.

Where rows overlap in the columns of their ellipses, the ellipses are one stretch of time, with the same
number of elided steps in each of those rows.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING

from seqdsl.lowering.elided import Elided
from seqdsl.lowering.length_checks import contradictions, too_short
from seqdsl.lowering.relations import Key, Relation
from seqdsl.lowering.solver import Solver
from seqdsl.lowering.stretches import find_stretches
from seqdsl.lowering.subsampling import find_relations
from seqdsl.records import record
from seqdsl.size import Size, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.picture.trace import Trace
    from seqdsl.text.diagnostics import Diagnostic

_BEYOND = 1_000_003


@record(frozen=True)
class Lengths:
    """How long everything is.

    Attributes:
        steps: the number of steps of each block, by block; 1 for a vector.
        elided: how many steps each ellipsis elides, by grid row and mark.
        free: the names whose values are known only at run time; those of unnamed ellipses begin with ``_``.
        minimum: the smallest value of each name that leaves no ellipsis negative.
        multiple: each name's values are its minimum plus a multiple of this: rows above divide them.
        relations: how each ellipsis elides what one below elides, where the wires show it.
    """

    steps: tuple[Size, ...]
    elided: dict[tuple[int, int], Size]
    free: tuple[str, ...]
    minimum: dict[str, int]
    multiple: dict[str, int]
    relations: dict[Key, Relation]

    def position(self, block: DrawnBlock, drawn: int) -> Size:
        """The step of the ``drawn``-th drawn node of ``block``, counted from 0."""
        if not block.stretches:
            return Size.of(drawn)
        # All nodes of a block are asked for: what is elided before each ellipsis is added up once.
        before = self._before.get(block.first)
        if before is None:
            before = self._before[block.first] = [Size.of(0)]
            for stretch in block.stretches:
                before.append(before[-1] + self.elided[block.row, stretch.mark])
        # X X ..n.. X X    elides n - 4: before the ellipsis 0, behind it n - 4; the third X drawn is step n - 2
        passed = bisect_right(block.stretches, drawn, key=lambda stretch: stretch.after)
        return before[passed] + drawn

    def number(self, size: Size, values: Mapping[str, int]) -> int:
        """A length as a number, to compare it with others; a free one is longer than anything drawn."""
        free = {
            # Plus a multiple of what rows above divide the length by, so that their sizes stay whole; another one for
            # each name, so that two free lengths do not pass for equal.
            name: self.minimum[name] + self.multiple[name] * _BEYOND * (place + 1)
            for place, name in enumerate(self.free)
        }
        return size.value({**free, **values})

    @cached_property
    def _before(self) -> dict[int, list[Size]]:
        """Of each block, by its first unit: how many steps are elided before each of its ellipses, and in all."""
        return {}


def find_lengths(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    parts: Sequence[DrawnBlock],
    values: Mapping[str, int],
    trace: Trace,
) -> tuple[Lengths, list[Diagnostic]]:
    """Give every ellipsis its number of steps.

    Args:
        grid: the rows.
        blocks: the blocks.
        parts: the same, cut into the parts whose number of steps has a name.
        values: the parameters of the file.
        trace: the wires, which show how many steps a row elides for those of the row below it
            (see `seqdsl.lowering.subsampling`).
    """
    stretches = find_stretches(grid)
    relations = find_relations(blocks, trace, stretches)
    elided = Elided(blocks, stretches, relations)
    solver = Solver(grid, parts, stretches, values, elided)
    solver.solve()
    diagnostics = contradictions(grid, solver)
    counts = elided.all()
    if diagnostics:
        return Lengths((), counts, (), {}, {}, relations), diagnostics
    # From here on nothing is solved: what the sizes ask of the names is read off them.
    groups = elided.groups()
    minimum = solver.minimum
    multiples = _multiples((*counts.values(), *groups.values()), minimum)
    steps = tuple(_steps(block, counts) for block in blocks)
    free = tuple(name for name in minimum if name not in values)
    diagnostics = too_short(grid, blocks, counts, groups, values)
    return Lengths(steps, counts, free, minimum, multiples, relations), diagnostics


def _multiples(sizes: Iterable[Size], names: Iterable[str]) -> dict[str, int]:
    """By what each name has to grow for every size to stay a whole number."""
    multiples = dict.fromkeys(names, 1)
    for name, by in (item for size in sizes for item in _divided(size)):
        if name in multiples:
            multiples[name] = lcm(multiples[name], by)
    return multiples


def _divided(size: Size) -> Iterator[tuple[str, int]]:
    """The names that a size divides, and by what: of ``n / 2`` it is n by 2, of ``(n // 3) / 2`` it is n by 6."""
    for atoms, k in size.terms:
        for atom in atoms if k.denominator > 1 else ():
            if isinstance(atom, str):
                yield atom, k.denominator
            else:
                by = k.denominator * (atom.by.constant or 1)
                yield from ((name, by) for name in atom.of.names)


def _steps(block: DrawnBlock, elided: Mapping[Key, Size]) -> Size:
    elided_steps = (elided[block.row, stretch.mark] for stretch in block.stretches)
    return total((Size.of(block.count), *elided_steps)) if block.stretches else Size.of(block.count)
