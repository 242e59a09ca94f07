"""numbers that are added to a sequence → a code of its steps' numbers, if they are that of sines and cosines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch.axes import features_axis
from seqdsl.importers.torch.nodes import EachStep, Refused
from seqdsl.layers import layer_def

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.trace import Trace

_CLOSE = 1e-4
"""How far single precision is from the code, at steps of some thousands."""


def added(trace: Trace, call: Call, value: torch.Tensor, code: torch.Tensor) -> Any:
    """``x + code``.

    Raises:
        Refused: it is no code of positions that the language has.
    """
    shape = np.broadcast_shapes(tuple(value.shape), tuple(code.shape))
    ids = np.broadcast_to(trace.read(value), shape)
    axis = features_axis(trace.nodes, ids, trace.batch)
    if axis is None or tuple(shape) != tuple(value.shape):
        raise Refused("numbers are added that are not weights of the model")
    taken = trace.take(value, axis)
    numbers = np.moveaxis(code.expand(shape).cpu().numpy(), axis, -1)
    # The same steps as those of what it is added to, of every sample.
    rows: Ids = numbers.reshape(-1, shape[axis])[taken.order]
    steps, features = taken.steps, shape[axis]
    if np.abs(rows - _sines(steps, features)).max(initial=0.0) > _CLOSE:
        raise Refused(
            "numbers are added that are neither weights nor sines and cosines of positions"
        )
    node = trace.node("position", (1, steps), features, _0=features, _1="sin")
    node.is_vector = False
    labels = np.arange(node.first, node.end).reshape(steps, features)
    out: torch.Tensor = call.run()
    both = (EachStep(taken.rows), EachStep(trace.rows(labels)))
    trace.fill(out, trace.node("add", taken.order.shape, features, *both), taken.order, axis)
    return out


def _sines(steps: int, features: int) -> Ids:
    """The code that the language has."""
    rule = layer_def("position").evaluate
    assert rule is not None
    code: Ids = rule(steps, {}, {"code": "sin", "features": features})
    return code
