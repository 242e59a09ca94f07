"""drawing + lengths → steps: every ellipsis drawn out, every wire followed to the steps it comes from."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import filterfalse, zip_longest
from typing import TYPE_CHECKING

from seqdsl.verify.oracle.carried import carried_blocks
from seqdsl.verify.oracle.counting import count_steps, count_value
from seqdsl.verify.oracle.delayed import resolved
from seqdsl.verify.oracle.elision import drawn_out
from seqdsl.verify.oracle.loops import COMBINED, in_order
from seqdsl.verify.oracle.moving import of_windows
from seqdsl.verify.oracle.named import named_places
from seqdsl.verify.oracle.steps import BEFORE, FINAL, Operands, Place, Source, Start, Steps
from seqdsl.verify.oracle.wires import Wires

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.picture import trace

    Lane = list[trace.Source | None]

__all__ = ["FINAL", "Operands", "Place", "Source", "Start", "Steps", "expand"]

KEPT = 32
"""Results that are kept: a model with feedback expands the pictures that it calls at each step."""


def expand(drawing: Drawing, lengths: Mapping[str, int]) -> Steps:
    """All steps of a picture for the given values of its free lengths.

    Raises:
        Unclear: an elided step has no clear wiring.
    """
    return _expanded(_ByIdentity(drawing), tuple(sorted(lengths.items())))


class _ByIdentity:
    """A drawing as a key, compared by identity: comparing its contents takes longer than expanding it."""

    __slots__ = ("drawing",)

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.drawing is other.drawing

    def __hash__(self) -> int:
        return id(self.drawing)


@lru_cache(maxsize=KEPT)
def _expanded(key: _ByIdentity, named: tuple[tuple[str, int], ...]) -> Steps:
    drawing, lengths = key.drawing, dict(named)
    wires = Wires(drawing, lengths)
    indices = range(len(drawing.blocks))
    operands = resolved(wires, [_operands(wires, index) for index in indices])
    starts = {index: start for index in indices if (start := _start(wires, index))}
    read = {index: _read(operands[index], starts, index) for index in indices}
    wired = {index: _read(operands[index], starts, index, earlier=False) for index in indices}
    leaves = set(indices).difference(*wired.values())
    order, loops = in_order(read, wired)
    operands = _in_place(operands, loops)
    # Arguments and results are in the order of their columns: of two inputs, the one that begins further left first.
    reading = sorted(indices, key=lambda index: wires.corner(drawing.blocks[index].first))
    return Steps(
        wires.counts,
        operands,
        starts,
        order,
        tuple(i for i in reading if drawing.settings[i].kind in ("input", "tokens")),
        tuple(i for i in reading if i in leaves),
        tuple(carried_blocks(drawing, read, reading, operands)),
        loops,
    )


def _in_place(
    operands: tuple[tuple[Operands, ...], ...], loops: Sequence[Sequence[int]]
) -> tuple[tuple[Operands, ...], ...]:
    """The same operands, in which the blocks of a loop read each other's steps in their places, padding or not."""
    found = list(operands)
    for loop in loops:
        for index in loop:
            found[index] = tuple(
                tuple(_uncounted(place, loop) for place in step) for step in operands[index]
            )
    return tuple(found)


def _uncounted(place: Place | None, loop: Sequence[int]) -> Place | None:
    if place is None or not {source.block for source in place.sources} <= set(loop):
        return place
    return replace(place, counts=())


def _read(
    operands: Sequence[Operands], starts: Mapping[int, Start], index: int, *, earlier: bool = True
) -> set[int]:
    """The blocks that a block reads; also through delayed nodes, if what came ``earlier`` is asked for."""
    sources = list(_sources(operands, earlier))
    # Before its first step a block is what it starts from: a `d` there reads not D, but the row whose state D takes.
    begun = {source.block for source in sources if source.step <= BEFORE} | {index}
    blocks = {source.block for source in sources if source.step > BEFORE}
    return blocks.union(*(_started_from(starts[one]) for one in begun & starts.keys()))


def _sources(operands: Sequence[Operands], earlier: bool) -> Iterator[Source]:
    """The values that the steps of a block read, those of delayed nodes only if what came ``earlier`` counts."""
    for place in (place for step in operands for place in step if place):
        if earlier or not place.earlier:
            yield from place.sources


def _started_from(start: Start) -> set[int]:
    """The blocks whose state or values a chain starts from."""
    blocks = set() if start.value is None else {item.block for item in start.value.sources}
    return blocks if start.block is None else blocks | {start.block}


def _operands(wires: Wires, index: int) -> tuple[Operands, ...]:
    lanes = [part for lane in _unmixed(wires, index) for part in _apart(wires, lane)]
    columns = [drawn_out(wires, index, lane) for lane in lanes]
    if wires.drawing.settings[index].kind == "attention":
        asked = _queries(wires, index, columns)
        lanes, columns = [*lanes, *asked], [*columns, *(drawn_out(wires, index, q) for q in asked)]
    windows = of_windows(wires, index, columns)
    columns = [
        windows.get(number) or _counted(wires, index, lane, column)
        for number, (lane, column) in enumerate(zip(lanes, columns, strict=True))
    ]
    named = named_places(wires.drawing, index, wires.counts)
    return tuple(
        (*(column[step] for column in columns), *named) for step in range(wires.counts[index])
    )


def _counted(
    wires: Wires, index: int, lane: Lane, column: list[Place | None]
) -> list[Place | None]:
    return column if _is_delayed(wires, column) else count_steps(wires, index, lane, column)


