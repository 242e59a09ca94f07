"""draft of a wiring → the same with only what the language has: passes that replace what nodes read."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING

from seqdsl.importers.folding import can_join
from seqdsl.importers.torch.draft import is_whole, read_by
from seqdsl.importers.torch.nodes import EachStep, Kind, Piece
from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.importers.torch.draft import Draft
    from seqdsl.importers.torch.nodes import Node, Row


def settle_finals(draft: Draft) -> None:
    """Let the last step be read for the final state of a row of one direction, which it is."""

    def change(piece: Piece) -> Iterable[Piece]:
        node = draft.nodes.get(piece.node)
        if node is None or node.kind is not Kind.FINAL:
            return (piece,)
        of = draft.nodes[node.notes["of"]]
        if of.direction is Direction.BIDIRECTIONAL:
            return (piece,)
        return (Piece(of.index, of.steps - 1, piece.first, piece.count),)

    draft.replace(change)


def settle_backward(draft: Draft) -> None:
    """Turn a row around that reads the steps of others from the last to the first."""
    turned: dict[int, int] = {}
    for node in draft.nodes.values():
        if node.direction is Direction.FORWARD and (
            _is_reversed(node) or _is_read_reversed(draft, node)
        ):
            (operand,) = node.operands
            node.operands = (EachStep(operand.rows[::-1]),)
            node.direction = Direction.BACKWARD
            turned[node.index] = node.steps - 1

    def change(piece: Piece) -> Iterable[Piece]:
        step = turned[piece.node] - piece.step if piece.node in turned else piece.step
        return (Piece(piece.node, step, piece.first, piece.count),)

    draft.replace(change)


def settle_turned(draft: Draft) -> None:
    """Put in the order of time what does the same at each step, and was computed from the last step to the first.

    ::

        for step in reversed(range(3)):       Y Y Y  2 1 0      Y Y Y  0 1 2
            h = cell(x[:, step], h)           F F F  2 1 0  ->  F F F  0 1 2    nobody would draw that `F` reads `H`
            y.insert(0, f(h))                 H<H<H             H<H<H           from its end, and `Y` that from its end
    """
    # In the order in which they are computed: what reads a row that was put in order is the next one.
    for node in sorted(draft.nodes.values(), key=lambda node: node.index):
        if _does_the_same(node) and _is_reversed(node) and _is_turned_again(draft, node):
            node.operands = tuple(
                EachStep(operand.rows[::-1]) if isinstance(operand, EachStep) else operand
                for operand in node.operands
            )
            draft.replace(partial(_turned, node))


def _turned(node: Node, piece: Piece) -> Iterable[Piece]:
    is_it = piece.node == node.index
    step = node.steps - 1 - piece.step if is_it else piece.step
    return (Piece(piece.node, step, piece.first, piece.count),)


def _does_the_same(node: Node) -> bool:
    """Whether a node does the same at each step, whatever the order of its steps."""
    is_plain = node.kind is Kind.LAYER and node.direction is None and node.steps > 1
    return is_plain and bool(node.operands) and can_join(node.call)


def _is_turned_again(draft: Draft, node: Node) -> bool:
    """Whether a row is read from its last step to its first, or by one other row that may be put in order itself."""
    orders = [order for rows in _rows(draft) if (order := _steps_of(node, rows))]
    if orders and all(order == list(range(node.steps))[::-1] for order in orders):
        return True
    readers = draft.readers()[node.index]
    return len(readers) == 1 and all(
        at >= 0 and _does_the_same(draft.nodes[at]) and _reads_only(draft.nodes[at], node)
        for at in readers
    )


def _reads_only(reader: Node, node: Node) -> bool:
    rows = [operand.rows for operand in reader.operands if isinstance(operand, EachStep)]
    return all(piece.node == node.index for of in rows for row in of for piece in row)


def _is_reversed(node: Node) -> bool:
    """Whether each step reads what is before that which the step before it reads."""
    each = [operand.rows for operand in node.operands if isinstance(operand, EachStep)]
    return bool(each) and all(map(_are_reversed, each))


def _are_reversed(rows: tuple[Row, ...]) -> bool:
    # x.flip(1): the first step reads the last one of x
    if len(rows) < 2 or not rows[0]:
        return False
    return all(
        len(row) == len(after) and all(map(_is_before, after, row)) for row, after in pairwise(rows)
    )


def _is_read_reversed(draft: Draft, node: Node) -> bool:
    """Whether a row that reads the same from both ends is read from its last step to its first."""
    rows = node.operands[0].rows
    if len(rows) < 2 or rows != rows[::-1]:
        return False
    # A decoder that reads one value at all steps, and is flipped: 4 3 2 1 0
    orders = [order for rows in _rows(draft) if (order := _steps_of(node, rows))]
    return bool(orders) and all(order == list(range(node.steps))[::-1] for order in orders)


def _rows(draft: Draft) -> list[tuple[Row, ...]]:
    """All that is read at a time: by an operand of a node, or as a result."""
    read = [operand.rows for node in draft.nodes.values() for operand in node.operands]
    return [*read, *(result.rows for result in draft.results)]


def _steps_of(node: Node, rows: tuple[Row, ...]) -> list[int]:
    """Which steps of a node rows read, in their order."""
    return [piece.step for row in rows for piece in row if piece.node == node.index]


def _is_before(one: Piece, two: Piece) -> bool:
    return one == Piece(two.node, two.step - 1, two.first, two.count)


def settle_parts(draft: Draft) -> None:
    """Let a `split` be read for some of the features of a step.

    ::

        1 0 1 0    of 8 features the first 2, and those from 4 to 6: parts 0 and 2 of a split in 4
    """
    unit: dict[tuple[int, int], int] = {}
    for piece in _read(draft):
        if not is_whole(draft, piece) and draft.nodes[piece.node].kind is not Kind.MEMORY:
            known = unit.get((piece.node, piece.step), draft.nodes[piece.node].features)
            unit[piece.node, piece.step] = gcd(known, piece.first, piece.count)
    splits: dict[tuple[int, int], Node] = {}
    # 8 features, read in pieces of 4 and 2: four parts of 2, of which a piece of 4 is two.
    for (index, step), width in unit.items():
        features = draft.nodes[index].features
        row: Row = (Piece(index, step, 0, features),)
        splits[index, step] = draft.add("split", (row,) * (features // width), width)

    def change(piece: Piece) -> Iterable[Piece]:
        made = splits.get((piece.node, piece.step))
        if made is None or is_whole(draft, piece):
            return (piece,)
        width = made.features
        first = piece.first // width
        return tuple(Piece(made.index, first + at, 0, width) for at in range(piece.count // width))

    draft.replace(change)


_FOLDED = {"dense": "1", "conv": "2", "conv2d": "2"}
"""Layers that may have an activation, and its place among their arguments."""


def settle_activations(draft: Draft) -> None:
    """Give layers the activation that is all that reads them."""
    readers = draft.readers()
    by_layer: dict[str, list[tuple[Node, Node | None]]] = {}
    for node in draft.nodes.values():
        if node.word in _FOLDED:
            above = _only_activation(draft, node, readers[node.index])
            by_layer.setdefault(node.layer, []).append((node, above))
    moved: dict[int, Node] = {}
    # fc(x) and relu(fc(y)) have two calls of one layer: there the relu stays a row of its own.
    for pairs in by_layer.values():
        words = {above.arguments if above else None for _, above in pairs}
        # Two blocks of one layer have one call.
        if len(words) == 1 and None not in words:
            moved.update((above.index, node) for node, above in pairs if above)
    _take_over(draft, moved)


def _only_activation(draft: Draft, node: Node, readers: set[int]) -> Node | None:
    """The activation that is all that reads a node, as it is."""
    above = draft.nodes.get(min(readers)) if len(readers) == 1 else None
    if above is None or above.word != "activation":
        return None
    rows = above.operands[0].rows
    is_plain = all(
        len(row) == 1 and row[0].node == node.index and row[0].count == node.features
        for row in rows
    )
    return above if is_plain else None


def _take_over(draft: Draft, moved: dict[int, Node]) -> None:
    """Let layers be read in place of their activations."""
    steps = {index: [row[0].step for row in draft.nodes[index].operands[0].rows] for index in moved}

    def change(piece: Piece) -> Iterable[Piece]:
        node = moved.get(piece.node)
        if node is None:
            return (piece,)
        return (Piece(node.index, steps[piece.node][piece.step], piece.first, piece.count),)

    for index, node in moved.items():
        ((_, word),) = draft.nodes[index].arguments
        at = int(_FOLDED[node.word])
        node.arguments = (*node.arguments[:at], (_FOLDED[node.word], word), *node.arguments[at:])
    draft.replace(change)
    for index in moved:
        del draft.nodes[index]


def settle_windows(draft: Draft) -> None:
    """Leave out steps without wires at the ends of what a convolution reads, if nothing reads their windows.

    ::

        0 x x x 0     what is read, zeros beyond its ends
          u u u       the windows that something reads: x x x alone is the same
    """
    used: dict[int, set[int]] = {}
    for piece in _read(draft):
        used.setdefault(piece.node, set()).add(piece.step)
    fewer: dict[int, int] = {}
    for node in draft.nodes.values():
        if node.word != "conv" or node.index not in used:
            continue
        (operand,) = node.operands
        filled = [at for at, row in enumerate(operand.rows) if row]
        kept = {*filled, *used[node.index]}
        start, end = min(kept), max(kept) + 1
        if end - start < node.steps:
            node.operands = (EachStep(operand.rows[start:end]),)
            node.steps, fewer[node.index] = end - start, start

    def change(piece: Piece) -> Iterable[Piece]:
        return (Piece(piece.node, piece.step - fewer.get(piece.node, 0), piece.first, piece.count),)

    if fewer:
        draft.replace(change)


def settle_positions(draft: Draft, *, is_free: bool) -> None:
    """Let trained numbers that are added to a row be codes of its positions.

    Args:
        draft: the draft.
        is_free: whether a length of the model is free: then the most steps are told, though there are as many.
    """
    readers = draft.readers()
    used: dict[int, set[int]] = {}
    for piece in _read(draft):
        used.setdefault(piece.node, set()).add(piece.step)
    for node in draft.nodes.values():
        steps = used.get(node.index, set())
        if node.word != "learned" or node.steps < 2 or steps != set(range(len(steps))):
            continue
        # self.place[:, :x.size(1)]: the first of many; or all of them, that are added to something
        if len(steps) < node.steps or _is_added(draft, readers[node.index]):
            node.word = "position"
            # As many as there are steps, at a length that never changes, need not be said.
            if is_free or len(steps) < node.steps:
                node.arguments = (*node.arguments, ("most", str(node.steps)))
            node.steps = len(steps)


def _is_added(draft: Draft, readers: set[int]) -> bool:
    return all(index >= 0 and draft.nodes[index].word == "add" for index in readers)


def _read(draft: Draft) -> list[Piece]:
    """All that is read by nodes, or is a result."""
    pieces = [piece for node in draft.nodes.values() for piece in read_by(node)]
    return pieces + [piece for result in draft.results for row in result.rows for piece in row]
