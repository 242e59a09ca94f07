"""steps → dependence: which step of which output a path joins to which step of which input."""

from __future__ import annotations

from functools import reduce
from itertools import chain
from operator import or_
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle.called import inner_steps
from seqdsl.verify.oracle.called_reads import runs, takes_places, takes_whole
from seqdsl.verify.oracle.cells import STATES
from seqdsl.verify.oracle.equations import carried, count_states, follow
from seqdsl.verify.oracle.loops import settle
from seqdsl.verify.oracle.steps import BEFORE, FINAL, WAYS, Counted, Place, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.syntax.equations import CellDefinition
    from seqdsl.verify.oracle.steps import Carried, Steps

Bits = int
"""The input steps that something depends on, one bit each: sets as numbers join fast."""


def reachable(drawing: Drawing, steps: Steps, columns: Sequence[int]) -> NDArray[np.bool_]:
    """A row for each step of each output, a column for each of the input steps ``columns``.

    The steps of all inputs are numbered through.
    """
    walk = _Reach(drawing, steps)
    walk.number_inputs(columns)
    loops = {index: loop for loop in steps.loops for index in loop}
    for index in steps.order:
        if index in walk.bits:
            continue
        if index in loops:
            walk.visit_loop(loops[index])
        else:
            walk.visit(index)
    rows = [bits for index in steps.outputs for bits in walk.bits[index]]
    rows += walk.given()
    matrix = [[bool(bits >> place & 1) for place in range(len(columns))] for bits in rows]
    return np.array(matrix, bool).reshape(len(rows), len(columns))


