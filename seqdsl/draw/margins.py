"""model and sheet → margins: the texts around a drawing, and how much room they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from seqdsl.draw.axis import LETTER_WIDTH
from seqdsl.draw.density import LINE
from seqdsl.draw.header import find_header
from seqdsl.draw.labels import folded, shortened
from seqdsl.draw.legend import Room, find_legend
from seqdsl.draw.notes import find_entries, tip
from seqdsl.draw.scene import Label, Point

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.draw.notes import Entry
    from seqdsl.draw.sheet import Sheet
    from seqdsl.lowering.compiled import CompiledModel

_MOST_LINES = 4
# A text that would stand farther from its row than this stands right beside it, where no line is in its way.
_REACH = 64.0

Side = Literal["left", "right"]


@dataclass(frozen=True)
class Margins:
    """Where the picture begins, how big the canvas is, and the texts around."""

    left: float
    top: float
    width: float
    height: float
    labels: tuple[Label, ...]


class _Line(NamedTuple):
    """A line of a note: a layer's call, what its value is, or both."""

    call: str
    facts: str

    @property
    def width(self) -> float:
        return LETTER_WIDTH * len(f"{self.call} {self.facts}".strip())


class _Note(NamedTuple):
    """What a row says at one of its sides; ``x``: where its lines begin (on the right), or end (on the left)."""

    y: float
    x: float
    side: Side
    lines: tuple[_Line, ...]
    tip: str

    @property
    def reach(self) -> float:
        """Its far end."""
        width = max(line.width for line in self.lines)
        return self.x + (width if self.side == "right" else -width)


def find_margins(
    model: CompiledModel, sheet: Sheet, title: str | None = None, most: float = 0.0
) -> Margins:
    """Write the texts around a picture whose corner is at zero.

    Args:
        model: what is drawn.
        sheet: where.
        title: stands for the model's name, if any.
        most: how wide the canvas should be at most, in pixels.
    """
    name = model.name if title is None else title
    half, edge = sheet.density.half, sheet.density.edge
    rows = () if sheet.density.notes_below else sheet.node_rows
    notes = [note for row in rows for note in _notes(model, sheet, row)]
    left, right = _borders(sheet, notes)
    header = find_header(model, name, right - left + 2 * edge, sheet.density)
    width, bottom = header.width, header.bottom + max(sheet.rows.places) + half
    below: tuple[Label, ...] = ()
    if sheet.density.notes_below:
        room = Room(width - 2 * edge, most - 2 * edge)
        below, least, bottom = find_legend(model, sheet, Point(edge, bottom), room)
        width = max(width, least + 2 * edge)
    corner = Point((width - right - left) / 2, header.bottom)
    labels = (label for note in notes for label in _written(note, corner))
    return Margins(*corner, width, bottom + edge, (*header.labels, *labels, *below))


def _borders(sheet: Sheet, notes: Sequence[_Note]) -> tuple[float, float]:
    """Where the picture and the notes beside it begin and end."""
    half = sheet.density.half
    ends = [_ends(sheet, row) for row in sheet.node_rows]
    # Notes near their rows may end before the column of the others begins: only what is written takes room.
    reached = [note.reach for note in notes]
    left = min([-half, *(first for first, _ in ends), *reached])
    right = max([max(sheet.columns.places) + half, *(last for _, last in ends), *reached])
    return left, right


def _notes(model: CompiledModel, sheet: Sheet, row: int) -> Iterator[_Note]:
    """What a row says of its blocks: of two, the left one's stands on the left."""
    entries = find_entries(model, sheet.blocks.get(row, []))
    if not entries:
        return
    if len(entries) == 2 and max(entries[0].blocks) < min(entries[1].blocks):
        yield _note(model, sheet, row, entries[:1], "left")
        yield _note(model, sheet, row, entries[1:], "right")
    else:
        yield _note(model, sheet, row, entries, _side(sheet, row))


