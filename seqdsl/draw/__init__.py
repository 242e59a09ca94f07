"""compiled model → drawing: the unrolled network as people draw it, and other forms of the picture.

The way through: model → scene (`seqdsl.draw.layout`) → SVG and PNG; model → network (`seqdsl.draw.network`) → DOT and
Mermaid. `draw` is the whole way for each form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.draw.themes import ThemeName
    from seqdsl.lowering.compiled import CompiledModel

FORMS = ("svg", "png", "dot", "mmd", "txt")
"""The forms of a drawing, by the endings of their files."""


def draw(model: CompiledModel, form: str = "svg", theme: ThemeName = "auto") -> str | bytes:
    """Draw a compiled model.

    Args:
        model: what `seqdsl.compile` gives.
        form: one of `FORMS`; all but ``"png"`` are text.
        theme: the colours of SVG and PNG: ``"light"``, ``"dark"``, or ``"auto"``, which is as the reader's
            system has it (and light in an image of pixels).

    Raises:
        ValueError: there is no such form.
        ImportError: PNG is wanted, and resvg-py is not installed.
        seqdsl.draw.png.CannotRender: PNG is wanted, and there is no font for its texts.
    """
    if form not in FORMS:
        raise ValueError(f"unknown format {form!r}: choose from {', '.join(FORMS)}")
    return _WRITERS[form](model, theme)


def _svg(model: CompiledModel, theme: ThemeName) -> str:
    from seqdsl.draw.layout import lay_out
    from seqdsl.draw.svg import to_svg

    return to_svg(lay_out(model), theme)


def _png(model: CompiledModel, theme: ThemeName) -> bytes:
    from seqdsl.draw.layout import lay_out
    from seqdsl.draw.png import to_png

    return to_png(lay_out(model), theme)


def _dot(model: CompiledModel, _: ThemeName) -> str:
    from seqdsl.draw.dot import to_dot
    from seqdsl.draw.network import find_network

    return to_dot(find_network(model))


def _mermaid(model: CompiledModel, _: ThemeName) -> str:
    from seqdsl.draw.mermaid import to_mermaid
    from seqdsl.draw.network import find_network

    return to_mermaid(find_network(model))


def _text(model: CompiledModel, _: ThemeName) -> str:
    from seqdsl.draw.text import to_text

    return to_text(model)


_WRITERS: dict[str, Callable[[CompiledModel, ThemeName], str | bytes]] = {
    "svg": _svg,
    "png": _png,
    "dot": _dot,
    "mmd": _mermaid,
    "txt": _text,
}
