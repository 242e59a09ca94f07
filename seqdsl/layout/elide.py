r"""wirings, columns → which steps are not drawn: those of free and of long stretches, but for a few at their ends.

H ... H H H        Rows begin and end at the edges of stretches; in between, steps are wired alike. How many have
|     | | |        to be drawn at each end is found by trying: what is drawn must be right at every length.
X ... X X X
"""

from __future__ import annotations

from itertools import chain, count, pairwise
from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.layout.reading import family_of, reads
from seqdsl.layout.regular import Regular, Regularity, steady
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layout.frames import Frames
    from seqdsl.layout.wiring import Block, Wirings

LONGEST = 8
"""So many steps of a set length are drawn one by one."""
_NAMES = ("n", "m", "k", "steps", "length")
_ENDS = (
    (2, 1),
    (1, 0),
    (1, 1),
    (2, 2),
    (1, 2),
    (2, 0),
    (0, 1),
    (0, 2),
    (3, 1),
    (1, 3),
    (3, 2),
    (2, 3),
)
_MORE_ENDS = ((3, 3), (4, 4), (0, 3), (3, 0), (5, 5), (4, 1), (1, 4), (4, 2), (2, 4))
"""How many steps are drawn before and behind an ellipsis, what looks best first."""
_PERIODS = (0, 1, 1, 2, 3, 4)
"""How many periods of several steps are drawn where 0, 1, 2, ... single steps would be."""


@record(frozen=True)
class Range:
    """Columns of a frame that are not drawn, from ``low`` to before ``high``."""

    frame: int
    low: int
    high: int


@record(frozen=True)
class Elision:
    """What is not drawn.

    Attributes:
        ranges: the columns that are not drawn.
        single: the blocks that are sequences of one step, each with the number of a stretch.
        names: the name of each block's length, of those that have one.
        numbers: the values of names that are set.
    """

    ranges: tuple[Range, ...] = ()
    single: tuple[tuple[int, int], ...] = ()
    names: tuple[tuple[int, str], ...] = ()
    numbers: tuple[tuple[str, int], ...] = ()

    def hides(self, frame: int, slot: int) -> int | None:
        """The number of the range that a time is in; ``None``: it is drawn."""
        for number, item in enumerate(self.ranges):
            if item.frame == frame and item.low <= slot < item.high:
                return number
        return None


def elisions(wirings: Wirings, frames: Sequence[Frames]) -> Iterator[Elision]:
    """Ways not to draw steps, the nicest first.

    Args:
        wirings: the wirings.
        frames: the columns of each; those of the last one are drawn.
    """
    drawn = frames[-1]
    named = _named_steps(wirings)
    stretches = _stretches(drawn)
    others = [_stretches(item) for item in frames[:-1]]
    regular = _regular(frames, [*others, stretches])
    free = [item for at, item in enumerate(stretches) if _is_free(at, item, others)]
    for ranges in _ranges(drawn, free, others, named, regular):
        yield _Namer(wirings, drawn, named, ranges).elision()
    # A set length may be drawn step by step, if nothing else is right.
    if not free:
        yield _Namer(wirings, drawn, named, ()).elision()


def _ranges(
    drawn: Frames,
    free: Sequence[Range],
    others: Sequence[Sequence[Range]],
    named: dict[int, str],
    regularities: Sequence[Regular | None],
) -> Iterator[tuple[Range, ...]]:
    """What is left out of stretches that are free, or long, by how much is drawn at their ends; each once."""
    elided = [
        (item, regular, _least(at, item, others))
        for at, item in enumerate(_stretches(drawn))
        if (item in free or _is_long(item, drawn, named))
        and (regular := regularities[at]) is not None
    ]
    known: set[tuple[Range, ...]] = {()}
    for ends in (*_ENDS, *_MORE_ENDS):
        inner = (_inner(item, regular, least, ends) for item, regular, least in elided)
        ranges = tuple(item for item in inner if item is not None)
        if ranges not in known:
            known.add(ranges)
            yield ranges


def _regular(
    frames: Sequence[Frames], stretches: Sequence[Sequence[Range]]
) -> list[Regular | None]:
    """What is regular in each stretch of the last frames."""
    found = [
        [regularity.find(item.frame, item.low, item.high) for item in of]
        for regularity, of in zip(map(Regularity, frames), stretches, strict=True)
    ]
    *others, drawn = found
    return [
        steady(ways, [of[at] for of in others if at < len(of)]) for at, ways in enumerate(drawn)
    ]


def find_single(blocks: Sequence[Block]) -> set[int]:
    """The blocks that are sequences of one step."""
    found: set[int] = set()
    for at, block in enumerate(blocks):
        # Of a convolution one window of several may be left.
        is_part = family_of(block) is Family.WINDOW
        if block.steps == 1 and not (is_part and any(s.block not in found for s in reads(block))):
            found.add(at)
    return found


def _inner(item: Range, regular: Regular, least: int, ends: tuple[int, int]) -> Range | None:
    """What is left of a stretch of which so many steps, or periods, are drawn at both ends; ``None``: nothing."""
    period = regular.period
    # X X X X ... X X    a period of several steps is drawn once before the ellipsis, and a step twice
    wanted = [end if period == 1 else period * _PERIODS[end] for end in ends]
    before, behind = max(wanted[0], regular.before), max(wanted[1], regular.behind)
    # No more than there is where the stretch is shortest.
    before = max(min(before, least - behind), regular.before)
    behind = max(min(behind, least - before), regular.behind)
    before += (regular.phase - before) % period
    hidden = (item.high - item.low - before - behind) // period * period
    low = item.low + before
    return Range(item.frame, low, low + hidden) if hidden > 0 else None


