"""drawn signs → the direction in which a recurrence runs."""

from __future__ import annotations

from enum import Enum


class Direction(Enum):
    """The direction in which a recurrence runs over its steps; its value is its word in the text form."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BIDIRECTIONAL = "bidirectional"

    @classmethod
    def of_sign(cls, sign: str) -> Direction:
        """The direction of state wires that are drawn with ``-`` or ``>``, with ``<``, or with ``=``."""
        return {"<": cls.BACKWARD, "=": cls.BIDIRECTIONAL}.get(sign, cls.FORWARD)

    @property
    def count(self) -> int:
        """How many times the steps are gone through: a bidirectional recurrence does so twice."""
        return 2 if self is Direction.BIDIRECTIONAL else 1
