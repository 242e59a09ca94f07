r"""wires → lanes: the wires of a block's nodes, one list for each place in what its nodes read.

Two nodes that add the same blocks may draw their wires the other way round, as on the way up of a U-Net::

    J   J   J   J     by side    `|`  K K K K, `\` M - M -, `/` - M - M
    |\ /|   |\ /|     by place   first K M K M, second M K M K
    | M |   | M |     by block   K K K K, and M M M M: each M twice
    K   K   K   K
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from seqdsl.picture.trace import JunctionRef

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.picture.trace import Producer, Source

_T = TypeVar("_T")


class Lane(NamedTuple):
    """The wires of the drawn units of a block in one place of the concatenation.

    Attributes:
        sources: one for each unit; ``None`` where nothing is wired.
        straight: whether they enter straight from below.
    """

    sources: Sequence[Source | None]
    straight: bool


def by_unit(lanes: Sequence[Lane]) -> list[list[Source]]:
    """The wires that enter each unit, from left to right."""
    return [
        [source for source in column if source is not None]
        for column in zip(*(lane.sources for lane in lanes), strict=True)
    ]


def by_block(
    wires: Sequence[Sequence[Source]], owner: Callable[[Producer], int]
) -> list[Lane] | None:
    """A lane for each block that is read, if each wired unit reads one step of every one, in orders that differ."""
    found: list[Mapping[int, Source]] = []
    orders: list[tuple[int, ...]] = []
    for column in wires:
        # What is behind a junction may be anything.
        if any(isinstance(source, JunctionRef) for source in column):
            return None
        read = {owner(source): source for source in column if not isinstance(source, JunctionRef)}
        if len(read) < len(column):
            return None
        found.append(read)
        orders.append(tuple(read))
    wired = [order for order in orders if order]
    if len(set(wired)) < 2 or len(set(map(frozenset, wired))) > 1:
        return None
    return [Lane([read.get(block) for read in found], False) for block in wired[0]]


def transposed(columns: Sequence[Sequence[_T]], width: int) -> list[list[_T | None]]:
    """Columns of at most ``width`` values as rows, with ``None`` where a column has none."""
    return [
        [column[place] if place < len(column) else None for column in columns]
        for place in range(width)
    ]
