"""snapshot and place → Markdown about what is there: what it is, reads and gives, its shape, its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.editing.at import Cell, item_at
from seqdsl.editing.data import Hover
from seqdsl.editing.drawn import drawn_pictures
from seqdsl.editing.words import argument_text, layer_text, rows_text, wire_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.editing.drawn import Drawn
    from seqdsl.editing.occurrences import Occurrence
    from seqdsl.editing.snapshot import Part, Snapshot


def hover(snapshot: Snapshot, line: int, column: int) -> Hover | None:
    """What to show about a line and column of a text; ``None`` where there is nothing to say."""
    item = item_at(snapshot, line, column)
    if item is None:
        return None
    if isinstance(item, Cell):
        text, shown = _cell(item), item.found.range
    else:
        part, name = item
        text = _TEXTS[name.kind](part, name) if name.kind in _TEXTS else ""
        shown = part.range(name.span)
    return Hover(shown, text) if text else None


def _cell(cell: Cell) -> str:
    _, drawn, found, line, column = cell
    row = drawn.row_at(line)
    assert row is not None
    if found.kind in ("wire", "state"):
        return wire_text(drawn, row, column - 1, is_state=found.kind == "state")
    grid = drawn.grid[row]
    mark = drawn.mark_at(row, column)
    assert mark is not None
    number = drawn.block_at(row, mark)
    parts = [] if number is None else [rows_text(drawn, number)]
    if found.kind == "ellipsis":
        parts.insert(0, _ellipsis(grid.names.get(mark, "")))
    return "\n\n".join(filter(None, parts))


# `...` and `..n..` are hovered over as a whole; which rows share the stretch, their columns say.
def _ellipsis(name: str) -> str:
    steps = (
        "Any number of further steps" if not name else f"Further steps: the row has `{name}` in all"
    )
    return f"{steps}, each wired like its neighbors."


def _letter(part: Part, name: Occurrence) -> str:
    drawn = _scope(part, name)
    if drawn is None:
        return ""
    # H of `H = gru(4)` is every row of that letter.
    blocks = [at for at, item in enumerate(drawn.blocks) if item.letter == name.name]
    return "\n\n".join(filter(None, (rows_text(drawn, at) for at in blocks)))


def _scope(part: Part, name: Occurrence) -> Drawn | None:
    pictures = list(drawn_pictures(part))
    return pictures[name.scope] if 0 <= name.scope < len(pictures) else None


def _parameter(part: Part, name: Occurrence) -> str:
    drawn = _scope(part, name)
    if drawn is None:
        return ""
    value = next((item.value for item in drawn.picture.parameters if item.name == name.name), None)
    if value is not None:
        return f"`{name.name} = {value}`\n\nA parameter: an argument of the generated code."
    return f"`{name.name}`\n\nIt has no value here: a length that is free, or a parameter with its default."


def _model(part: Part, name: Occurrence) -> str:
    for model in part.analysis.models:
        if model.name == name.name:
            steps = ", ".join(str(n) for n in model.n)
            # keras 176, torch 192
            counts = ", ".join(f"{key} {count:,}" for key, count in model.parameters.items())
            kind = ", ".join([model.topology, f"N = {steps}", *model.qualifiers])
            return f"**{model.name}**: {kind}\n\nParameters: {counts}"
    return ""


def _cell_name(part: Part, name: Occurrence) -> str:
    # In canonical form: it is the same cell wherever it is used.
    for cell in part.analysis.document.cells:
        if cell.name == name.name:
            lines = "\n".join(text for _, text in cell.lines)
            return f"```seq\n{lines}\n```\n\nA cell of this file: one step of a recurrence."
    return ""


_TEXTS: dict[str, Callable[[Part, Occurrence], str]] = {
    "letter": _letter,
    "parameter": _parameter,
    "model": _model,
    "cell": _cell_name,
    "layer": lambda _, name: layer_text(name.name),
    "argument": lambda _, name: argument_text(name.of, name.name),
}
