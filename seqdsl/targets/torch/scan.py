"""recurrences → PyTorch: sequences, final states, initial states; those over padded steps are in `packing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Repeat, Zeros
from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import PassedState, Scan, StateMode, Use, ValueState
from seqdsl.layers import layer_def
from seqdsl.passes.shared_rnn_calls import batch_of
from seqdsl.passes.stacked_rnn import rows_of
from seqdsl.size import Size
from seqdsl.targets.code import (
    Attribute,
    Code,
    Generator,
    Index,
    Items,
    Text,
    call,
    code,
    flat,
    listing,
    method,
    tuple_of,
)
from seqdsl.targets.emit.carried import carry_of, give, taken
from seqdsl.targets.emit.padding import name_mask
from seqdsl.targets.notes import Idiom
from seqdsl.targets.torch.axes import IMAGE
from seqdsl.targets.torch.cells import (
    has_own_cell,
    has_parts,
    input_dropout,
    parts_of,
    runs_equations,
)
from seqdsl.targets.torch.expressions import emit, joined
from seqdsl.targets.torch.masks import SPELLING, zeroed
from seqdsl.targets.torch.packing import Run, run_packed

if TYPE_CHECKING:
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter

_NOTHING = Text("_")


def scan(node: Block, scan: Scan, to: TorchEmitter) -> None:
    """Write how a recurrence runs: ``lstm, (lstm_h, _) = self.lstm(x)``."""
    value = emit(scan.operand, to)
    if scan.batch is not None:
        to.note(Idiom.BATCH, node.index, "`.reshape`")
        to.comment(f"The {scan.batch.number} chains run as one batch.")
        value = to.name("chains", _reshaped(value, scan.batch.steps, to.layer(node).width, to))
    if input_dropout(to.layer(node)):
        value = _dropped(node, value, to)
    start = _start(node, scan, to)
    _note_cell(node, to)
    mask = name_mask(node, to, SPELLING)
    run = Run(node, value, mask, start, Text(node.name) if _has_sequence(node) else _NOTHING)
    if mask is not None and node.masking.at_end and not has_own_cell(to.layer(node)):
        run_packed(run, mask, lambda: _state(node, to), to)
    else:
        _run(run, to)
    _name_values(node, to)


def _start(node: Block, scan: Scan, to: TorchEmitter) -> Code | None:
    """The state that a recurrence begins with; ``None``: zero."""
    if scan.carry.is_taken:
        return carried_start(taken(node, to))
    return None if scan.initial is None else initial_state(node, scan.initial, to)


def carried_start(given: tuple[Code, ...]) -> Code:
    """The state that the model takes, as that of a layer."""
    # (batch, units) of the caller is (1, batch, units) here: PyTorch has an axis for rows and directions.
    parts = [method(part, "unsqueeze", 0) for part in given]
    return tuple_of(*parts) if len(parts) > 1 else parts[0]


def _note_cell(node: Block, to: TorchEmitter) -> None:
    """Say how a recurrent layer is made, and what is read of what it gives."""
    index = node.index
    if rows := rows_of(node):
        to.note(Idiom.ROWS, index, f"`num_layers={len(rows)}`")
    if _has_sequence(node):
        to.note(Idiom.SEQUENCE, index, "the first result of the layer")
    if Use.STATE in node.uses:
        to.note(Idiom.STATE, index, "its second result")
    elif node.direction is Direction.BIDIRECTIONAL:
        to.note(Idiom.FINAL, index, "`h_n`")
    else:
        to.note(Idiom.FINAL, index, "`h_n[-1]`")
    if node.direction is Direction.BIDIRECTIONAL:
        # All rows of a stack are.
        for row in (*(to.rows[name] for name in rows[:-1]), index):
            word = "`BothWays`" if runs_equations(to.layer(node)) else "`bidirectional=True`"
            to.note(Idiom.BIDIRECTIONAL, row, word)
    if node.has_start:
        to.note(Idiom.START, index, "a second argument")


def _has_sequence(node: Block) -> bool:
    return Use.SEQUENCE in node.uses and node.steps is not None


def _run(run: Run, to: TorchEmitter) -> None:
    """Run a layer over all steps, or over the valid ones wherever they are."""
    node, mask, sequence = run.node, run.mask, run.sequence
    layer = to.attribute(node)
    is_own = has_own_cell(to.layer(node))
    # What is the same at every step reads the same in both directions.
    is_alike = isinstance(node.views[0], Repeat | Zeros) and mask is None
    turn = _turned if run.is_backward and not is_alike else _as_it_is
    if turn is _turned or (run.is_backward and sequence != _NOTHING):
        to.note(Idiom.BACKWARD, node.index, "`.flip(1)`")
    if mask is None:
        made = call(layer, turn(run.value), *run.started)
    elif is_own:
        made = call(layer, turn(run.value), *run.started, mask=turn(mask))
    else:
        to.functions |= {"run_valid", "take_steps", "true_first"}
        to.note(Idiom.MASKED, None, "`run_valid`")
        to.packed.add(node.kind)
        made = call("run_valid", layer, turn(run.value), turn(mask), *run.started)
    to.unpack((sequence, _state(node, to)), made)
    if sequence != _NOTHING:
        _lay_out(run, to)


def _lay_out(run: Run, to: TorchEmitter) -> None:
    """Write that all outputs stand in the order of the steps, zero in padded ones."""
    node, sequence = run.node, run.sequence
    if run.is_backward:
        to.comment("Computed from the last step to the first; in order again.")
        to.assign(sequence, _turned(sequence))
    if run.mask is not None and has_own_cell(to.layer(node)):
        to.assign(sequence, zeroed(sequence, run.mask, 1 + len(node.grid)))
    if node.steps is not None and batch_of(node) is not None:
        to.assign(sequence, _reshaped(sequence, node.steps, node.features, to))


def _as_it_is(value: Code) -> Code:
    return value


def _turned(value: Code) -> Code:
    return method(value, "flip", 1)


def _reshaped(value: Code, steps: Size, features: Size, to: TorchEmitter) -> Code:
    """A value as sequences of so many steps."""
    return method(value, "reshape", -1, to.size(steps), to.size(features))


def _dropped(node: Block, value: Code, to: TorchEmitter) -> Code:
    """What a cell reads, with features dropped for all steps alike."""
    name = Text(to.names.claim("dropped"))
    attribute = to.attribute(node)
    dropout = Attribute(attribute.of, f"{attribute.name}_dropout")
    # `nn.Dropout1d` drops whole channels: of (batch, features, steps) a feature at all steps, as Keras's cells do.
    channels = method(value, "transpose", 1, 2)
    to.comment("Of (batch, features, steps) a feature is dropped at all steps alike.")
    return to.assign(name, method(call(dropout, channels), "transpose", 1, 2))


def _state(node: Block, to: TorchEmitter) -> Code:
    """What receives a layer's state: all of it, its hidden part, or nothing."""
    if carry_of(node).is_given:
        return _unpacked(node, to)
    if Use.STATE in node.uses:
        to.states[node.index] = Text(to.names.claim(f"{node.name}_state"))
        return to.states[node.index]
    if not to.receives_hidden(node):
        return _NOTHING
    to.states[node.index] = hidden = Text(to.names.claim(_hidden_name(node, to)))
    return tuple_of(hidden, *[_NOTHING] * (parts_of(node) - 1)) if has_parts(node) else hidden


