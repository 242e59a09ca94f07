"""scene → PDF, by reportlab: lines and texts, no pixels, with the fonts in the file, as publishers ask for.

The fonts are Bitstream Vera, which reportlab brings along: a drawing is the same on every machine.
"""

from __future__ import annotations

from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from seqdsl.draw.axis import LETTER_WIDTH
from seqdsl.draw.errors import CannotRender, MissingPackage
from seqdsl.draw.families import WORD_LETTER
from seqdsl.draw.options import Options
from seqdsl.draw.paths import JOINT, dots, head, is_flat, mask, wire_line
from seqdsl.draw.themes import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.draw.scene import Group, Label, Line, Node, Point, Scene, Style, Wire
    from seqdsl.draw.themes import Theme

_POINTS = 0.75
"""Of a pixel of the drawing: there are 96 of those, and 72 points, in an inch."""

_USUAL = Options()
_FILES = {"Vera": "Vera.ttf", "VeraBd": "VeraBd.ttf", "VeraIt": "VeraIt.ttf"}
_WIDTHS = {"window": 1.0, "data": 1.5, "feedback": 1.5, "state": 1.5, "hand": 2.8}
# Vera has no arrow; it is drawn, as wide as this share of its size.
_ARROW, _ARROW_WIDTH = "→", 0.84


class _Font(NamedTuple):
    """A font, its size in pixels, and how much room a letter has at most."""

    name: str
    size: float
    room: float


_FONTS: dict[Style, _Font] = {
    "title": _Font("VeraBd", 19, 13.2),
    "subtitle": _Font("Vera", 12.5, 7.2),
    "call": _Font("VeraBd", 11.5, LETTER_WIDTH),
    "facts": _Font("Vera", 11.5, LETTER_WIDTH),
    "length": _Font("VeraIt", 12.5, LETTER_WIDTH),
    "hand": _Font("VeraIt", 12.5, 7.0),
}
_LETTER, _WORD = _Font("VeraBd", 14, 24), _Font("VeraBd", 10.5, WORD_LETTER)


def to_pdf(scene: Scene, options: Options = _USUAL) -> bytes:
    """Write a scene as a PDF document of one page, as large as the drawing.

    Args:
        scene: the drawing.
        options: how; a page cannot follow the reader's system, so the theme ``"auto"`` is light.

    Raises:
        MissingPackage: reportlab is not installed.
        CannotRender: a text has a letter that the fonts do not have.
    """
    try:
        from reportlab.pdfgen.canvas import Canvas
    except ImportError as error:
        message = "PDF needs the package reportlab: pip install 'seqdsl[draw]'"
        raise MissingPackage(message) from error
    _register_fonts()
    scale = _POINTS * (1.0 if options.scale is None else options.scale)
    output = BytesIO()
    size = scene.width * scale, scene.height * scale
    # Without the time of day the same drawing is the same file; a first font that is not embedded would be named in it.
    canvas = Canvas(output, pagesize=size, invariant=1, initialFontName="Vera")
    canvas.setTitle(scene.title)
    canvas.setSubject(scene.description)
    canvas.setCreator("seqdsl")
    canvas.scale(scale, scale)
    _Page(canvas, scene, DARK if options.theme == "dark" else LIGHT).draw(options.transparent)
    canvas.save()
    return output.getvalue()


def _register_fonts() -> None:
    from reportlab.pdfbase.pdfmetrics import getRegisteredFontNames, registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in _FILES.items():
        if name not in getRegisteredFontNames():
            registerFont(TTFont(name, file))


