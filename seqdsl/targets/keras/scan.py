"""recurrences → Keras: sequences, final states, initial states."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import PassedState, StateMode, Use, ValueState
from seqdsl.layers import layer_def
from seqdsl.passes.shared_rnn_calls import batch_of
from seqdsl.size import Size
from seqdsl.targets.code import (
    Call,
    Code,
    Generator,
    Index,
    Items,
    Prefix,
    Text,
    call,
    listing,
    tuple_of,
)
from seqdsl.targets.emit.carried import carry_of, give, taken
from seqdsl.targets.emit.padding import name_mask
from seqdsl.targets.keras.expressions import emit, flipped
from seqdsl.targets.keras.facts import may_keep_start, wants_steps
from seqdsl.targets.keras.layers import layer_of_node, note_cell, options, shown
from seqdsl.targets.keras.masks import SPELLING
from seqdsl.targets.keras.reshaping import concatenate
from seqdsl.targets.keras.states import receive
from seqdsl.targets.notes import Idiom

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.ir.operations import Batch, Scan
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter


def scan(node: Block, scan: Scan, to: KerasEmitter) -> None:
    """Write how a recurrence runs: ``lstm, *lstm_state = layers.LSTM(...)(x)``."""
    value = _operand(node, scan, to)
    start, how = initial_state(node, to), options(node, to)
    note_cell(node, shown(node, to), how, to)
    keywords: dict[str, Code] = {}
    # Where the layer runs forward elsewhere, what it reads is turned round.
    # `go_backwards` is set once, where a layer is made, for all places in which it is called.
    is_turned = node.direction is Direction.BACKWARD and not how["backwards"]
    if (mask := name_mask(node, to, SPELLING)) is not None:
        to.note(Idiom.MASKED, None, "`mask=`")
        keywords["mask"] = flipped(mask) if is_turned else mask
    if start is not None:
        keywords["initial_state"] = start
    run = call(layer_of_node(node, to), flipped(value) if is_turned else value, **keywords)
    outputs = Text(node.name)
    holder = Text("_") if node.uses == {Use.STATE} else outputs
    if how["state"]:
        to.unpack((holder, *receive(node, to)), run)
        if scan.carry.is_given:
            give(node, to.parts[node.index], to)
    else:
        to.assign(holder, run)
    _lay_out(node, scan, outputs, to)
    to.values[node.index] = outputs
    to.finals[node.index] = _final(node, to, how)
    if node.steps is None:
        to.values[node.index] = to.finals[node.index]


def _lay_out(node: Block, scan: Scan, outputs: Code, to: KerasEmitter) -> None:
    """Write that all outputs stand in the order of the steps, those of a batch's chains one after the other."""
    if not wants_steps(node):
        return
    # Outputs come in the order in which they are computed: the last step first.
    if node.direction is Direction.BACKWARD:
        to.comment("Computed from the last step to the first; in order again.")
        to.assign(outputs, flipped(outputs))
    if scan.batch is not None and node.steps is not None:
        to.assign(outputs, _reshaped(outputs, node.steps, node.features))


def _operand(node: Block, scan: Scan, to: KerasEmitter) -> Code:
    """What the steps read; of a batch, each chain is a sample of its own."""
    value = emit(scan.operand, to)
    if scan.batch is None:
        return value
    to.note(Idiom.BATCH, node.index, "`ops.reshape`")
    name = Text(to.names.claim("chains"))
    to.comment(f"The {scan.batch.number} chains run as one batch.")
    return to.assign(name, _reshaped(value, scan.batch.steps, to.layer(node).width))


def _reshaped(value: Code, steps: Size, features: Size) -> Code:
    """A value as sequences of so many steps."""
    return call("ops.reshape", value, tuple_of(-1, steps, features))


def _final(node: Block, to: KerasEmitter, how: Mapping[str, object]) -> Code:
    """The final state as a value."""
    batch, outputs = batch_of(node), Text(node.name)
    # A trained layer may return all steps, and no state, for others than those that read it here.
    if not wants_steps(node) and (how["state"] or not how["sequences"]):
        is_told = bool(how["sequences"]) or may_keep_start(node)
        return _named_final(node, _from_state(node, to) if is_told else outputs, to)
    if node.direction is Direction.BIDIRECTIONAL and Use.FINAL in node.uses:
        return _named_final(node, _from_state(node, to), to)
    return _last(node, batch, to)


