"""tokens and columns → rows: wires drawn anew between what they join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.formatter.gaps import find_gaps
from seqdsl.formatter.solve import place
from seqdsl.formatter.tokens import Unclear, find_keys, tokens
from seqdsl.layout.canvas import dedented, line, state_wire, text
from seqdsl.picture.blocks import find_blocks
from seqdsl.picture.delayed import find_delayed
from seqdsl.picture.grid import scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.formatter.tokens import Token
    from seqdsl.layout.canvas import Cells
    from seqdsl.picture.grid import GridRow
    from seqdsl.syntax.ast import Row


def redraw(rows: Sequence[Row]) -> list[str]:
    """The rows of a picture without findings, evenly spaced; its own cells if that cannot be done."""
    grid, _ = scan(rows)
    blocks, _ = find_blocks(grid)
    delayed, _ = find_delayed(grid, sum(block.count for block in blocks))
    blocks += delayed
    # The grid has no names of ellipses in its cells, and begins at the bottom.
    drawn = [tokens(row.cells) for row in reversed(rows)]
    try:
        keys = find_keys(drawn)
    except Unclear:
        return plain(rows)
    columns = place(keys, drawn, find_gaps(grid, blocks, drawn, keys), len(blocks))
    # Where an ellipsis begins the picture, its middle is the first key.
    shift = max(token.left for found in drawn for token in found)
    lines = [
        _row(
            row,
            found,
            [columns[key] - token.left + shift for token, key in zip(found, numbers, strict=True)],
        )
        for row, found, numbers in zip(grid, drawn, keys.of, strict=True)
    ]
    return list(dedented(lines[::-1]))


def plain(rows: Sequence[Row]) -> list[str]:
    """The rows in ASCII as they are, without their common indent."""
    return list(dedented([row.cells.rstrip() for row in rows]))


def _row(row: GridRow, found: Sequence[Token], starts: Sequence[int]) -> str:
    placed = list(zip(found, starts, strict=True))
    marks = [
        (start, start + len(token.text) - 1)
        for token, start in placed
        if token.text[0] not in "|^/\\"
    ]
    cells: Cells = {}
    # A state wire runs from the last column of one mark to the first of the next: `X-..n..-X`.
    for join, (_, left), (right, _) in zip(row.joins, marks, marks[1:], strict=False):
        if join:
            cells |= state_wire(left, right, join)
    for token, start in placed:
        cells |= text(start, token.text)
    return line(cells)
