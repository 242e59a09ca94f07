"""attention: a query straight from below, a memory by the bus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle import masks
from seqdsl.verify.oracle.functions import Array, softmax
from seqdsl.verify.oracle.training import dropped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.verify.oracle.steps import Place
    from seqdsl.verify.oracle.values import Walk

    Pair = tuple[Array, Array]

# Not -inf: where everything is hidden, the softmax would compute inf - inf.
_FAR = -1e30
"""A score that leaves nothing."""


def attention(walk: Walk, index: int) -> list[Array]:
    """Each node's query over all that is on its bus."""
    return [
        _node(walk, index, step, places) for step, places in enumerate(walk.steps.operands[index])
    ]


def _node(walk: Walk, index: int, step: int, places: tuple[Place | None, ...]) -> Array:
    # Shapes: query (..., batch, features), memory (..., batch, steps, features), hidden (batch, steps).
    # softmax(q · kᵀ) v over the valid steps of the bus; `causal` hides those behind the node's own.
    query = walk.join([walk.place(place) for place in places if place and not place.bus])
    keys, values, hidden = _rows(walk, [place for place in places if place and place.bus])
    if walk.argument(index, "causal"):
        hidden = hidden | (np.arange(hidden.shape[-1]) > step)
    compute = _one_head if walk.argument(index, "heads") is None else _many_heads
    result = compute(walk, index, query, (keys, values), hidden)
    # Of nothing but padding, nothing comes.
    empty = np.all(hidden, axis=-1, keepdims=True)
    return np.where(empty, 0, result)


def _rows(walk: Walk, places: Sequence[Place]) -> tuple[Array, Array, Array]:
    """What is compared, what is summed, and what of it must not be read."""
    values, hidden = _memory(walk, [place for place in places if not place.is_key])
    named = [place for place in places if place.is_key]
    if not named:
        return values, values, hidden
    # attention(E, keys=K): a step counts if both its value in E and its key in K do.
    keys, of_keys = _memory(walk, named)
    return keys, values, hidden | of_keys


def _memory(walk: Walk, places: Sequence[Place]) -> tuple[Array, Array]:
    """All that is on a bus, (..., batch, steps, features), and what of it is padding, (batch, steps)."""
    sources = walk.wires(places)
    values = [walk.value(source, how) for source, how in sources]
    hidden = [~masks.is_valid(walk, source, how) for source, how in sources]
    return np.stack(np.broadcast_arrays(*values), -2), np.stack(hidden, -1)


def _weighted(walk: Walk, index: int, scores: Array, values: Array, hidden: Array) -> Array:
    """The mean of the values, by the softmax of scores (..., batch, steps); in training, some of it is lost.

    Args:
        walk: what has been computed.
        index: the block.
        scores: how alike the query is to each key.
        values: (..., batch, steps, features).
        hidden: (batch, steps), true where it must not look.
    """
    shares = softmax(np.where(hidden, _FAR, scores))
    if walk.training and walk.argument(index, "dropout") is not None:
        # What is left of them no longer sums to 1.
        (shares,) = dropped(walk.training, [shares], walk.rate(index, "dropout"))
    return np.einsum("...s,...sf->...f", shares, values)


def _one_head(walk: Walk, index: int, query: Array, memory: Pair, hidden: Array) -> Array:
    """Luong et al. 2015 by products, Bahdanau et al. 2014 by a trained vector; of projections if it has a `key`."""
    weights, (keys, values) = walk.weights[index], memory
    if walk.argument(index, "key") is not None:
        query = query @ weights["query/kernel"]
        keys = keys @ weights["key/kernel"][..., None, :, :]
    if walk.argument(index, "score") == "additive":
        pairs = np.tanh(query[..., None, :] + keys)
        # pairs (..., batch, steps, width); the vector is (width), or (..., 1, width) of several walks at once.
        scores = np.sum(pairs * weights["scale"][..., None, :], -1)
    else:
        scores = np.einsum("...f,...sf->...s", query, keys)
        if walk.argument(index, "scale"):
            scores = scores / np.sqrt(query.shape[-1])
    return _weighted(walk, index, scores, values, hidden)


def _many_heads(walk: Walk, index: int, query: Array, memory: Pair, hidden: Array) -> Array:
    """Vaswani et al. 2017."""
    weights, heads = walk.weights[index], walk.size(index, "heads")
    q = np.split(_projected(weights, "query", query), heads, -1)
    k = np.split(_projected(weights, "key", memory[0], steps=True), heads, -1)
    v = np.split(_projected(weights, "value", memory[1], steps=True), heads, -1)
    each = []
    for head in range(heads):
        scores = np.einsum("...f,...sf->...s", q[head], k[head]) / np.sqrt(q[head].shape[-1])
        each.append(_weighted(walk, index, scores, v[head], hidden))
    return _projected(weights, "output", walk.join(each))


def _projected(weights: Mapping[str, Array], name: str, x: Array, *, steps: bool = False) -> Array:
    kernel, bias = weights[f"{name}/kernel"], weights[f"{name}/bias"]
    if steps:
        # A memory has an axis of steps that neither the kernel nor the bias has.
        kernel = kernel[..., None, :, :]
        bias = bias if bias.ndim == 1 else bias[..., None, :, :]
    return x @ kernel + bias
