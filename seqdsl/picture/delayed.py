"""grid → delayed blocks: the delayed nodes of each row, by letter.

A delayed node gives what its letter gave one step earlier. All of one letter in a row are a delayed block: a sequence
that other blocks read like any other, and that reads nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.picture.blocks import DrawnBlock, Stretch
from seqdsl.picture.delayed_rows import both_sides, goes_on, has_delayed, is_delayed, is_node
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.picture.grid import GridRow


def find_delayed(grid: Sequence[GridRow], first: int) -> tuple[list[DrawnBlock], list[Diagnostic]]:
    """The delayed blocks of a picture.

    Args:
        grid: its rows.
        first: the number of the first delayed unit; those of nodes come before.
    """
    blocks: list[DrawnBlock] = []
    diagnostics: list[Diagnostic] = []
    for number, row in enumerate(grid):
        if not has_delayed(row):
            continue
        for letter in dict.fromkeys(filter(is_delayed, row.marks)):
            blocks.append(_block(row, number, letter, first))
            first += blocks[-1].count
        diagnostics += _unclear(row)
    return blocks, diagnostics


def _block(row: GridRow, number: int, letter: str, first: int) -> DrawnBlock:
    nodes = [mark for mark, char in enumerate(row.marks) if char == letter]
    stretches = [
        Stretch(sum(node < mark for node in nodes), mark)
        for mark in row.ends
        if goes_on(row, mark, letter)
    ]
    marks = [*nodes, *(item.mark for item in stretches)]
    return DrawnBlock(
        letter,
        number,
        first,
        len(nodes),
        (min(marks), max(marks)),
        tuple(sorted(stretches)),
        None,
        False,
        row.span(nodes[0]),
    )


def _unclear(row: GridRow) -> Iterator[Diagnostic]:
    """Ellipses between a delayed node and another one, that could go on with either."""
    for mark in row.ends:
        left, right = both_sides(row, mark, is_node)
        if left is None or right is None:
            continue
        sides = row.marks[left], row.marks[right]
        # S ... y     could go on with S, or begin the delayed nodes; y ... z with either
        capitals = [row.marks[at] for at in both_sides(row, mark, str.isupper) if at is not None]
        is_shared = len(capitals) == 2 and capitals[0] == capitals[1]
        if sides[0] == sides[1] or not any(map(is_delayed, sides)) or is_shared:
            continue
        yield Diagnostic(
            "SEQ211",
            f"an ellipsis between `{sides[0]}` and `{sides[1]}`: it could continue either",
            row.span(mark),
            f"end it with a node: `... {sides[0]} {sides[1]}` or `{sides[0]} {sides[1]} ...`",
        )
