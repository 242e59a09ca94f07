r"""wiring → a column for each step: what is read step by step is one over the other, everything else side by side.

      Y         A *frame* is what shares a time: `X`, `H` and `Y` here. Within it columns are numbers, of which
  H-H-H         only the order matters; frames stand side by side, each right of those that it reads.
 /|/|/|
Z X Z X ...     `Z` beside `X` at the same step stands half a column to the left.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from seqdsl.layout.reading import delay_of, main_steps, reads
from seqdsl.layout.repeats import find_repeated
from seqdsl.layout.same_wirings import is_free_of_order
from seqdsl.layout.siblings import Siblings
from seqdsl.layout.spacing import HALF, filled, is_rising, middles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.layout.repeats import Repeated
    from seqdsl.layout.wiring import Block, Part, Wiring

Lengths = tuple[int | None, ...]
THIRD = Fraction(1, 3)


class Frames:
    """The columns of a wiring.

    Attributes:
        wiring: it.
        columns: the column of each step of each block.
        frame: the frame of each block.
    """

    def __init__(
        self, wiring: Wiring, lengths: Sequence[Lengths] = (), *, straight: bool = False
    ) -> None:
        """Find them, each frame by itself.

        Args:
            wiring: the wiring.
            lengths: how long each block is in this and other wirings, if there are any.
            straight: whether the longest way through it stays in whole columns.
        """
        self.wiring = wiring
        self.columns: list[list[Fraction]] = []
        self.frame: list[int] = []
        self.floating: set[int] = set()
        self.offset: list[Fraction] = []
        self.depth: list[int] = []
        self.siblings = Siblings(wiring, straight=straight)
        self.lengths = lengths or [(block.steps,) for block in wiring.blocks]
        for at, block in enumerate(wiring.blocks):
            self.depth.append(max((self.depth[s.block] + 1 for s in reads(block)), default=0))
            self._add(at, block)

    def end(self, at: int, *, left: bool = False) -> Fraction:
        """The column in which the state of a block ends, or begins."""
        columns = self.columns[at]
        return columns[0] - THIRD if left else columns[-1] + THIRD

    def of(self, source: Part) -> Fraction:
        """The column of a source."""
        assert source is not None
        return self.end(source.block) if source.final else self.columns[source.block][source.step]

    # Columns within a frame

    def slots(self, at: int) -> list[int]:
        """The time of each step of a block: that of the whole column that it is in, or beside."""
        return [ceil(column - self.offset[at]) for column in self.columns[at]]

    def _add(self, at: int, block: Block) -> None:
        self.frame.append(at)
        self.offset.append(Fraction(0))
        if block.steps is None:
            self.columns.append([self._vector(at, block)])
            return
        aligned = self._without_start(self._aligned(block))
        repeated = None if aligned else find_repeated(block, self.columns)
        if repeated is not None:
            self._repeat(at, repeated)
        elif len(set(self.lengths[at])) == 1 and self._is_scattered(aligned):
            # The last steps of several rows, one after the other: their columns show when these have theirs.
            self.floating.add(at)
            self.columns.append([Fraction(step) for step in range(block.steps)])
        elif aligned:
            self._align(at, block, aligned)
        else:
            start, frame = self._beside(at, block)
            self.columns.append([start + step for step in range(block.steps)])
            self.frame[at] = at if frame is None else frame

    def _repeat(self, at: int, repeated: Repeated) -> None:
        """Put a row over one of which it reads each step several times; that is spread where it is too narrow."""
        frame = self.frame[at] = self.frame[repeated.source]
        for other, of in enumerate(self.frame[:-1]):
            if of == frame:
                self.columns[other] = [column * repeated.spread for column in self.columns[other]]
                self.offset[other] *= repeated.spread
        columns = list(repeated.columns)
        moved = self.offset[repeated.source]
        by = self.siblings.offset(at, columns, self._rows_of(frame), moved)
        self.offset[at] = moved + by
        self.columns.append([column + by for column in columns])

    def _align(self, at: int, block: Block, aligned: Mapping[int, Mapping[int, Fraction]]) -> None:
        """Put a row over what it reads step by step, and move that together."""
        places = {item: place for place, item in enumerate(aligned)}
        # Of two that are summed, the one in the whole column; else the highest, or the last. What stands over delayed
        # nodes alone is beside what is new at each step.
        is_free = is_free_of_order(block)
        main = max(
            aligned,
            key=lambda item: (
                is_free and not self.offset[item],
                not self._is_fed_back(self.frame[item]),
                self.depth[item],
                len(aligned[item]),
                # Of three inputs side by side the one in the middle: the others are left and right of it.
                not is_free and len(places) == 3 and places[item] == 1,
                places[item],
            ),
        )
        columns = filled(aligned[main], block.steps or 1)
        self.frame[at] = self.frame[main]
        moved = self.offset[main]
        by = self.siblings.offset(at, columns, self._rows_of(self.frame[main]), moved)
        self.offset[at] = moved + by
        self.columns.append([column + by for column in columns])
        for other in aligned:
            # A sum has its second value at the right, wherever that is read.
            behind = is_free or self._is_behind(other, main, places)
            self._merge(other, main, aligned, behind=behind)

    def _vector(self, at: int, block: Block) -> Fraction:
        """The column of a vector, in the frame of what it reads, or in one of its own."""
        read = list(reads(block, state=False))
        frames = {self.frame[source.block] for source in read}
        if len(frames) != 1:
            if frames:
                self.floating.add(at)
            return Fraction(0)
        (self.frame[at],) = frames
        # Over its query, if a bus is what else it reads.
        over = [part for item in main_steps(block) for part in item if part] or read
        columns = sorted(self.of(source) - self.offset[source.block] for source in over)
        is_sequence = len({source.block for source in over}) == 1
        # Over the last step, or in the middle of what is read of several blocks.
        column = columns[-1] if is_sequence or len(columns) == 1 else columns[len(columns) // 2]
        # M N    Two values of one row are side by side.
        taken = {
            of[0] for other, of in enumerate(self.columns) if self._is_vector_beside(at, other)
        }
        while column in taken:
            column += 1
        return column

    def _is_vector_beside(self, at: int, other: int) -> bool:
        is_vector = self.wiring.blocks[other].steps is None
        same = self.frame[other] == self.frame[at]
        return is_vector and same and self.siblings.is_apart(at, other)

    def _rows_of(self, frame: int) -> dict[int, list[Fraction]]:
        """The columns of the rows of a frame."""
        return {
            at: columns
            for at, columns in enumerate(self.columns)
            if self.frame[at] == frame and len(columns) > 1
        }

    def _without_start(
        self, aligned: dict[int, dict[int, Fraction]]
    ) -> dict[int, dict[int, Fraction]]:
        """What is read step by step, without a row of which one step is read before what is fed back."""
        # X X X   S y y      the last step of an input is a start: that input ends where the loop begins
        blocks = self.wiring.blocks
        if not any(delay_of(blocks[at]) for at in aligned):
            return aligned
        return {at: of for at, of in aligned.items() if len(of) == (blocks[at].steps or 1)}

    def _is_scattered(self, aligned: Mapping[int, Mapping[int, Fraction]]) -> bool:
        """Whether steps come from several frames, of each of which only a part is read."""
        blocks = self.wiring.blocks
        steps = [step for columns in aligned.values() for step in columns]
        is_disjoint = len(steps) == len(set(steps)) and len(aligned) > 1
        is_part = any(len(of) < (blocks[at].steps or 1) for at, of in aligned.items())
        return is_disjoint and is_part and len({self.frame[at] for at in aligned}) > 1

    def _beside(self, at: int, block: Block) -> tuple[Fraction, int | None]:
        """Where a row begins that no step is aligned with: over what is as long, or a single value, else by itself."""
        other = self._as_long(at)
        if other is not None:
            return self.columns[other][0] - self.offset[other], self.frame[other]
        read = list(reads(block, state=False))
        if len(set(read)) == 1:
            frame = self.frame[read[0].block]
            own = [c for at, c in enumerate(self.columns) if self.frame[at] == frame]
            if all(len(columns) == 1 for columns in own) and frame not in self.floating:
                return self.of(read[0]), frame
        return Fraction(0), None

    def _as_long(self, at: int) -> int | None:
        """A row that is as long as another one, or so much longer, however long that is: the nearest that it reads."""
        # Z Z ... Z    Each step reads all of `X`, and there are as many: only where both have one stretch of time, that
        # +-+-----+    is said.
        # X X ... X
        own = self.lengths[at]
        if len(set(own)) < 2 or not self.siblings.below[at]:
            return None
        below = self.siblings.below[at]
        order = sorted(range(at), key=lambda item: (item in below, item), reverse=True)
        return next((item for item in order if _is_as_long(own, self.lengths[item])), None)

    def _aligned(self, block: Block) -> dict[int, dict[int, Fraction]]:
        """The blocks that are read step by step, each with the columns of what steps read of it."""
        read: dict[int, dict[int, dict[int, Fraction]]] = {}
        for step, parts in enumerate(main_steps(block)):
            for place, part in enumerate(parts):
                if part is not None and not part.final:
                    of = read.setdefault(part.block, {}).setdefault(place, {})
                    of[step] = self.of(part)
        known = {source: middles(list(of.values())) for source, of in read.items()}
        is_alone = len(known) == 1 and block.steps != 1
        return {
            source: columns
            for source, columns in known.items()
            if is_rising(list(columns.values())) and len(columns) > is_alone
        }

    def _is_behind(self, other: int, main: int, places: Mapping[int, int]) -> bool:
        """Whether one of two blocks that are read side by side is right of the other."""
        first = [self._first_input(self.frame[item]) for item in (other, main)]
        # The order of arguments is that of columns; where there is none, that of the concatenation.
        return places[other] > places[main] if min(first) < 0 else first[0] > first[1]

    def _is_fed_back(self, frame: int) -> bool:
        """Whether a frame is made of delayed nodes, and has no argument."""
        own = [at for at, of in enumerate(self.frame) if of == frame]
        is_any = any(delay_of(self.wiring.blocks[at]) for at in own)
        return is_any and self._first_input(frame) < 0

    def _first_input(self, frame: int) -> int:
        """Which of the arguments is the first of a frame; -1: it has none."""
        inputs = self.wiring.inputs
        own = [inputs.index(at) for at, of in enumerate(self.frame) if of == frame and at in inputs]
        return min(own, default=-1)

    def _keeps_inputs(self, moved: int, frame: int, shift: Fraction) -> bool:
        """Whether arguments are in their order, by their first steps, if a frame is moved into another one."""
        inputs = (at for at in self.wiring.inputs if at < len(self.frame))
        columns = [
            self.columns[at][0] + (shift if self.frame[at] == moved else 0)
            for at in inputs
            if self.frame[at] in (moved, frame)
        ]
        return columns == sorted(columns)

    def _merge(
        self,
        source: int,
        main: int,
        aligned: Mapping[int, Mapping[int, Fraction]],
        *,
        behind: bool,
    ) -> None:
        """Move a frame into another, so that its steps are beside, or behind, those that they are read with."""
        # Y Y Y       X is 0 1 2, Y is 0 1 2 as well: read straight from below, X moves by nothing; by slanted wires
        # | | |       beside other values, by half a column, before or behind.
        # X X X
        other, frame, columns = self.frame[source], self.frame[main], self.columns[-1]
        known, own = aligned[source], aligned[main]
        shifts = {columns[step] - column for step, column in known.items()}
        if len(shifts) != 1 or other in self.floating or other == frame:
            return
        (shift,) = shifts
        by = Fraction(0)
        if known.keys() & own.keys():
            by = HALF if behind else -HALF
        shift += by + self.offset[source] - self.offset[main]
        if not self._keeps_inputs(other, frame, shift):
            return
        for at, of in enumerate(self.frame):
            if of == other:
                self.frame[at] = frame
                self.offset[at] += by
                self.columns[at] = [column + shift for column in self.columns[at]]


def _is_as_long(one: Lengths, other: Lengths) -> bool:
    """Whether two lengths differ by the same number wherever they are known."""
    both = list(zip(one, other, strict=True))
    return (
        all(item is not None for item in other) and len({(a or 0) - (b or 0) for a, b in both}) == 1
    )
