"""fed input → how it is made of what a step gives: its value, the id that it chooses, or the one-hot code of that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value
from seqdsl.ir.operations import Identity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.passes.free_run import Phases
    from seqdsl.size import Size
    from seqdsl.targets.emit.free_run import Written


class Fed(Enum):
    """What is fed."""

    VALUE = "value"
    ID = "id"
    ONE_HOT = "one-hot"


@dataclass(frozen=True, slots=True)
class Feeding:
    """How an input is fed.

    Attributes:
        name: the input.
        variable: the variable of what a piece gives.
        how: what is fed of it.
        is_probability: whether what is given are probabilities, and not their logarithms or logits.
        width: the features that are given.
        has_head: whether something is given before the first step of the input.
        key: what dictionaries of prompts and results call it, also where ``generate`` has another name for it.
        grid: the places that each of its steps holds.
        held: what its steps hold, as people call the axes of that: ``features``, ``height, width, channels``.
    """

    name: str
    variable: str
    how: Fed
    is_probability: bool
    width: Size
    has_head: bool
    key: str
    grid: tuple[Size, ...] = ()
    held: str = "features"

    @property
    def axes(self) -> int:
        """How many axes a prompt has: (batch, steps), and those of what a step holds."""
        return 2 if self.is_id else 3 + len(self.grid)

    @property
    def is_id(self) -> bool:
        """Whether ids are generated."""
        return self.how is not Fed.VALUE


def feeding(phases: Phases, written: Written) -> tuple[Feeding, ...]:
    """How each fed input is fed."""
    found = []
    outputs = {item.block: item.name for item in phases.whole.outputs}
    for item, head in zip(phases.run.fed, written.heads, strict=True):
        assert item.feedback is not None
        node = phases.whole.blocks[item.feedback.block]
        how = Fed.ID if item.vocabulary is not None else Fed.VALUE
        how = Fed.ONE_HOT if item.feedback.is_chosen else how
        variable = outputs.get(node.index, node.name)
        found.append(
            Feeding(
                item.name,
                variable,
                how,
                _gives_probabilities(node, phases.whole.blocks),
                node.features,
                head is not None,
                item.name,
                phases.whole.nodes[item.block].grid,
            )
        )
    return tuple(found)


def _gives_probabilities(node: Node, nodes: Sequence[Node]) -> bool:
    """Whether a node ends in a softmax."""
    # Logits, and logarithms of probabilities, are drawn from alike: a softmax does not see what is added to all.
    operation = node.operation
    if isinstance(operation, Identity) and isinstance(operation.operand, Value):
        return _gives_probabilities(nodes[operation.operand.block], nodes)
    return node.layer is not None and node.layer.arguments.get("activation") == "softmax"
