r"""columns → the same with delayed nodes where they give what they are to give: by columns, that is told.

A delayed node gives the nearest node of its letter to its left that does not depend on it::

    Y Z   Y Z      `Z` stands beside `Y`: the `z` of the next step has to be right of it
    |/    |/
    H     H
    |\    |\
    y z   y z

      H            `P` keeps what was given a step before, and depends on no `p`: that of the same step has to be left
     /|\           of it, or below
    p P X
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from seqdsl.layout.reading import delay_of, reads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.layout.reading import Delay
    from seqdsl.layout.wiring import Wiring

_NEAR = Fraction(1, 8)


def move_delayed(wiring: Wiring, columns: list[list[Fraction]]) -> None:
    """Move delayed nodes that would give other steps."""
    for at, block in enumerate(wiring.blocks):
        delay = delay_of(block)
        for of, other in enumerate(wiring.blocks if delay else ()):
            if delay is not None and other.layer == delay.layer:
                # What is given two steps before has another step in between, which depends on it as little.
                is_free = delay.lag > 1 or not _depends(wiring, of, at)
                columns[at] = _placed(columns[at], columns[of], delay, is_free=is_free)


def _depends(wiring: Wiring, at: int, on: int) -> bool:
    """Whether a block depends on another one."""
    seen: set[int] = set()
    ahead = [at]
    while ahead:
        block = ahead.pop()
        if block == on:
            return True
        if block not in seen:
            seen.add(block)
            ahead += [item.block for item in reads(wiring.blocks[block])]
    return False


def _placed(
    columns: Sequence[Fraction], own: Sequence[Fraction], delay: Delay, *, is_free: bool
) -> list[Fraction]:
    """Columns of delayed nodes right of what they give and, where the next step ``is_free`` of them, left of that."""
    found = []
    for step, column in enumerate(columns, delay.first):
        before = own[step] if 0 <= step < len(own) else column - 1
        behind = own[step + 1] if is_free and 0 <= step + 1 < len(own) else column
        if column <= before:
            found.append(before + _NEAR)
        else:
            found.append(column if column <= behind else behind - _NEAR)
    return found
