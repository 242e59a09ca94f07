"""recurrences → numpy: sequences, final states, initial states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import PassedState, StateMode, Use
from seqdsl.layers import layer_def
from seqdsl.size import Size
from seqdsl.targets.code import Code, Text, call, flat, listing, method
from seqdsl.targets.code.expressions import operand
from seqdsl.targets.numpy.expressions import emit, emit_mask

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import InitialState, Scan
    from seqdsl.targets.numpy.emitter import Emitter

_DEFAULTS = {"activation": "tanh", "recurrent_activation": "sigmoid"}
_KEYWORDS = {"activation": "activation", "recurrent_activation": "gate"}


def scan(node: Node, scan: Scan, to: Emitter) -> None:
    """Write how a recurrence runs: ``outputs, state = lstm(x, w, "lstm")``.

    The state is a list with a tuple for each direction: an LSTM's h and c, of all other cells h.
    """
    value = emit(scan.operand, to)
    batch = scan.batch
    if batch is not None:
        value = _reshaped(value, batch.steps, to.layer(node).width, to)
    keywords = _keywords(node, scan, to)
    to.uses.update(keywords)
    if scan.rows:
        to.function("run_stack")
    run = call(to.function(f"run_{node.kind}"), value, *to.weights(node), **keywords)
    needs_final = Use.FINAL in node.uses or node.steps is None
    sequence = to.variable(node) if Use.SEQUENCE in node.uses and node.steps is not None else "_"
    state = to.names.claim(f"{node.name}_state") if needs_final or Use.STATE in node.uses else "_"
    to.assign(f"{sequence}, {state}", run)
    if state != "_":
        to.states[node.index] = Text(state)
    if batch is not None and node.steps is not None and sequence != "_":
        to.assign(sequence, _reshaped(Text(sequence), node.steps, node.features, to))
    _keep(node, scan, sequence, to)


def _keep(node: Node, scan: Scan, sequence: str, to: Emitter) -> None:
    """Keep what holds the value of a node, and its final state where that is read."""
    if sequence != "_":
        to.values[node.index] = Text(sequence)
    if Use.FINAL in node.uses or node.steps is None:
        to.finals[node.index] = _final(node, scan, to)
    if node.steps is None:
        to.values[node.index] = to.finals[node.index]


def _keywords(node: Node, scan: Scan, to: Emitter) -> dict[str, object]:
    """What a run has beside its weights: rows, directions, state, mask and activations of its own."""
    found: dict[str, object] = {}
    if scan.rows:
        found["layers"] = len(scan.rows)
    if scan.direction is Direction.BIDIRECTIONAL:
        found["bidirectional"] = True
    if scan.direction is Direction.BACKWARD:
        found["backward"] = True
    if scan.initial is not None:
        found["state"] = _initial(scan.initial, node, to)
    mask = emit_mask(node.masks, to)
    if mask is not None:
        to.masks[node.index] = to.name(f"{node.name}_mask", mask)
        found["mask"] = to.masks[node.index]
    for argument, usual in _DEFAULTS.items():
        word = str(to.layer(node).arguments.get(argument) or usual)
        if word != usual:
            found[_KEYWORDS[argument]] = _function(word, to)
    return found


def _function(word: str, to: Emitter) -> str:
    if word == "tanh":
        return "np.tanh"
    return to.function("identity" if word == "linear" else word)


def _reshaped(value: Code, steps: Size, features: Size, to: Emitter) -> Code:
    """A value as sequences of so many steps."""
    return method(value, "reshape", -1, to.size(steps), to.size(features))


def _final(node: Node, scan: Scan, to: Emitter) -> Code:
    """The final state as a value: both directions' side by side."""
    state = flat(to.states[node.index])
    text: Code = Text(f"{state}[0][0]")
    if scan.direction is Direction.BIDIRECTIONAL:
        text = call("np.concatenate", listing(f"{state}[0][0]", f"{state}[1][0]"), axis=-1)
    if scan.batch is not None:
        text = _reshaped(text, Size.of(scan.batch.number), node.features, to)
    elif scan.direction is not Direction.BIDIRECTIONAL:
        return text
    return to.assign(to.names.claim(f"{node.name}_final"), text)


def _initial(initial: InitialState, node: Node, to: Emitter) -> Code:
    """The state of each direction that a recurrence begins with."""
    if isinstance(initial, PassedState):
        state = flat(to.states[initial.source])
        if initial.mode is StateMode.DIRECT:
            return Text(state)
        if initial.mode is StateMode.FORWARD:
            return Text(f"[{state}[0], None]")
        # A generator, behind which a comma would be wrong, is never broken.
        parts = f"np.concatenate(parts, axis=-1) for parts in zip(*{state})"
        return listing(f"tuple({parts})")
    value, count = flat(operand(emit(initial.value, to))), len(layer_def(node.kind).states)
    if initial.mode is StateMode.HALVES:
        halves = to.name(f"{node.name}_start", call("np.split", value, 2, axis=-1))
        return listing(*(_parts(f"{flat(halves)}[{half}]", count) for half in (0, 1)))
    return Text(f"[{_parts(value, count)}{', None' * (initial.mode is StateMode.FORWARD)}]")


def _parts(value: str, count: int) -> str:
    """A value as each part of a state: ``(x, x)`` for h and c."""
    return f"({', '.join([value] * count)}{',' * (count == 1)})"
