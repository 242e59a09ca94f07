"""path of a layer within models that are called → the code that finds it, also where a loop of theirs holds it.

``block_r.dense_f`` is ``block_r.get_layer("dense_f")``, or ``block_r.get_layer("y_loop").dense_f_layer``
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import body_of
from seqdsl.targets.code import Attribute, Code, method
from seqdsl.targets.code import Call as CallCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.nodes import Node
    from seqdsl.targets.keras.emitter import KerasEmitter


def layer_within(model: Code, names: Sequence[str], caller: Node, to: KerasEmitter) -> Code:
    """A layer of a model that is called.

    Args:
        model: where that model is.
        names: the names on the way to the layer.
        caller: the node that calls the model.
        to: what was written of the caller, and of all that the module calls.
    """
    found = model
    for place, name in enumerate(names):
        held = to.called.held[to.called.classes[str(caller.kind)].name].get(name)
        if held is None:
            found = method(found, "get_layer", f'"{name}"')
        else:
            owner = held.place.of
            assert isinstance(owner, CallCode)
            found = Attribute(method(found, "get_layer", *owner.arguments), held.place.name)
        if place < len(names) - 1:
            caller = _caller(caller, name)
    return found


def _caller(node: Node, name: str) -> Node:
    """The node that calls the model which is the layer of a name, in what a node calls."""
    body = body_of(node)
    assert body is not None
    return next(item for item in body.nodes if item.layer is not None and item.layer.name == name)
