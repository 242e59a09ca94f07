"""compiled picture → warnings about nodes and inputs that no output depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.layers import Family
from seqdsl.picture.trace import JunctionRef, StateRef
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import ModelSpec
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.trace import Producer, Source

_FIRST_STEP = (
    "the first step does not depend on the later ones, the last step depends on all of them: draw the wire "
    "from the last step, or remove the other nodes"
)
"""What to do about ``Y`` over the first ``H`` of ``H-H-H``."""


def unreached(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Nodes and inputs that change no output."""
    outputs = {output.block for output in spec.outputs}
    # An input that nothing reads is an output of the model as well, unchanged: that is no use of it.
    unread = {index for index in outputs if drawing.settings[index].is_source}
    reach = _Reach(drawing)
    reach.mark(outputs - unread)
    for index, drawn in enumerate(drawing.blocks):
        units = range(drawn.first, drawn.first + drawn.count)
        idle = [unit for unit in units if not reach.needed[unit]]
        if len(idle) == drawn.count and drawing.settings[index].is_source:
            yield _idle_input(drawn, is_read=index not in unread)
        elif idle:
            yield from _idle_nodes(index, idle, drawing, reach)


def _idle_input(drawn: DrawnBlock, *, is_read: bool) -> Diagnostic:
    reason = "the nodes that read it lead to no output" if is_read else "nothing reads it"
    return Diagnostic(
        "SEQ407",
        f"no output depends on the input `{drawn.letter}`: {reason}",
        drawn.span,
        "connect it to the nodes that should read it, or remove it",
    )


def _idle_nodes(
    index: int, idle: Sequence[int], drawing: Drawing, reach: _Reach
) -> Iterator[Diagnostic]:
    """Nodes of a block on which no output depends, unless another one that reads them is reported."""
    letter, needed = drawing.blocks[index].letter, drawing.blocks[index].count - len(idle)
    is_run = drawing.settings[index].is_recurrent
    # To pick one step out of a row without recurrence is an idiom.
    if (needed == 1 and not is_run) or all(reach.is_read(unit, index) for unit in idle):
        return
    node = f"this `{letter}`" if len(idle) == 1 else f"{len(idle)} nodes of `{letter}`"
    hint = "draw the missing wire above, or remove the node"
    yield Diagnostic(
        "SEQ406",
        f"no output depends on {node}",
        _span(idle[0], drawing),
        _FIRST_STEP if needed == 1 else hint,
    )


def _span(unit: int, drawing: Drawing) -> Span:
    trace = drawing.trace
    return Span.cell(drawing.grid[trace.rows[unit]].line, trace.units[unit] + 1)


