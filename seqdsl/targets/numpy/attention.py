"""attention → numpy: a mean over the steps of a memory, with one head or many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Binary, Code, Index, call, flat
from seqdsl.targets.code.expressions import operand
from seqdsl.targets.numpy.expressions import emit, emit_mask
from seqdsl.targets.numpy.results import computed

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer, Node
    from seqdsl.ir.operations import Attend
    from seqdsl.targets.numpy.emitter import Emitter


def attend(node: Node, operation: Attend, to: Emitter) -> None:
    """Write an attention: ``attend(query, memory, memory, mask=valid[:, None])``."""
    layer = to.layer(node)
    query, memory = emit(operation.query, to), emit(operation.memory, to)
    if node.steps is None:
        # A single query is a sequence of one step, which goes again at the end.
        query = Index(operand(query), ":, None")
    keywords = _attention_mask(layer, operation, query, memory, to)
    if layer.arguments["heads"] is None:
        text: Code = call(to.function("attend"), query, memory, memory, **keywords)
    else:
        heads = to.size(layer.size("heads"))
        function = to.function("multi_head")
        text = call(function, query, memory, *to.weights(node), heads, **keywords)
    computed(node, Index(text, ":, 0") if node.steps is None else text, to)


def _attention_mask(
    layer: Layer, attend: Attend, query: Code, memory: Code, to: Emitter
) -> dict[str, object]:
    """Which steps of the memory each step of the query may attend to: (batch, queries, steps)."""
    mask = emit_mask(attend.memory_masks, to)
    valid = None if mask is None else Index(operand(mask), ":, None")
    if layer.arguments["causal"] is not True:
        return {} if valid is None else {"mask": valid}
    sizes = (f"{flat(operand(item))}.shape[1]" for item in (query, memory))
    # Query i may look at the steps 0 to i:   1 0 0
    #                                         1 1 0
    past = call("np.tri", *sizes, dtype="bool")
    return {"mask": past if valid is None else Binary("&", (valid, past))}
