"""specification with feedback → two: what a free run computes once, and what for each piece of the input.

Both have all nodes of the whole, so that numbers stay; `order` holds those that are computed. Where a recurrence goes
on from the piece before, it begins with a state of its own: ``PassedState`` of itself.
"""

from __future__ import annotations

from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from seqdsl.ir.carried import value_shape
from seqdsl.ir.expressions import Value
from seqdsl.ir.free_faults import FreeFault, NoFreeRun
from seqdsl.ir.free_members import FreeRun, Keeps
from seqdsl.ir.free_run import find_free_run
from seqdsl.ir.free_streams import PIECE
from seqdsl.ir.graph import UNMASKED, State
from seqdsl.ir.loops import sources
from seqdsl.ir.operations import Constant, Convolve, Identity, PassedState, Placeholder, Scan, Use
from seqdsl.ir.uses import find_uses
from seqdsl.passes.begun_anew import begun_anew
from seqdsl.passes.free_known import counted_along, grown_nodes, known_pieces, lengthened
from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.free_members import Delay, Member
    from seqdsl.ir.graph import Input
    from seqdsl.model.spec import Block, ModelSpec

(_PIECE,) = PIECE.names


@record(frozen=True)
class Phases:
    """A model that runs free.

    Attributes:
        run: the free run.
        whole: the model itself.
        once: what is computed once: what does not depend on the input that is fed, and what is before its first step.
        step: what is computed for each piece.
        calls: the calls that go on from piece to piece by themselves, each with the phases of what it calls.
    """

    run: FreeRun
    whole: ModelSpec
    once: ModelSpec
    step: ModelSpec
    calls: Mapping[int, Phases] = field(default_factory=dict)


def split_free_run(
    spec: ModelSpec,
    keeps: frozenset[Keeps] = frozenset(),
    calls: Mapping[int, Phases] = MappingProxyType({}),
) -> Phases | None:
    """What is computed once, and what for each piece; ``None`` if nothing is fed back.

    Args:
        spec: the model.
        keeps: what the target can keep of all earlier steps.
        calls: the calls that go on from piece to piece by themselves, each with the phases of what it calls.

    Raises:
        NoFreeRun: it cannot be computed step by step.
    """
    # `generate` takes no state of a call before.
    spec = begun_anew(spec)
    run = find_free_run(spec, calls)
    if run is None:
        return None
    for delay in run.delays:
        if Keeps.BEFORE not in keeps:
            raise NoFreeRun(FreeFault.UNKEPT, delay.source)
    for item in run.members:
        if item.keeps is not None and item.keeps not in keeps:
            raise NoFreeRun(FreeFault.UNKEPT, item.node)
    members = {item.node: _in_pieces(spec.blocks[item.node], item) for item in run.members}
    heads = {
        item.node: _head(spec.blocks[item.node], item)
        for item in run.members
        if item.head is not None
    }
    once, step = _once(spec, run, members, heads), _step(spec, run, members)
    return Phases(run, spec, once, step, calls)


def _in_pieces(node: Block, member: Member) -> Block:
    """A node as it is computed for a piece."""
    operation = member.step
    if isinstance(operation, Scan):
        # D-D-D | D | D | D ...    each piece begins where the one before ended
        operation = replace(operation, initial=PassedState(node.index))
    # A model that chooses the id of padding goes on after it, and its state has to be what it was before.
    masking = replace(node.masking, masks=member.masks, at_end=False)
    return replace(node, operation=operation, steps=PIECE, masking=masking)


def _head(node: Block, member: Member) -> Block:
    """A node as it is computed before the first piece."""
    operation = member.head
    assert operation is not None
    masking = replace(node.masking, masks=member.head_masks)
    return replace(node, operation=operation, steps=member.ahead, masking=masking)


def _once(
    spec: ModelSpec, run: FreeRun, members: Mapping[int, Block], heads: Mapping[int, Block]
) -> ModelSpec:
    begin = [_beginning(spec.blocks[index], members[index], heads) for index in members]
    begin += _firsts(spec, run)
    begin += [_reading(spec, item.of) for item in run.known]
    # E-E-E-D-D-D with an image below the first D: E and that one step of D run once, with what leads to them.
    # What a member begins with counts as read: D's initial state is the reason to run E.
    without = {item.block for item in run.fed}
    without |= {item.node for item in run.delays} | {item.node for item in run.known}
    needed = _needed(spec, [*begin, *heads.values()], members.keys() | without)
    kept = {index: spec.blocks[index] for index in needed} | dict(heads)
    inputs = tuple(item for item in spec.inputs if item.block in needed)
    grown = grown_nodes(spec, run)
    inputs, lengths = lengthened(inputs, spec, grown)
    kept |= {index: counted_along(kept[index], inputs, spec) for index in grown & kept.keys()}
    kept, inputs = _counting_samples(kept, inputs, spec)
    nodes = [kept.get(node.index, _inert(node)) for node in spec.blocks]
    nodes += _stand_ins(spec, run)
    uses = _uses([*nodes, *begin], run)
    return replace(
        spec,
        nodes=tuple(replace(node, uses=uses[node.index]) for node in nodes),
        order=tuple(filter(kept.__contains__, spec.order)),
        inputs=inputs,
        free=(*spec.free, *lengths),
        minimum={**spec.minimum, **dict.fromkeys(lengths, 1)},
        multiple={**spec.multiple, **dict.fromkeys(lengths, 1)},
        states=_states(heads.values()),
    )


