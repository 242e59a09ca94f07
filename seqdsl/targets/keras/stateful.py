"""specification with carried state → the same with Keras's own layers keeping their state, for batches of one size.

``build_model(stateful=16)`` is that form: no state goes in or comes out, and `reset_states` begins anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.operations import Scan
from seqdsl.ir.uses import find_uses
from seqdsl.targets.emit.carried import carry_of

if TYPE_CHECKING:
    from seqdsl.model.spec import ModelSpec


def keeping_nodes(spec: ModelSpec) -> frozenset[int]:
    """The nodes that can keep their state themselves; none where another one cannot, or takes it without giving it."""
    carried = {item.block for item in spec.states}
    able = all(
        isinstance(spec.blocks[index].operation, Scan)
        and carry_of(spec.blocks[index]) is Carry.BOTH
        for index in carried
    )
    return frozenset(carried if able else ())


def keeping(spec: ModelSpec, nodes: frozenset[int]) -> ModelSpec:
    """The specification without state as arguments and results: ``nodes`` keep it."""
    blocks = list(spec.blocks)
    for index in nodes:
        operation = blocks[index].operation
        assert isinstance(operation, Scan)
        blocks[index] = replace(blocks[index], operation=replace(operation, carry=Carry.NONE))
    # What was read for the next call alone is read no more.
    uses = find_uses(blocks)
    plain = tuple(replace(block, uses=uses[block.index]) for block in blocks)
    return replace(spec, nodes=plain, states=())
