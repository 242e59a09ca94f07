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
    first = next(sides for sides in nodes if sides)
    pairs = list(zip(block.entries, nodes, strict=True))
    return [
        Lane(
            tuple(entry[sides[place]] if sides else NOTHING for entry, sides in pairs),
            tuple((sides or first)[place] for sides in nodes),
        )
        for place in range(counts.pop())
    ]
