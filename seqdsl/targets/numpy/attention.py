"""attention → numpy: a mean over the steps of a memory, with one head or many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Binary, Code, Index, call, flat, grouped, operand, root
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.numpy.expressions import emit
from seqdsl.targets.numpy.masks import SPELLING
from seqdsl.targets.numpy.weights import is_open, projections_of
from seqdsl.targets.torch.state_dict import Projections

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Attend
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def attend(node: Node, attend: Attend, to: NumpyEmitter) -> Code:
    """What each step of the query attends to, with an axis of steps also where that is one vector."""
    layer = to.layer(node)
    arguments = layer.arguments
    query, memory = emit(attend.query, to), emit(attend.memory, to)
    if node.steps is None:
        query = Index(query, ":, None")
    keys = memory if attend.keys is None else emit(attend.keys, to)
    mask = _mask(node, attend, query, memory, to)
    keywords = {} if mask is None else {"mask": mask}
    to.options.update(keywords and {"attention mask"})
    if arguments["heads"] is not None:
        return _with_heads(node, query, keys, memory, keywords, to)
    if arguments["key"] is not None:
        query, keys = _projected(node, "query", query, to), _projected(node, "key", keys, to)
    if arguments["score"] == "additive":
        return call(to.function("additive"), query, keys, memory, *to.weights(node), **keywords)
    if arguments["scale"]:
        width = layer.width if arguments["key"] is None else layer.size("key")
        query = Binary("/", (operand(query), root(to.size(width))))
    return call(to.function("attend"), query, keys, memory, **keywords)


def _projected(node: Node, part: str, value: Code, to: NumpyEmitter) -> Code:
    """What is compared, projected by a part of the layer's weights: ``_dense(gru, w, "attention_c.query")``."""
    held, _ = to.weights(node)
    return call(to.function("dense"), value, held, f'"{to.module(node)}.{part}"')


def _with_heads(
    node: Node, query: Code, keys: Code, memory: Code, keywords: dict[str, Code], to: NumpyEmitter
) -> Code:
    layer = to.layer(node)
    heads = to.size(layer.size("heads"))
    if projections_of(layer) is Projections.OWN:
        function = to.function("own_heads")
        return call(function, query, keys, memory, *to.weights(node), heads, **keywords)
    if is_open(layer):
        to.options |= {"packed", "separate"}
    else:
        is_packed = projections_of(layer) is Projections.PACKED
        to.options.add("packed" if is_packed else "separate")
    if keys != memory:
        keywords = {**keywords, "keys": keys}
        to.options.add("attention keys")
    return call(to.function("multi_head"), query, memory, *to.weights(node), heads, **keywords)


def _mask(node: Node, attend: Attend, query: Code, memory: Code, to: NumpyEmitter) -> Code | None:
    """Which steps of the memory each step of the query may attend to: (batch or 1, queries or 1, steps)."""
    mask = common_mask(attend.memory_masks, to, SPELLING)
    valid = None if mask is None else Index(grouped(mask), ":, None")
    if not to.layer(node).arguments["causal"]:
        return valid
    # Query i may look at the steps 0 to i:   1 0 0
    #                                         1 1 0
    past = call("np.tri", *(f"{flat(item)}.shape[1]" for item in (query, memory)), dtype="bool")
    return past if valid is None else Binary("&", (valid, past))
