"""lengths → diagnostics: names that disagree about one stretch, and numbers that do not fit the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.size import Size, total
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.lowering.relations import Key
    from seqdsl.lowering.solver import Solver
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow


def contradictions(grid: Sequence[GridRow], solver: Solver) -> list[Diagnostic]:
    """Names that cannot be the number of steps of their row, as the others over the same stretch have it."""
    checker = _Checker(grid, solver)
    for stretch in solver.members:
        checker.check(stretch)
    return checker.diagnostics


class _Checker:
    """Compares the names over each stretch."""

    def __init__(self, grid: Sequence[GridRow], solver: Solver) -> None:
        self.grid, self.solver = grid, solver
        self.elided, self.values = solver.elided, solver.values
        self.diagnostics: list[Diagnostic] = []
        # The names that were reported: they cannot be the number of steps of their row.
        self._refused: set[str] = set()
        self._totals: dict[int, Size] = {}

    def check(self, stretch: int) -> None:
        """All names over a stretch must agree."""
        for name, block, mark in self.solver.names(stretch):
            steps = self._steps(block)
            if steps == Size.of(name) or self._same(steps, name):
                continue
            span = self.grid[block.row].span(mark)
            source = self._source((block.row, mark))
            given = self._shown(steps) if source is None else self._derived(steps, source)
            message = (
                f"`..{name}..` cannot be the number of steps of `{block.letter}`, which is {given}"
            )
            hint = "name each stretch only once, or draw the same number of nodes in both rows"
            if source is not None:
                hint = (
                    f"it follows from the steps of `{source.letter}`: write `...` here, and name the length "
                    "in that row"
                )
            elif len(block.stretches) > 1:
                # The rows above and below would report it again.
                if name in self._refused:
                    continue
                hint = (
                    "a name is the number of steps of the whole row, not of one stretch: name only one of "
                    "them, or draw two rows with a letter each"
                )
            self._refused.add(name)
            self.diagnostics.append(Diagnostic("SEQ307", message, span, hint))

    def _source(self, key: Key) -> DrawnBlock | None:
        """The block that determines the steps of another, if that elides more of them, or fewer."""
        #   Y     ... Y     has half as many steps as X: `..m..` over Y would not set
        #   |         |     those of X, as two lengths of X give the same
        #   X   X ... X   X
        root, below = self.elided.roots[key], key
        if root is not None and root.ratio == 1:
            return None
        while (relation := self.elided.relation(below)) is not None and relation.below is not None:
            below = relation.below
        return self.elided.owners[below] if below != key else None

    def _steps(self, block: DrawnBlock) -> Size:
        """The number of steps of a block, all of whose ellipses are settled."""
        if block.first not in self._totals:
            elided = (
                self.elided.elided((block.row, item.mark)) or Size.of(0) for item in block.stretches
            )
            self._totals[block.first] = total((Size.of(block.count), *elided))
        return self._totals[block.first]

    def _same(self, total: Size, name: str) -> bool:
        # Names without a value may be anything, so that only equal sizes are equal; with values, numbers are compared.
        if name not in self.values or not total.names <= self.values.keys():
            return False
        try:
            return total.value(self.values) == self.values[name]
        except ValueError:
            return True

    def _shown(self, total: Size) -> str:
        unnamed = any(name.startswith("_") for name in total.names)
        return "free, because the row above elides a part of it" if unnamed else str(total)

    def _derived(self, total: Size, source: DrawnBlock) -> str:
        unnamed = any(name.startswith("_") for name in total.names)
        return f"derived from the steps of `{source.letter}`" if unnamed else str(total)


def too_short(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    elided: Mapping[Key, Size],
    groups: Mapping[Key, Size],
    values: Mapping[str, int],
) -> list[Diagnostic]:
    """Named lengths that are less than what is drawn, or that a row above cannot divide."""
    diagnostics = []
    for block in blocks:
        for stretch in block.stretches:
            size = elided[block.row, stretch.mark]
            if not size.names <= values.keys():
                continue
            span = grid[block.row].span(stretch.mark)
            given = ", ".join(f"{item} = {values[item]}" for item in sorted(size.names))
            # With n = 5, `n / 2` is no whole number, and `value` raises ValueError.
            try:
                short = size.value(values) < 0
                groups.get((block.row, stretch.mark), size).value(values)
            except ValueError:
                message = f"{given} cannot be divided among the steps that are drawn here"
                diagnostics.append(
                    Diagnostic(
                        "SEQ307", message, span, "choose a length that can be divided evenly"
                    )
                )
                continue
            if short:
                message = f"{given} is less than the {block.count} steps that are drawn here"
                diagnostics.append(
                    Diagnostic("SEQ307", message, span, "set a larger length, or draw fewer steps")
                )
    return diagnostics
