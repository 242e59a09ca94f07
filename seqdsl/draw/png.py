"""scene → PNG, by resvg: no browser, no system library."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.draw.errors import CannotRender, MissingPackage
from seqdsl.draw.options import Options
from seqdsl.draw.scene import Label, Point, Scene
from seqdsl.draw.svg import to_svg

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.draw.themes import ThemeName

_MOST_PIXELS = 8192
_USUAL_SCALE = 2.0
_USUAL = Options()


def to_png(scene: Scene, options: Options = _USUAL) -> bytes:
    """Render a scene.

    Args:
        scene: the drawing.
        options: how; an image cannot follow the reader's system, so the theme ``"auto"`` is light. Without a scale,
            two pixels of the image stand for one of the drawing, fewer where the image would get huge.

    Raises:
        MissingPackage: resvg-py is not installed.
        CannotRender: this machine has no font that its texts could be written in, or the image would be larger than
            one may be.
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
    theme: ThemeName = "dark" if options.theme == "dark" else "light"
    # The zoom is the scale; the document stays as large as the drawing.
    svg = to_svg(scene, replace(options, theme=theme, scale=None))
    return bytes(svg_to_bytes(svg_string=svg, zoom=_zoom(scene, options.scale)))


def _zoom(scene: Scene, scale: float | None) -> float:
    """How many pixels of the image stand for one of the drawing."""
    most = _MOST_PIXELS / max(scene.width, scene.height)
    if scale is None:
        return min(_USUAL_SCALE, most)
    if scale > most:
        size = max(scene.width, scene.height) * scale
        raise CannotRender(
            f"the image would be {size:.0f} pixels wide or high, and {_MOST_PIXELS} is the most: "
            f"take a scale of at most {int(most * 100) / 100:g}"
        )
    return scale


def _has_fonts(render: Callable[..., bytes]) -> bool:
    """Whether a text leaves any trace: without a font, resvg leaves it out and says nothing."""
    empty = Scene(40, 20, "", "", (), (), (), ())
    probe = replace(empty, labels=(Label(Point(2, 15), "O", "call"),))
    blank, written = (
        render(svg_string=to_svg(scene, Options("light"))) for scene in (empty, probe)
    )
    return blank != written
