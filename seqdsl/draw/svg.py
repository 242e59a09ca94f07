"""scene → SVG: the standard library's element tree does the writing, and with it all the escaping."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from seqdsl.draw.themes import ThemeName, style_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.draw.scene import Group, Label, Node, Point, Scene, Wire

_CORNER = 9.0
_HEAD = (7.5, 3.4)
_BRIDGE = 5.0
_MASK, _INSET = 8.0, 4.5
_CLASSES = {"window": "window", "data": "data", "state": "state", "hand": "hand-line"}
_HEADS = {"data": "data-head", "state": "state-head", "hand": "state-head"}


def to_svg(scene: Scene, theme: ThemeName = "auto") -> str:
    """Write a scene as an SVG document of its own, which may also stand in a page."""
    width, height = _number(scene.width), _number(scene.height)
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"seqdsl-{theme}",
            "viewBox": f"0 0 {width} {height}",
            "width": width,
            "height": height,
            "role": "img",
            "aria-label": f"{scene.title}: {scene.description}",
        },
    )
    ET.SubElement(root, "title").text = scene.title
    ET.SubElement(root, "desc").text = scene.description
    ET.SubElement(root, "style").text = style_sheet(theme)
    ET.SubElement(root, "rect", {"class": "ground", "width": width, "height": height})
    flat = [wire for wire in scene.wires if _is_flat(wire)]
    _write_wires(root, flat)
    bridges = "".join(_bridge(point) for point in scene.bridges)
    if bridges:
        ET.SubElement(root, "path", {"class": "bridge", "d": bridges})
    _write_wires(root, [wire for wire in scene.wires if not _is_flat(wire)])
    for group in scene.groups:
        _write_group(root, group)
    _write_dots(root, scene.dots)
    for label in scene.labels:
        _write_label(root, label)
    ET.indent(root, space="")
    return ET.tostring(root, encoding="unicode") + "\n"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0" if value > -0.05 else "-0")


def _pair(point: Point) -> str:
    return f"{_number(point.x)} {_number(point.y)}"


def _is_flat(wire: Wire) -> bool:
    return all(point.y == wire.points[0].y for point in wire.points)


def _bridge(point: Point) -> str:
    return f"M{_number(point.x)} {_number(point.y - _BRIDGE)}v{_number(2 * _BRIDGE)}"


def _write_wires(root: ET.Element, wires: Sequence[Wire]) -> None:
    """One path for all lines of a kind, and one for their heads."""
    for line, name in _CLASSES.items():
        alike = [wire for wire in wires if wire.line == line]
        if alike:
            ET.SubElement(root, "path", {"class": name, "d": "".join(map(_line, alike))})
        heads = "".join(_head(*wire.points[-2:]) for wire in alike if wire.arrow)
        if heads:
            ET.SubElement(root, "path", {"class": _HEADS[line], "d": heads})


def _line(wire: Wire) -> str:
    """The line through the points of a wire, with round corners; it ends inside its head."""
    points = list(wire.points)
    if wire.arrow:
        points[-1] = _toward(points[-1], points[-2], _HEAD[0] - 1)
    text = f"M{_pair(points[0])}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start = _toward(corner, before, min(_CORNER, _distance(corner, before) / 2))
        end = _toward(corner, after, min(_CORNER, _distance(corner, after) / 2))
        text += f"L{_pair(start)}Q{_pair(corner)} {_pair(end)}"
    return text + f"L{_pair(points[-1])}"


def _distance(a: Point, b: Point) -> float:
    return hypot(a.x - b.x, a.y - b.y)


def _toward(start: Point, end: Point, by: float) -> Point:
    """The point so far from ``start`` on the way to ``end``."""
    share = by / (_distance(start, end) or 1.0)
    return start._replace(
        x=start.x + (end.x - start.x) * share, y=start.y + (end.y - start.y) * share
    )


def _head(before: Point, tip: Point) -> str:
    back = _toward(tip, before, _HEAD[0])
    aside = _HEAD[1] / _HEAD[0]
    dx, dy = (tip.y - back.y) * aside, (tip.x - back.x) * aside
    left = back._replace(x=back.x + dx, y=back.y - dy)
    right = back._replace(x=back.x - dx, y=back.y + dy)
    return f"M{_pair(tip)}L{_pair(left)}L{_pair(right)}Z"


def _write_group(root: ET.Element, group: Group) -> None:
    element = ET.SubElement(root, "g", {"class": group.family.value})
    ET.SubElement(element, "title").text = group.title
    for node in group.nodes:
        box = {
            "x": node.center.x - node.width / 2,
            "y": node.center.y - node.height / 2,
            "width": node.width,
            "height": node.height,
            "rx": node.radius,
        }
        ET.SubElement(element, "rect", {key: _number(value) for key, value in box.items()})
        if node.has_mask:
            ET.SubElement(element, "path", {"class": "mask", "d": _mask(node)})
        if node.text:
            at = {"x": _number(node.center.x), "y": _number(node.center.y + 4 + (not node.is_word))}
            named = {"class": "word"} if node.is_word else {}
            ET.SubElement(element, "text", {**named, **at}).text = node.text


def _mask(node: Node) -> str:
    """The lower triangle of a mask's matrix, in the lower left of a node."""
    left, bottom = node.center.x - node.width / 2 + _INSET, node.center.y + node.height / 2 - _INSET
    return (
        f"M{_number(left)} {_number(bottom)}v{_number(-_MASK)}l{_number(_MASK)} {_number(_MASK)}Z"
    )


def _write_dots(root: ET.Element, dots: Iterable[tuple[Point, bool]]) -> None:
    for middle, upright in dots:
        for step in (-7, 0, 7):
            dx, dy = (0, step) if upright else (step, 0)
            place = {"cx": _number(middle.x + dx), "cy": _number(middle.y + dy), "r": "2"}
            ET.SubElement(root, "circle", {"class": "dots", **place})


def _write_label(root: ET.Element, label: Label) -> None:
    attributes = {"class": label.style, "x": _number(label.at.x), "y": _number(label.at.y)}
    if label.anchor != "start":
        attributes["text-anchor"] = label.anchor
    element = ET.SubElement(root, "text", attributes)
    element.text = label.text
    if label.tip and label.tip != label.text:
        ET.SubElement(element, "title").text = label.tip
