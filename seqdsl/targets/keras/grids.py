"""layers over the grids of steps → Keras, which has channels last, and a wrapper for what takes images one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.free_streams import PIECE
from seqdsl.ir.operations import Apply
from seqdsl.layers import layer_def
from seqdsl.layers._grids import WINDOWS
from seqdsl.size import Size
from seqdsl.targets.code import Call, Code, Index, call, grouped, tuple_of
from seqdsl.targets.keras.facts import is_free

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter

_ONE = Size.of(1)

WITH_STEPS = ":, None"
"""How a vector, or a grid, gets an axis of one step."""


def facts_of_grid(node: Block, to: KerasEmitter) -> dict[str, object]:
    """What the macro of a layer over grids has to know: whether it is in a wrapper, and how many axes a grid has."""
    operation = node.operation
    if layer_def(node.kind).grid is None or not isinstance(operation, Apply):
        return {}
    # TimeDistributed(Conv2D(8, 3), name="conv2d_c"): the wrapper has the name.
    return {"each": node.steps is not None, "axes": len(to.places(operation.operand))}


def wrapper(layer: Layer, to: KerasEmitter) -> str:
    """The class that applies a layer to each step."""
    # Keras 3.14 and 3.15: in a graph for any number of steps, which `predict` makes for a second length,
    # `TimeDistributed` gives as many as there are samples.
    # Asked at each node of a layer: all of them are gone through only where there are free lengths.
    if to.graph.free and any(
        node.steps is not None and is_free(node.steps, to.graph) for node in to.users(layer.name)
    ):
        return to.function("EachStep")
    return "layers.TimeDistributed"


def at_each_step(layer: Layer, made: Call, node: Block, to: KerasEmitter) -> Call:
    """A layer that takes images one by one, as one that takes those of all steps."""
    # A recurrence over images takes all steps anyway.
    if layer_def(layer.kind).grid is None or node.steps is None or node.scan is not None:
        return made
    return call(wrapper(layer, to), made, name=f'"{layer.name}"')


def apply_grid(
    node: Block, layer: Code, value: Code, to: KerasEmitter, *, is_wrapped: bool
) -> Code:
    """What a layer of grids makes of a value.

    Args:
        node: the node.
        layer: the layer.
        value: what the node reads.
        to: what the node reads and writes.
        is_wrapped: whether the layer takes the grids of all steps.
    """

    def applied(given: Code) -> Code:
        # The zeros come first, then the windows.
        return call(layer, _padded(to.layer(node), given, to, each=is_wrapped))

    has_steps = node.steps is not None
    if has_steps == is_wrapped:
        return applied(value)
    if is_wrapped:
        # The wrapper takes steps: a single value is one.
        return Index(applied(Index(grouped(value), WITH_STEPS)), ":, 0")
    if node.steps == PIECE:
        # A loop's layer takes grids one by one, and a piece of a free run is one.
        return Index(applied(one_step(value)), WITH_STEPS)
    wrapped = call(wrapper(to.layer(node), to), layer)
    return call(wrapped, _padded(to.layer(node), value, to, each=True))


def one_step(value: Code) -> Code:
    """The only step of a piece, (batch, features)."""
    # gru[:, None][:, 0] is gru
    is_vector = isinstance(value, Index) and value.index == WITH_STEPS
    return value.of if is_vector and isinstance(value, Index) else Index(grouped(value), ":, 0")


def normalized(node: Block, layer: Code, value: Code, to: KerasEmitter) -> Code:
    """What a normalization over the batch makes of a value that may have fewer axes than others that it reads."""
    # The layer keeps to the number of axes that it is built with. So (batch, features) is given an axis of one step
    # where a sequence is normalized elsewhere, (batch, steps, features) two of one place where images are.
    name = to.layer(node).name
    if name not in to.axes:
        to.axes[name] = max(map(_axes, to.users(name)), default=0)
    missing = to.axes[name] - _axes(node)
    if missing <= 0:
        return call(layer, value)
    wider = Index(grouped(value), ":" + ", None" * missing)
    return Index(call(layer, wider), ":" + ", 0" * missing)


def _axes(node: Block) -> int:
    """How many axes a node has between batch and features: three of images at each step."""
    return len(node.grid) + (node.steps is not None)


def _padded(layer: Layer, value: Code, to: KerasEmitter, *, each: bool) -> Code:
    for made in zero_padding(layer, to, each=each):
        value = call(made, value)
    return value


def zero_padding(layer: Layer, to: KerasEmitter, *, each: bool) -> list[Call]:
    """The layer that pads for a convolution: beside a stride Keras's "same" pads less, and in other places.

    Args:
        layer: the convolution.
        to: what knows its nodes.
        each: whether it is wrapped, for each of several steps.
    """
    kernel, stride = layer.arguments.get("kernel"), layer.arguments.get("stride") or _ONE
    is_same = layer.arguments.get("padding") != "valid"
    if layer_def(layer.kind).grid is not WINDOWS or not is_same or stride == _ONE:
        return []
    assert isinstance(kernel, Size)
    # Kernel 4 at stride 2: ((1, 2), (1, 2)), where Keras would pad one on each side.
    reach = kernel - 1
    if reach == Size.of(0):
        return []
    sides = tuple_of(reach // 2, reach - reach // 2)
    made = call("layers.ZeroPadding2D", tuple_of(sides, sides))
    return [call(wrapper(layer, to), made) if each else made]


def columns_as_steps(value: Code, parts: Size) -> Code:
    """A grid cut along its width: ``ops.stack(ops.split(x, 4, axis=-2), axis=1)``."""
    return call("ops.stack", call("ops.split", value, parts, axis=-2), axis=1)
