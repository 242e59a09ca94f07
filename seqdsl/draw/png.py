"""scene → PNG, by resvg: no browser, no system library."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.draw.scene import Label, Point, Scene
from seqdsl.draw.svg import to_svg

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.draw.themes import ThemeName

_MOST_PIXELS = 8192


class MissingPackage(ImportError):
    """What PNG needs is not installed."""


class CannotRender(Exception):
    """The drawing would not be what it should be."""


def to_png(scene: Scene, theme: ThemeName = "light", scale: float = 2.0) -> bytes:
    """Render a scene.

    Args:
        scene: the drawing.
        theme: its colors; an image cannot follow the reader's system, so ``"auto"`` is light.
        scale: how many pixels of the image one of the drawing takes; less, where the image would get huge.

    Raises:
        MissingPackage: resvg-py is not installed.
        CannotRender: this machine has no font that its texts could be written in.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        message = "PNG needs the package resvg-py: pip install 'seqdsl[draw]'"
        raise MissingPackage(message) from error
    if not _has_fonts(svg_to_bytes):
        message = (
            "PNG needs a font, and this machine has none: install one, such as DejaVu or Liberation"
        )
        raise CannotRender(f"{message}, or write svg")
    zoom = min(scale, _MOST_PIXELS / max(scene.width, scene.height))
    svg = to_svg(scene, "dark" if theme == "dark" else "light")
    return bytes(svg_to_bytes(svg_string=svg, zoom=zoom))


def _has_fonts(render: Callable[..., bytes]) -> bool:
    """Whether a text leaves any trace: without a font, resvg leaves it out and says nothing."""
    empty = Scene(40, 20, "", "", (), (), (), (), ())
    probe = replace(empty, labels=(Label(Point(2, 15), "O", "call"),))
    blank, written = (render(svg_string=to_svg(scene, "light")) for scene in (empty, probe))
    return blank != written
