"""call of a graph, what it reads → the type of what it gives: a whole row, or one value at a time.

::

    sentence: [n, 1] → [24]     on [8, 12, 1]     each of eight steps holds twelve words: [8, 24]
    block: [n, 8] → [n, 8]      on [8, 8]         the row as it is: [8, 8]
    frame: [6, 6, 3] → [4]      on [5, 6, 6, 3]   each of five steps is an image: [5, 4]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import body_in, bound, entry, takes_places
from seqdsl.ir.compare import Misfit
from seqdsl.ir.types import Type, same_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.compare import Sizes
    from seqdsl.ir.graph import Layer, Node
    from seqdsl.ir.operations import Call
    from seqdsl.ir.shapes import Shapes
    from seqdsl.size import Size


def vocabulary_taken(call: Call, layer: Layer) -> Size | None:
    """The ids that the called graph takes; ``None`` if it takes features.

    Raises:
        Misfit: it is none that can be called.
    """
    body = body_in(call)
    source, _ = entry(body)
    return None if source.vocabulary is None else source.vocabulary.subs(bound(body, layer, None))


def type_given(call: Call, layer: Layer, shapes: Shapes) -> Type:
    """The type of what a call gives.

    Args:
        call: the call.
        layer: the layer that the graph is.
        shapes: the types of what can be read.

    Raises:
        Misfit: the called graph takes something else.
    """
    body = body_in(call)
    read, (_, taken) = shapes.of(call.operand), entry(body)
    if call.each and read.steps is None:
        raise Misfit("a vector has no steps to which a model could be applied")
    is_folded = takes_places(call, dict(enumerate(item.grid for item in shapes.types)))
    one = _one(read, each=call.each, is_folded=is_folded)
    env = bound(body, layer, one.steps)
    _check_taken(_over(env, taken), one, shapes.sizes)
    given = _over(env, body.nodes[body.outputs[0].block])
    if (call.each or is_folded) and given.steps is not None:
        # A sequence for every step is a grid that each step holds.
        given = Type(None, given.features, (given.steps, *given.grid))
    return given._replace(steps=read.steps) if call.each else given


def _one(read: Type, *, each: bool, is_folded: bool) -> Type:
    """The type of what one application reads."""
    # EACH: a step of (n, features) is what the body takes, and its result a step of (n, units).
    one = read._replace(steps=None) if each else read
    # The places of its grid are what the body takes as steps.
    if is_folded and one.steps is None:
        return Type(one.grid[0], one.features, one.grid[1:])
    return one


def _over(env: Mapping[str, Size], node: Node) -> Type:
    """The type of a node of a called graph, in the sizes of the one that calls it."""
    steps = None if node.steps is None else node.steps.subs(env)
    return Type(steps, node.features.subs(env), tuple(side.subs(env) for side in node.grid))


def _check_taken(taken: Type, read: Type, sizes: Sizes) -> None:
    """Whether what is read is what a called graph takes."""
    if taken.steps is None or read.steps is None:
        if taken.steps is not read.steps:
            raise Misfit(f"a model that takes {taken} is called with {read}")
    else:
        sizes.agree("steps read, and those of the model", taken.steps, read.steps)
    sizes.agree("features read, and those of the model", taken.features, read.features)
    same_places(taken, read, sizes)
