"""expressions of a graph → the sources of each step, with numbers for all lengths."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatchmethod
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    CarriedState,
    ConcatFeatures,
    ConcatPlaces,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    FinalState,
    Flatten,
    Gather,
    LastSteps,
    LastValid,
    Pad,
    Pool,
    Repeat,
    RepeatSteps,
    Share,
    Slice,
    Step,
    ValidFirst,
    Value,
    Zeros,
)
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.placeholders import placeholder
from seqdsl.layout.pooled import Pooled
from seqdsl.layout.wiring import Counted, Part, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.expressions import Expression
    from seqdsl.size import Size

Sequence = list[tuple[Part, ...]]
"""What is read at each step, side by side; a vector has one."""


class Evaluator:
    """Evaluates expressions.

    Attributes:
        values: the value of each node that is known.
        finals: the final state of each node that has one.
        block_of: the block that each node is, where it is one.
    """

    def __init__(self, numbers: Mapping[str, int], *, counts: bool = False) -> None:
        """Begin without any values.

        Args:
            numbers: a number for each name in a size.
            counts: whether to record how steps of padded rows are counted, which wires alone do not need.
        """
        self.numbers, self.counts = numbers, counts
        self.values: dict[int, Sequence] = {}
        self.finals: dict[int, tuple[Part, ...]] = {}
        self.block_of: dict[int, int] = {}

    def number(self, size: Size) -> int:
        """A size as a number."""
        return size.value(self.numbers)

    @singledispatchmethod
    def steps(self, item: Expression) -> Sequence:
        """What an expression reads at each step.

        Raises:
            Unplaceable: no wires do what it does.
        """
        raise Unplaceable(f"wires for {type(item).__name__}")

    @steps.register
    def _(self, item: Value) -> Sequence:
        return self.values[item.block]

    @steps.register
    def _(self, item: CarriedState) -> Sequence:
        # What the call before left are the steps before the first one: the last two are -2 and -1.
        count = 1 if item.steps is None else self.number(item.steps)
        return [(Source(placeholder(item.block), step),) for step in range(-count, 0)]

    @steps.register
    def _(self, item: LastValid) -> Sequence:
        # At the last valid step, whichever that is: which steps are padding is no matter of wires.
        return self._counted(self.steps(item.of), Counted.HELD)

    @steps.register
    def _(self, item: FinalState) -> Sequence:
        return [self.finals[item.block]]

    @steps.register
    def _(self, item: Slice) -> Sequence:
        # x[5:+3:-1] is x[5] x[4] x[3]
        of, start = self.steps(item.of), self.number(item.start)
        return [of[start + item.stride * at] for at in range(self.number(item.count))]

    @steps.register
    def _(self, item: DynamicSlice) -> Sequence:
        # As many steps as the one has, behind as many as the other has.
        start = 0 if item.before is None else len(self.steps(item.before))
        return self.steps(item.of)[start : start + len(self.steps(item.like))]

    @steps.register
    def _(self, item: LastSteps) -> Sequence:
        of = self.steps(item.of)
        return self._counted(of[len(of) - self.number(item.count) :], Counted.FROM_LAST)

    @steps.register
    def _(self, item: ValidFirst) -> Sequence:
        return self._counted(self.steps(item.of), Counted.FROM_FIRST)

    def _counted(self, of: Sequence, how: Counted) -> Sequence:
        if not self.counts:
            return of
        return [tuple(part and replace(part, counted=how) for part in step) for step in of]

    @steps.register
    def _(self, item: Step) -> Sequence:
        return [self.steps(item.of)[self.number(item.index)]]

    @steps.register
    def _(self, item: Repeat) -> Sequence:
        return self.steps(item.of) * self.number(item.count)

    @steps.register
    def _(self, item: RepeatSteps) -> Sequence:
        return [step for step in self.steps(item.of) for _ in range(item.times)]

    @steps.register
    def _(self, item: Pad) -> Sequence:
        before, after = self.number(item.before), self.number(item.after)
        return [()] * before + self.steps(item.of) + [()] * after

    @steps.register
    def _(self, item: Zeros) -> Sequence:
        return [()] * self.number(item.count)

    @steps.register
    def _(self, item: ConcatTime) -> Sequence:
        return [step for part in item.parts for step in self.steps(part)]

    @steps.register
    def _(self, item: ConcatFeatures) -> Sequence:
        parts = [self.steps(part) for part in item.parts]
        # Where one part is zero and others are not, its places are kept free:  (A, None), (A, B)
        wide = [max(map(len, part), default=0) for part in parts]
        return [
            sum((step or (None,) * most for step, most in zip(steps, wide, strict=True)), ())
            if any(steps)
            else ()
            for steps in zip(*parts, strict=True)
        ]

    @steps.register
    def _(self, item: ConcatPlaces) -> Sequence:
        # The wires of a node, from left to right: what is made of them the node says.
        return self.steps(ConcatFeatures(item.parts))

    @steps.register
    def _(self, item: Elementwise) -> Sequence:
        # All that is combined at each step; how, the node says. Zeros only make one feature several.
        parts = [self.steps(part) for part in item.parts]
        return [sum(steps, ()) for steps in zip(*parts, strict=True)]

    @steps.register
    def _(self, item: Pool) -> Sequence:
        of = (part for step in self.steps(item.of) for part in step if part is not None)
        return [(Pooled(-1, of=tuple(of)),)]

    @steps.register
    def _(self, item: Share) -> Sequence:
        # That all of it is divided by how many there are is what the layer says: `mean`.
        return [()]

    @steps.register
    def _(self, item: Flatten) -> Sequence:
        # (a) (b) (c) becomes (a b c)
        return [sum(self.steps(item.of), ())]

    @steps.register
    def _(self, item: Gather) -> Sequence:
        of = self.steps(item.of)
        return [of[index] for index in item.indices]