class _Reach:
    """Follows the wires of a drawing downward from its outputs."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        # A byte for each unit: a picture may have a million.
        self.needed = bytearray(len(drawing.trace.units))
        self.junctions: set[JunctionRef] = set()
        self.waiting: list[int] = []
        # Blocks of which every node is needed, and the blocks that need them.
        self._whole: set[int] = set()
        self._read_whole: set[int] = set()
        blocks = [*drawing.blocks, *drawing.delayed]
        self.owner = [index for index, item in enumerate(blocks) for _ in range(item.count)]
        self._readers: dict[Producer, set[int]] | None = None

    def mark(self, outputs: set[int]) -> None:
        """Mark everything on which the blocks ``outputs``, and the states that the model gives, depend."""
        # State that goes to the next call changes the outputs of that one.
        for index in {end.block for end in self.drawing.states.ends if end.leaves}:
            self._ends(index)
        for index in outputs:
            block = self.drawing.blocks[index]
            self._need(range(block.first, block.first + block.count))
        while self.waiting:
            self._below(self.waiting.pop())

    def is_read(self, unit: int, index: int) -> bool:
        """Whether a unit of another block reads ``unit``: then that one is reported."""
        if self._readers is None:
            self._readers = self._find_readers()
        return bool(self._readers.get(unit, set()) - {index})

    def _find_readers(self) -> dict[Producer, set[int]]:
        """The blocks that read each unit; a bus is looked at once, however many nodes it leads to."""
        # For m nodes over a bus of n sources these are m + n look-ups; from each node down it would be m * n.
        of_source: dict[Source, set[int]] = {}
        for lane in self._lanes():
            for reader, source in enumerate(lane):
                if source is not None:
                    of_source.setdefault(source, set()).add(self.owner[reader])
        of_unit: dict[Producer, set[int]] = {}
        for source, readers in of_source.items():
            for below in self.drawing.reader.flat(source):
                of_unit.setdefault(below, set()).update(readers)
        for block in self.drawing.delayed:
            for delayed in range(block.first, block.first + block.count):
                for unit in self.drawing.earlier_nodes(delayed):
                    of_unit.setdefault(unit, set()).update(of_unit.get(delayed, ()))
        return of_unit

    def _lanes(self) -> tuple[Sequence[Source | None], ...]:
        trace = self.drawing.trace
        return trace.slash, trace.pipe, trace.back

    def _need(self, units: range | tuple[int, ...]) -> None:
        for unit in units:
            if not self.needed[unit]:
                self.needed[unit] = 1
                self.waiting.append(unit)

    def _below(self, unit: int) -> None:
        index = self.owner[unit]
        if index >= len(self.drawing.blocks):
            self._earlier(unit, self.drawing.delayed[index - len(self.drawing.blocks)])
            return
        for source in self.drawing.trace.entries(unit):
            self._source(source)
        for row in self.drawing.named_rows.get(index, ()):
            self._need_all(row)
        settings = self.drawing.settings[index]
        is_window = settings.definition.family is Family.WINDOW
        if is_window and index not in self._read_whole:
            self._read_whole.add(index)
            self._whole_below(index)
        elif settings.is_recurrent:
            self._state(unit, index)

    def _earlier(self, unit: int, block: DrawnBlock) -> None:
        """A delayed node depends on the node whose value it gives; before its first step, on how that begins."""
        given = self.drawing.earlier_nodes(unit)
        self._need(given)
        if not given:
            capital = block.letter.upper()
            for index, item in enumerate(self.drawing.blocks):
                if item.letter == capital:
                    self._before(item.first, True, index)

    def _source(self, source: Source) -> None:
        # Any number of junctions may be stacked: no recursion.
        waiting = [source]
        while waiting:
            item = waiting.pop()
            if isinstance(item, StateRef):
                self._ends(item.block)
            elif not isinstance(item, JunctionRef):
                self._need((item,))
            elif item not in self.junctions:
                self.junctions.add(item)
                waiting += self.drawing.trace.junctions[item.number].sources

    def _whole_below(self, index: int) -> None:
        """A ``conv`` reads the windows around its wires: all of the block below, near enough."""
        for operand in self.drawing.operands[index]:
            for access in operand.wired:
                self._need_all(access.block)

    def _need_all(self, index: int) -> None:
        # Each node of each `conv` over a row asks for the row: once is enough.
        if index not in self._whole:
            self._whole.add(index)
            block = self.drawing.blocks[index]
            self._need(range(block.first, block.first + block.count))

    def _state(self, unit: int, index: int) -> None:
        block, direction = self.drawing.blocks[index], self.drawing.states.directions[index]
        first, last = block.first, block.first + block.count - 1
        # H-H-H    A step depends on the one before it, the first on what the run begins with; `<` the other way round.
        # In `H=H=H` each step depends on both neighbors, and so on all steps.
        if direction is not Direction.BACKWARD:
            self._before(unit - 1, unit == first, index)
        if direction is not Direction.FORWARD:
            self._before(unit + 1, unit == last, index)

    def _before(self, unit: int, is_begin: bool, index: int) -> None:
        if not is_begin:
            self._need((unit,))
            return
        for handoff in self.drawing.handoffs.get(index, ()):
            self._ends(handoff.source)
        for source, _ in self.drawing.trace.initial.get(index, ()):
            self._source(source)

    def _ends(self, index: int) -> None:
        """The units at which a block's state ends."""
        block, direction = self.drawing.blocks[index], self.drawing.states.directions[index]
        first, last = block.first, block.first + block.count - 1
        ends = {Direction.FORWARD: (last,), Direction.BACKWARD: (first,)}
        self._need(ends.get(direction, (first, last)))