def _is_delayed(wires: Wires, column: list[Place | None]) -> bool:
    """Whether any step of an operand is a delayed node: its steps are not counted by what is padding."""
    count = len(wires.drawing.blocks)
    return any(source.block >= count for place in column if place for source in place.sources)


def _lanes(wires: Wires, index: int) -> list[Lane]:
    r"""The wires of a block's drawn nodes, a list for each of their operands.

    Where all wired nodes have equally many wires, the operands are counted; else they are the sides
    from which wires enter: ``/``, ``|``, ``\``.
    """
    block, trace = wires.drawing.blocks[index], wires.drawing.trace
    part = slice(block.first, block.first + block.count)
    sides = [list(side[part]) for side in (trace.slash, trace.pipe, trace.back)]
    # Y   Y     Each Y has two wires, though from other sides: two lanes, (x0, x1) and (x1, x2), and not
    # |\ /|     the three sides / (none, x1), | (x0, x2) and \ (x1, none).
    # X X X
    nodes = [[source for source in node if source is not None] for node in zip(*sides, strict=True)]
    counts = {len(node) for node in nodes if node}
    if wires.drawing.settings[index].kind in COMBINED and (rows := _rows(wires, nodes)):
        return rows
    if len(counts) != 1:
        return [side for side in sides if set(side) != {None}]
    return [[node[place] if node else None for node in nodes] for place in range(counts.pop())]


def _unmixed(wires: Wires, index: int) -> list[Lane]:
    """The same lanes; of what combines values, a bus of one row stays whole where other rows are wired beside it."""
    #   M   M     mean: the first M has Z and y, the second one a bus and y
    #   |\ /|
    # --|-+ |     a lane of the bus alone, then lanes of the wires
    #   y Z y
    lanes = _lanes(wires, index)
    combines = wires.drawing.settings[index].kind in COMBINED
    if not combines or not any(_is_bus_beside_others(wires, lane) for lane in lanes):
        return lanes
    nodes = [list(_there(node)) for node in zip(*lanes, strict=True)]
    buses = [list(filter(wires.is_bus, node)) for node in nodes]
    single = [list(filterfalse(wires.is_bus, node)) for node in nodes]
    return [list(lane) for kind in (buses, single) for lane in zip_longest(*kind)]


def _is_bus_beside_others(wires: Wires, lane: Lane) -> bool:
    led = {tuple(wires.flat(one)) for one in _there(lane)}
    buses = [items for items in led if len(items) > 1]
    if len(buses) != 1:
        return False
    alone = {wires.source(items[0]).block for items in led.difference(buses)}
    return bool(alone) and alone.isdisjoint(wires.source(item).block for item in buses[0])


def _there(lane: Iterable[trace.Source | None]) -> Iterator[trace.Source]:
    return (one for one in lane if one is not None)


def _apart(wires: Wires, lane: Lane) -> list[Lane]:
    """A lane whose nodes have buses that differ, as one wire for each place on these: windows, drawn by buses."""
    #   Y     Y       the first wires lead x0 and x2, the second ones x1 and x3
    # +-+-+ +-+-+
    # X   X X   X
    led = [() if source is None else tuple(wires.flat(source)) for source in lane]
    wide = max(map(len, led))
    if wide < 2 or len(set(filter(None, led))) < 2:
        return [lane]
    return [[values[at] if at < len(values) else None for values in led] for at in range(wide)]


def _queries(wires: Wires, index: int, columns: list[list[Place | None]]) -> list[Lane]:
    """The queries of an attention whose nodes read a bus alone: of all on it, the one in their column."""
    if any(place and not place.bus for column in columns for place in column):
        return []
    # Y   Y   Y     attention: the first node asks with the X in its own column, the second with the next, ...
    # |   |   |
    # +---+---+
    # |   |   |
    # X   X   X
    block, trace = wires.drawing.blocks[index], wires.drawing.trace
    lane: Lane = []
    for unit in range(block.first, block.first + block.count):
        sources = [one for entry in trace.entries(unit) for one in wires.flat(entry)]
        own = (one for one in sources if trace.units[unit] in wires.columns(one))
        lane.append(next(own))
    return [lane]


def _start(wires: Wires, index: int) -> Start | None:
    # E-E-D-D     D starts from the final state of E, which is the row's own state wire.
    # +--D-D-D    D starts from what enters at its beginning from below: another row's final state as a whole
    # |           (h and c of an LSTM), or a value.
    for handoff in wires.drawing.states.handoffs:
        if handoff.destination == index:
            return Start(handoff.source, None, handoff.is_double)
    for source, terminal in wires.drawing.trace.initial.get(index, ()):
        value = wires.behind(source)
        if len(value) == 1 and value[0].step == FINAL:
            return Start(value[0].block, None, terminal.is_double)
        return Start(None, count_value(wires, Place(value)), terminal.is_double)
    return None


def _rows(wires: Wires, nodes: Sequence[Sequence[trace.Source]]) -> list[Lane]:
    """A list for each row that all nodes add, where each has one wire from every row, in whichever order."""
    # J   J     The first J adds C, then M; the second one M, then C: C C and M M.
    # |\ /|
    # C M C
    drawn = [{_row(wires, source): source for source in node} for node in nodes]
    wired = [node for node in drawn if node]
    # Two wires of one row, and junctions, are left to the side from which they enter.
    alone = all(len(rows) == len(node) for rows, node in zip(drawn, nodes, strict=True))
    if not alone or len({frozenset(node) for node in wired}) != 1 or None in wired[0]:
        return []
    return [[node.get(row) for node in drawn] for row in wired[0]]


def _row(wires: Wires, source: trace.Source) -> int | None:
    """The block of a node that a wire leads to; ``None`` of a junction or a state."""
    return wires.at[source].block if isinstance(source, int) else None
