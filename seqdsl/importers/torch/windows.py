"""convolution over time → a row of windows around each step, and which of them the model has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch.nodes import EachStep, Refused
from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.nodes import Row
    from seqdsl.importers.torch.trace import Trace


@record(frozen=True)
class _Windows:
    """The windows of a convolution.

    Attributes:
        read: what is read at each step; a window is around each.
        centers: the windows that the model has.
        causal: whether the step of a window is its last one.
    """

    read: tuple[Row, ...]
    centers: tuple[int, ...]
    causal: bool


def convolution(trace: Trace, call: Call) -> Any:
    """``F.conv1d`` over (batch, channels, steps)."""
    value, weight, bias = call.get(0, "input"), call.get(1, "weight"), call.get(2, "bias")
    stride, padding = _one(call.get(3, "stride", 1)), call.get(4, "padding", 0)
    dilation, groups = _one(call.get(5, "dilation", 1)), call.get(6, "groups", 1)
    holder = trace.weights.holder(weight)
    if holder is None or trace.weights.is_bare(weight):
        raise Refused("its kernel is not a weight of a layer", "keep it in an `nn.Conv1d`")
    if groups != 1:
        raise Refused("its channels are in groups; a `conv` reads all features")
    ids = trace.read(value)
    spread = np.moveaxis(ids if ids.ndim == 3 else ids[None], 1, 2)
    local, order, columns = trace.turned_chains(spread)
    kernel = weight.shape[2]
    reach = (kernel - 1) * dilation
    before = _before(padding, reach)
    out: torch.Tensor = call.run()
    # (rows, steps, filters), of which PyTorch has the last two the other way round
    made = np.empty((len(spread), out.shape[-1], out.shape[-2]), np.int64)
    for chain, labels in enumerate(local):
        # stride 2, padding 1: windows begin at -1, 1, 3, ...
        starts = tuple(at * stride - before for at in range(out.shape[-1]))
        windows = _windows(trace.rows(labels), starts, reach)
        node = trace.node(
            "conv",
            (len(order), len(windows.read)),
            weight.shape[0],
            EachStep(windows.read),
            layer=trace.weights.layer(weight),
            _0=weight.shape[0],
            _1=kernel,
            padding="causal" if windows.causal else None,
            dilation=dilation if dilation != 1 else None,
            bias=None if bias is not None else False,
        )
        node.is_vector = False
        node.notes["columns"] = columns
        values = np.arange(node.first, node.end).reshape(len(order), node.steps, node.features)
        made[order[:, chain]] = values[:, windows.centers]
    placed = np.moveaxis(made, 2, 1)
    trace.place(out, placed)
    return out


def _before(padding: Any, reach: int) -> int:
    """How many zeros PyTorch adds in front."""
    if padding == "same":
        return reach // 2
    return 0 if padding == "valid" else int(_one(padding))


def _windows(read: tuple[Row, ...], starts: tuple[int, ...], reach: int) -> _Windows:
    """The windows that begin at steps, of which -1 is one before the first.

    ::

        steps             0 1 2 3 4
        starts            0 1 2        a kernel of 3, no padding: around 1, 2 and 3
        starts   -2 -1    0 1 2        causal: up to 0, 1, 2, 3 and 4
    """
    filled = [at for at, row in enumerate(read) if row] or [0]
    # Zeros in front are the padding of what is behind them: `F.pad`, then a convolution without padding.
    front, back = filled[0], filled[-1] + 1
    for steps, shift in ((read[front:back], front), (read, 0)):
        for causal, middle in ((False, reach // 2), (True, reach)):
            centers = tuple(start - shift + middle for start in starts)
            if min(centers) >= 0 and max(centers) < len(steps):
                return _Windows(steps, centers, causal)
    return _wider(read, starts, reach, front)


def _wider(read: tuple[Row, ...], starts: tuple[int, ...], reach: int, front: int) -> _Windows:
    """The windows where some are around no step: with steps without wires in front or behind."""
    # Padding on both sides of which what is behind is cut off: windows up to 0, 1, ..., and some behind the last step.
    last = [start - front + reach for start in starts]
    if last[0] >= 0:
        behind = ((),) * max(0, last[-1] + 1 - (len(read) - front))
        return _Windows((*read[front:], *behind), tuple(last), causal=True)
    # More zeros than half a window: some steps without wires.
    after = max(0, max(starts) + reach // 2 + 1 - len(read))
    before = max(0, -(min(starts) + reach // 2))
    wider = ((),) * before + read + ((),) * after
    return _Windows(wider, tuple(start + before + reach // 2 for start in starts), causal=False)


def _one(value: Any) -> Any:
    return value[0] if isinstance(value, list | tuple) else value
