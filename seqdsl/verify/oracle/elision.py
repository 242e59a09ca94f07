"""wires of drawn nodes → wires of all steps: an elided step is wired like both its neighbors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.verify.oracle.steps import FINAL, Place, Source, Unclear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.picture import trace
    from seqdsl.verify.oracle.periods import Period
    from seqdsl.verify.oracle.wires import Wires


def drawn_out(wires: Wires, index: int, lane: Sequence[trace.Source | None]) -> list[Place | None]:
    """What every step of a block reads by one of its operands.

    Args:
        wires: the picture.
        index: the block.
        lane: the wire of each drawn node; ``None`` where there is none.
    """
    return _Column(wires, index, lane).fill()


class _Column:
    """One operand of a block's steps, first of the drawn nodes, then of all."""

    def __init__(self, wires: Wires, index: int, lane: Sequence[trace.Source | None]) -> None:
        self.wires, self.index, self.lane = wires, index, lane
        self.first = wires.blocks[index].first
        self.steps: list[Place | None] = [None] * wires.counts[index]

    def fill(self) -> list[Place | None]:
        stride = self._stride()
        if stride is not None:
            below, period = stride
            start = period.start or 0
            numbers = (start + period.down * (step // period.up) for step in range(len(self.steps)))
            return [Place((Source(below, number),)) for number in numbers]
        for node, source in enumerate(self.lane):
            if source is not None:
                self.steps[self.wires.at[self.first + node].step] = self._place(source)
        for place, (after, size) in enumerate(self.wires.gaps(self.index)):
            self._bridge(place, after, size)
        return self.steps

    def _stride(self) -> tuple[int, Period] | None:
        """The stride of the whole block, and what it reads: its last wires are drawn for one length alone."""
        # Y   Y   ..n.. Y    is X at 0, 2, 4, ... at every length: a rule for all steps,
        # |   |         |    of which those drawn behind the ellipsis are an example for one n.
        # X X X X ..m.. X
        last = len(self.wires.blocks[self.index].stretches) - 1
        if last < 0 or None in self.lane:
            return None
        behind = [self.wires.behind(source) for source in self.lane if source is not None]
        blocks = {one.block for sources in behind for one in sources}
        below = min(blocks)
        period = self.wires.period(self.index, last, blocks)
        alone = len(blocks) == 1 and all(len(found) == 1 for found in behind)
        return (below, period) if alone and period and period.start is not None else None

    def _place(self, source: trace.Source) -> Place:
        drawn = self.wires.reads_groups(self.index)
        return Place(self.wires.behind(source, drawn=drawn), self.wires.is_bus(source))

    def _bridge(self, place: int, after: int, size: int) -> None:
        """Fill in the steps of the ellipsis after so many drawn nodes."""
        #   A A ... A      both neighbors are wired: steps between them       (inside)
        #   A A ...        one is missing, as the row ends                    (outside)
        #   A A ... A      one has no wire, as it would come from what is     (window)
        #    \ \           elided
        ends = (after == 0, after == len(self.lane))
        neighbors = self.lane[max(after - 1, 0) : after + 1]
        if set(neighbors) == {None}:
            return
        # The last step before the ellipsis, and the first one after it.
        left = -1 if ends[0] else self.wires.at[self.first + after - 1].step
        right = left + size + 1
        period = self._period(place, left if not ends[0] else right)
        # At an end a step that is led sideways goes on as well, if there is a period; not so a bus.
        beside = neighbors[0] if any(ends) else None
        is_led = beside is not None and not self.wires.is_bus(beside)
        if period is not None and (is_led or (period.up, period.down) != (1, 1)):
            self._repeat(period, left, right, forward=not ends[0])
        elif beside is not None:
            self._outside(beside, left, right, from_left=ends[1])
        else:
            self._between(left, right, *(neighbor is not None for neighbor in neighbors))

    def _between(self, left: int, right: int, is_left_wired: bool, is_right_wired: bool) -> None:
        """Fill in the steps between two drawn ones, of which one at least is wired."""
        if not is_right_wired:
            self._window(left, right, 1)
        elif not is_left_wired:
            self._window(right, left, -1)
        else:
            self._inside(left, right)

    def _period(self, place: int, near: int) -> Period | None:
        beside = self.steps[near]
        if beside is None or any(one.step == FINAL for one in beside.sources):
            return None
        blocks = {one.block for one in beside.sources}
        return self.wires.period(self.index, place, blocks)

    def _repeat(self, period: Period, left: int, right: int, *, forward: bool) -> None:
        """Go on as the last period before the ellipsis, or the first one behind it."""
        #   P   ...   P        up = 1, down = 2: behind P over X 0 1, the elided nodes read X 2 3, then X 4 5:
        #  / \       / \       the group number k reads what is read beside the ellipsis, moved by 2 (k + 1).
        # X   X ... X   X
        for number in range(right - left - 1):
            group, one = divmod(number, period.up)
            near = left + 1 - period.up + one if forward else right + period.up - 1 - one
            # Nodes of a group that stand in the chain beside this one read the same as those that are here.
            near = near if 0 <= near < len(self.steps) else left if forward else right
            beside = self.steps[near]
            if beside is None:
                raise Unclear
            by = period.down * (group + 1) * (1 if forward else -1)
            step = left + 1 + number if forward else right - 1 - number
            self.steps[step] = self._moved(beside, by)

    def _inside(self, left: int, right: int) -> None:
        before, after = self.steps[left], self.steps[right]
        assert before and after
        for step in range(left + 1, right):
            self.steps[step] = _between(before, after, step - left, right - left)

    def _outside(self, source: trace.Source, left: int, right: int, *, from_left: bool) -> None:
        """An ellipsis at an end of the block: the block below goes on there just as far."""
        # E E E ...      The elided E read one X each, one late as the drawn ones. What comes from a junction, a final
        #  / /           state or a vector is the same for all of them.
        # X X X ...
        place = self._place(source)
        fixed = not isinstance(source, int) or self.wires.blocks[place.sources[0].block].is_vector
        near = left if from_left else right
        for step in range(left + 1, right):
            self.steps[step] = place if fixed else self._moved(place, step - near)

    def _window(self, near: int, far: int, way: int) -> None:
        """A window that goes on across: its wires from elided steps could not be drawn.

        So they are also missing at the drawn nodes beyond, as far as these would read what is not drawn beyond.
        """
        # K K ..n.. K      From the second on, each K reads the W below it and the one before. Of the last K that wire
        # |/|       |      would come from an elided W: it is missing in the drawing, and filled in here.
        # W W ..n.. W
        place = self.steps[near]
        assert place
        steps = range(near + way, far, way)
        for step in steps:
            self.steps[step] = self._moved(place, step - near)
        step = far
        while 0 <= step < len(self.steps) and self.steps[step] is None:
            moved = self._moved(place, step - near)
            if not all(
                self.wires.is_before_gap_end(one, start, way)
                for one, start in zip(moved.sources, place.sources, strict=True)
            ):
                break
            self.steps[step] = moved
            step += way
        if step == far and steps:
            raise Unclear

    def _moved(self, place: Place, by: int) -> Place:
        if any(source.step == FINAL for source in place.sources):
            raise Unclear
        return Place(tuple(self.wires.moved(source, by) for source in place.sources), place.bus)


def _between(left: Place, right: Place, number: int, gaps: int) -> Place:
    """What the ``number``-th step from ``left`` reads, where ``right`` is the ``gaps``-th."""
    if left == right:
        return left
    if len(left.sources) != len(right.sources):
        raise Unclear
    pairs = zip(left.sources, right.sources, strict=True)
    return Place(tuple(_at(one, other, number, gaps) for one, other in pairs), left.bus)


def _at(left: Source, right: Source, number: int, gaps: int) -> Source:
    if left == right:
        return left
    # From step 0 to step 6 in three gaps: steps 2 and 4 between them. From 0 to 7 there are none.
    way = right.step - left.step
    if left.block != right.block or FINAL in (left.step, right.step) or way % gaps:
        raise Unclear
    return Source(left.block, left.step + way // gaps * number)
