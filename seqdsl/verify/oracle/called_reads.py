"""a picture that is called → what each of its applications reads: one value, a row, or what enters a node."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.verify.oracle.expand import expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.steps import Place, Steps


def is_sequence(drawing: Drawing) -> bool:
    """Whether the one input of a called picture is a sequence."""
    (source,) = sources(drawing)
    return not drawing.blocks[source].is_vector


def sources(drawing: Drawing) -> list[int]:
    """The inputs of a picture."""
    return [i for i, item in enumerate(drawing.settings) if item.kind in ("input", "tokens")]


def runs(caller: Drawing, steps: Steps, index: int) -> Iterator[list[list[Place]]]:
    """What each application reads: for each of its steps, the places that are side by side there.

    ::

        takes a vector       S S S     three applications of one step
        takes a sequence     S S S     one application of three steps, or three if each step holds all of one
        takes a sequence      S        one application of all that enters the node, a step for each value
        takes a sequence     S S S     one for each node, if several wires enter each
    """
    wired = [[place for place in step if place] for step in steps.operands[index]]
    if not is_sequence(caller.called[index].drawing) or takes_places(caller, steps, index):
        yield from ([step] for step in wired)
    elif _takes_each_wire(caller, steps, index):
        yield from map(_one_by_one, wired)
    else:
        yield wired


def takes_places(caller: Drawing, steps: Steps, index: int) -> bool:
    """Whether a called picture takes the places of the grid that a node reads as its steps: a sentence's words."""
    inner = caller.called[index].drawing
    (source,) = sources(inner)
    read = _axes_read(caller, steps)[index]
    return is_sequence(inner) and read > _own_axes(inner, source)


def takes_wires(caller: Drawing, steps: Steps, index: int) -> bool:
    """Whether a called picture takes what enters each node of a row as its steps: several wires do."""
    is_row = is_sequence(caller.called[index].drawing) and _enter_each(caller, steps, index)
    return is_row and not takes_places(caller, steps, index)


def _enter_each(caller: Drawing, steps: Steps, index: int) -> bool:
    """Whether several wires enter each node of a row."""
    wired = (sum(place is not None for place in step) for step in steps.operands[index])
    return not caller.blocks[index].is_vector and any(count > 1 for count in wired)


def _takes_each_wire(caller: Drawing, steps: Steps, index: int) -> bool:
    """Whether each value that enters a node is a step of what a called picture takes there."""
    return caller.blocks[index].is_vector or takes_wires(caller, steps, index)


def takes_whole(caller: Drawing, steps: Steps, index: int) -> bool:
    """Whether a called picture takes a row, or all that enters a node, as its steps."""
    is_row = is_sequence(caller.called[index].drawing)
    is_apart = takes_places(caller, steps, index) or takes_wires(caller, steps, index)
    return is_row and not is_apart


def _axes_read(drawing: Drawing, steps: Steps) -> dict[int, int]:
    """How many axes the grid has that each block reads: two of images."""
    given: dict[int, int] = {}
    found: dict[int, int] = {}
    for index in steps.order:
        places = (place for step in steps.operands[index] for place in step if place)
        blocks = (source.block for place in places for source in place.sources)
        found[index] = max((given.get(block, 0) for block in blocks), default=0)
        given[index] = _axes_given(drawing, steps, index, found[index])
    return found


def _axes_given(drawing: Drawing, steps: Steps, index: int, read: int) -> int:
    kind = drawing.settings[index].kind
    if kind in ("input", "tokens"):
        return _own_axes(drawing, index)
    if index not in drawing.called:
        return 0 if kind in ("flatten", "mean_grid", "max_grid", "split") else read
    inner = drawing.called[index].drawing
    (source,) = sources(inner)
    # Any number of steps tells how many axes there are; three are enough for most.
    inside = expand(inner, inner.lengths.minimum)
    axes = _axes_read(inner, inside)
    (output,) = inside.outputs
    own = _axes_given(inner, inside, output, axes[output])
    alone = not is_sequence(inner) or read > _own_axes(inner, source)
    alone = alone or _enter_each(drawing, steps, index)
    return own + (
        alone and not inner.blocks[output].is_vector and not drawing.blocks[index].is_vector
    )


def _own_axes(drawing: Drawing, index: int) -> int:
    """How many axes the grid of an argument has."""
    return sum(name in drawing.settings[index].arguments for name in ("height", "width", "places"))


def _one_by_one(step: list[Place]) -> list[list[Place]]:
    """Each value that enters a node by itself: those of its wires, and of a bus."""
    found = []
    for place in step:
        counts = place.counts or (None,) * len(place.sources)
        for source, how in zip(place.sources, counts, strict=True):
            one = replace(place, sources=(source,), bus=False, counts=() if how is None else (how,))
            found.append([one])
    return found
