"""attention of a free run to its own past → Keras: what it reads is kept, and a step attends to all that there is.

::

    attention_t_memory = Past()                                                        before the first step
    memory = attention_t_memory.append(x)                                              in each step
    attention_t = model.get_layer("attention_t")([x, memory])

No step is later than the last one: there is nothing that a causal mask would hide. Keys and values that a layer
projects are kept as it compares and sums them, and so are those of a memory that is there from the beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import (
    Attribute,
    Binary,
    Code,
    Index,
    Text,
    call,
    grouped,
    listing,
    method,
    operand,
)
from seqdsl.targets.emit.emitter import Kept
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.emit.projecting import projects
from seqdsl.targets.keras.attention import masked_by, nothing_attended, scaled
from seqdsl.targets.keras.expressions import emit
from seqdsl.targets.keras.layers import layer_of_node, own_attention
from seqdsl.targets.keras.masks import SPELLING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Attend, Constant
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter


def name_pasts(node: Block, attend: Attend, to: KerasEmitter) -> dict[str, Kept]:
    """The variables of what an attention keeps: the steps that it reads, and which of them are valid.

    Of what it projects the projections are kept.
    """
    arguments = to.layer(node).arguments
    parts = ["memory" if arguments["heads"] is None else "values"]
    parts += ["keys"] if attend.keys is not None or projects(arguments) else []
    parts += ["valid"] if attend.memory_masks else []
    empty = call(to.function("Past"))
    return {part: Kept(Text(to.names.claim(f"{node.name}_{part}")), empty) for part in parts}


def keep_head(node: Block, attend: Attend, to: KerasEmitter) -> None:
    """Let the past begin with the steps before the first one of the input."""
    to.pasts[node.index] = name_pasts(node, attend, to)
    pieces = _pieces(node, attend, to)
    for part, kept in to.pasts[node.index].items():
        to.assign(kept.name, kept.empty)
        to.run(method(kept.name, "append", pieces[part]))


def attend_past(node: Block, attend: Attend, to: KerasEmitter) -> Code:
    """What a step attends to: itself, and all steps before it."""
    pieces = _pieces(node, attend, to)
    whole = {
        part: to.name(part, method(kept.name, "append", pieces[part]))
        for part, kept in to.pasts[node.index].items()
    }
    valid = whole.pop("valid", None)
    attended = _attended(node, emit(attend.query, to), list(whole.values()), valid, to)
    if valid is None:
        return attended
    # A step whose own past is all padding reads nothing.
    some = Index(call("ops.any", valid, axis=1), ":, None, None")
    return call("ops.where", some, attended, "0.0")


def projects_once(node: Node, to: KerasEmitter) -> bool:
    """Whether an attention projects a memory that is there from the beginning."""
    return node.index in to.projects_once and projects(to.layer(node).arguments)


def project_once(node: Block, attend: Attend, to: KerasEmitter) -> tuple[Code, Code]:
    """The values and projected keys of a memory that is there from the beginning."""
    if node.index not in to.projected:
        values, keys = _projected(node, attend, to)
        # What is summed as it is has a variable already.
        is_apart = to.layer(node).arguments["heads"] is not None
        to.projected[node.index] = (
            to.name("values", values) if is_apart else values,
            to.name("keys", keys),
        )
    return to.projected[node.index]


def attend_projected(node: Block, attend: Attend, to: KerasEmitter) -> Code:
    """What a step attends to, of a memory that was projected before."""
    query = emit(attend.query, to)
    query = call("ops.expand_dims", query, 1) if node.steps is None else query
    mask = common_mask(attend.memory_masks, to, SPELLING)
    attended = _attended(node, query, project_once(node, attend, to), mask, to)
    if mask is None:
        return attended
    has_keys = attend.keys is not None
    return nothing_attended(node, attended, query, grouped(mask), has_keys, to)


def _attended(
    node: Block, query: Code, read: Sequence[Code], valid: Code | None, to: KerasEmitter
) -> Code:
    """What a query reads of values, and of keys if these are others; both are projected, if that is done at all."""
    arguments, layer = to.layer(node).arguments, layer_of_node(node, to)
    masked = {} if valid is None else masked_by(arguments, valid, to)
    if arguments["heads"] is not None:
        return call(to.function("attend_heads"), layer, query, *read, **masked)
    # Keras's order is query, value, key.
    given = listing(scaled(query, node, to), *read)
    if not (own := own_attention(arguments)):
        return call(layer, given, **masked)
    to.projects_ahead.add(own)
    return call(layer, given, **masked, projected=True)


def counted_on(node: Block, constant: Constant, to: KerasEmitter) -> Code:
    """The row of a constant for the step that is computed: the last of all up to it."""
    like = emit(constant.like, to)
    steps = Binary("+", (operand(to.counts[node.index]), Text("1")))
    return Index(call(layer_of_node(node, to), like, steps=steps), ":, -1:")


def _pieces(node: Block, attend: Attend, to: KerasEmitter) -> dict[str, Code]:
    """What is there of each part in a piece."""
    values, keys = _projected(node, attend, to)
    pieces = {"memory": values, "values": values, "keys": keys}
    if (mask := common_mask(attend.memory_masks, to, SPELLING)) is not None:
        pieces["valid"] = mask
    return pieces


def _projected(node: Block, attend: Attend, to: KerasEmitter) -> tuple[Code, Code]:
    """The values and keys of an attention, as it sums and compares them."""
    memory = emit(attend.memory, to)
    keys = memory if attend.keys is None else emit(attend.keys, to)
    arguments = to.layer(node).arguments
    if not projects(arguments):
        return memory, keys
    layer = layer_of_node(node, to)
    if arguments["heads"] is None:
        return memory, call(Attribute(layer, "key"), keys)
    return call(Attribute(layer, "value_dense"), memory), call(Attribute(layer, "key_dense"), keys)
