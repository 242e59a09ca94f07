"""cell → drawing: the equations of one step as a data-flow diagram, as textbooks draw an LSTM.

The way through: cell → data-flow graph (`seqdsl.draw.cells.flow`) → layers (`layering`) → heights (`places`) → tracks
between the layers (`channels`) → scene; or the graph alone, for DOT and Mermaid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw.errors import UnfitOption
from seqdsl.draw.options import Options, check_fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.cells.cell import Cell

_USUAL = Options()


def draw_cell(cell: Cell, form: str = "svg", options: Options = _USUAL) -> str | bytes:
    """Draw a cell.

    Args:
        cell: the cell; its parameters are drawn as they are by default.
        form: one of `seqdsl.draw.FORMS`; PNG and PDF are bytes, all others text. ``"txt"`` is the cell as a file has
            it.
        options: how; as for models, but there is no fit, and nothing to expand.

    Raises:
        ValueError: there is no such form.
        seqdsl.draw.errors.UnfitOption: an option is not for it; a ``ValueError``, too.
        ImportError: PNG is wanted, and resvg-py is not installed; PDF is wanted, and reportlab is not.
        seqdsl.draw.errors.CannotRender: a form has no font, or no letter, for its texts, or PNG would be too large.
    """
    check_fit(form, options)
    if options.fit != _USUAL.fit:
        raise UnfitOption("fit is not for cells, but for models")
    if options.expand:
        raise UnfitOption("expand is not for cells, but for models")
    return _WRITERS[form](cell, options)


def _svg(cell: Cell, options: Options) -> str:
    from seqdsl.draw.cells.scene import cell_scene
    from seqdsl.draw.svg import to_svg

    return to_svg(cell_scene(cell, options.title), options)


def _png(cell: Cell, options: Options) -> bytes:
    from seqdsl.draw.cells.scene import cell_scene
    from seqdsl.draw.png import to_png

    return to_png(cell_scene(cell, options.title), options)


def _pdf(cell: Cell, options: Options) -> bytes:
    from seqdsl.draw.cells.scene import cell_scene
    from seqdsl.draw.pdf import to_pdf

    return to_pdf(cell_scene(cell, options.title), options)


def _dot(cell: Cell, options: Options) -> str:
    from seqdsl.draw.cells.diagrams import to_dot
    from seqdsl.draw.cells.flow import cell_graph

    return to_dot(cell_graph(cell), cell.name if options.title is None else options.title)


def _mermaid(cell: Cell, options: Options) -> str:
    from seqdsl.draw.cells.diagrams import to_mermaid
    from seqdsl.draw.cells.flow import cell_graph

    return to_mermaid(cell_graph(cell), cell.name if options.title is None else options.title)


def _text(cell: Cell, _: Options) -> str:
    from seqdsl.cells.text import cell_text

    return cell_text(cell)


_WRITERS: dict[str, Callable[[Cell, Options], str | bytes]] = {
    "svg": _svg,
    "png": _png,
    "pdf": _pdf,
    "dot": _dot,
    "mmd": _mermaid,
    "txt": _text,
}
