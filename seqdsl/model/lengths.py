"""ellipses → lengths: the number of steps of every block, as sizes.

Where rows overlap in the columns of their ellipses, the ellipses are one stretch of time, with the same
number of elided steps in each of those rows.
"""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.diagnostics import Diagnostic
from seqdsl.model.ratios import Key, Relation, find_relations
from seqdsl.model.size import Size, strided
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seqdsl.graph.blocks import DrawnBlock
    from seqdsl.graph.grid import GridRow
    from seqdsl.graph.trace import Trace
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
        relations: how each ellipsis elides what one below elides, where the wires tell it.
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
    parts: Sequence[DrawnBlock],
    values: Mapping[str, int],
    trace: Trace,
) -> tuple[Lengths, list[Diagnostic]]:
    """Give every ellipsis its number of steps.

    Args:
        grid: the rows.
        blocks: the blocks.
        parts: the same, cut into the parts whose number of steps a name tells.
        values: the parameters of the file.
        trace: the wires, which tell how many steps a row elides for those of the row below it
            (see `seqdsl.model.ratios`).
    """
    stretches = _stretches(grid)
    relations = find_relations(blocks, trace, stretches)
    solver = _Solver(grid, blocks, parts, stretches, values, relations)
    solver.solve()
    elided = solver.all_elided()
    if solver.diagnostics:
        return Lengths((), elided, (), {}, {}, relations), solver.diagnostics
    groups = solver.groups()
    diagnostics = _too_short(grid, blocks, elided, groups, values)
    minimum = solver.minimum
    multiples = _multiples((*elided.values(), *groups.values()), minimum)
    steps = tuple(_steps(block, elided) for block in blocks)
    free = tuple(name for name in minimum if name not in values)
    return Lengths(steps, elided, free, minimum, multiples, relations), diagnostics


def _multiples(sizes: Iterable[Size], names: Iterable[str]) -> dict[str, int]:
    """By what each name has to grow for every size to stay a whole number."""
    found = dict.fromkeys(names, 1)
    for atoms, k in (term for size in sizes for term in size.terms):
        for atom in atoms if k.denominator > 1 else ():
            by = 1 if isinstance(atom, str) else atom.by.constant or 1
            for name in (atom,) if isinstance(atom, str) else atom.of.names:
                if name in found:
                    found[name] = lcm(found[name], k.denominator * by)
    return found


class _Root(NamedTuple):
    """Where the number of steps that an ellipsis elides comes from: of each step of a stretch, so many."""

    stretch: int
    ratio: Fraction


