"""snapshot → shapes at the ends of rows: what each row gives, without the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.editing.data import Inlay

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.editing.snapshot import Part, Snapshot
    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.model.spec import Block


def inlays(snapshot: Snapshot) -> tuple[Inlay, ...]:
    """What to show behind the rows of all models that compile."""
    found = []
    for part in snapshot.parts:
        for model in part.analysis.models:
            found += list(_rows(part, model))
    return tuple(sorted(found, key=lambda item: item.line))


def _rows(part: Part, model: CompiledModel) -> Iterator[Inlay]:
    by_line: dict[int, list[Block]] = {}
    for block in model.spec.blocks:
        by_line.setdefault(block.span.line, []).append(block)
    for number, blocks in by_line.items():
        # Behind the whole line, as within it words would move the columns of the picture.
        line, column = part.to_file(number, len(part.lines[number - 1]) + 1)
        # E E   F F    two rows of one line: their shapes from left to right
        ordered = sorted(blocks, key=lambda item: item.span)
        shapes = [model.shape_text(item.shape) for item in ordered]
        yield Inlay(line, column, "  ".join(shapes), _tooltip(model, ordered))


def _tooltip(model: CompiledModel, blocks: list[Block]) -> str:
    lines = []
    for block in blocks:
        ends = [f"input `{item.name}`" for item in model.inputs_by_block.get(block.index, ())]
        ends += [f"output `{item.name}`" for item in model.outputs_by_block.get(block.index, ())]
        what = f", {', '.join(ends)}" if ends else ""
        lines.append(f"`{block.letter}`: {model.shape_text(block.shape)}{what}")
    return "  \n".join(lines)
