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
from seqdsl.ir.loop_calls import calls_in_loops, with_loop_calls
from seqdsl.ir.loops import find_circles
from seqdsl.ir.operations import Call
from seqdsl.ir.uses import find_uses
from seqdsl.lowering.naming import Names
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from seqdsl.ir.nodes import Layer
    from seqdsl.model.spec import Block, ModelSpec


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
    return _named(spec, *inlined(spec, prepare, wanted))


@record(frozen=True)
class WrittenOut:
    """A model whose loops call nothing for a whole row.

    Attributes:
        spec: the model.
        origins: the node that calls what each new node is of.
        calls: the nodes that called, by the names of their layers.
    """

    spec: ModelSpec
    origins: Mapping[int, int]
    calls: Mapping[str, list[Block]]

    def is_called(self, index: int) -> bool:
        """Whether a node is one of what is called."""
        calls = (node.index for nodes in self.calls.values() for node in nodes)
        return index in self.origins or index in calls


def write_out_loops(
    spec: ModelSpec,
    prepare: Callable[[ModelSpec], ModelSpec] = lambda body: body,
    each: Callable[[Call], bool] = lambda _: False,
) -> WrittenOut:
    """Write out the calls in the loops of a model.

    Args:
        spec: the model.
        prepare: what the target does with the rows of each model that is called: its layers have to be those of its
            class.
        each: the calls of single steps that the target writes out as well, where that can be.
    """
    whole, origins = with_loop_calls(spec, prepare, each)
    if whole is spec:
        return WrittenOut(spec, {}, {})
    calls: dict[str, list[Block]] = {}
    for index in sorted(calls_in_loops(spec, each)):
        node = spec.blocks[index]
        assert node.layer is not None
        calls.setdefault(node.layer.name, []).append(node)
    return WrittenOut(_named(spec, whole, origins), origins, calls)


def looped_layers(spec: ModelSpec) -> Iterator[Layer]:
    """The layers that the loops of a model apply step by step, those of what they call as well."""
    written = write_out_loops(spec).spec
    looped = frozenset[int]().union(*find_circles(written))
    layers = (written.nodes[index].layer for index in sorted(looped))
    yield from (layer for layer in layers if layer is not None)


def _named(spec: ModelSpec, whole: ModelSpec, origins: Mapping[int, int]) -> ModelSpec:
    """A model with nodes of others, each under a name of its own, and what is read of each."""
    # block_r_dense of one block `r`, and of another `r_dense`: each name stands once.
    names = Names([*(item.name for item in spec.parameters), *(node.name for node in spec.nodes)])
    nodes = [
        replace(node, name=names.claim(node.name)) if node.index in origins else node
        for node in whole.nodes
    ]
    uses = find_uses(nodes)
    return replace(whole, nodes=tuple(replace(node, uses=uses[node.index]) for node in nodes))
