"""the wires of a picture, as data: what was followed before anything has a length or a meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.picture.states import StateWires
    from seqdsl.picture.trace import Trace


class Wired(NamedTuple):
    """The wires of a picture.

    Attributes:
        grid: its rows, bottom row first.
        blocks: its blocks; those that are applied to each of their parts are cut.
        named: the blocks, cut into all parts whose length a name sets.
        delayed: its delayed blocks.
        states: its state wires.
        traced: its other wires.
        unordered: the blocks whose nodes may read their wires in any order.
    """

    grid: list[GridRow]
    blocks: list[DrawnBlock]
    named: Sequence[DrawnBlock]
    delayed: list[DrawnBlock]
    states: StateWires
    traced: Trace
    unordered: frozenset[int]