class _Solver:
    """Finds how many steps each ellipsis elides, in terms of the names."""

    def __init__(
        self,
        grid: Sequence[GridRow],
        blocks: Sequence[DrawnBlock],
        parts: Sequence[DrawnBlock],
        stretches: Mapping[Key, int],
        values: Mapping[str, int],
        relations: Mapping[Key, Relation],
    ) -> None:
        self.grid = grid
        self.blocks = blocks
        self.stretches = stretches
        self.members = _members(parts, stretches)
        self.values = values
        self.relations = relations
        self.sizes: dict[int, Size] = {}
        self.minimum: dict[str, int] = {}
        self.diagnostics: list[Diagnostic] = []
        # The names of which is said that they cannot be the number of steps of their row.
        self._refused: set[str] = set()
        self._named_by: dict[int, list[tuple[str, DrawnBlock, int]]] = {}
        # How many ellipses of each block, by its first unit, have no length yet.
        self._open: dict[int, int] = {}
        for stretch, found in self.members.items():
            for block, mark in found:
                self._open[block.first] = len(block.stretches)
                if mark in grid[block.row].names:
                    entry = (grid[block.row].names[mark], block, mark)
                    self._named_by.setdefault(stretch, []).append(entry)
        self._own = 0
        self._totals: dict[int, Size] = {}
        self.owners = {
            (block.row, item.mark): block for block in blocks for item in block.stretches
        }
        self.roots: dict[Key, _Root | None] = {}
        self.ratios: dict[int, set[Fraction]] = {}
        # A relation leads downward: what it leads to is here already.
        for key in self.owners:
            root = self.roots[key] = self._root(key)
            if root is not None:
                self.ratios.setdefault(root.stretch, set()).add(root.ratio)
                relation = self._relation(key)
                if relation is not None:
                    self.ratios[root.stretch].add(root.ratio / relation.up)
        # What has been found of the ellipses over a stride.
        self.known: dict[Key, Size] = {}

    def _root(self, key: Key) -> _Root | None:
        """The stretch that an ellipsis elides a part of; ``None`` if a stride over any length tells."""
        relation = self._relation(key)
        if relation is None or relation.below is None:
            return _Root(self.stretches[key], Fraction(1))
        root = self.roots[relation.below]
        if root is None or relation.stride is not None:
            return None
        return _Root(root.stretch, root.ratio * relation.ratio)

    def _relation(self, key: Key) -> Relation | None:
        """The relation of an ellipsis to another one of the same stretch."""
        relation = self.relations.get(key)
        if relation is None or relation.below not in self.roots:
            return None
        return relation if self.stretches[relation.below] == self.stretches[key] else None

    def solve(self) -> None:
        """Settle the elided steps of each stretch, counted in its lowest row."""
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

    def all_elided(self) -> dict[Key, Size]:
        """The elided steps of every ellipsis of a block, once all stretches are settled."""
        return {key: self._elided(key) or Size.of(0) for key in self.owners}

    def groups(self) -> dict[Key, Size]:
        """How many groups of steps the ellipses over groups stand for: a whole number, as well.

        Where two steps read two, as many are elided above as below, and an even number.
        """
        found = {}
        for key in self.owners:
            relation = self._relation(key)
            if relation is not None and relation.stride is None and relation.down > 1:
                found[key] = self._settled(key) * Fraction(1, relation.up)
        return found

    def _names(self, stretch: int) -> list[tuple[str, DrawnBlock, int]]:
        return self._named_by.get(stretch, [])

    def _named(self, stretch: int) -> bool:
        """Settle a stretch by the name of a block whose other ellipses are settled."""
        for name, block, mark in sorted(
            self._names(stretch), key=lambda item: len(item[1].stretches)
        ):
            root = self.roots[block.row, mark]
            if self._open[block.first] > 1 or root is None:
                continue
            if root.ratio != 1 and name not in self.values:
                continue
            others = [
                self._elided((block.row, item.mark))
                for item in block.stretches
                if item.mark != mark
            ]
            if None in others:
                continue
            known = _total(other or Size.of(0) for other in others)
            self._settle(stretch, (Size.of(name) - block.count - known) * (1 / root.ratio))
            self._at_least(name, block.count)
            return True
        return False

    def _settle(self, stretch: int, size: Size) -> None:
        self.sizes[stretch] = size
        for block, _ in self.members[stretch]:
            self._open[block.first] -= 1

    def _elided(self, key: Key) -> Size | None:
        """The steps of an ellipsis; ``None`` if its stretch is not settled yet."""
        # Any number of rows may be stacked: no recursion.
        waiting = [key]
        while waiting:
            here = waiting[-1]
            if self.roots[here] is not None:
                if self._of_root(here) is None:
                    return None
            elif here not in self.known:
                missing = [
                    item
                    for item in self._needs(here)
                    if self.roots[item] is not None or item not in self.known
                ]
                if any(self.roots[item] and self._of_root(item) is None for item in missing):
                    return None
                deeper = [item for item in missing if self.roots[item] is None]
                if deeper:
                    waiting += deeper
                    continue
                self.known[here] = self._over_stride(here)
            waiting.pop()
        return self._settled(key)

    def _of_root(self, key: Key) -> Size | None:
        root = self.roots[key]
        size = self.sizes.get(root.stretch) if root is not None else None
        return None if size is None or root is None else size * root.ratio

    def _settled(self, key: Key) -> Size:
        size = self._of_root(key)
        return self.known[key] if size is None else size

    def _needs(self, key: Key) -> Iterator[Key]:
        """The ellipses that tell the steps of one over a stride."""
        relation = self.relations[key]
        assert relation.below is not None
        if relation.stride is None:
            yield relation.below
            return
        for block in (self.blocks[relation.stride.below], self.owners[key]):
            yield from (
                (block.row, item.mark) for item in block.stretches if (block.row, item.mark) != key
            )

    def _over_stride(self, key: Key) -> Size:
        """The steps of an ellipsis over a stride.

        Of the block that reads every k-th step itself it is what is left of its length.
        """
        relation, here = self.relations[key], self.owners[key]
        stride = relation.stride
        assert relation.below is not None
        if stride is None:
            return self._settled(relation.below) * relation.ratio
        below = self.blocks[stride.below]
        length, rest = Size.of(below.count), Size.of(-here.count)
        for item in self._needs(key):
            if self.owners[item] is here:
                rest = rest - self._settled(item)
            else:
                length = length + self._settled(item)
        return strided(length, Size.of(stride.start), stride.every) * stride.each + rest

    def _at_least(self, name: str, least: int) -> None:
        # Where a name of our own counts elided steps, there may be none.
        self.minimum[name] = max(self.minimum.get(name, least), least)

    def _unnamed(self, waiting: Sequence[int]) -> int:
        """Settle the first stretch by a name of our own: the length of its lowest block, if that tells."""
        self._own += 1
        name = f"_t{self._own}"
        stretch = next((item for item in waiting if not self._names(item)), waiting[0])
        ratios = self.ratios.get(stretch, set())
        if any(ratio.denominator > 1 for ratio in ratios):
            # Counted so that all rows elide a whole number.
            shared = lcm(*(ratio.denominator for ratio in ratios))
            self._settle(stretch, Size.of(name) * shared)
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
            source = self._source((block.row, mark))
            given = self._shown(total) if source is None else self._derived(total, source)
            message = (
                f"`..{name}..` cannot be the number of steps of `{block.letter}`, which is {given}"
            )
            hint = "name a stretch once, or draw as many nodes in both rows"
            if source is not None:
                hint = (
                    f"the steps of `{source.letter}` tell it: write `...` here, and name that row"
                )
            elif len(block.stretches) > 1:
                # The rows above and below say it again.
                if name in self._refused:
                    continue
                hint = (
                    "a name tells how many steps the whole row has, not one of its stretches: name one of them, "
                    "or draw two rows with a letter each"
                )
            self._refused.add(name)
            self.diagnostics.append(Diagnostic("SEQ307", message, span, hint))

    def _source(self, key: Key) -> DrawnBlock | None:
        """The block whose steps tell those of another, if that elides more of them, or fewer."""
        #   Y     ... Y     has half as many steps as X: `..m..` over Y would not tell
        #   |         |     those of X, as two lengths of X give the same
        #   X   X ... X   X
        root, below = self.roots[key], key
        if root is not None and root.ratio == 1:
            return None
        while (relation := self._relation(below)) is not None and relation.below is not None:
            below = relation.below
        return self.owners[below] if below != key else None

    def _steps(self, block: DrawnBlock) -> Size:
        """The number of steps of a block, all of whose ellipses are settled."""
        if block.first not in self._totals:
            found = (self._elided((block.row, item.mark)) or Size.of(0) for item in block.stretches)
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

    def _derived(self, total: Size, source: DrawnBlock) -> str:
        unnamed = any(name.startswith("_") for name in total.names)
        return f"what the wires make of those of `{source.letter}`" if unnamed else str(total)


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
    elided: Mapping[Key, Size],
    groups: Mapping[Key, Size],
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
                groups.get((block.row, stretch.mark), size).value(values)
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
