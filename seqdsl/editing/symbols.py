"""snapshot → outline: its models and cells, with rows and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.editing.data import Symbol
from seqdsl.editing.drawn import drawn_pictures
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.editing.drawn import Drawn
    from seqdsl.editing.snapshot import Part, Snapshot
    from seqdsl.model.spec import Block
    from seqdsl.syntax.equations import CellDefinition


def symbols(snapshot: Snapshot) -> tuple[Symbol, ...]:
    """The outline of a text."""
    found = []
    for part in snapshot.parts:
        found += [_cell(part, cell) for cell in part.analysis.document.cells]
        found += [_model(part, drawn) for drawn in drawn_pictures(part)]
    return tuple(sorted(found, key=lambda item: (item.range.line, item.range.column)))


def _cell(part: Part, cell: CellDefinition) -> Symbol:
    # A cell goes on to its last equation that can be read.
    last = cell.equations[-1].span.line if cell.equations else cell.span.line
    whole = part.between((cell.span.line, 1), (last, len(part.lines[last - 1]) + 1))
    names = ", ".join(item.name for item in cell.parameters)
    return Symbol(cell.name, "cell", f"cell({names})", whole, part.range(cell.span))


def _model(part: Part, drawn: Drawn) -> Symbol:
    picture, model = drawn.picture, drawn.model
    spans = [item.span for item in picture.definitions]
    spans += [item.span for item in picture.parameters]
    # Definitions and parameters may be above the picture or below it.
    numbers = [
        picture.span.line,
        *(row.line for row in picture.rows),
        *(span.line for span in spans),
    ]
    first, last = min(numbers), max(numbers)
    whole = part.between((first, 1), (last, len(part.lines[last - 1]) + 1))
    detail = "" if model is None else ", ".join([model.topology, *model.qualifiers])
    children = sorted(
        (*_rows(part, drawn), *_parameters(part, drawn)), key=lambda item: item.range.line
    )
    return Symbol(picture.name, "model", detail, whole, part.range(picture.span), tuple(children))


def _rows(part: Part, drawn: Drawn) -> Iterator[Symbol]:
    calls: dict[str | int, str] = {
        item.letter: str(item.call) for item in drawn.picture.definitions
    }
    calls |= {row.line: str(row.call) for row in drawn.picture.rows if row.call is not None}
    for number, block in enumerate(drawn.blocks):
        # A delayed node is no row of its own: it is its letter's.
        if block.letter.islower():
            continue
        span = drawn.span_of(block)
        detail = calls.get(block.letter) or calls.get(span.line, "")
        name, place = block.letter, part.range(span)
        if drawn.model is not None:
            name, detail = _compiled(drawn.model.spec.blocks[number], detail)
        yield Symbol(name, "row", detail, place, place)


def _compiled(block: Block, call: str) -> tuple[str, str]:
    """A row's name in the generated code, and its letter with its layer: ``lstm_h``, ``H: lstm(units)``."""
    name = block.layer.name if block.layer is not None else block.name
    return name, f"{block.letter}: {call or block.kind}"


def _parameters(part: Part, drawn: Drawn) -> Iterator[Symbol]:
    for item in drawn.picture.parameters:
        line = item.span.line
        whole = part.range(Span(line, item.span.column, item.value.span.end))
        yield Symbol(item.name, "parameter", str(item.value), whole, part.range(item.span))
