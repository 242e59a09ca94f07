"""compiled picture → warnings about nodes and inputs that no output depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.diagnostics import Diagnostic
from seqdsl.graph.trace import NONE, as_junction, as_tap
from seqdsl.layers import Family
from seqdsl.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.model.drawing import Drawing
    from seqdsl.model.spec import ModelSpec

_FIRST_STEP = (
    "the first step of a run does not read the later ones, the last step has read them all: draw the wire from there, "
    "or remove the other nodes"
)
"""What to do about ``Y`` over the first ``H`` of ``H-H-H``."""


def unreached(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Nodes and inputs that change no output."""
    outputs = {output.block for output in spec.outputs}
    unread = {index for index in outputs if drawing.settings[index].is_source}
    reach = _Reach(drawing)
    reach.mark(outputs - unread)
    for index, drawn in enumerate(drawing.blocks):
        units = range(drawn.first, drawn.first + drawn.count)
        idle = [unit for unit in units if not reach.needed[unit]]
        if not idle:
            continue
        letter = drawn.letter
        if len(idle) == drawn.count and drawing.settings[index].is_source:
            reason = "nothing reads it" if index in unread else "what reads it is read by nothing"
            yield Diagnostic(
                "SEQ407",
                f"no output depends on the input `{letter}`: {reason}",
                drawn.span,
                "wire it to what should see it, or leave it out",
            )
            continue
        needed = drawn.count - len(idle)
        is_run = drawing.settings[index].is_recurrent
        # To pick one step out of a row whose steps do not know of each other is an idiom.
        if needed == 1 and not is_run:
            continue
        if not all(reach.is_read(unit, index) for unit in idle):
            node = f"this `{letter}`" if len(idle) == 1 else f"{len(idle)} nodes of `{letter}`"
            yield Diagnostic(
                "SEQ406",
                f"no output depends on {node}",
                _span(idle[0], drawing),
                _FIRST_STEP
                if needed == 1 and is_run
                else "draw the missing wire above, or remove the node",
            )


def _span(unit: int, drawing: Drawing) -> Span:
    trace = drawing.trace
    return Span.cell(drawing.grid[trace.rows[unit]].line, trace.units[unit] + 1)


class _Reach:
    """Follows the wires of a drawing downward from its outputs."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.needed = bytearray(len(drawing.trace.units))
        self.junctions: set[int] = set()
        self.waiting: list[int] = []
        self.owner = [index for index, item in enumerate(drawing.blocks) for _ in range(item.count)]
        self._readers: dict[int, set[int]] | None = None

    def mark(self, outputs: set[int]) -> None:
        """Mark everything on which the blocks ``outputs`` depend."""
        for index in outputs:
            block = self.drawing.blocks[index]
            self._need(range(block.first, block.first + block.count))
        while self.waiting:
            self._below(self.waiting.pop())

    def is_read(self, unit: int, index: int) -> bool:
        """Whether a unit of another block reads ``unit``: then that one is spoken of."""
        if self._readers is None:
            self._readers = self._find_readers()
        return bool(self._readers.get(unit, set()) - {index})

    def _find_readers(self) -> dict[int, set[int]]:
        """The blocks that read each unit; a bus is looked at once, however many nodes it leads to."""
        of_source: dict[int, set[int]] = {}
        for lane in self._lanes():
            for reader, source in enumerate(lane):
                if source != NONE:
                    of_source.setdefault(source, set()).add(self.owner[reader])
        found: dict[int, set[int]] = {}
        for source, readers in of_source.items():
            for below in self.drawing.reader.flat(source):
                found.setdefault(below, set()).update(readers)
        return found

    def _lanes(self) -> tuple[list[int], ...]:
        trace = self.drawing.trace
        return trace.slash, trace.pipe, trace.back

    def _need(self, units: range | tuple[int, ...]) -> None:
        for unit in units:
            if not self.needed[unit]:
                self.needed[unit] = 1
                self.waiting.append(unit)

    def _below(self, unit: int) -> None:
        index = self.owner[unit]
        for lane in self._lanes():
            if lane[unit] != NONE:
                self._source(lane[unit])
        settings = self.drawing.settings[index]
        if settings.definition.family is Family.WINDOW:
            self._whole_below(index)
        elif settings.is_recurrent:
            self._state(unit, index)

    def _source(self, source: int) -> None:
        junction, tap = as_junction(source), as_tap(source)
        if tap is not None:
            self._ends(tap)
        elif junction is None:
            self._need((source,))
        elif junction not in self.junctions:
            waiting = [junction]
            self.junctions.add(junction)
            while waiting:
                for item in self.drawing.trace.junctions[waiting.pop()].sources:
                    inner = as_junction(item)
                    if inner is None:
                        self._source(item)
                    elif inner not in self.junctions:
                        self.junctions.add(inner)
                        waiting.append(inner)

    def _whole_below(self, index: int) -> None:
        """A ``conv`` reads the windows around its wires: all of the block below, near enough."""
        for slot in self.drawing.slots[index]:
            for piece in slot.pieces:
                if piece.block >= 0:
                    below = self.drawing.blocks[piece.block]
                    self._need(range(below.first, below.first + below.count))

    def _state(self, unit: int, index: int) -> None:
        block, direction = self.drawing.blocks[index], self.drawing.states.directions[index]
        first, last = block.first, block.first + block.count - 1
        if direction != "<":
            self._before(unit - 1, unit == first, index)
        if direction in ("<", "="):
            self._before(unit + 1, unit == last, index)

    def _before(self, unit: int, is_begin: bool, index: int) -> None:
        if not is_begin:
            self._need((unit,))
            return
        for hand in self.drawing.hands.get(index, ()):
            self._ends(hand.giver)
        for source, _ in self.drawing.trace.initial.get(index, ()):
            self._source(source)

    def _ends(self, index: int) -> None:
        """The units at which a block's state ends."""
        block, direction = self.drawing.blocks[index], self.drawing.states.directions[index]
        first, last = block.first, block.first + block.count - 1
        self._need((first, last) if direction == "=" else (first,) if direction == "<" else (last,))
