"""blocks of a row → state wires: chains, broken chains, hand-over to a neighbour, final states that leave."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from seqdsl.layout.canvas import Cells, state_wire
from tests.random_pictures.shapes import Block, Break

HANDS = (
    # The left block's direction, the right block's, the wire between them, and how the units must be.
    (">", ">", "-", 1),
    ("-", "-", "-", 1),
    (">", "-", ">", 1),
    ("=", ">", "-", 2),
    ("=", "-", "-", 2),
    ("=", "=", "=", 1),
    ("-", "=", "-", 1),
    ("<", "<", "-", 1),
    ("<", "<", "<", 1),
)
"""The ways in which two neighbours hand on state; where both run to the left, from the right one."""


def direct(rng: Random, block: Block, ways: str, *, may_break: bool) -> None:
    """Choose how a recurrent block's state wires are drawn, of some ways; perhaps break its chain."""
    block.direction = rng.choice(ways)
    inner = [
        left
        for left, right in pairwise(block.strip.columns)
        if not any(left < item.start < right for item in block.strip.breaks)
    ]
    if inner and may_break and not block.masked and rng.random() < 0.15:
        cuts = tuple(sorted(rng.sample(inner, rng.randint(1, min(2, len(inner))))))
        lengths = _lengths(block.strip.columns, cuts)
        # Of a row that is broken into single nodes no state wire would be left; and a single node runs one way.
        whole = min(lengths) > 1 if block.direction == "=" else max(lengths) > 1
        block.cuts = cuts if whole else ()


def _lengths(columns: tuple[int, ...], cuts: tuple[int, ...]) -> list[int]:
    """How many nodes each chain has."""
    ends = [0, *(columns.index(column) + 1 for column in cuts), len(columns)]
    return [end - start for start, end in pairwise(ends)]


def draw(block: Block, named: frozenset[Break]) -> Cells:
    """The nodes of a block, its ellipses and state wires."""
    cells: Cells = dict.fromkeys(block.strip.columns, block.letter)
    for item in block.strip.breaks:
        cells |= item.cells(item in named)
    if not block.direction:
        return cells
    ends = sorted(
        [(column, column) for column in block.strip.columns]
        + [_extent(item, item in named) for item in block.strip.breaks]
    )
    for (_, left), (right, _) in pairwise(ends):
        if left not in block.cuts:
            cells |= wire(left, right, block.direction)
    return cells


def _extent(item: Break, named: bool) -> tuple[int, int]:
    cells = item.cells(named)
    return min(cells), max(cells)


def wire(left: int, right: int, sign: str) -> Cells:
    """A state wire between two columns; an arrow's sign stands where no wire can cross it."""
    return state_wire(left, right, sign, arrow=left + 1)


def ends(block: Block) -> tuple[bool, bool]:
    """Whether a block's first and last mark is a node, to which state can be handed."""
    if not block.strip.breaks:
        return True, True
    first, last = block.strip.breaks[0], block.strip.breaks[-1]
    return block.strip.beside(first)[0] is not None, block.strip.beside(last)[1] is not None


def state_end(rng: Random, block: Block, row: Cells) -> Cells:
    """A ``*`` at an end of a row, where there is room: state comes in, or goes out."""
    # With both ends, everything between the inputs and the outputs would have to look back only.
    if block.direction not in ("-", ">") or rng.random() > 0.25:
        return {}
    is_left = rng.random() < 0.5
    if not ends(block)[0 if is_left else 1]:
        return {}
    step = -1 if is_left else 1
    column = block.strip.columns[0 if is_left else -1]
    room = [column + step * place for place in (1, 2, 3)]
    if min(room) < 0 or any(place in row for place in room):
        return {}
    return {room[0]: "-", room[1]: "*"}
