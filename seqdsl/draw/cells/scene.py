"""placed cell → scene: its nodes, wires and names, as SVG, PNG and PDF draw them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.text import cell_text
from seqdsl.draw.cells.flow import cell_graph
from seqdsl.draw.cells.layout import names, place
from seqdsl.draw.scene import Group, Label, Node, Point, Scene, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.cells.cell import Cell
    from seqdsl.draw.cells.layout import PlacedCell
    from seqdsl.draw.scene import Line

_EDGE, _TITLE = 20.0, 34.0
_TITLE_LETTER = 13.2


def cell_scene(cell: Cell, title: str | None = None) -> Scene:
    """A cell as a drawing.

    Args:
        cell: the cell.
        title: what is above it instead of its name; ``""``: nothing.
    """
    placed = place(cell_graph(cell))
    # A long name of a small cell, such as an rnn of a file, is wider than its drawing.
    text = cell.name if title is None else title
    top = _EDGE + (_TITLE if text else 0.0)
    width = max(placed.width, _TITLE_LETTER * len(text)) + 2 * _EDGE
    heading = (Label(Point(_EDGE, _EDGE + 15), text, "title"),) if text else ()
    labels = (Label(_moved(at, top), name, "length") for name, at in names(placed))
    return Scene(
        width,
        placed.height + top + _EDGE,
        text or cell.name,
        f"One step of a cell. {cell_text(cell)}".replace("\n", " ").strip(),
        tuple(_wires(placed, top)),
        tuple(_groups(placed, top)),
        (),
        (*heading, *labels),
        tuple((_moved(at, top), _line(placed, source)) for at, source in placed.joints),
    )


def _moved(point: Point, top: float) -> Point:
    return Point(point.x + _EDGE, point.y + top)


def _line(placed: PlacedCell, source: object) -> Line:
    return "state" if source in placed.graph.carried() else "data"


def _wires(placed: PlacedCell, top: float) -> Iterator[Wire]:
    for way in placed.ways:
        points = tuple(_moved(point, top) for point in way.points)
        yield Wire(_line(placed, way.source), points, arrow=way.node is not None)


def _groups(placed: PlacedCell, top: float) -> Iterator[Group]:
    """Each node by itself: pointing at it says what it computes."""
    for number, vertex in enumerate(placed.graph.vertices):
        # What is never read has no place: `x` of a cell that does not read it is not even in the graph.
        shape, center = placed.shapes[number], _moved(placed.centers[number], top)
        node = Node(
            center,
            shape.width,
            shape.height,
            shape.radius,
            "\n".join(vertex.lines),
            is_large=True,
        )
        title = ", ".join(name for name in vertex.names if name) or " ".join(vertex.lines)
        yield Group(vertex.look, title, (node,))
