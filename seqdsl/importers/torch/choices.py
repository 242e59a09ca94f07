"""operations that choose: the id of the largest value; what draws one at random cannot be compared, and is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch.axes import features_axis
from seqdsl.importers.torch.nodes import EachStep, Kind, Refused

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.trace import Trace


def argmax(trace: Trace, call: Call) -> Any:
    """``x.argmax(-1)``."""
    value, dim = call.get(0, "input"), call.get(1, "dim")
    if not (trace.read(value) >= 0).any():
        return NotImplemented
    out: torch.Tensor = call.run()
    chosen(trace, value, dim, out)
    return out


def largest(trace: Trace, call: Call) -> Any:
    """``x.topk(1)``, of which the values are no layer's."""
    value, count, dim = call.get(0, "input"), call.get(1, "k"), call.get(2, "dim", -1)
    if not (trace.read(value) >= 0).any():
        return NotImplemented
    if count != 1 or not call.get(3, "largest", True):
        raise Refused("it selects something other than the one largest value")
    return with_values(trace, call, value, dim)


def with_values(trace: Trace, call: Call, value: torch.Tensor, dim: int) -> Any:
    """The largest value, and the id of it: ``x.max(-1)``."""
    out = call.run()
    trace.unknown(
        out[0], call.name, "the language gives the id of the largest value, not the value"
    )
    chosen(trace, value, dim, out[1])
    return out


def chosen(trace: Trace, value: torch.Tensor, dim: int | None, ids: torch.Tensor) -> None:
    """Give ids the labels of a choice among the features of each step."""
    axis = features_axis(trace.nodes, trace.read(value), trace.batch)
    if dim is None or axis is None or dim % value.ndim != axis:
        raise Refused("it selects among something other than the features of a step")
    taken = trace.take(value, axis)
    node = trace.node("argmax", taken.order.shape, 1, EachStep(taken.rows))
    trace.fill(ids, node, taken.order, None)


def drawn(trace: Trace, call: Call) -> Any:
    """``torch.multinomial``, ``torch.randn_like`` and the like: what was drawn is nobody's to compare."""
    value = call.get(0, "input")
    if not isinstance(value, torch.Tensor) or not (trace.read(value) >= 0).any():
        return NotImplemented
    if call.name != "multinomial":
        raise Refused(_RANDOM, _WAY)
    # It cannot be run: labels are no probabilities.
    shape = (*value.shape[:-1], call.get(1, "num_samples"))
    ids = torch.zeros(shape, dtype=torch.long)
    order = np.arange(ids.numel()).reshape(trace.batch if shape[0] == trace.batch else 1, -1)
    node = trace.node(call.name, order.shape, 1, kind=Kind.UNREAD)
    after = trace.nodes.known(trace.read(value))
    node.notes.update(reason=_RANDOM, way=_WAY, after=after)
    trace.fill(ids, node, order, None)
    return ids


def noise(trace: Trace, call: Call) -> Any:
    """``torch.randn(1, batch, 8)`` in `forward`, as a state to begin with."""
    value = call.get(0, "input")
    if isinstance(value, torch.Tensor) and (trace.read(value) >= 0).any():
        return drawn(trace, call)
    out = call.run()
    # A single number decides something, if anything: whether it does is tried (see `randomness`).
    if isinstance(out, torch.Tensor) and out.numel() > 1:
        trace.unknown(out, call.name, _NOISE, _BEGIN)
    return out


_RANDOM = "it samples at random, and random samples cannot be compared"
_WAY = (
    "import the model as it is trained, with the outputs before as an input (`feedback=` lets it run free), "
    "or with `argmax` in its place"
)
_NOISE = "it draws random numbers in `forward`, so that two calls with the same inputs give different results"
_BEGIN = (
    "let a state begin at zero (call the layer without it) or be an input of `forward`; noise that is added in "
    "training alone belongs behind `if self.training:`"
)
