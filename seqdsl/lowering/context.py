"""drawing → context: what the kinds of layers need while the blocks are applied one by one."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import ConcatFeatures, Expression
from seqdsl.lowering.compose import NOTHING, Composer
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.lowering.state_ends import blocks_before, is_one_step
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.application import Application
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.operands import Operand
    from seqdsl.lowering.windows import Moving
    from seqdsl.size import Size
    from seqdsl.text.source import Span


def side_by_side(views: Sequence[Expression]) -> Expression:
    """The features of several values as those of one."""
    return views[0] if len(views) == 1 else ConcatFeatures(tuple(views))


def _is_end(drawing: Drawing, lengths: Sequence[Size | None], index: int, step: Size) -> bool:
    """Whether a step of a block is the one at which its state ends."""
    if not drawing.settings[index].is_recurrent:
        return False
    steps = lengths[index]
    if steps is None:
        return True
    # A bidirectional chain ends at both ends: no one step holds both final states, as at its last step the
    # backward direction has read one step only.
    ends = {Direction.FORWARD: steps - 1, Direction.BACKWARD: NOTHING}
    return step == ends.get(drawing.states.directions[index])


def _carrying(drawing: Drawing, *given: Any) -> Composer:
    """A composer that knows what delayed nodes read of the call before; hardly any picture has both."""
    from seqdsl.lowering.carried_values import find_carried_values
    from seqdsl.lowering.carrying_composer import CarryingComposer

    return CarryingComposer(find_carried_values(drawing), *given)


class LoweringContext:
    """A drawing whose blocks are being applied, each after those that it reads.

    Attributes:
        drawing: what was read of the picture.
        steps: the length of each block; ``None`` for a vector.
        lengths: the same, by the number of the block.
        drawn: in how many blocks each letter is drawn.
        width: the width of each block that has been applied, and of those of the loop that is being applied.
        grid: the grid that each step of these blocks holds; of blocks without one there is nothing.
        applied: the blocks that have been applied, with their widths; those of a loop once all of it has been.
        queries: what asks in an attention that a bus alone enters.
        windows: the windows that the block reads that is being applied, by what they are of.
        composer: makes views of what the blocks read.
        diagnostics: what does not fit.
    """

    def __init__(self, drawing: Drawing) -> None:
        """Begin with no block applied."""
        self.drawing = drawing
        self.steps = [drawing.steps(index) for index in range(len(drawing.blocks))]
        self.lengths = dict(enumerate(self.steps))
        self.drawn = Counter(block.letter for block in drawing.blocks)
        self.width: dict[int, Size] = {}
        # Whether the widths of all blocks of a loop are known, for each loop of which any block was applied.
        self.begun: dict[frozenset[int], bool] = {}
        self.grid: dict[int, tuple[Size, ...]] = {}
        self.applied: dict[int, Size] = {}
        self._done: set[int] = set()
        self.queries: dict[int, Operand] = {}
        self.windows: dict[int, Moving] = {}
        self.diagnostics: list[Diagnostic] = []
        # Not a method of this context: two objects that hold each other are garbage that has to be searched for.
        is_end = partial(_is_end, drawing, self.steps)
        # What measures a free length is there as a whole: no block of a loop that is still being applied.
        given = self.steps, self.width, is_end, drawing.lengths.free, self.applied, self.grid
        self.composer = (
            _carrying(drawing, *given)
            if drawing.delayed and drawing.states.ends
            else Composer(*given)
        )

    def note(self, index: int, application: Application, loop: frozenset[int]) -> None:
        """Note that a block has been applied, which may be in a ``loop``."""
        self.width[index] = application.units
        if application.grid:
            self.grid[index] = application.grid
        self._done.add(index)
        # D and Y read each other: neither is there as a whole before the other is.
        if loop <= self._done:
            self.applied |= {one: self.width[one] for one in sorted(loop or {index})}

    def direction(self, index: int) -> Direction:
        """The direction in which a recurrent block runs."""
        return self.drawing.states.directions[index]

    def key(self, index: int) -> str | int:
        """What shares weights with a block: its letter, or nothing but itself."""
        block = self.drawing.blocks[index]
        # The parts of an anonymous block that was cut are still one layer.
        whole = index if block.part_of is None else block.part_of
        return whole if block.letter == ANONYMOUS else block.letter

    def resolved(self, size: Size) -> int | str:
        """A size as a number if the parameters set it, else as text."""
        return self.drawing.resolved(size)

    def error(
        self,
        code: str,
        message: str,
        index: int,
        hint: str,
        *others: tuple[int, str],
        places: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        """Report what is wrong with a block; ``others`` and ``places`` are shown beside it."""
        blocks = self.drawing.blocks
        related = tuple((blocks[other].span, caption) for other, caption in others) + places
        self.diagnostics.append(Diagnostic(code, message, blocks[index].span, hint, related))

    def views(self, index: int) -> list[Expression]:
        """What each operand of a block gives."""
        return [
            self.composer.view(operand, self.steps[index])
            for operand in self.drawing.operands[index]
        ]

    def joined(self, index: int) -> Expression:
        """Everything that a block's nodes read, side by side."""
        return side_by_side(self.views(index))

    def below(self, index: int) -> list[int]:
        """The blocks that a block reads."""
        operands, drawing = self.drawing.operands[index], self.drawing
        read = {access.block for operand in operands for access in operand.read}
        if drawing.delayed and is_one_step(drawing.states, drawing.blocks):
            # Each call is one step: what the call before left is read.
            read |= blocks_before(operands)
        return sorted(read)

    def is_fixed(self, width: Size, index: int) -> bool:
        """Whether a width depends on no free length."""
        # `<=` is as quick as the width is short; to subtract the keys would go through all parameters.
        fixed = width.names <= self.drawing.values.keys()
        if not fixed:
            self.unbounded(index)
        return fixed

    def unbounded(self, index: int) -> None:
        """Report that a block reads so many steps side by side that no width is known."""
        self.error(
            "SEQ311",
            "all steps of a free length side by side have no fixed width",
            index,
            "set the length (`..n..` and `n = 100`), or combine the steps with `mean` or `max`",
        )
