r"""block, columns → by which wires its nodes are entered: straight from below, from a side, or by a bus.

A         A        H          What is in the column of a node enters it straight, what comes before it in the order of
|\       /|        |          concatenation from the left, what comes after it from the right; many values, and one
H X     Z H    +-+-+-+        that all nodes read, by a bus.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from seqdsl.layers import Family, find_layer
from seqdsl.layout.call_key import kind_of
from seqdsl.layout.picture import Side, Unplaceable
from seqdsl.layout.reading import family_of, names_rows
from seqdsl.layout.same_wirings import is_free_of_order
from seqdsl.layout.wiring import Bus, Source, Steps
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from seqdsl.layout.frames import Frames
    from seqdsl.layout.wiring import Block, Part


@record(frozen=True)
class Entry:
    """One wire into a node.

    Attributes:
        side: where it enters.
        sources: what it carries.
        joined: whether it is a bus.
        own: the source in whose column the node must be: of what attends to a row by itself.
    """

    side: Side
    sources: tuple[Source, ...]
    joined: bool = False
    own: Source | None = None


Entries = list[list[Entry]]
"""The wires into each node of a block."""

_MOST = 3
"""So many wires enter a node."""
_SIDES = {1: (Side.BELOW,), 2: (Side.LEFT, Side.BELOW), 3: (Side.LEFT, Side.BELOW, Side.RIGHT)}


def entries(at: int, frames: Frames, rows: Sequence[int]) -> Entries:
    """The wires into each node of a block.

    Raises:
        Unplaceable: what it reads has another order than columns.
    """
    block = frames.wiring.blocks[at]
    count = block.steps or 1
    if family_of(block) is Family.ATTENTION:
        return _attention(block, frames.columns[at][0], frames)
    pooled = block.operands[0] if block.operands else None
    if isinstance(pooled, Bus) and is_called_row(block):
        # A picture over a whole row: a wire for each of its steps.
        return [[Entry(Side.BELOW, (source,))] for source in pooled.sources]
    if isinstance(pooled, Bus):
        return [[Entry(Side.BELOW, pooled.sources, joined=True)]] * count
    steps = _lanes(block, at, frames)
    # An input, or a decoder whose only input is its initial state, reads nothing.
    found = _Chooser(at, frames, rows, steps).entries() if any(steps) else [[]] * count
    return _with_buses(block, found, frames, frames.columns[at][0])


def _with_buses(block: Block, found: Entries, frames: Frames, column: Fraction) -> Entries:
    for operand in block.operands:
        if isinstance(operand, Bus):
            found = _beside(operand, found, frames, column)
    return found


def _beside(bus: Bus, found: Entries, frames: Frames, column: Fraction) -> Entries:
    """Wires, and beside them a bus that enters some of their nodes, or all, from the side where it is.

    Raises:
        Unplaceable: there is no side left.
    """
    joined = Entry(_free_side(bus, found, frames, column), bus.sources, joined=True)
    entered = range(len(found)) if bus.entered is None else bus.entered
    return [
        _from_left_to_right(joined, wires) if step in entered else wires
        for step, wires in enumerate(found)
    ]


def _free_side(bus: Bus, found: Entries, frames: Frames, column: Fraction) -> Side:
    used = {entry.side for wires in found for entry in wires}
    sides = [Side.LEFT, Side.RIGHT]
    if frames.of(bus.sources[0]) > column:
        sides.reverse()
    for side in sides:
        if side not in used:
            return side
    why = "one layer reads three values, and others that all its steps share"
    raise Unplaceable(why, "join some of them in a layer of their own, which it reads")


def _from_left_to_right(bus: Entry, wires: list[Entry]) -> list[Entry]:
    return [bus, *wires] if bus.side is Side.LEFT else [*wires, bus]


def _lanes(block: Block, at: int, frames: Frames) -> list[tuple[Part, ...]]:
    """What each node reads, in the same places at all nodes; ``None`` where nothing is wired."""
    operands = [operand.of for operand in block.operands if isinstance(operand, Steps)]
    if len(operands) == 1:
        steps = list(operands[0])
    else:
        # Of an `add` each operand is a wire of its own.
        steps = [_joined(of) for of in zip(*operands, strict=True)]
        steps = _own_first(steps, at, frames) if steps else []
    wide = max(map(len, steps), default=0)
    return [step or (None,) * wide for step in steps]


def _joined(operands: Sequence[tuple[Part, ...]]) -> tuple[Part, ...]:
    """The wires of a node that combines values, one for each of its operands."""
    if any(len(parts) > 1 for parts in operands):
        why = "several values side by side are combined with others"
        raise Unplaceable(why, "join them in a layer of their own, such as a dense layer")
    return tuple((*parts, None)[0] for parts in operands)


def _own_first(steps: list[tuple[Part, ...]], at: int, frames: Frames) -> list[tuple[Part, ...]]:
    """What is combined in any order: the upper one of what is in the column of its node first, or in the middle."""
    full = _fullest(steps)
    column = frames.columns[at][full]
    # How high what is in the node's own column is, by its place among the wires.
    depths = {
        place: frames.depth[part.block]
        for place, part in enumerate(steps[full])
        if part is not None and frames.of(part) == column
    }
    if not depths:
        return steps
    first = max(depths, key=depths.__getitem__)
    order = [place for place in range(len(steps[full])) if place != first]
    # A wire from the right looks best, as shortcuts have it, unless its value is at the left.
    is_left = len(order) == 1 and _is_left(steps[full][order[0]], column, frames)
    order.insert(1 if is_left else len(order) // 2, first)
    return [tuple(step[place] for place in order) for step in steps]


def _is_left(part: Part, column: Fraction, frames: Frames) -> bool:
    return part is not None and frames.of(part) < column


def _attention(block: Block, column: Fraction, frames: Frames) -> Entries:
    """A query straight from below, and the memory by a bus; or the memory alone, whose steps ask themselves."""
    asked, memory = _asked(block)
    if names_rows(block):
        return [[Entry(Side.BELOW, (source,))] for source in asked]
    # A self-attention: each step of the memory asks, too.
    if (*asked,) == memory and len(asked) == block.steps:
        return [[Entry(Side.BELOW, memory, joined=True, own=source)] for source in asked]
    # A memory that begins left of its query comes from the left.
    side = Side.LEFT if frames.of(memory[0]) <= column else Side.RIGHT
    bus = Entry(side, memory, joined=True)
    is_one = len(asked) > 1 and len(set(asked)) == 1
    straight = [Entry(Side.BELOW, (source,), joined=is_one) for source in asked]
    return [[bus, item] if side is Side.LEFT else [item, bus] for item in straight]


def is_called_row(block: Block) -> bool:
    """Whether a block is another picture over a whole row, which gives as many steps."""
    is_called = find_layer(kind_of(block.call)) is None
    return is_called and isinstance(block.operands[0], Bus) and block.steps is not None


def _asked(block: Block) -> tuple[list[Source], tuple[Source, ...]]:
    """The query of each step of an attention, and its memory.

    Raises:
        Unplaceable: its wires are no query and a memory.
    """
    query, memory = block.operands[:2]
    assert isinstance(query, Steps)
    assert isinstance(memory, Bus)
    asked = [step[0] for step in query.of if len(step) == 1 and step[0] is not None]
    if len(asked) < len(query.of):
        raise Unplaceable(
            "the query of an attention is several values side by side, or is missing at some steps",
            "let the query be the result of one layer, such as a dense layer, at each step",
        )
    return asked, memory.sources


def _fullest(steps: Sequence[tuple[Part, ...]]) -> int:
    """The node that has most wires."""
    return max(range(len(steps)), key=lambda step: sum(map(bool, steps[step])))


class _Chooser:
    """Chooses the wires of a block that reads values side by side."""

    def __init__(
        self, at: int, frames: Frames, rows: Sequence[int], steps: Sequence[tuple[Part, ...]]
    ) -> None:
        self.at, self.frames, self.rows, self.steps = at, frames, rows, steps
        self.block = frames.wiring.blocks[at]
        self.wide = max(map(len, steps))
        # The node that has most wires tells from where they come.
        self.full = _fullest(steps)

    def entries(self) -> Entries:
        # A width that differs without gaps tells no places: 0, 1 and 2 wires are 0, 1 and 2 values.
        if len({len(step) for step in self.steps}) > 1:
            what = f"the steps of `{self.block.layer}` read different numbers of values"
            raise Unplaceable(what, "concatenate equally many")
        if self._by_one_bus() or self._by_bus():
            return [self._bus(step) for step in self.steps]
        # A value that all nodes read beside others comes by a bus of its own.
        joined = [self._are_alike(of) for of in zip(*self.steps, strict=True)]
        ways = list(zip(self._sides(), joined, strict=True))
        return [
            [
                Entry(side, (part,), joined=is_bus)
                for (side, is_bus), part in zip(ways, step, strict=True)
                if part is not None
            ]
            for step in self.steps
        ]

    def _by_one_bus(self) -> bool:
        """Whether all nodes read the same values, in an order in which a bus has them."""
        parts = [part for part in self.steps[0] if part is not None]
        return self._are_alike(self.steps) and (self.wide > _MOST or self._is_ordered(parts))

    @staticmethod
    def _are_alike(read: Sequence[object]) -> bool:
        return len(read) > 1 and len(set(read)) == 1

    def _by_bus(self) -> bool:
        """Whether a node reads more than three values, or a single one values that are far apart."""
        parts = [part for part in self.steps[self.full] if part is not None]
        # The maximum of a bus is that of a row, and that of two wires the larger one of two values.
        is_single = len(self.steps) == 1 and not is_free_of_order(self.block)
        if self.wide > _MOST or not is_single or len(parts) < 2:
            return self.wide > _MOST
        return self._is_ordered(parts) and self._are_apart(parts)

    def _are_apart(self, parts: Sequence[Source]) -> bool:
        """Whether all values are in columns of their own: the last steps of two rows, or several steps of one."""
        return len({self.frames.of(part) for part in parts}) == len(parts)

    def _bus(self, step: Sequence[Part]) -> list[Entry]:
        parts = [part for part in step if part is not None]
        if not parts:
            return []
        # A sum is the same in any order: of the ends of many blocks, one above the other, as they are drawn.
        if is_free_of_order(self.block):
            parts.sort(key=self._place)
        if len(parts) < len(step) or not self._is_ordered(parts):
            told = "concatenate them in the order of their steps"
            raise Unplaceable(f"`{self.block.layer}` reads many values out of order", told)
        return [Entry(Side.BELOW, tuple(parts), joined=True)]

    def _is_ordered(self, parts: Sequence[Source]) -> bool:
        """Whether a bus takes values in their order: from left to right, then bottom to top."""
        return all(a < b for a, b in pairwise(map(self._place, parts)))

    def _place(self, part: Source) -> tuple[Any, int, bool]:
        """Where a bus takes a value."""
        return self._anchor(part), self.rows[part.block], part.final

    def _anchor(self, part: Source) -> object:
        return self.frames.columns[part.block][-1] if part.final else self.frames.of(part)

    def _sides(self) -> tuple[Side, ...]:
        own = self.frames.columns[self.at][self.full]
        straight = [
            place
            for place, part in enumerate(self.steps[self.full])
            if part is not None and self.frames.of(part) == own
        ]
        if self.wide == 2 and straight and straight[0] == 0:
            return (Side.BELOW, Side.RIGHT)
        if self.wide == 2 and not straight and self._straddles():
            return (Side.LEFT, Side.RIGHT)
        return _SIDES[max(self.wide, 1)]

    def _straddles(self) -> bool:
        """Whether a node is between the two values that it reads."""
        left, right = self.steps[self.full]
        if left is None or right is None:
            return False
        columns = self.frames.columns[self.at][self.full]
        return self.frames.of(left) < columns < self.frames.of(right)
