"""layer → family: which layers look alike in a drawing, and their shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.density import USUAL
from seqdsl.layers import Look, layer_def
from seqdsl.lowering.default_layers import ANONYMOUS

if TYPE_CHECKING:
    from seqdsl.draw.density import Density
    from seqdsl.lowering.drawing import Drawing


class Form(NamedTuple):
    """How big a node is, and how round."""

    width: float
    height: float
    radius: float


_ROUND = (Look.INPUT, Look.OUTPUT)
# How round other nodes are, if they are 32 pixels high.
_RADII = {Look.CONV: 2.0, Look.ATTENTION: 13.0}
_RADIUS = 7.0
# A node with a sign in it is a circle, smaller than others.
_SIGN, _LEAST_SIGN = 0.75, 20.0
_DELAYED = 0.8

WORD_LETTER = 6.4
"""The width of a letter of the small words in nodes, in pixels."""


def family(kind: str) -> Look:
    """The family of a layer."""
    return layer_def(kind).look


def sign(kind: str) -> str:
    """The usual sign of what a layer does, which its nodes have instead of a letter; empty if there is none."""
    return layer_def(kind).sign


def form(kind: str, text: str = "", density: Density = USUAL) -> Form:
    """The form of a layer's nodes, wide enough for the text in them."""
    usual = _usual_form(kind, density)
    if len(text) < 2:
        return usual
    return usual._replace(width=max(usual.width, WORD_LETTER * len(text) + density.word_edge))


def _usual_form(kind: str, density: Density) -> Form:
    """The form of nodes with one letter in them."""
    height, look = density.height, layer_def(kind).look
    if sign(kind):
        size = max(_SIGN * height, _LEAST_SIGN)
        return Form(size, size, size / 2)
    if look in _ROUND:
        return Form(height, height, height / 2)
    return Form(density.node, height, _RADII.get(look, _RADIUS) * height / USUAL.height)


def delayed_form(density: Density = USUAL) -> Form:
    """The form of delayed nodes: circles, smaller than others."""
    size = _DELAYED * density.height
    return Form(size, size, size / 2)


def node_text(drawing: Drawing, index: int) -> str:
    """What stands in the nodes of a block: its layer's sign or its letter; for ``O``, which names none, its layer."""
    kind, letter = drawing.settings[index].kind, drawing.blocks[index].letter
    return sign(kind) or (kind if letter == ANONYMOUS else letter)


def rooms(drawing: Drawing, density: Density = USUAL) -> dict[int, float]:
    """How far the borders of nodes are from their middles, by row, where words make them wider than usual."""
    found: dict[int, float] = {}
    for index, block in enumerate(drawing.blocks):
        half = form(drawing.settings[index].kind, node_text(drawing, index), density).width / 2
        if half > density.half:
            found[block.row] = max(half, found.get(block.row, 0.0))
    return found
