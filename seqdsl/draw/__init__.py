"""compiled model → drawing: the unrolled network as people draw it, and other forms of the picture.

The way through: model → scene (`seqdsl.draw.layout`) → SVG, PNG and PDF; model → network (`seqdsl.draw.network`) → DOT
and Mermaid. `draw` is the whole way for each form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw.options import FORMS, Options, check_fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.draw.clusters import Cluster
    from seqdsl.draw.network import Network
    from seqdsl.draw.scene import Scene
    from seqdsl.lowering.compiled import CompiledModel

__all__ = ["FORMS", "draw"]

_USUAL = Options()


def draw(model: CompiledModel, form: str = "svg", options: Options = _USUAL) -> str | bytes:
    """Draw a compiled model.

    Args:
        model: what `seqdsl.compile` gives.
        form: one of `FORMS`; PNG and PDF are bytes, all others text.
        options: how. A title, and to expand, are for all forms but ``"txt"``, a scale, no ground and a fit for SVG,
            PNG and PDF; the theme is ignored by the others.

    Raises:
        ValueError: there is no such form.
        seqdsl.draw.errors.UnfitOption: an option is not for it; a ``ValueError``, too.
        ImportError: PNG is wanted, and resvg-py is not installed; PDF is wanted, and reportlab is not.
        seqdsl.draw.errors.CannotRender: a form has no font, or no letter, for its texts, or PNG would be too large.
    """
    check_fit(form, options)
    return _WRITERS[form](model, options)


def _scene(model: CompiledModel, options: Options) -> Scene:
    if options.expand:
        from seqdsl.draw.expanded import lay_out_expanded

        return lay_out_expanded(model, options.title, options.fit, options.highlighted)
    from seqdsl.draw.layout import lay_out

    return lay_out(model, options.title, options.fit, options.highlighted)


def _svg(model: CompiledModel, options: Options) -> str:
    from seqdsl.draw.svg import to_svg

    return to_svg(_scene(model, options), options)


def _png(model: CompiledModel, options: Options) -> bytes:
    from seqdsl.draw.png import to_png

    return to_png(_scene(model, options), options)


def _pdf(model: CompiledModel, options: Options) -> bytes:
    from seqdsl.draw.pdf import to_pdf

    return to_pdf(_scene(model, options), options)


def _networks(model: CompiledModel, options: Options) -> tuple[Network, tuple[Cluster, ...]]:
    """The network of a model, and, where it is to be expanded, those of the pictures that it calls."""
    from seqdsl.draw.network import find_network

    network = find_network(model, options.title)
    if not options.expand:
        return network, ()
    from seqdsl.draw.clusters import find_clusters

    return network, find_clusters(model, network)


def _dot(model: CompiledModel, options: Options) -> str:
    from seqdsl.draw.dot import to_dot

    return to_dot(*_networks(model, options))


def _mermaid(model: CompiledModel, options: Options) -> str:
    from seqdsl.draw.mermaid import to_mermaid

    return to_mermaid(*_networks(model, options))


def _text(model: CompiledModel, _: Options) -> str:
    from seqdsl.draw.text import to_text

    return to_text(model)


_WRITERS: dict[str, Callable[[CompiledModel, Options], str | bytes]] = {
    "svg": _svg,
    "png": _png,
    "pdf": _pdf,
    "dot": _dot,
    "mmd": _mermaid,
    "txt": _text,
}
