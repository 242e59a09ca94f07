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
    from collections.abc import Sequence

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
    read = [part for step in main_steps(block) for part in step if part is not None]
    sources = {part.block for part in read if not part.final}
    if len(sources) != 1 or len(read) != block.steps or any(part.final for part in read):
        return None
    (source,) = sources
    groups = [(step, len(list(of))) for step, of in groupby(part.step for part in read)]
    own = [columns[source][step] for step, _ in groups]
    gaps = {right - left for left, right in pairwise(own)}
    most = max(count for _, count in groups)
    # At its ends a row may read a step less often: some of it was cut off.
    is_even = all(count == most for _, count in groups[1:-1])
    if most < 2 or not is_even or len(gaps) != 1 or min(gaps) <= 0:
        return None
    (gap,) = gaps
    spread = ceil(most / gap)
    pitch = gap * spread / most
    found: list[Fraction] = []
    for at, (column, (_, count)) in enumerate(zip(own, groups, strict=True)):
        # A row that is spread begins in its own column; over one that is far enough apart it stands in the middle.
        first = column * spread - (pitch * (most - 1) / 2 if spread == 1 else 0)
        skipped = most - count if at == 0 else 0
        found += [first + pitch * (skipped + place) for place in range(count)]
    return Repeated(source, spread, tuple(found))
