"""operations that take several values element by element: sums, products, and means or maxima over time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch import choices, places, positions, weighted
from seqdsl.importers.torch.axes import features_axis
from seqdsl.importers.torch.grids import inner_axes, read_grids, same_grids
from seqdsl.importers.torch.nodes import AllSteps, EachStep, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Node, Operand
    from seqdsl.importers.torch.taken import Taken
    from seqdsl.importers.torch.trace import Trace


def add(trace: Trace, call: Call) -> Any:
    """``x + y``."""
    if call.get(2, "alpha", 1) != 1:
        raise Refused("it adds a multiple of a value")
    return _pair(trace, call, "add")


def multiply(trace: Trace, call: Call) -> Any:
    """``x * y``."""
    return _pair(trace, call, "multiply")


def maximum(trace: Trace, call: Call) -> Any:
    """``torch.maximum(x, y)``."""
    return _pair(trace, call, "max")


def minimum(trace: Trace, call: Call) -> Any:
    """``torch.minimum(x, y)``."""
    return _pair(trace, call, "min")


def _pair(trace: Trace, call: Call, word: str) -> Any:
    values = (call.get(0, "input"), call.get(1, "other"))
    held = [_has_labels(trace, value) for value in values]
    if not any(held):
        return NotImplemented
    labeled = [value for value, mine in zip(values, held, strict=True) if mine]
    if any(trace.is_part(trace.read(value)) for value in labeled):
        return weighted.combined(trace, call, word, values)
    if all(held):
        return _both(trace, call, word, values)
    return _with_number(trace, call, word, labeled[0], values[held.index(False)])


def _with_number(trace: Trace, call: Call, word: str, known: torch.Tensor, other: Any) -> Any:
    """A value and numbers that are none: 0, 1, a factor, or a code of positions."""
    if _is_neutral(other, word) and call.run().shape == known.shape:
        # x + 0 and x * 1 are x.
        return _same(call, known)
    if word == "add" and isinstance(other, torch.Tensor):
        return positions.added(trace, call, known, other)
    if word == "multiply" and _is_number(other):
        return weighted.scaled(trace, call, known, _number(other))
    raise Refused(f"{word} with a number is not in the language")


def divide(trace: Trace, call: Call) -> Any:
    """``x / number``: of scores, or the sum of steps by how many they are."""
    value, by = call.get(0, "input"), call.get(1, "other")
    if not _has_labels(trace, value):
        return NotImplemented
    if _has_labels(trace, by) or not _is_number(by):
        raise Refused("a quotient of values is not in the language")
    return weighted.scaled(trace, call, value, 1 / _number(by))


def _number(value: Any) -> float:
    return float(value.reshape(-1)[0]) if isinstance(value, torch.Tensor) else float(value)


def _is_number(value: Any) -> bool:
    """Whether it is one number, or a tensor that has one over and over."""
    if isinstance(value, torch.Tensor):
        return value.numel() > 0 and bool((value == value.reshape(-1)[0]).all())
    return isinstance(value, int | float)


def _has_labels(trace: Trace, value: Any) -> bool:
    return isinstance(value, torch.Tensor) and bool((trace.read(value) >= 0).any())


def _is_neutral(value: Any, word: str) -> bool:
    # A mask of zeros that is added at full length changes nothing; padding is looked at apart.
    neutral = {"add": 0, "multiply": 1}.get(word)
    return neutral is not None and bool((torch.as_tensor(value) == neutral).all())


def _same(call: Call, value: torch.Tensor) -> torch.Tensor:
    """A value as the result of a call that does not change it."""
    before = value.detach().clone()
    out: torch.Tensor = call.run()
    return out.copy_(before)


def _both(trace: Trace, call: Call, word: str, values: tuple[torch.Tensor, ...]) -> Any:
    shape = np.broadcast_shapes(*(tuple(value.shape) for value in values))
    spread = [value.expand(shape) for value in values]
    ids = [trace.read(value) for value in spread]
    inner = next(filter(None, (inner_axes(trace, item) for item in ids)), ())
    if inner:
        return same_grids(trace, call, [read_grids(trace, item, inner) for item in ids], word)
    taken = _taken(trace, spread, _common_axis(trace, ids))
    # A value of one feature is spread to all of the other.
    return trace.combined(call, tuple(_narrow(item) for item in taken), word)


def _taken(trace: Trace, values: Sequence[torch.Tensor], axis: int | None) -> list[Taken]:
    taken = [trace.take(value, axis, in_any_order=True) for value in values]
    if all(np.array_equal(item.columns, taken[0].columns) for item in taken):  # type: ignore[arg-type]
        return taken
    # x + x.flip(-1): the parts of one of them, each by itself
    return [trace.take(value, axis) for value in values]


def _common_axis(trace: Trace, ids: list[Ids]) -> int | None:
    """The axis of features of two tensors that were spread to one shape."""
    found = [features_axis(trace.nodes, item, trace.batch) for item in ids]
    # The one that is spread along it, or has one feature, does not tell.
    for item, axis in zip(ids, found, strict=True):
        if axis is not None and item.shape[axis] > 1:
            return axis
    return found[0]


def _narrow(taken: Taken) -> Taken:
    """A row that is one value of one feature over and over: that value, once."""
    rows = tuple(row[:1] if len(row) > 1 and len(set(row)) == 1 else row for row in taken.rows)
    return replace(taken, rows=rows)


def mean(trace: Trace, call: Call) -> Any:
    """``x.mean(dim)`` over time."""
    return _over(trace, call, "mean")


def largest(trace: Trace, call: Call) -> Any:
    """``x.amax(dim)``, ``x.max(dim)``, over time, or of two tensors."""
    other = call.get(1, "other")
    if isinstance(other, torch.Tensor):
        return _pair(trace, call, "max")
    value, dim = call.get(0, "input"), call.get(1, "dim")
    if call.name == "max" and isinstance(dim, int) and _has_labels(trace, value):
        axis = features_axis(trace.nodes, trace.read(value), trace.batch)
        if axis is not None and dim % value.ndim == axis:
            return choices.with_values(trace, call, value, dim)
    return _over(trace, call, "max")


def smallest(trace: Trace, call: Call) -> Any:
    """``x.amin(dim)``, ``x.min(dim)``, over time, or of two tensors."""
    other = call.get(1, "other")
    if isinstance(other, torch.Tensor):
        return _pair(trace, call, "min")
    return _over(trace, call, "min")


def total(trace: Trace, call: Call) -> Any:
    """``x.sum(dim)`` over time, or the last part of an attention."""
    value = call.get(0, "input")
    if not _has_labels(trace, value):
        return NotImplemented
    if trace.is_part(trace.read(value)):
        return weighted.summed(trace, call)
    return _over(trace, call, "add")


def product(trace: Trace, call: Call) -> Any:
    """``x.prod(dim)`` over time."""
    return _over(trace, call, "multiply")


def _over(trace: Trace, call: Call, word: str) -> Any:
    """A value over all steps of another."""
    value, dim = call.get(0, "input"), call.get(1, "dim", call.kwargs.get("axis"))
    if not _has_labels(trace, value):
        return NotImplemented
    # mean(1), mean((1,)) and mean(dim=1) are one; mean() is over all, the samples as well.
    dims = [dim] if isinstance(dim, int) else list(dim or [])
    made = places.over_grids(trace, call, word, dims)
    return _over_time(trace, call, word, dims) if made is NotImplemented else made


_REDUCED = {"add": "sum", "multiply": "product"}


def _over_features(word: str, count: int) -> str:
    """What to do instead of a sum or a mean over the features; of others there is no layer that is the same."""
    weights = {"add": "1", "mean": f"1 / {count}"}.get(word)
    if weights is None:
        return "use nn.Linear with one unit, and train it again"
    return f"use nn.Linear({count}, 1, bias=False) whose weights are all {weights}, which computes the same"


def _over_time(trace: Trace, call: Call, word: str, dims: Sequence[int]) -> Any:
    value = call.get(0, "input")
    ids = trace.read(value)
    axis = features_axis(trace.nodes, ids, trace.batch)
    if len(dims) != 1 or axis is None or dims[0] % value.ndim == axis:
        raise Refused(
            f"it is the {_REDUCED.get(word, word)} of features, or of more than one axis",
            _over_features(word, ids.shape[-1])
            if len(dims) == 1
            else "combine one axis at a time: the steps",
        )
    before = np.moveaxis(ids, (dims[0], axis), (-2, -1))
    out = call.run()
    # `x.max(dim)` gives where it was, too.
    result = out if isinstance(out, torch.Tensor) else out[0]
    node, order, columns = _reduced(trace, before, word)
    kept = bool(call.get(2, "keepdim", False))
    # (batch, steps, features) without steps: the axis of features is one to the left.
    place = axis if kept or axis < dims[0] % value.ndim else axis - 1
    trace.fill(result, node, order, place, columns)
    return out


def _reduced(trace: Trace, ids: Ids, word: str) -> tuple[Node, Ids, Ids | None]:
    """A node for values over all steps of labels (..., steps, features), and where its steps and features are."""
    local, order, columns = trace.turned_chains(ids.reshape(-1, *ids.shape[-2:]))
    rows = [trace.rows(chain) for chain in local]
    features = ids.shape[-1]
    if len(rows) == 1:
        return trace.node(word, (len(order), 1), features, AllSteps(rows[0])), order, columns
    # Several means: each part of a window is an operand of its own.
    parts = (EachStep(part) for part in zip(*rows, strict=True))
    return trace.node(word, order.shape, features, *parts), order, columns


# kernel 2, stride 2, of 7 steps: three windows, and the last step is in none
#     0 1   2 3   4 5   6
def windows(trace: Trace, call: Call) -> Any:
    """``F.max_pool1d`` and ``F.avg_pool1d`` over (batch, channels, steps): the same over windows."""
    word = "max" if call.name.startswith("max") else "mean"
    size, value = _one(call.get(1, "kernel_size")), call.get(0, "input")
    stride = _one(call.get(2, "stride")) or size
    _check_windows(call, word)
    taken = trace.take(value, value.ndim - 2)
    out: torch.Tensor = call.run()
    count = out.shape[-1]
    if taken.steps != value.shape[-1] or (count - 1) * stride + size > taken.steps:
        raise Refused("its last window is not whole, or it is applied several times in a sample")
    reads: list[Operand] = [EachStep(taken.rows[part::stride][:count]) for part in range(size)]
    if count == 1:
        reads = [AllSteps(taken.rows[:size])]
    node = trace.node(word, (len(taken.order), count), out.shape[-2], *reads)
    order = np.arange(len(taken.order) * count).reshape(-1, count)
    trace.fill(out, node, order, out.ndim - 2)
    return out


def _check_windows(call: Call, word: str) -> None:
    padding = _one(call.get(3, "padding", 0))
    dilation = _one(call.get(4, "dilation", 1)) if word == "max" else 1
    if padding or dilation != 1:
        raise Refused("its windows are padded, or have gaps")


def pooled(trace: Trace, call: Call) -> Any:
    """``F.adaptive_max_pool1d(x, 1)`` and the mean alike: over all steps."""
    if _one(call.get(1, "output_size")) != 1:
        raise Refused("it gives more than one step")
    word = "max" if "max" in call.name else "mean"
    value = call.get(0, "input")
    before = np.moveaxis(trace.read(value), -2, -1)
    out = call.run()
    result = out if isinstance(out, torch.Tensor) else out[0]
    node, order, columns = _reduced(trace, before, word)
    trace.fill(result, node, order, result.ndim - 2, columns)
    return out


def _one(value: Any) -> Any:
    return value[0] if isinstance(value, list | tuple) and value else value
