"""recurrences → numpy: sequences, final states, initial states."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import PassedState, StateMode, Use
from seqdsl.layers import Kind, layer_def
from seqdsl.size import Size
from seqdsl.targets.code import (
    Binary,
    Code,
    Generator,
    Index,
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
from seqdsl.targets.numpy.activations import activation
from seqdsl.targets.numpy.declared import declared_function, number_keywords
from seqdsl.targets.numpy.expressions import emit, joined
from seqdsl.targets.numpy.masks import SPELLING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import InitialState, Scan
    from seqdsl.targets.numpy.emitter import NumpyEmitter

_NOTHING = Text("_")


def scan(node: Node, scan: Scan, to: NumpyEmitter) -> None:
    """Write how a recurrence runs: ``lstm, lstm_state = _lstm(x, w, "lstm")``.

    A state is a tuple, an LSTM's h and c, of all other cells h; that of a bidirectional layer a tuple of two of these.
    """
    value = emit(scan.operand, to)
    if scan.batch is not None:
        to.comment(f"The {scan.batch.number} chains run as one batch.")
        value = to.name("chains", _reshaped(value, scan.batch.steps, to.layer(node).width, to))
    keywords = _keywords(node, scan, to)
    has_sequence = Use.SEQUENCE in node.uses and node.steps is not None
    sequence = Text(node.name) if has_sequence else _NOTHING
    if scan.rows and Use.STATE in node.uses:
        _continued_rows(node, scan, value, keywords, to)
        _name_values(node, scan, to)
        return
    for row in range(1, len(scan.rows)):
        # The rows of a stack, each over the outputs of the one below:
        #
        #     h, _ = _lstm(x, w, "h", "_l0")
        #     h, _ = _lstm(h, w, "h", "_l1")
        below = row_weights(node, row - 1, to)
        to.unpack((Text(node.name), _NOTHING), _run(node, scan, value, below, keywords, to))
        value = Text(node.name)
    weights = to.weights(node)
    top: tuple[object, ...] = weights
    if scan.rows:
        top = row_weights(node, len(scan.rows) - 1, to)
    elif layer_def(node.kind).is_equations and scan.direction is Direction.BIDIRECTIONAL:
        # In PyTorch the cells of both directions are `cell` and `cell_reverse` of the layer.
        top = (*weights, '".cell"')
    to.unpack((sequence, _state(node, to)), _run(node, scan, value, top, keywords, to))
    if scan.batch is not None and has_sequence and node.steps is not None:
        to.assign(sequence, _reshaped(sequence, node.steps, node.features, to))
    _name_values(node, scan, to)


def row_weights(node: Node, row: int, to: NumpyEmitter) -> tuple[object, ...]:
    """The arguments that tell a function where the weights of a row of a stack are."""
    to.options.add("suffix")
    return (*to.weights(node), f'"_l{row}"')


def _continued_rows(
    node: Node, scan: Scan, value: Code, keywords: dict[str, object], to: NumpyEmitter
) -> None:
    """Write a stack whose state passes on: a tuple of the states of all rows, one behind the other.

    ::

        h, h_state_l0 = _lstm(x, w, "h", "_l0", state=h_state and h_state[:2])
        h, h_state_l1 = _lstm(h, w, "h", "_l1", state=h_state and h_state[2:])
        h_state = h_state_l0 + h_state_l1
    """
    parts, count, before = len(layer_def(node.kind).states), len(scan.rows), keywords.get("state")
    ends: list[Code] = []
    for row in range(count):
        if before is not None:
            # The first piece begins with None, which is zero for every row.
            end = "" if row == count - 1 else str((row + 1) * parts)
            part = Index(
                Text(f"{flat(code(before))} and {flat(code(before))}"), f"{row * parts or ''}:{end}"
            )
            keywords = {**keywords, "state": part}
        ends.append(Text(to.names.claim(f"{node.name}_state_l{row}")))
        run = _run(node, scan, value, row_weights(node, row, to), keywords, to)
        to.unpack((Text(node.name), ends[-1]), run)
        value = Text(node.name)
    state = to.states[node.index] = Text(to.names.claim(f"{node.name}_state"))
    to.assign(state, Binary("+", tuple(ends)))


def _run(
    node: Node,
    scan: Scan,
    value: Code,
    weights: tuple[object, ...],
    keywords: dict[str, object],
    to: NumpyEmitter,
) -> Code:
    layer = run_function(node, to)
    if scan.direction is Direction.BIDIRECTIONAL:
        to.options |= {"backward", "suffix"}
        return call(to.function("bidirectional"), layer, value, *weights, **keywords)
    return call(layer, value, *weights, **keywords)


def run_function(node: Node, to: NumpyEmitter) -> str:
    """The function of the module that runs a recurrent layer."""
    is_equations = layer_def(node.kind).is_equations
    return declared_function(node, to) if is_equations else to.function(node.kind)


def _keywords(node: Node, scan: Scan, to: NumpyEmitter) -> dict[str, object]:
    """What a run has beside its weights: a state, a mask, its direction, and activations that are not usual."""
    keywords: dict[str, object] = {}
    if scan.carry.is_taken:
        keywords["state"] = tuple_of(*taken(node, to))
    elif scan.initial is not None:
        keywords["state"] = initial_state(node, scan.initial, to)
    if (mask := name_mask(node, to, SPELLING)) is not None:
        keywords["mask"] = mask
    if scan.direction is Direction.BACKWARD:
        keywords["backward"] = True
    keywords |= run_keywords(node, to)
    # The module's functions take what any of the model's recurrences has, and nothing else.
    to.options.update(keywords)
    return keywords


def run_keywords(node: Node, to: NumpyEmitter) -> dict[str, object]:
    """The activations of a cell that are not usual."""
    keywords: dict[str, object] = {}
    if layer_def(node.kind).is_equations:
        return number_keywords(node, to)
    given = layer_def(node.kind).given(to.layer(node).arguments)
    if given.get("projection") is not None:
        to.options.add("projection")
    for argument in layer_def(node.kind).signature.arguments:
        word = given[argument.name]
        if argument.kind is Kind.ACTIVATION and word != argument.default:
            keywords[argument.name] = activation(str(word), to)
    return keywords


def _state(node: Node, to: NumpyEmitter) -> Code:
    """What receives a layer's state, or nothing."""
    if not node.uses & {Use.STATE, Use.FINAL} and node.steps is not None:
        return _NOTHING
    state = to.states[node.index] = Text(to.names.claim(f"{node.name}_state"))
    if carry_of(node).is_given:
        count = len(layer_def(node.kind).states)
        give(node, tuple(Index(state, str(part)) for part in range(count)), to)
    return state


