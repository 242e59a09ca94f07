"""attention as PyTorch has it → its node: heads with projections, dot products, and products by `einsum`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch.nodes import AllSteps, EachStep, Refused
from seqdsl.importers.torch.scores import contracted, softmax_of
from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Node, Operand, Row
    from seqdsl.importers.torch.trace import Trace

_SIDES = ("query", "key", "value")


def heads(trace: Trace, call: Call) -> Any:
    """``F.multi_head_attention_forward`` over (steps, batch, features)."""
    values = [call.get(place, name) for place, name in enumerate(_SIDES)]
    _check_heads(call)
    ids = [np.moveaxis(trace.read(_batched(value)), 0, 1) for value in values]
    flat = np.concatenate([item.reshape(len(item), -1) for item in ids], axis=1)
    local, order = trace.chains(flat[:, None])
    causal = _causal(call, ids[0].shape[1], ids[1].shape[1])
    ends = np.cumsum([item[0].size for item in ids])[:-1]
    out = call.run()
    result = np.empty(ids[0].shape, np.int64)
    # Query, keys and values of each sample are cut apart again.
    for chain, labels in enumerate(local[:, 0]):
        parts = zip(np.split(labels, ends), ids, strict=True)
        rows = [trace.rows(part.reshape(-1, item.shape[-1])) for part, item in parts]
        node = _heads_node(trace, call, len(order), rows, causal=causal)
        result[order[:, chain]] = np.arange(node.first, node.end).reshape(
            len(order), -1, node.features
        )
    place = np.moveaxis(result, 0, 1)
    trace.place(out[0], place if values[0].ndim == 3 else place[:, 0])
    trace.unknown(
        out[1], "weights", "the language does not give the weights of an attention as a value"
    )
    return out


def _check_heads(call: Call) -> None:
    if call.get(6, "in_proj_bias") is None or call.get(12, "out_proj_bias") is None:
        raise Refused("it has no biases", "let it have `bias=True`")
    if call.get(7, "bias_k") is not None or call.get(9, "add_zero_attn"):
        raise Refused("it has keys of its own (`add_bias_kv`, `add_zero_attn`)")


def _heads_node(
    trace: Trace, call: Call, samples: int, rows: list[tuple[Row, ...]], *, causal: bool
) -> Node:
    """The node of one application to the steps of a sample: rows of query, keys and values."""
    query, keys, values = rows
    operands: list[Operand] = [EachStep(query), AllSteps(values)]
    if keys != values:
        operands.append(AllSteps(keys))
    return trace.node(
        "attention",
        (samples, len(query)),
        call.get(3, "embed_dim_to_check"),
        *operands,
        layer=trace.weights.layer(call.get(6, "in_proj_bias")),
        heads=call.get(4, "num_heads"),
        causal=causal or None,
        dropout=call.get(10, "dropout_p") or None,
    )


def _batched(value: torch.Tensor) -> torch.Tensor:
    return value if value.ndim == 3 else value[:, None]


def _causal(call: Call, queries: int, keys: int) -> bool:
    """Whether each query reads itself and what is before it; all, where there is no mask.

    Raises:
        Refused: it reads some other keys.
    """
    mask, padding = call.get(16, "attn_mask"), call.get(14, "key_padding_mask")
    if padding is not None and _hides(padding):
        raise Refused("its padding mask hides steps of full sequences")
    return mask is not None and _is_causal(mask, queries, keys)


def _hides(mask: torch.Tensor) -> bool:
    return bool((mask if mask.dtype == torch.bool else mask < 0).any())


def _is_causal(mask: torch.Tensor, queries: int, keys: int) -> bool:
    hidden = mask if mask.dtype == torch.bool else mask < 0
    if not bool(hidden.any()):
        return False
    behind = torch.ones(queries, keys, dtype=torch.bool).triu(1)
    if queries == keys and bool((hidden == behind).all()):
        return True
    raise Refused("its mask hides other keys than those behind each query")


def dot_products(trace: Trace, call: Call) -> Any:
    """``F.scaled_dot_product_attention`` over (..., steps, features)."""
    values = [call.get(place, name) for place, name in enumerate(_SIDES)]
    mask, scale = call.get(3, "attn_mask"), call.get(6, "scale")
    queries, keys = values[0].shape[-2], values[1].shape[-2]
    causal = bool(call.get(5, "is_causal", False))
    if mask is not None:
        # Here true is what is read.
        causal = _is_causal(~mask if mask.dtype == torch.bool else mask, queries, keys)
    width = values[0].shape[-1]
    ids = [trace.read(value) for value in values]
    lead = np.broadcast_shapes(*(item.shape[:-2] for item in ids))
    query, key, value = (
        np.broadcast_to(item, (*lead, *item.shape[-2:])).reshape(-1, *item.shape[-2:])
        for item in ids
    )
    out: torch.Tensor = call.run()
    scored = contracted(trace, query, np.moveaxis(key, 1, 2))
    notes = trace.nodes.all[-1].notes
    notes.update(causal=causal, factor=notes["factor"] * (width**-0.5 if scale is None else scale))
    made = contracted(trace, softmax_of(trace, scored), value)
    node = trace.nodes.all[-1]
    if call.get(4, "dropout_p", 0.0):
        node.arguments = (*node.arguments, ("dropout", str(call.get(4, "dropout_p"))))
    trace.place(out, made.reshape(out.shape))
    return out


def einsum(trace: Trace, call: Call) -> Any:
    """``torch.einsum`` of two tensors over one index: the product of matrices."""
    equation, *operands = call.args
    if len(operands) == 1 and isinstance(operands[0], list | tuple):
        operands = list(operands[0])
    if not any((trace.read(item) >= 0).any() for item in operands):
        return NotImplemented
    told = _parsed(equation, len(operands))
    out: torch.Tensor = call.run()
    ids = [trace.read(item) for item in operands]
    one = _folded(ids[0], told.left, told.both, told.first, told.over)
    two = _folded(ids[1], told.right, told.both, told.over, told.second)
    made = contracted(trace, one, two)
    sizes = dict(zip(told.left, ids[0].shape, strict=True))
    sizes.update(zip(told.right, ids[1].shape, strict=True))
    # (both, first, second), each group one axis -> the axes in the order that the equation says
    order = [*told.both, *told.first, *told.second]
    spread = made.reshape([sizes[index] for index in order])
    trace.place(out, np.transpose(spread, [order.index(index) for index in told.output]))
    return out


# bqf,bkf->bqk: both b, first q, second k, over f
@record(frozen=True)
class _Einsum:
    """An equation of two tensors: their indices, and which are of both, of one alone, or summed over."""

    left: str
    right: str
    output: str
    both: list[str]
    first: list[str]
    second: list[str]
    over: list[str]


def _parsed(equation: str, count: int) -> _Einsum:
    """What an equation says.

    Raises:
        Refused: it is not the product of two matrices.
    """
    inputs, _, output = equation.replace(" ", "").partition("->")
    if "." in equation or count != 2:
        raise Refused("an einsum of other than two tensors, or with `...`, cannot be read")
    left, right = inputs.split(",")
    shared = [index for index in left if index in right]
    over = _without("".join(shared), output)
    if len(over) != 1 or len(set(left + right) - set(output)) != 1:
        raise Refused("an einsum that sums over other than one index cannot be read")
    both = [index for index in shared if index in output]
    return _Einsum(left, right, output, both, _without(left, right), _without(right, left), over)


def _without(side: str, other: str) -> list[str]:
    """The indices of one tensor that the other has not."""
    return [index for index in side if index not in other]


def _folded(ids: Ids, names: str, *groups: list[str]) -> Ids:
    """Axes brought together: (batch, a, b) of 'abc' by groups of names."""
    moved = np.transpose(ids, [names.index(index) for group in groups for index in group])
    at, sizes = 0, []
    for group in groups:
        sizes.append(int(np.prod(moved.shape[at : at + len(group)], dtype=np.int64)))
        at += len(group)
    return moved.reshape(sizes)
