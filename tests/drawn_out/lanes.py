r"""block → lanes: the places of what its nodes concatenate, as rows of wires from its first node to its last.

    Y Y Y        three nodes with one wire each: one lane, whichever side the wires come from
    |/   \
    X     Z

    Y Y          one wire and two: a lane for each side, `/` and `|`
    |/|
    X X
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.drawn_out.picture import NOTHING, Block, Bus


@dataclass(frozen=True)
class Lane:
    """What enters each node of a block in one place, and from which side."""

    buses: tuple[Bus, ...]
    sides: tuple[int, ...]


def lanes(block: Block) -> list[Lane]:
    """The lanes of a block."""
    nodes = [[side for side, bus in enumerate(entry) if bus] for entry in block.entries]
    counts = {len(sides) for sides in nodes if sides}
    if len(counts) != 1:
        used = sorted({side for sides in nodes for side in sides})
        return [
            Lane(tuple(entry[side] for entry in block.entries), (side,) * block.count)
            for side in used
        ]
    if rows := _rows(block, nodes):
        return rows
    first = next(sides for sides in nodes if sides)
    pairs = list(zip(block.entries, nodes, strict=True))
    return [
        Lane(
            tuple(entry[sides[place]] if sides else NOTHING for entry, sides in pairs),
            tuple((sides or first)[place] for sides in nodes),
        )
        for place in range(counts.pop())
    ]


def _rows(block: Block, nodes: list[list[int]]) -> list[Lane]:
    r"""A lane for each row that is read, where all nodes read one step of every one, though not in the same order.

    Only what adds its wires, or combines them otherwise, may have such nodes around an ellipsis::

        J   J         the first J reads C, then M, the second one M, then C
        |\ /|
        C M C
    """
    found = []
    for entry, sides in zip(block.entries, nodes, strict=True):
        read = {source.block: side for side in sides for source in entry[side]}
        if len(read) < sum(len(entry[side]) for side in sides):
            return []
        found.append(read)
    orders = {tuple(read) for read in found if read}
    if len(orders) < 2 or len({frozenset(order) for order in orders}) > 1 or {} in found:
        return []
    return [
        Lane(
            tuple(entry[read[row]] for entry, read in zip(block.entries, found, strict=True)),
            tuple(read[row] for read in found),
        )
        for row in found[0]
    ]
