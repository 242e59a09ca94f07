"""ids of values ⇄ blocks and their steps: what has been read so far, and who reads what.

A block's values have ids in a row, sample by sample, step by step, feature by feature::

    block 2, 3 steps of 4 features, 2 samples       ids 25 .. 36 | 37 .. 48
                                                    step 1 of the second sample: 41 42 43 44
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from enum import Enum
from math import gcd, prod
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.importers.keras.hints import TWO_ROWS
from seqdsl.importers.keras.parts import Piece, aligned, are_rows, run_of
from seqdsl.importers.keras.refusals import MEMORY, Again, Refused
from seqdsl.ir.direction import Direction
from seqdsl.layout.wiring import Block, Bus, Source, Steps
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from seqdsl.layout.wiring import Part

    Ids = NDArray[np.int64]

SAMPLES = 2
"""Of the batch that is read: with two, what belongs to different samples is never taken for one."""

_MOST_PARTS = 64
"""Into how many steps a vector is split at most."""


class Kind(Enum):
    """What of a block an id is of."""

    STEPS = "steps"
    FINAL = "final"
    MEMORY = "memory"
    # Of no block: a part of an attention that is written by hand.
    ATTENDED = "attended"


@record(frozen=True)
class Entry:
    """The ids of a part of a block.

    Attributes:
        start: the first.
        block: the block's number; -1: it is of none.
        kind: which part.
        steps: how many; ``None``: a vector.
        shape: of what each step holds.
    """

    start: int
    block: int
    kind: Kind
    steps: int | None
    shape: tuple[int, ...]

    @property
    def width(self) -> int:
        """How many values a step has."""
        return prod(self.shape)

    @property
    def size(self) -> int:
        """How many values a sample has."""
        return self.width * (1 if self.steps is None else self.steps)


class Ledger:
    """All blocks so far, and the ids of their values."""

    def __init__(self) -> None:
        """Begin without any."""
        self.blocks: list[Block] = []
        self.paths: dict[int, str] = {}
        # Blocks that are the same for all samples.
        self.constant: set[int] = set()
        self._entries: list[Entry] = []
        self._starts: list[int] = []
        self._next = 1
        self._made: dict[tuple[object, ...], int] = {}
        # What else has ids may become a row once it is read.
        self.as_values: Callable[[Ids], Ids] = lambda ids: ids

    def add(self, block: Block, shape: tuple[int, ...], path: str = "") -> Ids:
        """Note a block, each of whose steps holds ``shape``, and give its ids, (samples, steps, *shape)."""
        self.blocks.append(block)
        self.paths[len(self.blocks) - 1] = path
        return self.part(len(self.blocks) - 1, Kind.STEPS, block.steps, shape)

    def part(self, block: int, kind: Kind, steps: int | None, shape: tuple[int, ...]) -> Ids:
        """Ids of a part of a block."""
        entry = Entry(self._next, block, kind, steps, shape)
        self._entries.append(entry)
        self._starts.append(entry.start)
        self._next += SAMPLES * entry.size
        axes = shape if steps is None else (steps, *shape)
        return np.arange(entry.start, self._next).reshape(SAMPLES, *axes)

    def entry(self, number: int) -> Entry:
        """What an id is of."""
        return self._entries[bisect_right(self._starts, number) - 1]

    def of_block(self, block: int) -> Entry:
        """The steps of a block."""
        return next(
            item for item in self._entries if item.block == block and item.kind is Kind.STEPS
        )

    def are_chains(self, ids: Ids) -> bool:
        """Whether the first axis of (samples, chains, steps, ...) are chains: each the whole row of a block."""
        if ids.ndim < 4 or not ids.flat[0]:
            return False
        entry = self.entry(int(ids.flat[0]))
        whole = np.arange(entry.start, entry.start + entry.size)
        return (entry.steps, entry.shape) == (ids.shape[2], ids.shape[3:]) and np.array_equal(
            ids[0, 0].ravel(), whole
        )

    def change(self, number: int, **changes: object) -> None:
        """Note what becomes known of a block later."""
        self.blocks[number] = replace(self.blocks[number], **changes)  # type: ignore[arg-type]

    def check_samples(self, ids: Ids) -> None:
        """Check that each sample, (samples, ...), reads of itself, and all alike.

        Raises:
            Refused: one reads of another.
        """
        starts = np.array(self._starts)
        sizes = np.array([item.size for item in self._entries])
        first, second = ids[0], ids[1]
        at = np.maximum(np.searchsorted(starts, first, side="right") - 1, 0)
        alike = np.array([item.block in self.constant for item in self._entries])
        sizes[alike] = 0
        same = np.where(first == 0, second == 0, second == first + sizes[at])
        sizes[alike] = 2**62
        own = np.where(first == 0, 0, (first - starts[at]) // sizes[at])
        if not same.all() or own.any():
            raise Refused("it mixes the samples of a batch")

    def pieces(self, ids: Ids) -> Iterator[Piece]:
        """What stands side by side in a step, (features,) or a grid.

        Raises:
            Refused: a part of it is not one that wires carry.
        """
        flat, at = ids.ravel(), 0
        while at < len(flat):
            if flat[at]:
                count, source = self._source(flat[at:], ids)
                yield Piece(at, count, source)
            else:
                wired = np.nonzero(flat[at:])[0]
                count = int(wired[0]) if len(wired) else len(flat) - at
                yield Piece(at, count, None)
            at += count

    def _source(self, flat: Ids, whole: Ids) -> tuple[int, Source]:
        entry = self.entry(int(flat[0]))
        step, feature = divmod((int(flat[0]) - entry.start) % entry.size, entry.width)
        run = run_of(flat, entry.width - feature)
        # Of a grid: columns as a grid, then rows or columns as numbers in a row, then all of it as one.
        if len(entry.shape) > 1 and whole.ndim > 1 and entry.shape != whole.shape:
            return whole.size, self._columns(entry, step, whole)
        if len(entry.shape) > 1 and whole.size < entry.width:
            if run == whole.size and are_rows(entry.shape, feature, run):
                return run, self._rows(entry, step, feature, run)
            return whole.size, self._flat_columns(entry, step, whole)
        if feature or run < entry.width:
            return self._piece(entry, step, feature, run)
        if len(entry.shape) > 1 and entry.shape != whole.shape:
            entry = self._flat(entry)
        return entry.width, self.source(entry, step)

    def source(self, entry: Entry, step: int) -> Source:
        """One step of a part, as wires carry it.

        Raises:
            Refused: it is the memory of an LSTM.
        """
        if entry.kind is Kind.MEMORY:
            raise Refused(*MEMORY)
        return Source(entry.block, step, final=entry.kind is Kind.FINAL)

    def _piece(self, entry: Entry, step: int, feature: int, run: int) -> tuple[int, Source]:
        """A part of a step's features: one of the equal parts into which ``split`` cuts it.

        ::

            width 12, features 4 .. 7 are read: the second of three parts
        """
        block = self.blocks[entry.block]
        if block.direction is Direction.BIDIRECTIONAL:
            raise Again(self.paths[entry.block], TWO_ROWS)
        width = gcd(entry.width, feature, run)
        parts = entry.width // width
        if len(entry.shape) > 1 or parts > _MOST_PARTS or (entry.steps or 1) > 1:
            raise Refused(
                "it reads a part of the features of a step, and wires carry whole steps",
                "make the parts by layers of their own",
            )
        return width, Source(
            self._split(self.source(entry, step), parts, (width,)), feature // width
        )

    def _split(self, source: Source, parts: int, shape: tuple[int, ...]) -> int:
        """The row that cuts a value into equal parts."""
        key = ("split", source, parts)
        if key not in self._made:
            operand = Steps(((source,),) * parts)
            self._made[key] = len(self.blocks)
            self.add(Block("split", "split", parts, (operand,)), shape)
        return self._made[key]

    def _columns(self, entry: Entry, step: int, ids: Ids) -> Source:
        """Some columns of a grid: one of the equal parts into which ``split`` cuts its width.

        Raises:
            Refused: they are none of these.
        """
        start = entry.start + step * entry.width
        grid = np.arange(start, start + entry.width).reshape(entry.shape)
        parts, rest = divmod(entry.shape[-2], ids.shape[-2])
        if ids.ndim == len(entry.shape) and not rest:
            for number, part in enumerate(np.split(grid, parts, -2)):
                if np.array_equal(part, ids):
                    block = self._split(self.source(entry, step), parts, ids.shape)
                    return Source(block, number)
        raise Refused("it reads a part of a grid, or a grid that was reshaped")

    def _rows(self, entry: Entry, step: int, feature: int, run: int) -> Source:
        """Some rows of an image side by side: a part of it as it is flattened, row after row.

        ::

            image 4 x 2 x 6, values 12 .. 23 are read: the second of four parts
        """
        flat = self.source(self._flat(entry), step)
        return Source(self._split(flat, entry.width // run, (run,)), feature // run)

    def _flat_columns(self, entry: Entry, step: int, ids: Ids) -> Source:
        """Some columns of a grid side by side: those that ``split`` cuts off, flattened."""
        high, rest = divmod(ids.size, entry.shape[-1])
        shape = (*entry.shape[:-2], high // max(entry.shape[-3] if len(entry.shape) > 2 else 1, 1))
        if rest or not shape[-1]:
            raise Refused("it reads a part of a grid")
        try:
            whole = ids.reshape(*shape, entry.shape[-1])
        except ValueError as problem:
            raise Refused("it reads a part of a grid") from problem
        part = self._columns(entry, step, whole)
        return Source(self._flat(self.of_block(part.block)).block, part.step)

    def _flat(self, entry: Entry) -> Entry:
        """The steps of a grid as features: a row that flattens them."""
        key = ("flatten", entry)
        if key not in self._made:
            numbers = range(1 if entry.steps is None else entry.steps)
            operand = Steps(tuple((self.source(entry, step),) for step in numbers))
            ids = self.add(Block("flatten", "flatten", entry.steps, (operand,)), (entry.width,))
            self._made[key] = int(ids.flat[0])
        return self.entry(self._made[key])

    def steps(self, ids: Ids) -> Steps:
        """What each step reads, (samples, steps, ...)."""
        ids = self.as_values(ids)
        self.check_samples(ids)
        return Steps(aligned([list(self.pieces(row)) for row in ids[0]]))

    def vector(self, ids: Ids) -> Steps:
        """What a vector reads, (samples, ...)."""
        return self.steps(ids[:, None])

    def bus(self, ids: Ids) -> Bus:
        """Single values that all read, (samples, steps, ...)."""
        return self.bus_of(self.steps(ids).of, ids.shape[2:])

    def bus_of(self, rows: Sequence[tuple[Part, ...]], shape: tuple[int, ...]) -> Bus:
        """Single values that all read, each of a shape; what stands side by side in a step is joined first."""
        alone = [item[0] for item in rows if len(item) == 1 and item[0] is not None]
        if len(alone) == len(rows):
            return Bus(tuple(alone))
        joined = self.add(Block("concat", "concat", len(rows), (Steps(tuple(rows)),)), shape)
        return self.bus(joined)
