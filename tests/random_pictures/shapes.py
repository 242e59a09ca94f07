"""What a random picture is made of: strips of nodes, blocks, the wires that rise from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from seqdsl.layout.canvas import Cells

Grid = tuple[int, ...]
"""The places that each step holds; empty where it holds features alone."""

BREAK = 5
"""How many columns an ellipsis may take."""


@dataclass(frozen=True)
class Break:
    """An ellipsis.

    Attributes:
        start: its first column.
        name: its name, if it has one.
        elided: how many steps it stands for; ``None`` if that is free.
        twin: whether its block has another one, so that only both together have a length.
    """

    start: int
    name: str = ""
    elided: int | None = None
    twin: bool = False

    def cells(self, named: bool) -> Cells:
        """Its characters."""
        if named and self.name:
            return {self.start + i: char for i, char in enumerate(f"..{self.name}..")}
        return dict.fromkeys(range(self.start + 1, self.start + 4), ".")


@dataclass(frozen=True)
class Strip:
    """The columns of some nodes, and the ellipses between them."""

    columns: tuple[int, ...]
    breaks: tuple[Break, ...] = ()

    def beside(self, item: Break) -> tuple[int | None, int | None]:
        """The nodes on both sides of an ellipsis."""
        left = [column for column in self.columns if column < item.start]
        right = [column for column in self.columns if column > item.start]
        return (left[-1] if left else None), (right[0] if right else None)

    def within(self, columns: Collection[int]) -> Strip:
        """Some of the nodes, with the ellipses whose steps are then among them."""
        kept = [
            item
            for item in self.breaks
            if all(side in columns for side in self.beside(item) if side is not None)
        ]
        return Strip(tuple(sorted(columns)), tuple(kept))

    def parts(self) -> list[tuple[int, ...]]:
        """The runs of nodes between its ellipses."""
        starts = [float("-inf"), *(item.start for item in self.breaks), float("inf")]
        runs = [
            tuple(column for column in self.columns if low < column < high)
            for low, high in pairwise(starts)
        ]
        return [run for run in runs if run]

    @property
    def is_vector(self) -> bool:
        """Whether it is a single node."""
        return len(self.columns) == 1 and not self.breaks

    @property
    def is_free(self) -> bool:
        """Whether its length is known only at run time."""
        return any(item.elided is None for item in self.breaks)

    @property
    def steps(self) -> int:
        """How many steps it has, those of free ellipses not counted."""
        return len(self.columns) + sum(item.elided or 0 for item in self.breaks)

    @property
    def edges(self) -> tuple[int, int]:
        """The first and last column that it takes."""
        ends = [*self.columns, *(item.start for item in self.breaks)]
        return min(ends), max([*self.columns, *(item.start + BREAK - 1 for item in self.breaks)])


@dataclass(frozen=True)
class Seen:
    """What the nodes of a block see.

    Attributes:
        wires: the width of each wire of the node that has most; a bus counts once for each source.
        is_vector: whether the block is a single node.
        single: whether its wires come one for each node from one sequence.
        same: whether all its nodes see the same.
        free: whether it is a bus over a sequence of free length.
        elided: whether it is a bus over an ellipsis.
        query: the width of the query, where an attention can stand.
        memory: the width of its memory.
        vocabulary: where the wires come from tokens.
        masked: whether steps of the block may be padding.
        memory_masked: whether what it attends to, or combines, is masked.
        steps: how many steps the block has, if that is fixed.
        wired: whether each of its nodes sees something.
        whole: whether it reads all steps of one sequence, each its own.
        bus: whether several steps enter a node on one wire.
        enters: how many steps of one sequence enter each node on its bus, at least; 0 if that differs.
        grid: the grid that each wire holds.
        keeps: whether what is given holds the same grid, as something beside it is joined to it later.
    """

    wires: tuple[int, ...]
    is_vector: bool
    single: bool = False
    same: bool = False
    free: bool = False
    elided: bool = False
    query: int | None = None
    memory: int | None = None
    vocabulary: str = ""
    masked: bool = False
    memory_masked: bool = False
    steps: int | None = None
    wired: bool = False
    whole: bool = False
    bus: bool = False
    enters: int = 0
    grid: Grid = ()
    keeps: bool = False

    @property
    def width(self) -> int:
        """How many features a node sees."""
        return sum(self.wires)


@dataclass
class Block:
    """A drawn block, or the chains that its row is broken into.

    Attributes:
        letter: its letter.
        strip: where it stands.
        kind: its layer.
        call: its layer's call; empty for a default role.
        width: its features.
        direction: its state wires: ``""``, ``"-"``, ``">"``, ``"<"`` or ``"="``.
        cuts: the columns after which its chain is broken.
        masked: whether its last steps may be padding.
        vocabulary: where it is tokens.
        is_read: whether a row above reads it.
        on_source: whether it reads nothing but inputs.
        reads: the blocks that it reads, or whose state it begins with.
        is_aligned: whether each of its nodes reads nodes of its own column only.
        seen: how many features each of its nodes reads.
        grid: the grid that each of its nodes gives.
        is_wired: whether each of its nodes reads something.
    """

    letter: str
    strip: Strip
    kind: str
    call: str
    width: int
    units: int = 0
    direction: str = ""
    cuts: tuple[int, ...] = ()
    masked: bool = False
    vocabulary: str = ""
    is_read: bool = False
    on_source: bool = False
    reads: list[Block] = field(default_factory=list)
    is_aligned: bool = False
    seen: int = 0
    grid: Grid = ()
    is_wired: bool = False


@dataclass(frozen=True)
class Lane:
    """What rises in a column: a node's value, or a block's final state (``final``).

    A ``bound`` lane is a wire already: something must take it up.
    """

    block: Block
    final: bool = False
    bound: bool = False


@dataclass
class Tower:
    """What is on top in one part of the picture: nodes or wires that rows above may read."""

    strip: Strip
    lanes: dict[int, Lane]
    pitch: int
    skips: dict[int, Lane] = field(default_factory=dict)
    tap: int | None = None

    @property
    def bound(self) -> list[int]:
        """The columns that must be read."""
        return [column for column, lane in self.lanes.items() if lane.bound]

    @property
    def live(self) -> list[int]:
        """The columns of everything that must be read."""
        return [*self.bound, *self.skips]

    @property
    def masked(self) -> bool:
        """Whether steps may be padding."""
        return any(lane.block.masked and not lane.final for lane in self.lanes.values())

    @property
    def width(self) -> int:
        """The features of its values."""
        return next(iter(self.lanes.values())).block.width

    @property
    def grid(self) -> Grid:
        """The grid that each of its values is."""
        return next(iter(self.lanes.values())).block.grid

    @property
    def vocabulary(self) -> str:
        """The vocabulary, where they are tokens."""
        return next(iter(self.lanes.values())).block.vocabulary

    def keep(self, columns: Iterable[int]) -> None:
        """Lead some columns on as wires; the others end here."""
        self.lanes = {column: replace(self.lanes[column], bound=True) for column in columns}
        self.strip = self.strip.within(tuple(self.lanes))


@dataclass
class Part:
    """A gap of wires, and the nodes on top of it, not yet a layer.

    Attributes:
        rows: the rows of wires, bottom row first.
        enters: the columns whose lanes the wires take up.
        strip: the nodes.
        seen: what they see.
        pitch: the distance of their columns.
        skips: wires that pass beside them.
        start: the column, and what rises there, that is the initial state.
        side: on which side it enters.
        ended: the towers that the part goes on from.
        is_aligned: whether each node reads nodes of its own column only.
    """

    rows: list[Cells]
    enters: set[int]
    strip: Strip
    seen: Seen
    pitch: int
    ended: Sequence[Tower]
    skips: dict[int, Lane] = field(default_factory=dict)
    start: tuple[int, Lane] | None = None
    side: str = "left"
    is_aligned: bool = False
