"""what a loop computes at each step, as data.

for step in range(4):                           count: 4
    decoder, state = decoder(y, state)          nodes: `decoder` and `y`, as vectors; `decoder` carries a state
    y = dense(decoder)                          delays: `y` one step before, which begins as `start`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import blocks_of
from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.model.spec import Block

STEP = Size.of("__step")
"""The step of a loop in the expressions of its body; no name of a model begins so."""


# y, y_before = start, start       of two steps before: a variable for each step that it is kept
@record(frozen=True)
class Delay:
    """A value of an earlier step.

    Attributes:
        node: the number that stands for it in the body's expressions.
        of: the node of the body whose value it is.
        steps: how many steps before.
        start: what it is at the first steps, a vector for each: outer ones; ``None``: zero.
        is_held: whether it stays what it was in a padded step: the value of the last valid one.
        in_place: whether nothing reads it any more once the value of this step is there: one variable can be both.
    """

    node: int
    of: int
    steps: int
    start: tuple[Expression | None, ...]
    is_held: bool
    in_place: bool


# window = [b c d] of a b c d, for a kernel of 3; attention to its own past keeps a b c d.
@record(frozen=True)
class History:
    """The values of this step and of earlier ones, a sequence.

    Attributes:
        node: the number that stands for it in the body's expressions.
        of: what is put behind it at each step.
        before: what there is before the first step, a sequence; ``None``: zeros, as many steps as windows have.
        window: how many steps it has: the oldest one is dropped; ``None``: all are kept.
        reader: the node that reads it: what it is put behind is put there before that node is computed.
        state_of: the convolution whose state for the next call it is when the loop has ended, but for its first step;
            ``None``: it is forgotten.
    """

    node: int
    of: Expression
    before: Expression | None
    window: Size | None
    reader: int
    state_of: int | None = None


@record(frozen=True)
class Body:
    """What a loop computes at each step.

    Attributes:
        count: how many steps it has.
        members: the loop's nodes, by the node of the body that computes a step of each.
        nodes: the nodes of the body, in their order.
        delays: what it reads of earlier steps.
        histories: the sequences that it carries on.
        collected: the members of which all steps are read outside of the loop.
        outer: what it reads of sequences that are there before it, as its nodes have it.
    """

    count: Size
    members: dict[int, int]
    nodes: tuple[Block, ...]
    delays: tuple[Delay, ...]
    histories: tuple[History, ...]
    collected: tuple[int, ...]
    outer: tuple[Expression, ...]

    @property
    def layers(self) -> set[str]:
        """The names of the layers that it runs."""
        return {node.layer.name for node in self.nodes if node.layer is not None}

    def member(self, node: int) -> int:
        """The member of which a node of the body computes a step."""
        return self.members[node]


def read_in_padding(body: Body) -> frozenset[int]:
    """The nodes of a body whose values in padded steps are read, where they have to be zero.

    Whatever the others give there, what reads it is padding itself.
    """
    read = {number for number, member in body.members.items() if member in body.collected}
    read |= {item.of for item in body.delays if not item.is_held}
    for history in body.histories:
        read |= blocks_of(history.of)
    return frozenset(read)


def is_held(history: History, body: Body) -> bool:
    """Whether what is put behind a window may be a value of an earlier step that stayed what it was."""
    held = {item.node for item in body.delays if item.is_held}
    return bool(held & blocks_of(history.of))
