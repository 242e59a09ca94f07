"""an expanded picture, as data: every step of every block, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

FINAL = -1
"""The step of a `Source` that is a block's final state."""

BEFORE = -2
"""The step of a `Source` that is before a block's first one: its initial state, or zero; -3 is one more before it."""


class Source(NamedTuple):
    """One value of a block: that of a step, its final state (`FINAL`), or what was there before it (`BEFORE`)."""

    block: int
    step: int


class Unclear(Exception):
    """The neighbors of an ellipsis are wired differently: a picture that must not compile."""


class Counted(Enum):
    """Which step of a masked block is read, where some of its steps are padding.

    With dots for padding, the third drawn step of ``. a . b c`` is a dot in its place, ``c`` counted from the first
    valid one, and ``a`` counted from the last.
    """

    IN_PLACE = "in its place"
    FROM_FIRST = "from the first valid step"
    FROM_LAST = "from the last valid step"


@dataclass(frozen=True, slots=True)
class Place:
    """What enters a node by one of its operands.

    Attributes:
        sources: the values, side by side.
        bus: whether they enter by a bus of several.
        counts: how each of them is counted; default: all in their places.
        repeated: whether all steps of the block read this one value here.
        earlier: whether a delayed node gives it: what came before is no padding of the step that reads it.
        before: of a delayed node, what the step reads in its place that has no delayed node there; ``None``: zero.
        is_key: whether these are what the query of an attention is compared with, and nothing else.
        decides: of a window that a row has for each step, the step that it is for: its padding alone counts.
        aside: of any other window, whether its padding does not make the step padding that reads it.
    """

    sources: tuple[Source, ...]
    bus: bool = False
    counts: tuple[Counted, ...] = ()
    repeated: bool = False
    earlier: bool = False
    before: Place | None = None
    is_key: bool = False
    decides: Source | None = None
    aside: bool = False

    def counted(self) -> Iterator[tuple[Source, Counted]]:
        """The values, and how each is counted."""
        counts = self.counts or (Counted.IN_PLACE,) * len(self.sources)
        return zip(self.sources, counts, strict=True)


WAYS = {
    Direction.FORWARD: (1,),
    Direction.BACKWARD: (-1,),
    Direction.BIDIRECTIONAL: (1, -1),
}
"""The chains of a block, by its direction: each goes on so many steps at a time."""

Operands = tuple["Place | None", ...]
"""What one step reads, operand by operand; ``None`` where nothing is wired."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a chain starts from.

    Attributes:
        block: the block whose state it is; ``None`` if it is a value.
        value: the value; ``None`` if it is a block's state.
        is_double: whether it enters by a wire ``=``: one state for each direction.
    """

    block: int | None
    value: Place | None
    is_double: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """A block whose state passes from one call of the model to the next.

    Attributes:
        block: the block.
        is_taken: whether the state before its first step is an argument.
        is_given: whether the state after its last step is a result.
        before: how many steps a convolution keeps of what it reads; 0 for any other block.
        counts: whether the state is the number of the first step.
        last: how many of its last values delayed nodes read in the next call; 0: they are not what passes on.
        is_ids: whether these are ids.
    """

    block: int
    is_taken: bool
    is_given: bool
    before: int = 0
    counts: bool = False
    last: int = 0
    is_ids: bool = False


@dataclass(frozen=True)
class Steps:
    """A picture whose ellipses have all been drawn out.

    Attributes:
        counts: the number of steps of each block.
        operands: what each step of each block reads.
        starts: what the chain of a block starts from, where that is not zero.
        order: the blocks, each after those that it reads; those of a loop side by side.
        inputs: the blocks that are the model's arguments, in order.
        outputs: the blocks that are its results, in order.
        loops: the blocks that read each other through delayed nodes, loop by loop.
        carried: the blocks with state that is taken or given, in order; its arrays follow the arguments and results.
    """

    counts: tuple[int, ...]
    operands: tuple[tuple[Operands, ...], ...]
    starts: dict[int, Start]
    order: tuple[int, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    carried: tuple[Carried, ...] = ()
    loops: tuple[tuple[int, ...], ...] = ()
