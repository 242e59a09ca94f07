"""drawn blocks → chains: which blocks of a row are one row of steps, broken apart in its state alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.picture.blocks import DrawnBlock


def are_chains(one: DrawnBlock, other: DrawnBlock) -> bool:
    """Whether two blocks are chains of one letter in one row: ``G-G  G-G``."""
    return one.row == other.row and one.letter == other.letter and one.touched


def chains_of(blocks: Sequence[DrawnBlock], index: int) -> range:
    """The chains of a row, by one of them; a block by itself is one."""
    low, high = index, index + 1
    while low and are_chains(blocks[low - 1], blocks[index]):
        low -= 1
    while high < len(blocks) and are_chains(blocks[high], blocks[index]):
        high += 1
    return range(low, high)
