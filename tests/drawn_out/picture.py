"""What is read of a picture: rows of marks, blocks, and the sources of every wire; no columns of wires."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

FINAL = -1
"""The step of a `Source` that is a block's final state."""

SIDES = "/|\\"
"""The sides from which wires enter a node, in the order in which it concatenates them."""


class Unclear(Exception):
    """The picture does not say what its elided steps are: by the language it is an error."""


class Source(NamedTuple):
    """A value: of a step of a block, or (`FINAL`) its final state."""

    block: int
    step: int


Bus = frozenset[Source]
"""Everything that one wire carries; a plain wire carries one value."""

NOTHING: Bus = frozenset()

Entries = tuple[Bus, Bus, Bus]
"""What enters a node by each of the `SIDES`."""

UNWIRED: Entries = (NOTHING, NOTHING, NOTHING)


@dataclass(frozen=True)
class Mark:
    """A node, an ellipsis or the junction of a state wire, in a row of nodes.

    Attributes:
        kind: ``"node"``, ``"ellipsis"``, ``"junction"``, or ``"end"`` where state enters or leaves the model.
        place: where it stands from left to right; drawn steps of one stretch have fractions.
        join: the state wire to the next mark: ``""``, ``"-"``, ``">"``, ``"<"`` or ``"="``.
        block: the block of a node or an ellipsis.
        step: the node's number in its block; an ellipsis has that of the node after it.
        below: what enters a junction from below.
        finals: the blocks whose final state leaves at a junction.
        end: where an ellipsis ends.
        name: an ellipsis's name.
    """

    kind: str
    place: float
    join: str = ""
    block: int = -1
    step: int = -1
    below: Bus = NOTHING
    finals: frozenset[int] = frozenset()
    end: float = 0.0
    name: str = ""


@dataclass(frozen=True)
class Gap:
    """An ellipsis of a block, before its drawn node number ``after``."""

    after: int
    start: float
    end: float
    name: str = ""


@dataclass(frozen=True)
class Block:
    """A run of nodes.

    Attributes:
        letter: its letter.
        row: its row, counted from the bottom.
        entries: what enters each of its nodes.
        gaps: its ellipses.
        places: where its nodes stand from left to right.
        touched: whether state wires touch its letter in its row.
    """

    letter: str
    row: int
    entries: tuple[Entries, ...]
    gaps: tuple[Gap, ...] = ()
    places: tuple[float, ...] = ()
    touched: bool = False

    @property
    def count(self) -> int:
        """How many nodes are drawn."""
        return len(self.entries)

    @property
    def is_vector(self) -> bool:
        """Whether it is one node, without steps."""
        return self.count == 1 and not self.gaps


@dataclass(frozen=True)
class Picture:
    """A picture: its rows of nodes, bottom row first, and its blocks, bottom row first, left to right."""

    rows: tuple[tuple[Mark, ...], ...]
    blocks: tuple[Block, ...]
    calls: dict[int, str] = field(default_factory=dict)

    def gaps(self) -> Iterator[tuple[int, int, Gap]]:
        """Every ellipsis, with its block and its number there."""
        for index, block in enumerate(self.blocks):
            for number, gap in enumerate(block.gaps):
                yield index, number, gap

    @property
    def is_elided(self) -> bool:
        """Whether there is an ellipsis."""
        return any(block.gaps for block in self.blocks)
