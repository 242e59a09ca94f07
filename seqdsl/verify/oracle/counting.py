"""wires → how steps are counted: in their places where a block is read whole, else over its valid steps.

It makes a difference only where some of what is read is padding.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.verify.oracle.cells import STATES
from seqdsl.verify.oracle.steps import FINAL, Counted, Place, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.picture import trace
    from seqdsl.verify.oracle.wires import Wires


def count_steps(
    wires: Wires, index: int, lane: Sequence[trace.Source | None], column: list[Place | None]
) -> list[Place | None]:
    """Tell how the steps that enter a block in one place are counted.

    Args:
        wires: the picture.
        index: the block.
        lane: the wire of each of its drawn nodes.
        column: the values of these wires for each of its steps.
    """
    # Of a masked X with four steps, a row of two that reads
    #
    #     steps 0 1        counts from the first valid step      (_of_steps)
    #     steps 2 3        counts from the last valid step
    #     step 3 twice     takes the last valid step twice       (_of_one_step)
    #     a bus of 0 1 3   counts 0 1 from the first, 3 from the last (_of_bus)
    #
    # and a row of four that reads 0 1 2 3 takes them where they are: its padding is that of X.
    places = list(filter(None, column))
    # A convolution reads the whole block, whichever windows the row takes.
    if wires.drawing.settings[index].kind == "conv":
        return column
    if any(len(place.sources) > 1 for place in places):
        return [None if place is None else _of_bus(wires, place) for place in column]
    if len(places) == len(column) and _is_of_one_row(places):
        return _of_row(wires, index, lane, places)
    return _of_stretches(wires, column)


def _of_row(
    wires: Wires, index: int, lane: Sequence[trace.Source | None], places: Sequence[Place]
) -> list[Place | None]:
    """How the steps of one row are counted, of which each node reads one."""
    first = places[0].sources[0]
    same = _read_the_same(wires, lane)
    if wires.blocks[index].is_vector or same:
        return _of_one_step(wires, first, places, repeated=same)
    if len(list(_stretches(places))) > 1:
        return _of_stretches(wires, places)
    fixed = not wires.drawing.lengths.steps[index].names & set(wires.drawing.lengths.free)
    return _of_run(wires, places, fixed=fixed)


def _of_run(wires: Wires, places: Sequence[Place], *, fixed: bool) -> list[Place | None]:
    """How steps are counted that go on at equal distances."""
    steps = [place.sources[0].step for place in places]
    how = _of_steps(steps, wires.counts[places[0].sources[0].block], fixed=fixed)
    return [place if how is Counted.IN_PLACE else replace(place, counts=(how,)) for place in places]


def _of_stretches(wires: Wires, column: Sequence[Place | None]) -> list[Place | None]:
    """How steps are counted of which several stretches are beside each other."""
    return [place for stretch in _stretches(column) for place in _of_stretch(wires, stretch)]


def count_value(wires: Wires, place: Place) -> Place:
    """Tell how the steps are counted that a chain starts from: as those that a vector reads.

    ``E-E-E`` of a masked row, its last node wired to ``+--D-D``: D starts from the last valid step of E.
    """
    if len(place.sources) > 1:
        return _of_bus(wires, place)
    (counted,) = _of_one_step(wires, place.sources[0], [place], repeated=False)
    return counted or place


def _of_stretch(wires: Wires, stretch: Sequence[Place | None]) -> list[Place | None]:
    """How the steps of one stretch are counted that has others beside it.

    Of rows with three steps each, ``x0 x1 | z1 z2 | x2 x2`` counts the first two from the first valid step of X, the
    next two from the last one of Z; the last is one value for two steps.
    """
    places = [place for place in stretch if place]
    if not places or min(place.sources[0].step for place in places) < 0:
        return list(stretch)
    source, steps = places[0].sources[0], [place.sources[0].step for place in places]
    # x3 x3 in front of z0 z1: one value at two steps, as by a bus.
    # What a delayed node gives is of the step before, wherever that is; a final state is not a step.
    if places[0].earlier:
        return list(stretch)
    if len(steps) > 1 and len(set(steps)) == 1:
        return _of_one_step(wires, source, places, repeated=True)
    return _of_run(wires, places, fixed=_is_fixed_number(wires, source.block, steps))


def _stretches(column: Sequence[Place | None]) -> Iterator[list[Place | None]]:
    """What the steps of a row read: stretches of one block at equal distances, as long as they go, from the left.

    ::

        x0 x1 x3 y0 y1 -      x0 x1 | x3 | y0 y1 | -
        x0 x0 x1 x1 x3        x0 x0 x1 x1 | x3
        x0 x3 x3              x0 | x3 x3
    """
    runs = list(_runs_of_row(column))
    start = 0
    while start < len(runs):
        end = start + 1
        while end < len(runs) and _repeats_on(runs[start : end + 1]):
            end += 1
        yield [place for run in runs[start:end] for place in run]
        start = end


def _runs_of_row(column: Sequence[Place | None]) -> Iterator[Sequence[Place | None]]:
    start = 0
    while start < len(column):
        end = start + 1
        gap = _gap(column[start : end + 1])
        # x0 x3 x3: the second one begins a group of its own.
        if gap and _gap(column[end : end + 2]) == 0:
            gap = None
        while gap is not None and _gap(column[end - 1 : end + 1]) == gap:
            end += 1
        yield column[start:end]
        start = end


def _gap(pair: Sequence[Place | None]) -> int | None:
    """How much further on in its row the second of two nodes reads; ``None``: they do not read steps of one row."""
    sources = [(place.sources[0], place.earlier) for place in pair if place]
    if len(sources) < 2:
        return None
    (one, early), (other, late) = sources
    is_row = one.block == other.block and early == late and min(one.step, other.step) >= 0
    return other.step - one.step if is_row else None


def _repeats_on(runs: Sequence[Sequence[Place | None]]) -> bool:
    """Whether the last of some runs reads the next step as often as those before it each read theirs."""
    # x0 x0 | x1 x1 | x2 x2, but not x0 x0 | x1
    firsts = [run[0] for run in runs]
    is_each = all(len(run) == len(runs[0]) > 1 and _gap(run[:2]) == 0 for run in runs)
    gaps = {_gap(pair) for pair in pairwise(firsts)}
    return is_each and len(gaps) == 1 and None not in gaps


def _is_of_one_row(places: Sequence[Place]) -> bool:
    """Whether all nodes read steps of the same block, not its final state."""
    first = places[0].sources[0]
    same = all(place.sources[0].block == first.block for place in places)
    return same and first.step != FINAL


def _of_one_step(
    wires: Wires, source: Source, places: Sequence[Place], *, repeated: bool
) -> list[Place | None]:
    """How one step that all nodes read is counted.

    Of a row of five steps: step 4 from the last valid one, all others from the first; where a chain ends, it is the
    chain's final state.
    """
    if _ends_chain(wires, source):
        final = Source(source.block, FINAL)
        return [replace(place, sources=(final,), repeated=repeated) for place in places]
    is_last = source.step == wires.counts[source.block] - 1
    how = Counted.FROM_LAST if is_last else Counted.FROM_FIRST
    return [replace(place, counts=(how,), repeated=repeated) for place in places]


def _read_the_same(wires: Wires, lane: Sequence[trace.Source | None]) -> bool:
    """Whether all nodes read the same step, by a bus, or by a wire each; a single wire does not decide it."""
    return len(set(lane)) == 1 and (wires.is_junction(lane[0]) or len(lane) > 1)


def _of_steps(steps: Sequence[int], total: int, *, fixed: bool) -> Counted:
    """How steps that are read one by one are counted, of ``total``.

    Of five steps::

    0 1 2 3 4, 4 3 2 1 0, 0 0 1 1 2 2 3 3 4 4   in place: all, in either direction, or each repeated
    3 4                                         from the last valid step, if their number is fixed
    0 1, 1 2 3, 0 2 4                           from the first valid step
    """
    once, every = _each_in_turn(steps), list(range(total))
    if once in (every, every[::-1]):
        return Counted.IN_PLACE
    return Counted.FROM_LAST if fixed and once == every[-len(once) :] else Counted.FROM_FIRST


def _each_in_turn(steps: Sequence[int]) -> list[int]:
    """The steps that are read, once each: of ``1 1 2 2`` it is ``1 2``."""
    # 1 1 2 2: two runs of two, so every second entry; 1 1 2: runs of two and of one, so the steps as they are.
    counts = [len(list(run)) for _, run in groupby(steps)]
    return list(steps[:: counts[0]]) if len(set(counts)) == 1 else list(steps)


def _ends_chain(wires: Wires, source: Source) -> bool:
    """Whether a step is where a chain that runs one way ends: by itself it is the chain's final state.

    It makes a difference for a sample without a valid step, whose state is what it was.
    """
    kind = wires.drawing.settings[source.block].kind
    if kind not in STATES and kind not in wires.drawing.cells:
        return False
    direction = wires.drawing.states.directions[source.block]
    end = 0 if direction is Direction.BACKWARD else wires.counts[source.block] - 1
    return direction is not Direction.BIDIRECTIONAL and source.step == end


def _of_bus(wires: Wires, place: Place) -> Place:
    """How each value on a bus is counted: stretch by stretch.

    Of a row ``h0 h1 h2 h3``, a bus of ``h0 h1 h3`` has the first two and the last one.
    """
    counts: list[Counted] = []
    sources = list(place.sources)
    for run in _runs(wires, place):
        block = place.sources[run.start].block
        total = wires.counts[block]
        steps = [place.sources[number].step for number in run]
        if len(run) == 1 and _ends_chain(wires, sources[run.start]):
            sources[run.start] = Source(block, FINAL)
            how = Counted.IN_PLACE
        elif steps == list(range(total)) or FINAL in steps:
            how = Counted.IN_PLACE
        elif steps == list(range(total - len(steps), total)) and _is_fixed_number(
            wires, block, steps
        ):
            how = Counted.FROM_LAST
        else:
            how = Counted.FROM_FIRST
        counts += [how] * len(steps)
    return replace(place, sources=tuple(sources), counts=tuple(counts))


def _runs(wires: Wires, place: Place) -> Iterator[range]:
    """Stretches of a bus: steps of one block at equal distances, as long as they go."""
    # Steps 0 1 2 4 6 of one block and 0 of another: 0 1 2 | 4 6 | 0. The first two of a stretch set its distance.
    sources, start = place.sources, 0
    while start < len(sources):
        end = start + 1
        while end < len(sources) and sources[end].block == sources[start].block:
            gap = sources[end].step - sources[end - 1].step
            if end > start + 1 and gap != sources[start + 1].step - sources[start].step:
                break
            end += 1
        yield range(start, end)
        start = end


def _is_fixed_number(wires: Wires, block: int, steps: Sequence[int]) -> bool:
    """Whether the number of these steps is the same for all lengths: no ellipsis of a free length is among them."""
    lengths = wires.drawing.lengths
    free = set(lengths.free)
    drawn = wires.blocks[block]
    for item, (_, size) in zip(drawn.stretches, wires.gaps(block), strict=True):
        # h0 h1 ..n.. h2      A bus of h1 and h2 has the elided steps as well: n + 2 in all, so not a fixed number.
        #                     Buses of h0 h1 and of h2 alone do not cross the ellipsis.
        # h0 h1 ..n..         Behind an ellipsis at the end no node is drawn: h1 is on the bus with all that follow it.
        before = wires.at[drawn.first + item.after - 1].step if item.after else -1
        at_end = item.after == drawn.count
        crossed = steps[0] <= before < (steps[-1] + at_end) and (at_end or before + 1 <= steps[-1])
        # ..n.. h0 h1       The steps from the second elided one on are as many as n says.
        among = before < steps[0] <= before + size
        if (crossed or among) and lengths.elided[drawn.row, item.mark].names & free:
            return False
    return True
