"""block → what it reads, step by step and altogether."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING

from seqdsl.layers import Family, find_layer
from seqdsl.layout.call_key import kind_of
from seqdsl.layout.wiring import Begun, Block, Bus, Passed, Source, Steps
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layout.wiring import Operand, Part


_DELAYED = "~"


@record(frozen=True)
class Delay:
    """What a row of delayed nodes gives.

    Attributes:
        layer: the layer whose letter it is.
        lag: how many steps before: 1, if it is what people draw.
        first: the step that its first node gives; negative: one before the first.
    """

    layer: str
    lag: int
    first: int


# ~dense_y: ~(1, -1)    a row of `y`, which begins with what was there before the first step of `Y`
def delayed_row(delay: Delay, steps: int) -> Block:
    """A row of delayed nodes: a block that reads nothing."""
    call = f"{_DELAYED}({delay.lag}, {delay.first})"
    return Block(f"{_DELAYED * delay.lag}{delay.layer}", call, steps)


def delay_of(block: Block) -> Delay | None:
    """What a block gives that is a row of delayed nodes; of any other ``None``."""
    if not block.call.startswith(_DELAYED):
        return None
    lag, first = map(int, block.call.removeprefix(_DELAYED).strip("()").split(","))
    return Delay(block.layer.lstrip(_DELAYED), lag, first)


def family_of(block: Block) -> Family:
    """How the layer of a block computes; a cell of the file recurs, and a row of delayed nodes reads nothing."""
    if delay_of(block) is not None:
        return Family.SOURCE
    definition = find_layer(kind_of(block.call))
    return Family.SCAN if definition is None else definition.family


def reads(block: Block, *, state: bool = True) -> Iterator[Source]:
    """All that a block reads, with what it begins with if ``state``."""
    for operand in block.operands:
        yield from reads_of(operand)
    if state and isinstance(block.initial, Begun):
        yield from block.initial.sources
    if state and isinstance(block.initial, Passed):
        yield Source(block.initial.block)


def reads_of(operand: Operand) -> Iterator[Source]:
    """All that is read by an operand."""
    if isinstance(operand, Bus):
        yield from operand.sources
    else:
        yield from (item for step in operand.of for item in step if item is not None)


def names_rows(block: Block) -> bool:
    """Whether an attention reads its memory by a name: where its keys are another row, one bus cannot be both."""
    return len(block.operands) > 2 and block.operands[1] != block.operands[2]


def main_steps(block: Block) -> list[tuple[Part, ...]]:
    """What each step of a sequence reads by wires of its own: of several operands all that is read step by step."""
    steps = [operand.of for operand in block.operands if isinstance(operand, Steps)]
    if not steps:
        # A mean of all steps at each of them stands over these.
        buses = (operand.sources for operand in block.operands if isinstance(operand, Bus))
        pooled = next(buses, ())
        return [(source,) for source in pooled] if len(pooled) == block.steps else []
    return [tuple(chain.from_iterable(of)) for of in zip(*steps, strict=True)]


def unused_name(wanted: str, blocks: Sequence[Block]) -> str:
    """A name for an output that no layer has: it may be that of the layer whose steps it gives."""
    known = {block.layer for block in blocks}
    names = chain((wanted, "y"), map("y_{}".format, count(2)))
    return next(name for name in names if name not in known)
