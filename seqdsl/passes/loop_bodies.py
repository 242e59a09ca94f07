"""model specification → the same, its loops as bodies: what one step computes, of vectors, and what it carries on.

The members keep their places in the list of nodes, where they stand for their whole sequences, which are there when
the loop has ended. In the order the first member stands for the loop.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seqdsl.ir.carried import carry_of, values_given
from seqdsl.ir.carry import Carry
from seqdsl.ir.expressions import (
    ConcatTime,
    Expression,
    Repeat,
    Slice,
    Step,
    Value,
    walk,
)
from seqdsl.ir.loop_sources import Look, Zero
from seqdsl.ir.loops import find_loops
from seqdsl.ir.nodes import UNMASKED, passing_on
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Call,
    Convolve,
    Identity,
    Merge,
    Placeholder,
    Scan,
    read_by,
)
from seqdsl.ir.spreads import shapes_of
from seqdsl.passes.loop_body import STEP, Body, Delay, History
from seqdsl.passes.loop_steps import StepReads
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.loop_sources import Piece, Read
    from seqdsl.ir.loops import Member
    from seqdsl.model.spec import Block, ModelSpec

_NONE = Size.of(0)
_ONE = Size.of(1)


def loop_bodies(spec: ModelSpec) -> tuple[ModelSpec, dict[int, Body]]:
    """The bodies of a model's loops, each by its first member; a model without loops is returned as it is.

    Raises:
        UnevenLoop: a loop is not the same at every step.
    """
    loops = find_loops(spec)
    if not loops:
        return spec, {}
    shapes = shapes_of(spec)
    nodes = list(spec.blocks)
    bodies: dict[int, Body] = {}
    for loop in loops:
        making = _Making(spec, loop, shapes, len(nodes))
        bodies[loop.members[0].node] = making.body()
        nodes += making.added()
        for index in loop.nodes:
            # What is computed of it, the body has.
            nodes[index] = replace(nodes[index], layer=None, operation=Placeholder())
    first = {index: loop.members[0].node for loop in loops for index in loop.nodes}
    order = tuple(index for index in spec.order if first.get(index, index) == index)
    return replace(spec, nodes=tuple(nodes), order=order), bodies


@dataclass(slots=True)
class _Making(StepReads):
    """Makes the body of one loop."""

    nodes: list[Block] = field(default_factory=list)
    histories: list[History] = field(default_factory=list)

    def body(self) -> Body:
        members = self.loop.members
        count = members[0].steps
        for member in members:
            same = self.shapes.sizes.same
            if not same(member.steps, count) or not same(member.start, _NONE):
                raise self.uneven(member.node)
        self.numbers = {member.node: self.number() for member in members}
        for member in members:
            self.nodes += self._nodes_of(member)
        return Body(
            count,
            {number: index for index, number in self.numbers.items()},
            tuple(self.nodes),
            tuple(self._delays()),
            tuple(self.histories),
            tuple(self._collected()),
            tuple(self.outer),
        )

    def added(self) -> list[Block]:
        """The nodes that the body adds to those of the model, by number."""
        return sorted([*self.nodes, *self.stands], key=lambda node: node.index)

    def _nodes_of(self, member: Member) -> list[Block]:
        """The nodes that compute a step of a member: one, and of a convolution one more."""
        node = self.spec.blocks[member.node]
        reads = [self._read(read, member) for read in member.reads]
        made = replace(
            node, index=self.numbers[member.node], steps=None, masking=UNMASKED, given=""
        )
        operation = node.operation
        if isinstance(operation, Convolve):
            return self._windows(made, operation, reads[0], member)
        if isinstance(operation, Attend):
            return [self._attending(made, operation, reads)]
        if isinstance(operation, Merge):
            return [replace(made, operation=replace(operation, operands=tuple(reads)))]
        if isinstance(operation, Call):
            # half(y) of each step: of a vector it is the picture as it is.
            return [replace(made, operation=replace(operation, operand=reads[0], each=False))]
        assert isinstance(operation, Apply | Identity | Scan)
        return [replace(made, operation=replace(operation, operand=reads[0]))]

    def _windows(
        self, made: Block, operation: Convolve, operand: Expression, member: Member
    ) -> list[Block]:
        """A window, which gives one step, and that step as a vector."""
        is_window = member.reads[0].look is Look.WINDOW
        window = replace(
            operation,
            operand=operand if is_window else Repeat(operand, _ONE),
            before=_NONE,
            after=_NONE,
            carry=Carry.NONE,
        )
        number = self.number()
        # What is put behind the window is put there before the convolution reads it.
        self.histories = [
            replace(item, reader=number) if item.reader == made.index else item
            for item in self.histories
        ]
        return [
            replace(made, index=number, steps=_ONE, operation=window),
            passing_on(made, Step(Value(number), _NONE, _ONE)),
        ]

    def _attending(self, made: Block, operation: Attend, reads: Sequence[Expression]) -> Block:
        """Attention of one step: to all of an outer memory, or to what is there up to this step."""
        memory = reads[1] if len(reads) > 1 else operation.memory
        masks, keys = operation.memory_masks, operation.keys
        # E-E-E with a bus to D: all of E, named before the loop. D's own past is a history.
        layer = made.layer
        assert layer is not None
        if layer.arguments["causal"] and len(reads) == 1:
            # Of a memory that is there as a whole, what comes later is not read.
            steps, _ = self.shapes.sequence(memory)
            masks = tuple(Slice(mask, _NONE, STEP + 1, 1, steps) for mask in masks)
            memory = Slice(memory, _NONE, STEP + 1, 1, steps)
            keys = None if keys is None else Slice(keys, _NONE, STEP + 1, 1, steps)
        elif len(reads) > 1:
            # What is there of the loop's own past grows with each step, and its mask with it.
            steps = self.loop.members[0].steps
            masks = tuple(Slice(mask, _NONE, STEP + 1, 1, steps) for mask in masks)
        else:
            self.outer |= dict.fromkeys((memory,) if keys is None else (memory, keys))
        plain = replace(layer, arguments={**layer.arguments, "causal": False})
        attend = replace(operation, query=reads[0], memory=memory, keys=keys, memory_masks=masks)
        return replace(made, layer=plain, operation=attend)

    def _read(self, read: Read, member: Member) -> Expression:
        """What a step of a member reads."""
        value = self.stream(read.pieces, member)
        if read.look is Look.STEP:
            return value
        node = self.spec.blocks[member.node]
        features = self.features(read.pieces[0].read)
        window, before = None, None
        if read.look is Look.WINDOW:
            reach = sum((piece.count for piece in read.before), _NONE)
            window, before = reach + 1, self._before(read.before)
        index = self.stand(node, window or member.steps, features)
        reader = self.numbers[member.node]
        state_of = node.index if carry_of(node).is_given and window is not None else None
        self.histories.append(History(index, value, before, window, reader, state_of))
        return Value(index)

    def _before(self, pieces: Sequence[Piece]) -> Expression | None:
        """What a window reads before the first step, a sequence; ``None``: zeros."""
        if all(isinstance(piece.read, Zero) for piece in pieces):
            return None
        return _in_turn([self.sequence(piece.read, piece.start, piece.count) for piece in pieces])

    def _delays(self) -> Iterator[Delay]:
        places = {node.index: place for place, node in enumerate(self.nodes)}
        counts = [(delay.of, delay.steps) for delay in self.delays.values()]
        for delay in self.delays.values():
            # y = dense(y)                 y is read before it is computed anew: one variable
            # z = dense(y); w = add(y_before, z)      w is computed behind y: it needs the old one beside the new one
            last = max(places[reader] for reader in self.readers[delay.node])
            is_alone = sum(of == delay.of for of, _ in counts) == 1
            # One that is held needs the old one beside the new one, too.
            in_place = (
                delay.steps == 1 and not delay.is_held and is_alone and last <= places[delay.of]
            )
            yield replace(delay, in_place=in_place)

    def _collected(self) -> Iterator[int]:
        """The members whose sequences are read when the loop has ended."""
        members = self.loop.nodes
        read = {item.block for item in self.spec.outputs} | values_given(self.spec)
        for index in self.spec.order:
            if index not in members:
                operation = self.spec.blocks[index].operation
                masks = set(getattr(operation, "memory_masks", ()))
                views = [view for view in read_by(operation) if view not in masks]
                read |= {source for view in views for source in _values_in(view)}
        yield from (member.node for member in self.loop.members if member.node in read)


def _values_in(view: Expression) -> frozenset[int]:
    return frozenset(item.block for item in walk(view) if isinstance(item, Value))


def _in_turn(parts: Sequence[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else ConcatTime(tuple(parts))
