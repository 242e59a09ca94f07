"""picture and lengths → the same picture without ellipses: every elided step is wired like its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate, product

from tests.drawn_out.lanes import Lane, lanes
from tests.drawn_out.pairs import Pair, pair
from tests.drawn_out.pairs import at_end as pairs_at_end
from tests.drawn_out.picture import (
    FINAL,
    NOTHING,
    SIDES,
    Block,
    Bus,
    Entries,
    Gap,
    Mark,
    Picture,
    Source,
    Unclear,
)

Key = tuple[int, int]
"""An ellipsis: its block, and its number there."""

Lengths = tuple[int, ...]
"""How many steps each stretch of time elides, counted in its lowest row."""


def stretches(picture: Picture) -> list[list[Key]]:
    """The ellipses of each stretch: those whose columns overlap, bottom row first, stretches left to right."""
    spans = sorted((gap.start, gap.end, block, number) for block, number, gap in picture.gaps())
    found: list[list[Key]] = []
    reach = -1.0
    for start, end, block, number in spans:
        if start >= reach:
            found.append([])
        reach = max(reach, end)
        found[-1].append((block, number))
    return [sorted(keys) for keys in found]


def choices(picture: Picture, values: Mapping[str, int], sizes: Sequence[int]) -> Iterator[Lengths]:
    """All lengths that a picture can have, each stretch with one of ``sizes`` elided.

    Args:
        picture: a picture with ellipses.
        values: the names of lengths that are set.
        sizes: the numbers of elided steps to try.
    """
    for lengths in product(sizes, repeat=len(stretches(picture))):
        try:
            plan = Plan(picture, lengths)
        except Unclear:
            continue
        if plan.agrees(values):
            yield lengths


def unroll(picture: Picture, lengths: Lengths) -> Picture:
    """The picture drawn in full.

    Raises:
        Unclear: the picture does not say what its elided steps are, or cannot have these lengths.
    """
    return _Unroller(Plan(picture, lengths)).unroll()


class Plan:
    """How many steps every ellipsis elides.

    Attributes:
        elided: the number for each ellipsis.
        pairs: how the two sides of an ellipsis go on reading each block below.
    """

    def __init__(self, picture: Picture, lengths: Lengths) -> None:
        """Count from the bottom row up: a row that reads another elides as many steps as it has to."""
        self.picture = picture
        self.lanes = [lanes(block) for block in picture.blocks]
        self.stretch = {
            key: number for number, keys in enumerate(stretches(picture)) for key in keys
        }
        self.elided: dict[Key, int] = {}
        self.pairs: dict[Key, list[Pair]] = {}
        for index, block in enumerate(picture.blocks):
            for number, gap in enumerate(block.gaps):
                key = (index, number)
                self.pairs[key] = list(self._pairs(key, gap))
                counts = {self._above(one, block, gap) for one in self.pairs[key]}
                counts |= self._beside(key, gap)
                if len(counts) > 1:
                    raise Unclear(f"block {index} would elide {sorted(counts)} steps")
                alike = counts or self._read(key)
                self.elided[key] = alike.pop() if len(alike) == 1 else lengths[self.stretch[key]]

    def _pairs(self, key: Key, gap: Gap) -> Iterator[Pair]:
        index, _ = key
        block = self.picture.blocks[index]
        if not 0 < gap.after < block.count:
            yield from self._end_pairs(key, gap)
            return
        done: set[int] = set()
        moving = _moving(self.lanes[index], gap)
        for below in sorted(moving):
            if below in done:
                continue
            chains = self._chains_of(below)
            if len(moving & set(chains)) > 1 and (found := self._joined(key, gap, chains)):
                done |= set(chains)
                yield found
                continue
            found = self._alone(key, gap, below) or self._joined(key, gap, chains)
            if found is None:
                raise Unclear(f"the sides of an ellipsis of block {index} are wired differently")
            yield found

    def _alone(self, key: Key, gap: Gap, below: int) -> Pair | None:
        """How the two sides of an ellipsis go on reading a block."""
        for other, there in self._gaps_below(key, below):
            found = self._pair(key[0], gap, below, there.after)
            if found is not None:
                return replace(found, gap=other)
        return None

    def _joined(self, key: Key, gap: Gap, chains: range) -> Pair | None:
        """How they go on reading the chains of a row, counted as if no gap were between them."""
        for below in chains if len(chains) > 1 else ():
            for other, there in self._gaps_below(key, below):
                found = self._pair(key[0], gap, below, there.after, chains)
                if found is not None:
                    return replace(found, gap=other)
        return None

    def _gaps_below(self, key: Key, below: int) -> list[tuple[int, Gap]]:
        """The ellipses of a block below: those of the same stretch, if there are any."""
        gaps = list(enumerate(self.picture.blocks[below].gaps))
        return [one for one in gaps if self.stretch[below, one[0]] == self.stretch[key]] or gaps

    def _pair(
        self, index: int, gap: Gap, below: int, other: int, chains: range = range(0)
    ) -> Pair | None:
        """How the row goes on where it is broken into chains, else how the block does.

        Args:
            index: the block.
            gap: its ellipsis.
            below: the block below with the other ellipsis ...
            other: ... after so many of its nodes.
            chains: all chains of the row below, if they count together.
        """
        offsets = self._offsets(chains or range(below, below + 1))
        other += offsets[below]
        row = self._row(index, gap)
        if row is not None:
            try:
                found = pair(_counted(row[0], offsets), *row[1:], min(offsets), other)
            except Unclear:
                found = None
            if found is not None:
                return replace(found, below=below)
        own = _counted(self.lanes[index], offsets)
        found = pair(own, self.picture.blocks[index], gap, min(offsets), other)
        return found and replace(found, below=below)

    def _offsets(self, chains: range) -> dict[int, int]:
        """How many drawn nodes of a row stand before each of its chains."""
        counts = [self.picture.blocks[index].count for index in chains]
        return dict(zip(chains, accumulate(counts, initial=0), strict=False))

    def _chains_of(self, index: int) -> range:
        """The chains of a row, by one of them."""
        before = sum(1 for _ in self._all_chains(index, -1))
        behind = sum(1 for _ in self._all_chains(index, 1))
        return range(index - before, index + behind + 1)

    def _row(self, index: int, gap: Gap) -> tuple[list[Lane], Block, Gap] | None:
        """A chain with the chains beside it in its row, as if no gap were between them: a group may lie across it."""
        block = self.picture.blocks[index]
        before: tuple[Entries, ...] = ()
        behind: tuple[Entries, ...] = ()
        if gap == block.gaps[0] and gap.after:
            for one in self._chains(index, -1):
                before = one.entries[one.gaps[-1].after if one.gaps else 0 :] + before
        if gap == block.gaps[-1] and gap.after < block.count:
            for one in self._chains(index, 1):
                behind += one.entries[: one.gaps[0].after if one.gaps else one.count]
        whole = replace(block, entries=before + block.entries + behind)
        found = lanes(whole)
        own = slice(len(before), len(before) + block.count)
        if [lane.buses[own] for lane in found] != [lane.buses for lane in self.lanes[index]]:
            return None
        return found, whole, replace(gap, after=gap.after + len(before))

    def _chains(self, index: int, way: int) -> Iterator[Block]:
        """The chains of a row before, or behind, one of them; none beyond an ellipsis."""
        for one in self._all_chains(index, way):
            yield one
            if one.gaps:
                return

    def _all_chains(self, index: int, way: int) -> Iterator[Block]:
        """The chains of a row before, or behind, one of them."""
        blocks, here = self.picture.blocks, self.picture.blocks[index]
        for one in blocks[index + 1 :] if way > 0 else reversed(blocks[:index]):
            if (one.row, one.letter, one.touched) != (here.row, here.letter, True):
                return
            yield one

    def _end_pairs(self, key: Key, gap: Gap) -> Iterator[Pair]:
        """How a row goes on at an end, where it does not read one step each."""
        block, found = self.picture.blocks[key[0]], self.lanes[key[0]]
        node = gap.after - 1 if gap.after else 0
        for below in sorted({s.block for lane in found for s in lane.buses[node] if s.step >= 0}):
            end = self._same_end(key, below)
            at = gap_of(self.picture, end) if end else 0
            row = self._row(key[0], gap) if end else None
            one = pairs_at_end(*row, below, at) if row else None
            one = one or (pairs_at_end(found, block, gap, below, at) if end else None)
            if end and one:
                yield replace(one, gap=end[1])

    def _above(self, one: Pair, block: Block, gap: Gap) -> int:
        """How many steps are elided over those that the row below elides."""
        below = self.elided[one.below, one.gap]
        if below % one.down == 0:
            return below // one.down * one.up
        if not self._is_stride(one, block, gap):
            raise Unclear(f"{below} elided steps are not {one.down} for each")
        first, total = self.start((one.below, one.gap)) + one.offset, self.total(one.below)
        return max(0, -(-(total - first) // one.down)) - (block.count - gap.after)

    def _is_stride(self, one: Pair, block: Block, gap: Gap) -> bool:
        """Whether steps are left out, to the end of the sequence: then any length will do.

        Of a row that begins with an ellipsis nothing tells the first step that is read.
        """
        source = self.picture.blocks[one.below]
        last = (gap, source.gaps[one.gap]) == (block.gaps[-1], source.gaps[-1])
        if not (one.is_single and one.up == 1 and last and block.gaps[0].after):
            return False
        # A row that also reads others, step by step, is no stride as a whole.
        for node in range(block.count):
            if one.below not in {s.block for lane in lanes(block) for s in lane.buses[node]}:
                return False
        rest = source.count - source.gaps[one.gap].after - one.offset
        return -(-rest // one.down) == block.count - gap.after

    def is_shifted(self, one: Pair) -> bool:
        """Whether the nodes after an ellipsis read other steps than the drawn ones, as the stride has a rest."""
        return self.elided[one.below, one.gap] % one.down != 0

    def _beside(self, key: Key, gap: Gap) -> set[int]:
        """At an end of a block: as many steps as the block below elides at that end."""
        index, _ = key
        block = self.picture.blocks[index]
        if 0 < gap.after < block.count:
            return set()
        if self.pairs[key]:
            return set()
        ends = (self.end_below(key, lane) for lane in self.lanes[index])
        return {self.elided[end] for end in ends if end}

    def end_below(self, key: Key, lane: Lane) -> Key | None:
        """The ellipsis at the same end of the block below, where it is the same stretch.

        There is none to go on with where the two last nodes read the same: then all the others do as well.
        """
        gap = self.picture.blocks[key[0]].gaps[key[1]]
        node, other = (0, 1) if gap.after == 0 else (gap.after - 1, gap.after - 2)
        source = single(lane.buses[node])
        again = 0 <= other < len(lane.buses) and lane.buses[other] == lane.buses[node]
        if source is None or again:
            return None
        return self._same_end(key, source.block) if source.step != FINAL else None

    def _same_end(self, key: Key, index: int) -> Key | None:
        gap = self.picture.blocks[key[0]].gaps[key[1]]
        below = self.picture.blocks[index]
        for number, other in enumerate(below.gaps):
            same = self.stretch.get((index, number)) == self.stretch[key]
            if same and other.after == (0 if gap.after == 0 else below.count):
                return index, number
        return None

    def _read(self, key: Key) -> set[int]:
        """How many steps the same stretch elides in the rows that the elided steps read by a bus."""
        index, number = key
        after = self.picture.blocks[index].gaps[number].after
        beside = slice(max(0, after - 1), after + 1)
        below = {s.block for lane in self.lanes[index] for bus in lane.buses[beside] for s in bus}
        return {
            size
            for other, size in self.elided.items()
            if other[0] in below and self.stretch[other] == self.stretch[key]
        }

    def start(self, key: Key) -> int:
        """The first step that an ellipsis elides."""
        index, number = key
        before = sum(self.elided[index, other] for other in range(number))
        return self.picture.blocks[index].gaps[number].after + before

    def position(self, index: int, drawn: int) -> int:
        """The step of a drawn node."""
        gaps = enumerate(self.picture.blocks[index].gaps)
        return drawn + sum(self.elided[index, n] for n, gap in gaps if gap.after <= drawn)

    def total(self, index: int) -> int:
        """The steps of a block."""
        block = self.picture.blocks[index]
        return block.count + sum(self.elided[index, n] for n in range(len(block.gaps)))

    def agrees(self, values: Mapping[str, int]) -> bool:
        """Whether all names say the same, and what they are set to."""
        known = {**self.names(), **values}
        return all(
            not gap.name or known[gap.name] in (self.total(index), self.part(index, number))
            for index, number, gap in self.picture.gaps()
        )

    def names(self) -> dict[str, int]:
        """What the names of ellipses come to; where a block has several, those of other blocks come first."""
        gaps = sorted(self.picture.gaps(), key=lambda item: -len(self.picture.blocks[item[0]].gaps))
        return {gap.name: self.total(index) for index, _, gap in gaps if gap.name}

    def part(self, index: int, number: int) -> int:
        """The steps around an ellipsis that read the same blocks: a name may be that of a part."""
        block = self.picture.blocks[index]
        read = [
            frozenset(source.block for bus in entry for source in bus) for entry in block.entries
        ]
        first, last = block.gaps[number].after - 1, block.gaps[number].after
        if not 0 <= first < last < block.count or read[first] != read[last]:
            return self.total(index)
        while first and read[first - 1] == read[first]:
            first -= 1
        while last + 1 < block.count and read[last + 1] == read[last]:
            last += 1
        return self.position(index, last) - self.position(index, first) + 1


def gap_of(picture: Picture, key: Key) -> int:
    """Before which node of its block an ellipsis stands."""
    return picture.blocks[key[0]].gaps[key[1]].after


def single(bus: Bus) -> Source | None:
    """The one value that a wire carries, if it is one."""
    return next(iter(bus)) if len(bus) == 1 else None


def _counted(given: list[Lane], offsets: Mapping[int, int]) -> list[Lane]:
    """Lanes whose sources in the chains of a row are counted from its first node, as if all were the first chain."""
    first = min(offsets)

    def moved(one: Source) -> Source:
        inside = one.block in offsets and one.step != FINAL
        return Source(first, one.step + offsets[one.block]) if inside else one

    return [
        replace(lane, buses=tuple(frozenset(map(moved, bus)) for bus in lane.buses))
        for lane in given
    ]


def _moving(block_lanes: list[Lane], gap: Gap) -> set[int]:
    """The blocks below that the two sides of an ellipsis read differently."""
    found = set()
    for lane in block_lanes:
        left, right = lane.buses[gap.after - 1], lane.buses[gap.after]
        if left != right:
            found |= {source.block for source in left ^ right if source.step != FINAL}
            if any(source.step == FINAL for source in left ^ right):
                raise Unclear("one side of an ellipsis reads a final state")
    return found


@dataclass
class _Step:
    """What a step sees, by lane, and from which side each lane enters."""

    buses: list[Bus]
    sides: list[int]


@dataclass(frozen=True)
class _Ellipsis:
    """An ellipsis: where it is, and its steps."""

    key: Key
    gap: Gap
    start: int
    size: int

    @property
    def index(self) -> int:
        """Its block."""
        return self.key[0]

    @property
    def steps(self) -> range:
        """The elided steps."""
        return range(self.start, self.start + self.size)


class _Unroller:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.picture = plan.picture

    def unroll(self) -> Picture:
        blocks = tuple(self._block(index) for index in range(len(self.picture.blocks)))
        rows = tuple(self._row(row) for row in self.picture.rows)
        return Picture(rows, blocks, self.picture.calls)

    # Rows

    def _row(self, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        drawn: list[Mark] = []
        for number, mark in enumerate(marks):
            if mark.kind == "node":
                step = self.plan.position(mark.block, mark.step)
                drawn.append(replace(mark, step=step))
            elif mark.kind == "junction":
                drawn.append(replace(mark, below=self.full(mark.below)))
            elif mark.kind == "end":
                drawn.append(mark)
            else:
                is_first = all(one.block != mark.block for one in marks[:number])
                self._elide(drawn, mark, is_first)
        drawn[-1] = replace(drawn[-1], join="")
        return tuple(self._turned(marks, drawn))

    def _turned(self, marks: tuple[Mark, ...], drawn: list[Mark]) -> Iterator[Mark]:
        """State wires of a lone step point the way that its chain ran: `...<-A--U` with nothing elided is `A<<U`."""
        backward = {mark.block for mark in marks if mark.join == "<" and mark.block >= 0}
        lone = {index for index in backward if self.plan.total(index) == 1}
        for mark, following in zip(drawn, [*drawn[1:], None], strict=True):
            beside = {mark.block, following.block if following else -1}
            yield replace(mark, join="<") if mark.join == "-" and beside & lone else mark

    def _elide(self, drawn: list[Mark], mark: Mark, is_first: bool) -> None:
        """Put the elided nodes in the place of their ellipsis, joined as it is."""
        gaps = self.picture.blocks[mark.block].gaps
        number = next(n for n, gap in enumerate(gaps) if gap.start == mark.place)
        size = self.plan.elided[mark.block, number]
        inner = mark.join if is_first else drawn[-1].join
        if not size and not is_first:
            drawn[-1] = replace(drawn[-1], join=mark.join)
        start = self.plan.start((mark.block, number))
        for step in range(size):
            join = mark.join if step == size - 1 else inner
            place = _place(gaps[number], step, size)
            drawn.append(Mark("node", place, join, mark.block, start + step))

    # Blocks

    def _block(self, index: int) -> Block:
        block = self.picture.blocks[index]
        steps = self._drawn(index)
        for number, gap in enumerate(block.gaps):
            start, size = self.plan.start((index, number)), self.plan.elided[index, number]
            self._bridge(_Ellipsis((index, number), gap, start, size), steps)
        entries = tuple(_entries(steps[step]) for step in range(self.plan.total(index)))
        places = sorted(self._places(index).items())
        return replace(block, entries=entries, gaps=(), places=tuple(place for _, place in places))

    def _places(self, index: int) -> dict[int, float]:
        block = self.picture.blocks[index]
        found = {self.plan.position(index, n): place for n, place in enumerate(block.places)}
        for number, gap in enumerate(block.gaps):
            start, size = self.plan.start((index, number)), self.plan.elided[index, number]
            found |= {start + step: _place(gap, step, size) for step in range(size)}
        return found

    def _drawn(self, index: int) -> dict[int, _Step]:
        """What the drawn nodes see; elided steps on a bus with it."""
        found = {}
        going_on = frozenset(
            (one.below, one.gap)
            for number, gap in enumerate(self.picture.blocks[index].gaps)
            if gap.after in (0, self.picture.blocks[index].count)
            for one in self.plan.pairs[index, number]
        )
        for node in range(self.picture.blocks[index].count):
            buses = [self.full(lane.buses[node], going_on) for lane in self.plan.lanes[index]]
            sides = [lane.sides[node] for lane in self.plan.lanes[index]]
            found[self.plan.position(index, node)] = _Step(buses, sides)
        return found

    def full(self, bus: Bus, going_on: frozenset[Key] = frozenset()) -> Bus:
        """All that a wire carries: where both neighbours of elided steps are on a bus, these are, too.

        Args:
            bus: what a wire carries of the drawn nodes.
            going_on: ellipses at an end whose steps are read by elided steps of their own.
        """
        found = set()
        for source in bus:
            if source.step == FINAL:
                found.add(source)
            else:
                found.add(Source(source.block, self.plan.position(*source)))
        for index in {source.block for source in bus} if len(bus) > 1 else ():
            block = self.picture.blocks[index]
            for number, gap in enumerate(block.gaps):
                beside = [n for n in (gap.after - 1, gap.after) if 0 <= n < block.count]
                is_read = (index, number) in going_on
                if not is_read and all(Source(index, node) in bus for node in beside):
                    start, size = self.plan.start((index, number)), self.plan.elided[index, number]
                    found |= {Source(index, start + step) for step in range(size)}
        return frozenset(found)

    # Ellipses

    def _bridge(self, here: _Ellipsis, steps: dict[int, _Step]) -> None:
        """Wire the steps of an ellipsis."""
        block, lanes = self.picture.blocks[here.index], self.plan.lanes[here.index]
        after = here.gap.after
        nodes = [n for n in (after - 1, after) if 0 <= n < block.count]
        wired = [n for n in nodes if any(lane.buses[n] for lane in lanes)] or nodes
        sides = [lane.sides[wired[0]] for lane in lanes]
        for step in here.steps:
            steps[step] = _Step([NOTHING for _ in lanes], list(sides))
        if len(nodes) == 1:
            # What no period moves on, such as a bus beside a stride, is read as without one.
            moved = {place for one in self.plan.pairs[here.key] for place, _ in one.windows}
            self._outside(here, steps, moved)
            for one in self.plan.pairs[here.key]:
                self._go_on(here, one, steps, sides)
            return
        for place, lane in enumerate(lanes):
            left, right = lane.buses[after - 1], lane.buses[after]
            for step in here.steps:
                steps[step].buses[place] |= self.full(left) if left == right else left & right
        for one in self.plan.pairs[here.key]:
            self._go_on(here, one, steps, sides)

    def _outside(self, here: _Ellipsis, steps: dict[int, _Step], moved_on: Set[int]) -> None:
        """Beyond the last node, or before the first: what goes on there in the same stretch, else the same again."""
        node = here.gap.after - 1 if here.gap.after else 0
        near = self.plan.position(here.index, node)
        for place, lane in enumerate(self.plan.lanes[here.index]):
            if place in moved_on:
                continue
            source = single(lane.buses[node])
            for step in here.steps:
                if source is None or self.plan.end_below(here.key, lane) is None:
                    steps[step].buses[place] = self.full(lane.buses[node])
                    continue
                moved = self.plan.position(*source) + step - near
                if not 0 <= moved < self.plan.total(source.block):
                    raise Unclear(f"nothing is below the ellipsis of block {here.index}")
                steps[step].buses[place] = frozenset({Source(source.block, moved)})

    def _go_on(self, here: _Ellipsis, one: Pair, steps: dict[int, _Step], sides: list[int]) -> None:
        """Wire the elided steps, and the drawn ones beside them whose wires would begin at elided steps.

        Where a stride leaves a rest, the drawn steps after the ellipsis go on counting as well.
        """
        total = self.plan.total(one.below)
        shifted = self.plan.is_shifted(one)
        for step in range(self.plan.total(here.index)):
            elided = step in here.steps
            counted = elided or (shifted and step >= here.start)
            for place in range(len(self.plan.lanes[here.index])):
                at = self._window(here, one, step, place, shifted)
                if not counted:
                    at = self._undrawable(here, one, step, at)
                # The steps of a later ellipsis have their turn there.
                bus = steps[step].buses if step in steps else []
                if not at or not bus or (bus[place] and not counted):
                    continue
                if counted and not elided:
                    bus[place] = NOTHING
                if not any(bus):
                    steps[step].sides = list(sides)
                bus[place] |= frozenset(Source(one.below, a) for a in at if 0 <= a < total)

    def _window(
        self, here: _Ellipsis, one: Pair, step: int, place: int, shifted: bool
    ) -> list[int]:
        """What a step reads in one place, if the wiring goes on from the nearer side of the ellipsis."""
        edge, number = self.plan.start((one.below, one.gap)), step - here.start
        if number >= here.size and not shifted:
            edge += self.plan.elided[one.below, one.gap]
            number -= here.size
        windows = one.windows.get((place, number % one.up), frozenset())
        return [edge + one.down * (number // one.up) + w for w in windows]

    def _undrawable(self, here: _Ellipsis, one: Pair, step: int, at: list[int]) -> list[int]:
        """Of a drawn step's wires those that would begin at elided steps, or beyond them."""
        first = self.plan.start((one.below, one.gap))
        end = first + self.plan.elided[one.below, one.gap]
        beyond = any(a >= first for a in at) if step < here.start else any(a < end for a in at)
        return at if beyond else []


def _constant(left: Bus, right: Bus) -> Bus:
    return left if left == right else left & right


def _place(gap: Gap, step: int, size: int) -> float:
    """Where an elided step stands: in the columns of its ellipsis."""
    middle = (gap.start + gap.end - 1) / 2
    return middle + 0.9 * ((step + 0.5) / size - 0.5)


def _entries(step: _Step) -> Entries:
    found = dict.fromkeys(range(len(SIDES)), NOTHING)
    for bus, side in zip(step.buses, step.sides, strict=True):
        if bus:
            assert not found[side], "two wires from one side"
            found[side] = bus
    return (found[0], found[1], found[2])
