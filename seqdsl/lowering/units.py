"""blocks + lengths → units: to which block a drawn node belongs, which of its steps it is, where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.picture.trace import StateRef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.lengths import Lengths
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.picture.trace import Producer, Trace
    from seqdsl.size import Size
    from seqdsl.text.source import Span


class Units:
    """The drawn nodes of a picture, by number.

    Attributes:
        blocks: the blocks.
        lengths: how long they are.
        owner: the block of each unit.
        breaks: the units before which an ellipsis stands in their block, in order: 2 and 3 of ``X X ... X ... X``.
    """

    def __init__(
        self, grid: Sequence[GridRow], blocks: Sequence[DrawnBlock], trace: Trace, lengths: Lengths
    ) -> None:
        """Index the units of ``blocks``."""
        self._grid, self._trace = grid, trace
        self.blocks, self.lengths = blocks, lengths
        self.owner: list[int] = []
        for index, block in enumerate(blocks):
            self.owner += [index] * block.count
        # An ellipsis at an end of its block has no unit on one of its sides, and so breaks nothing.
        self.breaks = sorted(
            block.first + stretch.after
            for block in blocks
            for stretch in block.stretches
            if 0 < stretch.after < block.count
        )
        self._broken = frozenset(self.breaks)

    def block(self, unit: int) -> DrawnBlock:
        """The block of a unit."""
        return self.blocks[self.owner[unit]]

    def position(self, unit: int) -> Size:
        """The step of its block that a unit is, counted from 0."""
        block = self.block(unit)
        return self.lengths.position(block, unit - block.first)

    def around_break(self, left: Producer | None, right: Producer | None) -> bool:
        """Whether two units are neighbors, with an ellipsis of their block between them."""
        return (
            isinstance(left, int)
            and isinstance(right, int)
            and right == left + 1
            and right in self._broken
            and self.owner[left] == self.owner[right]
        )

    def span(self, unit: int) -> Span:
        """Where a unit is drawn."""
        return self._grid[self._trace.rows[unit]].cell(self._trace.units[unit])

    def shown(self, source: Producer) -> str:
        """A unit or a final state for people."""
        if isinstance(source, StateRef):
            return f"the final state of `{self.blocks[source.block].letter}`"
        span = self.span(source)
        return f"`{self.block(source).letter}` at {span.line}:{span.column}"
