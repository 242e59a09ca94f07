"""graph with feedback → free run: what of it is computed once, and what step by step, each feeding the next one.

::

                    Y Y Y    E and what is below it is computed once. D, Y and what leads from Z to them is computed
                    | | |    for a piece of Z at a time: the prompt, then one step, which is what Y gave last.
    E-E-E-----------D-D-D
    | | |           | | |
    X X X           Z Z Z    Z = tokens(50, feedback=Y)

A member of the run may begin before ``Z``: with an image in front of the words, the first step of ``D`` reads that.
Such steps are its *head*: they are computed once as well, and leave the state with which the first piece begins.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.called import marks_padding
from seqdsl.ir.carry import Carry
from seqdsl.ir.compare import Misfit, Sizes
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Value, blocks_of
from seqdsl.ir.free_dependence import dependent
from seqdsl.ir.free_faults import FreeFault, NoFreeRun
from seqdsl.ir.free_masks import PaddedNodes, with_masks
from seqdsl.ir.free_members import FreeRun, Keeps, Member
from seqdsl.ir.free_streams import NoPiece, NoStream, Stream, StreamReader
from seqdsl.ir.layers import gives_ids
from seqdsl.ir.loops import find_circles
from seqdsl.ir.operations import Apply, Attend, Call, Constant, Convolve, Identity, Merge, Scan
from seqdsl.ir.shapes import Shapes, types_of
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Graph, Input, Node

__all__ = ["FreeFault", "NoFreeRun", "dependent", "find_free_run"]

_NONE = Size.of(0)


def find_free_run(graph: Graph, goes_on: Container[int] = ()) -> FreeRun | None:
    """The free run of a graph; ``None`` if nothing is fed back.

    Args:
        graph: the graph.
        goes_on: the calls of which each step is computed of the steps up to it.

    Raises:
        NoFreeRun: a step cannot be computed before the next one of the input is there.
    """
    fed = tuple(item for item in graph.inputs if item.feedback is not None)
    if not fed:
        return None
    search = _FreeRuns(graph, fed, goes_on)
    try:
        return search.find()
    finally:
        # Its reader calls it back: without this circle, both are freed at once.
        del search.reader


class _FreeRuns:
    """Reads a graph for its free run."""

    def __init__(self, graph: Graph, fed: tuple[Input, ...], goes_on: Container[int]) -> None:
        self.graph, self.fed, self.goes_on = graph, fed, goes_on
        self.sizes = Sizes(graph)
        shapes = Shapes(self.sizes, types_of(graph))
        first = fed[0].block
        self.ahead: dict[int, Size] = {item.block: _NONE for item in fed}
        self.reader = StreamReader(self.ahead, first, shapes, self._number)
        self.reader.next = len(graph.nodes)
        self.members: dict[int, Member] = {}

    def find(self) -> FreeRun:
        wanted = [item.feedback.block for item in self.fed if item.feedback is not None]
        self._check_lengths()
        order = dependent(self.graph, [item.block for item in self.fed], wanted)
        for index in wanted:
            if index not in order:
                raise NoFreeRun(FreeFault.UNREACHED, index)
        self.reader.pending.update(*map(set, find_circles(self.graph)))
        self.reader.pending &= set(order)
        for index in order:
            node = self.graph.nodes[index]
            try:
                self._add(self._masked(node, self._member(node)))
            except NoPiece:
                raise NoFreeRun(FreeFault.BESIDE, index) from None
            except NoStream:
                is_looped = index in self.reader.pending
                raise NoFreeRun(FreeFault.LOOP if is_looped else FreeFault.LATER, index) from None
            except Misfit:
                raise NoFreeRun(FreeFault.SHIFTED, index) from None
        self._check_loops()
        members = filter(None, map(self.members.get, self.graph.order))
        delays = tuple(self.reader.delays.values())
        begins = tuple(map(self._begins, self.fed))
        known = tuple(self.reader.known.found.values())
        return FreeRun(self.fed, tuple(members), begins, delays, known)

    def _check_lengths(self) -> None:
        """Make sure that all inputs that are fed begin together: a prompt of k steps is one of each."""
        length, *others = (self.graph.nodes[item.block].steps for item in self.fed)
        for item, steps in zip(self.fed[1:], others, strict=True):
            if length is None or steps is None or not self.sizes.same(length, steps):
                raise NoFreeRun(FreeFault.UNEVEN, item.block)

    def _add(self, member: Member) -> None:
        self.members[member.node] = member
        self.ahead[member.node] = member.ahead

    def _number(self, index: int, ahead: Size) -> bool:
        """Let a constant that stands beside a piece be one of the run: each step has a row of its own."""
        # P P P   position(8)      of set lengths it depends on nothing, and becomes a member where it is read
        # Z Z Z
        node = self.graph.nodes[index]
        if not isinstance(node.operation, Constant) or node.steps is None:
            return False
        if index in self.reader.whole or ahead.constant is None or ahead.constant < 0:
            raise NoStream
        like = Value(self.fed[0].block)
        head = None if ahead == _NONE else Constant(like)
        self._add(Member(index, ahead, Constant(like, True), head, keeps=Keeps.NUMBER))
        return True

    def _counted(self, node: Node) -> Member:
        """A constant as long as the input, or as long as that and the steps in front of it."""
        own = self.graph.nodes[self.fed[0].block].steps
        assert node.steps is not None
        assert own is not None
        if not self._number(node.index, node.steps - own):
            raise NoStream
        return self.members[node.index]

    def _check_loops(self) -> None:
        """Make sure that the members of loops begin with the input: what is before it would be a loop of its own."""
        for index in sorted(self.reader.pending):
            if self.members[index].head is not None or self.ahead[index] != _NONE:
                raise NoFreeRun(FreeFault.LOOP, index)

    def _begins(self, fed: Input) -> int:
        """How many steps the source of an input has before the input's first one."""
        assert fed.feedback is not None
        index = fed.feedback.block
        steps, own = self.graph.nodes[index].steps, self.graph.nodes[fed.block].steps
        assert steps is not None and own is not None
        # Both end in the same column: with an image in front of Z, Y has one step more.
        before = (steps - own).constant
        ahead = self.ahead[index]
        if before is None or ahead.constant is None:
            # X X ... X Z Z ... Z below Y Y ... Y: as many more as the other row is long.
            if not self.sizes.same(steps - own, ahead):
                raise NoFreeRun(FreeFault.SHIFTED, index)
            return 1
        # Y Y Y over S Z Z: Z's first step is what Y gave over S. Y may not be drawn to begin even earlier.
        if before > ahead.constant:
            raise NoFreeRun(FreeFault.LATER, index)
        if before < ahead.constant:
            raise NoFreeRun(FreeFault.SHIFTED, index)
        return before

    def _masked(self, node: Node, member: Member) -> Member:
        # A fed id may be padding as well: its step is skipped, as it is in the model as trained.
        masks = [self.reader.mask(item, member.ahead) for item in node.masks]
        if masks and node.index in self.reader.pending and gives_ids(node.kind):
            # Of a step that is padding a loop keeps the value before: ids are kept in another form.
            raise NoStream
        # A frame of zeros may be one that pads a shorter video: what is fed then is made of the frame before.
        known = PaddedNodes(self.graph.nodes, self.members)
        return with_masks(member, masks, known)

    def _member(self, node: Node) -> Member:
        operation = node.operation
        # A call that is left is applied to every step, or goes on from piece to piece; others are written out before.
        if isinstance(operation, Apply | Identity) or (
            isinstance(operation, Call) and (operation.each or node.index in self.goes_on)
        ):
            stream = self.reader.read(operation.operand)
            return self._of_one(node, operation, stream)
        if isinstance(operation, Merge):
            return self._merge(node, operation)
        if isinstance(operation, Scan):
            return self._scan(node, operation)
        if isinstance(operation, Convolve):
            return self._convolve(node, operation)
        if isinstance(operation, Attend):
            return self._attend(node, operation)
        if isinstance(operation, Constant):
            return self._counted(node)
        if isinstance(operation, Call) and marks_padding(operation):
            raise NoFreeRun(FreeFault.MARKS, node.index)
        # What combines all steps is known at the end only.
        raise NoFreeRun(FreeFault.LATER, node.index)

    def _of_one(
        self, node: Node, operation: Apply | Identity | Call | Scan, stream: Stream
    ) -> Member:
        head = None if stream.head is None else replace(operation, operand=stream.head)
        return Member(node.index, stream.ahead, replace(operation, operand=stream.step), head)

    def _merge(self, node: Node, merge: Merge) -> Member:
        streams = self.reader.side_by_side(merge.operands)
        heads = tuple(item.head for item in streams if item.head is not None)
        return Member(
            node.index,
            streams[0].ahead,
            replace(merge, operands=tuple(item.step for item in streams)),
            replace(merge, operands=heads) if heads else None,
        )

    def _scan(self, node: Node, scan: Scan) -> Member:
        if scan.direction is not Direction.FORWARD or scan.batch is not None:
            raise NoFreeRun(FreeFault.LATER, node.index)
        stream = self.reader.read(scan.operand)
        self._check_start(node, stream)
        return self._of_one(node, scan, stream)

    def _check_start(self, node: Node, stream: Stream) -> None:
        # What is cut off in front of a run is not in its state; it would be in that of a piece.
        if stream.ahead.constant is not None and stream.ahead.constant < 0:
            raise NoFreeRun(FreeFault.SHIFTED, node.index)

    def _convolve(self, node: Node, convolve: Convolve) -> Member:
        assert node.layer is not None
        # kernel 3, dilation 2:  x[t - 4]  x[t - 2]  x[t]     four steps of the piece before are kept
        reach = (node.layer.size("kernel") - 1) * node.layer.size("dilation")
        is_causal = (
            convolve.after == _NONE
            and self.sizes.same(convolve.before, reach)
            and convolve.kept is None
            and convolve.centers is None
            and node.layer.arguments["stride"] == 1
        )
        if not is_causal:
            raise NoFreeRun(FreeFault.WINDOW, node.index)
        stream = self.reader.read(convolve.operand)
        self._check_start(node, stream)
        carry = Carry.NONE if convolve.before == _NONE else Carry.BOTH
        step = replace(convolve, operand=stream.step, carry=carry)
        head = None
        if stream.head is not None:
            # The first steps begin with zeros, and give what the next ones read of them.
            given = Carry.NONE if carry is Carry.NONE else Carry.GIVEN
            head = replace(convolve, operand=stream.head, carry=given)
        return Member(node.index, stream.ahead, step, head)

    def _attend(self, node: Node, attend: Attend) -> Member:
        assert node.layer is not None
        memory = [item for item in (attend.memory, attend.keys) if item is not None]
        is_causal = bool(node.layer.arguments["causal"])
        if not is_causal and all(map(self.reader.is_outer, memory)):
            self.reader.whole.update(*map(blocks_of, memory))
            stream = self.reader.read(attend.query)
            head = None if stream.head is None else replace(attend, query=stream.head)
            return Member(node.index, stream.ahead, replace(attend, query=stream.step), head)
        if not is_causal:
            raise NoFreeRun(FreeFault.LATER, node.index)
        return self._attend_past(node, attend, memory)

    def _attend_past(self, node: Node, attend: Attend, memory: Sequence[Expression]) -> Member:
        """Attention of each step to itself and those before it, of which the keys and values are kept."""
        # image Z Z Z    the step of the image is read by all of them, and reads itself alone
        streams = self.reader.side_by_side((attend.query, *memory))
        query = streams[0]
        self._check_start(node, query)
        masks = [self.reader.mask(item, query.ahead) for item in attend.memory_masks]
        heads = [item.head for item in streams]
        head_masks = tuple(item.head for item in masks if item.head is not None)
        step = _attending(
            attend, [item.step for item in streams], tuple(item.step for item in masks)
        )
        assert step is not None
        return Member(
            node.index,
            query.ahead,
            step,
            _attending(attend, heads, head_masks),
            keeps=Keeps.PAST,
        )


def _attending(
    attend: Attend, read: Sequence[Expression | None], masks: tuple[Expression, ...]
) -> Attend | None:
    """An attention that reads something else; ``None``: there is nothing to read."""
    query, memory, *keys = read
    if query is None or memory is None:
        return None
    return replace(
        attend, query=query, memory=memory, keys=keys[0] if keys else None, memory_masks=masks
    )
