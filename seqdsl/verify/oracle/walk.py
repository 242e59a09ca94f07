"""steps + weights + inputs → values: the walk over all nodes, each after those that it reads."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle import masks
from seqdsl.verify.oracle.called import called
from seqdsl.verify.oracle.called_reads import takes_whole
from seqdsl.verify.oracle.called_widths import shape_given
from seqdsl.verify.oracle.draws import Draws
from seqdsl.verify.oracle.grids import grid_of
from seqdsl.verify.oracle.kinds import KINDS
from seqdsl.verify.oracle.loops import loop_widths, settle
from seqdsl.verify.oracle.recurrent import recurrent
from seqdsl.verify.oracle.values import Walk
from seqdsl.verify.oracle.variants import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.steps import Steps
    from seqdsl.verify.oracle.training import Training

    Rule = Callable[[Walk, int], list[Array]]


def interpret(  # noqa: PLR0913 - a picture at given lengths and all that it is computed with
    drawing: Drawing,
    steps: Steps,
    weights: Mapping[int, Mapping[str, Array]],
    inputs: Sequence[Array],
    lead: tuple[int, ...] = (),
    training: Training | None = None,
    *,
    variant: Variant | None = None,
) -> Walk:
    """The values of all nodes of a picture.

    Args:
        drawing: what was read of the picture.
        steps: its steps, as `expand` draws them out.
        weights: the arrays of each block's layer by name, such as ``kernel``.
        inputs: the arguments, (batch, steps, features) or (batch, features); token ids without features. States that
            the model takes follow, behind the lengths of inputs that have such.
        lead: axes that all weights have in front, for so many sets of them at once; after these, what
            has one axis then has another of length 1.
        training: how it is to be computed as in training; default: as in inference.
        variant: what is computed otherwise than the language has it; default: nothing.
    """
    walk = Walk(drawing, steps, weights, lead, training)
    variant = variant or Variant()
    given = iter(inputs)
    arrays = {index: next(given) for index in steps.inputs}
    # `lengths=true`: behind all inputs, in their order.
    lengths = {index: next(given) for index in steps.inputs if walk.argument(index, "lengths")}
    walk.take_states(list(given))
    for index, array in arrays.items():
        walk.put(index, array, masked=not variant.ignores_padding)
        if index in lengths and not variant.ignores_padding:
            masks.begin(walk, index, lengths[index])
    visit_rest(walk, variant)
    return walk


def visit_rest(walk: Walk, variant: Variant) -> None:
    """Compute all blocks that are not there yet."""
    loops = {index: loop for loop in walk.steps.loops for index in loop}
    for index in walk.steps.order:
        if index in walk.values:
            continue
        if index in loops:
            _visit_loop(walk, loops[index], variant)
        else:
            visit(walk, index, variant)


def _visit_loop(walk: Walk, loop: Sequence[int], variant: Variant) -> None:
    """Compute all steps of the blocks of a loop."""
    for index, width in loop_widths(walk, loop, shape_given).items():
        walk.values[index] = [walk.zeros(width)] * walk.steps.counts[index]
    # D reads Y, and Y reads D: both are zero at first. The first step is right after one round, the second one after
    # two, ...: what is read at a step is of earlier steps, or of the same step of a block that comes before.
    draws = Draws.of(walk.training)
    padding = {} if variant.ignores_padding else masks.find_common(walk, loop)

    def visit_all() -> bool:
        before = [walk.values[index] for index in loop]
        # What is lost in training is lost alike in all rounds.
        if draws is not None:
            walk.training = draws.again()
        for index in loop:
            visit(walk, index, variant, padding.get(index))
        after = [walk.values[index] for index in loop]
        return not all(map(_are_alike, before, after))

    training = walk.training
    settle(loop, sum(walk.steps.counts[index] for index in loop), visit_all)
    walk.training = training


def _are_alike(one: Sequence[Array], other: Sequence[Array]) -> bool:
    pairs = (np.broadcast_arrays(a, b) for a, b in zip(one, other, strict=True))
    return all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def _whole(walk: Walk, index: int, values: Sequence[Array]) -> Sequence[Array]:
    """What a rule gives; places of a grid that were computed each by itself are one vector again."""
    # Another picture has put its own together.
    if index in walk.drawing.called:
        return values
    grid = grid_of(walk, index)
    if grid:
        walk.grids[index] = grid
    if not grid and not walk.grid_read(index):
        return values
    # (batch * places, features) -> (batch, places * features)
    return [value.reshape(*value.shape[:-2], walk.batch, -1) for value in values]


def _rule(walk: Walk, index: int, variant: Variant) -> Rule:
    """What a block computes: a cell of the file, another picture of it, or a layer."""
    if walk.kind(index) in walk.drawing.cells:
        return recurrent
    if index not in walk.drawing.called:
        return KINDS[walk.kind(index)]
    # The numbers of its blocks are its own: rules of a variant are not meant for them.
    inner = replace(variant, rules={})
    through = partial(visit_rest, variant=inner)
    return partial(called, walk_through=through, masked=not variant.ignores_padding)


def _valid(walk: Walk, index: int, variant: Variant) -> list[Array] | None:
    """For each step of a block, the samples for which it is no padding; ``None``: it is not masked, or says itself."""
    # A picture that takes a whole row says by itself which steps of what it gives are padding.
    is_whole = index in walk.drawing.called and takes_whole(walk.drawing, walk.steps, index)
    return None if variant.ignores_padding or is_whole else masks.find(walk, index)


def visit(walk: Walk, index: int, variant: Variant, padding: list[Array] | None = None) -> None:
    """Compute all steps of a block; what it gives in its padding, in a loop that of all its blocks, is zero."""
    valid = _valid(walk, index, variant) if padding is None else padding
    if valid:
        walk.valid[index] = valid
    rule = variant.rules.get(index, _rule(walk, index, variant))
    values = _whole(walk, index, rule(walk, index))
    width = max(value.shape[-1] for value in values)
    # A node all of whose wires have one feature is as wide as its neighbors.
    values = [np.broadcast_to(value, (*value.shape[:-1], width)) for value in values]
    # Whatever a layer made of its padded steps, a bias for example, is zero from here on.
    if valid and not variant.keeps_padding:
        pairs = zip(values, valid, strict=True)
        values = [np.where(here[:, None], value, 0) for value, here in pairs]
    walk.values[index] = values
