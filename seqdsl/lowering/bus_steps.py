"""what enters a bus → its steps one after the other, to be attended to, pooled, or read by a picture that is called.

    +-+-+      Of a masked row the bus has what a sample has: the last valid step here.
    |   |
X X X   Z

A step where a chain ends is by itself the chain's final state, which a sample without a valid step has, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import FinalState
from seqdsl.lowering.measures import ONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.compose import Composer
    from seqdsl.lowering.strided_access import StridedAccess


def steps_of(composer: Composer, accesses: Sequence[StridedAccess]) -> Expression:
    """Everything on a bus one after the other, as one sequence."""
    return composer.joined([on_bus(composer, access) for access in accesses])


def on_bus(composer: Composer, access: StridedAccess) -> Expression:
    """The steps that a bus has of an access."""
    if access.block in composer.masked and not may_be_missing(composer, access):
        return always(composer, access)
    return composer.part(access)


def always(composer: Composer, access: StridedAccess) -> Expression:
    """A single value as one step, which is valid whatever it is of."""
    # A vector that is repeated has no padding.
    return composer.repeat(composer.vector(access), ONE)


def may_be_missing(composer: Composer, access: StridedAccess) -> bool:
    """Whether some samples do not have what a bus has of an access."""
    if access.block not in composer.masked:
        return False
    return access.count != ONE or not isinstance(composer.vector(access), FinalState)
