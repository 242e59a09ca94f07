"""constants → numpy: tables of vectors, and codes of each step's number, which may go on from call to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.compare import ONE
from seqdsl.ir.expressions import Value
from seqdsl.targets.code import Binary, Code, Index, Text, call, flat, tuple_of
from seqdsl.targets.emit.carried import counts_on, give, has_rows, taken
from seqdsl.targets.numpy.expressions import emit

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Constant
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def constant(node: Node, constant: Constant, to: NumpyEmitter) -> Code:
    """The same for every sample: vectors of a table, or codes of each step's number."""
    layer, like = to.layer(node), _counted(constant.like, to)
    drawn = ONE if node.steps is None else to.size(node.steps)
    steps = Text(f"{flat(like)}.shape[1]") if constant.free else Text(str(drawn))
    if node.index in to.counts:
        return _of_piece(node, like, to.counts[node.index], to)
    if counts_on(node):
        return _continued(node, steps, to)
    if not has_rows(node):
        value: Code = call(to.function("sine_positions"), steps, to.size(layer.units), to.dtype)
    else:
        # Of a table that is too short there are too few rows: the next line raises.
        # `[:3]`, but `[: x.shape[1]]`: as formatters have it.
        first = f": {flat(steps)}" if constant.free or drawn.names else f":{drawn}"
        value = Index(_table(node, to), first)
    shape = (f"len({flat(like)})", *(() if node.steps is None else (steps,)), to.size(layer.units))
    return call("np.broadcast_to", value, tuple_of(*shape))


def _counted(like: Expression, to: NumpyEmitter) -> Code:
    """What tells how many samples and steps there are: token ids as they are, without an axis of features."""
    return to.values[like.block] if isinstance(like, Value) else to.name("like", emit(like, to))


def _table(node: Node, to: NumpyEmitter) -> Code:
    weights, _ = to.weights(node)
    return Index(weights, f'"{to.module(node)}.weight"')


def _continued(node: Node, steps: Code, to: NumpyEmitter) -> Code:
    """The codes of steps whose numbers differ from sample to sample: ``table[p_state[:, None] + np.arange(3)]``."""
    (first,) = taken(node, to)
    give(node, (Binary("+", (first, steps)),), to)
    numbers = Binary("+", (Index(first, ":, None"), call("np.arange", steps)))
    if not has_rows(node):
        return call(to.function("sine_codes"), numbers, to.size(to.layer(node).units), to.dtype)
    return Index(_table(node, to), flat(numbers))


def _of_piece(node: Node, like: Code, begin: Code, to: NumpyEmitter) -> Code:
    """The codes of the steps of a piece of a free run, the first of which has the number ``begin``."""
    batch, steps = f"len({flat(like)})", f"{flat(like)}.shape[1]"
    end, units = f"{flat(begin)} + {steps}", to.size(to.layer(node).units)
    if has_rows(node):
        value: Code = Index(_table(node, to), f"{flat(begin)} : {end}")
    else:
        numbers = call("np.arange", begin, end)
        value = call(to.function("sine_codes"), numbers, units, to.dtype)
    return call("np.broadcast_to", value, tuple_of(batch, steps, units))
