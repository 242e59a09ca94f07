"""a picture that is called → what it computes where it is called: walked by itself, with what its caller reads.

::

    model pair       T T           each T walks the picture `tower` anew, over the steps that enter it,
                     | |           with the weights of the one letter
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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
    # A block without weights has none to look up, and is asked all the same.
    own = inner_weights(walk.weights[index])
    weights = {block: own.get(block, {}) for block in range(len(drawing.settings))}
    values: list[Array] = []
    for run in runs(walk.drawing, walk.steps, index):
        steps = inner_steps(drawing, len(run))
        (source,) = steps.inputs
        inner = type(walk)(drawing, steps, weights, walk.lead, inner_training(walk, index))
        inner.batch = walk.batch
        inner.values[source] = [_read(walk, drawing, source, places) for places in run]
        walk_through(inner)
        (output,) = steps.outputs
        values += inner.values[output]
    return values


def _read(walk: Walk, drawing: Drawing, source: int, places: Sequence[Place]) -> Array:
    """What one step of the input of a called picture is."""
    if drawing.settings[source].kind == "tokens":
        (place,) = places
        return walk.ids(place)
    return walk.join([walk.place(place) for place in places])


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
