"""``x.detach()`` → the same values, and a note: wires carry gradients as well, so that training differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.importers.reading import Difference
from seqdsl.importers.torch import calls
from seqdsl.importers.torch.nodes import Kind

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.trace import Trace

WITHOUT = "import the model without `detach`: only training differs"


def detached(trace: Trace, call: Call) -> Any:
    """A value that is cut off from what it was computed of."""
    value = call.get(0, "input")
    # Ids that were chosen have no gradient anyway.
    if value.is_floating_point() and _has_weights(trace, trace.read(value)):
        where = calls.site(trace.modules)
        what = f"it cuts off gradients by `detach`, and wires carry them; {WITHOUT}"
        trace.differences[Difference(where.module or "forward", what)] = None
    # It moves values.
    return NotImplemented


def _has_weights(trace: Trace, ids: Ids) -> bool:
    """Whether values are computed with weights: an input, or a mean of one, has none that a gradient could reach."""
    waiting, known = trace.nodes.known(ids), set[int]()
    while waiting:
        node = trace.nodes.all[waiting.pop()]
        # Parts of attentions, and states, keep elsewhere what they are computed of.
        if node.layer or node.kind is not Kind.LAYER:
            return True
        known.add(node.index)
        rows = (row for operand in node.operands for row in operand.rows)
        waiting |= {piece.node for row in rows for piece in row if piece.node >= 0} - known
    return False
