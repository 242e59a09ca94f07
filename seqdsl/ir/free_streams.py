"""expression → stream: what a piece of it is, where an input comes in pieces, and what is there before the first one.

::

    image  Z  Z  Z     concat_time([image, Z])    a piece of it is a piece of Z; before the first one there is the image
    D      D  D  D
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    LastValid,
    Pad,
    Repeat,
    Slice,
    Value,
    blocks_of,
)
from seqdsl.ir.free_known import KnownSequences
from seqdsl.ir.free_members import Delay
from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.shapes import Shapes

PIECE = Size.of("_piece")
"""The length of a piece: the prompt's, then 1."""

_NONE = Size.of(0)


class NoStream(Exception):
    """A step of an expression is not known before later steps of the input."""


class NoPiece(NoStream):
    """A sequence that is known as a whole would have to be cut into pieces, to stand beside one that comes so."""


@record(frozen=True)
class Stream:
    """An expression in pieces.

    Attributes:
        step: what it is of a piece, of the pieces that others are.
        head: what it is of the steps before the first piece; ``None``: there are none.
        ahead: how many these are; negative: so many steps of the input are over before it begins.
    """

    step: Expression
    head: Expression | None
    ahead: Size


class StreamReader:
    """Reads expressions as streams."""

    def __init__(
        self,
        ahead: Mapping[int, Size],
        like: int,
        shapes: Shapes,
        join: Callable[[int, Size], bool],
    ) -> None:
        """Read with what is known of the nodes.

        Args:
            ahead: the steps that each node has before the first piece, of those that come in pieces.
            like: a node that is as long as a piece.
            shapes: the types of all expressions.
            join: lets a node that stands beside a piece come in pieces, too, with so many steps before the first
                one; tells whether it can.
        """
        self.ahead, self.like, self.shapes, self.join = ahead, Value(like), shapes, join
        self.whole: set[int] = set()
        """The nodes that were read as a whole."""
        self.pending: set[int] = set()
        """The members of loops: of those that come later within a step, the step before is read."""
        self.delays: dict[Expression, Delay] = {}
        """What stands for what is read of them."""
        self.known = KnownSequences(shapes)
        """What is read of sequences that are there as a whole."""
        self.next = 0
        """The number of what stands for the next of both."""

    def is_outer(self, expression: Expression) -> bool:
        """Whether an expression is there as a whole before the first piece."""
        # Of what is repeated at each step, only that counts; how often tells the length of the input, maybe.
        read = expression.of if isinstance(expression, Repeat) else expression
        return not blocks_of(read) & (self.ahead.keys() | self.pending)

    def read(self, expression: Expression) -> Stream:
        """An expression that comes in pieces.

        Raises:
            NoStream: it does not.
        """
        if isinstance(expression, Value) and expression.block in self.ahead:
            return self._value(expression)
        if isinstance(expression, Repeat) and self.is_outer(expression):
            return self._outer(expression, _NONE)
        if isinstance(expression, ConcatFeatures | Elementwise):
            return self._beside(expression)
        is_looped = bool(blocks_of(expression) & self.pending)
        # [image, D] has all steps of a loop's member, [start, D[0:+2 of 3]] those of the step before.
        is_whole = isinstance(expression, ConcatTime) and isinstance(expression.parts[-1], Value)
        if is_looped and isinstance(expression, ConcatTime | Pad) and not is_whole:
            return self._delayed(expression)
        if isinstance(expression, ConcatTime):
            return self._after(expression)
        return self._part(expression)

    def _value(self, value: Value) -> Stream:
        # Without steps in front there is nothing to compute once; a row that begins later than Z has none either.
        ahead = self.ahead[value.block]
        is_late = ahead.constant is not None and ahead.constant <= 0
        return Stream(value, None if is_late else value, ahead)

    def _part(self, expression: Expression) -> Stream:
        """All steps from some step on."""
        if isinstance(expression, Slice) and expression.stride == 1:
            return self._cut(expression.of, expression.start)
        if isinstance(expression, DynamicSlice) and expression.before is not None:
            steps, _ = self.shapes.sequence(expression.before)
            return self._cut(expression.of, steps)
        raise NoStream

    def side_by_side(self, parts: Sequence[Expression]) -> tuple[Stream, ...]:
        """Expressions of equal lengths, some of which come in pieces.

        Raises:
            NoStream: not all do, step by step.
        """
        inner = {part: self.read(part) for part in parts if not self.is_outer(part)}
        if not inner:
            raise NoStream
        # All begin at one step: a residual around a row with an image in front has to have one, too.
        ahead = next(iter(inner.values())).ahead
        for stream in inner.values():
            self.shapes.sizes.agree("steps", stream.ahead, ahead)
        return tuple(inner[part] if part in inner else self._outer(part, ahead) for part in parts)

    def _outer(self, expression: Expression, ahead: Size) -> Stream:
        """What stands beside something that comes in pieces."""
        if isinstance(expression, Repeat):
            head = None if ahead == _NONE else Repeat(expression.of, ahead)
            return Stream(Repeat(expression.of, PIECE, self.like), head, ahead)
        if isinstance(expression, Value) and self.join(expression.block, ahead):
            return self._value(expression)
        return self._known(expression, ahead, is_mask=False)

    def mask(self, expression: Expression, ahead: Size) -> Stream:
        """The mask of an expression, in pieces: of a sequence that is known as a whole, it is known, too."""
        if not self.is_outer(expression):
            return self.read(expression)
        return self._known(expression, ahead, is_mask=True)

    def _known(self, expression: Expression, ahead: Size, *, is_mask: bool) -> Stream:
        if ahead.constant is None or ahead.constant < 0:
            raise NoPiece
        known = self.known.piece(expression, int(ahead.constant), self.next, is_mask=is_mask)
        # The numbers of what stands for something follow those of the graph's nodes without a gap.
        self.next += known.node == self.next
        return Stream(Value(known.node), self.known.head(expression, ahead), ahead)

    def _beside(self, expression: ConcatFeatures | Elementwise) -> Stream:
        streams = self.side_by_side(expression.parts)
        heads = tuple(item.head for item in streams if item.head is not None)
        return Stream(
            _with_parts(expression, tuple(item.step for item in streams)),
            _with_parts(expression, heads) if heads else None,
            streams[0].ahead,
        )

    def _after(self, expression: ConcatTime) -> Stream:
        """What comes in pieces after what is there before."""
        # image Z Z Z has one step of its own, source source Z Z two; Z image would need Z's last step first.
        *before, last = expression.parts
        if not all(map(self.is_outer, before)):
            raise NoStream
        stream = self.read(last)
        heads = (*before, *([] if stream.head is None else [stream.head]))
        ahead = stream.ahead
        for part in before:
            steps, _ = self.shapes.sequence(part)
            ahead += steps
        return Stream(stream.step, heads[0] if len(heads) == 1 else ConcatTime(heads), ahead)

    def _delayed(self, expression: ConcatTime | Pad) -> Stream:
        """What a loop gave some steps before: ``[start, D[0:+2 of 3]]`` of three steps is one step before."""
        if expression not in self.delays:
            self.delays[expression] = (
                self._padded(expression) if isinstance(expression, Pad) else self._begun(expression)
            )
            self.next += 1
        delay = self.delays[expression]
        kept = Value(delay.node)
        # Of several steps that are kept, the oldest one is read.
        whole = Size.of(delay.count)
        step = kept if delay.count == 1 else Slice(kept, _NONE, Size.of(1), 1, whole)
        return Stream(step, None, _NONE)

    def _padded(self, pad: Pad) -> Delay:
        """What is zero before the first step."""
        if pad.after != _NONE or pad.before.constant is None:
            raise NoStream
        return Delay(self.next, self._shifted(pad.of, None), int(pad.before.constant), None)

    def _begun(self, expression: ConcatTime) -> Delay:
        """What something else is before the first step."""
        *before, last = expression.parts
        count = self._steps(before)
        first = before[0] if len(before) == 1 else ConcatTime(tuple(before))
        if count is None or not self.is_outer(first):
            raise NoStream
        return Delay(self.next, self._shifted(last, first), count, first)

    def _shifted(self, expression: Expression, first: Expression | None) -> int:
        """The member whose steps are read from the first one on, behind ``first``; it comes later within a step."""
        if not isinstance(expression, Slice):
            raise NoStream
        of = expression.of
        if isinstance(of, LastValid) and _begins_with(of, first):
            # What is kept of a padded step is what was kept before it: in the beginning, what is read there.
            of = of.of
        # What was computed within this step is there already, as it is, and not as it was one step before.
        is_later = isinstance(of, Value) and of.block not in self.ahead
        if not is_later or expression.start != _NONE or expression.stride != 1:
            raise NoStream
        assert isinstance(of, Value)
        return of.block

    def _steps(self, parts: Sequence[Expression]) -> int | None:
        """How many steps expressions have together, if that is known."""
        steps = _NONE
        for part in parts:
            steps += self.shapes.sequence(part)[0]
        return None if steps.constant is None else int(steps.constant)

    def _cut(self, of: Expression, start: Size) -> Stream:
        """What is left without the first steps."""
        stream = self.read(of)
        left = stream.ahead - start
        # What is behind the end of a slice is of no matter: pieces go on for ever.
        if stream.head is None or (left.constant is not None and left.constant <= 0):
            return Stream(stream.step, None, left)
        if left.constant is None:
            raise NoStream
        return Stream(stream.step, Slice(stream.head, start, left, 1, stream.ahead), left)


def _begins_with(held: LastValid, first: Expression | None) -> bool:
    """Whether something is, before its first valid step, what is read before its first step; ``None``: zero."""
    if held.start is None or first is None:
        return held.start is first
    return isinstance(first, Repeat) and first.of == held.start


def _with_parts(
    expression: ConcatFeatures | Elementwise, parts: tuple[Expression, ...]
) -> Expression:
    if isinstance(expression, Elementwise):
        return Elementwise(expression.how, parts)
    return ConcatFeatures(parts)
