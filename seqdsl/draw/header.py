"""model → header: the title of a drawing, and below it what kind of model it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.labels import headline, shortened, wrapped
from seqdsl.draw.scene import Label, Point

if TYPE_CHECKING:
    from seqdsl.draw.density import Density
    from seqdsl.lowering.compiled import CompiledModel

_TITLE_WIDTH = 13.2
_SUBTITLE_WIDTH = 7.2
_LEAST_HEADER = 420.0
_MOST_LETTERS = 48


class Header(NamedTuple):
    """The labels, how wide the canvas is with them, and where the picture begins below them."""

    labels: list[Label]
    width: float
    bottom: float


def find_header(model: CompiledModel, name: str, body: float, density: Density) -> Header:
    """Write the title ``name``, if any, above a picture that takes a canvas of the width ``body``."""
    edge = density.edge
    if not name:
        return Header([], body, edge + density.half)
    title = shortened(name, _MOST_LETTERS)
    most = int(max(body - 2 * edge, _LEAST_HEADER) / _SUBTITLE_WIDTH)
    lines = wrapped(headline(model).split(" · "), " · ", most)
    widths = [_TITLE_WIDTH * len(title), *(_SUBTITLE_WIDTH * len(line) for line in lines)]
    labels = [Label(Point(edge, 38), title, "title", tip=name)]
    for number, line in enumerate(lines):
        labels.append(Label(Point(edge, 60 + 17 * number), line, "subtitle"))
    return Header(labels, max(body, 2 * edge + max(widths)), 60 + 17 * len(lines) + 24)
