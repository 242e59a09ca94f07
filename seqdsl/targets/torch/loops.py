"""loops → PyTorch: a `for` over their steps, in which recurrent layers run one step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import Attend, Scan
from seqdsl.layers import layer_def
from seqdsl.passes.stacked_rnn import rows_of
from seqdsl.targets.code import (
    Attribute,
    Binary,
    Code,
    Index,
    Text,
    call,
    method,
    operand,
    tuple_of,
)
from seqdsl.targets.emit.loop_steps import Steps
from seqdsl.targets.emit.padding import axes_of, over_step
from seqdsl.targets.emit.projecting import projects
from seqdsl.targets.torch.axes import axes_sizes, size_of
from seqdsl.targets.torch.cells import draws_masks, has_parts, input_dropout, parts_of
from seqdsl.targets.torch.expressions import emit, joined
from seqdsl.targets.torch.kept_attention import project_once
from seqdsl.targets.torch.masks import SPELLING
from seqdsl.targets.torch.operations import operation
from seqdsl.targets.torch.own_attention import attention_class
from seqdsl.targets.torch.scan import carried_start, initial_state

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block
    from seqdsl.size import Size
    from seqdsl.targets.torch.emitter import TorchEmitter


def _begin(node: Block, given: tuple[Code, ...], is_masked: bool, to: TorchEmitter) -> Code:
    """The variable of a layer's state; without one it begins with zeros by itself."""
    scan = node.operation
    assert isinstance(scan, Scan)
    to.stepped.add(node.index)
    _begin_dropout(node, to)
    # Not `nn.LSTMCell`: its weights would have other names than before the loop, and in other models.
    start: Code = Text("None")
    if given:
        start = carried_start(given)
    elif scan.initial is not None:
        start = initial_state(node, scan.initial, to)
    elif is_masked:
        # In a padded step the state stays what it was: zero is something, `None` is nothing.
        start = _zero_state(node, to)
    return to.name(f"{node.name}_state", start)


def _zero_state(node: Block, to: TorchEmitter) -> Code:
    """A state of zeros; parts of one width are one value."""
    widths, rows = state_widths(to.layer(node)), len(rows_of(node)) or 1
    if len(set(widths)) > 1:
        return tuple_of(*(_new(to, "zeros", rows, width, node.grid) for width in widths))
    start = to.name(f"{node.name}_start", _new(to, "zeros", rows, node.features, node.grid))
    return tuple_of(*[start] * len(widths)) if len(widths) > 1 else start


def _begin_dropout(node: Block, to: TorchEmitter) -> None:
    """What is kept of what a cell reads, and of its state: the same features at all steps."""
    attribute = to.attribute(node)
    if draws_masks(to.layer(node)):
        to.comment("What is dropped is the same at all steps.")
        to.drawn[node.index] = to.name(
            f"{node.name}_masks",
            method(attribute, "draw_masks", _batch(to), *map(to.size, node.grid)),
        )
    if input_dropout(to.layer(node)):
        dropout = Attribute(attribute.of, f"{attribute.name}_dropout")
        to.comment("The same features are dropped at all steps.")
        ones = method(_like(to), "new_ones", _batch(to), to.size(to.layer(node).width), 1)
        kept = method(call(dropout, ones), "squeeze", 2)
        to.kept[node.index] = to.name(f"{node.name}_kept", kept)


def _like(to: TorchEmitter) -> Code:
    """A value of numbers, which tells their precision."""
    # Of a model that reads ids alone, and feeds them back at once, only the weights are numbers.
    return _numbers(to) or Text("next(self.parameters())")


def _numbers(to: TorchEmitter) -> Code | None:
    """A value of numbers with an axis of samples, if there is one yet."""
    for item in to.graph.inputs:
        if item.vocabulary is None:
            return Text(item.name)
    nodes = to.graph.nodes
    ids = {item.block for item in to.graph.inputs}
    ids |= {index for index in to.values if layer_def(nodes[index].kind).gives_ids}
    values = (value for index, value in to.values.items() if index not in ids)
    return next((value for value in values if isinstance(value, Text)), None)


