"""free run → its members: what is computed of each node for a piece of the input, and what it keeps."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Input
    from seqdsl.ir.operations import Operation
    from seqdsl.size import Size


class Keeps(Enum):
    """What is kept of all earlier steps where a state of one size does not do."""

    PAST = "the keys and values of earlier steps"
    NUMBER = "the number of the step"
    BEFORE = "the value one step before"


@record(frozen=True)
class Member:
    """A node of a free run.

    Attributes:
        node: its number.
        ahead: its steps before the first step of the input.
        step: what it computes of a piece.
        head: what it computes of the steps before; ``None``: it has none.
        masks: the masks whose common steps are the valid ones of a piece.
        head_masks: the same of the steps before.
        keeps: what it needs to know of all pieces before.
    """

    node: int
    ahead: Size
    step: Operation
    head: Operation | None
    masks: tuple[Expression, ...] = ()
    head_masks: tuple[Expression, ...] = ()
    keeps: Keeps | None = None


@record(frozen=True)
class Delay:
    """The value of a member some steps before, which another member of its loop reads: steps are computed one by one.

    Attributes:
        node: the number of what stands for it: none of the graph's.
        source: the member.
        count: how many steps before.
        first: what is read before the member's first step, so many steps; ``None``: zero.
    """

    node: int
    source: int
    count: int
    first: Expression | None


@record(frozen=True)
class Known:
    """A sequence that is known as a whole beside the input: each step of a piece reads the one below it.

    Attributes:
        node: the number of what stands for a piece of it: none of the graph's.
        of: the sequence, or what has the mask.
        ahead: its steps before the first one of the input.
        is_mask: whether its mask is read, and not its value.
    """

    node: int
    of: Expression
    ahead: int
    is_mask: bool = False


@record(frozen=True)
class FreeRun:
    """A model that feeds itself.

    Attributes:
        fed: the inputs that are fed.
        members: what is computed for each piece of them, in the order of the graph.
        ahead: for each fed input the steps that its source has before its first step; negative where it begins later.
        delays: what is read of earlier steps within loops.
        known: what is read of sequences beside the input.
    """

    fed: tuple[Input, ...]
    members: tuple[Member, ...]
    ahead: tuple[int, ...]
    delays: tuple[Delay, ...] = ()
    known: tuple[Known, ...] = ()

    @property
    def is_single(self) -> bool:
        """Whether a piece is one step: a loop needs what it gave one step before."""
        return bool(self.delays)

    @property
    def nodes(self) -> frozenset[int]:
        """The numbers of its members."""
        return frozenset(member.node for member in self.members)

    def keeping(self, what: Keeps) -> dict[int, Size]:
        """The members that keep something, each with its steps before the first one of the input."""
        return {item.node: item.ahead for item in self.members if item.keeps is what}
