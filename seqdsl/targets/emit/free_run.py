"""phases of a free run → statements: what is computed once, and for each piece, the same for targets with classes.

What passes from the one to the other is what the statements of the second read of the first: it is found in the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seqdsl.ir.free_members import Keeps
from seqdsl.ir.operations import Attend, Convolve, Placeholder, Scan
from seqdsl.layers import layer_def
from seqdsl.size import Size
from seqdsl.targets.code import Assign, Binary, Items, Text, paths, roots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.emitter import Emitter, Kept


_NOTHING = Text("_")


@dataclass(frozen=True, slots=True)
class Held:
    """State that passes from piece to piece.

    Attributes:
        name: the argument that holds it.
        node: the node whose state it is.
        first: what it is before the first piece; ``None``: zero.
        after: what it is after a piece.
    """

    name: str
    node: Node
    first: Code | None
    after: Code


@dataclass(frozen=True, slots=True)
class Written:
    """What is written of a free run.

    Attributes:
        once: the statements of what is computed once.
        step: the statements of what is computed for a piece.
        passed: the variables of the former that the latter read.
        given: the inputs that the latter read themselves.
        states: what passes from piece to piece.
        heads: for each fed input, what is fed into its first step; ``None``: nothing is there before it.
        values: for each fed input, what is fed into its next step.
        pasts: what grows with each piece, the keys and values of attention to earlier steps, and is empty at first.
        begun: the same where something is in it before the first piece.
        begin: the number of a piece's first step, if it is read; else empty.
        limits: how many steps there are codes for, by the node that gives them.
    """

    once: Sequence[Statement]
    step: Sequence[Statement]
    passed: tuple[str, ...]
    given: tuple[str, ...]
    states: tuple[Held, ...]
    heads: tuple[Code | None, ...]
    values: tuple[Code, ...]
    pasts: tuple[Kept, ...] = ()
    begun: tuple[Kept, ...] = ()
    begin: str = ""
    limits: tuple[tuple[str, Size], ...] = ()


@dataclass(frozen=True, slots=True)
class FreeWriting:
    """How a target writes what a free run needs.

    Attributes:
        operation: writes the statements of a node.
        begin: what a recurrence begins with, if that is not zero.
        zeros: writes that the state of a convolution is zero at first, or with ``True`` where it was not given.
        project: writes what an attention projects once; ``None``: nothing is.
        pasts: names what an attention keeps of all steps; ``None``: the target keeps nothing of that kind.
    """

    operation: Callable[[Block, Any], None]
    begin: Callable[[Block, Any], Code]
    zeros: Callable[[str, Node, bool, Any], None]
    project: Callable[[Block, Any], None] | None = None
    pasts: Callable[[Block, Any], dict[str, Kept]] | None = None


def write_phases(phases: Phases, once: Emitter, step: Emitter, how: FreeWriting) -> Written:
    """Write both phases with an emitter each."""
    # E-E-E-D-D-D    once: encoder_state = E(x)          first: decoder_state is encoder_state
    # | | |  | | |   step: y, decoder_state = D(z, decoder_state)
    members = [phases.step.blocks[index] for index in phases.step.order]
    holding, heads, fed = list(filter(_holds, members)), _with_heads(phases), _sources(phases)
    _hold_nothing([node for node in holding if node.index in heads], once, how)
    _keep(phases, once, step)
    _write(phases.once, once, how)
    _project(members, once, how)
    first = {node.index: _first(node, heads, phases, once, how) for node in holding}
    fed_heads = tuple(_head(index, heads, once) for index in fed)
    # From here on the members are what they are for a piece.
    _inherit(once, step, [node.index for node in members])
    _hold(holding, step, how)
    begun = [kept for parts in once.pasts.values() for kept in parts.values()]
    pasts = _name_pasts(members, step, how)
    begin = _count(phases, step)
    _write(phases.step, step, how)
    states = tuple(
        Held(_state_name(node), node, first[node.index], _after(node, step)) for node in holding
    )
    return Written(
        once.statements,
        step.statements,
        _passed(
            once.statements,
            step.statements,
            [*(item.name for item in states), *(item.name.text for item in begun)],
        ),
        _read_inputs(phases, step.statements),
        states,
        fed_heads,
        tuple(step.values[index] for index in fed),
        tuple(kept for kept in pasts if kept not in begun),
        tuple(begun),
        begin,
        tuple(_limits(phases)),
    )


def _limits(phases: Phases) -> Iterator[tuple[str, Size]]:
    """How many steps of the input there may be where each reads a row of a table."""
    # I Z Z Z with position(8, most=64) for each of the four: Z may have 63 steps.
    for index, ahead in phases.run.keeping(Keeps.NUMBER).items():
        node = phases.step.blocks[index]
        assert node.layer is not None
        rows = node.layer.arguments.get(layer_def(node.kind).rows)
        if isinstance(rows, Size):
            yield node.name, rows - ahead


def _keep(phases: Phases, *emitters: Emitter) -> None:
    """Let the emitters know which attentions read a past, and which a memory that is there from the beginning."""
    past = frozenset(phases.run.keeping(Keeps.PAST))
    reading = {index for index in phases.step.order if _attends(phases.step.blocks[index])}
    for to in emitters:
        to.keeps_past, to.projects_once = past, frozenset(reading - past)


def _attends(node: Node) -> bool:
    return isinstance(node.operation, Attend)


def _project(members: Sequence[Block], once: Emitter, how: FreeWriting) -> None:
    """Write what attention makes of a memory that is there from the beginning."""
    for node in members:
        if how.project is not None and node.index in once.projects_once:
            how.project(node, once)


def _name_pasts(members: Sequence[Block], step: Emitter, how: FreeWriting) -> list[Kept]:
    """What grows with each piece; where something is in it already, it is that of before."""
    for node in members:
        if node.index in step.keeps_past and node.index not in step.pasts:
            assert how.pasts is not None
            step.pasts[node.index] = how.pasts(node, step)
    return [kept for parts in step.pasts.values() for kept in parts.values()]


def _count(phases: Phases, step: Emitter) -> str:
    """Let constants count on from the piece before; the name of the number of its first step."""
    counted = phases.run.keeping(Keeps.NUMBER)
    if not counted:
        return ""
    begin = Text(step.names.claim("begin"))
    # I Z Z Z with a position for each of the four: that of the first Z has the number 1.
    for index, ahead in counted.items():
        is_first = ahead == Size.of(0)
        step.counts[index] = begin if is_first else Binary("+", (begin, Text(str(ahead))))
    return begin.text


def _with_heads(phases: Phases) -> set[int]:
    return {item.node for item in phases.run.members if item.head is not None}


def _sources(phases: Phases) -> list[int]:
    """What is fed back into each input."""
    return [item.feedback.block for item in phases.run.fed if item.feedback is not None]


def _hold_nothing(heads: Sequence[Block], once: Emitter, how: FreeWriting) -> None:
    """Let convolutions read zeros before their first step."""
    for node in heads:
        if isinstance(node.operation, Convolve):
            how.zeros(_state_name(node), node, False, once)


def _hold(holding: Sequence[Block], step: Emitter, how: FreeWriting) -> None:
    """Let the state of each node be the argument that holds it."""
    for node in holding:
        if isinstance(node.operation, Scan):
            step.states[node.index] = Text(_state_name(node))
        else:
            how.zeros(_state_name(node), node, True, step)


def _passed(
    once: Sequence[Statement], step: Sequence[Statement], states: Iterable[str]
) -> tuple[str, ...]:
    """The variables of what is computed once that a piece reads and does not make itself."""
    read = roots(paths(step))
    own = {*states} | set(_all_variables(step))
    made = dict.fromkeys(_all_variables(once))
    return tuple(name for name in made if name in read and name not in own)


def _read_inputs(phases: Phases, step: Sequence[Statement]) -> tuple[str, ...]:
    read = roots(paths(step))
    return tuple(item.name for item in phases.once.inputs if item.name in read)


def _holds(node: Node) -> bool:
    operation = node.operation
    return isinstance(operation, Scan) or (
        isinstance(operation, Convolve) and operation.carry.is_taken
    )


def _state_name(node: Node) -> str:
    return f"{node.name}_state"


def _write(spec: Any, to: Emitter, how: FreeWriting) -> None:
    for item in spec.inputs:
        how.operation(spec.blocks[item.block], to)
    for index in spec.order:
        if not isinstance(spec.blocks[index].operation, Placeholder):
            how.operation(spec.blocks[index], to)


def _first(
    node: Block, heads: set[int], phases: Phases, once: Emitter, how: FreeWriting
) -> Code | None:
    """What a node begins the first piece with."""
    if node.index in heads:
        return _after(node, once)
    drawn = phases.whole.blocks[node.index]
    return None if drawn.initial is None else how.begin(drawn, once)


def _after(node: Node, to: Emitter) -> Code:
    return to.states[node.index] if isinstance(node.operation, Scan) else to.given[node.index, 0]


def _head(index: int, heads: set[int], once: Emitter) -> Code | None:
    return once.values[index] if index in heads else None


def _inherit(once: Emitter, step: Emitter, members: Sequence[int]) -> None:
    """Let the second emitter know all that the first wrote, without what the members were by then."""
    # What was written of a member's head, such as `decoder[:, -1]`, is another value from now on.
    for index in members:
        once.forget(index)
    for of, to in zip(_tables(once), _tables(step), strict=True):
        to.update({index: item for index, item in of.items() if index not in members})
    step.projected.update(once.projected)
    step.pasts.update(once.pasts)
    for mine, others in zip(once.caches(), step.caches(), strict=True):
        others.update(mine)
    for name in _all_variables(once.statements):
        if name not in {_state_name(step.graph.nodes[index]) for index in members}:
            step.names.claim(name)


def _tables(to: Emitter) -> tuple[dict[int, Code], ...]:
    return (to.values, to.finals, to.states, to.masks)


def _all_variables(statements: Sequence[Statement]) -> Iterator[str]:
    return (name for item in statements for name in _variables(item))


def _variables(statement: Statement) -> Iterator[str]:
    """The variables that a statement assigns: of ``_, (h_n, _) = self.lstm(x)`` the one."""
    if isinstance(statement, Assign):
        for target in statement.targets:
            parts = target.items if isinstance(target, Items) else (target,)
            yield from (part.text for part in parts if isinstance(part, Text) and part != _NOTHING)
