r"""wiring, columns → the row of each block: above all that it reads, with others beside it where there is room.

  A   A        `H` and `X` are read by `A`, so `A` is above `H`; `Z`, which is read beside `W`, cannot be in the row
 /|  /|        of `X`, as its nodes are between those of `X`: it has a row of its own, right below what reads it.
Z W Z W
  X   X
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.ir.direction import Direction
from seqdsl.layers import Family
from seqdsl.layout.reading import delay_of, family_of, reads
from seqdsl.layout.wiring import Passed
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from fractions import Fraction

    from seqdsl.layout.frames import Frames
    from seqdsl.layout.wiring import Block, Wiring


@record(frozen=True)
class Packing:
    r"""Which blocks share a row, and which of those that could have is the upper one.

    Attributes:
        apart: whether each layer that is applied several times has a row for each.
        alone: the layers that have a row for themselves, as they have no letter.
        beside_is_above: whether what stands beside whole columns is above what stands in them, and not below it.

    Where both `H` and `G` read what is also read above them, wires cross only if `G` is below::

        M     M
        |\    |\
        | \   | \
        |  \  |  \
        A   | A   |
        |\  | |\  |
        | G | | G |
        |  \| |  \|
        H   | H   |
        |  /  |  /
        | /   | /
        |/    |/
        X     X
    """

    apart: bool = False
    alone: Collection[str] = ()
    beside_is_above: bool = False


def passed_in_row(wiring: Wiring) -> dict[int, int]:
    """The blocks that stand behind the one whose state they begin with, in its row, and that block."""
    found: dict[int, int] = {}
    graph = nx.DiGraph()
    for at, block in enumerate(wiring.blocks):
        graph.add_edges_from((source.block, at) for source in reads(block, state=False))
    graph.add_nodes_from(range(len(wiring.blocks)))
    for at, block in enumerate(wiring.blocks):
        if isinstance(block.initial, Passed):
            source = block.initial.block
            # One state wire leaves a run, and what reads the run is above it.
            is_taken = source in found.values() or nx.has_path(graph, source, at)
            if not is_taken and _can_follow(wiring.blocks[source], block):
                found[at] = source
    return found


def _can_follow(source: Block, block: Block) -> bool:
    """Whether a block can stand behind the one with whose state it begins: the same letter would be the same run."""
    if 1 in (source.steps, block.steps):
        return False
    ways = {source.direction, block.direction}
    return source.layer != block.layer and (len(ways) == 1 or Direction.BACKWARD not in ways)


def rows_and_passed(
    frames: Frames, passed: Mapping[int, int], packing: Packing
) -> tuple[list[int], dict[int, int]]:
    """The row of each block, and those that do stand behind the one whose state they begin with.

    Args:
        frames: the columns.
        passed: the blocks that could stand behind another, with that.
        packing: what has rows of its own, and which are lower.
    """
    left = dict(passed)
    while True:
        rows = find_rows(frames, left, packing)
        order = sorted(range(len(rows)), key=lambda at: (rows[at], frames.columns[at][0]))
        neighbors = set(pairwise(order))
        # E-E K D-D    another block stands in between, or the two are not in one row: a wire passes the state
        behind = {
            at: source
            for at, source in left.items()
            if rows[at] == rows[source] and _pair(frames.wiring, source, at) in neighbors
        }
        if behind == left:
            return rows, left
        left = behind


def _pair(wiring: Wiring, source: int, at: int) -> tuple[int, int]:
    """A block and the one that begins with its state, from left to right."""
    is_backward = wiring.blocks[at].direction is Direction.BACKWARD
    return (at, source) if is_backward else (source, at)


def find_rows(
    frames: Frames,
    passed: dict[int, int],
    packing: Packing,
) -> list[int]:
    """The row of each block, from the bottom; rows without any block are none.

    Args:
        frames: the columns.
        passed: the blocks that stand behind another, with that.
        packing: what has rows of its own, and which are lower.
    """
    wiring = frames.wiring
    ranks = _ranks(frames, passed)
    rows: dict[tuple[int, int], list[int]] = {}
    # Outputs that begin in the same column are ordered from bottom to top.
    outputs = {at: place for place, at in enumerate(wiring.outputs)}
    order = sorted(
        range(len(wiring.blocks)),
        key=lambda at: (ranks[at], *_between(frames, at, packing), outputs.get(at, -1)),
    )
    for at in order:
        level = 0
        while any(
            _clash(frames, at, other)
            or _is_one(frames, at, other, apart=packing.apart)
            or not {wiring.blocks[at].layer, wiring.blocks[other].layer}.isdisjoint(packing.alone)
            for other in rows.get((ranks[at], level), ())
        ):
            level += 1
        rows.setdefault((ranks[at], level), []).append(at)
    found = [0] * len(wiring.blocks)
    for number, key in enumerate(sorted(rows)):
        for at in rows[key]:
            found[at] = number
    return found


def _ranks(frames: Frames, passed: dict[int, int]) -> list[int]:
    """How far each block is from the bottom, at least."""
    blocks = frames.wiring.blocks
    # E-E-E-D-D: both stand in the higher of their rows, which is found by going up until nothing changes.
    below = [{s.block for s in reads(b, state=at not in passed)} for at, b in enumerate(blocks)]
    ranks, before = [0] * len(blocks), [-1]
    while ranks != before:
        before = list(ranks)
        for at, sources in enumerate(below):
            ranks[at] = max([ranks[at], *(ranks[source] + 1 for source in sources)])
        for at, source in passed.items():
            ranks[at] = ranks[source] = max(ranks[at], ranks[source])
    return _raised(frames, ranks, set(passed) | set(passed.values()))


def _raised(frames: Frames, ranks: list[int], kept: set[int]) -> list[int]:
    """The ranks with blocks near what reads them, where nothing else hangs on them."""
    blocks = frames.wiring.blocks
    readers: list[set[int]] = [set() for _ in blocks]
    for at, block in enumerate(blocks):
        for source in reads(block):
            readers[source.block].add(at)
    for at in reversed(range(len(blocks))):
        above = min((ranks[item] for item in readers[at]), default=0) - 1
        if at not in kept and above > ranks[at] and _may_rise(frames, at):
            ranks[at] = above
    return ranks


def _may_rise(frames: Frames, at: int) -> bool:
    """Whether a block may stand near what reads it, and not right above what it reads."""
    blocks = frames.wiring.blocks
    if delay_of(blocks[at]):
        return True
    if family_of(blocks[at]) is Family.SOURCE:
        # An argument stands at the bottom, but where its steps are between those of another one.
        return any(column.denominator > 1 for column in frames.columns[at])
    return all(family_of(blocks[s.block]) is Family.SOURCE for s in reads(blocks[at]))


def _between(frames: Frames, at: int, packing: Packing) -> tuple[bool, Fraction]:
    """Where a block is packed: what stands beside whole columns first, so that these pass its row straight up."""
    column = frames.columns[at][0]
    return (column.denominator == 1) is not packing.beside_is_above, column


def _is_one(frames: Frames, one: int, other: int, *, apart: bool) -> bool:
    """Whether two blocks in one row would be one: of a layer without state, where the parts are not told apart."""
    wiring = frames.wiring
    left, right = wiring.blocks[one], wiring.blocks[other]
    # X ..n.. Z    of a sequence of one step the ellipsis is at its end, where it could be of `Z`
    if 1 in (left.steps, right.steps):
        return True
    is_result = one in wiring.outputs or other in wiring.outputs
    return left.layer == right.layer and (apart or (left.direction is None and is_result))


def _clash(frames: Frames, one: int, other: int) -> bool:
    """Whether two blocks cannot stand side by side."""
    left, right = frames.columns[one], frames.columns[other]
    return not (left[-1] < right[0] or right[-1] < left[0])
