"""model → scene: what is drawn and where; the columns of the picture stay recognizable.

Nodes and ellipses are here, lines in `seqdsl.draw.lines`, the texts around in `seqdsl.draw.margins`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw.axis import columns_of, rows_of
from seqdsl.draw.bridges import bridged
from seqdsl.draw.density import DENSITIES, LABEL_TYPE, WORD_TYPE, most_width
from seqdsl.draw.families import family, node_text, rooms
from seqdsl.draw.feedback import delayed_groups, find_feedback
from seqdsl.draw.hands import find_hand_labels
from seqdsl.draw.highlights import find_highlights
from seqdsl.draw.labels import call_text, description, facts_text, shortened
from seqdsl.draw.lines import find_bridges, find_wires
from seqdsl.draw.margins import find_margins
from seqdsl.draw.memories import find_memories
from seqdsl.draw.scene import Group, Label, Node, Point, Scene
from seqdsl.draw.sheet import END_SIZE, Sheet
from seqdsl.draw.windows import find_windows
from seqdsl.layers import Look
from seqdsl.picture.grid import ELLIPSIS, STATE_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.density import Fit
    from seqdsl.draw.margins import Margins
    from seqdsl.lowering.compiled import CompiledModel

_MASKED_RADIUS = 4.0


def lay_out(
    model: CompiledModel,
    title: str | None = None,
    fit: Fit = "column",
    highlighted: frozenset[tuple[int, int]] = frozenset(),
) -> Scene:
    """Arrange a model for drawing.

    Args:
        model: what is drawn.
        title: what stands above it instead of its name; nothing if empty.
        fit: where its labels are to be large enough to read.
        highlighted: lines and columns of nodes that are to stand out.
    """
    sheet, margins = _fitted(model, title, fit)
    sheet = sheet.moved(margins.left, margins.top)
    memories, joints = find_memories(sheet)
    return Scene(
        width=margins.width,
        height=margins.height,
        title=title or model.name,
        description=description(model),
        wires=(
            *find_windows(sheet),
            *find_feedback(sheet),
            *memories,
            *bridged(find_wires(sheet), find_bridges(sheet)),
        ),
        groups=(*_groups(model, sheet), *delayed_groups(sheet), *_state_ends(model, sheet)),
        dots=tuple(_dots(sheet)),
        labels=(*margins.labels, *_lengths(sheet), *find_hand_labels(sheet)),
        joints=tuple((at, "data") for at in joints),
        highlights=tuple(find_highlights(sheet, highlighted)),
    )


def _fitted(model: CompiledModel, title: str | None, fit: Fit) -> tuple[Sheet, Margins]:
    """The picture as close together as it has to be to fit, and the texts around it."""
    drawing = model.drawing
    has_words = any(len(node_text(drawing, index)) > 1 for index in range(len(drawing.blocks)))
    most = most_width(fit, WORD_TYPE if has_words else LABEL_TYPE)
    tried = []
    for density in DENSITIES:
        columns = columns_of(drawing.grid, rooms(drawing, density), density)
        sheet = Sheet(drawing, columns, rows_of(drawing.grid, density), density)
        margins = find_margins(model, sheet, title, most)
        if margins.width <= most:
            return sheet, margins
        tried.append((sheet, margins))
    # A wide title may be all that does not fit: then nothing is gained by moving the nodes together.
    return min(tried, key=lambda item: item[1].width)


def _groups(model: CompiledModel, sheet: Sheet) -> Iterator[Group]:
    for row in sheet.node_rows:
        for index in sheet.blocks.get(row, ()):
            nodes = tuple(_nodes(sheet, row, index))
            if nodes:
                title = f"{call_text(model, index)}, {facts_text(model, index)}"
                yield Group(family(sheet.drawing.settings[index].kind), title, nodes)


def _state_ends(model: CompiledModel, sheet: Sheet) -> Iterator[Group]:
    """A small circle for each ``*``, which tells the names of the states."""
    for end in sheet.drawing.states.ends:
        row = sheet.drawing.blocks[end.block].row
        mark = sheet.drawing.grid[row].columns.index(end.span.column - 1)
        if sheet.hides(row, mark):
            continue
        states = model.spec.given if end.leaves else model.spec.taken
        names = ", ".join(item.name for item in states if item.block == end.block)
        way = "to the next call" if end.leaves else "from the call before"
        node = Node(sheet.mark(row, mark), END_SIZE, END_SIZE, END_SIZE / 2, STATE_END)
        yield Group(Look.RECURRENT, f"state {way}: {names}", (node,))


def _nodes(sheet: Sheet, row: int, index: int) -> Iterator[Node]:
    item = sheet.drawing.grid[row]
    form = sheet.form(index)
    text = node_text(sheet.drawing, index)
    is_causal = bool(sheet.drawing.settings[index].arguments.get("causal"))
    if is_causal:
        # The mark of a mask is in a corner, which must not be round.
        form = form._replace(radius=_MASKED_RADIUS)
    for mark in sheet.marks_of(index):
        if item.marks[mark] != ELLIPSIS and not sheet.hides(row, mark):
            yield Node(sheet.mark(row, mark), *form, text, is_causal)


def _dots(sheet: Sheet) -> Iterator[tuple[Point, bool]]:
    for row in sheet.node_rows:
        # All nodes that are left out have one place, the middle of the gap: a set, for one ellipsis.
        places = {sheet.mark(row, mark) for mark in _dotted(sheet, row)}
        yield from ((place, False) for place in sorted(places))
    if sheet.rows.cut is not None:
        yield _row_gap(sheet), True


def _dotted(sheet: Sheet, row: int) -> Iterator[int]:
    """The marks of a row that are drawn as dots: ellipses, and nodes that are left out."""
    for mark, char in enumerate(sheet.drawing.grid[row].marks):
        if char == ELLIPSIS or (char.isalpha() and sheet.hides_column(row, mark)):
            yield mark


def _row_gap(sheet: Sheet) -> Point:
    """The middle of the rows that are left out."""
    assert sheet.rows.cut is not None
    middle = (sheet.columns.places[0] + sheet.columns.places[-1]) / 2
    return Point(sheet.left + middle, sheet.point(0, sheet.rows.cut.first + 1).y)


def _lengths(sheet: Sheet) -> Iterator[Label]:
    """The names of lengths over their dots, and how much is left out."""
    for row in sheet.node_rows:
        item = sheet.drawing.grid[row]
        hidden = [m for m in _dotted(sheet, row) if sheet.hides_column(row, m)]
        if hidden:
            at = sheet.mark(row, hidden[0])
            yield Label(at._replace(y=at.y - 9), f"{len(hidden)} more", "length", "middle")
        for mark, name in item.names.items():
            if not sheet.hides(row, mark):
                at = sheet.mark(row, mark)
                text = shortened(name, 16)
                yield Label(at._replace(y=at.y - 9), text, "length", "middle", name)
    if sheet.rows.cut is not None:
        first, last = sheet.rows.cut
        rows = sum(sheet.drawing.grid[row].is_nodes for row in range(first + 1, last))
        gap = _row_gap(sheet)
        yield Label(Point(gap.x + 14, gap.y + 4), f"{rows} more rows", "length")
