"""attention → numpy: a mean over the steps of a memory, with one head or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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


class Read(NamedTuple):
    """What an attention reads: what asks, what that is compared with, and what is summed."""

    query: Code
    keys: Code
    values: Code


def attend(node: Node, attend: Attend, to: NumpyEmitter) -> Code:
    """What each step of the query attends to, with an axis of steps also where that is one vector."""
    read = what_is_read(node, attend, to)
    mask = _mask(node, attend, read.query, read.values, to)
    if to.layer(node).arguments["heads"] is not None:
        return _with_heads(node, read, _shown(mask, to), to)
    if to.layer(node).arguments["key"] is not None:
        # Its query is projected where it is compared.
        read = read._replace(keys=projected(node, "key", read.keys, to))
    return attended(node, read, mask, to)


def what_is_read(node: Node, attend: Attend, to: NumpyEmitter) -> Read:
    """What an attention reads; a query that is one vector gets an axis of steps."""
    query, memory = emit(attend.query, to), emit(attend.memory, to)
    if node.steps is None:
        query = Index(query, ":, None")
    return Read(query, memory if attend.keys is None else emit(attend.keys, to), memory)


def attended(node: Node, read: Read, mask: Code | None, to: NumpyEmitter) -> Code:
    """What a query attends to, of keys and values that are projected if the layer does so.

    ``mask``: which steps it may read, (batch or 1, queries or 1, steps).
    """
    layer, keywords = to.layer(node), _shown(mask, to)
    arguments, (query, keys, values) = layer.arguments, read
    if arguments["heads"] is not None:
        heads = to.size(layer.size("heads"))
        function = to.function("attend_heads")
        return call(function, *read, *to.weights(node), heads, **keywords)
    if arguments["key"] is not None:
        query = projected(node, "query", query, to)
    if arguments["score"] == "additive":
        return call(to.function("additive"), query, keys, values, *to.weights(node), **keywords)
    if arguments["scale"]:
        width = layer.width if arguments["key"] is None else layer.size("key")
        query = Binary("/", (operand(query), root(to.size(width))))
    return call(to.function("attend"), query, keys, values, **keywords)


def _shown(mask: Code | None, to: NumpyEmitter) -> dict[str, Code]:
    """The argument that tells which steps may be read, if not all."""
    if mask is None:
        return {}
    to.options.add("attention mask")
    return {"mask": mask}


def projected(
    node: Node, part: str, value: Code, to: NumpyEmitter, values: Code | None = None
) -> Code:
    """What is compared, projected by a part of the layer's weights: ``_dense(gru, w, "attention_c.query")``.

    With ``values``: keys and values of all heads.
    """
    held, name = to.weights(node)
    if values is None:
        return call(to.function("dense"), value, held, f'"{to.module(node)}.{part}"')
    heads = to.size(to.layer(node).size("heads"))
    return call(to.function("project_memory"), value, values, held, name, heads)


def _with_heads(node: Node, read: Read, keywords: dict[str, Code], to: NumpyEmitter) -> Code:
    layer, (query, keys, memory) = to.layer(node), read
    heads = to.size(layer.size("heads"))
    if projections_of(layer) is Projections.OWN:
        to.options.add("own heads")
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
