"""graph of a model → its wires: which steps of which blocks each step reads, at concrete lengths.

The expressions of its nodes are evaluated with numbers for all lengths, so that any way of writing the same wires is
the same: a slice of a padded sequence, a gather by index, a concatenation of parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.text import cell_text
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
from seqdsl.layers import Family, all_layers, layer_def
from seqdsl.layout.call_text import call_text
from seqdsl.layout.evaluate import Evaluator, Sequence
from seqdsl.layout.fitting import usual_lengths
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.promises import kept, promised
from seqdsl.layout.reading import reads, unused_name
from seqdsl.layout.unread_windows import without_unread
from seqdsl.layout.windows import Windows, windows_of
from seqdsl.layout.wiring import Begun, Block, Bus, Passed, Source, Steps, Wiring, Wirings
from seqdsl.model.spec import ModelSpec

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
    at = tuple(_Reader(graph, values).read() for values in lengths or usual_lengths(graph))
    fixed = frozenset(name for name in graph.minimum if name not in graph.free)
    return Wirings(graph.name, at, fixed, tuple(_cells(graph)), tuple(_called(graph)))


def _cells(graph: Graph) -> Iterator[str]:
    """The texts of the cells that a file declares for a graph, and for what it calls."""
    graphs = [graph, *_bodies(graph).values()]
    scans = [(node.kind, node.scan) for item in graphs for node in item.nodes]
    found = {
        scan.body.name: scan.body
        for kind, scan in scans
        if scan is not None and layer_def(kind).is_declared
    }
    yield from map(cell_text, found.values())


def _called(graph: Graph) -> Iterator[str]:
    """The texts of the pictures that a graph calls."""
    for name, body in _bodies(graph).items():
        yield f"model {name}\n\n{body.picture}\n"


def _bodies(graph: Graph) -> dict[str, ModelSpec]:
    """The pictures that a graph calls, each behind those that it calls itself."""
    known: dict[str, ModelSpec] = {}
    for node in graph.nodes:
        if isinstance(node.operation, Call):
            body = node.operation.body
            if not isinstance(body, ModelSpec):
                raise Unplaceable(f"`{node.kind}`, which is called, is not drawn")
            known |= {**body.called, body.name: body}
    return known


class _Reader:
    """Reads a graph at given lengths."""

    def __init__(self, graph: Graph, lengths: Mapping[str, int]) -> None:
        self.graph = graph
        self.numbers = {**graph.defaults, **lengths}
        self.blocks: list[Block] = []
        # The steps of convolutions that nothing enters.
        self.zeros: list[Source] = []
        self.evaluator = Evaluator(self.numbers)

    def read(self) -> Wiring:
        graph = self.graph
        # Of a loop, one member reads others before they are there: it is promised what they give.
        for index in (member for circle in find_circles(graph) for member in circle):
            steps = graph.nodes[index].steps
            count = 1 if steps is None else steps.value(self.numbers)
            self.evaluator.values[index] = promised(index, count)
        # Each node is behind those that it reads but for these, and so are the blocks.
        for index in graph.order:
            self._add(graph.nodes[index])
        inputs = tuple(self._single(item.block) for item in graph.inputs)
        outputs = tuple(self._result(item.block) for item in graph.outputs)
        # Set lengths are parameters, free ones were given; both have a smallest value.
        names = {name: self.numbers[name] for name in (*graph.free, *graph.minimum)}
        blocks = kept(self.blocks, self.evaluator.values, self.evaluator.block_of)
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
            how = _combined_in_parts(node)
            operands = self._lanes(node) if how else tuple(self._operands(node, steps))
            block = Block(
                _name(node),
                how or call_text(node, self.graph),
                steps,
                operands,
                node.direction,
                self._initial(node),
                Carry.NONE if node.scan is None else node.scan.carry,
            )
            self._append(node, block)

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
        for place, expression in enumerate(node.views):
            read = self.evaluator.steps(expression)
            if _reads_all(operation, place, read):
                yield Bus(self._singles(read))
            else:
                yield Steps(tuple(_repeated(operation, read, steps)))

    def _lanes(self, node: Node) -> tuple[Operand, ...]:
        """The operands of nodes with different numbers of wires: some steps have nothing of the last ones."""
        (read,) = map(self.evaluator.steps, node.views)
        wide = max(map(len, read))
        return tuple(Steps(tuple(step[at : at + 1] for step in read)) for at in range(wide))

    def _singles(self, read: Sequence) -> tuple[Source, ...]:
        """The single values that a bus joins: where they are several side by side, a row passes them on."""
        found = [part for step in read for part in step if part is not None]
        if len(found) == len(read) and all(len(step) == 1 for step in read):
            return tuple(found)
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
        at, values = len(self.blocks), self.evaluator.values
        values[node.index] = [(Source(at, step),) for step in windows.centers]
        # F F F over five steps: the windows of the inner ones are computed; the block has them all.
        kept = getattr(node.operation, "kept", None)
        used = values[node.index] if kept is None else self.evaluator.steps(kept)
        read = windows.read
        if not all(used):
            zero = Source(at, len(read))
            self.zeros.append(zero)
            read, used = [*read, ()], [step or (zero,) for step in used]
        call = call_text(node, self.graph, causal=windows.causal)
        self._append(node, Block(_name(node), call, len(read), (Steps(tuple(read)),)))
        values[node.index] = used

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
    return isinstance(operation, Reduce) or (isinstance(operation, Attend) and place > 0)


def final_of(at: int, block: Block) -> tuple[Source, ...]:
    """The final state of a block as a value: of one direction it is what the last step gives."""
    if block.direction is None:
        return ()
    if block.direction is Direction.BIDIRECTIONAL:
        return (Source(at, final=True),)
    return (Source(at, 0 if block.direction is Direction.BACKWARD else (block.steps or 1) - 1),)
