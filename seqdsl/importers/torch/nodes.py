"""an operation that computes, as it was called → data: what it reads, which values are its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.ir.direction import Direction


class Kind(Enum):
    """What the values of a node are."""

    LAYER = "those of a layer of the language"
    FINAL = "the final state of a recurrent layer"
    MEMORY = "the memory c behind the last step of an LSTM"
    SCORES = "how alike each query is to each key: half of an attention"
    WEIGHTS = "the softmax of scores: half of an attention"
    WEIGHTED = "each key's value times its weight: their sum over the keys is an attention"
    SCALED = "a value times a number, as queries are before they are compared"
    # Not refused at once: there may be more of them, and nothing may depend on them.
    UNREAD = "those of an operation that cannot be read"


@record(frozen=True)
class Piece:
    """Features side by side of one step of a node.

    Attributes:
        node: which node; its index.
        step: which step of it.
        first: the first of its features.
        count: how many features.
    """

    node: int
    step: int
    first: int
    count: int


# cat((h, x), -1) of h with 4 features and x with 2: (Piece(h, 0, 0, 4), Piece(x, 0, 0, 2))
Row = tuple[Piece, ...]
"""What one step reads; nothing: zero."""


@record(frozen=True)
class EachStep:
    """What each step of a node reads."""

    rows: tuple[Row, ...]


@record(frozen=True)
class AllSteps:
    """What all steps of a node read alike: the steps of a memory, each a row."""

    rows: tuple[Row, ...]


Operand = EachStep | AllSteps


@record(frozen=True)
class Begins:
    """The state with which a recurrent node begins.

    Attributes:
        h: what its value was one step before.
        c: an LSTM's memory; ``None``: there is none.
    """

    h: Row
    c: Row | None = None


@record(frozen=True)
class Site:
    """Where a model calls an operation.

    Attributes:
        module: the path of the module that does.
        kind: the module's class; empty: the model itself.
        line: ``file:line`` of the innermost line that is not PyTorch's.
        stack: all lines that lead there: two calls of one stack are of one loop.
        is_layer: whether the module is one of PyTorch's own.
    """

    module: str = ""
    kind: str = ""
    line: str = ""
    stack: tuple[tuple[str, int], ...] = ()
    is_layer: bool = False


@dataclass
class Node:
    """An operation that computes, and its values: the labels from ``first`` on.

    Attributes:
        index: its place among the nodes.
        first: its first label.
        samples: of how many samples it has values; 1: they are the same for each.
        steps: how many steps it has for each sample.
        features: how many features each step has.
        kind: what its values are.
        word: the layer, or the operation, as the language calls it.
        arguments: the layer's arguments, as they are written; ``None`` for one without a name's value.
        layer: where the model has its weights; empty: it has none.
        operands: what it reads.
        is_vector: whether its one step is no sequence.
        direction: of a recurrent layer.
        begins: a recurrent layer's initial state; ``None``: zero.
        site: where it was called.
        grid: the places of each step: height and width, or how many; empty: a step holds features alone.
            Its numbers are labeled by width, height and channel.
        notes: what else there is to know, by name.
    """

    index: int
    first: int
    samples: int
    steps: int
    features: int
    kind: Kind
    word: str
    arguments: tuple[tuple[str, str], ...] = ()
    layer: str = ""
    operands: tuple[Operand, ...] = ()
    is_vector: bool = False
    direction: Direction | None = None
    begins: Begins | None = None
    site: Site = field(default_factory=Site)
    grid: tuple[int, ...] = ()
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def each(self) -> int:
        """How many values it has for a sample."""
        return self.steps * self.features

    @property
    def end(self) -> int:
        """The label behind its last."""
        return self.first + self.samples * self.each

    @property
    def call(self) -> str:
        """The layer as it is written: ``lstm(8, bias=false)``."""
        written = [value if name.isdigit() else f"{name}={value}" for name, value in self.arguments]
        return f"{self.word}({', '.join(written)})" if written else self.word


class Refused(Exception):
    """An operation cannot be read; the text says why.

    Attributes:
        way: what to do instead; empty: there is nothing to say.
    """

    def __init__(self, reason: str, way: str = "") -> None:
        """Say why, and what to do instead."""
        super().__init__(reason)
        self.way = way


class Mixed(Refused):
    """What was taken for the axis of samples is none: an operation reads several samples together."""
