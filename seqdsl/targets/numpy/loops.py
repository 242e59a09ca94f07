"""loops → numpy: a `for` over their steps, in which recurrent layers run one step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import Scan
from seqdsl.layers import layer_def
from seqdsl.passes.stacked_rnn import rows_of
from seqdsl.targets.code import Assign, Binary, Code, Index, Text, call, tuple_of
from seqdsl.targets.emit.loop_steps import Steps
from seqdsl.targets.numpy.expressions import emit, joined
from seqdsl.targets.numpy.masks import SPELLING
from seqdsl.targets.numpy.operations import operation
from seqdsl.targets.numpy.scan import initial_state, row_weights, run_function, run_keywords

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block
    from seqdsl.size import Size
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def _begin(node: Block, given: tuple[Code, ...], is_masked: bool, to: NumpyEmitter) -> Code:
    """The variable of a layer's state: zeros, where it is given none."""
    scan = node.operation
    assert isinstance(scan, Scan)
    start: Code
    if given:
        start = tuple_of(*given)
    elif scan.initial is not None:
        start = initial_state(node, scan.initial, to)
    else:
        start = _zero_state(node, to)
    state = Text(to.names.claim(f"{node.name}_state"))
    to.statements.append(Assign((state,), start, "State"))
    return state


def _zero_state(node: Block, to: NumpyEmitter) -> Code:
    """A state of zeros; parts of one width are one array."""
    widths = state_widths(to.layer(node)) * (len(rows_of(node)) or 1)
    if len(set(widths)) > 1:
        return tuple_of(*(_zeros(None, width, node.grid, to) for width in widths))
    zeros = _zeros(None, node.features, node.grid, to)
    zeros = to.name(f"{node.name}_start", zeros) if len(widths) > 1 else zeros
    return tuple_of(*[zeros] * len(widths))


def _zeros(count: Size | None, features: Size, grid: tuple[Size, ...], to: NumpyEmitter) -> Code:
    steps = () if count is None else (count,)
    batch = f"len({to.graph.inputs[0].name})"
    sizes = map(to.size, (*steps, *grid, features))
    return call("np.zeros", tuple_of(batch, *sizes), to.dtype)


def _no_ids(grid: tuple[Size, ...], to: NumpyEmitter) -> Code:
    batch = f"len({to.graph.inputs[0].name})"
    shape = tuple_of(batch, *map(to.size, grid)) if grid else batch
    return call("np.zeros", shape, "np.int32")


def _one_step(vector: Code) -> Code:
    return Index(vector, ":, None")


def _step(node: Block, value: Code, state: Code, valid: Code | None, to: NumpyEmitter) -> bool:
    name = Text(node.name)
    keywords = {"state": state, **run_keywords(node, to)}
    # (batch,) as the mask of one step, (batch, 1).
    if valid is not None:
        keywords["mask"] = Index(valid, ":, None")
    to.options.update(keywords)
    if rows := len(rows_of(node)):
        _step_rows(node, value, state, rows, keywords, to)
        return valid is not None
    run = call(run_function(node, to), _one_step(value), *to.weights(node), **keywords)
    to.unpack((name, state), run)
    to.values[node.index] = to.assign(name, Index(name, ":, 0"))
    # Its function leaves the state as it is in a padded step, and gives zero.
    return valid is not None


def _step_rows(
    node: Block, value: Code, state: Code, rows: int, keywords: dict[str, object], to: NumpyEmitter
) -> None:
    """Write a step of a stack, whose state is a tuple of the states of all rows, one behind the other.

    ::

        h, h_state_l0 = _lstm(x[:, None], w, "h", "_l0", state=h_state[:2])
        h, h_state_l1 = _lstm(h, w, "h", "_l1", state=h_state[2:])
        h_state = h_state_l0 + h_state_l1
    """
    name, count, read = Text(node.name), len(layer_def(node.kind).states), _one_step(value)
    ends: list[Code] = []
    for row in range(rows):
        end = "" if row == rows - 1 else str((row + 1) * count)
        before = Index(state, f"{row * count or ''}:{end}")
        ends.append(Text(to.names.claim(f"{node.name}_state_l{row}")))
        weights = row_weights(node, row, to)
        run = call(run_function(node, to), read, *weights, **{**keywords, "state": before})
        to.unpack((name, ends[-1]), run)
        read = name
    to.assign(state, Binary("+", tuple(ends)))
    to.values[node.index] = to.assign(name, Index(name, ":, 0"))


def _parts(node: Block, state: Code) -> tuple[Code, ...]:
    return tuple(Index(state, str(part)) for part in range(len(layer_def(node.kind).states)))


def _end(node: Node, state: Code, last: Code | None, to: NumpyEmitter) -> None:
    to.states[node.index] = state
    to.finals[node.index] = Index(state, "0")


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
    where=lambda mask, now, before: call("np.where", mask, now, before),
    one_step=_one_step,
    joined=lambda parts: joined(parts, 1),
    stacked=lambda parts: call("np.stack", parts, axis=1),
)
