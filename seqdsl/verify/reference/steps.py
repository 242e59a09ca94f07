"""an expanded picture, as data: every step of every block, and what it sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

FINAL = -1
"""The step of a `Source` that is a block's final state."""


class Source(NamedTuple):
    """One value of a block: that of a step, or (`FINAL`) its final state."""

    block: int
    step: int


class Unclear(Exception):
    """The neighbours of an ellipsis are wired differently: a picture that must not compile."""


@dataclass(frozen=True, slots=True)
class Place:
    """What enters a node in one place of what it sees.

    Attributes:
        sources: the values, side by side.
        bus: whether they enter by a bus of several.
        at_end: whether the block reads the last steps of another here, and not all of them.
    """

    sources: tuple[Source, ...]
    bus: bool = False
    at_end: bool = False


Seen = tuple["Place | None", ...]
"""What one step sees, place by place; ``None`` where nothing is wired."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a chain starts from.

    Attributes:
        block: the block whose state it is; ``None`` if it is a value.
        value: the value's parts, side by side.
        symbol: the wire by which it enters: ``"-"`` or ``"="``.
    """

    block: int | None
    value: tuple[Source, ...]
    symbol: str


@dataclass(frozen=True)
class Steps:
    """A picture whose ellipses have all been drawn out.

    Attributes:
        counts: the number of steps of each block.
        seen: what each step of each block sees.
        starts: what the chain of a block starts from, where that is not zero.
        order: the blocks, each after those that it reads.
        inputs: the blocks that are the model's arguments, in order.
        outputs: the blocks that are its results, in order.
    """

    counts: tuple[int, ...]
    seen: tuple[tuple[Seen, ...], ...]
    starts: dict[int, Start]
    order: tuple[int, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
