"""an attention of several heads that is written by hand → one layer: four matrices, and the heads between them.

    q, k, v = (layer(x).view(batch, steps, heads, width).transpose(1, 2) for layer in (self.q, self.k, self.v))
    weights = torch.softmax(q @ k.transpose(-2, -1) / width**0.5, dim=-1)
    return self.out((weights @ v).transpose(1, 2).flatten(2))

Each head is read as an attention over some features of what three dense layers give, side by side below a fourth one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.importers.torch.nodes import AllSteps, EachStep, Piece, Refused
from seqdsl.records import record
from seqdsl.runtime.scattered_weights import Held, held_apart, parts_of, scattered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.importers.torch.draft import Draft
    from seqdsl.importers.torch.nodes import Node, Operand, Row

_PROJECTED = ("query", "value", "key")
"""In the order of the operands of an attention."""


@record(frozen=True)
class _Side:
    """What all heads read on one side: features of a dense layer, head by head.

    Attributes:
        dense: the dense layer.
        first: the first of its features that are read.
        steps: which of its steps are read, in their order.
    """

    dense: int
    first: int
    steps: tuple[int, ...]


@record(frozen=True)
class _Found:
    """Four dense layers that are one attention.

    Attributes:
        output: the one above the heads.
        heads: the heads, side by side.
        sides: what they read: queries, values and keys.
    """

    output: int
    heads: tuple[int, ...]
    sides: tuple[_Side, ...]

    @property
    def dense(self) -> tuple[int, ...]:
        """The dense layers, of which some may be one."""
        return (self.output, *(side.dense for side in self.sides))


def fold_heads(draft: Draft) -> None:
    """Let a dense layer above heads side by side be an attention with projections, where they are one."""
    found = [item for node in draft.nodes.values() if (item := _found(draft, node)) is not None]
    own = {index for item in found for index in item.dense}
    for item in found:
        # A layer that is applied elsewhere, too, is one of its own.
        if _is_elsewhere(draft, [draft.nodes[index] for index in item.dense], own):
            continue
        if _has_biases(draft, item):
            _fold(draft, item)


def _has_biases(draft: Draft, found: _Found) -> bool:
    """Whether all four dense layers have a bias.

    Raises:
        Refused: they have not, and the heads cannot be drawn each by itself.
    """
    if all(_has_bias(draft.nodes[index]) for index in found.dense):
        return True
    if len(found.heads) == 1:
        return False
    raise Refused(
        "an attention of several heads has projections without a bias; in the language each has one",
        "let its four linear layers have `bias=True`",
    )


def _found(draft: Draft, node: Node) -> _Found | None:
    heads = _heads_below(draft, node)
    sides = _sides(draft, heads) if heads else None
    if sides is None or not _is_alone(draft, node, heads, sides):
        return None
    return _Found(node.index, tuple(head.index for head in heads), tuple(sides))


def fold_keys(draft: Draft) -> None:
    """Let an attention whose queries and keys are projected without a bias do so itself.

    ::

        scores = self.score(torch.tanh(self.query(h)[:, :, None] + self.key(memory)[:, None]))
    """
    found = [(node, _projected(draft, node)) for node in draft.nodes.values()]
    pairs = [(node, pair) for node, pair in found if pair is not None]
    own = {dense.index for _, pair in pairs for dense in pair}
    for node, pair in pairs:
        if not _is_elsewhere(draft, pair, own):
            _project(node, *pair)


def _project(node: Node, query: Node, key: Node) -> None:
    """Let an attention read what two dense layers read that are its own now."""
    places = dict(held_apart(node.layer))
    for name, dense in (("query", query), ("key", key)):
        places[f"{name}/kernel"] = parts_of(dense.layer, has_bias=False)["kernel"]
    values, keys = node.operands[1], _below(key, node.operands[-1])
    operands: list[Operand] = [EachStep(_below(query, node.operands[0])), values]
    node.operands = tuple(operands if keys == values.rows else [*operands, AllSteps(keys)])
    node.notes["called"] = _parent([query.layer, key.layer]) or node.site.module
    node.arguments = (*node.arguments, ("key", str(query.features)))
    node.layer = scattered(places)


def _below(dense: Node, operand: Operand) -> tuple[Row, ...]:
    """What a dense layer reads for the steps of it that are read."""
    return tuple(dense.operands[0].rows[row[0].step] for row in operand.rows)


def _is_elsewhere(draft: Draft, dense: Sequence[Node], own: set[int]) -> bool:
    """Whether layers are applied elsewhere, too."""
    layers = {item.layer for item in dense}
    return any(node.layer in layers and node.index not in own for node in draft.nodes.values())


def _projected(draft: Draft, node: Node) -> tuple[Node, Node] | None:
    """The dense layers without a bias that all queries, and all keys, of an attention are; ``None``: they are not."""
    if node.word != "attention" or {"heads", "key"} & dict(node.arguments).keys():
        return None
    query, key = (_matrix_below(draft, node, node.operands[at]) for at in (0, -1))
    return None if query is None or key is None or query is key else (query, key)


def _matrix_below(draft: Draft, node: Node, operand: Operand) -> Node | None:
    """The dense layer without a bias whose steps an operand is, if nothing else reads it."""
    read = {(piece.node, piece.count) for row in operand.rows for piece in row}
    dense = draft.nodes.get(min(read)[0]) if len(read) == 1 else None
    if dense is None or not _is_matrix(dense) or read != {(dense.index, dense.features)}:
        return None
    is_side_by_side = any(len(row) > 1 for row in operand.rows)
    return None if is_side_by_side or draft.readers()[dense.index] != {node.index} else dense


def _is_matrix(dense: Node) -> bool:
    return _is_plain(dense) and not _has_bias(dense)


def _heads_below(draft: Draft, node: Node) -> list[Node]:
    """The attentions that a dense layer reads side by side, all of each step; none: it is above something else."""
    if not _is_plain(node):
        return []
    rows = node.operands[0].rows
    heads = [draft.nodes[piece.node] for piece in rows[0] if piece.node in draft.nodes]
    # One that is not scaled is none of several heads.
    is_one = len({head.call for head in heads}) == 1 and _is_scaled(heads[0])
    return heads if is_one and all(_is_aligned(row, heads) for row in rows) else []


def _is_scaled(head: Node) -> bool:
    given = dict(head.arguments)
    if head.word != "attention" or given.keys() & {"heads", "key"}:
        return False
    return given.get("score", "dot") == "dot" and (
        given.get("scale") == "true" or head.features == 1
    )


def _is_aligned(row: Row, heads: Sequence[Node]) -> bool:
    return len(row) == len(heads) and all(
        piece == Piece(head.index, row[0].step, 0, head.features)
        for piece, head in zip(row, heads, strict=True)
    )


def _is_plain(node: Node | None) -> bool:
    """Whether it is a dense layer and nothing else, as all four of an attention are."""
    return (
        node is not None
        and node.word == "dense"
        and {name for name, _ in node.arguments} <= {"0", "bias"}
        and node.notes.get("columns") is None
    )


def _has_bias(node: Node) -> bool:
    return "bias" not in dict(node.arguments)


def _sides(draft: Draft, heads: Sequence[Node]) -> list[_Side] | None:
    """What the heads read as queries, values and keys; ``None``: not the features of dense layers, head by head."""
    # Query and memory, or query, values and keys: where keys are the values, they are read once.
    operands = [[*head.operands, *head.operands[1:]][:3] for head in heads]
    found = [_side(draft, [items[at] for items in operands]) for at in range(3)]
    sides = [side for side in found if side is not None]
    return sides if len(sides) == 3 else None


def _side(draft: Draft, operands: Sequence[Operand]) -> _Side | None:
    if any(len(row) != 1 for operand in operands for row in operand.rows):
        return None
    # The head i of h has the features from i * width on.
    first, *_ = operands[0].rows
    dense, start, width = first[0].node, first[0].first, first[0].count
    steps = tuple(row[0].step for row in operands[0].rows)
    for head, operand in enumerate(operands):
        expected = [(Piece(dense, step, start + head * width, width),) for step in steps]
        if list(operand.rows) != expected:
            return None
    return _Side(dense, start, steps) if _is_plain(draft.nodes.get(dense)) else None


def _is_alone(draft: Draft, node: Node, heads: Sequence[Node], sides: Sequence[_Side]) -> bool:
    """Whether nothing else reads the parts, and the widths are those of an attention."""
    readers = draft.readers()
    own = {head.index for head in heads}
    query = draft.nodes[sides[0].dense]
    read = sum(piece.count for piece in query.operands[0].rows[0])
    return (
        all(readers[index] == {node.index} for index in own)
        and all(readers[side.dense] <= own for side in sides)
        and read == node.features
    )


def _fold(draft: Draft, found: _Found) -> None:
    node, heads = draft.nodes[found.output], [draft.nodes[head] for head in found.heads]
    width = heads[0].features
    below = [_read_by(draft, side) for side in found.sides]
    given = {**dict(heads[0].arguments), "heads": str(len(heads))}
    # Several heads are always scaled.
    given.pop("scale", None)
    if width * len(heads) != node.features:
        given["key"] = str(width)
    steps = [row[0].step for row in node.operands[0].rows]
    operands: list[Operand] = [EachStep(tuple(below[0][step] for step in steps))]
    operands += [AllSteps(rows) for rows in (below[1:] if below[1] != below[2] else below[1:2])]
    node.notes["called"] = _parent([draft.nodes[index].layer for index in found.dense])
    node.notes["called"] = node.notes["called"] or node.layer
    node.word, node.layer = "attention", _place(draft, found, width * len(heads))
    node.arguments, node.operands = tuple(given.items()), tuple(operands)


def _place(draft: Draft, found: _Found, width: int) -> str:
    """Where the eight arrays are, whose heads are as wide together."""
    places: dict[str, Held] = {}
    for name, side in zip(_PROJECTED, found.sides, strict=True):
        dense = draft.nodes[side.dense]
        # One layer may be all three, one below the other.
        rows = None if dense.features == width else (side.first, side.first + width)
        for part, held in parts_of(dense.layer).items():
            places[f"{name}/{part}"] = Held(held.path, held.is_turned, rows)
    output = parts_of(draft.nodes[found.output].layer)
    return scattered(places | {f"output/{part}": held for part, held in output.items()})


def _read_by(draft: Draft, side: _Side) -> tuple[Row, ...]:
    rows = draft.nodes[side.dense].operands[0].rows
    return tuple(rows[step] for step in side.steps)


def _parent(layers: Sequence[str]) -> str:
    """The module that holds all of some; empty: that is the model, or there is none."""
    parents = {layer.rpartition(".")[0] for layer in layers}
    return parents.pop() if len(parents) == 1 else ""
