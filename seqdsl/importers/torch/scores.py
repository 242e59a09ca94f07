"""an attention written by hand → its parts: scores, their softmax, the sum of values by it.

    weights = torch.softmax(query @ keys.transpose(1, 2) / width**0.5, dim=-1)
    context = weights @ values

None of the parts is a layer. Each is a node until the last one is read, which has all that an attention has.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch import energies
from seqdsl.importers.torch.matrices import by_matrix
from seqdsl.importers.torch.nodes import AllSteps, EachStep, Kind, Node, Refused
from seqdsl.importers.torch.rows import by_sample

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Operand, Row
    from seqdsl.importers.torch.trace import Trace

CLOSE = 1e-6
"""How near a factor has to be to one over the root of a width."""


def product(trace: Trace, call: Call) -> Any:
    """``x @ y``, ``torch.bmm``: scores, or a sum of values by weights."""
    left, right = call.get(0, "input"), call.get(1, "other", call.kwargs.get("mat2"))
    if not any((trace.read(item) >= 0).any() for item in (left, right)):
        return NotImplemented
    ids = [trace.read(item) for item in (left, right)]
    if right.ndim == 1:
        # (batch, steps, features) @ (features,): one number for each step
        ids[1] = ids[1][:, None]
    if left.ndim < 2:
        raise Refused(
            "it multiplies a vector by a matrix", "let the vector have an axis of samples"
        )
    lead = np.broadcast_shapes(ids[0].shape[:-2], ids[1].shape[:-2])
    flat = [
        np.broadcast_to(item, (*lead, *item.shape[-2:])).reshape(-1, *item.shape[-2:])
        for item in ids
    ]
    out: torch.Tensor = call.run()
    trace.place(out, contracted(trace, flat[0], flat[1]).reshape(out.shape))
    return out


def contracted(trace: Trace, left: Ids, right: Ids) -> Ids:
    """Labels of the product of matrices, (rows, n, k) and (rows, k, m) → (rows, n, m)."""
    made = by_matrix(trace, left, right)
    if made is not None:
        return made
    if trace.is_part(left) and _kind(trace, left) is Kind.WEIGHTS:
        return _weighted(trace, left, right)
    # values.T @ weights.T
    if trace.is_part(right) and _kind(trace, right) is Kind.WEIGHTS:
        # The weights behind the values, each in a column: the same the other way round.
        return np.moveaxis(
            _weighted(trace, np.moveaxis(right, 1, 2), np.moveaxis(left, 1, 2)), 1, 2
        )
    return _scores(trace, left, np.moveaxis(right, 1, 2))


def _kind(trace: Trace, ids: Ids) -> Kind:
    return trace.nodes.of(int(ids[ids >= 0].flat[0])).kind


def _together(trace: Trace, *parts: Ids) -> tuple[list[Ids], Ids]:
    """Labels (rows, ...) of one sample, and which row of each sample each is; as many of all parts."""
    flat = np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)
    local, order = by_sample(trace.nodes, flat, trace.batch, (len(flat),))
    ends = np.cumsum([part[0].size for part in parts])[:-1]
    # One label for each sample and place: query and keys of a sample belong together.
    cut = np.split(local, ends, axis=1)
    return [
        one.reshape(len(local), *part.shape[1:]) for one, part in zip(cut, parts, strict=True)
    ], order


def _scores(trace: Trace, queries: Ids, keys: Ids) -> Ids:
    (mine, theirs), order = _together(trace, queries, keys)
    factor, rows = 1.0, []
    for side in (mine, theirs):
        scale, plain = _unscaled(trace, side.reshape(-1, side.shape[-1]))
        factor *= scale
        rows.append(_grouped(trace.rows(plain), len(side)))
    node = trace.node(
        "scores", (len(order), mine.shape[0] * mine.shape[1]), theirs.shape[1], kind=Kind.SCORES
    )
    pairs = [
        [(query, key) for key in keys_of]
        for side, keys_of in zip(*rows, strict=True)
        for query in side
    ]
    node.notes.update(
        pairs=pairs, factor=factor, causal=False, width=queries.shape[-1], score="dot"
    )
    node.notes["each"] = mine.shape[1]
    return _placed(node, order, (len(queries), queries.shape[1], keys.shape[1]))


def _grouped(rows: tuple[Row, ...], groups: int) -> list[tuple[Row, ...]]:
    each = len(rows) // groups
    return [rows[at * each : (at + 1) * each] for at in range(groups)]


def _placed(node: Node, order: Ids, shape: tuple[int, ...]) -> Ids:
    """The labels of a node whose samples and chains are the rows of a tensor."""
    values = np.arange(node.first, node.end).reshape(order.size, -1)
    ids = np.empty((order.size, values.shape[1]), np.int64)
    ids[order.reshape(-1)] = values
    return ids.reshape(shape)


def _unscaled(trace: Trace, ids: Ids) -> tuple[float, Ids]:
    """A factor, and what it multiplies."""
    known = ids[ids >= 0]
    if not known.size or trace.nodes.of(int(known.flat[0])).kind is not Kind.SCALED:
        return 1.0, ids
    node = trace.nodes.of(int(known.flat[0]))
    # Both of q * 0.5 and k * 0.5 count.
    place = (ids - node.first) % node.each
    if (ids < node.first).any() or (ids >= node.end).any():
        raise Refused("some of its features are scaled, others not")
    return float(node.notes["factor"]), node.notes["labels"].reshape(-1)[place]


def weights(trace: Trace, call: Call, value: torch.Tensor, dim: int) -> Any:
    """A softmax over anything but features: of scores, or of one number for each step of a memory."""
    if call.name != "softmax":
        raise Refused(
            "a log_softmax over steps is not in the language, if these are compared with a query",
            "give each step its number by a linear layer of one unit, above one that reads the query beside the step",
        )
    ids = trace.read(value)
    spread = np.moveaxis(ids, dim, -1)
    flat = spread.reshape(-1, spread.shape[-1])
    local, order = by_sample(trace.nodes, flat, trace.batch, spread.shape[:-1])
    asked = energies.of_rows(trace, local)
    out: torch.Tensor = call.run()
    node = trace.node("weights", order.shape, flat.shape[-1], kind=Kind.WEIGHTS)
    node.notes.update(asked)
    trace.fill(out, node, order, dim)
    return out


def softmax_of(trace: Trace, ids: Ids) -> Ids:
    """Labels of the softmax of scores (rows, queries, keys), over the keys."""
    flat = ids.reshape(-1, ids.shape[-1])
    local, order = by_sample(trace.nodes, flat, trace.batch, ids.shape[:-1])
    asked = energies.of_rows(trace, local)
    node = trace.node("weights", order.shape, flat.shape[-1], kind=Kind.WEIGHTS)
    node.notes.update(asked)
    return _placed(node, order, ids.shape)


def _weighted(trace: Trace, ids: Ids, values: Ids) -> Ids:
    """An attention: labels of weights (rows, n, k) and of values (rows, k, m) → (rows, n, m)."""
    (mine, theirs), order = _together(trace, ids, values)
    made = []
    for chain in range(len(mine)):
        made.append(
            attention(trace, mine[chain], trace.rows(theirs[chain]), len(order), theirs.shape[-1])
        )
    shape = (len(ids), mine.shape[1], theirs.shape[-1])
    result = np.empty((order.size, *shape[1:]), np.int64)
    for chain, node in enumerate(made):
        result[order[:, chain]] = np.arange(node.first, node.end).reshape(len(order), *shape[1:])
    return result


def attention(
    trace: Trace, weighed: Ids, values: tuple[Row, ...], samples: int, features: int
) -> Node:
    """The node of an attention, of labels of its weights (queries, keys) and the values of its memory."""
    node = trace.nodes.of(int(weighed.flat[0]))
    row = (weighed - node.first) % node.each // node.features
    place = (weighed - node.first) % node.features
    if (weighed < node.first).any() or (place != np.arange(weighed.shape[1])).any():
        raise Refused("its weights are moved before they are used")
    notes = node.notes
    # Of (queries, keys) all of a row are of one query.
    queries = tuple(notes["queries"][at] for at in row[:, 0].tolist())
    keys = {notes["keys"][at] for at in row[:, 0].tolist()}
    if len(keys) != 1:
        raise Refused("its queries are compared with different keys")
    (compared,) = keys
    operands: list[Operand] = [EachStep(queries), AllSteps(values)]
    if compared != values:
        operands.append(AllSteps(compared))
    return trace.node(
        "attention",
        (samples, len(queries)),
        features,
        *operands,
        layer=notes.get("layer", ""),
        causal=True if notes["causal"] else None,
        score="additive" if notes["score"] == "additive" else None,
        scale=True if _scale(notes) else None,
        dropout=notes.get("dropout"),
    )


def _scale(notes: dict[str, Any]) -> bool:
    """Whether scores are divided by the root of the width.

    Raises:
        Refused: they are multiplied by something else.
    """
    factor, width = notes["factor"], notes["width"]
    # Of one feature both are the same, and neither is written.
    if abs(factor - 1) < CLOSE and (width != 1 or notes["score"] == "additive"):
        return False
    if notes["score"] == "dot" and abs(factor * math.sqrt(width) - 1) < CLOSE:
        return bool(width > 1)
    raise Refused(
        f"its scores are multiplied by {factor:.6g}; the language has 1, and 1 / sqrt(features)"
    )