def _name_values(node: Node, scan: Scan, to: NumpyEmitter) -> None:
    """Name what is read of a recurrence: all of its outputs, or the final one."""
    to.values[node.index] = Text(node.name)
    if Use.FINAL in node.uses or node.steps is None:
        to.finals[node.index] = _final(node, scan, to)
    if node.steps is None:
        to.values[node.index] = to.finals[node.index]


def _final(node: Node, scan: Scan, to: NumpyEmitter) -> Code:
    """The final state as a value: both directions' side by side."""
    # (h, c), of a bidirectional layer ((h, c), (h, c)): h of each. The last step's output would not do: in it, the
    # backward direction has read one step only.
    state = to.states[node.index]
    if scan.direction is Direction.BIDIRECTIONAL:
        value = joined([Index(Index(state, "0"), "0"), Index(Index(state, "1"), "0")], -1)
    else:
        is_whole = scan.rows and Use.STATE in node.uses
        value = Index(state, str(-len(layer_def(node.kind).states)) if is_whole else "0")
    if scan.batch is not None:
        value = _reshaped(value, Size.of(scan.batch.number), node.features, to)
    elif scan.direction is not Direction.BIDIRECTIONAL:
        return value
    return to.name(f"{node.name}_final", value)


def _reshaped(value: Code, steps: Size, features: Size, to: NumpyEmitter) -> Code:
    """A value as sequences of so many steps."""
    return method(value, "reshape", -1, to.size(steps), to.size(features))


def initial_state(node: Node, initial: InitialState, to: NumpyEmitter) -> Code:
    """The state that a recurrence begins with, of both directions where it has them."""
    if isinstance(initial, PassedState):
        return _passed(node, to.states[initial.source], initial.mode, to)
    # drawn value              HALVES: first half to the forward direction, last to the backward one
    #                          FORWARD: all of it to the forward direction, and nothing to the other
    value = emit(initial.value, to)
    widths = state_widths(to.layer(node)) if initial.is_apart else ()
    if initial.mode is StateMode.HALVES:
        to.unpack(
            halves := tuple(
                Text(to.names.claim(f"{node.name}_{side}")) for side in ("first", "last")
            ),
            call("np.split", value, 2, axis=-1),
        )
        return tuple_of(*(_parts(half, node, widths, to) for half in halves))
    state = _parts(value, node, widths, to)
    return tuple_of(state, "None") if initial.mode is StateMode.FORWARD else state


def _passed(node: Node, state: Code, mode: StateMode, to: NumpyEmitter) -> Code:
    """The state in which another layer ended, which may run in other directions."""
    if mode is StateMode.DIRECT:
        return state
    if mode is StateMode.FORWARD:
        return tuple_of(state, "None")
    assert mode is StateMode.JOINED
    # From ((h, c), (h, c)) to (h, c) twice as wide: of h both directions' side by side, then of c.
    sides = call("np.concatenate", "sides", axis=-1)
    parts = Generator(sides, "sides", call("zip", f"*{flat(state)}"))
    return to.name(f"{node.name}_start", call("tuple", parts))


def _parts(value: Code, node: Node, widths: Sequence[Size], to: NumpyEmitter) -> Code:
    """A value as each part of a state: ``(x, x)`` for h and c; cut apart where it has them side by side."""
    if widths:
        # h of 3 features, c of 6: cut at 3
        places = [to.size(place) for place in list(accumulate(widths))[:-1]]
        parts = len(widths) if len(set(widths)) == 1 else listing(*places)
        return call("tuple", call("np.split", value, parts, axis=-1))
    return tuple_of(*[value] * len(layer_def(node.kind).states))
