"""layer → family: which layers look alike in a drawing, and their shapes."""

from __future__ import annotations

from typing import NamedTuple

FAMILIES = {
    "input": ("input", "tokens"),
    "embedding": ("embedding",),
    "recurrent": ("lstm", "gru", "rnn"),
    "dense": ("dense",),
    "conv": ("conv",),
    "attention": ("attention",),
    "combine": ("add", "multiply", "mean", "max", "concat", "split"),
    "output": ("output",),
    # What changes each step by itself: dropout, normalization, activation.
    "stepwise": (),
}
_FAMILY = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}
# The usual signs of these operations stand in their nodes instead of a letter.
SIGNS = {"add": "+", "multiply": "×"}


class Form(NamedTuple):
    """How big a node is, and how round."""

    width: float
    height: float
    radius: float


_BOX = Form(36, 32, 7)
_FORMS = {
    "input": Form(32, 32, 16),
    "output": Form(32, 32, 16),
    "conv": Form(36, 32, 2),
    "attention": Form(36, 32, 13),
}
_SIGN = Form(24, 24, 12)


def family(kind: str) -> str:
    """The family of a layer."""
    return _FAMILY.get(kind, "stepwise")


def form(kind: str) -> Form:
    """The form of a layer's nodes."""
    return _SIGN if kind in SIGNS else _FORMS.get(family(kind), _BOX)
