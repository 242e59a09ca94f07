"""nodes of a free run → Keras: one step of each, by the layers of the trained model, with the state behind it.

::

    gru_h, gru_h_state = model.get_layer("gru_h").cell(embedding_e[:, 0], gru_h_state)

A recurrent layer tells its state only if it was made to; its cell takes and gives it in any case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import body_in, bound
from seqdsl.ir.operations import Attend, Call, Constant, Convolve, Placeholder, Scan
from seqdsl.layers import layer_def
from seqdsl.targets.code import (
    Attribute,
    Code,
    Index,
    Prefix,
    Text,
    call,
    flat,
    is_name,
    listing,
    tuple_of,
)
from seqdsl.targets.emit.block_steps import apply_step
from seqdsl.targets.emit.free_run import FreeWriting
from seqdsl.targets.emit.masks import last_valid_of
from seqdsl.targets.emit.padding import begin_zeroed, name_mask, spread_over, zero_padded
from seqdsl.targets.keras.called import read_by_call
from seqdsl.targets.keras.expressions import emit, emit_ids
from seqdsl.targets.keras.free_attention import (
    attend_past,
    attend_projected,
    counted_on,
    keep_head,
    name_pasts,
    project_once,
    projects_once,
)
from seqdsl.targets.keras.free_parameters import local_size
from seqdsl.targets.keras.grids import WITH_STEPS, one_step
from seqdsl.targets.keras.layers import layer_of_node, trained_layer
from seqdsl.targets.keras.masks import SPELLING
from seqdsl.targets.keras.operations import operation
from seqdsl.targets.keras.own_cells import computes_ahead, runner
from seqdsl.targets.keras.scan import initial_state

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Operation
    from seqdsl.model.spec import Block
    from seqdsl.targets.emit.emitter import Kept
    from seqdsl.targets.keras.emitter import KerasEmitter


def writing(step: KerasEmitter) -> FreeWriting:
    """How the two phases are written; ``step``: what a piece, which is one step, is written to."""

    # A piece goes on from what is kept: gru_h, gru_h_state = model.get_layer("gru_h").cell(x[:, 0], gru_h_state).
    # What is before the first piece begins it; a node that keeps nothing is written as in the whole model.
    def write(node: Block, to: KerasEmitter) -> None:
        is_piece = to is step
        if isinstance(node.operation, Placeholder):
            _begin_mask(node, to)
        elif node.index in to.call_steps:
            _call_step(node, node.operation, to)
        elif isinstance(node.operation, Scan) and is_piece:
            _scan_step(node, node.operation, to)
        # Of the steps before the first piece, the state behind them is kept: gru_h, gru_h_state = RNN(cell, ...)(x).
        elif isinstance(node.operation, Scan) and node.index in step.graph.order:
            _scan_head(node, node.operation, to)
        elif isinstance(node.operation, Convolve) and node.operation.carry.is_given:
            _convolve(node, node.operation, to, is_piece=is_piece)
        elif node.index in to.keeps_past or node.index in to.counts or projects_once(node, to):
            _of_past(node, to, is_piece=is_piece)
        else:
            operation(node, to)

    return FreeWriting(
        write,
        _begin,
        _zeros,
        emit,
        emit_ids,
        SPELLING,
        _last_valid,
        ":, -1:",
        _project,
        _pasts,
    )


def _call_step(node: Block, operation: Operation, to: KerasEmitter) -> None:
    """Write a call that goes on by itself: its function is given the model, and its parameters where it reads them."""
    assert isinstance(operation, Call)
    block, layer = to.call_steps[node.index], to.layer(node)
    values = bound(body_in(operation), layer, None)
    given = {name: values[name] for name in block.parameters}
    apply_step(node, Text(block.name), [layer_of(node, to), read_by_call(operation, to)], to, given)


def first_state(node: Node, batch: str, to: KerasEmitter) -> Code:
    """The state of a node that begins as zero, for so many samples."""
    if isinstance(node.operation, Placeholder):
        return _zero_before(node, batch)
    layer = layer_of(node, to)
    if isinstance(node.operation, Scan):
        return call(Attribute(layer, "get_initial_state"), batch)
    return call("zero_steps", layer, batch)


def _last_valid(node: Block, mask: Code, before: Code | None, to: KerasEmitter) -> Code:
    """The value of a node whose padded steps are what was last valid.

    Behind ``before``, which is one step, it has one itself.
    """
    value = to.values[node.index]
    if before is None:
        to.function("true_first")
        return call(to.function(last_valid_of(node.grid)), value, mask)
    return call("ops.where", Index(mask, spread_over(1 + len(node.grid))), value, before)


def _project(node: Block, to: KerasEmitter) -> None:
    """Project what an attention reads, if it projects it at all."""
    assert isinstance(node.operation, Attend)
    if projects_once(node, to):
        project_once(node, node.operation, to)


def _pasts(node: Block, to: KerasEmitter) -> dict[str, Kept]:
    assert isinstance(node.operation, Attend)
    return name_pasts(node, node.operation, to)


def _of_past(node: Block, to: KerasEmitter, *, is_piece: bool) -> None:
    """What goes on from all earlier steps: attention to them, or their number."""
    name, read = Text(node.name), node.operation
    if isinstance(read, Attend) and node.index not in to.keeps_past:
        value = attend_projected(node, read, to)
    elif isinstance(read, Attend) and not is_piece:
        keep_head(node, read, to)
        operation(node, to)
        return
    elif isinstance(read, Attend):
        value = attend_past(node, read, to)
    else:
        assert isinstance(read, Constant)
        value = counted_on(node, read, to)
    to.values[node.index] = to.assign(name, value)
    zero_padded(node, to, SPELLING)


def _zero_before(node: Node, batch: str) -> Code:
    """What a loop gave before its first step."""
    assert node.steps is not None
    if layer_def(node.kind).gives_ids:
        shape = tuple_of(batch, node.steps, *map(local_size, node.grid))
        return call("ops.zeros", shape, '"int32"')
    sizes = map(local_size, (*node.grid, node.features))
    return call("ops.zeros", tuple_of(batch, node.steps, *sizes))


def layer_of(node: Node, to: KerasEmitter) -> Code:
    """The layer of a node in the trained model."""
    assert node.layer is not None
    assert to.trained is not None
    return trained_layer(node.layer.name, to.trained)


def _begin_mask(node: Block, to: KerasEmitter) -> None:
    """The mask of an input begins at it."""
    begin_zeroed(node, to, SPELLING)


def _begin(node: Block, to: KerasEmitter) -> Code:
    start = initial_state(node, to)
    assert start is not None
    return start


def _zeros(name: str, node: Node, is_optional: bool, to: KerasEmitter) -> None:
    """What a convolution reads before its first step; `generate` gives it to a piece."""
    if isinstance(node.operation, Placeholder):
        return
    to.function("zero_steps")
    if not is_optional:
        batch = f"{to.graph.inputs[0].name}.shape[0]"
        to.assign(Text(name), call("zero_steps", layer_of(node, to), batch))


def _scan_step(node: Block, scan: Scan, to: KerasEmitter) -> None:
    """``lstm, lstm_state = model.get_layer("lstm").cell(x[:, 0], lstm_state)``."""
    read = emit(scan.operand, to)
    cell = Attribute(layer_of(node, to), "cell")
    name, state = Text(node.name), to.states[node.index]
    mask = name_mask(node, to, SPELLING)
    if computes_ahead(to.layer(node)):
        # As `CellRNN` does before its loop; what was dropped for the last batch of the training is forgotten.
        read = to.name("ahead", call(Attribute(cell, "ahead"), read, training=False))
    value = one_step(read)
    run = call(cell, value, state)
    if mask is None:
        to.unpack((name, state), run)
    else:
        # a . b    a step of padding leaves the state as it was, and gives zero
        valid, new = Index(mask, ":, 0"), Text(to.names.claim("new_state"))
        to.unpack((name, new), run)
        function = to.function("valid_image_state" if node.grid else "valid_state")
        to.assign(state, call(function, valid, new, state))
        here = Index(mask, ":, :1" + ", None" * len(node.grid))
        to.assign(name, call("ops.where", here, name, "0.0"))
    to.values[node.index] = Index(name, WITH_STEPS)


def _scan_head(node: Block, scan: Scan, to: KerasEmitter) -> None:
    """The steps before the first one of the input, and the state behind them."""
    layer = node.layer
    assert layer is not None
    value, mask = emit(scan.operand, to), name_mask(node, to, SPELLING)
    how: dict[str, object] = {"return_sequences": True, "return_state": True}
    keywords: dict[str, object] = {}
    if mask is not None:
        how["zero_output_for_mask"], keywords["mask"] = True, mask
    if (start := initial_state(node, to)) is not None:
        keywords["initial_state"] = start
    # Of the same cell, and so with its weights: the model's own layer may not tell its state.
    made = call(runner(layer, to), Attribute(layer_of(node, to), "cell"), **how)
    name, state = Text(node.name), Text(f"{node.name}_state")
    to.unpack((name, Prefix("*", state)), call(made, value, **keywords))
    to.values[node.index], to.states[node.index] = name, state


def _convolve(node: Block, convolve: Convolve, to: KerasEmitter, *, is_piece: bool) -> None:
    """A causal convolution, and the last steps that it read."""
    state, value = Text(f"{node.name}_state"), emit(convolve.operand, to)
    if not is_piece and not is_name(value):
        value = to.name(f"{node.name}_first", value)
    # kernel 3:  x[t - 2]  x[t - 1]  x[t]    two steps are kept, and then the last two of all
    kept = to.name(f"{node.name}_steps", call("ops.concatenate", listing(state, value), axis=1))
    layer = layer_of_node(node, to)
    windowed = call(to.function("last_window"), layer, kept) if is_piece else call(layer, value)
    to.values[node.index] = to.assign(Text(node.name), windowed)
    to.assign(state, Index(kept, ":, 1:" if is_piece else f":, {flat(value)}.shape[1] :"))
    to.given[node.index, 0] = state
    zero_padded(node, to, SPELLING)
