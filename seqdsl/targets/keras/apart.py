"""layers of called pictures that a loop has written out → their application before the loop, or after it.

::

    M M M M M   block   the known steps run at once, and what the block keeps of them is what the loop begins with:
    | | | | |           the layers of `block_m` are applied one by one, in the loop by its own layer, before it by
    X X X m m           `LayerOf(block_m_layer, ["gru_h"], gives_state=True)`. One model has all weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import PATH
from seqdsl.ir.operations import Identity, Merge, Placeholder, Scan
from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.targets.code import call, listing
from seqdsl.targets.keras.own_cells import own_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.loop_body import Body
    from seqdsl.targets.code import Code
    from seqdsl.targets.keras.emitter import KerasEmitter

_WITHOUT_LAYER = (Identity, Merge, Placeholder)


def find_apart(spec: ModelSpec, loops: Mapping[int, Body], to: KerasEmitter) -> list[str]:
    """The layers that are called pictures some of whose own layers are applied outside of all loops."""
    inside = {node.index for body in loops.values() for node in body.nodes}
    inside |= {index for body in loops.values() for index in body.members.values()}
    nodes = (spec.blocks[index] for index in spec.order if index not in inside)
    found = (
        node.layer.name.partition(PATH)
        for node in nodes
        if node.layer is not None and not isinstance(node.operation, _WITHOUT_LAYER)
    )
    return list(dict.fromkeys(path for path, within, _ in found if within and path in to.callers))


def is_apart(layer: Layer, to: KerasEmitter) -> bool:
    """Whether a layer is one of a called picture that a loop has written out."""
    path, within, _ = layer.name.partition(PATH)
    return bool(within) and path in to.outside and to.trained is None


def apply_apart(node: Block, name: str, to: KerasEmitter) -> Code:
    """What applies the layer of a node, which is one of a called picture's model.

    Args:
        node: the node.
        name: the path of the layer.
        to: what was written, with the variable of the model.

    Raises:
        UnevenLoop: it runs a cell of the module's own, or on grids.
    """
    path, *names = name.split(PATH)
    is_scan = isinstance(node.operation, Scan)
    if node.grid or (is_scan and own_cell(to.layer(node), to) is not None):
        why = f"Keras cannot run `{node.kind}` of `{path}`, which is called, before the loop or after it"
        raise UnevenLoop(node.name, why)
    within = listing(*(f'"{item}"' for item in names))
    state = {"gives_state": True} if is_scan else {}
    named = {"name": f'"{node.name}"'}
    return call(to.function("LayerOf"), to.shared[path], within, **state, **named)
