"""phases of a picture that is called → its own method for a piece, and the calls of it: the same for all targets.

::

    def decode(self, x, past):              keys and values of its attentions, or the pasts of what it calls itself
        keys_past, values_past = past
        ...
    block_r = self.block_r.decode(x, block_r_past)
    block_s, block_s_state = self.block_s.decode(block_r, block_s_state)        where a state passes on
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.records import record
from seqdsl.targets.code import Assign, Binary, Return, Text, call, subscripted, tuple_of
from seqdsl.targets.emit.emitter import BlockStep
from seqdsl.targets.emit.generated import Method

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.emitter import Emitter, Kept
    from seqdsl.targets.emit.free_written import Held, Written
    from seqdsl.targets.emit.generated import MethodWriting


def steps_of_calls(phases: Phases, known: dict[str, BlockStep]) -> dict[int, BlockStep]:
    """How each call goes on that keeps something: ``known`` has what is called, by its name."""
    kinds = {index: str(phases.step.blocks[index].kind) for index in phases.calls}
    return {index: known[kind] for index, kind in kinds.items() if kind in known}


def with_blocks(how: MethodWriting, step: Emitter) -> MethodWriting:
    """How a target writes a free run whose calls keep state as well."""
    if not step.call_steps:
        return how

    def kind(node: Node) -> str:
        block = step.call_steps.get(node.index)
        return how.kind(node) if block is None else block.state

    return replace(how, kind=kind, blocks=step.call_steps)


def apply_step(
    node: Node,
    function: Code,
    arguments: Sequence[Code],
    to: Emitter,
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Write a call for a piece, with what it keeps."""
    block, name, given = to.call_steps[node.index], Text(node.name), parameters or {}
    kept: list[Code] = [item.name for item in to.pasts[node.index].values()]
    if not block.state:
        to.assign(name, call(function, *arguments, *kept, **given))
    else:
        state = to.states[node.index]
        to.unpack((name, state), call(function, *arguments, *kept, state, **given))
    to.values[node.index] = name


def block_step(
    name: str, phases: Phases, written: Written, step: Emitter, how: MethodWriting
) -> tuple[Method, BlockStep]:
    """The method of a picture that is called, and how it is called.

    Args:
        name: what it is called.
        phases: the phases of the picture.
        written: what was written of them.
        step: what has written a piece.
        how: how the target writes it.
    """
    how = with_blocks(how, step)
    (source,), (value,) = phases.step.inputs, written.values
    past, state = _past(written.pasts, step, how), _state(written.states, step, how)
    takes = (how.owner, f"{source.name}: {how.array}", *past.takes, *state.takes)
    values: tuple[Code, ...] = (value,)
    gives: Code = Text(how.array)
    if state.kind:
        values = (value, _tupled([item.after for item in written.states]))
        gives = subscripted("tuple", how.array, state.kind)
    body = (*past.first, *state.first, *written.step, Return(values))
    empty = _tupled([item.empty for item in written.pasts]) if past.kind else None
    return Method(name, takes, gives, body), BlockStep(name, empty, past.kind, state.kind)


@record(frozen=True)
class _Kept:
    """What passes from piece to piece.

    Attributes:
        kind: its type; empty: nothing does.
        takes: the parameter that holds it, if anything does.
        first: the statements that take it apart.
    """

    kind: str = ""
    takes: tuple[str, ...] = ()
    first: Sequence[Statement] = ()


def _past(pasts: Sequence[Kept], step: Emitter, how: MethodWriting) -> _Kept:
    """What grows with each piece: one thing under its own name, or a tuple of several."""
    if not pasts:
        return _Kept()
    kind = _joined([item.kind or how.past for item in pasts], how)
    if len(pasts) == 1:
        return _Kept(kind, (f"{pasts[0].name.text}: {kind}",))
    name = step.names.claim("past")
    apart = Assign(tuple(item.name for item in pasts), Text(name))
    return _Kept(kind, (f"{name}: {kind}",), (apart,))


def _state(states: Sequence[Held], step: Emitter, how: MethodWriting) -> _Kept:
    """The state that passes on, which is nothing before the first piece."""
    if not states:
        return _Kept()
    kinds = [how.kind(item.node) for item in states]
    name = states[0].name if len(states) == 1 else step.names.claim("states")
    kind = _joined(kinds, how)
    return _Kept(kind, (f"{name}: {kind} | None",), _begun(states, name, how))


def _begun(states: Sequence[Held], name: str, how: MethodWriting) -> list[Statement]:
    """The statements that take state apart, or begin it."""
    if len(states) > 1:
        # conv_c_state, gru_h_state = states or (None, None)
        zeros = tuple_of(*(_zero(item.node, how) for item in states))
        parts = tuple(Text(item.name) for item in states)
        return [Assign(parts, Binary("or", (Text(name), zeros)))]
    # One state may be an array, which is neither true nor false; most of what reads it takes `None` for zero.
    if how.or_zero is None or how.is_optional(states[0].node):
        return []
    return [Assign((Text(name),), how.or_zero(name, states[0].node))]


def _zero(node: Node, how: MethodWriting) -> Code:
    return Text("None") if how.zero is None or how.is_optional(node) else how.zero(node)


def _tupled(parts: Sequence[Code]) -> Code:
    return parts[0] if len(parts) == 1 else tuple_of(*parts)


_WIDE = 50


def _joined(kinds: Sequence[str], how: MethodWriting) -> str:
    """The type of several values, or of the one."""
    # tuple[Past, Past]; of a block of five blocks tuple[tuple[Past, Past], ...], which fits into a line
    whole = kinds[0] if len(kinds) == 1 else f"tuple[{', '.join(kinds)}]"
    if len(whole) <= _WIDE:
        return whole
    short = f"tuple[{kinds[0]}, ...]"
    return short if len({*kinds}) == 1 and len(short) <= _WIDE else how.any_tuple
