"""wires into nodes → the same, where many vectors that read one value share a bus.

Y R D       Three heads of a network: a wire of its own for each would
| | |       take a row for each but the first.
+-+-+
|
H
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.layout.picture import Side
from seqdsl.layout.reading import family_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.layout.sides import Entries, Entry
    from seqdsl.layout.wiring import Block, Source

_MANY = 3
"""So few readers have room beside each other, over one slanted wire."""


def with_shared_wires(read: Sequence[Entries], blocks: Sequence[Block]) -> list[Entries]:
    """The wires into the nodes of each block, a bus in place of single ones where many vectors read one value.

    Args:
        read: the wires into each node of each block.
        blocks: the blocks.
    """
    readers: dict[Source, list[int]] = defaultdict(list)
    for at, block in enumerate(blocks):
        if (source := _only(read[at], block)) is not None:
            readers[source].append(at)
    shared = {at for of in readers.values() if len(of) >= _MANY for at in of}
    return [_joined(nodes) if at in shared else _repeated(nodes) for at, nodes in enumerate(read)]


def _repeated(nodes: Entries) -> Entries:
    """The wires into the nodes of a row, a bus where many nodes side by side read one value."""
    # Y Y Y Y Y Y
    # +-+-+ +-+-+
    # X     X
    found: Entries = []
    for _, same in groupby(nodes):
        of = list(same)
        is_many = len(of) >= _MANY and len(of[0]) == 1
        found += _joined(of) if is_many and _is_plain(of[0][0]) else of
    return found


def _only(nodes: Entries, block: Block) -> Source | None:
    """The one value that a vector reads, if that is all; what attends takes a bus for its memory."""
    if block.steps is not None or family_of(block) is Family.ATTENTION or len(nodes[0]) != 1:
        return None
    (entry,) = nodes[0]
    return entry.sources[0] if _is_plain(entry) else None


def _is_plain(entry: Entry) -> bool:
    return entry.side is Side.BELOW and not entry.joined and len(entry.sources) == 1


def _joined(nodes: Entries) -> Entries:
    return [[replace(entry, joined=True) for entry in node] for node in nodes]
