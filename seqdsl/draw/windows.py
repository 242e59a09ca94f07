"""sheet → windows: what a convolution reads beside the step that its wire marks.

The picture draws the center of each window alone. In a drawing a window is a fan of thin lines, as in figures of
dilated convolutions (WaveNet, van den Oord et al. 2016).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.scene import Wire
from seqdsl.layers import Family
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.draw.sheet import Sheet
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.drawing import Drawing


_BRANCH = 20.0
"""How far below a node the lines of its window leave the wires that run past it."""


def window_text(drawing: Drawing, index: int) -> str:
    """The steps that each step of a convolution reads: `window of 3, dilation 2`; empty for other layers."""
    settings = drawing.settings[index]
    if settings.definition.family is not Family.WINDOW:
        return ""
    offsets = window(settings, drawing.values)
    if len(offsets) == 1:
        return ""
    is_causal = settings.arguments.get("padding") == "causal"
    text = f"{'causal ' * is_causal}window of {len(offsets)}"
    return text + (f", dilation {offsets.step}" if offsets.step > 1 else "")


class Reads(NamedTuple):
    """The units that the window of a unit reads beside those that wires lead to it from."""

    unit: int
    sources: tuple[int, ...]


def find_reads(drawing: Drawing, index: int) -> Iterator[Reads]:
    """What the windows of a block read; nothing unless it is a convolution."""
    settings, trace = drawing.settings[index], drawing.trace
    if settings.definition.family is not Family.WINDOW:
        return
    block, offsets = drawing.blocks[index], window(settings, drawing.values)
    for unit in range(block.first, block.first + block.count):
        centers = (center for center in trace.entries(unit) if isinstance(center, int))
        yield Reads(unit, tuple(read for at in centers for read in _read(drawing, at, offsets)))


def find_windows(sheet: Sheet) -> Iterator[Wire]:
    """The windows of all convolutions.

    Steps that an ellipsis stands for have no place of their own.
    """
    for row in sheet.node_rows:
        for index in sheet.blocks.get(row, ()):
            for reads in find_reads(sheet.drawing, index):
                for source in reads.sources:
                    yield from _line(sheet, source, reads.unit)


def window(settings: Settings, values: Mapping[str, int]) -> range:
    """Which steps a window reads, counted from its center, which is 0; a kernel may be larger than any picture."""
    kernel = settings.size("kernel").value(values)
    dilation = settings.arguments.get("dilation")
    apart = dilation.value(values) if isinstance(dilation, Size) else 1
    # kernel=3, dilation=2                       -2 0 2
    # kernel=3, dilation=1, padding=causal       -2 -1 0
    # kernel=4, dilation=1                       -1 0 1 2: an even window reaches one step further after its center
    reach = (kernel - 1) * apart
    before = reach if settings.arguments.get("padding") == "causal" else reach // 2
    return range(-before, reach - before + 1, apart)


def _read(drawing: Drawing, center: int, offsets: range) -> Iterator[int]:
    """The drawn units that a window around ``center`` reads beside it."""
    # Units are numbered block by block: the block of a unit is the last one that begins at it or before.
    block = drawing.blocks[bisect_right(drawing.blocks, center, key=lambda item: item.first) - 1]
    if not block.stretches:
        last = block.first + block.count - 1
        near = _in_both(range(block.first - center, last - center + 1), offsets)
        yield from (center + offset for offset in near if offset)


def _in_both(drawn: range, offsets: range) -> Iterator[int]:
    """The offsets of a window at which a node is drawn.

    Gone through is the shorter of the two: a wide window over few nodes, or a narrow one over many.
    """
    if len(drawn) < len(offsets):
        return (offset for offset in drawn if offset in offsets)
    return (offset for offset in offsets if offset in drawn)


def _line(sheet: Sheet, source: int, target: int) -> Iterator[Wire]:
    r"""A line from one unit to the foot of another, if both are drawn.

    It leaves the unit at its top; where rows stand between, it leaves the wire that runs up past them, so that it
    crosses nothing::

        T   T       the window of the right `T` is a line from the left wire below the left `T`, not
        | S | S     from the left `X`, which would run through an `S`
        |/  |/
        X   X
    """
    trace = sheet.drawing.trace
    lower, upper = trace.rows[source], trace.rows[target]
    columns = trace.units[source], trace.units[target]
    if sheet.rows.hides(lower) or any(sheet.columns.hides(column) for column in columns):
        return
    start = sheet.point(trace.units[source], trace.rows[source])
    end = sheet.point(trace.units[target], trace.rows[target])
    # y runs downward: the smaller is the higher.
    leaves = start.y - sheet.density.height / 2
    if bisect_right(sheet.node_rows, lower) < bisect_left(sheet.node_rows, upper):
        top = sheet.point(trace.units[source], _trunk(sheet, source, upper)).y
        leaves = min(leaves, max(top, end.y + sheet.density.height / 2 + _BRANCH))
    yield Wire(
        "window",
        (start._replace(y=leaves), end._replace(y=end.y + sheet.density.height / 2)),
        False,
    )


def _trunk(sheet: Sheet, source: int, below: int) -> int:
    """The row up to which the wire above a unit runs straight; at most the given one, where it may end in a unit."""
    trace, grid = sheet.drawing.trace, sheet.drawing.grid
    column, row = trace.units[source], trace.rows[source]
    while row + 1 < below and grid[row + 1].cells[column : column + 1] in ("|", "^"):
        row += 1
    above = grid[row + 1].cells[column : column + 1]
    return row + 1 if row + 1 == below and (above in ("|", "^") or above.isalpha()) else row
