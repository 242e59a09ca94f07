"""model specification → the same, its loops cut where what their steps read changes.

A decoder may begin with known steps, and go on with its own::

    D reads  x x x x y y y        known steps, all at once; then a loop of three steps, which begins with the state
    Y                y y y y      after them: the first of Y is made of the last known step, before the loop

What is left are loops whose members all begin and end together, and do the same at every step. What comes before a
loop and after it has no circles, and is computed for all of its steps at once, as anything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seqdsl.ir.carried import values_given
from seqdsl.ir.carry import Carry
from seqdsl.ir.changes import map_expressions, map_operation
from seqdsl.ir.ends import Holds
from seqdsl.ir.expressions import (
    CarriedState,
    ConcatTime,
    Expression,
    FinalState,
    Value,
)
from seqdsl.ir.loop_sources import Look, shifted
from seqdsl.ir.loops import find_loops, sources
from seqdsl.ir.nodes import Masking, passing_on
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Call,
    Convolve,
    Identity,
    Merge,
    PassedState,
    Placeholder,
    Scan,
)
from seqdsl.ir.spreads import shapes_of
from seqdsl.ir.uses import find_uses
from seqdsl.lowering.naming import Names
from seqdsl.passes.loop_copies import Copies
from seqdsl.passes.loop_parts import is_active, loop_parts
from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.ends import State
    from seqdsl.ir.loop_sources import Read
    from seqdsl.ir.loops import Loop, Member
    from seqdsl.ir.operations import Operation
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.loop_parts import Part

_NONE = Size.of(0)


def cut_loops(spec: ModelSpec) -> ModelSpec:
    """Cut the loops of a model where what they do changes; a model without such is returned as it is.

    Raises:
        UnevenLoop: attention over a loop's own past would be cut.
    """
    for loop in find_loops(spec):
        shapes = shapes_of(spec)
        parts = loop_parts(loop, shapes)
        if len(parts) > 1:
            _check_states(loop, spec)
            spec = _Cutting(spec, loop, shapes, parts=parts).cut()
    return spec


def _check_states(loop: Loop, spec: ModelSpec) -> None:
    for member in loop.members:
        node = spec.blocks[member.node]
        # A picture that can be cut anywhere does the same at every step: only a graph built by hand has such a node.
        if getattr(node.operation, "carry", Carry.NONE) is Carry.BOTH:
            raise UnevenLoop(node.name, "its steps change, and its state passes from call to call")


@dataclass
class _Cutting(Copies):
    """Cuts one loop.

    Attributes:
        parts: the parts that it is cut into.
        made: the new nodes, in the order in which they are computed.
    """

    parts: Sequence[Part] = ()
    made: list[Block] = field(default_factory=list)

    def cut(self) -> ModelSpec:
        nodes = list(self.spec.blocks)
        self._number(len(nodes))
        self._copy_all()
        self.made += [self._whole(member) for member in self.loop.members if self._is_cut(member)]
        made = {node.index: node for node in self.made}
        nodes = [made.get(node.index, node) for node in nodes]
        nodes += [made[index] for index in sorted(made) if index >= len(nodes)]
        nodes = [replace(node, operation=self._of_copies(node)) for node in nodes]
        # A row that is drawn above all steps, and read at the last one only, is computed there only.
        inside = self._alive(nodes)
        return replace(
            self.spec,
            nodes=self._used(nodes, inside),
            order=tuple(self._order(inside)),
            states=tuple(map(self._state, self.spec.states)),
        )

    def _state(self, state: State) -> State:
        """A state of the part that takes it, the first, or gives it, the last; values are those of all parts."""
        copies = self.copies.get(state.block)
        if copies is None or state.holds is not Holds.STATE:
            return state
        return replace(state, block=copies[0 if state.is_taken else -1][0])

    def _copy_all(self) -> None:
        for part in self.parts:
            for member in self.loop.members:
                if is_active(member, part, self.shapes):
                    self._copy(member, part)

    def _used(self, nodes: list[Block], inside: Sequence[int]) -> tuple[Block, ...]:
        """All nodes; what nobody reads of the new ones is not computed."""
        names, made = self._names(inside), {node.index for node in self.made}
        for index in made.difference(inside):
            nodes[index] = replace(nodes[index], operation=Placeholder(), layer=None)
        uses = find_uses(nodes)
        for index in inside:
            name = names.get(index, nodes[index].name)
            nodes[index] = replace(nodes[index], uses=uses[index], name=name)
        return tuple(nodes)

    def _order(self, inside: Sequence[int]) -> Iterator[int]:
        first = self.loop.members[0].node
        for index in self.spec.order:
            if index == first:
                yield from inside
            elif index not in self.loop.nodes:
                yield index

    def _alive(self, nodes: Sequence[Block]) -> list[int]:
        """Those of the new nodes that are read, in the order in which they are computed."""
        made = [node.index for node in self.made]
        outside = [index for index in self.spec.order if index not in self.loop.nodes]
        alive = {item.block for item in self.spec.outputs} | values_given(self.spec)
        alive |= {self._state(item).block for item in self.spec.given}
        waiting = [*alive, *outside]
        while waiting:
            found = sources(nodes[waiting.pop()]) - alive
            alive |= found
            waiting += found & {*made}
        return [index for index in made if index in alive]

    def _names(self, inside: Sequence[int]) -> dict[int, str]:
        """What the parts are called: the last one as the member, unless all of them together are."""
        names = Names(
            [node.name for node in self.spec.blocks] + [item.name for item in self.spec.parameters]
        )
        found: dict[int, str] = {}
        for member in self.loop.members:
            name = self.spec.blocks[member.node].name
            *known, last = [number for number, _, _ in self.copies[member.node]]
            found |= {number: names.claim(f"{name}_known") for number in known if number in inside}
            if last != member.node and member.node in inside:
                found[last] = names.claim(f"{name}_own")
        return found

    def _is_cut(self, member: Member) -> bool:
        return len(self.copies[member.node]) > 1

    def _number(self, free: int) -> None:
        """Give each part of a member a number: its own where there is one part only."""
        for member in self.loop.members:
            active = [part for part in self.parts if is_active(member, part, self.shapes)]
            self.copies[member.node] = []
            for part in active:
                number = member.node if len(active) == 1 else free
                free += len(active) > 1
                start = part.start - member.start
                end = part.end - member.start
                self.copies[member.node].append((number, start, end))
                self.masks[number] = tuple(self.masks_of(member, start, end - start))

    def _copy(self, member: Member, part: Part) -> None:
        node = self.spec.blocks[member.node]
        start = part.start - member.start
        place = next(
            place
            for place, (_, first, _) in enumerate(self.copies[member.node])
            if self.shapes.sizes.same(first, start)
        )
        number, start, end = self.copies[member.node][place]
        steps = end - start
        self.made.append(
            replace(
                node,
                index=number,
                steps=steps,
                masking=self.masking(node, number),
                operation=self._operation(member, start, steps, place),
            )
        )

    def _operation(self, member: Member, start: Size, steps: Size, place: int) -> Operation:
        """What the steps of a part compute."""
        operation = self.spec.blocks[member.node].operation
        reads = member.reads
        if isinstance(operation, Convolve):
            return self._windows(operation, reads[0], start, steps)
        streams = [self.stream(read.pieces, start, steps) for read in reads]
        if isinstance(operation, Scan):
            return replace(self._part_of(operation, member, place), operand=streams[0])
        if isinstance(operation, Merge):
            return replace(operation, operands=tuple(streams))
        if isinstance(operation, Attend):
            self._check_attention(member)
            return replace(operation, query=streams[0])
        # A picture of one step is called for each step of a part.
        assert isinstance(operation, Apply | Call | Identity)
        return replace(operation, operand=streams[0])

    def _part_of(self, scan: Scan, member: Member, place: int) -> Scan:
        """A recurrence of one part: it begins where the part before it ends."""
        copies = self.copies[member.node]
        carry = scan.carry
        if place if carry.is_taken else place < len(copies) - 1:
            # *--x x x y y y    the first part takes the state, the last one would give it
            carry = Carry.NONE
        # h_known, state = h(x)        h_own, _ = h(y, state)
        initial = PassedState(copies[place - 1][0]) if place else scan.initial
        return replace(scan, initial=initial, carry=carry)

    def _check_attention(self, member: Member) -> None:
        node = self.spec.blocks[member.node]
        assert node.layer is not None
        if len(member.reads) > 1 or node.layer.arguments["causal"]:
            # Step t looks at the steps up to t: of a part that does not begin at step 0 nothing says that.
            raise UnevenLoop(
                node.name, "its steps change, and attention looks back over the change"
            )

    def _windows(self, operation: Convolve, read: Read, start: Size, steps: Size) -> Convolve:
        """Whole windows over the steps of a part, and over those before them that they look back at."""
        if read.look is not Look.WINDOW:
            return replace(operation, operand=self.stream(read.pieces, start, steps))
        reach = sum((piece.count for piece in read.before), _NONE)
        # Behind the first ones, which are there before the loop: steps -2 and -1 are the first two.
        pieces = [
            *read.before,
            *(
                replace(piece, start=piece.start + reach, read=shifted(piece.read, -reach))
                for piece in read.pieces
            ),
        ]
        operand = self.stream(pieces, start, steps + reach)
        return replace(operation, operand=operand, before=_NONE, after=_NONE, centers=None)

    def _whole(self, member: Member) -> Block:
        """A member as it was: the values of its parts one after the other."""
        node = self.spec.blocks[member.node]
        parts = tuple(Value(number) for number, _, _ in self.copies[member.node])
        return replace(
            passing_on(node, ConcatTime(parts)),
            # Its layer has the name that the picture gives it: no other may have it.
            given="",
            masking=Masking(node.masks) if node.masks else node.masking,
        )

    def _of_copies(self, node: Block) -> Operation:
        """What a node computes, its states read of the last parts."""
        last = {index: copies[-1][0] for index, copies in self.copies.items() if len(copies) > 1}

        def of_last(expression: Expression) -> Expression:
            if isinstance(expression, CarriedState) and expression.block in last:
                return replace(expression, block=self.copies[expression.block][0][0])
            if isinstance(expression, FinalState):
                return FinalState(last.get(expression.block, expression.block))
            return map_expressions(expression, of_last)

        operation = map_operation(node.operation, of_last)
        initial = getattr(operation, "initial", None)
        if isinstance(operation, Scan) and isinstance(initial, PassedState):
            source = last.get(initial.source, initial.source)
            return replace(operation, initial=replace(initial, source=source))
        return operation
