"""grid → wires: what enters every unit from below, followed cell by cell.

Data only ever flows upward, so one pass over the rows, bottom first, knows below each cell what arrives
there. What a wire carries is its `Source`: a unit, a junction (everything that enters a bus) or the final state of
a block.

    O       the `|` on the left carries unit 0, the one on the right the junction at `+`,
    |       whose sources are the units 1 and 2
  +-+
  | |
O O O
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.picture.delayed import find_delayed
from seqdsl.picture.grid import JUNCTION, GridRow
from seqdsl.picture.nearest import idle_junction, loose_end, missed
from seqdsl.picture.sources import Junction, JunctionRef, Lane, Producer, Source, StateRef, Trace
from seqdsl.picture.states import StateWires
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.picture.blocks import DrawnBlock


def trace(grid: Sequence[GridRow], states: StateWires) -> tuple[Trace, list[Diagnostic]]:
    """Follow all wires of ``grid``; wires that join nothing become diagnostics."""
    # Delayed units are numbered after all others.
    nodes = sum(map(str.isupper, (mark for row in grid for mark in row.marks)))
    delayed, _ = find_delayed(grid, nodes)
    tracer = _Tracer(grid, states, delayed)
    for number in range(len(grid)):
        tracer.row(number)
    tracer.top()
    for (number, column), _ in sorted(tracer.delayed.items(), key=lambda item: item[1]):
        tracer.trace.add(number, column)
    if delayed and not tracer.diagnostics:
        tracer.diagnostics += _unread(tracer.trace, delayed)
    return tracer.trace, tracer.diagnostics


def _unread(trace: Trace, delayed: Sequence[DrawnBlock]) -> Iterator[Diagnostic]:
    """Delayed blocks that nothing reads."""
    read: set[Source | None] = {*trace.slash, *trace.pipe, *trace.back}
    read = read.union(*(item.sources for item in trace.junctions))
    read = read.union(*((source for source, _ in item) for item in trace.initial.values()))
    for block in delayed:
        if read.isdisjoint(range(block.first, block.first + block.count)):
            letter = block.letter
            yield Diagnostic(
                "SEQ216",
                f"nothing reads the delayed node `{letter}`",
                block.span,
                f"connect it to the node above that is to read what `{letter.upper()}` gave one step earlier",
            )


_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DELAYED = frozenset("abcdefghijklmnopqrstuvwxyz")
_WIRES = frozenset("|^/\\")
_STRAIGHT = frozenset("|^+")
# What passes a value to the cell straight above it. Two nodes on top of each other are not joined, so a unit
# takes only `_STRAIGHT`.
_UPRIGHT = _LETTERS | _DELAYED | _STRAIGHT


class _Tracer:
    """Carries what leaves each cell of one row up to the next."""

    def __init__(
        self, grid: Sequence[GridRow], states: StateWires, delayed: Sequence[DrawnBlock]
    ) -> None:
        self.grid = grid
        self.states = states
        # The unit of each delayed node, by row and column.
        self.delayed = {
            (block.row, column): block.first + place
            for block in delayed
            for place, column in enumerate(_columns(grid[block.row], block.letter))
        }
        self.trace = Trace([], [], [], [], [], [], {})
        self.diagnostics: list[Diagnostic] = []
        # What leaves the cells of the row below, by column; wires that carry nothing are absent.
        self.below: dict[int, Source] = {}
        self.cells = ""
        self.taken: set[int] = set()
        # The junctions of the row below at which something enters or state begins or ends.
        self.joined: set[int] = set()

    def row(self, number: int) -> None:
        row = self.grid[number]
        # One row at a time, from the bottom; what is known of the rows below is what leaves each column:
        #
        #       Y       the unit Y has X0 by its `/` and X1 by its `|`
        #      /|       leaving: column 1 carries X0, column 2 carries X1
        #     X X       leaving: column 0 carries X0, column 2 carries X1
        self.taken = set()
        leaving: dict[int, Source] = {}
        joined = {terminal.column for terminal in self.states.terminals.get(number, ())}
        buses = self._buses(number, row) if JUNCTION in row.marks else {}
        for column, char in enumerate(row.cells):
            if char in _LETTERS:
                leaving[column] = self._unit(number, column)
            elif char in _DELAYED:
                leaving[column] = self._delayed_unit(number, column)
            elif char == JUNCTION:
                leaving[column] = self._bus(column, buses[column], joined)
            elif char in _WIRES:
                sources = self._arriving(column) if char in "|^" else self._foot(column, char)
                source = self._wire(number, column, char, sources)
                if source is not None:
                    leaving[column] = source
        # All of this row has taken what it takes: what is left of the row below leads nowhere.
        self._ends(number - 1)
        self.below, self.cells, self.joined = leaving, row.cells, joined
        self._state_ends(number, buses)

    def top(self) -> None:
        self.taken = set()
        self._ends(len(self.grid) - 1)
        # A broken wire leaves junctions without a source or a reader: its own finding explains theirs.
        if not self.diagnostics:
            self.diagnostics += [
                idle_junction(self.grid[junction.row].cell(junction.column), fault)
                for junction in self.trace.junctions
                if (fault := _fault(junction))
            ]

    def _take(self, column: int) -> Source:
        """What leaves the cell below in ``column``, which is thereby taken up."""
        source = self.below[column]
        self.taken.add(column)
        if isinstance(source, JunctionRef):
            self.trace.junctions[source.number].used = True
        return source

    def _arriving(self, column: int) -> list[Source]:
        r"""What reaches ``column`` from below: by ``/``, from the cell straight below, by ``\``."""
        cells, below, size = self.cells, self.below, len(self.cells)
        # The order of `/`, `|` and `\` is that of what they come from, left to right, and so of the features.
        sources: list[Source] = []
        if 0 < column <= size and cells[column - 1] == "/" and column - 1 in below:
            sources.append(self._take(column - 1))
        if column < size and cells[column] in _UPRIGHT and column in below:
            sources.append(self._take(column))
        if column + 1 < size and cells[column + 1] == "\\" and column + 1 in below:
            sources.append(self._take(column + 1))
        return sources

    def _foot(self, column: int, char: str) -> list[Source]:
        """What enters a slanted wire at its foot."""
        foot = column - 1 if char == "/" else column + 1
        if not 0 <= foot < len(self.cells) or foot not in self.below:
            return []
        # A slanted wire begins at a node or an upright wire, or goes on with another of its slant; `/` on `\` is
        # a bend that no wire makes.
        return (
            [self._take(foot)] if self.cells[foot] in _UPRIGHT or self.cells[foot] == char else []
        )

    def _wire(self, number: int, column: int, char: str, sources: list[Source]) -> Source | None:
        if len(sources) == 1:
            return sources[0]
        # Several wires that run into one `|` are a junction without a `+`: `/|\` in the row below.
        if sources:
            return self._junction(number, column, sources, used=True)
        if not self._broken_below(column, char):
            miss = missed(self.grid, number, column, char, -1)
            span = self.grid[number].cell(column)
            message = f"this `{char}` is not connected at its lower end"
            self.diagnostics.append(loose_end("SEQ202", message, span, miss))
        return None

    def _junction(
        self, row: int, column: int, sources: list[Source], *, used: bool = False
    ) -> JunctionRef:
        """Note another junction."""
        ref = JunctionRef(len(self.trace.junctions))
        self.trace.junctions.append(Junction(ref, row, column, sources, used))
        return ref

    def _broken_below(self, column: int, char: str) -> bool:
        """Whether the wire below carries nothing itself: one broken wire is one finding."""
        foot = {"/": column - 1, "\\": column + 1}.get(char, column)
        return 0 <= foot < len(self.cells) and self.cells[foot] in _WIRES and foot not in self.below

    def _unit(self, number: int, column: int) -> int:
        # As `_arriving`, but by side, and without a node straight below: this runs once for each node of a picture.
        trace, cells, below = self.trace, self.cells, self.below
        size = len(cells)
        slash: Source | None = None
        pipe: Source | None = None
        back: Source | None = None
        if 0 < column <= size and cells[column - 1] == "/" and column - 1 in below:
            slash = self._take(column - 1)
        if column < size and cells[column] in _STRAIGHT and column in below:
            pipe = self._take(column)
        if column + 1 < size and cells[column + 1] == "\\" and column + 1 in below:
            back = self._take(column + 1)
        return trace.add(number, column, slash, pipe, back)

    def _delayed_unit(self, number: int, column: int) -> int:
        """The unit of a delayed node, into which no wire leads."""
        cells, below = self.cells, self.below
        for at, char in ((column - 1, "/"), (column, ""), (column + 1, "\\")):
            here = cells[at : at + 1] if at >= 0 else ""
            if here and at in below and (here == char or (not char and here in _STRAIGHT)):
                self._take(at)
                self.diagnostics.append(_into_delayed(self.grid[number], column))
        return self.delayed[number, column]

    def _bus(self, column: int, bus: int, joined: set[int]) -> JunctionRef:
        """What leaves a junction upward; it is ``joined`` if anything enters it."""
        sources = self._arriving(column)
        joined |= {column} if sources else set()
        self.trace.junctions[bus].sources += sources
        return self.trace.junctions[bus].ref

    def _buses(self, number: int, row: GridRow) -> dict[int, int]:
        """The junction of every ``+`` of a row, by column: those that a bus joins are one."""
        junctions: dict[int, int] = {}
        for mark, char in enumerate(row.marks):
            if char != JUNCTION:
                continue
            # +-+-+ +-+    the first three are one junction, the last two another
            if not (mark and row.marks[mark - 1] == JUNCTION and row.joins[mark - 1]):
                self._junction(number, row.columns[mark], [])
            junctions[row.columns[mark]] = len(self.trace.junctions) - 1
        return junctions

    def _state_ends(self, number: int, buses: dict[int, int]) -> None:
        for terminal in self.states.terminals.get(number, ()):
            bus = buses[terminal.column]
            junction = self.trace.junctions[bus]
            if terminal.leaves:
                junction.sources.append(StateRef(terminal.block))
            else:
                junction.used = True
                self.trace.initial.setdefault(terminal.block, []).append((junction.ref, terminal))

    def _ends(self, number: int) -> None:
        """Report the wires and junctions of row ``number`` that no cell above takes up."""
        if number < 0:
            return
        row = self.grid[number]
        for column in sorted(self.below.keys() - self.taken):
            char = row.cells[column]
            if char in _WIRES:
                miss = missed(self.grid, number, column, char, 1)
                message = f"this `{char}` is not connected at its upper end"
                self.diagnostics.append(loose_end("SEQ201", message, row.cell(column), miss))
            elif char == JUNCTION and column not in self.joined:
                self.diagnostics.append(
                    idle_junction(row.cell(column), "this junction connects nothing above or below")
                )


def _columns(row: GridRow, letter: str) -> list[int]:
    return [row.columns[mark] for mark, char in enumerate(row.marks) if char == letter]


def _into_delayed(row: GridRow, column: int) -> Diagnostic:
    letter = row.cells[column]
    return Diagnostic(
        "SEQ216",
        f"a wire enters the delayed node `{letter}` from below",
        row.cell(column),
        f"it gives what `{letter.upper()}` gave one step earlier, and reads nothing itself: remove the wire, "
        f"or write `{letter.upper()}`",
    )


def _fault(junction: Junction) -> str:
    if not junction.sources:
        return "nothing enters this junction"
    return "" if junction.used else "nothing leaves this junction"


__all__ = [
    "Junction",
    "JunctionRef",
    "Lane",
    "Producer",
    "Source",
    "StateRef",
    "Trace",
    "trace",
]
