"""model and sheet → legend: the notes on the layers below a drawing that has no room beside its rows.

From the top row of the picture down, in as many columns as there is room for::

    Y: dense(50, softmax)  dense_y → y (5, 50)
    E: lstm(32)            encoder (6, 32)
    D: lstm(32)            decoder (5, 32)
"""

from __future__ import annotations

from itertools import chain
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.axis import LETTER_WIDTH
from seqdsl.draw.density import LINE
from seqdsl.draw.families import sign
from seqdsl.draw.labels import folded
from seqdsl.draw.notes import find_entries, tip
from seqdsl.draw.scene import Label, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seqdsl.draw.notes import Entry
    from seqdsl.draw.sheet import Sheet
    from seqdsl.lowering.compiled import CompiledModel

_ABOVE = 30.0
# In letters: between a call and its facts, before facts on a line of their own, and between two columns.
_SPACE, _INDENT, _BETWEEN = 2, 3, 4
_MOST_COLUMNS, _FEW = 3, 6
_MOST_ENTRIES = 4


class Room(NamedTuple):
    """Widths in pixels: of the drawing without a legend, and the most that it may grow to for lines that are wider."""

    now: float
    most: float


class Legend(NamedTuple):
    """The labels of a legend, how wide they are, and where the last one stands."""

    labels: tuple[Label, ...]
    width: float
    bottom: float


class _Line(NamedTuple):
    """A line: a call, what its value is, or both; ``facts_at``: the letters before the latter."""

    call: str
    facts: str
    facts_at: int
    tip: str

    @property
    def letters(self) -> int:
        return self.facts_at + len(self.facts) if self.facts else len(self.call)


def find_legend(model: CompiledModel, sheet: Sheet, corner: Point, room: Room) -> Legend:
    """Write the notes on all drawn rows.

    Args:
        model: what is drawn.
        sheet: where.
        corner: the left end of the bottom of the drawing.
        room: how wide the legend may be, if no line is wider.
    """
    items = dict.fromkeys(
        # A row of delayed nodes alone has no blocks.
        item
        for row in reversed(sheet.node_rows)
        for item in _entries(model, sheet.blocks.get(row, ()))
    )
    most = int(max(room) / LETTER_WIDTH)
    lines = _aligned(items, most) or list(chain.from_iterable(_ragged(items, most)))
    widest = max(line.letters for line in lines)
    count = _column_count(len(lines), widest, int(room.now / LETTER_WIDTH))
    # Seven lines in two columns: four on the left, and three on the right.
    height = ceil(len(lines) / count)
    labels: list[Label] = []
    for number, line in enumerate(lines):
        column, below = divmod(number, height)
        x = corner.x + LETTER_WIDTH * (widest + _BETWEEN) * column
        labels += _written(line, Point(x, corner.y + _ABOVE + LINE * below))
    columns = ceil(len(lines) / height)
    width = LETTER_WIDTH * ((widest + _BETWEEN) * columns - _BETWEEN)
    return Legend(tuple(labels), width, corner.y + _ABOVE + LINE * (height - 1))


def _column_count(lines: int, widest: int, letters: int) -> int:
    """How many columns there are: one for few lines, which are then in the order of the rows."""
    if lines <= _FEW:
        return 1
    return min((letters + _BETWEEN) // (widest + _BETWEEN), _MOST_COLUMNS) or 1


class _Item(NamedTuple):
    call: str
    facts: str
    tip: str


def _entries(model: CompiledModel, blocks: Sequence[int]) -> Iterator[_Item]:
    """What a row says, left to right."""
    entries = find_entries(model, blocks)
    shown = entries if len(entries) <= _MOST_ENTRIES else entries[: _MOST_ENTRIES - 1]
    for entry in shown:
        yield _Item(_call(model, entry), entry.facts, tip(model, [entry]))
    if rest := entries[len(shown) :]:
        yield _Item(f"and {len(rest)} more", "", tip(model, rest))


def _call(model: CompiledModel, entry: Entry) -> str:
    """The layer under what stands in its nodes: `+: add`, as no node of an `A = add` has an `A` in it."""
    settings = model.drawing.settings[entry.blocks[0]]
    mark = sign(settings.kind)
    _, colon, layer = entry.call.partition(": ")
    return f"{mark}: {layer}" if mark and colon else entry.call


def _aligned(items: Iterable[_Item], most: int) -> list[_Line]:
    """A line for each item, their facts in one column; none if that takes more than so many letters."""
    items = list(items)
    facts_at = max(len(item.call) for item in items) + _SPACE
    lines = [_Line(item.call, item.facts, facts_at, item.tip) for item in items]
    return lines if max(line.letters for line in lines) <= most else []


def _ragged(items: Iterable[_Item], most: int) -> Iterator[list[_Line]]:
    """The lines of each item: call and facts on one if they fit, and each on its own if not."""
    for item in items:
        line = _Line(item.call, item.facts, len(item.call) + _SPACE, item.tip)
        if line.letters <= most:
            yield [line]
        else:
            calls = [_Line(part, "", 0, item.tip) for part in folded(item.call, most)]
            yield [*calls, _Line("", item.facts, _INDENT, "")]


def _written(line: _Line, at: Point) -> Iterator[Label]:
    if line.call:
        yield Label(at, line.call, "call", "start", line.tip)
    if line.facts:
        yield Label(at._replace(x=at.x + LETTER_WIDTH * line.facts_at), line.facts, "facts")
