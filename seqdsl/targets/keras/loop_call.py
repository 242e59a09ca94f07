"""loop's layer → the call of it in a functional model, and the names of what it gives.

``y, gru_h_h = GruHLoop(..., name="gru_h_loop")([y_state, h_state, x])``
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Use
from seqdsl.layers import layer_def
from seqdsl.targets.code import Attribute, Code, Text, call, listing
from seqdsl.targets.emit.called import HeldLayer
from seqdsl.targets.emit.carried import give
from seqdsl.targets.keras.loop_class import one_or_list

if TYPE_CHECKING:
    from seqdsl.targets.keras.emitter import KerasEmitter
    from seqdsl.targets.keras.loop_class import LoopClass


def write_call(loop: LoopClass, to: KerasEmitter) -> None:
    """Write the call of a loop's layer, and name what it gives."""
    body, layer = loop.layer.body, loop.layer
    targets: list[Code] = []
    for member in body.collected:
        to.values[member] = Text(to.graph.nodes[member].name)
        targets.append(to.values[member])
    for number in loop.ends:
        targets += _final_parts(body.members[number], to)
    for item in loop.windows:
        assert item.state_of is not None
        of = to.graph.nodes[item.state_of]
        targets.append(Text(to.names.claim(f"{of.name}_window")))
        give(of, (targets[-1],), to)
    keywords: dict[str, object] = dict(layer.layers)
    keywords |= dict(layer.numbers)
    keywords["name"] = f'"{_layer_name(loop, to)}"'
    # A run that feeds itself applies them step by step: model.get_layer("gru_h_loop").y_layer
    owner = call("model.get_layer", keywords["name"])
    to.held |= {
        name.removesuffix("_layer"): HeldLayer(Attribute(owner, name), name in layer.wrapped)
        for name in layer.layers
    }
    made = call(loop.name, **keywords)
    inputs = one_or_list(list(layer.inputs))
    to.unpack(tuple(targets), call(made, inputs))


def _final_parts(member: int, to: KerasEmitter) -> tuple[Text, ...]:
    """The variables of a member's final state."""
    node = to.graph.nodes[member]
    words = layer_def(node.kind).states
    # Of a state that is not passed on, its hidden part is read.
    read = words if Use.STATE in node.uses else words[:1]
    parts = tuple(
        Text(to.names.claim(f"{node.name}_{word}") if word in read else "_") for word in words
    )
    to.parts[member], to.states[member] = parts, listing(*parts)
    to.finals[member] = parts[0]
    # If the model gives it, it is noted for that; else nobody asks.
    give(node, parts, to)
    return parts


def _layer_name(loop: LoopClass, to: KerasEmitter) -> str:
    taken = {item.name for item in to.graph.layers}
    first = next(iter(loop.layer.body.members.values()))
    name = f"{to.graph.nodes[first].name}_loop"
    while name in taken:
        name += "_"
    return name
