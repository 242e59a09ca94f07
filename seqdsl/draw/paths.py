"""scene → outlines: the lines, heads and marks that are not plain rectangles, for every file format alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.scene import Node, Point, Wire

JOINT = 3.0
"""The radius of the dot where a line branches."""

_CORNER = 9.0
_HEAD = (7.5, 3.4)
_MASK, _INSET = 8.0, 4.5


@dataclass(frozen=True, slots=True)
class Bend:
    """A line to ``start``, and from there a parabola to ``end`` with ``corner`` as its control point."""

    start: Point
    corner: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Line:
    """A line with round corners."""

    start: Point
    bends: tuple[Bend, ...]
    end: Point


def is_flat(wire: Wire) -> bool:
    """Whether a wire is horizontal: such are drawn first."""
    return all(point.y == wire.points[0].y for point in wire.points)


def wire_line(wire: Wire) -> Line:
    """The line through the points of a wire; it ends inside its head."""
    points = list(wire.points)
    if wire.arrow:
        points[-1] = _toward(points[-1], points[-2], _HEAD[0] - 1)
    return Line(points[0], tuple(_bends(points)), points[-1])


def _bends(points: list[Point]) -> Iterator[Bend]:
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start = _toward(corner, before, min(_CORNER, _distance(corner, before) / 2))
        end = _toward(corner, after, min(_CORNER, _distance(corner, after) / 2))
        yield Bend(start, corner, end)


def head(wire: Wire) -> tuple[Point, Point, Point]:
    """The triangle at the end of a wire, its tip first."""
    before, tip = wire.points[-2:]
    back = _toward(tip, before, _HEAD[0])
    aside = _HEAD[1] / _HEAD[0]
    dx, dy = (tip.y - back.y) * aside, (tip.x - back.x) * aside
    return (
        tip,
        back._replace(x=back.x + dx, y=back.y - dy),
        back._replace(x=back.x - dx, y=back.y + dy),
    )


def mask(node: Node) -> tuple[Point, Point, Point]:
    """The lower triangle of a mask's matrix, in the lower left of a node."""
    left = node.center.x - node.width / 2 + _INSET
    bottom = node.center.y + node.height / 2 - _INSET
    corner = node.center._replace(x=left, y=bottom)
    return corner, corner._replace(y=bottom - _MASK), corner._replace(x=left + _MASK)


def dots(middle: Point, *, upright: bool) -> Iterator[Point]:
    """The three dots of an ellipsis."""
    for step in (-7, 0, 7):
        yield middle._replace(
            x=middle.x + (0 if upright else step), y=middle.y + (step if upright else 0)
        )


def _distance(a: Point, b: Point) -> float:
    return hypot(a.x - b.x, a.y - b.y)


def _toward(start: Point, end: Point, by: float) -> Point:
    """The point so far from ``start`` on the way to ``end``."""
    share = by / (_distance(start, end) or 1.0)
    return start._replace(
        x=start.x + (end.x - start.x) * share, y=start.y + (end.y - start.y) * share
    )
