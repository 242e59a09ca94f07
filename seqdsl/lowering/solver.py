"""names → sizes: how many steps each stretch of time elides, by the names over its ellipses."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

from seqdsl.lowering.elided import Elided
from seqdsl.lowering.stretches import find_members
from seqdsl.size import Size, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.lowering.relations import Key
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow


class Solver:
    """Finds how many steps each ellipsis elides, in terms of the names.

    Attributes:
        elided: the steps of the ellipses.
        members: the blocks, with the mark of their ellipsis, of each stretch.
        minimum: the smallest value of each name.
    """

    def __init__(
        self,
        grid: Sequence[GridRow],
        parts: Sequence[DrawnBlock],
        stretches: Mapping[Key, int],
        values: Mapping[str, int],
        elided: Elided,
    ) -> None:
        """Begin with no stretch settled; the arguments as for `find_lengths`."""
        self.elided = elided
        self.members = find_members(parts, stretches)
        self.values = values
        self.minimum: dict[str, int] = {}
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

    def solve(self) -> None:
        """Settle the elided steps of each stretch, counted in its lowest row."""
        # A name over a single ellipsis settles its stretch; then one ellipsis of a longer block may be
        # settled by what is left of the block's length.
        # Every round settles one stretch at least, so there are no more rounds than stretches.
        waiting = sorted(self.members)
        while waiting:
            settled = {stretch for stretch in waiting if self._named(stretch)}
            if not settled:
                settled = {self._unnamed(waiting)}
            waiting = [stretch for stretch in waiting if stretch not in settled]

    def names(self, stretch: int) -> list[tuple[str, DrawnBlock, int]]:
        """The names over a stretch, with the block and the mark of their ellipsis."""
        return self._named_by.get(stretch, [])

    def _elided_elsewhere(self, block: DrawnBlock, mark: int) -> Size | None:
        """The steps of a block's other ellipses; ``None`` if one is not settled."""
        others = [
            self.elided.elided((block.row, item.mark))
            for item in block.stretches
            if item.mark != mark
        ]
        return None if None in others else total(other or Size.of(0) for other in others)

    def _named(self, stretch: int) -> bool:
        """Settle a stretch by the name of a block whose other ellipses are settled."""
        for name, block, mark in sorted(
            self.names(stretch), key=lambda item: len(item[1].stretches)
        ):
            root = self.elided.roots[block.row, mark]
            # `X ..n.. X ... X`: with two ellipses open, n is one equation for two unknowns.
            if self._open[block.first] > 1 or root is None:
                continue
            if root.ratio != 1 and name not in self.values:
                continue
            known = self._elided_elsewhere(block, mark)
            if known is None:
                continue
            # `X ..n.. X X` has n steps, of which 3 are drawn: the ellipsis stands for n - 3.
            self._settle(stretch, (Size.of(name) - block.count - known) * (1 / root.ratio))
            self._at_least(name, block.count)
            return True
        return False

    def _settle(self, stretch: int, size: Size) -> None:
        self.elided.sizes[stretch] = size
        for block, _ in self.members[stretch]:
            self._open[block.first] -= 1

    def _at_least(self, name: str, least: int) -> None:
        # Where a name of our own counts elided steps, there may be none.
        self.minimum[name] = max(self.minimum.get(name, least), least)

    def _unnamed(self, waiting: Sequence[int]) -> int:
        """Settle the first stretch by a name of our own: the length of its lowest block, if that tells."""
        self._own += 1
        name = f"_t{self._own}"
        stretch = next((item for item in waiting if not self.names(item)), waiting[0])
        ratios = self.elided.ratios.get(stretch, set())
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
