"""how an ellipsis elides what another one below it elides, as data."""

from __future__ import annotations

from fractions import Fraction

from seqdsl.records import record

Key = tuple[int, int]
"""An ellipsis: its row in the grid and its mark in that row."""


@record(frozen=True)
class Stride:
    """All steps of a block read every ``every``-th step of another, whatever its length.

    Attributes:
        below: the block that is read.
        start: its first step that is read.
        every: from one read step to the next.
        each: how many steps in turn read the same one.
    """

    below: int
    start: int
    every: int
    each: int


@record(frozen=True)
class Relation:
    """How an ellipsis elides what another one elides.

    Attributes:
        below: the other ellipsis; ``None`` if the wires on both sides have no common period.
        up: how many steps it elides ...
        down: ... for so many of the other.
        stride: the stride of its whole block, which tells the number of steps for any length.
        goes_on: whether it is at an end, where the periods beside it go on: none of its steps repeats the last one.
    """

    below: Key | None
    up: int = 1
    down: int = 1
    stride: Stride | None = None
    goes_on: bool = False

    @property
    def ratio(self) -> Fraction:
        """The steps elided for each one of the ellipsis below."""
        return Fraction(self.up, self.down)
