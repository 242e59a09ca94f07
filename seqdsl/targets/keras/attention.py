"""attention → Keras: by its layers, with heads or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Binary, Code, Index, call, grouped, listing, operand, root
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.keras.expressions import emit
from seqdsl.targets.keras.layers import layer_of_node, own_attention
from seqdsl.targets.keras.masks import SPELLING
from seqdsl.targets.keras.reshaping import repeat_vector
from seqdsl.targets.notes import Idiom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.operations import Attend
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter


def attend(node: Block, attend: Attend, to: KerasEmitter) -> Code:
    """What each step of the query attends to, with an axis of steps also where that is one vector."""
    query, memory = emit(attend.query, to), emit(attend.memory, to)
    if node.steps is None:
        query = call(repeat_vector(1), query)
    arguments = to.layer(node).arguments
    layer = layer_of_node(node, to)
    if own := own_attention(arguments):
        to.function(own)
    mask = common_mask(attend.memory_masks, to, SPELLING)
    keywords: dict[str, object] = {} if mask is None else masked_by(arguments, mask, to)
    has_keys = attend.keys is not None
    if arguments["causal"]:
        keywords["use_causal_mask"] = True
    asked = scaled(query, node, to)
    given = [asked, memory]
    if attend.keys is not None:
        # Keras's order is query, value, key.
        given.append(emit(attend.keys, to))
    attended = call(layer, *(given if arguments["heads"] else [listing(*given)]), **keywords)
    if mask is None:
        return attended
    return nothing_attended(node, attended, query, grouped(mask), has_keys, to)


def masked_by(arguments: Mapping[str, object], mask: Code, to: KerasEmitter) -> dict[str, object]:
    """What tells a layer which steps of the memory are valid."""
    to.note(Idiom.MASKED, None, "`mask=`")
    allowed = call(to.function("some_valid"), mask)
    if arguments["heads"]:
        # (batch, query, memory): one mask for all steps of the query.
        return {"attention_mask": Index(allowed, ":, None")}
    # A mask for each of the inputs, query and memory.
    return {"mask": listing(None, allowed)}


def scaled(query: Code, node: Block, to: KerasEmitter) -> Code:
    """The query, divided by what its scores are to be divided by."""
    arguments = to.layer(node).arguments
    # Heads divide by themselves, and projections are divided behind them.
    if not arguments["scale"] or arguments["heads"] is not None or arguments["key"] is not None:
        return query
    # `Attention(use_scale=True)` would be trained: a factor of the query is one of all its scores.
    return Binary("/", (operand(query), root(to.layer(node).width)))


def nothing_attended(
    node: Block, attended: Code, query: Code, mask: Code, has_keys: bool, to: KerasEmitter
) -> Code:
    """What attention gives, zero where there is nothing but padding to attend to."""
    arguments = to.layer(node).arguments
    if arguments["causal"] and common_mask(node.masks, to, SPELLING) != mask:
        # The steps of the memory that are valid and no later than the query's.
        seen = to.name("seen", call(to.function("until_now"), query, mask))
        return call("ops.where", Index(seen, "..., None"), attended, "0.0")
    # With biases, or with steps that are valid among the values and padding among the keys, nothing is not zero.
    if (arguments["heads"] or has_keys) and common_mask(node.masks, to, SPELLING) != mask:
        some = call("ops.any", mask, axis=1)
        return call("ops.where", Index(some, ":, None, None"), attended, "0.0")
    # What padded steps hold is zero, so that of nothing else is zero as well.
    return attended
