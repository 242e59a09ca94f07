"""what a picture means, as data: a graph whose nodes know where they are drawn, and what was inferred of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, cast

from seqdsl.ir.graph import Graph, Node
from seqdsl.ir.operations import Call
from seqdsl.records import record

if TYPE_CHECKING:
    import networkx as nx

    from seqdsl.model.topology import Topology
    from seqdsl.text.source import Span


@record(frozen=True)
class Block(Node):
    """A node of a picture's graph; blocks are numbered bottom row first, left to right.

    Attributes:
        letter: its letter, or ``O``.
        span: its first cell.
        delayed: the blocks before whose first steps it reads zeros, as delayed nodes give them.
    """

    letter: str = field(kw_only=True)
    span: Span = field(kw_only=True)
    delayed: tuple[int, ...] = field(default=(), kw_only=True)


@record(frozen=True)
class Pair:
    """An input and an output that a path joins, and the topology between them."""

    input: str
    output: str
    topology: Topology


@record(frozen=True)
class LeftOut:
    """An output without the activation in which it ends as drawn: it gives logits, and its loss applies that."""

    output: str
    activation: str


@record(frozen=True)
class ModelSpec(Graph):
    """A picture's graph, and everything that was inferred of it.

    Attributes:
        class_name: its name as a class.
        picture: its canonical text.
        pairs: the topology of every input and output that a path joins.
        topology: the topology of the whole; ``None`` for a graph that is not drawn.
        qualifiers: what qualifies it, such as ``bidirectional``.
        depth: how many recurrent rows are stacked, at most.
        counts: the number of weights for each framework, at the parameters' defaults.
        graph: the block graph; its nodes carry their `Block`, its edges the links.
        left_out: the last activations that were left out (`seqdsl.passes.logits`); none: it is as drawn.
    """

    class_name: str
    picture: str
    pairs: tuple[Pair, ...]
    topology: Topology | None
    qualifiers: tuple[str, ...]
    depth: int
    counts: dict[str, int]
    graph: nx.DiGraph
    left_out: tuple[LeftOut, ...] = ()

    @property
    def called(self) -> dict[str, ModelSpec]:
        """The pictures that it calls, and those that these call: each by its name, behind all that it calls itself."""
        found: dict[str, ModelSpec] = {}
        for block in self.blocks:
            body = block.operation.body if isinstance(block.operation, Call) else None
            if isinstance(body, ModelSpec) and body.name not in found:
                found |= body.called | {body.name: body}
        return found

    @property
    def text(self) -> str:
        """All that it means as the text of a file: its picture, behind those that it calls."""
        called = self.called
        if not called:
            return self.picture
        parts = [*called.values(), self]
        return "\n".join(f"model {item.name}\n\n{item.picture}\n" for item in parts)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The nodes, which know where they are drawn."""
        return cast("tuple[Block, ...]", self.nodes)

    @cached_property
    def ir(self) -> Graph:
        """The graph alone: what a model means, without where it is drawn."""
        # Records of different classes are never equal: for graphs to compare, blocks become plain nodes.
        shared = {item.name: getattr(self, item.name) for item in fields(Graph)}
        return Graph(**{**shared, "nodes": tuple(map(_bare, self.nodes))})

    @cached_property
    def label_counts(self) -> tuple[Counter[str], Counter[tuple[str, int]]]:
        """How many blocks each letter has, and how many in each line: by which texts for people distinguish them."""
        letters = Counter(block.letter for block in self.blocks)
        return letters, Counter((block.letter, block.span.line) for block in self.blocks)


def _bare(node: Node) -> Node:
    found = {item.name: getattr(node, item.name) for item in fields(Node)}
    if isinstance(node.operation, Call) and isinstance(body := node.operation.body, ModelSpec):
        # What is called is drawn as well.
        found["operation"] = replace(node.operation, body=body.ir)
    return Node(**found)