def _note(
    model: CompiledModel, sheet: Sheet, row: int, entries: Sequence[Entry], side: Side
) -> _Note:
    # One entry has its call over its facts; several have a line each, or they would not fit between two rows.
    if len(entries) == 1:
        (entry,) = entries
        lines = [_Line(part, "") for part in folded(entry.call, sheet.density.fold)]
        lines.append(_Line("", entry.facts))
    else:
        lines = [_Line(shortened(entry.call), entry.facts) for entry in entries]
        if len(lines) > _MOST_LINES:
            lines[_MOST_LINES - 1 :] = [_Line(f"and {len(lines) - _MOST_LINES + 1} more", "")]
    y = sheet.point(0, row).y
    return _Note(y, _start(sheet, row, side), side, tuple(lines), tip(model, entries))


def _side(sheet: Sheet, row: int) -> Side:
    """Where the one note of a row stands: on the right, as in the picture, unless the left alone is near."""
    if _is_free(sheet, row, "right") or not _is_free(sheet, row, "left"):
        return "right"
    first, last = _ends(sheet, row)
    half = sheet.density.half
    away = max(sheet.columns.places) + half - last
    is_near = first - min(sheet.columns.places) + half > _REACH or first < away
    return "left" if away > _REACH and is_near else "right"


def _start(sheet: Sheet, row: int, side: Side) -> float:
    """Where the lines of a note begin: in the column of all notes, or right beside a row that is far from it."""
    first, last = _ends(sheet, row)
    half, gap = sheet.density.half, sheet.density.gap
    if side == "left":
        column = min(sheet.columns.places) - half - gap
        is_near = first - half - column > _REACH and _is_free(sheet, row, side)
        return first - gap if is_near else min(column, first - gap)
    column = max(sheet.columns.places) + half + gap
    is_near = column - last - half > _REACH and _is_free(sheet, row, side)
    return last + gap if is_near else max(column, last + gap)


def _ends(sheet: Sheet, row: int) -> tuple[float, float]:
    """The borders of the first and the last node of a row."""
    if row not in sheet.blocks:
        # A row of delayed nodes alone.
        last = len(sheet.drawing.grid[row].marks) - 1
        return sheet.mark(row, 0).x - sheet.room(row, 0), sheet.mark(row, last).x + sheet.room(
            row, last
        )
    first, last = sheet.blocks[row][0], sheet.blocks[row][-1]
    blocks = sheet.drawing.blocks
    left = sheet.mark(row, blocks[first].marks[0]).x - sheet.form(first).width / 2
    return left, sheet.mark(row, blocks[last].marks[1]).x + sheet.form(last).width / 2


def _is_free(sheet: Sheet, row: int, side: Side) -> bool:
    """Whether nothing is drawn in a row beside its nodes.

    ::

          Y |      its right is not: the wire of a shortcut
          | |
    """
    item = sheet.drawing.grid[row]
    blocks = sheet.drawing.blocks
    if side == "left":
        beside = range(item.columns[blocks[sheet.blocks[row][0]].marks[0]])
    else:
        mark = blocks[sheet.blocks[row][-1]].marks[1]
        beside = range(item.ends.get(mark, item.columns[mark] + 1), len(item.cells))
    return all(item.cells[column] == " " for column in beside)


def _written(note: _Note, corner: Point) -> Iterator[Label]:
    """The labels of a note in a drawing whose picture begins at ``corner``."""
    x, y = corner.x + note.x, corner.y + note.y
    for number, line in enumerate(note.lines):
        at = y + 4.5 + LINE * (number - (len(note.lines) - 1) / 2)
        yield from _on_line(Point(x, at), line, note)


def _on_line(at: Point, line: _Line, note: _Note) -> Iterator[Label]:
    """A call, and what its value is behind it."""
    call, facts = line
    room = LETTER_WIDTH * (len(facts if note.side == "left" else call) + 1)
    if note.side == "left":
        if call:
            start = at._replace(x=at.x - (room if facts else 0))
            yield Label(start, call, "call", "end", note.tip)
        if facts:
            yield Label(at, facts, "facts", "end")
        return
    if call:
        yield Label(at, call, "call", "start", note.tip)
    if facts:
        yield Label(at._replace(x=at.x + (room if call else 0)), facts, "facts")
