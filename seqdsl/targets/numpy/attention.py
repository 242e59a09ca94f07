"""attention → numpy: a mean over the steps of a memory, with one head or many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Binary, Code, Index, call, flat, grouped
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.numpy.expressions import emit
from seqdsl.targets.numpy.masks import SPELLING
from seqdsl.targets.numpy.weights import is_open, is_packed

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Attend
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def attend(node: Node, attend: Attend, to: NumpyEmitter) -> Code:
    """What each step of the query attends to, with an axis of steps also where that is one vector."""
    layer = to.layer(node)
    query, memory = emit(attend.query, to), emit(attend.memory, to)
    if node.steps is None:
        query = Index(query, ":, None")
    mask = _mask(node, attend, query, memory, to)
    keywords = {} if mask is None else {"mask": mask}
    to.options.update(keywords and {"attention mask"})
    if layer.arguments["heads"] is None:
        return call(to.function("attend"), query, memory, memory, **keywords)
    if is_open(layer):
        to.options |= {"packed", "separate"}
    else:
        to.options.add("packed" if is_packed(layer) else "separate")
    heads = to.size(layer.size("heads"))
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
