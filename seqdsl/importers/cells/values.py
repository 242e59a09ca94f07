"""operations of a cell's step → values as data, each once; a part of one is made of the same parts of others.

A cell joins what it may: its matrices, its gates. What comes of that is cut again::

    z = ops.matmul(x, self.kernel)              Product(x, kernel)
    i, f = ops.split(z, 2, axis=-1)             Product(x, kernel[:, :8]), Product(x, kernel[:, 8:])

so that a gate is what its part of the matrices makes of `x`, whichever way the cell's author keeps them. Columns of
values have numbers, and so have weights: what only moves them is run on the numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]


class Held(NamedTuple):
    """Weights by their numbers, as they can be compared."""

    shape: tuple[int, ...]
    data: bytes

    @staticmethod
    def of(numbers: Numbers) -> Held:
        """The weights of an array of numbers."""
        return Held(numbers.shape, numbers.astype(np.int64).tobytes())

    @property
    def numbers(self) -> Numbers:
        """The array."""
        return np.frombuffer(self.data, np.int64).reshape(self.shape)

    def columns(self, start: int, stop: int) -> Held:
        """Some of the last axis."""
        return Held.of(self.numbers[..., start:stop])


@record(frozen=True)
class Leaf:
    """What a step reads: ``x``, or a state."""

    name: str


@record(frozen=True)
class Plain:
    """A number."""

    value: float


@record(frozen=True)
class Part:
    """Some columns of a value that is one."""

    of: int
    start: int
    stop: int


@record(frozen=True)
class Product:
    """A value times a matrix."""

    of: int
    matrix: Held


@record(frozen=True)
class Bias:
    """A vector that is added."""

    vector: Held


@record(frozen=True)
class Scaled:
    """A value times a factor for each feature."""

    of: int
    vector: Held


@record(frozen=True)
class Normal:
    """A value that is normalized, then scaled and shifted."""

    of: int
    scale: Held
    shift: Held


@record(frozen=True)
class Applied:
    """An activation of a value."""

    word: str
    of: int


@record(frozen=True)
class Both:
    """Two values element by element: ``+``, ``-``, ``*``, ``/``, ``max`` or ``min``."""

    sign: str
    left: int
    right: int


@record(frozen=True)
class Joined:
    """Values side by side."""

    of: tuple[int, ...]


Node = Leaf | Plain | Part | Product | Bias | Scaled | Normal | Applied | Both | Joined

_WHOLE = ("softmax", "log_softmax")
"""Activations that look at all features."""


class Values:
    """The values of one cell; each is known by its number, and stands behind those that it is made of."""

    def __init__(self) -> None:
        """Begin without any."""
        self.nodes: list[Node] = []
        self.widths: list[int] = []
        # Where the numbers of each value's columns begin: none is 0, which stands for a number that is filled in.
        self._starts: list[int] = []
        self._known: dict[Node, int] = {}
        self._end = 1

    def add(self, node: Node, width: int) -> int:
        """The number of a value of so many features."""
        if node not in self._known:
            self._known[node] = len(self.nodes)
            self.nodes.append(node)
            self.widths.append(width)
            self._starts.append(self._end)
            self._end += width
        return self._known[node]

    @property
    def count(self) -> int:
        """More than any column's number."""
        return self._end

    def columns(self, parts: Sequence[int]) -> Numbers:
        """The numbers of the columns of values side by side."""
        return np.concatenate(
            [self._starts[at] + np.arange(self.widths[at], dtype=np.int64) for at in parts]
        )

    def gathered(self, columns: Numbers) -> tuple[int, ...]:
        """The values whose columns stand side by side here."""
        found, at = [], 0
        # Each round takes as many columns as follow each other in one value.
        while at < len(columns):
            node = bisect_right(self._starts, int(columns[at])) - 1
            start = int(columns[at]) - self._starts[node]
            most = min(self.widths[node] - start, len(columns) - at)
            wanted = columns[at] + np.arange(most)
            other = np.flatnonzero(columns[at : at + most] != wanted)
            stop = int(other[0]) if len(other) else most
            found.append(self.cut(node, start, start + stop))
            at += stop
        return tuple(found)

    def joined(self, parts: Sequence[int]) -> int:
        """Values side by side as one."""
        if len(parts) == 1:
            return parts[0]
        return self.add(Joined(tuple(parts)), sum(self.widths[at] for at in parts))

    def cut(self, at: int, start: int, stop: int) -> int:
        """Some columns of a value."""
        if (start, stop) == (0, self.widths[at]):
            return at
        node = self.nodes[at]
        match node:
            case Product():
                made: Node = replace(node, matrix=node.matrix.columns(start, stop))
            case Bias():
                made = Bias(node.vector.columns(start, stop))
            case Scaled():
                inner = self.cut(node.of, start, stop)
                made = Scaled(inner, node.vector.columns(start, stop))
            case Applied() if node.word not in _WHOLE:
                made = replace(node, of=self.cut(node.of, start, stop))
            case Both():
                made = Both(
                    node.sign, *(self._side(item, start, stop) for item in (node.left, node.right))
                )
            case Part():
                made = Part(node.of, node.start + start, node.start + stop)
            # x, a state, or what looks at all features: a `split` of its own gives its parts.
            case _:
                made = Part(at, start, stop)
        return self.add(made, stop - start)

    def _side(self, at: int, start: int, stop: int) -> int:
        # One feature is spread over all.
        return at if self.widths[at] == 1 else self.cut(at, start, stop)

    def within(self, at: int) -> Iterator[int]:
        """The values that one is made of."""
        match self.nodes[at]:
            case Leaf() | Plain() | Bias():
                return
            case Both(left=left, right=right):
                yield from (left, right)
            case Joined(of=parts):
                yield from parts
            case Part(of=of) | Product(of=of) | Scaled(of=of) | Normal(of=of) | Applied(of=of):
                yield of
