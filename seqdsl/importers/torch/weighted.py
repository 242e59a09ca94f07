"""what is done with scores and weights of an attention → scaled or masked scores, weighted values, their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch.axes import features_axis
from seqdsl.importers.torch.nodes import AllSteps, Kind, Node, Refused
from seqdsl.importers.torch.rows import by_sample
from seqdsl.importers.torch.scores import CLOSE, attention

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.trace import Trace

_NEVER = -1e4
"""Scores below it are those of keys that are not read."""


def combined(trace: Trace, call: Call, word: str, values: tuple[Any, ...]) -> Any:
    """``scores * number``, ``scores + mask``, ``weights * values``."""
    ids = [trace.read(item) if isinstance(item, torch.Tensor) else None for item in values]
    part = 0 if ids[0] is not None and trace.is_part(ids[0]) else 1
    mine, theirs, other = ids[part], ids[1 - part], values[1 - part]
    assert mine is not None
    if theirs is not None and (theirs >= 0).any():
        if word == "multiply" and _node(trace, mine).kind is Kind.WEIGHTS:
            return _weighted(trace, call, mine, theirs)
        raise _refused(trace, mine, f"the {word} of scores and values is not in the language")
    return _with_number(trace, call, word, values[part], other)


def _with_number(trace: Trace, call: Call, word: str, value: torch.Tensor, other: Any) -> Any:
    """Scores with a factor, or with a mask of -inf where a key is not read."""
    ids = trace.read(value)
    is_scores = _node(trace, ids).kind is Kind.SCORES
    if word == "add" and is_scores and isinstance(other, torch.Tensor):
        return masked(trace, call, ids, other <= _NEVER)
    number = torch.as_tensor(other).reshape(-1)
    if word == "multiply" and len(number) == 1:
        return scaled(trace, call, value, float(number[0]))
    raise _refused(trace, ids, f"scores are read by an {word} that is not in the language")


def _refused(trace: Trace, ids: Ids, reason: str) -> Refused:
    """Why a part of an attention is not read; what is only multiplied by a number may be none."""
    #     embedding(ids) * sqrt(width) + positions
    if _node(trace, ids).kind is not Kind.SCALED:
        return Refused(reason)
    return Refused(
        "it reads values that are multiplied by a number",
        "leave out the number, and multiply the weights of the layer that gives the values, such as an "
        "embedding, by it",
    )


def _node(trace: Trace, ids: Ids) -> Node:
    return trace.nodes.of(int(ids[ids >= 0].flat[0]))


def scaled(trace: Trace, call: Call, value: torch.Tensor, factor: float) -> Any:
    """A value times a number: scores, or a sum of steps that is divided by how many they are."""
    ids = trace.read(value)
    out: torch.Tensor = call.run()
    node = _node(trace, ids)
    if node.kind is Kind.SCORES:
        trace.place(out, _again(trace, node, ids, factor=node.notes["factor"] * factor))
        return out
    if node.kind is not Kind.LAYER:
        raise Refused("a part of an attention is multiplied by a number")
    if (
        node.word == "add"
        and abs(factor * _added(node) - 1) < CLOSE
        and trace.nodes.known(ids) == {node.index}
    ):
        made = trace.node("mean", (node.samples, node.steps), node.features, *node.operands)
        trace.place(out, np.where(ids >= 0, ids - node.first + made.first, ids))
        return out
    return _times(trace, out, ids, factor)


def _added(node: Node) -> int:
    """How many values a sum has: x.sum(1) has all steps of x, x[:, ::2] + x[:, 1::2] has two."""
    read = node.operands[0]
    return len(read.rows) if isinstance(read, AllSteps) else len(node.operands)


def _times(trace: Trace, out: torch.Tensor, ids: Ids, factor: float) -> torch.Tensor:
    axis = features_axis(trace.nodes, ids, trace.batch)
    spread = ids[..., None] if axis is None else np.moveaxis(ids, axis, -1)
    local, order = by_sample(
        trace.nodes, spread.reshape(-1, spread.shape[-1]), trace.batch, spread.shape[:-1]
    )
    node = trace.node("times", order.shape, local.shape[-1], kind=Kind.SCALED)
    node.notes.update(labels=local, factor=factor)
    trace.fill(out, node, order, axis)
    return out


def _again(trace: Trace, node: Node, ids: Ids, **changed: Any) -> Ids:
    """The same scores, but for something: labels of a node of their own."""
    made = trace.node(node.word, (node.samples, node.steps), node.features, kind=node.kind)
    made.notes.update(node.notes, **changed)
    if ((ids >= 0) & ((ids < node.first) | (ids >= node.end))).any():
        raise Refused("the scores of several attentions are taken together")
    return np.where(ids >= 0, ids - node.first + made.first, ids)


def dropped(trace: Trace, call: Call, value: torch.Tensor, rate: float) -> Any:
    """Weights of which some are dropped in training."""
    ids = trace.read(value)
    node = _node(trace, ids)
    if node.kind is not Kind.WEIGHTS:
        raise Refused("it drops scores, and not the weights of an attention")
    out: torch.Tensor = call.run()
    trace.place(out, _again(trace, node, ids, dropout=rate))
    return out


def masked(trace: Trace, call: Call, ids: Ids, mask: torch.Tensor) -> Any:
    """Scores of which some do not count: of no key, or of those behind each query.

    Raises:
        Refused: they are any others.
    """
    out: torch.Tensor = call.run()
    hidden = np.broadcast_to(mask.cpu().numpy(), out.shape)
    ids = np.broadcast_to(ids, out.shape)
    node = _node(trace, ids)
    # The label of a score says which query and which key it is of.
    place = (ids - node.first) % node.each
    query, key = place // node.features % node.notes["each"], place % node.features
    if not hidden.any():
        trace.place(out, ids)
    elif (hidden == (key > query)).all() and node.features == node.notes["each"]:
        trace.place(out, _again(trace, node, ids, causal=True))
    else:
        raise Refused("its mask hides other keys than those behind each query")
    return out


def fill(trace: Trace, call: Call) -> Any:
    """``scores.masked_fill(mask, -inf)``; anything else is filled as by PyTorch."""
    value, mask, number = call.get(0, "input"), call.get(1, "mask"), call.get(2, "value")
    ids = trace.read(value)
    if (ids >= 0).any() and trace.is_part(ids) and float(number) <= _NEVER:
        return masked(trace, call, ids, mask)
    return NotImplemented


def where(trace: Trace, call: Call) -> Any:
    """``torch.where(mask, scores, -inf)``, either way round."""
    mask, one, two = call.get(0, "condition"), call.get(1, "input"), call.get(2, "other")
    # where(mask, scores, -inf) hides where the mask is false, where(mask, -inf, scores) where true.
    for value, number, hidden in ((one, two, ~mask), (two, one, mask)):
        if isinstance(value, torch.Tensor) and trace.is_part(trace.read(value)):
            if float(torch.as_tensor(number).max()) <= _NEVER:
                return masked(trace, call, trace.read(value), hidden)
            raise Refused("scores are replaced by other numbers")
    return NotImplemented


def _weighted(trace: Trace, call: Call, weights: Ids, values: Ids) -> Any:
    """Each value of a memory times its weight."""
    out: torch.Tensor = call.run()
    both = [
        np.broadcast_to(item, out.shape).reshape(-1, out.shape[-1]) for item in (weights, values)
    ]
    local, order = by_sample(
        trace.nodes, np.concatenate(both, axis=1), trace.batch, tuple(out.shape[:-1])
    )
    # Of each product, which weight and which value it is of.
    node = trace.node("weighted", order.shape, out.shape[-1], kind=Kind.WEIGHTED)
    mine, theirs = np.split(local, 2, axis=1)
    node.notes.update(weights=mine, values=theirs)
    trace.fill(out, node, order)
    return out


def summed(trace: Trace, call: Call) -> Any:
    """The sum of weighted values over the steps of a memory: an attention."""
    value, dim = call.get(0, "input"), call.get(1, "dim")
    ids = trace.read(value)
    node = _node(trace, ids)
    dim = dim[0] if isinstance(dim, list | tuple) and len(dim) == 1 else dim
    if node.kind is not Kind.WEIGHTED or not isinstance(dim, int):
        raise Refused("scores, or weights, are summed up themselves")
    place = (ids - node.first) % node.each
    values = node.notes["values"].reshape(-1)[place]
    axis = features_axis(trace.nodes, values, trace.batch)
    if axis is None or axis == dim % value.ndim:
        raise Refused("weighted values are summed up over their features")
    # Samples do not show in labels of the first sample: those of the sum tell them.
    sides = [
        np.moveaxis(item, (dim, axis), (-2, -1))
        for item in (node.notes["weights"].reshape(-1)[place], values, ids)
    ]
    out: torch.Tensor = call.run()
    flat = [item.reshape(-1, *item.shape[-2:]) for item in sides]
    _, order = by_sample(
        trace.nodes, flat[2].reshape(len(flat[2]), -1), trace.batch, (len(flat[2]),)
    )
    result = np.empty((len(flat[0]), flat[0].shape[-1]), np.int64)
    for chain in range(order.shape[1]):
        first = order[0, chain]
        made = attention(
            trace,
            flat[0][first][None, :, 0],
            trace.rows(flat[1][first]),
            len(order),
            result.shape[1],
        )
        result[order[:, chain]] = np.arange(made.first, made.end).reshape(len(order), -1)
    spread = np.moveaxis(
        result.reshape(*sides[0].shape[:-2], -1), -1, _axis(axis, dim % value.ndim, call)
    )
    trace.place(out, spread)
    return out


def _axis(axis: int, dim: int, call: Call) -> int:
    """Where the axis of features is when another one is summed up."""
    is_kept = bool(call.get(2, "keepdim", False))
    return axis if is_kept or axis < dim else axis - 1
