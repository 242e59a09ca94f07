"""what wires carry, and where they lead, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.picture.states import Terminal


@dataclass(frozen=True, slots=True, eq=False)
class JunctionRef:
    """The junction of this number: what a wire carries that leaves it.

    A number and not the `Junction` itself: any number of junctions may be stacked, and what refers to what refers to
    another cannot be pickled or shown without as deep a recursion. There is one for each junction, `Junction.ref`, so
    that wires are compared by identity: with a hash of its number, nested buses took six times as long.
    """

    number: int


@dataclass(frozen=True, slots=True)
class StateRef:
    """The final state of this block."""

    block: int


Producer: TypeAlias = int | StateRef
"""What makes a value: a unit, by its number, or the final state of a block.

Units are plain numbers as a picture may have a million of them.
"""

Source: TypeAlias = int | JunctionRef | StateRef
"""What a wire carries."""

Lane: TypeAlias = "Sequence[Source | None]"
"""What enters each of some units from one side; ``None`` where nothing does."""


@dataclass(slots=True)
class Junction:
    """A bus, or the place where wires meet: all its sources leave by all its upward wires."""

    ref: JunctionRef
    row: int
    column: int
    sources: list[Source]
    used: bool


@dataclass(frozen=True, slots=True)
class Trace:
    r"""Where every wire leads.

    Attributes:
        units: the column of every unit, by number; delayed ones last.
        rows: the grid row of every unit, by number.
        slash: what enters each unit by ``/``; ``None`` if nothing does.
        pipe: what enters each unit by ``|``.
        back: what enters each unit by ``\``.
        junctions: all junctions, by number.
        initial: the source that each block starts from, by block.
    """

    units: list[int]
    rows: list[int]
    slash: list[Source | None]
    pipe: list[Source | None]
    back: list[Source | None]
    junctions: list[Junction]
    initial: dict[int, list[tuple[Source, Terminal]]]

    def wires(self, unit: int) -> tuple[Source | None, Source | None, Source | None]:
        """What enters a unit from the left, from straight below and from the right."""
        return self.slash[unit], self.pipe[unit], self.back[unit]

    def add(
        self,
        row: int,
        column: int,
        slash: Source | None = None,
        pipe: Source | None = None,
        back: Source | None = None,
    ) -> int:
        """Number one more unit, into which these wires lead."""
        self.slash.append(slash)
        self.pipe.append(pipe)
        self.back.append(back)
        self.units.append(column)
        self.rows.append(row)
        return len(self.units) - 1

    def entries(self, unit: int) -> list[Source]:
        """The same without the sides from which nothing enters."""
        return [source for source in self.wires(unit) if source is not None]
