"""one number for each pair of a query and a key → which pairs: dot products, or what a layer of one unit gives.

scores = queries @ keys.transpose(1, 2)                             dot products
scores = self.score(torch.tanh(queries[:, :, None] + keys[:, None]))    additive: one trained vector
scores = self.score(keys)                                           a dot product with a trained query
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.importers.torch.nodes import EachStep, Kind, Node, Piece, Refused
from seqdsl.runtime.bare_weights import BARE
from seqdsl.runtime.scattered_weights import Held, parts_of, scattered

if TYPE_CHECKING:
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Row
    from seqdsl.importers.torch.trace import Trace

    Pair = tuple[Row, Row]

_NOT_SCORES = "it is a softmax over steps, and what it reads does not compare queries with keys"


def of_rows(trace: Trace, ids: Ids) -> dict[str, Any]:
    """What weights are made of: queries, keys, and how they are compared.

    Args:
        trace: the run so far.
        ids: labels (queries, keys) of the first sample.

    Raises:
        Refused: they are no scores.
    """
    if (ids < 0).any():
        raise Refused(_NOT_SCORES)
    node = trace.nodes.of(int(ids.flat[0]))
    if (ids < node.first).any() or (ids >= node.first + node.each).any():
        raise Refused("it is a softmax over the steps of several layers")
    if node.kind is Kind.SCORES:
        pairs = _of_scores(node, ids)
        notes = {key: node.notes[key] for key in ("factor", "causal", "width", "score")}
        return {**_sides(pairs), **notes, "layer": node.notes.get("layer", "")}
    if node.word == "dense" and node.features == 1:
        return _of_vector(trace, node, ids)
    raise Refused(_NOT_SCORES)


def _of_scores(node: Node, ids: Ids) -> list[list[Pair]]:
    place = (ids - node.first) % node.each
    pairs = node.notes["pairs"]
    return [
        [pairs[at // node.features][at % node.features] for at in row] for row in place.tolist()
    ]


def _sides(pairs: list[list[Pair]]) -> dict[str, Any]:
    """The query of each row of pairs, and its keys: it may be on either side."""
    # weights of (q0, k0) (q0, k1) (q0, k2): the query is on the left.
    # keys @ query is a column of scores, (k0, q0) (k1, q0) (k2, q0): on the right.
    for side in (0, 1):
        if all(len({pair[side] for pair in row}) == 1 for row in pairs):
            keys = [tuple(pair[1 - side] for pair in row) for row in pairs]
            return {"queries": [row[0][side] for row in pairs], "keys": keys}
    raise Refused("its softmax is neither over keys nor over queries")


def _of_vector(trace: Trace, node: Node, ids: Ids) -> dict[str, Any]:
    """Scores that a layer of one unit gives."""
    steps = ((ids - node.first) % node.each).tolist()
    read = node.operands[0]
    assert isinstance(read, EachStep)
    asked = _additive(trace, node, read.rows, steps)
    if asked is not None:
        return asked
    return _of_trained_query(trace, node, [[read.rows[step] for step in row] for row in steps])


def _additive(
    trace: Trace, node: Node, rows: tuple[Row, ...], steps: list[list[int]]
) -> dict[str, Any] | None:
    """The same where it reads the tanh of the sum of a query and a key; ``None``: it does not."""
    below = _below(trace, rows)
    if below is None or below[0].call != "activation(tanh)":
        return None
    added = _below(trace, below[1])
    if added is None or added[0].word != "add" or len(added[0].operands) != 2:
        return None
    # The step of the sum that the tanh of each score reads.
    at = [row[0].step for row in below[1]]
    pairs = [[_pair(added[0], at[rows[step][0].step]) for step in row] for row in steps]
    try:
        sides = _sides(pairs)
    except Refused:
        return None
    width = below[0].features
    notes = {"factor": 1.0, "causal": False, "width": width, "score": "additive"}
    # Of the layer of one unit the attention has its vector alone; a softmax does not depend on the bias.
    vector = Held(parts_of(node.layer)["kernel"].path)
    return {**sides, **notes, "layer": scattered({"scale": vector})}


def _below(trace: Trace, rows: tuple[Row, ...]) -> tuple[Node, tuple[Row, ...]] | None:
    """The one node whose steps rows are, as they are, and what it reads itself."""
    # All rows are one value of one node: no concatenation, nothing that is zero.
    found = {row[0].node if len(row) == 1 else -1 for row in rows}
    if len(found) != 1 or -1 in found:
        return None
    node = trace.nodes.all[found.pop()]
    first = node.operands[0] if node.operands else None
    whole = all(row[0].count == node.features for row in rows)
    return (node, first.rows) if whole and isinstance(first, EachStep) else None


def _pair(node: Node, step: int) -> Pair:
    one, two = node.operands
    assert isinstance(one, EachStep) and isinstance(two, EachStep)
    return one.rows[step], two.rows[step]


def _of_trained_query(trace: Trace, node: Node, keys: list[list[Row]]) -> dict[str, Any]:
    """Scores that are dot products with the layer's weights: a query that is the same for all samples."""
    read = node.operands[0]
    assert isinstance(read, EachStep)
    # w . h of a trained w is what `nn.Linear(features, 1)` computes; its bias is the same for
    # all steps, and a softmax over steps does not see it.
    width = sum(piece.count for piece in read.rows[0])
    layer = f"{BARE}{parts_of(node.layer)['kernel'].path}"
    vector = trace.node("learned", (1, 1), width, layer=layer, _0=width)
    query = (Piece(vector.index, 0, 0, width),)
    return {
        "queries": [query] * len(keys),
        "keys": [tuple(row) for row in keys],
        "factor": 1.0,
        "causal": False,
        "width": 0,
        "score": "dot",
    }