class _Page:
    """The page that is drawn on; y runs upward on it, and downward in a scene."""

    def __init__(self, canvas: Any, scene: Scene, theme: Theme) -> None:
        self.canvas = canvas
        self.scene = scene
        self.theme = theme

    def draw(self, transparent: bool) -> None:
        scene = self.scene
        if not transparent:
            self.canvas.setFillColor(self.theme.ground)
            self.canvas.rect(0, 0, scene.width, scene.height, stroke=0, fill=1)
        self.wires(wire for wire in scene.wires if is_flat(wire))
        self.wires(wire for wire in scene.wires if not is_flat(wire))
        for at, carried in scene.joints:
            self.canvas.setFillColor(self.color(carried))
            self.canvas.circle(at.x, self.up(at), JOINT, stroke=0, fill=1)
        for group in scene.groups:
            self.group(group)
        self.canvas.setFillColor(self.theme.data)
        for point in chain.from_iterable(dots(at, upright=upright) for at, upright in scene.dots):
            self.canvas.circle(point.x, self.up(point), 2, stroke=0, fill=1)
        for label in scene.labels:
            self.label(label)

    def up(self, point: Point) -> float:
        return self.scene.height - point.y

    def wires(self, wires: Iterable[Wire]) -> None:
        # What carries more lies over what carries less, as in SVG.
        for wire in sorted(wires, key=lambda item: list(_WIDTHS).index(item.line)):
            self.wire(wire)

    def wire(self, wire: Wire) -> None:
        color = self.color(wire.line)
        self.canvas.setStrokeColor(color)
        self.canvas.setFillColor(color)
        self.canvas.setLineWidth(_WIDTHS[wire.line])
        line, path = wire_line(wire), self.canvas.beginPath()
        path.moveTo(line.start.x, self.up(line.start))
        for bend in line.bends:
            path.lineTo(bend.start.x, self.up(bend.start))
            path.curveTo(*self.curve(bend.start, bend.corner, bend.end))
        path.lineTo(line.end.x, self.up(line.end))
        self.canvas.drawPath(path, stroke=1, fill=0)
        if wire.arrow:
            self.triangle(head(wire))

    def color(self, line: Line) -> str:
        theme = self.theme
        colors = {"window": theme.window, "data": theme.data, "feedback": theme.feedback}
        return colors.get(line, theme.state)

    def curve(self, start: Point, corner: Point, end: Point) -> Iterator[float]:
        """A parabola as the cubic curve that PDF has: its control points are two thirds of the way to the corner."""
        for point in (start, end):
            x, y = point.x + (corner.x - point.x) * 2 / 3, point.y + (corner.y - point.y) * 2 / 3
            yield from (x, self.scene.height - y)
        yield from (end.x, self.up(end))

    def triangle(self, points: tuple[Point, Point, Point]) -> None:
        path = self.canvas.beginPath()
        path.moveTo(points[0].x, self.up(points[0]))
        for point in points[1:]:
            path.lineTo(point.x, self.up(point))
        path.close()
        self.canvas.drawPath(path, stroke=0, fill=1)

    def group(self, group: Group) -> None:
        for node in group.nodes:
            self.node(node, *self.theme.nodes[group.family])

    def node(self, node: Node, ground: str, border: str) -> None:
        canvas, (x, _) = self.canvas, node.center
        canvas.setFillColor(ground)
        canvas.setStrokeColor(border)
        canvas.setLineWidth(1.6)
        corner = x - node.width / 2, self.up(node.center) - node.height / 2
        canvas.roundRect(*corner, node.width, node.height, node.radius, stroke=1, fill=1)
        if node.has_mask:
            canvas.setFillColor(border)
            self.triangle(mask(node))
        font = _WORD if node.is_word else _LETTER
        for line, base in node.lines():
            self.text(line, base, font, self.theme.text, "middle")

    def label(self, label: Label) -> None:
        muted = label.style in ("subtitle", "facts", "length")
        color = self.theme.muted if muted else self.theme.text
        if label.style == "hand":
            color = self.theme.state
        self.text(label.text, label.at, _FONTS[label.style], color, label.anchor)

    def text(self, text: str, at: Point, font: _Font, color: str, anchor: str) -> None:
        """A line of text, squeezed if it is wider than the room that the drawing keeps for it."""
        width = sum(_width(part, font) for part in _parts(text))
        squeeze = min(1.0, font.room * len(text) / width)
        x = at.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width * squeeze
        # Widths in the scene are those of a monospaced font, the widest that a reader of SVG may have.
        self.canvas.saveState()
        self.canvas.translate(x, self.up(at))
        self.canvas.scale(squeeze, 1)
        self.canvas.setFillColor(color)
        self.canvas.setStrokeColor(color)
        self.canvas.setFont(font.name, font.size)
        x = 0.0
        for part in _parts(text):
            if part == _ARROW:
                self.arrow(x, font.size)
            else:
                self.canvas.drawString(x, 0, part)
            x += _width(part, font)
        self.canvas.restoreState()

    def arrow(self, x: float, size: float) -> None:
        """An arrow as a letter of this size would be, at the height of a minus."""
        end, height, wing = x + 0.74 * size, 0.31 * size, 0.16 * size
        self.canvas.setLineWidth(0.075 * size)
        self.canvas.line(x + 0.1 * size, height, end, height)
        for side in (wing, -wing):
            self.canvas.line(end - wing, height + side, end, height)


def _parts(text: str) -> Iterator[str]:
    """The arrows of a text, and what is between them."""
    before, arrow, after = text.partition(_ARROW)
    while arrow:
        if before:
            yield before
        yield arrow
        before, arrow, after = after.partition(_ARROW)
    if before:
        yield before


def _width(part: str, font: _Font) -> float:
    """How wide a part of a text is.

    Raises:
        CannotRender: it has letters that the font does not have, which would be drawn as boxes.
    """
    from reportlab.pdfbase.pdfmetrics import getFont

    if part == _ARROW:
        return _ARROW_WIDTH * font.size
    # A letter that a font does not have would be an empty box, and nothing would say so.
    face = getFont(font.name).face
    unknown = sorted({char for char in part if ord(char) not in face.charToGlyph})
    if unknown:
        raise CannotRender(
            f"the fonts of PDF have no {', '.join(map(repr, unknown))}: "
            "give another title, or write svg"
        )
    return float(getFont(font.name).stringWidth(part, font.size))
