"""attention of a free run to its own past → Keras: what it reads is kept, and a step attends to all that there is.

::

    attention_t_memory = Past()                                                        before the first step
    memory = attention_t_memory.append(x)                                              in each step
    attention_t = model.get_layer("attention_t")([x, memory])

No step is later than the last one: there is nothing that a causal mask would hide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import (
    Binary,
    Code,
    Index,
    Text,
    call,
    listing,
    method,
    operand,
)
from seqdsl.targets.emit.emitter import Kept
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.keras.attention import masked_by, scaled
from seqdsl.targets.keras.expressions import emit
from seqdsl.targets.keras.layers import layer_of_node
from seqdsl.targets.keras.masks import SPELLING

if TYPE_CHECKING:
    from seqdsl.ir.operations import Attend, Constant
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter


def name_pasts(node: Block, attend: Attend, to: KerasEmitter) -> dict[str, Kept]:
    """The variables of what an attention keeps: the steps that it reads, and which of them are valid."""
    parts = ["memory", *(["keys"] if attend.keys is not None else [])]
    parts += ["valid"] if attend.memory_masks else []
    empty = call(to.function("Past"))
    return {part: Kept(Text(to.names.claim(f"{node.name}_{part}")), empty) for part in parts}


def keep_head(node: Block, attend: Attend, to: KerasEmitter) -> None:
    """Let the past begin with the steps before the first one of the input."""
    to.pasts[node.index] = name_pasts(node, attend, to)
    pieces = _pieces(attend, to)
    for part, kept in to.pasts[node.index].items():
        to.assign(kept.name, kept.empty)
        to.run(method(kept.name, "append", pieces[part]))


def attend_past(node: Block, attend: Attend, to: KerasEmitter) -> Code:
    """What a step attends to: itself, and all steps before it."""
    pieces = _pieces(attend, to)
    whole = {
        part: to.name(part, method(kept.name, "append", pieces[part]))
        for part, kept in to.pasts[node.index].items()
    }
    valid = whole.pop("valid", None)
    arguments = to.layer(node).arguments
    # Keras's order is query, value, key.
    given = [scaled(emit(attend.query, to), node, to), *whole.values()]
    keywords = {} if valid is None else masked_by(arguments, valid, to)
    layer = layer_of_node(node, to)
    attended = call(layer, *(given if arguments["heads"] else [listing(*given)]), **keywords)
    if valid is None:
        return attended
    # A step whose own past is all padding reads nothing.
    some = Index(call("ops.any", valid, axis=1), ":, None, None")
    return call("ops.where", some, attended, "0.0")


def counted_on(node: Block, constant: Constant, to: KerasEmitter) -> Code:
    """The row of a constant for the step that is computed: the last of all up to it."""
    like = emit(constant.like, to)
    steps = Binary("+", (operand(to.counts[node.index]), Text("1")))
    return Index(call(layer_of_node(node, to), like, steps=steps), ":, -1:")


def _pieces(attend: Attend, to: KerasEmitter) -> dict[str, Code]:
    """What is there of each part in a piece."""
    pieces = {"memory": emit(attend.memory, to)}
    if attend.keys is not None:
        pieces["keys"] = emit(attend.keys, to)
    if (mask := common_mask(attend.memory_masks, to, SPELLING)) is not None:
        pieces["valid"] = mask
    return pieces
