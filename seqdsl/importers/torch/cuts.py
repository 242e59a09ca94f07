"""``x.detach()`` → the same values, and a note: wires carry gradients as well, so that training differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.importers.reading import Difference
from seqdsl.importers.torch import calls

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.trace import Trace

WITHOUT = "import the model without `detach`: only training differs"


def detached(trace: Trace, call: Call) -> Any:
    """A value that is cut off from what it was computed of."""
    value = call.get(0, "input")
    # Ids that were chosen have no gradient anyway.
    if value.is_floating_point() and (trace.read(value) >= 0).any():
        where = calls.site(trace.modules)
        what = f"it cuts off gradients by `detach`, and wires carry them; {WITHOUT}"
        trace.differences[Difference(where.module or "forward", what)] = None
    # It moves values.
    return NotImplemented
