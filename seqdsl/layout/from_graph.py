"""graph of a model → its wires: which steps of which blocks each step reads, at concrete lengths.

The expressions of its nodes are evaluated with numbers for all lengths, so that any way of writing the same wires is
the same: a slice of a padded sequence, a gather by index, a concatenation of parts.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Elementwise, walk
from seqdsl.ir.loops import find_circles
from seqdsl.ir.operations import (
    Attend,
    Batch,
    Call,
    Convolve,
    Identity,
    PassedState,
    Reduce,
    Scan,
    Split,
    StateMode,
    ValueState,
)
from seqdsl.layers import Family, all_layers
from seqdsl.layout.call_text import call_text
from seqdsl.layout.declared import called_by, cells_of
from seqdsl.layout.evaluate import Evaluator, Sequence
from seqdsl.layout.fitting import usual_lengths
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.placeholders import placeholders, resolved
from seqdsl.layout.pooled import how_pooled, lanes, values_apart, wires_and_buses
from seqdsl.layout.reading import reads, unused_name
from seqdsl.layout.unread_windows import without_unread
from seqdsl.layout.windows import Windows, windows_of
from seqdsl.layout.wiring import Begun, Block, Bus, Passed, Source, Steps, Wiring, Wirings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from seqdsl.ir.graph import Graph, Node
    from seqdsl.ir.operations import Operation
    from seqdsl.layout.wiring import Operand

_PASSING = next(name for name, item in all_layers().items() if item.family is Family.IDENTITY)
_OUTPUT = next(name for name, item in all_layers().items() if item.family is Family.OUTPUT)


def wirings(graph: Graph, lengths: Iterable[Mapping[str, int]] | None = None) -> Wirings:
    """The wires of a model, at its parameters' defaults.

    Args:
        graph: the model.
        lengths: values for all its free lengths, each a wiring; default: three different ones.

    Raises:
        Unplaceable: it computes something that has no wires of its own.
    """
    each = list(lengths or usual_lengths(graph))
    at = tuple(_Reader(graph, values).read() for values in each)
    is_padded = any(node.masking for node in graph.nodes)
    counted = tuple(_Reader(graph, values, counts=True).read() for values in each if is_padded)
    fixed = frozenset(name for name in graph.minimum if name not in graph.free)
    return Wirings(graph.name, at, fixed, tuple(cells_of(graph)), tuple(called_by(graph)), counted)


class _Reader:
    """Reads a graph at given lengths."""

    def __init__(self, graph: Graph, lengths: Mapping[str, int], *, counts: bool = False) -> None:
        self.graph = graph
        self.numbers = {**graph.defaults, **lengths}
        self.blocks: list[Block] = []
        # The steps of convolutions that nothing enters.
        self.zeros: list[Source] = []
        self.evaluator = Evaluator(self.numbers, counts=counts)

    def read(self) -> Wiring:
        graph = self.graph
        # Of a loop, one member reads others before they are there: placeholders stand for what they give.
        for index in (member for circle in find_circles(graph) for member in circle):
            steps = graph.nodes[index].steps
            count = 1 if steps is None else steps.value(self.numbers)
            self.evaluator.values[index] = placeholders(index, count)
        # Each node is behind those that it reads but for these, and so are the blocks.
        for index in graph.order:
            self._add(graph.nodes[index])
        inputs = tuple(self._single(item.block) for item in graph.inputs)
        outputs = tuple(self._result(item.block) for item in graph.outputs)
        # Set lengths are parameters, free ones were given; both have a smallest value.
        names = {name: self.numbers[name] for name in (*graph.free, *graph.minimum)}
        blocks = resolved(self.blocks, self.evaluator.values, self.evaluator.block_of)
        return Wiring(without_unread(blocks, self.zeros), inputs, outputs, names)

    def _add(self, node: Node) -> None:
        """Add the blocks of a node; most are one."""
        scan = node.scan
        if scan is not None and scan.batch is not None:
            self._add_runs(node, scan, scan.batch)
        elif isinstance(node.operation, Convolve):
            self._add_windows(node, windows_of(node, node.operation, self.evaluator))
        else:
            steps = None if node.steps is None else node.steps.value(self.numbers)
            how = how_pooled(node) or _combined_in_parts(node)
            operands = self._lanes(node) if how else tuple(self._operands(node, steps))
            block = Block(
                _name(node),
                how or call_text(node, self.graph),
                steps,
                operands,
                node.direction,
                self._initial(node),
                Carry.NONE if node.scan is None else node.scan.carry,
                self._valid(node),
            )
            self._append(node, block)

    def _valid(self, node: Node) -> tuple[frozenset[Source] | int, ...]:
        """Of which steps the padding is that of each step of a node, where that is asked for."""
        if not self.evaluator.counts or not node.masking:
            return ()
        masks = [self.evaluator.steps(mask) for mask in node.masks]
        # A row that marks padding has as many steps as it has.
        return tuple(
            frozenset(filter(None, chain(*step))) for step in zip(*masks, strict=True)
        ) or (-1,)

    def _append(self, node: Node, block: Block) -> int:
        """Add a block that is a whole node."""
        at = len(self.blocks)
        self.blocks.append(block)
        self.evaluator.values[node.index] = [
            (Source(at, step),) for step in range(block.steps or 1)
        ]
        self.evaluator.finals[node.index] = final_of(at, block)
        self.evaluator.block_of[node.index] = at
        return at

    def _operands(self, node: Node, steps: int | None) -> Iterator[Operand]:
        operation = node.operation
        if isinstance(operation, Reduce):
            padded = frozenset(one.index for one in self.graph.nodes if one.masking)
            wires, rest = values_apart(operation, self.evaluator.steps, padded)
            yield from (*wires, Bus(self._singles(rest)))
            return
        for place, expression in enumerate(node.views):
            read = self.evaluator.steps(expression)
            if _reads_all(operation, place, read):
                yield Bus(self._singles(read))
            else:
                yield Steps(tuple(_repeated(operation, read, steps)))

    def _lanes(self, node: Node) -> tuple[Operand, ...]:
        """The operands of nodes with different numbers of wires: some steps have nothing of the last ones."""
        if how_pooled(node):
            return wires_and_buses(node, self.evaluator.steps)
        (read,) = map(self.evaluator.steps, node.views)
        return lanes(read)

    def _singles(self, read: Sequence) -> tuple[Source, ...]:
        """The single values that a bus joins: where they are several side by side, a row passes them on."""
        found = [part for step in read for part in step if part is not None]
        if len(found) == len(read) and all(len(step) == 1 for step in read):
            return tuple(found)
        return self._passed_on(read)

    def _passed_on(self, read: Sequence) -> tuple[Source, ...]:
        """Steps as a row of their own, which passes them on; nothing enters those that are zero."""
        at = len(self.blocks)
        self.blocks.append(Block(f"{_PASSING}_{at}", _PASSING, len(read), (Steps(tuple(read)),)))
        return tuple(Source(at, step) for step in range(len(read)))

    def _add_runs(self, node: Node, scan: Scan, batch: Batch) -> None:
        """Several runs of one layer that are computed as one batch: a block for each."""
        if scan.initial is not None:
            raise Unplaceable(f"the states with which the runs of `{node.name}` begin")
        read = self.evaluator.steps(scan.operand)
        size = batch.steps.value(self.numbers)
        # H-H-H H-H-H is computed as one batch of two; here they are two blocks of one layer.
        values: Sequence = []
        for first in range(0, len(read), size):
            at = len(self.blocks)
            block = Block(
                _name(node),
                call_text(node, self.graph),
                size,
                (Steps(tuple(read[first : first + size])),),
                node.direction,
            )
            self.blocks.append(block)
            values += [(Source(at, step),) for step in range(size)]
        self.evaluator.values[node.index] = values

    def _add_windows(self, node: Node, windows: Windows) -> None:
        """A convolution: all steps of it, of which what reads it sees some."""
        read = self._around(node, windows)
        used = self._used(node, windows)
        at, values = len(self.blocks), self.evaluator.values
        if not all(used):
            zero = Source(at, len(read))
            self.zeros.append(zero)
            read, used = [*read, ()], [step or (zero,) for step in used]
        call = call_text(node, self.graph, causal=windows.causal)
        # The first valid one of the windows around steps 1 and 3 is another than that of all windows.
        centers = windows.centers if self.evaluator.counts and node.masking else ()
        block = Block(_name(node), call, len(read), (Steps(tuple(read)),), valid=centers)
        self._append(node, block)
        values[node.index] = used

    def _around(self, node: Node, windows: Windows) -> Sequence:
        """What a row of windows reads, one around each step; a node that nothing enters would be no window."""
        read = windows.read
        if all(read[part.step] for step in self._used(node, windows) for part in step if part):
            return read
        return [(source,) for source in self._passed_on(read)]

    def _used(self, node: Node, windows: Windows) -> Sequence:
        """The windows that are used of a block that is added next."""
        at, values = len(self.blocks), self.evaluator.values
        values[node.index] = [(Source(at, step),) for step in windows.centers]
        # F F F over five steps: the windows of the inner ones are computed; the block has them all.
        kept = getattr(node.operation, "kept", None)
        return values[node.index] if kept is None else self.evaluator.steps(kept)

    def _initial(self, node: Node) -> Passed | Begun | None:
        initial = node.initial
        if isinstance(initial, PassedState):
            return Passed(self.evaluator.block_of[initial.source])
        if isinstance(initial, ValueState):
            # [h c] of an LSTM, or one value for both: how many features it has tells which.
            (value,) = self.evaluator.steps(initial.value)
            sources = tuple(item for item in value if item is not None)
            return Begun(sources, initial.mode is StateMode.FORWARD)
        return None

    def _single(self, index: int) -> int:
        return self.evaluator.block_of[index]

    def _result(self, index: int) -> int:
        """The block that is an output: its own, or one more that gives what it is."""
        node = self.graph.nodes[index]
        value = self.evaluator.values[index]
        at = self.evaluator.block_of.get(index)
        is_own = at is not None and value == [
            (Source(at, step),) for step in range(self.blocks[at].steps or 1)
        ]
        if is_own and at is not None and not self._is_read(at):
            return at
        # What others read as well, or what is a part of a block, is given by a row of its own.
        steps = None if node.steps is None else len(value)
        name = unused_name(node.name, self.blocks)
        self.blocks.append(Block(name, _OUTPUT, steps, (Steps(tuple(value)),)))
        return len(self.blocks) - 1

    def _is_read(self, at: int) -> bool:
        return any(item.block == at for block in self.blocks for item in reads(block))


def _name(node: Node) -> str:
    return node.name if node.layer is None else node.layer.name


def _combined_in_parts(node: Node) -> str:
    """How a node combines values whose nodes have different numbers of wires, in parts; empty if it does not."""
    # %mean_m = identity @mean_m(concat_time([mean([%a[0:+2 of 4], %b]), %a[2:+2 of 4]]))
    inner = (item for view in node.views for item in walk(view)) if node.layer else ()
    is_identity = isinstance(node.operation, Identity)
    ways = (item.how for item in inner if isinstance(item, Elementwise) and is_identity)
    return next(ways, "")


def _repeated(operation: Operation, read: Sequence, steps: int | None) -> Sequence:
    """What each step of a node reads: of a `split` all read the same."""
    if isinstance(operation, Split) and steps is not None:
        return read * steps
    return read


def _reads_all(operation: Operation, place: int, read: Sequence) -> bool:
    """Whether an operand is a row that is read as a whole: a memory, or the steps of a picture that is called."""
    if isinstance(operation, Call):
        return not operation.each and len(read) > 1
    return isinstance(operation, Attend) and place > 0


def final_of(at: int, block: Block) -> tuple[Source, ...]:
    """The final state of a block as a value: of one direction it is what the last step gives."""
    if block.direction is None:
        return ()
    if block.direction is Direction.BIDIRECTIONAL:
        return (Source(at, final=True),)
    return (Source(at, 0 if block.direction is Direction.BACKWARD else (block.steps or 1) - 1),)
