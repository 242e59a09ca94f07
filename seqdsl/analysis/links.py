"""blocks → links: how one block reads another, as numbers, for what follows the paths through a model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from seqdsl.records import record


@dataclass(frozen=True, order=True)
class Run:
    """Which steps of a block read which steps of another.

    Steps ``at``, ``at + every``, ... read steps ``start``, ``start + stride``, ...: ``count`` of them.
    """

    at: int
    count: int
    start: int
    stride: int
    every: int = 1

    @property
    def end(self) -> int:
        """The step behind the last one that reads."""
        return self.at + self.every * (self.count - 1) + 1


class LinkKind(Enum):
    """What one block reads of another, and how."""

    WIRE = "wire"
    """Steps read steps, each its own."""
    BUS = "bus"
    """Every step reads the same."""
    MEMORY = "memory"
    """An attention's steps look at all steps."""
    STATE = "state"
    """A recurrence begins with it."""


@record(frozen=True)
class Link:
    """How one block reads another.

    Attributes:
        source: the block that is read.
        target: the block that reads.
        kind: what is read, and how.
        runs: for a wire, which steps read which.
        read: for a bus or a memory that reads a part of a row, the first and the last of its steps.
    """

    source: int
    target: int
    kind: LinkKind
    runs: tuple[Run, ...] = ()
    read: tuple[int, int] | None = None


@record(frozen=True)
class Shape:
    """What the topology needs of a block: its steps (``None``: a vector) and whether it is recurrent."""

    steps: int | None
    recurrent: bool = False
