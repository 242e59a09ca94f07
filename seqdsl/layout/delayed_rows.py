r"""wiring with feedback → the same with rows of delayed nodes in place of what is fed back, which then has no loops.

Y Y Y Y             `D` reads the step before of `Y`, which is drawn above it: a row of delayed nodes gives that,
| | | |             and reads nothing. What is there before the first step (zero, or the state in which `D`
D-D-D-D             begins, or what the call before left) is given by a delayed node as well; anything else, as
| | | |             `S` here, stays in its place.
S y y y
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.layers import Family, all_layers
from seqdsl.layout.fed_back import retimed, with_single_blocks, without_copies
from seqdsl.layout.loop_clock import Clock, find_circles
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.reading import Delay, delayed_row, reads
from seqdsl.layout.renumber import changed, moved_operand
from seqdsl.layout.wiring import Begun, Block, Bus, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.layout.wiring import Operand, Part, Wiring

_PASSING = next(name for name, item in all_layers().items() if item.family is Family.IDENTITY)

Place = tuple[int, int, int]
"""A place among what the steps of a block read: the block, the operand, and which of the values side by side."""


def with_delayed_rows(wiring: Wiring, *, all_lags: bool = True) -> Wiring:
    """The wiring with delayed rows; itself if nothing is fed back.

    Args:
        wiring: the wiring.
        all_lags: whether all that a loop reads of its earlier steps comes from a delayed row; else only what could not
            be drawn otherwise, as it is further up.

    Raises:
        Unplaceable: what is fed back are no earlier steps.
    """
    if not find_circles(wiring):
        return wiring
    wiring = retimed(with_single_blocks(wiring))
    writer = _Writer(wiring)
    for circle in find_circles(wiring):
        writer.add(Clock(wiring, circle), all_lags=all_lags)
    return without_copies(writer.written())


class _Writer:
    """Puts rows of delayed nodes, and rows that keep what they give, in front of all blocks.

    Attributes:
        read: what each step of each operand of the blocks reads, nothing of a bus.
        rows: what is put in front. It is read by negative numbers, -1 for the first: it has no number of its own yet.
    """

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.read = [[_spread(operand) for operand in block.operands] for block in wiring.blocks]
        self.rows: list[Block] = []

    def add(self, clock: Clock, *, all_lags: bool) -> None:
        """Let the blocks of a loop read delayed rows."""
        places = dict(self._places(clock, all_lags=all_lags))
        for source in dict.fromkeys(source for source, _ in places.values()):
            mine = {place: lag for place, (of, lag) in places.items() if of == source}
            self._delay(clock, source, mine)

    def _places(self, clock: Clock, *, all_lags: bool) -> Iterator[tuple[Place, tuple[int, int]]]:
        r"""What is read of earlier steps: the block that gave it, and how many steps before.

        ::

            D D D D     at each step two places side by side: `X` of this step, `Y` of the one before, which is given
            |\|\|\|\     back by a delayed row
            X y X y ...

        Raises:
            Unplaceable: a place has several, or steps that are not earlier.
        """
        for place, lane in self._lanes(clock):
            lags = _lags(clock, place[0], lane)
            fed = {item for item in lags if _is_back(item, place[0], all_lags=all_lags)}
            if fed and (len(fed) > 1 or min(fed)[1] < 1):
                raise Unplaceable(
                    "what is read of the steps before is not alike for all",
                    "let each iteration read the same of the one before it",
                )
            if fed:
                yield place, fed.pop()

    def _lanes(self, clock: Clock) -> Iterator[tuple[Place, list[Part]]]:
        """All places of the blocks of a loop, with what each step reads there."""
        for at in sorted(clock.start):
            for number, operand in enumerate(self.read[at]):
                for place in range(max(map(len, operand), default=0)):
                    yield (
                        (at, number, place),
                        [parts[place] if parts else None for parts in operand],
                    )

    def _delay(self, clock: Clock, source: int, lags: dict[Place, int]) -> None:
        """Let what reads earlier steps of a block read delayed rows."""
        steps = {
            place: [
                step
                for step in range(len(self.read[place[0]][place[1]]))
                if self._may_delay(clock, source, lag, place, step)
            ]
            for place, lag in lags.items()
        }
        times: dict[int, list[int]] = {}
        for (at, *rest), of in steps.items():
            times.setdefault(lags[at, rest[0], rest[1]], []).extend(
                clock.start[at] + step for step in of
            )
        rows = self._rows(self.wiring.blocks[source].layer, clock.start[source], times)
        for (at, number, place), of in steps.items():
            row, low = rows[lags[at, number, place]]
            for step in of:
                parts = list(self.read[at][number][step])
                parts[place] = Source(row, clock.start[at] + step - low)
                self.read[at][number][step] = tuple(parts)

    def _rows(
        self, layer: str, start: int, times: dict[int, list[int]]
    ) -> dict[int, tuple[int, int]]:
        r"""A row that gives what a layer gave some steps before, and when it begins, for each number of steps.

        ::

              H         What is given one step before and two: a row keeps the one, and is delayed itself. (`P` is not
             /|\         drawn where only what is given two steps before is read: it would be taken for a result.)
            p P X
              y
        """
        most = max(times)
        if len(times) < most:
            return {
                lag: (
                    self._row(Delay(layer, lag, min(of) - lag - start), min(of), max(of)),
                    min(of),
                )
                for lag, of in times.items()
            }
        low, high = min(map(min, times.values())), max(map(max, times.values()))
        rows = [self._row(Delay(layer, 1, low - 1 - start), low, high)]
        for number in range(1, most):
            kept = tuple((Source(rows[-1], step),) for step in range(high - low + 1))
            name = f"{_PASSING}_{layer}_{number}"
            self.rows.append(Block(name, _PASSING, len(kept), (Steps(kept),)))
            # What was given one step before is read of the row that keeps it.
            rows[-1] = -len(self.rows)
            rows.append(self._row(Delay(name, 1, -1), low, high))
        return {lag: (row, low) for lag, row in enumerate(rows, 1)}

    def _row(self, delay: Delay, low: int, high: int) -> int:
        self.rows.append(delayed_row(delay, high - low + 1))
        return -len(self.rows)

    def _may_delay(self, clock: Clock, source: int, lag: int, place: Place, step: int) -> bool:
        """Whether a delayed node gives what is read at a step."""
        at, number, which = place
        part = self.read[at][number][step][which]
        before = clock.start[at] + step - lag - clock.start[source]
        # Before the first step of its letter it gives what was there.
        if before < 0:
            return part == self._before(source, before)
        return part == Source(source, before)

    def _before(self, source: int, step: int) -> Part:
        """What a delayed node gives before the first step of its letter."""
        blocks = self.wiring.blocks
        initial = blocks[source].initial
        if any(block.carry.is_taken and block.carry.is_given for block in blocks):
            return Source(source, step)
        if initial is None or step < -1:
            return None
        if isinstance(initial, Begun):
            return initial.sources[0]
        # E-E-E-D-D: the state in which E ends is what its last step gives.
        end = blocks[initial.block]
        if end.direction is Direction.BIDIRECTIONAL:
            return Source(initial.block, final=True)
        last = 0 if end.direction is Direction.BACKWARD else (end.steps or 1) - 1
        return Source(initial.block, last)

    def written(self) -> Wiring:
        """The wiring with all rows, each behind those that it reads."""
        count = len(self.rows)

        def place(at: int) -> int:
            # -1 is the first row: what is delayed, and what keeps it, one after the other.
            return ~at if at < 0 else at + count

        def moved(item: Source) -> Source:
            return replace(item, block=place(item.block))

        blocks = []
        for block, read in zip(self.wiring.blocks, self.read, strict=True):
            operands = tuple(
                operand if isinstance(operand, Bus) else Steps(tuple(map(_narrow, steps)))
                for operand, steps in zip(block.operands, read, strict=True)
            )
            blocks.append(changed(replace(block, operands=operands), moved, place))
        rows = [
            replace(row, operands=tuple(moved_operand(item, moved) for item in row.operands))
            for row in self.rows
        ]
        inputs, outputs = (
            tuple(map(place, items)) for items in (self.wiring.inputs, self.wiring.outputs)
        )
        whole = replace(self.wiring, blocks=(*rows, *blocks), inputs=inputs, outputs=outputs)
        if find_circles(whole) or _has_carried(whole):
            raise Unplaceable(
                "what is read of the steps before cannot be drawn with delayed nodes",
                "let each iteration read the same of the one before it",
            )
        return whole


def _has_carried(wiring: Wiring) -> bool:
    """Whether what a call before left is read by something else than delayed nodes."""
    return any(item.step < 0 for block in wiring.blocks for item in reads(block))


def _lags(clock: Clock, at: int, lane: list[Part]) -> set[tuple[int, int]]:
    """The blocks of a loop that a block reads in one place, and how many steps before."""
    return {
        (part.block, clock.lag(at, step, part))
        for step, part in enumerate(lane)
        if part is not None and part.block in clock.start
    }


def _is_back(item: tuple[int, int], at: int, *, all_lags: bool) -> bool:
    """Whether something is fed back, or comes from an earlier step."""
    source, lag = item
    return source >= at or (all_lags and lag > 0)


def _spread(operand: Operand) -> list[tuple[Part, ...]]:
    """What each step reads, with a place for each value where nothing is wired."""
    if isinstance(operand, Bus):
        return []
    wide = max(map(len, operand.of), default=0)
    return [step or (None,) * wide for step in operand.of]


def _narrow(step: tuple[Part, ...]) -> tuple[Part, ...]:
    return step if any(step) else ()
