"""a picture that is called → what it computes where it is called: walked by itself, with what its caller reads.

::

    model pair       T T           each T walks the picture `tower` anew, over the steps that enter it,
                     | |           with the weights of the one letter
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle import masks
from seqdsl.verify.oracle.called_reads import (
    is_sequence,
    runs,
    sources,
    takes_whole,
    takes_wires,
)
from seqdsl.verify.oracle.expand import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.steps import Place, Steps
    from seqdsl.verify.oracle.training import Training
    from seqdsl.verify.oracle.values import Walk

MOST_STEPS = 10_000
"""Lengths beyond which none is looked for: no case of any check is as long."""


class WrongLength(Exception):
    """A called picture is given so many steps as it never has: a picture that must not compile."""


def inner_steps(drawing: Drawing, steps: int) -> Steps:
    """The steps of a called picture whose input has so many.

    Raises:
        WrongLength: it never has so many.
    """
    lengths = drawing.lengths
    if not lengths.free:
        return expand(drawing, {})
    (name,) = lengths.free
    # Not solved, but looked for: how many steps there are is asked of the drawn picture alone.
    length = lengths.minimum[name]
    while length < MOST_STEPS:
        found = expand(drawing, {name: length})
        count = found.counts[found.inputs[0]]
        if count == steps:
            return found
        if count > steps:
            break
        length += lengths.multiple[name]
    raise WrongLength(f"{steps} steps")


def called(
    walk: Walk, index: int, walk_through: Callable[[Walk], None], *, masked: bool = True
) -> list[Array]:
    """What each step of a block gives that calls another picture.

    Args:
        walk: what has been computed so far.
        index: the block.
        walk_through: walks all blocks of a picture whose input is there.
        masked: whether its input tells padding from data, where it does.
    """
    drawing = walk.drawing.called[index].drawing
    weights: dict[int, dict[str, Array]] = {at: {} for at in range(len(drawing.blocks))}
    weights |= inner_weights(walk.weights[index])
    values: list[Array] = []
    padding = _padding(walk, index) if masked else None
    for argument, count, one_by_one in _batches(walk, index):
        steps = inner_steps(drawing, len(argument))
        (source,) = steps.inputs
        inner = type(walk)(drawing, steps, weights, walk.lead, inner_training(walk, index))
        inner.batch = walk.batch * count
        inner.take(source, argument, masked=masked)
        inner.valid |= {} if padding is None else {source: next(padding)}
        walk_through(inner)
        (output,) = steps.outputs
        _come_out(walk, index, inner, output)
        is_grid = one_by_one and not drawing.blocks[output].is_vector
        for given in _apart(inner, inner.values[output], count):
            grid, found = inner.grids.get(output, ()), given
            if is_grid:
                # A sequence for one node is a grid that its step holds.
                grid, found = (len(found), *grid), [walk.join(found)]
            walk.grids |= {index: grid} if grid else {}
            values += found
    return values


def _padding(walk: Walk, index: int) -> Iterator[list[Array]] | None:
    """Which steps of each argument of a called picture that takes a sequence are valid; ``None``: none is masked.

    ::

        S S S      a row: padding where what the step reads is padding
        | | |
        X X X

          S        all that enters a node: the padding of each value
        +-+-+
        X X X
    """
    if not takes_whole(walk.drawing, walk.steps, index):
        return None
    padded = [list(_padding_of(walk, index, run)) for run in runs(walk.drawing, walk.steps, index)]
    if all(one is None for run in padded for one in run):
        return None
    whole = np.ones(walk.batch, bool)
    return iter([[whole if one is None else one for one in run] for run in padded])


def _come_out(walk: Walk, index: int, inner: Walk, output: int) -> None:
    """What a picture that takes a whole row gives has the padding that it has there."""
    if output in inner.valid and takes_whole(walk.drawing, walk.steps, index):
        walk.valid[index] = inner.valid[output]


def _padding_of(walk: Walk, index: int, run: list[list[Place]]) -> Iterator[Array | None]:
    """The samples for which each step of one argument is valid; ``None`` for a step that never is padding."""
    for places in run:
        if walk.drawing.blocks[index].is_vector:
            yield masks.of_values(walk, places)
        else:
            yield masks.of_step(walk, tuple(places))


def _apart(inner: Walk, found: list[Array], count: int) -> list[list[Array]]:
    """What each of so many nodes gives, step by step, whose samples went into a picture as one batch."""
    if count == 1:
        return [found]
    wholes = [np.broadcast_to(x, (*x.shape[:-2], inner.batch, x.shape[-1])) for x in found]
    parts = [np.split(whole, count, axis=-2) for whole in wholes]
    return [list(steps) for steps in zip(*parts, strict=True)]


def _batches(walk: Walk, index: int) -> Iterator[tuple[list[Array], int, bool]]:
    """The steps of each argument, of how many nodes it holds the samples, and whether each is of one node alone.

    A normalization in what nodes call one by one is over all nodes while it is trained: they are one batch then.
    """
    drawing = walk.drawing.called[index].drawing
    one_by_one = not takes_whole(walk.drawing, walk.steps, index)
    arguments = list(_arguments(walk, index, one_by_one=one_by_one))
    if one_by_one and walk.training is not None and not walk.training.moving:
        (source,) = sources(drawing)
        # (batch,) or (batch, places) of ids, (..., batch, features) of others
        axis = 0 if drawing.settings[source].kind == "tokens" else -2
        pairs = zip(*arguments, strict=True)
        whole = [np.concatenate(np.broadcast_arrays(*steps), axis) for steps in pairs]
        yield whole, len(arguments), one_by_one
        return
    yield from ((given, 1, one_by_one) for given in arguments)


def _arguments(walk: Walk, index: int, *, one_by_one: bool) -> Iterator[list[Array]]:
    """The steps of the argument of each application."""
    drawing = walk.drawing.called[index].drawing
    (source,) = sources(drawing)
    is_ids = drawing.settings[source].kind == "tokens"
    is_wired = takes_wires(walk.drawing, walk.steps, index)
    if is_ids or is_wired or (walk.drawing.blocks[index].is_vector and not one_by_one):
        each = _read_each(walk, index, is_ids=is_ids)
    else:
        # A node without a wire, or with fewer than another, reads zero in their place, as that of any row does.
        steps = walk.inputs(index)
        each = [[step] for step in steps] if one_by_one else [steps]
    if is_wired or not (one_by_one and is_sequence(drawing)):
        yield from each
        return
    for (value,) in each:
        # The words of a sentence that one step holds: each is a step for the called picture.
        parts = np.split(value, walk.grid_read(index)[0], -1)
        yield [part[..., 0] for part in parts] if is_ids else parts


def _read_each(walk: Walk, index: int, *, is_ids: bool) -> list[list[Array]]:
    """The steps that each application reads, wire by wire."""
    return [
        [_read(walk, index, places, is_ids=is_ids) for places in run]
        for run in runs(walk.drawing, walk.steps, index)
    ]


def _read(walk: Walk, index: int, places: Sequence[Place], *, is_ids: bool) -> Array:
    """What one step of the input of a called picture is: (..., batch, numbers), plain ids without an axis."""
    count = prod(walk.grid_read(index))
    if not is_ids:
        return walk.join([walk.place(place) for place in places], count)
    # Of ids 0 where nothing is wired.
    ids = walk.ids(places[0]) if places else np.zeros(walk.batch * count, int)
    # (batch * places,): the words of a sample, one after the other
    return ids if ids.shape == (walk.batch,) else ids.reshape(walk.batch, -1)


def inner_weights(weights: Mapping[str, Array]) -> dict[int, dict[str, Array]]:
    """The arrays of each block of a called picture: ``3/kernel`` is the kernel of its block 3."""
    found: dict[int, dict[str, Array]] = {}
    for name, array in weights.items():
        block, _, inner = name.partition("/")
        found.setdefault(int(block), {})[inner] = array
    return found


def inner_training(walk: Walk, index: int) -> Training | None:
    """The same training within: rates that the called picture names are its own."""
    if walk.training is None:
        return None
    drawing = walk.drawing.called[index].drawing
    return replace(walk.training, rates={name: float(n) for name, n in drawing.numbers.items()})
