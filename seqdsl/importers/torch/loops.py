"""calls of a Python loop → rows: a cell that goes on from its own state, and what is applied once in each iteration.

for step in range(steps):
    h = self.cell(x[:, step], h)         a row of a recurrent layer
    outputs.append(self.head(h))         a row of a dense layer
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from seqdsl.importers.folding import can_join
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
    """Join what is applied once in each iteration of a loop to a row."""
    # Dense layers above the steps of a cell, one call per iteration: the first call becomes the row.
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


# for step in range(steps):
#     context = self.attend(h, memory)       the first iteration asks with the encoder's state, the others with `h`:
#     h = self.cell(context, h)              that `cell` reads them, one iteration after the other, makes them one row
def fold_first_turns(draft: Draft) -> None:
    """Join what the first iteration of a loop reads of elsewhere to what the others read of the loop itself."""
    while _fold_one(draft):
        pass


def _fold_one(draft: Draft) -> bool:
    for nodes in _joinable(draft):
        for first, rest in combinations(nodes, 2):
            if _goes_on(first, rest) if first.layer else _take_turns(draft, first, rest):
                _join(draft, first, rest)
                return True
    return False


def _joinable(draft: Draft) -> list[list[Node]]:
    """The calls of each layer, and of each function at its place, with the same memory."""
    groups: dict[Hashable, list[Node]] = {}
    for node in draft.nodes.values():
        is_plain = node.kind is Kind.LAYER and node.operands and node.direction is None
        if is_plain and can_join(node.call):
            # A layer is called at several places; a function at each is another one.
            site = node.layer or (node.site.stack, node.site.module)
            key = (node.word, node.arguments, site, _memory(node))
            groups.setdefault(key, []).append(node)
    return [*groups.values()]


def _join(draft: Draft, first: Node, rest: Node) -> None:
    first.operands = _joined(first.operands, rest.operands)
    _move(draft, {rest.index: (first.index, first.steps)})
    first.steps += rest.steps
    first.is_vector = False


def _memory(node: Node) -> Hashable:
    return tuple(operand.rows for operand in node.operands if isinstance(operand, AllSteps))


# for step in range(known): h = cell(x[:, step], h); y = head(h)      two loops, which call `head` at two places:
# for step in range(more):  h = cell(y, h); y = head(h)               one row of it over one row of cells
def _goes_on(first: Node, rest: Node) -> bool:
    """Whether a node reads the steps behind those that another one reads."""
    return any(_continues(one, two) for one, two in zip(first.operands, rest.operands, strict=True))


def _continues(one: Operand, two: Operand) -> bool:
    if not isinstance(one, EachStep) or len(one.rows[-1]) != len(two.rows[0]):
        return False
    after = (replace(piece, step=piece.step + 1) for piece in one.rows[-1] if piece.node >= 0)
    return any(piece in two.rows[0] for piece in after)


def _take_turns(draft: Draft, first: Node, rest: Node) -> bool:
    """Whether a row reads both one after the other; or a result does, of two that go on themselves."""
    rows = [
        operand.rows
        for node in draft.nodes.values()
        for operand in node.operands
        if isinstance(operand, EachStep)
    ]
    if _goes_on(first, rest):
        rows += [result.rows for result in draft.results]
    return any(_reads_in_turn(item, first, rest) for item in rows)


def _reads_in_turn(rows: tuple[Row, ...], first: Node, rest: Node) -> bool:
    before = {first.index: first.steps, rest.index: 0}
    turns = [
        (step, piece.step - before[piece.node])
        for step, row in enumerate(rows)
        for piece in row
        if piece.node in before
    ]
    # What the last iteration gives is fed back to none.
    whole = {*range(-first.steps, rest.steps)}
    read = {turn for _, turn in turns}
    is_all = read in (whole, whole - {rest.steps - 1}) and any(turn >= 0 for turn in read)
    return is_all and len({step - turn for step, turn in turns}) == 1


def merge_equal(draft: Draft) -> None:
    """Keep one of several calls that compute the same: of keys of a memory, which each iteration computes anew."""
    known: dict[Hashable, int] = {}
    same: dict[int, int] = {}

    def moved(operand: Operand) -> Operand:
        return type(operand)(
            tuple(
                tuple(replace(piece, node=same.get(piece.node, piece.node)) for piece in row)
                for row in operand.rows
            )
        )

    for node in draft.nodes.values():
        node.operands = tuple(map(moved, node.operands))
        if _is_certain(node):
            key = (
                node.word,
                node.arguments,
                node.layer,
                node.site.stack,
                node.operands,
                node.steps,
            )
            if known.setdefault(key, node.index) != node.index:
                same[node.index] = known[key]
    _move(draft, {index: (kept, 0) for index, kept in same.items()})


def _is_certain(node: Node) -> bool:
    """Whether a node gives the same whenever it reads the same: nothing is dropped or drawn, and it has no state."""
    is_random = node.word in ("dropout", "sample") or "dropout" in dict(node.arguments)
    is_layer = node.kind is Kind.LAYER and bool(node.operands) and node.direction is None
    return is_layer and not is_random


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
