"""part → pictures as far as they can be read: rows, blocks and, where it compiled, the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.blocks import find_blocks
from seqdsl.picture.delayed import find_delayed
from seqdsl.picture.grid import scan
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.editing.snapshot import Part
    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.syntax.ast import Picture


class Drawn(NamedTuple):
    """A picture, whether it compiles or not.

    Attributes:
        picture: its lines.
        model: what it came to; ``None`` if it has errors.
        grid: its rows, bottom row first.
        blocks: its blocks; delayed ones last.
    """

    picture: Picture
    model: CompiledModel | None
    grid: Sequence[GridRow]
    blocks: Sequence[DrawnBlock]

    def row_at(self, line: int) -> int | None:
        """The number of the row of a line."""
        return next((at for at, row in enumerate(self.grid) if row.line == line), None)

    def mark_at(self, row: int, column: int) -> int | None:
        """The mark of a row that has a column of the file, counted from 1."""
        grid = self.grid[row]
        for mark in range(len(grid.marks)):
            span = grid.span(mark)
            if span.column <= column < span.end:
                return mark
        return None

    def block_at(self, row: int, mark: int) -> int | None:
        """The number of the block that has a mark of a row."""
        # An ellipsis is of the block that goes on across it; a junction between two nodes of a block is of none.
        char = self.grid[row].marks[mark]
        for number, block in enumerate(self.blocks):
            first, last = block.marks
            if block.row != row or not first <= mark <= last:
                continue
            stretches = {item.mark for item in block.stretches}
            if char == block.letter or mark in stretches:
                return number
        return None

    def span_of(self, block: DrawnBlock) -> Span:
        """The cells of a block from its first node or ellipsis to its last."""
        row, (first, last) = self.grid[block.row], block.marks
        return row.span(first).to(row.span(last))


def drawn_pictures(part: Part) -> Iterator[Drawn]:
    """The pictures of a part."""
    # A picture and its model have no name in common that is certain; they begin in one line.
    models = {model.lines[0]: model for model in part.analysis.models}
    for picture in part.analysis.document.pictures:
        model = models.get(picture.rows[0].line)
        if model is not None:
            blocks = [*model.drawing.blocks, *model.drawing.delayed]
            yield Drawn(picture, model, model.drawing.grid, blocks)
        else:
            yield _unfinished(picture)


def _unfinished(picture: Picture) -> Drawn:
    # What is wrong with it is reported already: here only what could be read of it counts.
    grid, _ = scan(picture.rows)
    blocks, _ = find_blocks(grid)
    delayed, _ = find_delayed(grid, sum(block.count for block in blocks))
    return Drawn(picture, None, grid, [*blocks, *delayed])


def drawn_at(part: Part, line: int) -> Drawn | None:
    """The picture that has a row in a line."""
    for item in drawn_pictures(part):
        if any(row.line == line for row in item.picture.rows):
            return item
    return None
