"""blocks → rows of wires that are missing: nodes right on nodes, without being joined to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow


def missing_rows(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    unfed: Sequence[int],
    is_read: Sequence[bool],
) -> list[Diagnostic]:
    """Blocks that nothing enters, right on a row of nodes that nothing leaves.

    Args:
        grid: the rows, bottom row first.
        blocks: the blocks.
        unfed: the blocks that something should enter, and nothing does.
        is_read: whether anything reads each block.
    """
    unread: dict[int, set[int]] = {}
    for index, block in enumerate(blocks):
        if not is_read[index]:
            unread.setdefault(block.row, set()).update(_columns(grid, block))
    diagnostics = []
    reported = set()
    for index in unfed:
        block = blocks[index]
        below = unread.get(block.row - 1, set())
        if block.row not in reported and below.intersection(_columns(grid, block)):
            reported.add(block.row)
            diagnostics.append(_missing(block))
    return diagnostics


def _columns(grid: Sequence[GridRow], block: DrawnBlock) -> list[int]:
    row = grid[block.row]
    first, last = block.marks
    return [row.columns[mark] for mark in range(first, last + 1) if row.marks[mark].isupper()]


def _missing(block: DrawnBlock) -> Diagnostic:
    return Diagnostic(
        "SEQ214",
        f"a row of wires is missing below `{block.letter}`: its nodes are not connected to the nodes below",
        block.span,
        "draw a row of `|` between the two",
    )
