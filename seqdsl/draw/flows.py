"""model → flows: what one layer reads of another, in a word or two, for diagrams of layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.picture.trace import JunctionRef, StateRef

if TYPE_CHECKING:
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
    """

    source: int
    target: int
    text: str
    is_state: bool


def find_flows(model: CompiledModel) -> tuple[Flow, ...]:
    """All flows between the blocks of a model."""
    return tuple(
        flow
        for _, _, links in model.spec.graph.edges(data="links")
        for flow in dict.fromkeys(_flow(model, link) for link in links)
    )


def _flow(model: CompiledModel, link: Link) -> Flow:
    if link.kind == "state":
        states = model.drawing.settings[link.source].definition.states
        return Flow(link.source, link.target, ", ".join(states) or "initial state", True)
    text = "memory" if link.kind == "memory" else _steps_read(model, link)
    return Flow(link.source, link.target, text, False)


def _steps_read(model: CompiledModel, link: Link) -> str:
    """Which steps of a sequence are read; empty where one step leads to one, or where it takes more words.

    ::

            Y     last step             Y Y Y     last 3 steps        Y   Y     stride 2
            |                           | | |                         |   |
        H H H                       H H H H H                       H H H H
    """
    block = model.drawing.blocks[link.source]
    sources = _sources(model.drawing.trace, model.drawing.blocks[link.target])
    if StateRef(link.source) in sources:
        return "final state"
    units = {source for source in sources if isinstance(source, int)}
    read = [at for at in range(block.count) if block.first + at in units]
    if block.is_vector or not read:
        return ""
    # By a bus every step reads all of them; by wires, each may read its own.
    if len(read) == block.count:
        return "all steps" if link.kind == "bus" else ""
    if len(link.runs) == 1 and link.runs[0].stride > 1 and link.runs[0].count > 1:
        return f"stride {link.runs[0].stride}"
    return _of_end(block, read)


def _sources(trace: Trace, block: DrawnBlock) -> set[Source]:
    """Every unit and final state that a block reads, the ways through buses followed to their ends."""
    waiting: list[Source] = [
        source
        for unit in range(block.first, block.first + block.count)
        for source in trace.entries(unit)
    ]
    # Many wires may leave one bus, and many buses lead into another: each is followed once.
    found: set[Source] = set()
    while waiting:
        source = waiting.pop()
        if source not in found:
            found.add(source)
            if isinstance(source, JunctionRef):
                waiting += trace.junctions[source.number].sources
    return found


def _of_end(block: DrawnBlock, read: list[int]) -> str:
    """The first or the last steps in words, if no ellipsis among them makes their number another.

    ``read``: which drawn nodes of the block, in order; not all of them.
    """
    if read[-1] - read[0] + 1 != len(read):
        return ""
    # A stretch after 2 of 3 drawn nodes, `H H ... H`: the last step is known, the last two are not.
    dots = [stretch.after for stretch in block.stretches]
    count = "step" if len(read) == 1 else f"{len(read)} steps"
    if read[-1] == block.count - 1 and all(after <= read[0] for after in dots):
        return f"last {count}"
    if read[0] == 0 and all(after > read[-1] for after in dots):
        return f"first {count}"
    return f"step {read[0] + 1}" if len(read) == 1 and not dots else ""
