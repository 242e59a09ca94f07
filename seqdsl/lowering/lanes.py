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
    found = [_one_of_each(column, owner) for column in wires]
    read = [column for column in found if column is not None]
    # Nodes without any wire do not count.
    orders = {tuple(column) for column in read if column}
    if len(read) < len(found) or len(orders) < 2 or len(set(map(frozenset, orders))) > 1:
        return None
    first = next(column for column in read if column)
    return [Lane([column.get(block) for column in read], False) for block in first]


def _one_of_each(
    column: Sequence[Source], owner: Callable[[Producer], int]
) -> Mapping[int, Source] | None:
    """What a unit reads, by its block; ``None`` where two are of one block, or a junction leads anywhere."""
    direct = [source for source in column if not isinstance(source, JunctionRef)]
    read: dict[int, Source] = {owner(source): source for source in direct}
    return read if len(read) == len(column) else None


def has_bus(
    lane: Lane,
    flat: Callable[[Source], Sequence[Producer]],
    owner: Callable[[Producer], int],
) -> bool:
    r"""Whether a lane has one bus, and wires from other rows: by itself the bus leads what is valid of a row.

    ::

        M   M      M reads Z and y, then a bus and y:        Y    Y      windows at the end of X: the bus and the
        |\ /|      the bus shares a place with a wire        +--+ |      wire are of one row
        | + |                                                X  X X
        y Z y
    """
    led = {tuple(flat(source)) for source in lane.sources if source is not None}
    buses = [items for items in led if len(items) > 1]
    if len(buses) != 1 or len(led) == 1:
        return False
    wired = {owner(items[0]) for items in led if len(items) == 1}
    return wired.isdisjoint(map(owner, buses[0]))


def apart(
    wires: Sequence[Sequence[Source]], flat: Callable[[Source], Sequence[Producer]]
) -> list[Lane]:
    """Lanes of the buses that enter each unit, then lanes of its other wires."""
    kinds = [
        [[one for one in column if (len(flat(one)) > 1) is led] for column in wires]
        for led in (True, False)
    ]
    return [Lane(lane, False) for kind in kinds for lane in transposed(kind, max(map(len, kind)))]


def transposed(columns: Sequence[Sequence[_T]], width: int) -> list[list[_T | None]]:
    """Columns of at most ``width`` values as rows, with ``None`` where a column has none."""
    return [
        [column[place] if place < len(column) else None for column in columns]
        for place in range(width)
    ]
