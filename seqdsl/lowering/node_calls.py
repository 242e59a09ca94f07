"""wires → the blocks each of whose nodes calls a picture for itself: what enters a node are the steps of its input.

::

        T       T       two applications of the picture `T`, of three steps each
        |       |
    +-+-+   +-+-+
    X X X   Z Z Z
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.lowering.called import DrawnKind
from seqdsl.picture.trace import JunctionRef

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.trace import Trace
    from seqdsl.syntax.ast import Call

MOST_NODES = 64
"""A row of more nodes is a call for each of them in the generated code: nobody would read that."""


def nodes_apart(
    called: Mapping[str, str | None],
    calls: Sequence[Call | None],
    blocks: Sequence[DrawnBlock],
    trace: Trace,
) -> set[int]:
    """The blocks whose nodes are applications by themselves: each takes a sequence, and has wires of its own."""
    found = set()
    for index, (block, call) in enumerate(zip(blocks, calls, strict=True)):
        kind = None if call is None else called.get(call.layer)
        if not isinstance(kind, DrawnKind) or not kind.takes_sequence:
            continue
        units = range(block.first, block.first + block.count)
        # An ellipsis stands for more nodes than are drawn: there is no application for each.
        is_drawn = 1 < block.count <= MOST_NODES and not block.stretches
        if is_drawn and all(_reads_several(unit, trace) for unit in units):
            found.add(index)
    return found


def _reads_several(unit: int, trace: Trace) -> bool:
    """Whether a bus, or more than one wire, enters a node."""
    entries = trace.entries(unit)
    return len(entries) > 1 or any(isinstance(item, JunctionRef) for item in entries)