def _unpacked(node: Block, to: TorchEmitter) -> Code:
    """What receives the parts of a state that the model gives: ``h_n`` and ``c_n``, as PyTorch calls them."""
    nodes = (to.graph.blocks[item.block] for item in to.graph.given)
    carried = {item.index for item in nodes if isinstance(item.operation, Scan)}
    of = "" if len(carried) == 1 else f"{node.name}_"
    names = [to.names.claim(f"{of}{part}_n") for part in layer_def(node.kind).states]
    parts = tuple(map(Text, names))
    give(node, tuple(Index(part, "0") for part in parts), to)
    to.states[node.index] = tuple_of(*parts) if len(parts) > 1 else parts[0]
    return to.states[node.index]


def _hidden_name(node: Block, to: TorchEmitter) -> str:
    """What is received of a state: ``h_n``, as PyTorch calls it, or whose it is where there are several."""
    # _, (h_n, _) = self.lstm_h(x)                      _, encoder_1_hidden = self.encoder(premise)
    # return self.dense_y(h_n[-1])                      _, encoder_2_hidden = self.encoder(hypothesis)
    return "h_n" if len(to.hidden_only()) == 1 else f"{node.name}_hidden"


def _name_values(node: Block, to: TorchEmitter) -> None:
    to.values[node.index] = Text(node.name)
    if Use.FINAL in node.uses or node.steps is None:
        to.finals[node.index] = _final(node, to)
    if node.steps is None:
        to.values[node.index] = to.finals[node.index]


