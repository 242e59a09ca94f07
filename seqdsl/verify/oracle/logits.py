"""walk → the walk as it ends without the last activations: what a model computes that gives logits.

Nobody but the outputs is to notice, so the walk is left as it is: the blocks that end in an activation are computed
once more, without it, in a copy of which only the outputs read::

    Y Y   P       the copy computes D without its softmax, and Y, which passes it through;
    | | .-|       P keeps what it made of D with its softmax
    D D |
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from seqdsl.verify.oracle.called import called
from seqdsl.verify.oracle.loops import COMBINED
from seqdsl.verify.oracle.walk import visit, visit_rest

if TYPE_CHECKING:
    from seqdsl.verify.oracle.values import Walk
    from seqdsl.verify.oracle.variants import Variant

ACTIVATED = ("dense", "conv", "activation")
"""The layers that end in an activation; that of a recurrent cell is read by its next step."""

LEFT_OUT = ("softmax", "log_softmax", "sigmoid")

PASSING = ("output", "concat")
"""The layers that compute nothing."""


def without_last_activations(walk: Walk, variant: Variant) -> Walk:
    """The same walk, the outputs of which are computed without the last activations."""
    ending: dict[int, bool] = {}
    for index in walk.steps.outputs:
        _follow(walk, index, ending)
    settings = [
        replace(item, arguments={**item.arguments, "activation": "linear"})
        if ending.get(index)
        else item
        for index, item in enumerate(walk.drawing.settings)
    ]
    bare = _copy(walk)
    for index, last in ending.items():
        if last:
            # Each by itself: a block that ends in an activation may read another one, with that one's activation.
            alone = _copy(walk)
            alone.drawing = replace(walk.drawing, settings=settings)
            visit(alone, index, _leaving_out(walk, index, variant))
            bare.values[index] = alone.values[index]
    for index in walk.steps.order:
        if ending.get(index) is False:
            visit(bare, index, variant)
    return bare


def _leaving_out(walk: Walk, index: int, variant: Variant) -> Variant:
    """The same variant, in which another picture that a block calls ends without its last activations, too."""
    if index not in walk.drawing.called:
        return variant
    inner = replace(variant, rules={})

    def through(walk: Walk) -> None:
        visit_rest(walk, inner)
        walk.values = without_last_activations(walk, inner).values

    rule = partial(called, walk_through=through, masked=not variant.ignores_padding)
    return replace(variant, rules={**variant.rules, index: rule})


def _copy(walk: Walk) -> Walk:
    """The same walk, whose values may be replaced."""
    copied = copy(walk)
    copied.values, copied.valid = dict(walk.values), dict(walk.valid)
    return copied


def _follow(walk: Walk, index: int, ending: dict[int, bool]) -> None:
    """Note a block and those that it passes through: whether it ends in an activation that is left out."""
    kind, word = walk.kind(index), walk.argument(index, "activation")
    # Nothing is combined of one value.
    alone = kind in COMBINED and all(len(step) <= 1 for step in _sources(walk, index))
    if index in walk.drawing.called:
        ending[index] = True
    elif kind in PASSING or alone:
        ending[index] = False
        for block in dict.fromkeys(block for step in _sources(walk, index) for block in step):
            if block not in ending:
                _follow(walk, block, ending)
    elif kind in ACTIVATED and word in LEFT_OUT:
        ending[index] = True


def _sources(walk: Walk, index: int) -> list[list[int]]:
    """The blocks that each step of a block reads."""
    return [
        [source.block for place in step if place for source in place.sources]
        for step in walk.steps.operands[index]
    ]
