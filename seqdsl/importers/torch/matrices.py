"""products with a matrix that the model itself holds → dense layers: `x @ self.w`, `F.linear(x, self.w)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.importers.torch.nodes import EachStep, Kind, Piece
from seqdsl.importers.torch.rows import by_sample
from seqdsl.runtime.bare_weights import BARE
from seqdsl.runtime.scattered_weights import Held, held_apart, scattered

if TYPE_CHECKING:
    from seqdsl.importers.torch.draft import Draft
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Node, Row
    from seqdsl.importers.torch.trace import Trace


def by_matrix(trace: Trace, left: Ids, right: Ids) -> Ids | None:
    """Labels of values (rows, n, k) and of a matrix (rows, k, m) → those of their product (rows, n, m).

    Returns:
        The labels of a dense layer; ``None``: it is no product of values and a matrix of the model.
    """
    # Reading a parameter has made it a `learned` node; where nothing else reads that, it goes.
    kernel = _kernel(trace, right)
    if kernel is None or not (left >= 0).any() or trace.is_part(left):
        return None
    flat = left.reshape(-1, left.shape[-1])
    local, order = by_sample(trace.nodes, flat, trace.batch, left.shape[:-1])
    made, columns = trace.as_features(local)
    units = right.shape[-1]
    node = trace.node(
        "dense",
        order.shape,
        units,
        EachStep(trace.rows(made)),
        layer=scattered({"kernel": kernel}),
        _0=units,
        bias=False,
    )
    node.notes["columns"] = columns
    ids = np.empty((order.size, units), np.int64)
    ids[order.reshape(-1)] = np.arange(node.first, node.end).reshape(-1, units)
    return ids.reshape(*left.shape[:-1], units)


def _kernel(trace: Trace, right: Ids) -> Held | None:
    """The weight that a matrix is, all of it, as it is or turned; the same for all rows."""
    first = right[0]
    if (first < 0).any() or (right != first).any():
        return None
    node = trace.nodes.of(int(first.min()))
    whole = np.arange(node.first, node.first + node.each)
    if node.word != "learned" or not node.layer.startswith(BARE) or first.size != whole.size:
        return None
    path = node.layer.removeprefix(BARE)
    # x @ self.w, or x @ self.w.T as `F.linear` multiplies; a part of a matrix is neither.
    if (first.reshape(-1) == whole).all():
        return Held(path)
    return Held(path, is_turned=True) if (first.T.reshape(-1) == whole).all() else None


def settle_biases(draft: Draft) -> None:
    """Let a vector of the model that is added to a product be the bias of its layer."""
    moved: dict[int, Node] = {}
    for node in draft.nodes.values():
        pair = _with_bias(draft, node)
        if pair is not None:
            moved[node.index] = pair
    # x @ w + b: the product gets the bias, and what read the sum reads the product.
    for index, dense in moved.items():
        bias = _bias_of(draft, draft.nodes[index], dense)
        dense.layer = scattered({**held_apart(dense.layer), "bias": Held(bias)})
        dense.arguments = tuple(item for item in dense.arguments if item[0] != "bias")

    def change(piece: Piece) -> Row:
        node = moved.get(piece.node)
        return (Piece(node.index if node else piece.node, piece.step, piece.first, piece.count),)

    draft.replace(change)
    for index in moved:
        del draft.nodes[index]


def _with_bias(draft: Draft, node: Node) -> Node | None:
    """The product that a sum adds a vector to, if it is that and nothing else reads the product."""
    if node.word != "add" or len(node.operands) != 2:
        return None
    for operand in node.operands:
        dense = draft.nodes.get(operand.rows[0][0].node) if operand.rows[0] else None
        if dense is None or not _is_bare(draft, dense, node):
            continue
        # Each step of the sum is that of the product: they take each other's place.
        steps = [(Piece(dense.index, step, 0, dense.features),) for step in range(dense.steps)]
        if list(operand.rows) == steps and _bias_of(draft, node, dense):
            return dense
    return None


def _is_bare(draft: Draft, dense: Node, reader: Node) -> bool:
    """Whether a product has no bias yet, and nothing else reads it."""
    apart = held_apart(dense.layer)
    is_new = dense.word == "dense" and bool(apart) and "bias" not in apart
    return is_new and _is_once(draft, dense) and draft.readers()[dense.index] == {reader.index}


def _is_once(draft: Draft, dense: Node) -> bool:
    """Whether a layer is applied once: of several calls all would need the bias."""
    return sum(node.layer == dense.layer for node in draft.nodes.values()) == 1


def _bias_of(draft: Draft, node: Node, dense: Node) -> str:
    """The path of the vector that a sum adds to all steps of a product; empty: it adds something else."""
    for operand in node.operands:
        (first, *others) = set(operand.rows)
        vector = draft.nodes.get(first[0].node) if len(first) == 1 and not others else None
        if vector is not None and vector.kind is Kind.LAYER and vector.word == "learned":
            is_whole = vector.each == dense.features == first[0].count
            return vector.layer.removeprefix(BARE) if is_whole else ""
    return ""
