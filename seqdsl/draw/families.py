"""layer → family: which layers look alike in a drawing, and their shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layers import Look, layer_def
from seqdsl.lowering.default_layers import ANONYMOUS

if TYPE_CHECKING:
    from seqdsl.lowering.drawing import Drawing


class Form(NamedTuple):
    """How big a node is, and how round."""

    width: float
    height: float
    radius: float


HALF_NODE = 18.0
"""Half the width of a usual node, in pixels."""

_BOX = Form(2 * HALF_NODE, 32, 7)
_FORMS = {
    Look.INPUT: Form(32, 32, 16),
    Look.OUTPUT: Form(32, 32, 16),
    Look.CONV: Form(36, 32, 2),
    Look.ATTENTION: Form(36, 32, 13),
}
_SIGN = Form(24, 24, 12)
DELAYED = Form(26, 26, 13)
"""A delayed node."""

WORD_LETTER = 6.4
"""The width of a letter of the small words in nodes, in pixels."""
_WORD_EDGE = 10.0


def family(kind: str) -> Look:
    """The family of a layer."""
    return layer_def(kind).look


def sign(kind: str) -> str:
    """The usual sign of what a layer does, which its nodes have instead of a letter; empty if there is none."""
    return layer_def(kind).sign


def form(kind: str, text: str = "") -> Form:
    """The form of a layer's nodes, wide enough for the text in them."""
    usual = _SIGN if sign(kind) else _FORMS.get(layer_def(kind).look, _BOX)
    if len(text) < 2:
        return usual
    return usual._replace(width=max(usual.width, WORD_LETTER * len(text) + _WORD_EDGE))


def node_text(drawing: Drawing, index: int) -> str:
    """What stands in the nodes of a block: its layer's sign or its letter; for ``O``, which names none, its layer."""
    kind, letter = drawing.settings[index].kind, drawing.blocks[index].letter
    return sign(kind) or (kind if letter == ANONYMOUS else letter)


def rooms(drawing: Drawing) -> dict[int, float]:
    """How far the borders of nodes are from their middles, by row, where words make them wider than usual."""
    found: dict[int, float] = {}
    for index, block in enumerate(drawing.blocks):
        half = form(drawing.settings[index].kind, node_text(drawing, index)).width / 2
        if half > HALF_NODE:
            found[block.row] = max(half, found.get(block.row, 0.0))
    return found
