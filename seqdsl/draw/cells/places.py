"""layers → heights: how high each node and each passing wire is, so that most wires are straight.

The middle of a node is moved to where most of its wires would be straight (the weighted median, so that at least one
of them is, and not nearly). What then overlaps is moved apart as one block, whose place is the median of all in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.draw.cells.graph import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.draw.cells.layering import Layers, Link, Slot
    from seqdsl.draw.cells.shapes import Shape

    Heights = Mapping[tuple[int, Slot], float]
    Wish = tuple[float, int]

_GAP = 6.0
_SWEEPS = 24
# A corner, in pixels of a longer wire.
_BEND = 40.0
# What a straight wire is worth: long ones first, then those that enter a node in its middle; what turns into a node has
# a corner anyway.
_LONG, _PASSES, _MIDDLE, _USUAL, _TURNS = 8, 6, 5, 2, 1


def start_of(link: Link, shapes: Mapping[Slot, Shape]) -> float:
    """How far below the middle of its start a link leaves it."""
    return 0.0 if isinstance(link.start, Source) else shapes[link.start].exits[link.source.output]


def end_of(link: Link, shapes: Mapping[Slot, Shape]) -> float:
    """How far below the middle of its end a link enters it."""
    return shapes[link.end].entries[link.place].offset


def heights(
    layers: Layers, shapes: Mapping[Slot, Shape], read: Slot | None
) -> dict[tuple[int, Slot], float]:
    """The height of the middle of everything, by layer: a value that passes several has one in each.

    Args:
        layers: the layers.
        shapes: of all that is in them.
        read: what the step reads, which is below all others; no height is given for it.
    """
    rows = [[slot for slot in layer if slot != read] for layer in layers.slots]
    found = {
        (number, slot): y
        for number, row in enumerate(rows)
        for slot, y in zip(row, _offsets([shapes[slot] for slot in row]), strict=True)
    }
    sweeps = _sweeps(layers, shapes, rows, found, list(_chains(layers, shapes, read)))
    return min(sweeps, key=lambda heights: _cost(layers, shapes, heights))


def _sweeps(
    layers: Layers,
    shapes: Mapping[Slot, Shape],
    rows: list[list[Slot]],
    found: Heights,
    chains: list[list[tuple[int, Link]]],
) -> Iterator[dict[tuple[int, Slot], float]]:
    """The heights after each sweep: what a layer wishes depends on the layers at both of its sides."""
    heights = dict(found)
    for sweep in range(_SWEEPS):
        # There and back again, until it goes round in circles: a sweep may be worse than the one before.
        for number in range(len(rows)) if sweep % 2 == 0 else reversed(range(len(rows))):
            heights |= _settled(layers, shapes, heights, number, rows[number])
        for chain in chains:
            _straighten(chain, rows, layers, shapes, heights)
        yield dict(heights)


def _cost(layers: Layers, shapes: Mapping[Slot, Shape], heights: Heights) -> float:
    """How far wires go up and down, and how many of them do."""
    ways = (
        (_worth(link, shapes), abs(start - end))
        for number, channel in enumerate(layers.channels)
        for link in channel
        if (number, link.start) in heights
        for start in [heights[number, link.start] + start_of(link, shapes)]
        for end in [heights[number + 1, link.end] + end_of(link, shapes)]
    )
    return sum(worth * (way + _BEND * (way > 0)) for worth, way in ways)


def _settled(
    layers: Layers,
    shapes: Mapping[Slot, Shape],
    found: Heights,
    number: int,
    row: list[Slot],
) -> dict[tuple[int, Slot], float]:
    """The heights of a layer, as near as they can be to what its wires wish."""
    wishes = [
        list(_wishes(layers, shapes, found, number, slot)) or [(found[number, slot], 1)]
        for slot in row
    ]
    placed = _apart([shapes[slot] for slot in row], wishes)
    return {(number, slot): y for slot, y in zip(row, placed, strict=True)}


def _wishes(
    layers: Layers,
    shapes: Mapping[Slot, Shape],
    found: Heights,
    number: int,
    slot: Slot,
) -> Iterator[Wish]:
    """Where a node would have to be for each of its wires to be straight."""
    links = layers.channels[number - 1] if number else ()
    for link in links:
        if link.end == slot and (number - 1, link.start) in found:
            y = found[number - 1, link.start] + start_of(link, shapes) - end_of(link, shapes)
            yield y, _worth(link, shapes)
    for link in layers.channels[number] if number < len(layers.channels) else ():
        if link.start == slot:
            y = found[number + 1, link.end] + end_of(link, shapes) - start_of(link, shapes)
            yield y, _worth(link, shapes)


def _worth(link: Link, shapes: Mapping[Slot, Shape]) -> int:
    if isinstance(link.start, Source) and isinstance(link.end, Source):
        return _LONG
    if isinstance(link.end, Source):
        return _PASSES
    entry = shapes[link.end].entries[link.place]
    if entry.turns:
        return _TURNS
    return _USUAL if entry.offset else _MIDDLE


def _chains(
    layers: Layers, shapes: Mapping[Slot, Shape], read: Slot | None
) -> Iterator[list[tuple[int, Link]]]:
    """Links one after the other that would look best as one straight line, each with the layer where it starts."""
    #   c --- (pass) --- × --- + --- c        a slot is in one chain only, which takes the best of its links
    onward: dict[tuple[int, Slot], Link] = {}
    taken: set[tuple[int, Slot]] = set()
    for number, link in _best(layers, shapes, read):
        if (number, link.start) not in onward and (number + 1, link.end) not in taken:
            onward[number, link.start] = link
            taken.add((number + 1, link.end))
    for start in [key for key in onward if key not in taken]:
        chain: list[tuple[int, Link]] = []
        at = start
        while at in onward:
            chain.append((at[0], onward[at]))
            at = (at[0] + 1, onward[at].end)
        yield chain


def _best(
    layers: Layers, shapes: Mapping[Slot, Shape], read: Slot | None
) -> list[tuple[int, Link]]:
    """The links that should be straight, those first that are worth most, each with the layer where it starts."""
    links = [
        (number, link)
        for number, channel in enumerate(layers.channels)
        for link in channel
        if link.start != read and _worth(link, shapes) > _USUAL
    ]
    return sorted(links, key=lambda item: -_worth(item[1], shapes))


def _straighten(
    chain: list[tuple[int, Link]],
    rows: list[list[Slot]],
    layers: Layers,
    shapes: Mapping[Slot, Shape],
    found: dict[tuple[int, Slot], float],
) -> None:
    """Move all that is on a chain to one height, if there is one where nothing is in the way."""
    offsets = {(chain[0][0], chain[0][1].start): 0.0}
    for number, link in chain:
        before = offsets[number, link.start]
        offsets[number + 1, link.end] = before + start_of(link, shapes) - end_of(link, shapes)
    least, most, wishes = float("-inf"), float("inf"), list[tuple[float, int]]()
    for (number, slot), offset in offsets.items():
        row, shape = rows[number], shapes[slot]
        at = row.index(slot)
        if at:
            upper = row[at - 1]
            room = shapes[upper].below + _GAP + shape.above
            least = max(least, found[number, upper] + room - offset)
        if at + 1 < len(row):
            lower = row[at + 1]
            room = shapes[lower].above + _GAP + shape.below
            most = min(most, found[number, lower] - room - offset)
        wished = _wishes(layers, shapes, found, number, slot)
        wishes += [(y - offset, weight) for y, weight in wished]
    # Nothing is in the way from the lowest neighbor above to the highest one below.
    if least <= most:
        height = min(max(_median(wishes), least), most)
        found |= {key: height + offset for key, offset in offsets.items()}
    elif len(chain) > 1:
        # If not the whole, perhaps a part of it.
        for part in (chain[: len(chain) // 2], chain[len(chain) // 2 :]):
            _straighten(part, rows, layers, shapes, found)


def _median(wishes: Sequence[Wish]) -> float:
    """The height that half of the weight is above of."""
    ordered = sorted(wishes)
    rest = sum(weight for _, weight in ordered) / 2
    for y, weight in ordered:
        rest -= weight
        if rest <= 0:
            return y
    return ordered[-1][0]


@dataclass(slots=True)
class _Block:
    """Neighbors that touch each other, and what each wishes for the first of them."""

    size: int
    wishes: list[Wish]
    top: float


def _offsets(row: Sequence[Shape]) -> list[float]:
    """How far the middle of each is below that of the first one, if they touch each other."""
    offsets = [0.0]
    for upper, lower in pairwise(row):
        offsets.append(offsets[-1] + upper.below + _GAP + lower.above)
    return offsets[: len(row)]


def _apart(row: Sequence[Shape], wishes: Sequence[list[Wish]]) -> list[float]:
    """Heights in this order, without overlaps: isotonic regression by the adjacent violators of the order."""
    # Nodes 40 high that wish 0, 10 and 200: offsets 0, 40, 80 and wishes for the first of 0, -30, 120. The second is
    # above the first: both are one block at the median of 0 and -30, the third stays where it wishes to be.
    offsets, blocks = _offsets(row), list[_Block]()
    for offset, wished in zip(offsets, wishes, strict=True):
        own = [(y - offset, weight) for y, weight in wished]
        block = _Block(1, own, _median(own))
        while blocks and blocks[-1].top > block.top:
            other = blocks.pop()
            joined = other.wishes + block.wishes
            block = _Block(other.size + block.size, joined, _median(joined))
        blocks.append(block)
    tops = [block.top for block in blocks for _ in range(block.size)]
    return [top + offset for top, offset in zip(tops, offsets, strict=True)]
