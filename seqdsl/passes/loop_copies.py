"""steps of what a loop's member reads → expressions over the nodes that the members are cut into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    Elementwise,
    Expression,
    LastValid,
    Repeat,
    Slice,
    Step,
    Value,
    Zeros,
)
from seqdsl.ir.loop_sources import Beside, Lag, Outer, Zero
from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.loop_sources import Piece, Source
    from seqdsl.ir.loops import Loop
    from seqdsl.ir.shapes import Shapes
    from seqdsl.model.spec import ModelSpec

_NONE = Size.of(0)


@dataclass(slots=True)
class Copies:
    """The nodes that compute the steps of a loop's members.

    Attributes:
        spec: the model.
        loop: the loop.
        shapes: the types of its expressions.
        copies: by the number of a member the nodes that compute its steps, each with its first step and its end.
    """

    spec: ModelSpec
    loop: Loop
    shapes: Shapes
    copies: dict[int, list[tuple[int, Size, Size]]] = field(default_factory=dict)

    def stream(self, pieces: Sequence[Piece], start: Size, count: Size) -> Expression:
        """The steps ``start`` to ``start + count`` of what is read, as a sequence."""
        found = [
            self._sequence(piece.read, first, end - first)
            for piece, first, end in self._overlaps(
                [(piece, piece.start, piece.start + piece.count) for piece in pieces], start, count
            )
        ]
        return found[0] if len(found) == 1 else ConcatTime(tuple(found))

    def _overlaps(
        self, items: Sequence[tuple[Any, Size, Size]], start: Size, count: Size
    ) -> Iterator[tuple[Any, Size, Size]]:
        """The items that have some of the steps, each with those it has."""
        # Of pieces 0-3 and 3-7, the steps 2 to 5: 2-3 and 3-5. Which of two sizes is larger is the same for all
        # lengths that data may have, or `find_loops` has refused the loop.
        sizes = self.shapes.sizes
        for item, first, end in items:
            low = first if min(sizes.values(first - start)) >= 0 else start
            high = end if min(sizes.values(start + count - end)) >= 0 else start + count
            if max(sizes.values(high - low)) > 0:
                yield item, low, high

    def _sequence(self, source: Source, start: Size, count: Size) -> Expression:
        """What is read at some of the reader's steps."""
        match source:
            case Outer(of, None):
                return Repeat(of, count, self._like(count))
            case Outer(of, shift):
                assert shift is not None
                steps, _ = self.shapes.sequence(of)
                return _cut(of, start + shift, count, steps)
            case Zero(features, grid):
                return Zeros(count, features, self._vector(), grid=grid)
            case Lag():
                return self._member(source, start, count)
        parts = [self._sequence(part, start, count) for part in source.parts]
        if isinstance(source, Beside):
            return ConcatFeatures(tuple(parts))
        return Elementwise(source.how, tuple(parts))

    def _member(self, lag: Lag, start: Size, count: Size) -> Expression:
        """Steps of a member, of all the nodes that have some of them."""
        # D is cut into D1 with the steps 0 to 2 and D2 with 3 to 6. Steps 2 to 4 of it are the last one of D1, and
        # the first two of D2.
        copies = [(copy, copy[1], copy[2]) for copy in self.copies[lag.member]]
        parts = [
            _cut(self._read(lag, number), first - begin, end - first, done - begin)
            for (number, begin, done), first, end in self._overlaps(
                copies, start + lag.shift, count
            )
        ]
        return parts[0] if len(parts) == 1 else ConcatTime(tuple(parts))

    def _read(self, lag: Lag, number: int) -> Expression:
        """A part of a member as it is read: in its padded steps, its last valid one may be in the part before."""
        if lag.held is None:
            return Value(number)
        #   a b . | . c      D2 has no valid step before its second one: there it is D1's last one, b
        start = lag.held.start
        for copy, first, end in self.copies[lag.member]:
            value = LastValid(Value(copy), start)
            if copy == number:
                break
            start = Step(value, end - first - 1, end - first)
        return value

    def _like(self, count: Size) -> Expression | None:
        """A sequence of so many steps, where their number comes with the data."""
        if not count.names & set(self.spec.free):
            return None
        for item in self.spec.inputs:
            steps = self.spec.nodes[item.block].steps
            if steps is not None and self.shapes.sizes.same(steps, count):
                return Value(item.block)
        name = self.spec.blocks[self.loop.members[0].node].name
        raise UnevenLoop(name, f"no input has {count} steps, at which a value is repeated")

    def _vector(self) -> Expression:
        """A vector, which tells how many samples there are."""
        node = self.spec.nodes[self.spec.inputs[0].block]
        value = Value(node.index)
        return value if node.steps is None else Step(value, _NONE, node.steps)


def _cut(of: Expression, start: Size, count: Size, steps: Size) -> Expression:
    return of if start == _NONE and count == steps else Slice(of, start, count, 1, steps)
