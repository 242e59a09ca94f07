"""model → flows: what one layer reads of another, in a word or two, for diagrams of layers."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.analysis.links import LinkKind
from seqdsl.draw.windows import window_text
from seqdsl.layers import Family
from seqdsl.picture.trace import JunctionRef, StateRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.analysis.links import Link
    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.trace import Source, Trace


@dataclass(frozen=True, slots=True)
class Flow:
    """One layer reads another.

    Attributes:
        source: the block that is read.
        target: the block that reads.
        text: what is read of it; empty where each step reads the step below.
        is_state: whether it is state, and not values.
        is_earlier: whether it is of the step before, through delayed nodes.
    """

    source: int
    target: int
    text: str
    is_state: bool
    is_earlier: bool = False


class _Read(NamedTuple):
    """What is read of a block: which of its drawn nodes, in order; itself, if its final state is."""

    nodes: list[int]
    states: list[int]


def find_flows(model: CompiledModel) -> tuple[Flow, ...]:
    """All flows between the blocks of a model."""
    reader = _Reader(model)
    flows = [
        flow
        for _, target, links in model.spec.graph.edges(data="links")
        for flow in dict.fromkeys(reader.flow(link) for link in _drawn(model, target, links))
    ]
    return (*flows, *_earlier(model))


def _drawn(model: CompiledModel, target: int, links: Sequence[Link]) -> Sequence[Link]:
    """The links as wires draw them: of a convolution one, for all places of its windows."""
    is_window = model.drawing.settings[target].definition.family is Family.WINDOW
    return links[:1] if is_window else links


def _earlier(model: CompiledModel) -> Iterator[Flow]:
    """What is read through delayed nodes."""
    for index, operands in enumerate(model.drawing.operands):
        read = (access for operand in operands for access in operand.read)
        for block in dict.fromkeys(access.block for access in read if access.earlier):
            yield Flow(block, index, "one step earlier", False, True)


class _Reader:
    """Finds what blocks read, once for all of them that read the same wires."""

    def __init__(self, model: CompiledModel) -> None:
        self.drawing = model.drawing
        # Delayed units come last: what they give is read one step earlier, which is no flow.
        delayed = sum(block.count for block in model.drawing.blocks)
        self.firsts = [*(block.first for block in model.drawing.blocks), delayed]
        self.by_starts: dict[tuple[Source, ...], dict[int, _Read]] = {}

    def flow(self, link: Link) -> Flow:
        """How one block reads another, in words."""
        if link.kind is LinkKind.STATE:
            states = self.drawing.settings[link.source].definition.states
            return Flow(link.source, link.target, ", ".join(states) or "initial state", True)
        text = "memory" if link.kind is LinkKind.MEMORY else self._steps_read(link)
        text = ", ".join(filter(None, (window_text(self.drawing, link.target), text)))
        return Flow(link.source, link.target, text, False)

    def _steps_read(self, link: Link) -> str:
        """Which steps of a sequence are read; empty where one step leads to one, or where it takes more words.

        ::

                Y     last step             Y Y Y     last 3 steps        Y   Y     stride 2
                |                           | | |                         |   |
            H H H                       H H H H H                       H H H H
        """
        block = self.drawing.blocks[link.source]
        read = self._reads(link.target).get(link.source)
        if read is None or block.is_vector:
            return ""
        if read.states:
            return "final state"
        # By a bus every step reads all of them; by wires, each may read its own.
        if len(read.nodes) == block.count:
            return "all steps" if link.kind is LinkKind.BUS else ""
        if len(link.runs) == 1 and link.runs[0].stride > 1 and link.runs[0].count > 1:
            return f"stride {link.runs[0].stride}"
        return _of_end(block, read.nodes)

    def _reads(self, index: int) -> dict[int, _Read]:
        """What a block reads, by the block that is read."""
        block, trace = self.drawing.blocks[index], self.drawing.trace
        units = range(block.first, block.first + block.count)
        starts = tuple(dict.fromkeys(at for unit in units for at in trace.entries(unit)))
        # A bus may lead to any number of blocks: its sources are gone through once, not for each of them.
        if starts not in self.by_starts:
            self.by_starts[starts] = self._by_block(starts)
        return self.by_starts[starts]

    def _by_block(self, starts: tuple[Source, ...]) -> dict[int, _Read]:
        reads: dict[int, _Read] = {}
        sources = _sources(self.drawing.trace, starts)
        for unit in sorted(source for source in sources if isinstance(source, int)):
            # Units are numbered block by block: with first units 0, 3 and 5, unit 4 is the second of block 1.
            index = bisect_right(self.firsts, unit) - 1
            reads.setdefault(index, _Read([], [])).nodes.append(unit - self.firsts[index])
        for source in sources:
            if isinstance(source, StateRef):
                reads.setdefault(source.block, _Read([], [])).states.append(source.block)
        return reads


def _sources(trace: Trace, starts: tuple[Source, ...]) -> set[Source]:
    """Every unit and final state that wires lead from, the ways through buses followed to their ends."""
    waiting = list(starts)
    # Many wires may leave one bus, and many buses lead into another: each is followed once.
    reached: set[Source] = set()
    while waiting:
        source = waiting.pop()
        if source not in reached:
            reached.add(source)
            if isinstance(source, JunctionRef):
                waiting += trace.junctions[source.number].sources
    return reached


def _of_end(block: DrawnBlock, read: list[int]) -> str:
    """The first or the last steps in words, if no ellipsis among them makes their number another.

    ``read``: which drawn nodes of the block, in order; not all of them.
    """
    # Not one after the other, as the first and the third step are.
    if read[-1] - read[0] + 1 != len(read):
        return ""
    # A stretch after 2 of 3 drawn nodes, `H H ... H`: the last step is known, the last two are not.
    dots = [stretch.after for stretch in block.stretches]
    count = "step" if len(read) == 1 else f"{len(read)} steps"
    # `H ... H H`, both of the last two read: the dots are before them.
    if read[-1] == block.count - 1 and max(dots, default=0) <= read[0]:
        return f"last {count}"
    # `H H ... H`, both of the first two read: the dots are after them.
    if read[0] == 0 and min(dots, default=block.count) > read[-1]:
        return f"first {count}"
    # `H H H`, the one in the middle; with dots before it, its number is not known.
    return f"step {read[0] + 1}" if len(read) == 1 and not dots else ""
