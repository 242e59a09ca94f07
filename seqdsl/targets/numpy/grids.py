"""layers over the grids of steps → numpy, which has channels last, as Keras has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Combination, layer_def
from seqdsl.layers._grids import FLAT, WINDOWS
from seqdsl.size import Size
from seqdsl.targets.code import Code, call, flat, method, tuple_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Apply
    from seqdsl.targets.numpy.emitter import NumpyEmitter

_ONE = Size.of(1)


def grid_layer(node: Node, apply: Apply, value: Code, to: NumpyEmitter) -> Code:
    """What a layer of grids makes of what a node reads, without its activation."""
    definition, arguments = layer_def(node.kind), to.layer(node).arguments
    rule, axes = definition.grid, len(to.places(apply.operand))
    assert rule is not None
    if rule is FLAT:
        # (batch, steps, height, width, features) as (batch, steps, -1), a single value as (batch, -1)
        front = [f"len({flat(value)})"] if node.steps is None else [f"*{flat(value)}.shape[:2]"]
        return method(value, "reshape", *front, -1)
    if rule.how is not None:
        # Of an image over height and width, of a word over its characters.
        over: object = -2 if axes == 1 else tuple_of(*range(-1 - axes, -1))
        return method(value, "max" if rule.how is Combination.MAX else "mean", axis=over)
    function = to.function(node.kind)
    if rule is WINDOWS:
        return call(function, value, *to.weights(node), **_window(arguments, to))
    # What is left are tiles, which have a size and no weights.
    size = arguments["size"]
    assert isinstance(size, Size)
    return call(function, value, to.size(size))


def _window(arguments: Mapping[str, object], to: NumpyEmitter) -> dict[str, object]:
    """What is said of windows beside their weights: ``stride=2, same=False``."""
    keywords: dict[str, object] = {}
    stride = arguments.get("stride")
    if isinstance(stride, Size) and stride != _ONE:
        keywords["stride"] = to.size(stride)
    if arguments.get("padding") == "valid":
        keywords["same"] = "False"
    return keywords
