"""tensor expressions → the Keras layers that make them, where Keras has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    Expression,
    Flatten,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    Value,
    places_of,
    walk,
)
from seqdsl.ir.operations import Placeholder
from seqdsl.targets.code import Binary, Call, Code, Index, call, flat, tuple_of, without_module
from seqdsl.targets.notes import code as word_of

if TYPE_CHECKING:
    from seqdsl.ir.graph import Graph
    from seqdsl.size import Size


def layer_of(expression: Expression, graph: Graph) -> Call | None:
    """The layer that makes an expression of what it is made of; ``None`` if there is none."""
    if isinstance(expression, _OF_FEATURES) and places_of(expression, graph.grids):
        # Keras's layers for steps take features at each of them, and no grids.
        return None
    return _layer_of(expression, graph)


def _layer_of(expression: Expression, graph: Graph) -> Call | None:
    if isinstance(expression, Slice):
        return _cropping(expression) if is_cropped(expression, graph) else None
    if isinstance(expression, Repeat):
        return None if expression.like is not None else repeat_vector(expression.count)
    if isinstance(expression, RepeatSteps):
        return call("layers.UpSampling1D", expression.times)
    if isinstance(expression, Pad):
        return call("layers.ZeroPadding1D", tuple_of(expression.before, expression.after))
    if isinstance(expression, Flatten):
        # Of a cropped sequence of free length Keras infers no number of features for `Flatten`, and a `Dense` on it
        # cannot be built: `Reshape` is told the number.
        size = _size(expression, graph)
        return call("layers.Flatten") if size is None else call("layers.Reshape", tuple_of(size))
    return _CONCATENATIONS.get(type(expression))


_OF_FEATURES = (Slice, Repeat, RepeatSteps, Pad)


def word_for(expression: Expression, layer: Call) -> str:
    """What people are told of a layer: its constructor without the module, for a shape without its size."""
    if isinstance(expression, Flatten) and layer.arguments:
        return "`Reshape`"
    return word_of(flat(without_module(layer)))


def concatenate(**keywords: object) -> Call:
    """The layer that puts values side by side, or one after the other."""
    return call("layers.Concatenate", **keywords)


def repeat_vector(count: Size | int) -> Call:
    """The layer that repeats a vector at so many steps."""
    return call("layers.RepeatVector", count)


def repeated_like(vector: Code, like: Code, axes: int = 1, of_like: int = 1) -> Code:
    """A value of so many axes at each step of a sequence, whose steps have others."""
    # (batch, 1, units) * (batch, steps, 1), as the number of steps is known at run time only.
    ones = call("ops.ones_like", Index(like, one_feature(":, :", axes, of_like)))
    return Binary("*", (call("ops.expand_dims", vector, 1), ones))


def one_feature(front: str, axes: int, of_like: int) -> str:
    """The index that leaves one number of each value: of ``of_like`` axes it makes ``axes``, each of length 1.

    ::

        ":, :, :1"            of a step's features one
        ":, :, :1, 0, 0"      of an image one number, for a vector
        ":, :, :1, None, None"    of a vector one number, for an image
    """
    # What both have is cut to length 1; what one has more is dropped, or added.
    same = min(axes, of_like)
    rest = ["0"] * (of_like - same) + ["None"] * (axes - same)
    return ", ".join([front, *[":1"] * same, *rest])


REPEATED = "The same at each step, however many there are."
"""What is said of a vector that is repeated as often as a sequence has steps."""

_CONCATENATIONS = {ConcatFeatures: concatenate(), ConcatTime: concatenate(axis=1)}


def is_cropped(expression: Slice, graph: Graph) -> bool:
    """Whether a layer can cut off what a slice leaves out at both ends; Keras's cannot cut off all there is."""
    after = expression.steps - expression.start - expression.count
    if places_of(expression, graph.grids):
        return False
    if expression.stride != 1 or expression.start.constant is None or after.constant is None:
        return False
    # There is always a step, however few the builder is asked for.
    return int(expression.count.value({**graph.defaults, **graph.minimum})) > 0


def _cropping(expression: Slice) -> Call:
    after = expression.steps - expression.start - expression.count
    return call("layers.Cropping1D", tuple_of(expression.start, after))


def _size(expression: Flatten, graph: Graph) -> Size | None:
    """The size of some steps, where Keras may not know how many they are: those of a free length, or cut from one."""
    few = expression.of
    if not graph.free or not isinstance(few, Slice | Value):
        return None
    node = graph.nodes[next(item.block for item in walk(few) if isinstance(item, Value))]
    is_whole = node.steps is not None and not node.steps.names & set(graph.free)
    if is_whole and isinstance(node.operation, Placeholder):
        return None
    count = few.count if isinstance(few, Slice) else node.steps
    return None if count is None else count * node.features
