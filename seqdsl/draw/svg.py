"""scene → SVG: the standard library's element tree does the writing, and with it all the escaping."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from seqdsl.draw.options import Options
from seqdsl.draw.paths import JOINT, dots, head, is_flat, mask, wire_line
from seqdsl.draw.themes import style_sheet
from seqdsl.layers import Look

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.draw.scene import Group, Label, Node, Point, Scene, Wire

_USUAL = Options()
_CLASSES = {
    "window": "window",
    "data": "data",
    "feedback": "feedback",
    "state": "state",
    "hand": "hand-line",
}
_HEADS = {
    "data": "data-head",
    "feedback": "feedback-head",
    "state": "state-head",
    "hand": "state-head",
}


def to_svg(scene: Scene, options: Options = _USUAL) -> str:
    """Write a scene as an SVG document of its own, which may also stand in a page."""
    width, height = _number(scene.width), _number(scene.height)
    scale = 1.0 if options.scale is None else options.scale
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"seqdsl-{options.theme}",
            "viewBox": f"0 0 {width} {height}",
            "width": _number(scene.width * scale),
            "height": _number(scene.height * scale),
            "role": "img",
            "aria-label": f"{scene.title}: {scene.description}",
        },
    )
    ET.SubElement(root, "title").text = scene.title
    ET.SubElement(root, "desc").text = scene.description
    ET.SubElement(root, "style").text = style_sheet(
        options.theme,
        feedback=any(group.family is Look.DELAYED for group in scene.groups),
        highlight=bool(scene.highlights),
    )
    if not options.transparent:
        ET.SubElement(root, "rect", {"class": "ground", "width": width, "height": height})
    for shape in scene.highlights:
        ET.SubElement(root, "rect", {"class": "highlight", **_box(shape)})
    flat = [wire for wire in scene.wires if is_flat(wire)]
    _write_wires(root, flat)
    _write_wires(root, [wire for wire in scene.wires if not is_flat(wire)])
    for at, carried in scene.joints:
        place = {"cx": _number(at.x), "cy": _number(at.y), "r": _number(JOINT)}
        ET.SubElement(root, "circle", {"class": _HEADS[carried], **place})
    for group in scene.groups:
        _write_group(root, group)
    _write_dots(root, scene.dots)
    for label in scene.labels:
        _write_label(root, label)
    ET.indent(root, space="")
    return ET.tostring(root, encoding="unicode") + "\n"


def _number(value: float) -> str:
    # 12.0 is "12", and -0.04, which Python formats as "-0.0", is "0".
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0" if value > -0.05 else "-0")


def _pair(point: Point) -> str:
    return f"{_number(point.x)} {_number(point.y)}"


def _triangle(points: Sequence[Point]) -> str:
    return f"M{'L'.join(map(_pair, points))}Z"


def _write_wires(root: ET.Element, wires: Sequence[Wire]) -> None:
    """One path for all lines of a kind, and one for their heads."""
    for line, name in _CLASSES.items():
        alike = [wire for wire in wires if wire.line == line]
        if alike:
            ET.SubElement(root, "path", {"class": name, "d": "".join(map(_line, alike))})
        heads = "".join(_triangle(head(wire)) for wire in alike if wire.arrow)
        if heads:
            ET.SubElement(root, "path", {"class": _HEADS[line], "d": heads})


def _line(wire: Wire) -> str:
    line = wire_line(wire)
    text = f"M{_pair(line.start)}"
    for bend in line.bends:
        text += f"L{_pair(bend.start)}Q{_pair(bend.corner)} {_pair(bend.end)}"
    return text + f"L{_pair(line.end)}"


def _write_group(root: ET.Element, group: Group) -> None:
    element = ET.SubElement(root, "g", {"class": group.family.value})
    ET.SubElement(element, "title").text = group.title
    for node in group.nodes:
        ET.SubElement(element, "rect", _box(node))
        if node.has_mask:
            ET.SubElement(element, "path", {"class": "mask", "d": _triangle(mask(node))})
        for line, base in node.lines():
            at = {"x": _number(base.x), "y": _number(base.y)}
            named = {"class": "word"} if node.is_word else {}
            ET.SubElement(element, "text", {**named, **at}).text = line


def _box(node: Node) -> dict[str, str]:
    box = {
        "x": node.center.x - node.width / 2,
        "y": node.center.y - node.height / 2,
        "width": node.width,
        "height": node.height,
        "rx": node.radius,
    }
    return {key: _number(value) for key, value in box.items()}


def _write_dots(root: ET.Element, ellipses: Iterable[tuple[Point, bool]]) -> None:
    for middle, upright in ellipses:
        for point in dots(middle, upright=upright):
            place = {"cx": _number(point.x), "cy": _number(point.y), "r": "2"}
            ET.SubElement(root, "circle", {"class": "dots", **place})


def _write_label(root: ET.Element, label: Label) -> None:
    attributes = {"class": label.style, "x": _number(label.at.x), "y": _number(label.at.y)}
    if label.anchor != "start":
        attributes["text-anchor"] = label.anchor
    element = ET.SubElement(root, "text", attributes)
    element.text = label.text
    if label.tip and label.tip != label.text:
        ET.SubElement(element, "title").text = label.tip
