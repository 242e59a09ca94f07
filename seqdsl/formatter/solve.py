"""keys and gaps → columns: the narrowest picture in which all gaps are as they should be."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from seqdsl.formatter.gaps import TIGHT, Gap, Kind
from seqdsl.layout.columns import narrowest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.formatter.tokens import Keys, Token
    from seqdsl.layout.columns import Limit

_ROUNDS = 12
_APART = 2
# Six rounds in which one block gives way, six in which all uneven blocks do, then evenness is given up.
_PATIENCE = 6
# Each round solves the whole picture, so with more keys than this the first six are skipped.
_LARGE = 4_000


def place(
    keys: Keys, rows: Sequence[Sequence[Token]], gaps: Sequence[Gap], blocks: int
) -> list[int]:
    """The new column of every key.

    What a slanted wire, or another row, keeps from being equally far apart is left as close as it can be.

    Args:
        keys: the columns that matter.
        rows: the tokens of each row.
        gaps: how far apart neighbors are to be.
        blocks: how many blocks there are; what the gaps number beyond are buses.
    """
    limits = [*_neighbours(keys), *_crowds(keys, rows)]
    columns, uneven = _even(keys, limits, gaps)
    patience = _PATIENCE if len(keys.columns) <= _LARGE else 0
    while uneven:
        giving = _yielding(uneven, blocks, patience) if patience > -_PATIENCE else None
        gaps = _loosened(gaps, giving)
        columns, uneven = _even(keys, limits, gaps)
        patience -= 1
    return _centred(columns, keys, [*limits, *_wanted(gaps, {})])


def _yielding(uneven: frozenset[int], blocks: int, patience: int) -> frozenset[int]:
    """What gives way: buses first, then the topmost block, as a row picks its steps from the row below."""
    buses = frozenset(index for index in uneven if index >= blocks)
    if buses or patience <= 0:
        return buses or uneven
    return frozenset({max(uneven)})


def _loosened(gaps: Sequence[Gap], giving: frozenset[int] | None) -> list[Gap]:
    """The gaps with those of some blocks, or of all, no longer to be equal."""
    return [
        gap._replace(kind=Kind.TIGHT)
        if gap.kind is Kind.EVEN and (giving is None or gap.blocks[0] in giving)
        else gap
        for gap in gaps
    ]


def _neighbours(keys: Keys) -> Iterable[Limit]:
    """Keys of different rows: what is drawn side by side may stay so, but comes no closer."""
    for key, (left, right) in enumerate(itertools.pairwise(keys.columns)):
        close = key in keys.middles or key + 1 in keys.middles
        yield key, key + 1, 1 if close else min(right - left, TIGHT)


def _crowds(keys: Keys, rows: Sequence[Sequence[Token]]) -> Iterable[Limit]:
    """Neighbors in one row: one space or wire fits between them, unless a slanted wire is close."""
    for row, numbers in zip(rows, keys.of, strict=True):
        for index in range(len(row) - 1):
            before, after = row[index], row[index + 1]
            distance = TIGHT
            if before.is_slanted or after.is_slanted:
                distance = min(after.start - before.last, TIGHT)
            yield numbers[index], numbers[index + 1], before.right + after.left + distance


def _even(
    keys: Keys, limits: Sequence[Limit], gaps: Sequence[Gap]
) -> tuple[list[int], frozenset[int]]:
    """The narrowest columns, and the blocks whose nodes did not come out equally far apart.

    To widen one gap may widen another block's, so this is repeated while anything changes.
    """
    pitch: dict[int, int] = {}
    found = pitch
    columns: list[int] = []
    widest = 2 * max((gap.drawn for gap in gaps if gap.kind is Kind.EVEN), default=0) + 2 * TIGHT
    for _ in range(_ROUNDS):
        columns = narrowest(len(keys.columns), [*limits, *_wanted(gaps, pitch)], keys.rigid)
        found = _pitches(gaps, columns)
        # Blocks that cannot both be even push each other apart for ever.
        if found == pitch or max(found.values()) > widest:
            break
        pitch = found
    return columns, frozenset(
        gap.blocks[0]
        for gap in gaps
        if gap.kind is Kind.EVEN
        and columns[gap.right] - columns[gap.left] - gap.room != found[gap.blocks[0]]
    )


def _pitches(gaps: Sequence[Gap], columns: Sequence[int]) -> dict[int, int]:
    pitch: dict[int, int] = {}
    for gap in gaps:
        # The widest gap of a block is the pitch of all: its nodes can only move apart, as limits are lower bounds.
        if gap.kind is Kind.EVEN:
            (block,) = gap.blocks
            distance = columns[gap.right] - columns[gap.left] - gap.room
            pitch[block] = max(pitch.get(block, TIGHT), distance)
    return pitch


def _wanted(gaps: Iterable[Gap], pitch: dict[int, int]) -> Iterable[Limit]:
    for gap in gaps:
        distance = TIGHT
        if gap.kind is not Kind.TIGHT:
            distance = max((pitch.get(block, TIGHT) for block in gap.blocks), default=TIGHT)
        if gap.kind is Kind.APART:
            distance += _APART
        yield gap.left, gap.right, gap.room + distance


def _centred(columns: list[int], keys: Keys, limits: Iterable[Limit]) -> list[int]:
    """The same columns with each ellipsis in the middle of the room that it has."""
    low = dict.fromkeys(keys.middles, 0)
    high: dict[int, int] = {}
    for left, right, distance in limits:
        # X ... X ..n.. X      a key that is only the middle of an ellipsis may be anywhere between low and high
        if right in low:
            low[right] = max(low[right], columns[left] + distance)
        if left in low:
            high[left] = min(high.get(left, columns[right] - distance), columns[right] - distance)
    for key in keys.middles & high.keys():
        columns[key] = (low[key] + high[key]) // 2
    return columns
