"""constants → PyTorch: tables of vectors, and codes of each step's number, which may go on from call to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value
from seqdsl.layers import layer_def
from seqdsl.size import Size
from seqdsl.targets.code import Attribute, Binary, Code, Index, Text, call, method
from seqdsl.targets.emit.carried import counts_on, give, has_rows, taken
from seqdsl.targets.torch.axes import size_of
from seqdsl.targets.torch.expressions import emit, steps_in

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.operations import Constant
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter


def constant(node: Block, constant: Constant, to: TorchEmitter) -> Code:
    """The same for every sample: a table of vectors, or a code of each step's number."""
    layer, like = to.layer(node), _counted(constant.like, to)
    held = to.attribute(node)
    if not has_rows(node):
        to.function("SinePositions")
    if node.index in to.counts:
        return _counted_on(node, like, to.counts[node.index], to)
    steps = Size.of(1) if node.steps is None else node.steps
    count = steps_in(like) if constant.free else to.size(steps)
    if counts_on(node):
        return call(held, _continued(node, like, count, to))
    # self.position_p.weight             all of it
    # self.position_p.weight[:4]         of a longer table
    # self.position_p(torch.arange(n))   raises where it is too short
    if not has_rows(node):
        value: Code = call(held, _numbers(like, count) if to.numbered else count)
    elif constant.free:
        value = call(held, _numbers(like, count))
    else:
        weight = Attribute(held, "weight")
        is_whole = layer.arguments[layer_def(layer.kind).rows] == steps
        value = weight if is_whole else Index(weight, f": {to.size(steps)}")
    axes = (-1,) if node.steps is None else (-1, -1)
    return method(value, "expand", size_of(like, "0"), *axes)


def _counted(like: Expression, to: TorchEmitter) -> Code:
    """What tells how many samples and steps there are: token ids as they are, without an axis of features."""
    return to.values[like.block] if isinstance(like, Value) else to.name("like", emit(like, to))


def _numbers(like: Code, *ends: object) -> Code:
    return call("torch.arange", *ends, device=Attribute(like, "device"))


def _continued(node: Block, like: Code, count: object, to: TorchEmitter) -> Code:
    """The numbers of the steps of each sample, (batch, steps): ``p_state[:, None] + torch.arange(3)``."""
    (first,) = taken(node, to)
    give(node, (Binary("+", (first, _as_code(count))),), to)
    return Binary("+", (Index(first, ":, None"), _numbers(like, count)))


def _as_code(count: object) -> Code:
    return Text(str(count)) if isinstance(count, Size) else count  # type: ignore[return-value]


def _counted_on(node: Block, like: Code, begin: Code, to: TorchEmitter) -> Code:
    """The codes of the steps of a piece, the first of which has the number ``begin``."""
    count, held = steps_in(like), to.attribute(node)
    if has_rows(node) or to.numbered:
        codes = call(held, _numbers(like, begin, Binary("+", (begin, count))))
    else:
        codes = call(held, count, begin)
    return method(codes, "expand", size_of(like, "0"), -1, -1)
