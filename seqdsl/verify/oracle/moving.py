r"""operands → windows: what a row reads of a few neighbors, a fixed number of steps further on with each of its nodes.

::

    Y   Y   Y      three operands: -  x1 x3 (`/`), x0 x2 x4 (`|`) and x1 x3 - (`\`); where a window leaves X, it has
    |\ /|\ /|      no wire
    X X X X X
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.verify.oracle.steps import Counted, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.verify.oracle.steps import Place
    from seqdsl.verify.oracle.wires import Wires

    Column = Sequence[Place | None]


def of_windows(
    wires: Wires, index: int, columns: Sequence[Column]
) -> dict[int, list[Place | None]]:
    """The operands that are windows, with how their steps are counted and which of them can be padding.

    It makes a difference only where some of what is read is padding.
    """
    if wires.blocks[index].is_vector or wires.drawing.settings[index].kind == "conv":
        return {}
    by_block: dict[int, dict[int, Column]] = {}
    for number, column in enumerate(columns):
        block = _row(wires, column)
        if block is not None:
            by_block.setdefault(block, {})[number] = column
    found: dict[int, list[Place | None]] = {}
    for block, own in by_block.items():
        if len(own) > 1:
            found |= _counted(block, own, wires.counts[block], wires.counts[index])
    return found


def _row(wires: Wires, column: Column) -> int | None:
    """The one row whose steps a column reads, one at each node; ``None`` if it reads anything else."""
    places = list(filter(None, column))
    blocks = {source.block for place in places for source in place.sources}
    # x0 z1 x2: two rows, which are no windows of either.
    # Delayed nodes have the numbers behind those of all blocks.
    is_row = len(blocks) == 1 and max(blocks) < len(wires.drawing.blocks)
    return blocks.pop() if is_row and all(map(_is_one_step, places)) and _moves(column) else None


def _moves(column: Column) -> bool:
    """Whether a column reads on at equal distances, without a gap: x3 x3 and x0 - x4 x5 are beside windows."""
    pairs = list(pairwise(_wired(column)))
    gaps = {(after - before, right - left) for (left, before), (right, after) in pairs}
    return not gaps or (len(gaps) == 1 and all(gap > 0 and apart == 1 for gap, apart in gaps))


def _is_one_step(place: Place) -> bool:
    return len(place.sources) == 1 and not place.bus and place.sources[0].step >= 0


def _counted(
    block: int, columns: Mapping[int, Column], total: int, nodes: int
) -> dict[int, list[Place | None]]:
    """The columns of one row as windows; empty if they are none."""
    # -  x1 x3 | x0 x2 x4 | x1 x3 -      stride 2; the first node would read x-1, x0 and x1
    stride = _stride(columns)
    if stride is None:
        return {}
    firsts = {number: _first(column, stride) for number, column in columns.items()}
    is_whole = len(set(firsts.values())) == len(firsts) and all(
        _is_whole(column, firsts[number], stride, total) for number, column in columns.items()
    )
    if not is_whole:
        return {}
    return (
        _in_place(block, columns) if stride == 1 and nodes == total else _numbered(columns, firsts)
    )


def _in_place(block: int, columns: Mapping[int, Column]) -> dict[int, list[Place | None]]:
    """A window for each step of a block: both are padding, or none."""
    return {
        number: [
            place and replace(place, decides=Source(block, node))
            for node, place in enumerate(column)
        ]
        for number, column in columns.items()
    }


def _numbered(
    columns: Mapping[int, Column], firsts: Mapping[int, int]
) -> dict[int, list[Place | None]]:
    """Any other windows: their steps are counted from the first valid one."""
    # Steps that every window has decide, the last of them; the others may be beyond an end.
    inside = [number for number, column in columns.items() if all(column)]
    last = max(inside, key=firsts.__getitem__, default=None)
    return {
        number: [
            place and replace(place, counts=(Counted.FROM_FIRST,), aside=last not in (None, number))
            for place in column
        ]
        for number, column in columns.items()
    }


def _wired(column: Column) -> list[tuple[int, int]]:
    """The nodes that have a wire in a column, and the steps that it leads to."""
    return [(node, place.sources[0].step) for node, place in enumerate(column) if place]


def _stride(columns: Mapping[int, Column]) -> int | None:
    """How much further on each node reads than the one before; ``None``: there is no such number."""
    # (1, 2): a node further on, it reads two steps further on. A node without a wire in between would make it (2, 4).
    gaps = {
        (after - before, right - left)
        for column in columns.values()
        for (left, before), (right, after) in pairwise(_wired(column))
    }
    # Of one node alone it does not matter.
    ((gap, apart),) = gaps if len(gaps) == 1 else ((1, 1),) if not gaps else ((0, 0),)
    return gap if apart == 1 and gap > 0 else None


def _first(column: Column, stride: int) -> int:
    """The step that the first node would read, perhaps in front of the first one."""
    node, step = _wired(column)[0]
    return step - stride * node


def _is_whole(column: Column, first: int, stride: int, total: int) -> bool:
    """Whether every node has its wire, as long as that leads to a step that is there."""
    steps = (first + stride * node for node in range(len(column)))
    return all(
        (place.sources[0].step if place else None) == (step if 0 <= step < total else None)
        for place, step in zip(column, steps, strict=True)
    )
