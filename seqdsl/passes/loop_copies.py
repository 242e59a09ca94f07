"""steps of what a loop's member reads → expressions over the nodes that the members are cut into."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    Elementwise,
    Expression,
    LastValid,
    Repeat,
    Step,
    Value,
    Zeros,
    blocks_of,
)
from seqdsl.ir.loop_sources import Beside, Lag, Outer, Zero
from seqdsl.ir.loop_streams import Streams
from seqdsl.ir.nodes import UNMASKED
from seqdsl.ir.padded import may_be_padded
from seqdsl.lowering.measures import Measures
from seqdsl.lowering.run_time_steps import RunTimeSteps
from seqdsl.lowering.runtime_lengths import RuntimeLengths, Unmeasured
from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.ir.loop_sources import Piece, Source
    from seqdsl.ir.loops import Loop, Member
    from seqdsl.ir.nodes import Masking
    from seqdsl.ir.shapes import Shapes
    from seqdsl.model.spec import Block, ModelSpec

_NONE = Size.of(0)


@dataclass
class Copies:
    """The nodes that compute the steps of a loop's members.

    Attributes:
        spec: the model.
        loop: the loop.
        shapes: the types of its expressions.
        copies: by the number of a member the nodes that compute its steps, each with its first step and its end.
        masks: the masks of each of these nodes; of a member's first steps there may be none.
    """

    spec: ModelSpec
    loop: Loop
    shapes: Shapes
    copies: dict[int, list[tuple[int, Size, Size]]] = field(default_factory=dict)
    masks: dict[int, tuple[Expression, ...]] = field(default_factory=dict)

    def stream(self, pieces: Sequence[Piece], start: Size, count: Size) -> Expression:
        """The steps ``start`` to ``start + count`` of what is read, as a sequence."""
        found = [
            self._sequence(piece.read, first, end - first, start)
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

    def _sequence(self, source: Source, start: Size, count: Size, begin: Size) -> Expression:
        """What is read at some of the reader's steps, of a part of it that begins at one of them."""
        match source:
            case Outer(of, None):
                return Repeat(of, count, self._like(count))
            case Outer(of, shift):
                assert shift is not None
                return self._outer(of, start + shift, count, begin + shift)
            case Zero(features, grid):
                like = self._like(count)
                return Zeros(count, features, like or self._vector(), like is not None, grid)
            case Lag():
                return self._member(source, start, count)
        parts = [self._sequence(part, start, count, begin) for part in source.parts]
        if isinstance(source, Beside):
            return ConcatFeatures(tuple(parts))
        return Elementwise(source.how, tuple(parts))

    def _outer(self, of: Expression, start: Size, count: Size, begin: Size) -> Expression:
        """Some steps of a sequence from outside of the loop, in a part that begins at the step ``begin`` of it.

        ::

            D reads  x x x|x y y ... y      All steps of the second part read one sequence, the rest of A: a slice
            A        a a a|a a a ... a      of A from each of its pieces on would be another one for each.
        """
        steps = self._length(of)
        is_there = min(self.shapes.sizes.values(begin)) >= 0
        if self._measured.is_index(start, steps) or not is_there:
            return self.taken(of, start, count)
        return self._cut(self.taken(of, begin, steps - begin), start - begin, count, steps - begin)

    def _member(self, lag: Lag, start: Size, count: Size) -> Expression:
        """Steps of a member, of all the nodes that have some of them."""
        # D is cut into D1 with the steps 0 to 2 and D2 with 3 to 6. Steps 2 to 4 of it are the last one of D1, and
        # the first two of D2.
        copies = [(copy, copy[1], copy[2]) for copy in self.copies[lag.member]]
        parts = [
            self._cut(self._read(lag, number), first - begin, end - first, done - begin)
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
            value = LastValid(Value(copy), start) if self.masks[copy] else Value(copy)
            if copy == number:
                break
            start = Step(value, end - first - 1, end - first)
        return value

    def masks_of(self, member: Member, start: Size, steps: Size) -> Iterator[Expression]:
        """The masks of a part of a member; of a sequence that it reads before a masked one there is none."""
        padded = self.padded | {number for number, masks in self.masks.items() if masks}
        for mask in self.spec.nodes[member.node].masks:
            part = self._mask(mask, start, steps)
            if may_be_padded(part, padded):
                yield part

    def _mask(self, mask: Expression, start: Size, steps: Size) -> Expression:
        """Some steps of a mask: where it is that of a member, of its parts, or they would be read in a circle."""
        if not blocks_of(mask) & self.loop.nodes:
            return self.taken(mask, start, steps)
        return self.stream(Streams(self.loop.nodes, self.shapes).of(mask), start, steps)

    def masking(self, node: Block, number: int) -> Masking:
        """The masking of a node as one of its parts has it."""
        masks = self.masks[number]
        if not masks:
            return node.masking if node.masking.begins else UNMASKED
        return replace(node.masking, masks=masks)

    def _like(self, count: Size) -> Expression | None:
        """A sequence of so many steps, where their number comes with the data."""
        if not count.names & set(self.spec.free):
            return None
        try:
            return self._measured.ruler(count)
        except Unmeasured:
            raise self._uneven(f"nothing outside of it has {count} steps") from None

    @cached_property
    def _measured(self) -> RunTimeSteps:
        """Takes steps by what is computed before the loop."""
        nodes = self.spec.nodes
        before = takewhile(lambda index: index not in self.loop.nodes, self.spec.order)
        widths = {index: nodes[index].features for index in before}
        steps = {index: nodes[index].steps for index in widths}
        free = self.spec.free
        return RunTimeSteps(RuntimeLengths(steps, widths, free), free, self._length)

    def _uneven(self, why: str) -> UnevenLoop:
        return UnevenLoop(self.spec.blocks[self.loop.members[0].node].name, why)

    def taken(self, of: Expression, start: Size, count: Size) -> Expression:
        """Some steps of a sequence from outside of the loop, or of its mask, which may have fewer features."""
        return self._cut(of, start, count, self._length(of))

    @cached_property
    def padded(self) -> frozenset[int]:
        """The nodes of the model of whose steps some may be padding."""
        return frozenset(node.index for node in self.spec.nodes if node.masking)

    @cached_property
    def _length(self) -> Callable[[Expression], Size]:
        return Measures({node.index: node.steps for node in self.spec.nodes}, {}).length

    def _cut(self, of: Expression, start: Size, count: Size, steps: Size) -> Expression:
        try:
            return self._measured.cut(of, start, count, steps)
        except Unmeasured:
            raise self._uneven(
                f"nothing outside of it tells where {count} of its steps begin"
            ) from None

    def _vector(self) -> Expression:
        """A vector, which tells how many samples there are."""
        node = self.spec.nodes[self.spec.inputs[0].block]
        value = Value(node.index)
        return value if node.steps is None else Step(value, _NONE, node.steps)
