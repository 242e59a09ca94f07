"""blocks → links: how one block reads another, as numbers, for what follows the paths through a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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


@record(frozen=True)
class Link:
    """How one block reads another.

    Attributes:
        source: the block that is read.
        target: the block that reads.
        kind: ``"wire"``; ``"bus"``: the same to every step; ``"memory"``: an attention's; ``"state"``.
        runs: for a wire, which steps read which.
    """

    source: int
    target: int
    kind: Literal["wire", "bus", "memory", "state"]
    runs: tuple[Run, ...] = ()


@record(frozen=True)
class Shape:
    """What the topology needs of a block: its steps (``None``: a vector) and whether it is recurrent."""

    steps: int | None
    recurrent: bool = False
