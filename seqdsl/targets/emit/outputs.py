"""specification → the same, what its outputs hold called as these are: ``y = self.dense_y(x)``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.operations import Placeholder

if TYPE_CHECKING:
    from seqdsl.model.spec import ModelSpec


def name_outputs(spec: ModelSpec) -> ModelSpec:
    """Call the nodes of the outputs as the outputs, where nothing else is called so.

    ::

        Y     dense(2)        before: dense_y = layers.Dense(2, name="dense_y")(x)
        |                     after:  y = layers.Dense(2, name="dense_y")(x)
        X     input(8)

    The layer keeps its name. An input that is passed through is what the model's user calls it already.
    """
    nodes = list(spec.nodes)
    # A layer that is applied in several places has the name that its first output has, too.
    taken = {node.name for node in nodes} | {layer.name for layer in spec.layers}
    taken |= {item.name for item in spec.parameters}
    for output in spec.outputs:
        node = nodes[output.block]
        # Of two outputs that would swap their names both keep them: each is taken when the other asks.
        if output.name in taken or isinstance(node.operation, Placeholder):
            continue
        taken.add(output.name)
        nodes[output.block] = replace(node, name=output.name)
    return replace(spec, nodes=tuple(nodes))
