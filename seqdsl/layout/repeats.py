r"""row that reads each step of another one several times → its columns, and how far that other one is spread for them.

Y Y Y Y Y Y      Each step of `X` is read by two of `Y`, which stand over it: so `X` is drawn twice as wide. Where it is
|/  |/  |/       already, as one step is over every two of what lies below, it stays, and both of `Y` are over those.
X   X   X
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby, pairwise
from math import ceil
from typing import TYPE_CHECKING

from seqdsl.layout.reading import main_steps
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layout.wiring import Block


@record(frozen=True)
class Repeated:
    """A row that repeats another one.

    Attributes:
        source: the row that is repeated.
        spread: how many times as wide it is drawn.
        columns: the columns of the row above it, once it is.
    """

    source: int
    spread: int
    columns: tuple[Fraction, ...]


def find_repeated(block: Block, columns: Sequence[Sequence[Fraction]]) -> Repeated | None:
    """How a row repeats another one; ``None``: it does not.

    Args:
        block: the row.
        columns: the columns of the rows that are there.
    """
    source = _only(block)
    if source is None:
        return None
    read = [part.step for step in main_steps(block) for part in step if part is not None]
    groups = [(step, len(list(of))) for step, of in groupby(read)]
    gap = _gap([columns[source][step] for step, _ in groups])
    most = max(count for _, count in groups)
    # At its ends a row may read a step less often: some of it was cut off.
    is_even = all(count == most for _, count in groups[1:-1])
    if most == 1 or not is_even or gap is None:
        return None
    spread = ceil(most / gap)
    first = columns[source][groups[0][0]] * spread
    return Repeated(
        source, spread, tuple(_over(groups, first, gap * spread, is_middle=spread == 1))
    )


def _only(block: Block) -> int | None:
    """The one row of which each step of a block reads one step."""
    read = main_steps(block)
    blocks = {
        None if part is None or part.final else part.block for parts in read for part in parts
    }
    is_single = len(blocks) == 1 and all(len(parts) == 1 for parts in read)
    return blocks.pop() if is_single else None


def _gap(columns: Sequence[Fraction]) -> Fraction | None:
    """How far apart columns are that are equally far apart, from left to right."""
    gaps = {right - left for left, right in pairwise(columns)}
    return min(gaps) if len(gaps) == 1 and min(gaps) > 0 else None


def _over(
    groups: Sequence[tuple[int, int]], first: Fraction, gap: Fraction, *, is_middle: bool
) -> Iterator[Fraction]:
    """The columns of steps over those that they read, of which the first is in a column, and the others follow."""
    most = max(count for _, count in groups)
    pitch = gap / most
    # A row that is spread begins in its own column; over one that is far enough apart it stands in the middle.
    left = pitch * (most - 1) / 2 if is_middle else Fraction(0)
    for at, (_, count) in enumerate(groups):
        skipped = most - count if at == 0 else 0
        for place in range(count):
            yield first + gap * at - left + pitch * (skipped + place)