class _Reach:
    def __init__(self, drawing: Drawing, steps: Steps) -> None:
        self.drawing, self.steps = drawing, steps
        self.bits: dict[int, list[Bits]] = {}
        # What the final state of each direction of a block depends on.
        self.states: dict[int, list[Bits]] = {}
        self.taken: dict[int, list[Bits]] = {}
        # What the last values of the call before depend on: on themselves.
        self.lasts: dict[int, list[Bits]] = {}
        # The same of each part, where parts of a cell of the file depend on different steps.
        self.parts: dict[int, list[Bits]] = {}
        # What the last output does, where that is not the same.
        self.finals: dict[int, list[Bits]] = {}
        self.pads = self._pads()

    def number_inputs(self, columns: Sequence[int]) -> None:
        bits = {column: 1 << place for place, column in enumerate(columns)}
        total = 0
        for index in self.steps.inputs:
            count = self.steps.counts[index]
            self.bits[index] = [bits.get(total + step, 0) for step in range(count)]
            total += count
        for item in self.steps.carried:
            if item.last or item.is_taken:
                count = self._count(item)
                found = self.lasts if item.last else self.taken
                found[item.block] = [bits.get(total + step, 0) for step in range(count)]
                total += count

    def given(self) -> list[Bits]:
        """What each array of state among the results depends on, a convolution's step by step."""
        rows: list[Bits] = []
        for item in self.steps.carried:
            if item.last:
                rows += [*self.lasts[item.block], *self.bits[item.block]][-item.last :]
            elif item.counts:
                rows += self.taken[item.block]
            elif item.is_given and item.before:
                rows += [*self.taken[item.block], *self._read(item.block)][-item.before :]
            elif item.is_given:
                count = self._parts_of(item.block)
                rows += self.parts.get(item.block) or self.states[item.block] * count
        return rows

    def _read(self, block: int) -> list[Bits]:
        """What each step of a block reads depends on."""
        return [
            self._any(one for place in places if place for one in place.sources)
            for places in self.steps.operands[block]
        ]

    def _count(self, item: Carried) -> int:
        """A vector for each state of a cell, a step for each that a convolution kept, or one number."""
        return 1 if item.counts else item.last or item.before or self._parts_of(item.block)

    def _parts_of(self, block: int) -> int:
        return count_states(self.drawing.settings[block].kind, self.drawing.cells)

    def visit_loop(self, loop: Sequence[int]) -> None:
        """Begin with nothing, and follow what the blocks of a loop read until nothing is added any more."""
        self.bits |= {index: [0] * self.steps.counts[index] for index in loop}

        # Sets only grow, so that this ends.
        def visit_all() -> bool:
            before = [self.bits[index] for index in loop]
            for index in loop:
                self.visit(index)
            return before != [self.bits[index] for index in loop]

        settle(loop, sum(self.steps.counts[index] for index in loop), visit_all)

    def visit(self, index: int) -> None:
        kind = self.drawing.settings[index].kind
        if index in self.drawing.called:
            self.bits[index] = self._called(index)
            return
        inputs = list(self._inputs(index, kind))
        if kind in self.drawing.cells:
            self._equations(index, self.drawing.cells[kind], inputs)
        elif kind in STATES:
            self._chain(index, inputs)
        else:
            # A code of each step's number depends on the first one's.
            begun = self.taken.get(index, [0]) if kind == "position" else [0]
            self.bits[index] = [bits | begun[0] for bits in inputs]

    def _called(self, index: int) -> list[Bits]:
        """What each step depends on of another picture: on what its own paths join to the steps that it is given."""
        drawing, found = self.drawing.called[index].drawing, []
        for run in runs(self.drawing, self.steps, index):
            read = [self._any(s for place in step for s in self._sources(place)) for step in run]
            if takes_places(self.drawing, self.steps, index):
                # All that a step holds is one value to the caller, and so is what is made of it.
                found += read
                continue
            joined = reachable(drawing, inner_steps(drawing, len(run)), range(len(run)))
            rows = [
                reduce(or_, [b for b, here in zip(read, row, strict=True) if here], 0)
                for row in joined
            ]
            # Several steps that are made of one value are a grid, which is one value to the caller.
            is_whole = takes_whole(self.drawing, self.steps, index)
            found += rows if is_whole else [reduce(or_, rows)]
        return found

    def _inputs(self, index: int, kind: str) -> Iterator[Bits]:
        for step, places in enumerate(self.steps.operands[index]):
            wired = [place for place in places if place]
            if kind == "conv":
                yield self._windows(index, wired)
            elif kind == "attention":
                yield self._attended(index, wired, step)
            else:
                yield self._any(source for place in wired for source in self._sources(place))

    def _sources(self, place: Place) -> Sequence[Source]:
        """What a place reads; where some steps are always padding, those that are counted may be any."""
        if not self.pads:
            return place.sources
        return [
            one
            for source, how in place.counted()
            for one in ([source] if how is Counted.IN_PLACE else self._any_step(source.block))
        ]

    def _any_step(self, block: int) -> list[Source]:
        return [Source(block, step) for step in range(self.steps.counts[block])]

    def _pads(self) -> bool:
        """Whether there is an embedding with a step without a wire, which reads id 0: always padding."""
        return any(
            settings.kind == "embedding"
            and settings.arguments.get("mask") is True
            and (None,) in self.steps.operands[index]
            for index, settings in enumerate(self.drawing.settings)
        )

    def _any(self, sources: Iterator[Source]) -> Bits:
        union = 0
        for block, step in sources:
            if step == FINAL:
                for bits in self.finals.get(block, self.states[block]):
                    union |= bits
            elif step <= BEFORE:
                union |= self._before(block, BEFORE - step)
            else:
                union |= self.bits[block][step]
        return union

    def _before(self, block: int, back: int) -> Bits:
        """What a block gave before its first step depends on."""
        if block in self.lasts:
            return self.lasts[block][-1 - back]
        taken = self.taken.get(block)
        if taken and not any(item.before for item in self.steps.carried if item.block == block):
            # Of an LSTM h alone.
            return taken[0]
        return reduce(or_, self._starts(block, 1))

    def _windows(self, index: int, places: list[Place]) -> Bits:
        arguments = self.drawing.settings[index].arguments
        kernel, spread = (
            int(arguments[name].value(self.drawing.values)) if name in arguments else 1  # type: ignore[union-attr]
            for name in ("kernel", "dilation")
        )
        reach = (kernel - 1) * spread
        before = reach if arguments.get("padding") == "causal" else reach // 2
        steps = [
            Source(block, step + number * spread - before)
            for ((block, step),) in (place.sources for place in places)
            for number in range(kernel)
        ]
        union = self._any(s for s in steps if 0 <= s.step < self.steps.counts[s.block])
        return union | self._kept(index, steps)

    def _kept(self, index: int, steps: Sequence[Source]) -> Bits:
        """What a window reads of the steps before this call, of which the step -1 is the last."""
        kept, union = self.taken.get(index), 0
        for source in steps:
            union |= kept[source.step] if kept and source.step < 0 else 0
        return union

    def _attended(self, index: int, places: list[Place], step: int) -> Bits:
        is_causal = self.drawing.settings[index].arguments.get("causal")
        seen = slice(0, step + 1 if is_causal else None)
        memory = [place for place in places if place.bus]
        if len(memory[0].sources[seen]) == 1:
            # The softmax of a single score is 1: with one step to attend to, query and key have no effect.
            (values,) = (place for place in memory if not place.is_key)
            return self._any(iter(values.sources[:1]))
        rows = (place.sources[seen] if place.bus else place.sources for place in places)
        return self._any(chain.from_iterable(rows))

    def _chain(self, index: int, inputs: list[Bits]) -> None:
        # Three steps that depend on the inputs 001, 010 and 100, from an empty state:
        #
        #     forward          001 011 111    final state 111
        #     backward         111 110 100    final state 111
        ways = WAYS[self.drawing.states.directions[index]]
        starts = self._starts(index, len(ways))
        self.states[index] = []
        self.bits[index] = [0] * len(inputs)
        for way, state in zip(ways, starts, strict=True):
            carried = state
            for place in range(len(inputs))[::way]:
                carried |= inputs[place]
                self.bits[index][place] |= carried
            self.states[index].append(carried)

    def _equations(self, index: int, cell: CellDefinition, inputs: list[Bits]) -> None:
        """A chain of a cell of the file: the output of a step need not depend on all that the step reads."""
        # h = tanh(dense(x, last))      of the inputs 001, 010 and 100 the outputs depend on 001, 011 and 111, where
        # `h = tanh(dense(last))`       alone they depend on 000, 001 and 011
        ways = WAYS[self.drawing.states.directions[index]]
        starts = self._starts(index, len(ways))
        self.states[index], self.finals[index] = [], []
        self.bits[index] = [0] * len(inputs)
        output, *others = carried(cell)
        for way, state in zip(ways, starts, strict=True):
            # A state that is handed over is one set of steps, whichever of its parts depends on them.
            now = dict.fromkeys((output, *others), state)
            if index in self.taken:
                now = dict(zip((output, *others), self.taken[index], strict=True))
            for place in range(len(inputs))[::way]:
                now = follow(cell, inputs[place], now)
                self.bits[index][place] |= now[output]
            self.finals[index].append(now[output])
            self.states[index].append(reduce(or_, now.values()))
            self.parts[index] = list(now.values())

    def _starts(self, index: int, ways: int) -> list[Bits]:
        start = self.steps.starts.get(index)
        if index in self.taken:
            joined = 0
            for bits in self.taken[index]:
                joined |= bits
            return [joined]
        if start is None:
            return [0] * ways
        # A value that enters by a wire `=` is split in two, but each half may depend on all of it.
        if start.value is not None:
            given = [self._any(iter(self._sources(start.value)))] * (2 if start.is_double else 1)
        else:
            assert start.block is not None
            given = list(self.states[start.block])
            if not start.is_double and len(given) > 1:
                given = [given[0] | given[1]]
        return [*given, 0][:ways]
