"""steps → dependence: which step of which output a path joins to which step of which input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle.steps import FINAL, WAYS, Counted, Place, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.steps import Steps

Bits = int
"""The input steps that something depends on, one bit each: sets as numbers join fast."""


def reachable(drawing: Drawing, steps: Steps, columns: Sequence[int]) -> NDArray[np.bool_]:
    """A row for each step of each output, a column for each of the input steps ``columns``.

    The steps of all inputs are numbered through.
    """
    walk = _Reach(drawing, steps)
    walk.number_inputs(columns)
    for index in steps.order:
        if index not in walk.bits:
            walk.visit(index)
    rows = [bits for index in steps.outputs for bits in walk.bits[index]]
    found = [[bool(bits >> place & 1) for place in range(len(columns))] for bits in rows]
    return np.array(found, bool).reshape(len(rows), len(columns))


class _Reach:
    def __init__(self, drawing: Drawing, steps: Steps) -> None:
        self.drawing, self.steps = drawing, steps
        self.bits: dict[int, list[Bits]] = {}
        # What the final state of each direction of a block depends on.
        self.states: dict[int, list[Bits]] = {}
        self.pads = self._pads()

    def number_inputs(self, columns: Sequence[int]) -> None:
        bits = {column: 1 << place for place, column in enumerate(columns)}
        total = 0
        for index in self.steps.inputs:
            count = self.steps.counts[index]
            self.bits[index] = [bits.get(total + step, 0) for step in range(count)]
            total += count

    def visit(self, index: int) -> None:
        kind = self.drawing.settings[index].kind
        seen = list(self._seen(index, kind))
        if kind in ("lstm", "gru", "rnn"):
            self._chain(index, seen)
        else:
            self.bits[index] = seen

    def _seen(self, index: int, kind: str) -> Iterator[Bits]:
        for step, places in enumerate(self.steps.seen[index]):
            known = [place for place in places if place]
            if kind == "conv":
                yield self._windows(index, known)
            elif kind == "attention":
                yield self._attended(index, known, step)
            else:
                yield self._any(source for place in known for source in self._sources(place))

    def _sources(self, place: Place) -> Sequence[Source]:
        """What a place sees; where some steps are always padding, those that are counted may be any."""
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
        """Whether there is an embedding with a step without a wire, which sees id 0: always padding."""
        return any(
            settings.kind == "embedding"
            and settings.arguments.get("mask") is True
            and (None,) in self.steps.seen[index]
            for index, settings in enumerate(self.drawing.settings)
        )

    def _any(self, sources: Iterator[Source]) -> Bits:
        found = 0
        for block, step in sources:
            if step == FINAL:
                for bits in self.states[block]:
                    found |= bits
            else:
                found |= self.bits[block][step]
        return found

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
        return self._any(s for s in steps if 0 <= s.step < self.steps.counts[s.block])

    def _attended(self, index: int, places: list[Place], step: int) -> Bits:
        memory = [source for place in places if place.bus for source in place.sources]
        if self.drawing.settings[index].arguments.get("causal"):
            memory = memory[: step + 1]
        query = [source for place in places if not place.bus for source in place.sources]
        # Of a single step that can be attended to, everybody gets all.
        return self._any(iter([*memory, *query] if len(memory) > 1 else memory))

    def _chain(self, index: int, seen: list[Bits]) -> None:
        ways = WAYS[self.drawing.states.directions[index]]
        starts = self._starts(index, len(ways))
        self.states[index] = []
        self.bits[index] = [0] * len(seen)
        for way, state in zip(ways, starts, strict=True):
            carried = state
            for place in range(len(seen))[::way]:
                carried |= seen[place]
                self.bits[index][place] |= carried
            self.states[index].append(carried)

    def _starts(self, index: int, ways: int) -> list[Bits]:
        start = self.steps.starts.get(index)
        if start is None:
            return [0] * ways
        if start.block is None:
            whole = self._any(iter(start.value))
            given = [whole] * (2 if start.is_double else 1)
        else:
            given = list(self.states[start.block])
            if not start.is_double and len(given) > 1:
                given = [given[0] | given[1]]
        return [*given, 0][:ways]
