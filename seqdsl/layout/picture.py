"""what is to be drawn → typed data: rows of nodes and the wires between them, without any column.

Nothing here knows of characters that are compiled, so whatever knows wires can be drawn: a compiled picture, an
entry of the catalogue, a model that was built somewhere else.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator


class Unplaceable(ValueError):
    """A picture that no drawing can show: its orders contradict each other, or a reference leads nowhere.

    Attributes:
        reason: why, in words.
        way: what to do instead; empty: what holds for all that cannot be drawn.
    """

    def __init__(self, reason: str, way: str = "") -> None:
        """Tell why, and what to do."""
        super().__init__(f"{reason}; {way}" if way else reason)
        self.reason, self.way = reason, way


class Side(Enum):
    r"""From where a wire enters a node, by the character of its last cell."""

    LEFT = "/"
    BELOW = "|"
    RIGHT = "\\"

    @property
    def offset(self) -> int:
        """On which side of its node the wire rises: -1, 0 or 1."""
        return {Side.LEFT: -1, Side.BELOW: 0, Side.RIGHT: 1}[self]


class StateWire(Enum):
    """What joins two neighbors of a row."""

    NONE = ""
    PLAIN = "-"
    FORWARD = ">"
    BACKWARD = "<"
    BIDIRECTIONAL = "="


@record(frozen=True)
class Ref:
    """A mark of a row: a node's value, or what leaves a junction. Rows count from the bottom."""

    row: int
    mark: int


@record(frozen=True)
class Bus:
    """Sources that are joined: within a row, equal buses are one junction, and their readers share it.

    Attributes:
        sources: what is joined, in the order of concatenation: from left to right, then bottom to top.
        number: tells apart two buses with the same sources, which are joined one by one.
    """

    sources: tuple[Ref, ...]
    number: int = 0


Wire = Ref | Bus
"""What one wire carries."""


@record(frozen=True)
class Node:
    """A drawn step.

    Attributes:
        letter: its letter, ``O`` for a layer without a name.
        wires: what enters it, by side.
        over: a mark in whose column it must be: of a bus, the source that is its own.
        place: its place from left to right among all marks of the picture, where it has one; marks with
            the same place are in the same column.
        apart: whether it is set apart from the mark before it: further than nodes of a block are.
    """

    letter: str
    wires: tuple[tuple[Side, Wire], ...] = ()
    over: Ref | None = None
    place: int | None = None
    apart: bool = False


@record(frozen=True)
class Ellipsis:
    """Steps that are not drawn; ellipses of one ``stretch`` elide the same stretch of time."""

    stretch: int = 0
    name: str = ""
    place: int | None = None
    apart: bool = False

    @property
    def text(self) -> str:
        """Its characters."""
        return f"..{self.name}.." if self.name else "..."


@record(frozen=True)
class Junction:
    """An end of a state wire.

    Attributes:
        below: the value that enters it, which is the initial state of the block beside it.
        final: the node at which the state ends that leaves here upward; a bus takes it in that node's order.
        place: as for nodes.
        apart: as for nodes.
    """

    below: Wire | None = None
    final: Ref | None = None
    place: int | None = None
    apart: bool = False


Mark = Node | Ellipsis | Junction


@record(frozen=True)
class Row:
    """A row of nodes.

    Attributes:
        marks: its nodes, ellipses and junctions, left to right.
        joins: the state wire between each mark and the next; default: none at all.
        call: the layer that is written at its right end.
    """

    marks: tuple[Mark, ...]
    joins: tuple[StateWire, ...] = ()
    call: str = ""

    def join(self, mark: int) -> StateWire:
        """The state wire between a mark and the next one."""
        return self.joins[mark] if mark < len(self.joins) else StateWire.NONE


@record(frozen=True)
class Picture:
    """A picture.

    Attributes:
        rows: its rows of nodes, the bottom row first.
        definitions: the layers of letters, as ``(letter, call)``.
        parameters: named numbers, as ``(name, value)``.
        name: the model's name, where it is written in the file.
        ordered: marks that are from left to right, such as the first nodes of all inputs: that is the order of
            the model's arguments. Each tuple is such an order.
    """

    rows: tuple[Row, ...]
    definitions: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    name: str = ""
    ordered: tuple[tuple[Ref, ...], ...] = ()

    def mark(self, ref: Ref) -> Mark:
        """The mark that is meant."""
        return self.rows[ref.row].marks[ref.mark]

    def anchor(self, ref: Ref) -> Ref:
        """Whose column tells the order of a source: a final state goes by the node at which it ends."""
        mark = self.mark(ref)
        return mark.final if isinstance(mark, Junction) and mark.final is not None else ref

    def refs(self) -> Iterator[tuple[Ref, Mark]]:
        """All marks, row by row."""
        for number, row in enumerate(self.rows):
            for at, mark in enumerate(row.marks):
                yield Ref(number, at), mark

    def placed(self, places: dict[Ref, int]) -> Picture:
        """The same picture with a place for every mark."""
        rows = tuple(
            replace(
                row,
                marks=tuple(
                    replace(mark, place=places[Ref(number, at)])
                    for at, mark in enumerate(row.marks)
                ),
            )
            for number, row in enumerate(self.rows)
        )
        return replace(self, rows=rows)


def wires(mark: Mark) -> Iterator[tuple[Side, Wire]]:
    """What enters a mark from below."""
    if isinstance(mark, Node):
        yield from mark.wires
    elif isinstance(mark, Junction) and mark.below is not None:
        yield Side.BELOW, mark.below


def sources(wire: Wire) -> tuple[Ref, ...]:
    """What a wire carries, one by one."""
    return wire.sources if isinstance(wire, Bus) else (wire,)