def _least(at: int, item: Range, others: Sequence[Sequence[Range]]) -> int:
    """How long a stretch is where it is shortest."""
    sizes = [of[at].high - of[at].low for of in others if at < len(of)]
    own = item.high - item.low
    # Of one that is free some steps are left out, even where it is drawn at its shortest.
    return min([own - 1, *sizes]) if set(sizes) - {own} else own


def _stretches(frames: Frames) -> list[Range]:
    """The columns of all frames between those in which rows begin or end."""
    edges: dict[int, set[int]] = {}
    rows = [(*_extent(frames.slots(at)), frames.frame[at]) for at in range(len(frames.columns))]
    for gap, low, high, frame in sorted(row for row in rows if row[0]):
        # P   P   P      What is over every second step begins and ends with the row below it, unless that goes on.
        # X X X X X X
        known = edges.setdefault(frame, set())
        if known.isdisjoint(range(low - gap + 1, low + 1)):
            known.add(low)
        if known.isdisjoint(range(high, high + gap)):
            known.add(high)
    return [
        Range(frame, low, high)
        for frame in sorted(edges)
        for low, high in pairwise(sorted(edges[frame]))
    ]


def _extent(slots: Sequence[int]) -> tuple[int, int, int]:
    """How far apart the times of a row are, the first, and the one behind the last; of a vector 0 apart."""
    gap = min((right - left for left, right in pairwise(slots)), default=0)
    return max(gap, min(len(slots) - 1, 1)), slots[0], slots[-1] + 1


def _is_free(at: int, item: Range, others: Sequence[Sequence[Range]]) -> bool:
    """Whether a stretch is not as long at other lengths."""
    sizes = {item.high - item.low}
    sizes |= {of[at].high - of[at].low if at < len(of) else -1 for of in others}
    return len(sizes) > 1


def _named_steps(wirings: Wirings) -> dict[int, str]:
    """The set lengths that have names."""
    lengths = wirings.at[-1].lengths
    return {lengths[name]: name for name in sorted(wirings.fixed) if name in lengths}


def _is_long(item: Range, frames: Frames, named: dict[int, str]) -> bool:
    """Whether nobody would draw a stretch step by step."""
    if item.high - item.low > LONGEST:
        return True
    # A length with a name is written, however short it is.
    return item.high - item.low > 2 and any(
        block.steps in named and frames.frame[at] == item.frame
        for at, block in enumerate(frames.wiring.blocks)
    )


class _Namer:
    """Names lengths: a name is written where a block has one ellipsis, and is as long.

    Attributes:
        names: the name of each block's length.
        numbers: the values of those that are set.
    """

    def __init__(
        self, wirings: Wirings, frames: Frames, named: dict[int, str], ranges: tuple[Range, ...]
    ) -> None:
        self.wirings, self.frames, self.named, self.ranges = wirings, frames, dict(named), ranges
        self.names: dict[int, str] = {}
        self.numbers: dict[str, int] = {}
        self.settled: set[int] = set()
        taken = wirings.at[-1].lengths
        every = chain(_NAMES, (f"n_{number}" for number in count(2)))
        self.fresh = (name for name in every if name not in taken)

    def elision(self) -> Elision:
        """The ranges with names."""
        for at, block in enumerate(self.frames.wiring.blocks):
            hidden = self._hidden(at)
            if len(hidden) != 1 or block.steps is None:
                continue
            name = self._free_name(at) or self._set_name(at, block.steps, hidden)
            if name:
                self.names[at] = name
                self.settled |= hidden
        single = self._single_stretches()
        names, numbers = tuple(self.names.items()), tuple(self.numbers.items())
        return Elision(self.ranges, tuple(single.items()), names, numbers)

    def _single_stretches(self) -> dict[int, int]:
        """The stretches of sequences of one step, ``O ..n..`` with n = 1: the lowest one of each time has the name."""
        numbers: dict[int, int] = {}
        found: dict[int, int] = {}
        for at in find_single(self.frames.wiring.blocks):
            frame = self.frames.frame[at]
            if frame not in numbers:
                numbers[frame] = len(self.ranges) + len(numbers)
                self.names[at] = self._set_name(at, 1, {numbers[frame]})
            found[at] = numbers[frame]
        return found

    def _hidden(self, at: int) -> set[int]:
        """The ranges in which steps of a block are."""
        elision = Elision(self.ranges)
        found = {elision.hides(self.frames.frame[at], slot) for slot in self.frames.slots(at)}
        return {item for item in found if item is not None}

    def _free_name(self, at: int) -> str:
        """The free length that a block has at all lengths, if that has a name."""
        for name in self.wirings.at[-1].lengths:
            is_it = all(item.blocks[at].steps == item.lengths.get(name) for item in self.wirings.at)
            # The names of unnamed lengths begin with `_`.
            if is_it and not name.startswith("_") and name not in self.wirings.fixed:
                return name
        return ""

    def _set_name(self, at: int, steps: int, hidden: set[int]) -> str:
        """The name of a length that is always the same: its own, or a new one where the stretch has none yet."""
        if len({item.blocks[at].steps for item in self.wirings.at}) > 1:
            return ""
        if steps not in self.named and not hidden <= self.settled:
            self.named[steps] = next(self.fresh)
        if steps in self.named:
            self.numbers[self.named[steps]] = steps
        return self.named.get(steps, "")
