"""layer → family: which layers look alike in a drawing, and their shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layers import Look, layer_def
from seqdsl.lowering.default_layers import ANONYMOUS

if TYPE_CHECKING:
    from seqdsl.lowering.compiled import CompiledModel


class Form(NamedTuple):
    """How big a node is, and how round."""

    width: float
    height: float
    radius: float


_BOX = Form(36, 32, 7)
_FORMS = {
    Look.INPUT: Form(32, 32, 16),
    Look.OUTPUT: Form(32, 32, 16),
    Look.CONV: Form(36, 32, 2),
    Look.ATTENTION: Form(36, 32, 13),
}
_SIGN = Form(24, 24, 12)


def family(kind: str) -> Look:
    """The family of a layer."""
    return layer_def(kind).look


def sign(kind: str) -> str:
    """The usual sign of what a layer does, which stands in its nodes instead of a letter; empty if there is none."""
    return layer_def(kind).sign


def form(kind: str) -> Form:
    """The form of a layer's nodes."""
    return _SIGN if sign(kind) else _FORMS.get(layer_def(kind).look, _BOX)


def node_text(model: CompiledModel, index: int) -> str:
    """What stands in the nodes of a block: its layer's sign or its letter; for ``O``, which names none, its layer."""
    kind, letter = model.drawing.settings[index].kind, model.drawing.blocks[index].letter
    return sign(kind) or (kind if letter == ANONYMOUS else letter)
