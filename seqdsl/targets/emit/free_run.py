"""phases of a free run → statements: what is computed once, and for each piece, the same for targets with classes.

What passes from the one to the other is what the statements of the second read of the first: it is found in the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import ConcatTime, Slice, Value
from seqdsl.ir.free_members import Keeps
from seqdsl.ir.operations import Attend, Convolve, Placeholder, Scan
from seqdsl.layers import layer_def
from seqdsl.size import Size
from seqdsl.targets.code import Assign, Items, Text, flat, is_name, paths, roots
from seqdsl.targets.emit.emitter import Kept
from seqdsl.targets.emit.free_counts import count_on, limits
from seqdsl.targets.emit.free_padding import find_holds, hold_step, write_holds
from seqdsl.targets.emit.free_written import Beside, FreeWriting, Held, Written
from seqdsl.targets.emit.padding import common_mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.emitter import Emitter

__all__ = ["FreeWriting", "Held", "Written", "write_phases"]

_NOTHING = Text("_")


def write_phases(phases: Phases, once: Emitter, step: Emitter, how: FreeWriting) -> Written:
    """Write both phases with an emitter each."""
    # E-E-E-D-D-D    once: encoder_state = E(x)          first: decoder_state is encoder_state
    # | | |  | | |   step: y, decoder_state = D(z, decoder_state)
    members = [phases.step.blocks[index] for index in phases.step.order]
    holding = [node for node in members if _holds(node, step)]
    heads, fed = _with_heads(phases), _sources(phases)
    _hold_nothing(holding, heads, once, how)
    _keep(phases, once, step)
    _write(phases.once, once, how)
    _project(members, once, how)
    first = {node.index: _first(node, heads, phases, once, how) for node in holding}
    delayed = _first_delayed(phases, once, how)
    known = tuple(_known(phases, once, how))
    # What is fed after a padded step is what the last valid one gave: Y over Z, and Y over what is before it.
    holds = find_holds(phases, {index: _head(index, heads, once) for index in fed}, once, how)
    fed_heads = tuple(_head(index, heads, once) for index in fed)
    # From here on the members are what they are for a piece.
    _inherit(once, step, [node.index for node in members])
    _hold(holding, step, how)
    begun = _all_kept(once)
    _name_pasts(members, step, how)
    begin = count_on(phases, step)
    step.holds = frozenset(hold.node.index for hold in holds)
    _name_delayed(phases, step, how)
    _name_known(phases, step)
    _write(phases.step, step, how)
    states = tuple(
        Held(_state_name(node), node, first[node.index], _after(node, step)) for node in holding
    ) + tuple(_held_delays(phases, delayed, step, how))
    states += write_holds(holds, step, how)
    own = {item.name for item in states} | {item.name.text for item in begun}
    own |= {item.piece for item in known}
    return Written(
        once.statements,
        step.statements,
        _passed(once, step.statements, own),
        _read_inputs(phases, step.statements, own),
        states,
        fed_heads,
        tuple(step.values[index] for index in fed),
        tuple(filter(lambda kept: kept not in begun, _all_kept(step))),
        begun,
        begin,
        tuple(limits(phases)),
        known,
    )


def _first_delayed(phases: Phases, once: Emitter, how: FreeWriting) -> dict[int, Code]:
    """What the loop gave before its first step, where that is not zero."""
    found = {}
    for item in phases.run.delays:
        if item.first is not None:
            found[item.node] = _writer(phases.step.blocks[item.node], how)(item.first, once)
    return found


def _writer(node: Node, how: FreeWriting) -> Callable[[Expression, Any], Code]:
    """What writes an expression in the place of a node's value."""
    return how.ids if layer_def(node.kind).gives_ids else how.emit


def _name_delayed(phases: Phases, step: Emitter, how: FreeWriting) -> None:
    """Let what the loop gave before be the argument that holds it."""
    for item in phases.run.delays:
        node = phases.step.blocks[item.node]
        step.values[item.node] = Text(node.name)
        if item.first is None:
            how.zeros(node.name, node, True, step)


