"""calls of a Python loop → rows: a cell that goes on from its own state, and what is applied once in each turn.

for step in range(steps):
    h = self.cell(x[:, step], h)         a row of a recurrent layer
    outputs.append(self.head(h))         a row of a dense layer
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.importers.torch.nodes import AllSteps, EachStep, Kind, Piece
from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from seqdsl.importers.torch.draft import Draft
    from seqdsl.importers.torch.nodes import Node, Operand, Row


def fold_runs(draft: Draft) -> None:
    """Join runs of one recurrent layer of which each begins where the one before ended."""
    # h0 -> cell -> cell -> cell   three runs of one step, each from where the one before ended:
    # one row of three steps. `moved` says which row, and from which of its steps on.
    moved: dict[int, tuple[int, int]] = {}
    last: dict[int, int] = {}
    for node in list(draft.nodes.values()):
        before = _goes_on_from(draft, node)
        if before is None:
            continue
        first, _ = moved.get(before, (before, 0))
        # A state that two runs go on from: the second run has it passed to it.
        if last.get(first, first) != before:
            continue
        head = draft.nodes[first]
        moved[node.index] = (first, head.steps)
        last[first] = node.index
        head.operands = _joined(head.operands, node.operands)
        head.steps += node.steps
    _move(draft, moved)
    for node in draft.nodes.values():
        if node.kind is Kind.MEMORY and node.notes["of"] in moved:
            first = moved[node.notes["of"]][0]
            # Only the memory behind the last step of the row is one that may be passed on.
            node.notes["is_inner"] = last[first] != node.notes["of"]
            node.notes["of"] = first
        elif node.kind is Kind.MEMORY and node.notes["of"] in last:
            node.notes["is_inner"] = True


def _goes_on_from(draft: Draft, node: Node) -> int | None:
    """The node whose final state, all of it, is a node's initial one; they are of one layer."""
    begins = node.begins
    if begins is None or len(begins.h) != 1 or node.direction is not Direction.FORWARD:
        return None
    end = draft.nodes[begins.h[0].node]
    before = draft.nodes[end.notes["of"]] if end.kind is Kind.FINAL else end
    # A decoder that goes on from an encoder is of another layer, and stays a row of its own.
    if (before.layer, before.call, before.direction) != (node.layer, node.call, node.direction):
        return None
    # Its last step, all of it, or what stands for its final state.
    whole = Piece(end.index, end.steps - 1, 0, before.features)
    if begins.h[0] != whole:
        return None
    return before.index if begins.c is None or _is_memory(draft, begins.c, before) else None


def _is_memory(draft: Draft, row: Row, of: Node) -> bool:
    memory = draft.nodes[row[0].node] if len(row) == 1 else None
    return memory is not None and memory.kind is Kind.MEMORY and memory.notes["of"] == of.index


def _joined(one: tuple[Operand, ...], two: tuple[Operand, ...]) -> tuple[Operand, ...]:
    return tuple(
        EachStep(mine.rows + theirs.rows) if isinstance(mine, EachStep) else mine
        for mine, theirs in zip(one, two, strict=True)
    )


def _move(draft: Draft, moved: dict[int, tuple[int, int]]) -> None:
    def change(piece: Piece) -> Iterable[Piece]:
        node, first = moved.get(piece.node, (piece.node, 0))
        return (Piece(node, piece.step + first, piece.first, piece.count),)

    draft.replace(change)
    for index in moved:
        del draft.nodes[index]


def fold_turns(draft: Draft) -> None:
    """Join what is applied once in each turn of a loop to a row."""
    # Dense layers above the steps of a cell, one call a turn: the first call becomes the row.
    groups: dict[Hashable, int] = {}
    group_of: dict[int, int] = {}
    moved: dict[int, tuple[int, int]] = {}
    for node in list(draft.nodes.values()):
        group_of[node.index] = node.index
        if not _may_join(node):
            continue
        key = _key(node, group_of)
        first = groups.setdefault(key, node.index)
        group_of[node.index] = first
        if first != node.index:
            head = draft.nodes[first]
            moved[node.index] = (first, head.steps)
            head.operands = _joined(head.operands, node.operands)
            head.steps += 1
            head.is_vector = False
    _move(draft, moved)


def _may_join(node: Node) -> bool:
    is_source = not node.operands
    return node.kind is Kind.LAYER and node.is_vector and not is_source and node.direction is None


def _key(node: Node, group_of: dict[int, int]) -> Hashable:
    """What calls of a loop have in common."""
    read: list[Any] = []
    for operand in node.operands:
        if isinstance(operand, AllSteps):
            # One memory for all.
            read.append(operand.rows)
        elif not node.layer:
            # Without weights only what it reads tells it from the same function behind another layer.
            read.append(
                frozenset(
                    group_of.get(piece.node, piece.node) for row in operand.rows for piece in row
                )
            )
    return (node.word, node.arguments, node.layer, node.site.stack, node.site.module, tuple(read))
