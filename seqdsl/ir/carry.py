"""a node and the calls of its model → whether its state is taken from the call before, given to the next, or both."""

from __future__ import annotations

from enum import Enum


class Carry(Enum):
    """Where the state of a node comes from and goes to, over the calls of the model.

    ::

        H-H-H          NONE      zero at first, forgotten at last
        *--H-H-H       TAKEN     an argument of the model
        H-H-H--*       GIVEN     a result of the model
        *--H-H-H--*    BOTH      a sequence may be cut anywhere, and put through piece by piece
    """

    NONE = "none"
    TAKEN = "taken"
    GIVEN = "given"
    BOTH = "both"

    @property
    def is_taken(self) -> bool:
        """Whether the model takes the initial state."""
        return self in (Carry.TAKEN, Carry.BOTH)

    @property
    def is_given(self) -> bool:
        """Whether the model gives the final state."""
        return self in (Carry.GIVEN, Carry.BOTH)
