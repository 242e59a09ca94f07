"""wires → the blocks whose steps are cut together, where a sequence goes through a model piece by piece."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.lowering.drawing import Drawing


class CutPath:
    """The blocks whose steps are cut together with those of a block with state."""

    def __init__(self, drawing: Drawing) -> None:
        """Look up what reads each block."""
        self._drawing = drawing
        self._readers: dict[int, list[int]] = {}
        for index in range(len(drawing.blocks)):
            for source in self._read(index):
                self._readers.setdefault(source, []).append(index)

    def _read(self, index: int) -> set[int]:
        of_block = self._drawing.operands[index]
        return {access.block for operand in of_block for access in operand.read}

    def blocks(self, begin: Iterable[int]) -> tuple[int, ...]:
        """All sequences that wires join to those in ``begin``, and what reads them; vectors end the way."""
        # Down to the inputs and up to the outputs, and down again: two rows that are added are cut at the same steps.
        found, waiting = set(begin), deque(begin)
        while waiting:
            index = waiting.popleft()
            sources = {item for item in self._read(index) if self.is_sequence(item)}
            beside = sources if self.is_sequence(index) else set()
            for other in beside | set(self._readers.get(index, ())):
                if other not in found and (self.is_sequence(index) or other in beside):
                    found.add(other)
                    waiting.append(other)
        return tuple(sorted(found))

    def is_sequence(self, index: int) -> bool:
        """Whether a block has steps that can be cut."""
        return self._drawing.steps(index) is not None
