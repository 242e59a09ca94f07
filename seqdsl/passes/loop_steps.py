"""what a step of a loop's member reads → an expression over vectors: of this step, of earlier ones, of outer values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatFeatures,
    Elementwise,
    Expression,
    Repeat,
    Slice,
    Step,
    Value,
    Zeros,
)
from seqdsl.ir.loop_sources import Beside, Combined, Lag, Outer, Zero, lags_of, opened
from seqdsl.ir.nodes import UNMASKED
from seqdsl.ir.operations import Placeholder
from seqdsl.passes.loop_body import STEP, Delay
from seqdsl.passes.loop_parts import MOST_STARTS
from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.loop_sources import Piece, Source
    from seqdsl.ir.loops import Loop, Member
    from seqdsl.ir.shapes import Shapes
    from seqdsl.model.spec import Block, ModelSpec

_NONE = Size.of(0)
_ONE = Size.of(1)


@dataclass(slots=True)
class StepReads:
    """Makes expressions for one step of a loop, and the values that they take from earlier steps.

    Attributes:
        spec: the model.
        loop: the loop.
        shapes: the types of its expressions.
        free: the next number for a node.
        numbers: the nodes of the body, by the members that they compute a step of.
        delays: what is read of earlier steps, by what it is.
        readers: the nodes of the body that read each of these, by its number.
        stands: nodes that stand for what is carried on.
        outer: what is read of sequences that are there before the loop.
    """

    spec: ModelSpec
    loop: Loop
    shapes: Shapes
    free: int
    numbers: dict[int, int] = field(default_factory=dict)
    delays: dict[tuple[object, ...], Delay] = field(default_factory=dict)
    readers: dict[int, list[int]] = field(default_factory=dict)
    stands: list[Block] = field(default_factory=list)
    outer: dict[Expression, None] = field(default_factory=dict)

    def uneven(self, member: int) -> UnevenLoop:
        """What is wrong with a loop whose steps read now this, now that."""
        return UnevenLoop(self.spec.blocks[member].name, "its steps do not read alike")

    def number(self) -> int:
        """A number for a new node."""
        self.free += 1
        return self.free - 1

    def stand(self, like: Block, steps: Size | None, features: Size) -> int:
        """A number that stands for a value that is carried on."""
        index = self.number()
        self.stands.append(
            replace(
                like,
                index=index,
                layer=None,
                steps=steps,
                features=features,
                operation=Placeholder(),
                masking=UNMASKED,
                given="",
            )
        )
        return index

    def sequence(self, source: Source, start: Size, count: Size) -> Expression:
        """Some steps of what is there before the loop."""
        # Only the size of the batch is taken from an input here.
        if isinstance(source, Zero):
            like = Value(self.spec.inputs[0].block)
            return Zeros(count, source.features, like, grid=source.grid)
        if isinstance(source, Beside):
            return ConcatFeatures(tuple(self.sequence(p, start, count) for p in source.parts))
        if isinstance(source, Combined):
            parts = tuple(self.sequence(part, start, count) for part in source.parts)
            return Elementwise(source.how, parts)
        assert isinstance(source, Outer)
        if source.shift is None:
            return Repeat(source.of, count)
        steps, _ = self.shapes.sequence(source.of)
        return _cut(source.of, source.shift + start, count, steps)

    def stream(self, pieces: Sequence[Piece], member: Member) -> Expression:
        """What is read at every step; at the first ones, a delay has what stands there."""
        *first, last = pieces
        starts = [(piece, step) for piece in first for step in self._steps_of(piece)]
        return self._value(last.read, [piece.read for piece, _ in starts], member)

    def _steps_of(self, piece: Piece) -> range:
        if piece.count.constant is None or piece.count.constant > MOST_STARTS:
            raise self.uneven(self.loop.members[0].node)
        return range(piece.count.constant)

    def _value(self, source: Source, starts: Sequence[Source], member: Member) -> Expression:
        """What is read at a step, given what stands in its place at the first ones."""
        if isinstance(source, Lag) and source.steps:
            return self._delayed(source, starts, member)
        if not isinstance(source, Beside | Combined):
            # Only a value of an earlier step has anything else in its place.
            if any(opened(start) != opened(source) for start in starts):
                raise self.uneven(self.loop.members[0].node)
            return self._now(source)
        parts = [
            self._value(part, self._parts(starts, number, source), member)
            for number, part in enumerate(source.parts)
        ]
        if isinstance(source, Beside):
            return ConcatFeatures(tuple(parts))
        return Elementwise(source.how, tuple(parts))

    def _now(self, source: Outer | Lag | Zero) -> Expression:
        """What is read of this step."""
        match source:
            case Lag(member):
                return Value(self.numbers[member])
            case Outer():
                return self._at_step(source, STEP)
        return Step(self.sequence(source, _NONE, _ONE), _NONE, _ONE)

    def _parts(
        self, starts: Sequence[Source], number: int, whole: Beside | Combined
    ) -> list[Source]:
        """The parts of what stands at the first steps, which is made as what comes after."""
        found = []
        for start in map(opened, starts):
            is_alike = isinstance(start, type(whole)) and len(start.parts) == len(whole.parts)
            if not is_alike:
                raise self.uneven(self.loop.members[0].node)
            found.append(start.parts[number])  # type: ignore[union-attr]
        return found

    def _at_step(self, source: Outer, step: Size) -> Expression:
        """An outer value at a step: of a sequence that is there before the loop."""
        if source.shift is None:
            self.outer[source.of] = None
            return source.of
        if isinstance(source.of, Slice) and source.of.stride == 1 and source.shift is not None:
            # x[:, 3:][:, step] is x[:, step + 3].
            return self._at_step(Outer(source.of.of, source.of.start + source.shift), step)
        steps, _ = self.shapes.sequence(source.of)
        whole = _cut(source.of, source.shift, self.loop.members[0].steps, steps)
        if source.shift.constant is not None or step != STEP:
            self.outer[source.of] = None
            return Step(source.of, source.shift + step, steps)
        # A step after so many as the data has: counted in what is left of it.
        self.outer[whole] = None
        return Step(whole, step, self.loop.members[0].steps)

    def _delayed(self, lag: Lag, starts: Sequence[Source], member: Member) -> Expression:
        # What is read from the step on at which the value is the loop's own; before it, something else.
        first, others = starts[: lag.steps], starts[lag.steps :]
        is_outer = not any(True for source in first for _ in lags_of(source))
        if len(first) < lag.steps or not is_outer or any(source != lag for source in others):
            raise self.uneven(lag.member)
        # Equal delays are one variable, whoever reads them.
        begun = tuple(self._start(start, number) for number, start in enumerate(first))
        is_held = lag.held is not None
        key = (lag.member, lag.steps, begun, is_held)
        if key not in self.delays:
            node = self.spec.blocks[lag.member]
            index = self.stand(node, None, node.features)
            of = self.numbers[lag.member]
            self.delays[key] = Delay(index, of, lag.steps, begun, is_held=is_held, in_place=False)
        number = self.delays[key].node
        self.readers.setdefault(number, []).append(self.numbers[member.node])
        return Value(number)

    def _start(self, source: Source, step: int) -> Expression | None:
        """A value that stands in the place of an earlier one, at a step that is known."""
        match source:
            case Zero():
                return None
            case Outer():
                return self._at_step(source, Size.of(step))
            case Beside(parts):
                return Step(self.sequence(Beside(parts), Size.of(step), _ONE), _NONE, _ONE)
        return Step(self.sequence(source, Size.of(step), _ONE), _NONE, _ONE)

    def features(self, source: Source) -> Size:
        """How many features are read."""
        match source:
            case Zero(features):
                return features
            case Lag(member):
                return self.spec.blocks[member].features
            case Outer(of):
                return self.shapes.of(of).features
            case Beside(parts):
                return sum((self.features(part) for part in parts), _NONE)
        return self.features(source.parts[0])


def _cut(of: Expression, start: Size, count: Size, steps: Size) -> Expression:
    return of if start == _NONE and count == steps else Slice(of, start, count, 1, steps)