def _last(node: Block, batch: Batch | None, to: KerasEmitter) -> Code:
    """The step of the outputs that is computed last."""
    outputs = Text(node.name)
    is_backward = node.direction is Direction.BACKWARD
    is_bidirectional = node.direction is Direction.BIDIRECTIONAL
    if batch and not is_bidirectional:
        # All outputs are one after the other: every so many steps a chain ends.
        first = "" if is_backward else str(batch.steps - 1)
        return Index(outputs, f":, {first}::{batch.steps}")
    # a b c .: the outputs end with zeros for the padding, and the state is that after c.
    if node.masks and not is_bidirectional and Use.FINAL in node.uses:
        return to.parts[node.index][0]
    return Index(outputs, f":, {0 if is_backward else -1}")


def _from_state(node: Block, to: KerasEmitter) -> Code:
    """The final state, as a layer's returned state tells it."""
    parts = to.parts[node.index]
    if node.direction is not Direction.BIDIRECTIONAL:
        return parts[0]
    # Of a bidirectional LSTM h, c, h, c: the hidden states are at 0 and 2. Of a GRU h, h: at 0 and 1.
    second = len(layer_def(node.kind).states)
    return _both(parts[0], parts[second])


def _both(forward: Code, backward: Code) -> Code:
    return call(concatenate(), listing(forward, backward))


def _named_final(node: Block, value: Code, to: KerasEmitter) -> Code:
    """A final state, in a variable if it is put together; a batch of chains has a step for each."""
    if batch := batch_of(node):
        value = _reshaped(value, Size.of(batch.number), node.features)
    return to.name(f"{node.name}_final", value) if isinstance(value, Call) else value


def initial_state(node: Block, to: KerasEmitter) -> Code | None:
    """The state that a recurrence begins with: of an LSTM h and c, of two directions one after the other."""
    if carry_of(node).is_taken:
        to.note(Idiom.START, node.index, "`initial_state=`")
        return listing(*taken(node, to))
    if node.initial is None:
        return None
    to.note(Idiom.START, node.index, "`initial_state=`")
    count = len(layer_def(node.kind).states)
    if isinstance(node.initial, ValueState):
        return _value_state(node, node.initial, count, to)
    return _passed_state(node.initial, count, to)


def _passed_state(initial: PassedState, count: int, to: KerasEmitter) -> Code:
    state, parts = to.states[initial.source], to.parts[initial.source]
    if initial.mode is StateMode.DIRECT:
        return state
    if initial.mode is StateMode.FORWARD:
        # The backward direction has nothing to begin with.
        if isinstance(state, Items):
            return listing(*parts, *(call("ops.zeros_like", part) for part in parts))
        zeros = Generator(call("ops.zeros_like", Text("part")), "part", state)
        return listing(Prefix("*", state), Prefix("*", Items("[", (zeros,), "]")))
    return listing(*passed_parts(initial, count, to))


def passed_parts(initial: PassedState, count: int, to: KerasEmitter) -> Sequence[Code]:
    """The parts of a state that a row of one direction begins with; of two directions they are joined."""
    parts = to.parts[initial.source]
    if initial.mode is StateMode.DIRECT:
        return parts
    # The parts of the forward direction come first: h, c, and then those of the backward one.
    return [_both(parts[part], parts[count + part]) for part in range(count)]


def _value_state(node: Block, initial: ValueState, count: int, to: KerasEmitter) -> Code:
    value = emit(initial.value, to)
    if initial.is_apart:
        return _apart_state(node, initial, value, to)
    if initial.mode is StateMode.HALVES:
        # One value as h and c of both directions: its first half twice, then its second half twice.
        halves = to.name(f"{node.name}_start", call("ops.split", value, 2, axis=-1))
        return listing(*(Index(halves, str(half)) for half in (0, 1) for _ in range(count)))
    parts = [value] * count
    if initial.mode is StateMode.FORWARD:
        parts += [call("ops.zeros_like", value)] * count
    return listing(*parts)


def _apart_state(node: Block, initial: ValueState, value: Code, to: KerasEmitter) -> Code:
    """A value that has the states of a cell side by side: ``ops.split(x, 2, axis=-1)`` is h and c."""
    widths = state_widths(to.layer(node))
    if initial.mode is StateMode.HALVES:
        # h and c of the forward direction, then those of the backward one.
        return to.name(f"{node.name}_start", split_features(value, widths * 2))
    parts = to.name(f"{node.name}_start", split_features(value, widths))
    if initial.mode is StateMode.DIRECT:
        return parts
    zeros = Generator(call("ops.zeros_like", Text("part")), "part", parts)
    return listing(Prefix("*", parts), Prefix("*", Items("[", (zeros,), "]")))


def split_features(value: Code, widths: Sequence[Size]) -> Code:
    """A value cut into parts of some widths: as many as there are where they are alike, else by their places."""
    if len(set(widths)) == 1:
        return call("ops.split", value, len(widths), axis=-1)
    # [size, units, size, units]: cut at size, size + units and 2 * size + units
    places = list(accumulate(widths))[:-1]
    return call("ops.split", value, listing(*places), axis=-1)