def _held_delays(
    phases: Phases, delayed: dict[int, Code], step: Emitter, how: FreeWriting
) -> Iterator[Held]:
    """What a loop gives for later steps: of two steps that are kept, the older one goes."""
    for item in phases.run.delays:
        kept, value, count = Value(item.node), Value(item.source), Size.of(item.count)
        # A loop goes on behind a padded step from what it gave before that.
        hold_step(
            phases.step.blocks[item.source], Text(phases.step.blocks[item.node].name), step, how
        )
        later = Slice(kept, Size.of(1), count - 1, 1, count)
        after = value if item.count == 1 else ConcatTime((later, value))
        node = phases.step.blocks[item.node]
        yield Held(node.name, node, delayed.get(item.node), _writer(node, how)(after, step))


def _known(phases: Phases, once: Emitter, how: FreeWriting) -> Iterator[Beside]:
    """Write what is known beside what is fed, as a whole, or its mask."""
    for item in phases.run.known:
        piece = phases.step.blocks[item.node].name
        if item.is_mask:
            code = common_mask((item.of,), once, how.masks)
            assert code is not None
        else:
            code = how.emit(item.of, once)
        whole = code if is_name(code) else once.name(piece, code)
        yield Beside(piece, flat(whole), item.ahead)


def _name_known(phases: Phases, step: Emitter) -> None:
    """Let a piece of what is known, or of its mask, be the argument that holds it."""
    for item in phases.run.known:
        held = step.masks if item.is_mask else step.values
        held[item.node] = Text(phases.step.blocks[item.node].name)


def _all_kept(to: Emitter) -> tuple[Kept, ...]:
    """All that grows with each piece."""
    return tuple(kept for parts in to.pasts.values() for kept in parts.values())


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


def _name_pasts(members: Sequence[Block], step: Emitter, how: FreeWriting) -> None:
    """Name what grows with each piece, if nothing is in it before the first one."""
    for node in members:
        if node.index in step.keeps_past and node.index not in step.pasts:
            assert how.pasts is not None
            step.pasts[node.index] = how.pasts(node, step)
        elif node.index in step.call_steps:
            step.pasts[node.index] = _past_of_call(node, step)


def _past_of_call(node: Node, step: Emitter) -> dict[str, Kept]:
    """The variable of all that a call keeps of earlier steps, if that grows."""
    block = step.call_steps[node.index]
    if block.empty is None:
        return {}
    return {"past": Kept(Text(step.names.claim(f"{node.name}_past")), block.empty, block.past)}


def _with_heads(phases: Phases) -> set[int]:
    return {item.node for item in phases.run.members if item.head is not None}


def _sources(phases: Phases) -> list[int]:
    """What is fed back into each input."""
    return [item.feedback.block for item in phases.run.fed if item.feedback is not None]


def _hold_nothing(
    holding: Sequence[Block], heads: set[int], once: Emitter, how: FreeWriting
) -> None:
    """Let convolutions read zeros before their first step."""
    for node in holding:
        if node.index in heads and isinstance(node.operation, Convolve):
            how.zeros(_state_name(node), node, False, once)


def _hold(holding: Sequence[Block], step: Emitter, how: FreeWriting) -> None:
    """Let the state of each node be the argument that holds it."""
    for node in holding:
        if not isinstance(node.operation, Convolve):
            step.states[node.index] = Text(_state_name(node))
        else:
            how.zeros(_state_name(node), node, True, step)


def _passed(once: Emitter, step: Sequence[Statement], states: set[str]) -> dict[str, Node | None]:
    """The variables of what is computed once that a piece reads and does not make itself."""
    read = roots(paths(step))
    own = states | set(_all_variables(step))
    # gru_e, gru_e_state = self.gru_e(x)    attention reads `gru_e`; what reads the final state reads `gru_e_state`
    made: dict[str, Node | None] = dict.fromkeys(_all_variables(once.statements))
    made |= {flat(code): once.graph.nodes[index] for index, code in once.states.items()}
    return {name: node for name, node in made.items() if name in read and name not in own}


def _read_inputs(phases: Phases, step: Sequence[Statement], own: set[str]) -> tuple[str, ...]:
    read = roots(paths(step)) - {item.name for item in phases.run.fed} - own
    return tuple(item.name for item in phases.once.inputs if item.name in read)


def _holds(node: Node, step: Emitter) -> bool:
    operation = node.operation
    if node.index in step.call_steps:
        return bool(step.call_steps[node.index].state)
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
    is_given = isinstance(node.operation, Convolve)
    return to.given[node.index, 0] if is_given else to.states[node.index]


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
