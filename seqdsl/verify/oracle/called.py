"""a picture that is called → what it computes where it is called: walked by itself, with what its caller reads.

::

    model pair       T T           each T walks the picture `tower` anew, over the steps that enter it,
                     | |           with the weights of the one letter
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

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


def is_sequence(drawing: Drawing) -> bool:
    """Whether the one input of a called picture is a sequence."""
    (source,) = _sources(drawing)
    return not drawing.blocks[source].is_vector


def _sources(drawing: Drawing) -> list[int]:
    return [i for i, item in enumerate(drawing.settings) if item.kind in ("input", "tokens")]


def runs(caller: Drawing, steps: Steps, index: int) -> Iterator[list[list[Place]]]:
    """What each application reads: for each of its steps, the places that are side by side there.

    ::

        takes a vector       S S S     three applications of one step
        takes a sequence     S S S     one application of three steps
        takes a sequence      S        one application of all that enters the node, a step for each value
    """
    wired = [[place for place in step if place] for step in steps.operands[index]]
    if not is_sequence(caller.called[index].drawing):
        yield from ([step] for step in wired)
    elif caller.blocks[index].is_vector:
        (step,) = wired
        yield [[one] for place in step for one in _one_by_one(place)]
    else:
        yield wired


def _one_by_one(place: Place) -> Iterator[Place]:
    """Each value of a bus by itself."""
    counts = place.counts or (None,) * len(place.sources)
    for source, how in zip(place.sources, counts, strict=True):
        yield replace(place, sources=(source,), bus=False, counts=() if how is None else (how,))


def called(walk: Walk, index: int, walk_through: Callable[[Walk], None]) -> list[Array]:
    """What each step of a block gives that calls another picture.

    Args:
        walk: what has been computed so far.
        index: the block.
        walk_through: walks all blocks of a picture whose input is there.
    """
    drawing = walk.drawing.called[index].drawing
    weights: dict[int, dict[str, Array]] = {at: {} for at in range(len(drawing.blocks))}
    weights |= inner_weights(walk.weights[index])
    values: list[Array] = []
    for given, count in _arguments(walk, index):
        steps = inner_steps(drawing, len(given))
        (source,) = steps.inputs
        inner = type(walk)(drawing, steps, weights, walk.lead, inner_training(walk, index))
        inner.batch = walk.batch * count
        inner.values[source] = given
        walk_through(inner)
        (output,) = steps.outputs
        values += _apart(inner, inner.values[output], count)
    return values


def _apart(inner: Walk, found: list[Array], count: int) -> list[Array]:
    """What each of so many nodes gives whose samples went into a picture as one batch."""
    if count == 1:
        return found
    (value,) = found
    whole = np.broadcast_to(value, (*value.shape[:-2], inner.batch, value.shape[-1]))
    return np.split(whole, count, axis=-2)


def _arguments(walk: Walk, index: int) -> Iterator[tuple[list[Array], int]]:
    """The steps of the argument of each application, and of how many nodes it holds the samples.

    A normalization in what takes a vector is over all nodes of a row while it is trained: they are one batch then.
    """
    drawing = walk.drawing.called[index].drawing
    (source,) = _sources(drawing)
    is_ids, is_row = drawing.settings[source].kind == "tokens", is_sequence(drawing)
    if is_row and (is_ids or walk.drawing.blocks[index].is_vector):
        for run in runs(walk.drawing, walk.steps, index):
            yield [_read(walk, places, is_ids=is_ids) for places in run], 1
        return
    # A node without a wire, or with fewer than another, reads zero in their place, as that of any row does.
    steps = (
        [_read(walk, places, is_ids=True) for (places,) in runs(walk.drawing, walk.steps, index)]
        if is_ids
        else walk.inputs(index)
    )
    if is_row:
        yield steps, 1
    elif walk.training is not None and not walk.training.moving:
        yield [_joined(steps, -1 if is_ids else -2)], len(steps)
    else:
        yield from (([step], 1) for step in steps)


def _joined(steps: Sequence[Array], axis: int) -> Array:
    """The samples of all nodes, one node after the other."""
    return np.concatenate(np.broadcast_arrays(*steps), axis)


def _read(walk: Walk, places: Sequence[Place], *, is_ids: bool) -> Array:
    """What one step of the input of a called picture is; of ids 0 where nothing is wired."""
    if not is_ids:
        return walk.join([walk.place(place) for place in places])
    return walk.ids(places[0]) if places else np.zeros(walk.batch, int)


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