def _final(node: Block, to: TorchEmitter) -> Code:
    """The final state as a value: both directions' side by side."""
    # (layers * directions, batch, units), also with `batch_first`: the batch is on the second axis here.
    hidden = to.states[node.index]
    if isinstance(hidden, Items):
        hidden = hidden.items[0]
    elif Use.STATE in node.uses and has_parts(node):
        hidden = Index(hidden, "0")
    value: Code = Index(hidden, "-1")
    if node.direction is Direction.BIDIRECTIONAL:
        # Of a stack the last two are the top row's.
        both = ("-2", "-1") if rows_of(node) else ("0", "1")
        value = joined([Index(hidden, part) for part in both], _axis(node))
    if batch := batch_of(node):
        value = _reshaped(value, Size.of(batch.number), node.features, to)
    elif node.direction is not Direction.BIDIRECTIONAL:
        return value
    return to.name(f"{node.name}_final", value)


def initial_state(node: Block, initial: PassedState | ValueState, to: TorchEmitter) -> Code:
    """The state that a recurrence begins with; an LSTM's is a tuple of h and c."""
    is_pair = has_parts(node)
    if isinstance(initial, ValueState):
        value = _directions(emit(initial.value, to), initial.mode, _axis(node))
        start = to.name(f"{node.name}_start", value)
        if initial.is_apart:
            widths = [code(to.size(width)) for width in state_widths(to.layer(node))]
            return _split(start, widths, _axis(node))
        return tuple_of(*[start] * parts_of(node)) if is_pair else start
    state = to.states[initial.source]
    if initial.mode is StateMode.DIRECT:
        return state
    part = _passed(Text("part") if is_pair else state, initial.mode, _axis(node))
    given = call("tuple", Generator(part, "part", state)) if is_pair else part
    return to.name(f"{node.name}_start", given)


def _axis(node: Block) -> int:
    """The axis of a state's features, counted from the end: of an image they are before height and width."""
    return -3 if len(node.grid) == IMAGE else -1


def _split(start: Code, widths: list[Code], axis: int) -> Code:
    """The parts of a state that are side by side: ``start.chunk(2, dim=-1)``."""
    if len(set(map(flat, widths))) == 1:
        return method(start, "chunk", len(widths), dim=axis)
    return method(start, "split_with_sizes", listing(*widths), dim=axis)


def _passed(part: Code, mode: StateMode, axis: int) -> Code:
    """A part of a state, (directions, batch, units), for other directions."""
    if mode is StateMode.JOINED:
        # (2, batch, 6) of an encoder `E=E=E` becomes (1, batch, 12) for a decoder `D-D-D` twice as wide.
        return method(joined([Index(part, "0"), Index(part, "1")], axis), "unsqueeze", 0)
    assert mode is StateMode.FORWARD
    return call("torch.cat", tuple_of(part, call("torch.zeros_like", part)))


def _directions(value: Code, mode: StateMode, axis: int) -> Code:
    """A value, (batch, units), as a part of a state, (directions, batch, units)."""
    if mode is StateMode.DIRECT:
        return method(value, "unsqueeze", 0)
    if mode is StateMode.HALVES:
        return call("torch.stack", method(value, "chunk", 2, dim=axis))
    assert mode is StateMode.FORWARD
    return call("torch.stack", tuple_of(value, call("torch.zeros_like", value)))