def _firsts(spec: ModelSpec, run: FreeRun) -> list[Block]:
    """What stands for reading what a loop begins with: the state in which ``E`` ends, before the first ``d``."""
    return [_reading(spec, item.first) for item in run.delays if item.first is not None]


def _reading(spec: ModelSpec, expression: Expression) -> Block:
    """What reads an expression: of its own it computes nothing."""
    return replace(spec.blocks[0], operation=Identity(expression), masking=UNMASKED)


def _counting_samples(
    kept: dict[int, Block], inputs: tuple[Input, ...], spec: ModelSpec
) -> tuple[dict[int, Block], tuple[Input, ...]]:
    """Let constants count the samples of an input that is there: of the first one, if there is no other."""
    if not any(isinstance(node.operation, Constant) for node in kept.values()):
        return kept, inputs
    inputs = inputs or spec.inputs[:1]
    return {index: _counting(node, inputs[0]) for index, node in kept.items()}, inputs


def _counting(node: Block, like: Input) -> Block:
    """A node that, if it is a constant, counts the samples of an input that is there."""
    operation = node.operation
    if not isinstance(operation, Constant) or operation.free:
        return node
    return replace(node, operation=replace(operation, like=Value(like.block)))


def _beginning(node: Block, member: Block, heads: Container[int]) -> Block:
    """A member that begins as it is drawn, unless its head has run by then."""
    if node.index in heads or not isinstance(member.operation, Scan):
        return member
    return replace(member, operation=replace(member.operation, initial=node.initial))


def _needed(spec: ModelSpec, readers: Iterable[Block], without: Iterable[int]) -> set[int]:
    """What nodes read, and all that leads there."""
    without = set(without)
    needed: set[int] = set()
    waiting = [index for node in readers for index in sources(node)]
    while waiting:
        index = waiting.pop()
        if index not in needed and index not in without:
            needed.add(index)
            waiting += sources(spec.blocks[index])
    return needed


def _inert(node: Block) -> Block:
    """A node that is not computed, and so reads nothing."""
    return replace(node, operation=Placeholder())


def _step(spec: ModelSpec, run: FreeRun, members: Mapping[int, Block]) -> ModelSpec:
    fed = {item.block for item in run.fed}
    nodes = [
        members.get(node.index, _piece(node) if node.index in fed else _inert(node))
        for node in spec.blocks
    ]
    nodes += _stand_ins(spec, run)
    uses = _uses(nodes, run)
    return replace(
        spec,
        nodes=tuple(replace(node, uses=uses[node.index]) for node in nodes),
        order=tuple(index for index in spec.order if index in members),
        inputs=tuple(replace(item, shape=(PIECE, *item.shape[1:])) for item in run.fed),
        free=(*spec.free, _PIECE),
        minimum={**spec.minimum, _PIECE: 1},
        multiple={**spec.multiple, _PIECE: 1},
        states=(*_states(members.values()), *_zero_delays(spec, run)),
    )


def _uses(nodes: Sequence[Block], run: FreeRun) -> dict[int, frozenset[Use]]:
    """What is read of each node's value; of what is fed back the value itself, though none of the nodes reads it."""
    # Y-Y-Y   gru(3)                   y, y_state = self.gru_y(z, y_state): the next piece is `y`
    # Z Z Z   input(3, feedback=Y)
    again = {item.feedback.block for item in run.fed if item.feedback is not None}
    again |= {item.source for item in run.delays}
    return {
        index: uses | {Use.SEQUENCE} if index in again else uses
        for index, uses in find_uses(nodes).items()
    }


def _stand_ins(spec: ModelSpec, run: FreeRun) -> list[Block]:
    """What stands for what is none of the graph's nodes, in the order of its numbers."""
    delayed = [_delayed(spec.blocks[item.source], item) for item in run.delays]
    found = [*delayed, *known_pieces(spec, run)]
    return sorted(found, key=lambda node: node.index)


def _delayed(source: Block, delay: Delay) -> Block:
    """What stands for the value of a member of a loop, some steps before."""
    return replace(
        source,
        index=delay.node,
        name=f"{source.name}_before",
        layer=None,
        operation=Placeholder(),
        steps=Size.of(delay.count),
        masking=UNMASKED,
        given="",
    )


def _zero_delays(spec: ModelSpec, run: FreeRun) -> Iterator[State]:
    """What is zero before the first step of a loop."""
    for item in run.delays:
        if item.first is None:
            source = spec.blocks[item.source]
            shape = value_shape(source, Size.of(item.count))
            yield State(f"{source.name}_before", item.node, 0, shape, True, True)


def _piece(node: Block) -> Block:
    return replace(node, steps=PIECE)


def _states(nodes: Iterable[Block]) -> tuple[State, ...]:
    """What convolutions keep of the piece before: the last steps that they read."""
    return tuple(
        State(
            f"{node.name}_state",
            node.index,
            0,
            (node.operation.before, node.layer.width),
            True,
            True,
        )
        for node in nodes
        if isinstance(node.operation, Convolve)
        and node.operation.carry.is_given
        and node.layer is not None
    )
