"""means and maxima of grids → nodes: over all places of a grid, over those of each column, or over steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.torch.grids import inner_axes, read_grids
from seqdsl.importers.torch.nodes import AllSteps, EachStep, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.grids import Grids
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Operand
    from seqdsl.importers.torch.trace import Trace


def over_grids(trace: Trace, call: Call, word: str, dims: Sequence[int]) -> Any:
    """Read a mean or the like of grids; ``NotImplemented``: there are none."""
    value = call.get(0, "input")
    inner = inner_axes(trace, trace.read(value))
    axes = tuple(axis % value.ndim for axis in dims)
    if not inner:
        return NotImplemented
    if set(axes) & set(inner):
        return over_places(trace, call, word, axes)
    return _over_steps(trace, call, word, axes, inner)


def over_places(trace: Trace, call: Call, word: str, dims: Sequence[int]) -> Any:
    """Read one over all places of a grid, or over the height of each of its columns.

    Raises:
        Refused: it is over something else, or a sum.
    """
    if word not in ("mean", "max"):
        raise Refused(f"the {word} of the places of a grid is not in the language")
    value = call.get(0, "input")
    ids, axes = trace.read(value), tuple(axis % value.ndim for axis in dims)
    # (batch, channels, height, width) over (2, 3), or over (2,): then each column is a step.
    read, channel = _over(trace, ids, axes)
    result = call.run()
    # `x.max(dim)` gives where it was, too.
    out: torch.Tensor = result if hasattr(result, "dtype") else result[0]
    node = trace.node(word, read.order.shape, read.channels, EachStep(read.rows), _0="grid")
    node.is_vector = read.order.shape[1] == 1
    made = np.empty((read.order.size, node.features), np.int64)
    made[read.order.reshape(-1)] = np.arange(node.first, node.end).reshape(-1, node.features)
    left = [axis for axis in range(ids.ndim) if axis not in read.inner]
    spread = made.reshape(*(ids.shape[axis] for axis in left), -1)
    if channel is not None:
        # The features are where they were among the axes that are left.
        spread = np.moveaxis(spread, -1, sum(axis < channel for axis in left))
    trace.place(out, spread.reshape(out.shape))
    return result


def _over(trace: Trace, ids: Ids, axes: tuple[int, ...]) -> tuple[Grids, int | None]:
    """The grids whose places are on axes, and the axis of their features; ``None``: of one there is none."""
    others = [axis for axis in range(ids.ndim) if axis not in axes]
    # Images have them before height and width, words behind their characters.
    for channel in (*others[::-1], None):
        inner = axes if channel is None else (*axes, channel)
        try:
            read = read_grids(trace, ids, inner)
        except Refused:
            continue
        if read.has_channels_on(channel) if channel is not None else read.channels == 1:
            return read, channel
    raise Refused("it is over a part of the places of a grid", "let it be over height and width")


def _over_steps(
    trace: Trace, call: Call, word: str, axes: tuple[int, ...], inner: tuple[int, ...]
) -> Any:
    """Read one over all steps, of which each holds a grid."""
    if len(axes) != 1:
        raise Refused(f"it is the {word} over more than one axis")
    value = call.get(0, "input")
    ids = trace.read(value)
    moved = np.moveaxis(ids, axes[0], 0)
    # Each step by itself, for its order of axes; all of them alike.
    left = [axis - (axis > axes[0]) for axis in inner]
    read = [read_grids(trace, step, left) for step in moved]
    first = read[0]
    if any((item.columns != first.columns).any() for item in read):
        raise Refused("grids of several orders of axes are read together")
    result = call.run()
    out: torch.Tensor = result if hasattr(result, "dtype") else result[0]
    operands: list[Operand] = [EachStep(item.rows) for item in read]
    if first.order.shape[1] == 1:
        operands = [AllSteps(tuple(item.rows[0] for item in read))]
    node = trace.node(word, first.order.shape, first.features, *operands, grid=first.places)
    ids = np.empty((first.order.size, node.features), np.int64)
    values = np.arange(node.first, node.end).reshape(-1, node.features)
    ids[first.order.reshape(-1)[:, None], first.columns[None]] = values
    spread = np.moveaxis(ids.reshape(*first.lead, *first.sizes), range(-len(left), 0), first.inner)
    trace.place(out, spread.reshape(out.shape))
    return result
