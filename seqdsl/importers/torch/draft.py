"""nodes of a run → a draft of the wiring, in which they are merged, split and replaced until each is a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.importers.torch.nodes import Begins, EachStep, Kind, Node, Piece
from seqdsl.ir.direction import Direction
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seqdsl.importers.reading import Difference
    from seqdsl.importers.torch.nodes import Operand, Row

    Replace = Callable[[Piece], Iterable[Piece]]


@record(frozen=True)
class Result:
    """What a model gives.

    Attributes:
        rows: what each step is.
        is_vector: whether it is no sequence.
    """

    rows: tuple[Row, ...]
    is_vector: bool


class Draft:
    """The nodes that are left, by number, and what reads them.

    Attributes:
        nodes: the nodes.
        results: what the model gives.
        inputs: the nodes of its inputs.
        differences: what was noticed in which a picture differs.
        stacked: of inputs that hold the states of several rows, by their names, which arguments of a picture's model
            these are.
    """

    def __init__(self, nodes: list[Node], results: list[Result], inputs: list[int]) -> None:
        """Begin with all nodes of a run."""
        self.nodes = {node.index: node for node in nodes}
        self.results, self.inputs = results, inputs
        self.differences: tuple[Difference, ...] = ()
        self.stacked: dict[str, tuple[int, ...]] = {}
        self._next = len(nodes)

    def add(self, word: str, rows: tuple[Row, ...], features: int) -> Node:
        """One more node of the language, whose steps read rows."""
        node = Node(
            self._next, 0, 1, len(rows), features, Kind.LAYER, word, operands=(EachStep(rows),)
        )
        node.is_vector = False
        self.nodes[node.index] = node
        self._next += 1
        return node

    def replace(self, change: Replace) -> None:
        """Let something else be read in place of each piece."""

        def row(pieces: Row) -> Row:
            return tuple(made for piece in pieces for made in change(piece))

        for node in list(self.nodes.values()):
            node.operands = tuple(_each(operand, row) for operand in node.operands)
            if node.begins is not None:
                c = node.begins.c
                node.begins = Begins(row(node.begins.h), None if c is None else row(c))
        self.results = [
            Result(tuple(row(item) for item in result.rows), result.is_vector)
            for result in self.results
        ]

    def prune(self) -> None:
        """Drop what no result depends on; inputs stay."""
        # From the results backward. Inputs stay, as they are arguments whether or not they are read.
        seen: set[int] = set()
        ahead = [piece.node for result in self.results for piece in _flat(result.rows)]
        ahead += self.inputs
        while ahead:
            index = ahead.pop()
            if index in seen or index < 0:
                continue
            seen.add(index)
            node = self.nodes[index]
            ahead += [piece.node for piece in read_by(node)]
            ahead += [node.notes["of"]] if "of" in node.notes else []
            # The final state of a row needs the row.
            # What an unread operation reads may be unread as well: all is told at once.
            ahead += node.notes.get("after", ())
        self.nodes = {index: node for index, node in self.nodes.items() if index in seen}

    def readers(self) -> dict[int, set[int]]:
        """The nodes that read each; -1: it is a result."""
        found: dict[int, set[int]] = {index: set() for index in self.nodes}
        for node in self.nodes.values():
            for piece in read_by(node):
                if piece.node >= 0:
                    found[piece.node].add(node.index)
        for result in self.results:
            for piece in _flat(result.rows):
                if piece.node >= 0:
                    found[piece.node].add(-1)
        return found


def _each(operand: Operand, row: Callable[[Row], Row]) -> Operand:
    return type(operand)(tuple(row(item) for item in operand.rows))


def _flat(rows: Iterable[Row]) -> Iterator[Piece]:
    return (piece for row in rows for piece in row)


def read_by(node: Node) -> Iterator[Piece]:
    """All that a node reads, its initial state as well."""
    for operand in node.operands:
        yield from _flat(operand.rows)
    if node.begins is not None:
        yield from node.begins.h
        yield from node.begins.c or ()


def is_whole(draft: Draft, piece: Piece) -> bool:
    """Whether a piece is all features of its step."""
    return piece.node < 0 or piece.count == draft.nodes[piece.node].features


def last_step(node: Node) -> int:
    """The step at which a run of one direction ends: one from right to left ends at its left."""
    return 0 if node.direction is Direction.BACKWARD else node.steps - 1
