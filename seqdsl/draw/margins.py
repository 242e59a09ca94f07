"""model and sheet → margins: the texts around a drawing, and how much room they take."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.axis import LETTER_WIDTH
from seqdsl.draw.labels import block_shape, call_text, facts_text, headline, name_text, shortened
from seqdsl.draw.scene import Label, Point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.draw.sheet import Sheet
    from seqdsl.lowering.compiled import CompiledModel

_EDGE = 24.0
_GAP = 22.0
_HALF_NODE = 18.0
_TITLE_WIDTH = 13.2
_SUBTITLE_WIDTH = 7.2
_LINE = 15.0
_MOST_LINES = 3
_LEAST_HEADER = 420.0
_FAR = 0.4


@dataclass(frozen=True)
class Margins:
    """Where the picture begins, how big the canvas is, and the texts around."""

    left: float
    top: float
    width: float
    height: float
    labels: tuple[Label, ...]


class _Note(NamedTuple):
    """What a row says at one of its sides."""

    row: int
    lines: tuple[tuple[str, str], ...]
    tip: str
    on_left: bool


def _header(title: str, name: str, subtitle: Sequence[str]) -> list[Label]:
    """The title above a picture, with the whole name for what shows tips, and the lines below it."""
    return [
        Label(Point(_EDGE, 38), title, "title", tip=name),
        *(
            Label(Point(_EDGE, 60 + 17 * number), line, "subtitle")
            for number, line in enumerate(subtitle)
        ),
    ]


def find_margins(model: CompiledModel, sheet: Sheet) -> Margins:
    """Write the texts around a picture whose corner is at zero."""
    notes = [note for row in sheet.node_rows for note in _notes(model, sheet, row)]
    left = _width(note for note in notes if note.on_left)
    right = _width(note for note in notes if not note.on_left)
    inner = max(sheet.columns.places) + 2 * _HALF_NODE
    # | edge | texts on the left | nodes | texts on the right | edge |
    body = _EDGE + left + inner + right + _EDGE
    title = shortened(model.name, 48)
    subtitle = wrap(headline(model), int(max(body - 2 * _EDGE, _LEAST_HEADER) / _SUBTITLE_WIDTH))
    texts = [_TITLE_WIDTH * len(title), *(_SUBTITLE_WIDTH * len(line) for line in subtitle)]
    width = max(body, 2 * _EDGE + max(texts))
    shift = (width - body) / 2
    header = _header(title, model.name, subtitle)
    top = 60 + 17 * len(subtitle) + 24
    x = _EDGE + left + shift + _HALF_NODE
    height = top + max(sheet.rows.places) + _HALF_NODE + _EDGE
    placed = sheet.moved(x, top)
    ends = (x - _HALF_NODE - _GAP, x + max(sheet.columns.places) + _HALF_NODE + _GAP)
    labels = (label for note in notes for label in _written(placed, note, ends))
    return Margins(x, top, width, height, (*header, *labels))


def _width(notes: Iterator[_Note]) -> float:
    """The room that the texts of one side take."""
    # Of a single block the call is written over its name and shape; of several each has one line, both texts in it.
    letters = [
        len(f"{call} {facts}" if len(note.lines) > 1 else max(call, facts, key=len))
        for note in notes
        for call, facts in note.lines
    ]
    return _GAP + LETTER_WIDTH * max(letters) if letters else 0.0


def _notes(model: CompiledModel, sheet: Sheet, row: int) -> Iterator[_Note]:
    """What a row says of its blocks: the first of several on the left, the others on the right."""
    indices = sheet.blocks[row]
    if len(indices) == 1:
        yield _note(model, row, indices, _is_nearer_left(sheet, row, indices[0]))
        return
    alike = [i for i in indices if call_text(model, i) == call_text(model, indices[0])]
    # A A  B B      `dense(3)` on the left, `lstm(4)` on the right
    # A A  A A      one text for both
    if len(alike) == len(indices):
        yield _note(model, row, indices, False)
        return
    yield _note(model, row, indices[:1], True)
    yield _note(model, row, indices[1:], False)


def _is_nearer_left(sheet: Sheet, row: int, index: int) -> bool:
    first, last = sheet.drawing.blocks[index].marks
    before = sheet.mark(row, first).x - min(sheet.columns.places)
    after = max(sheet.columns.places) - sheet.mark(row, last).x
    # The right is where a picture's own calls are: a text goes to the left only where it is much nearer.
    return before + _FAR * (max(sheet.columns.places) + _HALF_NODE) < after


def _note(model: CompiledModel, row: int, indices: Sequence[int], on_left: bool) -> _Note:
    lines: dict[tuple[str, str], list[str]] = {}
    for index in indices:
        key = (shortened(call_text(model, index)), block_shape(model, index))
        names = lines.setdefault(key, [])
        if name_text(model, index) not in names:
            names.append(name_text(model, index))
    texts = [
        (call, f"{shortened(', '.join(filter(None, names)), 28)} {shape}".strip())
        for (call, shape), names in lines.items()
    ]
    if len(texts) > _MOST_LINES:
        texts[_MOST_LINES - 1 :] = [(f"and {len(texts) - _MOST_LINES + 1} more", "")]
    tip = "; ".join(f"{call_text(model, i)}, {facts_text(model, i)}" for i in indices[:12])
    return _Note(row, tuple(texts), tip, on_left)


def _written(sheet: Sheet, note: _Note, ends: tuple[float, float]) -> Iterator[Label]:
    x = ends[0] if note.on_left else ends[1]
    y = sheet.point(0, note.row).y
    if len(note.lines) == 1:
        call, facts = note.lines[0]
        yield Label(Point(x, y - 3), call, "call", "end" if note.on_left else "start", note.tip)
        yield Label(Point(x, y + 12), facts, "facts", "end" if note.on_left else "start")
        return
    for number, (call, facts) in enumerate(note.lines):
        at = y + 4 + _LINE * (number - (len(note.lines) - 1) / 2)
        yield Label(
            Point(x, at), f"{call} {facts}", "call", "end" if note.on_left else "start", note.tip
        )
