"""wiring, columns, rows, letters → picture: marks with places, wires between them, state wires, and layers."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.layout.elide import LONGEST
from seqdsl.layout.layer_calls import Calls
from seqdsl.layout.picture import (
    Bus,
    Ellipsis,
    Junction,
    Node,
    Picture,
    Ref,
    Row,
    StateWire,
    Unplaceable,
    Wire,
)
from seqdsl.layout.reading import reads
from seqdsl.layout.shared import with_shared_wires
from seqdsl.layout.sides import Entries, entries
from seqdsl.layout.wiring import Begun, Passed, Source
from seqdsl.picture.grid import STATE_END
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.layout.elide import Elision
    from seqdsl.layout.frames import Frames
    from seqdsl.layout.picture import Mark
    from seqdsl.layout.wiring import Block

_SIGNS = {
    None: StateWire.NONE,
    Direction.FORWARD: StateWire.PLAIN,
    Direction.BACKWARD: StateWire.BACKWARD,
    Direction.BIDIRECTIONAL: StateWire.BIDIRECTIONAL,
}
_BIT = Fraction(1, 100)
FIRST, LAST = -1, -2
"""The ends of a state wire of a block, beside the numbers of its steps."""


@record(frozen=True)
class Item:
    """What a mark of a row is: a step of a block, an end of its state wire, or an ellipsis.

    Attributes:
        block: the block.
        column: where it is.
        step: the step, `FIRST` or `LAST`; of an ellipsis the first step that it hides.
        stretch: the number of the stretch of an ellipsis.
    """

    block: int
    column: Fraction
    step: int
    stretch: int | None = None


class Maker:
    """Makes a picture."""

    def __init__(
        self,
        frames: Frames,
        rows: Sequence[int],
        passed: Mapping[int, int],
        letters: Mapping[str, str],
        elision: Elision,
    ) -> None:
        """Find the marks of all rows.

        Args:
            frames: the columns of all blocks.
            rows: the row of each.
            passed: the blocks that begin with a state in the row of the block that it comes from.
            letters: the letter of each layer.
            elision: the steps that are not drawn.

        Raises:
            Unplaceable: what is read is not drawn.
        """
        self.frames, self.passed, self.letters, self.elision = frames, passed, letters, elision
        self.blocks = frames.wiring.blocks
        self.rows = rows
        self.ends = self._ends()
        self.items = [self._items(row) for row in range(max(rows) + 1)]
        self.ref: dict[tuple[int, int], Ref] = {}
        for number, items in enumerate(self.items):
            for at, item in enumerate(items):
                if item.stretch is None:
                    self.ref[item.block, item.step] = Ref(number, at)
        columns = sorted({item.column for items in self.items for item in items})
        self.place = {column: place for place, column in enumerate(columns)}
        read = [entries(at, frames, rows) for at in range(len(self.blocks))]
        self.wires: list[Entries] = with_shared_wires(read, self.blocks)

    def picture(self, name: str) -> Picture:
        """The picture."""
        calls, definitions = Calls(self.blocks, self.rows, self.letters).written()
        rows = tuple(
            Row(
                tuple(self._mark(items, at) for at in range(len(items))),
                tuple(self._join(one, other) for one, other in pairwise(items)),
                calls.get(number, ""),
            )
            for number, items in enumerate(self.items)
        )
        numbers = tuple((word, str(value)) for word, value in self.elision.numbers)
        return Picture(rows, tuple(definitions), numbers, name)

    # Marks

    def _ends(self) -> set[tuple[int, int]]:
        """The ends of state wires at which something enters or leaves."""
        ends = {
            (source.block, LAST)
            for block in self.blocks
            for source in reads(block, state=True)
            if source.final
        }
        for at, block in enumerate(self.blocks):
            ends |= {(at, end) for end in _carried(block)}
            if at not in self.passed and block.initial is not None:
                ends.add((at, FIRST))
                if isinstance(block.initial, Passed):
                    ends.add((block.initial.block, LAST))
        return ends

    def _items(self, row: int) -> list[Item]:
        found = [
            item for at in range(len(self.blocks)) if self.rows[at] == row for item in self._of(at)
        ]
        return sorted(found, key=lambda item: item.column)

    def _of(self, at: int) -> list[Item]:
        """The marks of a block."""
        found: list[Item] = []
        hidden: set[int] = set()
        columns = zip(self.frames.columns[at], self.frames.slots(at), strict=True)
        for step, (column, slot) in enumerate(columns):
            stretch = self.elision.hides(self.frames.frame[at], slot)
            if stretch is None:
                found.append(Item(at, column, step))
            elif stretch not in hidden:
                # One column for the ellipses of all rows: that of the first hidden step, a little to the right.
                hidden.add(stretch)
                low = self.elision.ranges[stretch].low
                found.append(Item(at, low + _BIT, step, stretch))
        if (number := dict(self.elision.single).get(at)) is not None:
            found.append(Item(at, found[0].column + _BIT, found[0].step, number))
        if all(item.stretch is not None for item in found):
            raise Unplaceable("a row of which no step is drawn")
        backward = self.blocks[at].direction is Direction.BACKWARD
        for end in (FIRST, LAST):
            if (at, end) in self.ends:
                left = (end == FIRST) != backward
                found.append(Item(at, self.frames.end(at, left=left), end))
        return found

    def _mark(self, items: Sequence[Item], at: int) -> Mark:
        item = items[at]
        block = self.blocks[item.block]
        place, apart = self.place[item.column], at > 0 and self._is_apart(items[at - 1], item)
        if item.stretch is not None:
            name = dict(self.elision.names).get(item.block, "")
            return Ellipsis(item.stretch, name, place, apart)
        if item.step in _carried(block):
            return Node(STATE_END, place=place)
        if item.step == LAST:
            backward = block.direction is Direction.BACKWARD
            last = 0 if backward else (block.steps or 1) - 1
            return Junction(None, self._drawn(item.block, last), place, apart)
        if item.step == FIRST:
            return Junction(self._initial(block), None, place, apart)
        return self._node(item, place, apart=apart)

    def _node(self, item: Item, place: int, *, apart: bool) -> Node:
        block = self.blocks[item.block]
        wires = self.wires[item.block][item.step]
        drawn = [
            (entry.side, wire)
            for entry in wires
            if (wire := self._wire(entry.sources, joined=entry.joined)) is not None
        ]
        if wires and not drawn:
            raise Unplaceable(
                f"`{block.layer}` reads steps from the middle of a row that is too long to be drawn in full",
                f"set its length to at most {LONGEST} steps",
            )
        over = [self._ref(entry.own) for entry in wires if entry.own is not None]
        letter = self.letters[block.layer]
        return Node(letter, tuple(drawn), (*over, None)[0], place, apart)

    def _is_apart(self, before: Item, item: Item) -> bool:
        """Whether a mark is set apart from the one before it: it is of another block, and no state is passed."""
        if before.block == item.block or self._join(before, item) is not StateWire.NONE:
            return False
        # X X X Z Z: one row stands over both, step by step.
        frame = self.frames.frame
        is_next = item.column - before.column <= 1
        return not (is_next and frame[before.block] == frame[item.block])

    def _wire(self, sources: Sequence[Source], *, joined: bool) -> Wire | None:
        """What a wire carries, without what is not drawn."""
        refs = tuple(ref for source in sources if (ref := self._ref(source)) is not None)
        if not refs:
            return None
        return Bus(refs) if joined else refs[0]

    def _ref(self, source: Source) -> Ref | None:
        return self.ref.get((source.block, LAST if source.final else source.step))

    def _drawn(self, at: int, step: int) -> Ref:
        """The mark of a step, or of an end of a state wire."""
        if (at, step) not in self.ref:
            raise Unplaceable("a step whose value is needed is not drawn")
        return self.ref[at, step]

    def _initial(self, block: Block) -> Wire:
        initial = block.initial
        if isinstance(initial, Passed):
            return self._drawn(initial.block, LAST)
        assert isinstance(initial, Begun)
        wire = self._wire(initial.sources, joined=len(initial.sources) > 1)
        if wire is None:
            raise Unplaceable("an initial state that is not drawn")
        return wire

    def _join(self, one: Item, other: Item) -> StateWire:
        """The state wire between two marks of a row."""
        left, right = self.blocks[one.block], self.blocks[other.block]
        if one.block == other.block:
            # B=B=B---+    one value leaves, of both directions; +--B=B=B one enters, of the forward one alone
            ends = {one.step, other.step}
            is_plain = LAST in ends or (FIRST in ends and self._begins_forward(left))
            return StateWire.PLAIN if is_plain else _SIGNS[left.direction]
        if self.passed.get(other.block) == one.block:
            both = left.direction is right.direction
            return _SIGNS[right.direction] if both else StateWire.PLAIN
        if self.passed.get(one.block) == other.block:
            return StateWire.BACKWARD
        return StateWire.NONE

    def _begins_forward(self, block: Block) -> bool:
        """Whether of a block in both directions the forward one alone begins with a state."""
        if block.direction is not Direction.BIDIRECTIONAL:
            return False
        if isinstance(block.initial, Passed):
            source = self.blocks[block.initial.block]
            return source.direction is not Direction.BIDIRECTIONAL
        return isinstance(block.initial, Begun) and block.initial.is_forward


def _carried(block: Block) -> set[int]:
    """The ends at which the state of a block passes from call to call:  *--H-H-H--*."""
    ends = ((FIRST, block.carry.is_taken), (LAST, block.carry.is_given))
    return {end for end, is_carried in ends if is_carried}
