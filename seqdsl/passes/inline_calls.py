"""specification → the same with what it calls written out, where that goes on from step to step.

A target calls ``self.block_r(x)`` for a whole sequence. A free run computes a step at a time, and what a block keeps of
earlier steps is a variable of its own for each call::

    attention to its own past     block_r_attention_t_keys, block_s_attention_t_keys
    weights                       those of the block, by their path: self.block_r.attention_t
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.inline import inlined
from seqdsl.ir.operations import Call
from seqdsl.ir.uses import find_uses
from seqdsl.lowering.naming import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from seqdsl.model.spec import ModelSpec


def calls_sequences(spec: ModelSpec) -> bool:
    """Whether a model calls another one for a whole sequence."""
    return any(isinstance(node.operation, Call) and not node.operation.each for node in spec.nodes)


def inline_calls(
    spec: ModelSpec, prepare: Callable[[ModelSpec], ModelSpec], wanted: Collection[int]
) -> ModelSpec:
    """Write out the calls among some nodes.

    Args:
        spec: the model, as the target has prepared it.
        prepare: what the target does with each model that is called: its layers have to be those of its class.
        wanted: the nodes.
    """
    if not calls_sequences(spec):
        return spec
    whole, origins = inlined(spec, prepare, wanted)
    # block_r_dense of one block `r`, and of another `r_dense`: each name stands once.
    names = Names([*(item.name for item in spec.parameters), *(node.name for node in spec.nodes)])
    nodes = [
        replace(node, name=names.claim(node.name)) if node.index in origins else node
        for node in whole.nodes
    ]
    uses = find_uses(nodes)
    return replace(whole, nodes=tuple(replace(node, uses=uses[node.index]) for node in nodes))
