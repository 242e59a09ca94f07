"""expressions of a loop's members → what each step reads: outer values, earlier steps, zeros, piece by piece.

concat_time([%S, %Y[0:+3 of 4]])        step 0: `%S`; steps 1 to 3: `%Y`, its own step minus 1
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    FinalState,
    LastValid,
    Pad,
    Repeat,
    Slice,
    Step,
    Value,
    Zeros,
    blocks_of,
)
from seqdsl.ir.loop_faults import Fault, NoLoop
from seqdsl.ir.loop_sources import Beside, Combined, Lag, Outer, Piece, Zero, shifted
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.loop_sources import Source
    from seqdsl.ir.shapes import Shapes

_NONE = Size.of(0)
_ONE = Size.of(1)


class Streams:
    """Takes the expressions of a loop's members apart.

    Attributes:
        members: the nodes of the loop.
        shapes: the types of all expressions.
        reader: the member whose expressions are read.
    """

    def __init__(self, members: frozenset[int], shapes: Shapes) -> None:
        """Begin with the members, and the types of all nodes."""
        self.members, self.shapes = members, shapes
        self.reader = -1

    def of(self, expression: Expression) -> tuple[Piece, ...]:
        """What each step of a sequence is."""
        return tuple(self._merged(self._pieces(expression)))

    def windows(
        self, expression: Expression, zeros: Size, reach: Size, count: Size
    ) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        """The first ``reach`` steps of a sequence behind some zeros, and the ``count`` steps that come after them."""
        # More zeros are there than windows need where some of them are behind the sequence.
        pieces = self._padded(expression, zeros, reach)
        before = self._merged(self._cut(pieces, _NONE, reach))
        return tuple(before), tuple(self._merged(self._cut(pieces, reach, count)))

    def fault(self, fault: Fault, expression: Expression) -> NoLoop:
        """What is wrong with how the reader reads."""
        return NoLoop(fault, self.reader, min(blocks_of(expression) & self.members))

    def _pieces(self, expression: Expression) -> list[Piece]:
        if isinstance(expression, Zeros):
            return [Piece(_NONE, expression.count, Zero(expression.width, expression.grid))]
        if isinstance(expression, Repeat) and not blocks_of(expression.of) & self.members:
            # The same at every step: what gives the length may well be a member.
            return [Piece(_NONE, expression.count, Outer(expression.of, None))]
        if not blocks_of(expression) & self.members:
            steps, _ = self.shapes.sequence(expression)
            return [Piece(_NONE, steps, Outer(expression, _NONE))]
        apart = _APART.get(type(expression))
        if apart is None:
            # All steps as one vector, steps from the end backward, valid ones first.
            raise self.fault(Fault.STRIDE, expression)
        return apart(self, expression)

    def _value(self, item: Value) -> list[Piece]:
        steps, _ = self.shapes.sequence(item)
        return [Piece(_NONE, steps, Lag(item.block, _NONE))]

    def _last_valid(self, item: LastValid) -> list[Piece]:
        # What is there before the first valid step stands in the place of an earlier step: as a piece of its own.
        steps, _ = self.shapes.sequence(item.of)
        return [Piece(_NONE, steps, Lag(item.of.block, _NONE, held=item))]

    def _slice(self, item: Slice) -> list[Piece]:
        if item.stride != 1 and item.count != _ONE:
            raise self.fault(Fault.STRIDE, item)
        return self._cut(self._pieces(item.of), item.start, item.count)

    def _dynamic_slice(self, item: DynamicSlice) -> list[Piece]:
        start = _NONE if item.before is None else self.shapes.sequence(item.before)[0]
        return self._cut(self._pieces(item.of), start, self.shapes.sequence(item.like)[0])

    def _concat_time(self, item: ConcatTime) -> list[Piece]:
        return list(_in_turn(map(self._pieces, item.parts)))

    def _concat_features(self, item: ConcatFeatures) -> list[Piece]:
        return self._side_by_side([self._pieces(part) for part in item.parts], Beside)

    def _elementwise(self, item: Elementwise) -> list[Piece]:
        streams = [self._pieces(part) for part in item.parts]
        return self._side_by_side(streams, lambda parts: Combined(item.how, parts))

    def _repeat(self, item: Repeat) -> list[Piece]:
        """One step that is read as a vector, as a sequence of one."""
        vector = item.of
        if item.count == _ONE and isinstance(vector, Step):
            return self._cut(self._pieces(vector.of), vector.index, _ONE)
        # A node of a recurrent layer that stands alone has no steps: its state is its value.
        is_row = isinstance(vector, FinalState) and self.shapes.of(Value(vector.block)).steps
        if item.count == _ONE and isinstance(vector, FinalState) and is_row:
            steps, _ = self.shapes.sequence(Value(vector.block))
            return self._cut(self._pieces(Value(vector.block)), steps - 1, _ONE)
        raise self.fault(Fault.WHOLE, vector)

    def _pad(self, item: Pad) -> list[Piece]:
        return self._padded(item.of, item.before, item.after)

    def _padded(self, of: Expression, before: Size, after: Size) -> list[Piece]:
        each = self.shapes.of(of)
        zero = Zero(each.features, each.grid)
        zeros = [Piece(_NONE, count, zero) for count in (before, after)]
        return list(_in_turn([[zeros[0]], self._pieces(of), [zeros[1]]]))

    def _side_by_side(
        self,
        streams: list[list[Piece]],
        joined: Callable[[tuple[Source, ...]], Source],
    ) -> list[Piece]:
        """Streams of equal length at once, cut wherever one of them changes."""
        # a a b b b      a a b b b
        # c c c d d  ->  c c c d d     three pieces: of 2 steps, 1 and 2
        found, start = [], _NONE
        rest = [
            [piece for piece in stream if not self._is_empty(piece.count)] for stream in streams
        ]
        while all(rest):
            ends = [stream[0].start + stream[0].count for stream in rest]
            end = self.smallest(ends)
            found.append(Piece(start, end - start, joined(tuple(item[0].read for item in rest))))
            rest = [
                stream[1:] if self.is_same(last, end) else stream
                for stream, last in zip(rest, ends, strict=True)
            ]
            start = end
        return found

    def _cut(self, pieces: list[Piece], start: Size, count: Size) -> list[Piece]:
        """The steps ``start`` to ``start + count`` of pieces, as the first ones of others."""
        # . S y y y .   start 1, count 3      S y y
        found = []
        for piece in pieces:
            first = self.largest([piece.start, start])
            end = self.smallest([piece.start + piece.count, start + count])
            if not self._is_empty(end - first):
                found.append(Piece(first - start, end - first, shifted(piece.read, start)))
        return found

    def _merged(self, pieces: list[Piece]) -> Iterator[Piece]:
        """The pieces that have steps, those that read alike as one."""
        last: Piece | None = None
        for piece in pieces:
            if self._is_empty(piece.count):
                continue
            if last is not None and last.read == piece.read:
                last = replace(last, count=last.count + piece.count)
                continue
            if last is not None:
                yield last
            last = piece
        if last is not None:
            yield last

    def _is_empty(self, count: Size) -> bool:
        # A length that may be 0 keeps its piece.
        return max(self.shapes.sizes.values(count)) <= 0

    def is_same(self, left: Size, right: Size) -> bool:
        """Whether two sizes are one."""
        return self.shapes.sizes.same(left, right)

    def smallest(self, sizes: list[Size]) -> Size:
        """The smallest of some sizes, whatever the lengths are."""
        return self._extreme(sizes, 1)

    def largest(self, sizes: list[Size]) -> Size:
        """The largest of some sizes, whatever the lengths are."""
        return self._extreme(sizes, -1)

    def _extreme(self, sizes: list[Size], sign: int) -> Size:
        for item in sizes:
            differences = (self.shapes.sizes.values((other - item) * sign) for other in sizes)
            if all(min(values) >= 0 for values in differences):
                return item
        raise NoLoop(Fault.UNCLEAR, self.reader, min(self.members))


def _in_turn(streams: Iterable[list[Piece]]) -> Iterator[Piece]:
    """Streams one after the other."""
    start = _NONE
    for stream in streams:
        for piece in stream:
            yield Piece(start + piece.start, piece.count, shifted(piece.read, -start))
        start = start + sum((piece.count for piece in stream), _NONE)


_APART: dict[type, Callable[[Streams, Any], list[Piece]]] = {
    ConcatFeatures: Streams._concat_features,
    ConcatTime: Streams._concat_time,
    DynamicSlice: Streams._dynamic_slice,
    Elementwise: Streams._elementwise,
    LastValid: Streams._last_valid,
    Pad: Streams._pad,
    Repeat: Streams._repeat,
    Slice: Streams._slice,
    Value: Streams._value,
}
"""How expressions in which a member is read are taken apart."""