def _batch(to: TorchEmitter) -> Code:
    return size_of(_numbers(to) or Text(to.graph.inputs[0].name), "0")


def _no_ids(grid: tuple[Size, ...], to: TorchEmitter) -> Code:
    device = Text(f"{to.graph.inputs[0].name}.device")
    places = map(to.size, grid)
    return call("torch.zeros", _batch(to), *places, dtype="torch.int", device=device)


def _new(
    to: TorchEmitter, what: str, count: Size | int | None, features: Size, grid: tuple[Size, ...]
) -> Code:
    """Zeros: a vector or grid, so many steps, or of so many rows of a recurrent layer."""
    shape = [_batch(to)] if count is None else [_batch(to), count]
    if isinstance(count, int):
        shape = [Text(str(count)), _batch(to)]
    return method(_like(to), f"new_{what}", *shape, *map(to.size, axes_sizes(grid, features)))


def _zeros(count: Size | None, features: Size, grid: tuple[Size, ...], to: TorchEmitter) -> Code:
    return _new(to, "zeros", None if count is None else to.size(count), features, grid)


def _one_step(vector: Code) -> Code:
    return method(vector, "unsqueeze", 1)


def _step(node: Block, value: Code, state: Code, valid: Code | None, to: TorchEmitter) -> bool:
    name = Text(node.name)
    if node.index in to.kept:
        value = to.name("dropped", Binary("*", (operand(value), to.kept[node.index])))
    new = state if valid is None else Text(to.names.claim("new_state"))
    drawn = {"masks": to.drawn[node.index]} if node.index in to.drawn else {}
    to.unpack((name, new), call(to.attribute(node), _one_step(value), state, **drawn))
    to.values[node.index] = to.assign(name, method(name, "squeeze", 1))
    if valid is None:
        return False
    # A padded step leaves the state as it is.
    is_valid = Index(valid, over_step(axes_of(node)))
    numbers = map(str, range(parts_of(node)))
    pairs = [(Index(new, part), Index(state, part)) for part in numbers]
    parts = pairs if has_parts(node) else [(new, state)]
    kept = [call("torch.where", is_valid, now, before) for now, before in parts]
    to.assign(state, tuple_of(*kept) if has_parts(node) else kept[0])
    return False


def _parts(node: Block, state: Code) -> tuple[Code, ...]:
    # (1, batch, units), as a layer of PyTorch has it.
    parts = [Index(state, str(part)) for part in range(parts_of(node))]
    return tuple(Index(part, "0") for part in (parts if has_parts(node) else [state]))


def _end(node: Node, state: Code, last: Code | None, to: TorchEmitter) -> None:
    to.states[node.index] = state
    # (layers, batch, units): of one layer the last is the first.
    hidden = Index(state, "0") if has_parts(node) else state
    to.finals[node.index] = Index(hidden, "-1") if last is None else last


def _project(node: Block, to: TorchEmitter) -> None:
    """Project the keys of a memory once, before the loop."""
    arguments = to.layer(node).arguments
    name = attention_class(arguments)
    # nn.MultiheadAttention projects what it reads in each call, and drops some of its weights while it is trained.
    if name is None or not projects(arguments):
        return
    assert isinstance(node.operation, Attend)
    to.stepwise.add(name)
    to.projects_once |= {node.index}
    project_once(node, node.operation, to)


STEPS = Steps(
    masks=SPELLING,
    emit=emit,
    operation=operation,
    begin=_begin,
    step=_step,
    end=_end,
    parts=_parts,
    zeros=_zeros,
    no_ids=_no_ids,
    where=lambda mask, now, before: call("torch.where", mask, now, before),
    one_step=_one_step,
    joined=lambda parts: joined(parts, 1),
    stacked=lambda parts: call("torch.stack", parts, dim=1),
    # The gradient of `x[:, step]` is as large as x, at every step; those of `x.unbind(1)` are put together once.
    apart=lambda sequence: method(sequence, "unbind", 1),
    project=_project,
)
