"""the blocks of a walk → a wiring: without those that nothing needs, with outputs as blocks that nothing reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras.attended import WEIGHTS_READ
from seqdsl.importers.keras.network import Record
from seqdsl.importers.keras.refusals import Multiplied, Refused
from seqdsl.importers.keras.states import without_states
from seqdsl.importers.keras.values import Truth, Unknown, Value
from seqdsl.layout.windows_of_zeros import with_zeros_passed_on
from seqdsl.layout.wiring import Begun, Block, Bus, Passed, Source, Steps, Wiring

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.keras.walk import Walk
    from seqdsl.layout.wiring import Operand, Part

    Ids = NDArray[np.int64]


def finished(walk: Walk, results: Sequence[Any], lengths: dict[str, int]) -> Wiring:
    """The wiring of a model that was read.

    Args:
        walk: its blocks.
        results: what it gives.
        lengths: its lengths by name.

    Raises:
        Refused: something that it gives is no value of a layer.
    """
    if any(isinstance(item, Unknown) for item in results) and walk.unread:
        return Wiring((), (), ())
    results = without_states(walk, results)
    _call_sources(walk)
    outputs = [_output(walk, item) for item in results]
    walk.sources.without_lengths()
    walk.constants.finish(is_free=bool(lengths))
    _compare_masks(walk, outputs)
    walk.kept = walk.masks.kept(outputs, [item.mask for item in results])
    blocks = walk.ledger.blocks
    kept = _needed(blocks, [*walk.sources.inputs, *outputs])
    _check_weights(walk, kept)
    _own_outputs(walk, kept, outputs)
    numbers = {old: new for new, old in enumerate(kept)}
    wiring = Wiring(
        tuple(renumbered(blocks[item], numbers) for item in kept),
        tuple(numbers[item] for item in walk.sources.inputs),
        tuple(numbers[item] for item in outputs),
        lengths,
    )
    return with_zeros_passed_on(wiring)


def _check_weights(walk: Walk, kept: Sequence[int]) -> None:
    """Raise that the scores of an attention are read beside the sum of values: one layer cannot be two rows."""
    calls: dict[str, set[str]] = defaultdict(set)
    for item in kept:
        block = walk.ledger.blocks[item]
        calls[block.layer].add(block.call.partition("(")[0])
    # Dense(1) whose kernel is a query, and which gives its numbers as well.
    if any("dense" in found and found & {"learned", "attention"} for found in calls.values()):
        raise Refused(*WEIGHTS_READ)


def _own_outputs(walk: Walk, kept: list[int], outputs: list[int]) -> None:
    """Give an output that others read as well a block of its own."""
    blocks = walk.ledger.blocks
    read = {number for block in kept for number in _read(blocks[block])}
    for place, number in enumerate(outputs):
        if number in read or number in outputs[:place]:
            outputs[place] = len(blocks)
            kept.append(len(blocks))
            whole = _whole(blocks[number], number)
            blocks.append(_output_block(walk, blocks[number].steps, whole))


def _call_sources(walk: Walk) -> None:
    """Write the inputs, now that it is known what reads them and whose padding is looked at."""
    masks, ledger = walk.masks, walk.ledger
    masked = masks.masked()
    by_embedding: set[int] = set()
    for block, origins in masks.begun.items():
        if origins & masked:
            by_embedding |= origins
            call = ledger.blocks[block].call
            ledger.change(block, call=f"{call[:-1]}, mask=true)")
    # What the caller tells of padding is not marked here.
    marks = {item: masks.marks.get(item, 0) for item in masked - by_embedding - masks.outside}
    for block, call in walk.sources.calls(marks).items():
        ledger.change(block, call=call)


def _compare_masks(walk: Walk, outputs: Sequence[int]) -> None:
    # What a row that is called gives at padded steps is seen only where the caller gives it.
    seen = () if walk.masks.outside else outputs
    for where in walk.masks.padded_outputs(seen):
        walk.differs(where, "at padded steps the picture's model gives zero", numbers=True)
    for where, what, is_difference in walk.masks.problems():
        if is_difference:
            walk.differs(where, what, numbers=True)
        else:
            walk.refuse(Record(where, where, "mask", "keras", {}), Refused(what))


def _output(walk: Walk, value: Any) -> int:
    """The block that an output is, or one that gives what it reads."""
    if isinstance(value, Truth) or not isinstance(value, Value):
        raise Refused("one of its outputs is not computed by its layers")
    if not value.is_plain:
        raise Multiplied("one of its outputs is multiplied by a number")
    ledger, ids = walk.ledger, walk.ledger.as_values(value.ids)
    if (block := _all_of(walk, ids)) is not None:
        return block
    # Ids that were chosen have no features: (samples, steps).
    first = 1 if value.whole else 2
    sequence = ids.ndim > first
    read = ledger.steps(ids) if sequence else ledger.vector(ids)
    steps = ids.shape[1] if sequence else None
    ledger.add(_output_block(walk, steps, read), ids.shape[2 if sequence else 1 :])
    return len(ledger.blocks) - 1


def _all_of(walk: Walk, ids: Ids) -> int | None:
    """The block of which ids are all, as it is, so that nothing has to be drawn above it."""
    if not ids.any():
        return None
    ledger = walk.ledger
    block: int = ledger.entry(int(ids.ravel()[0])).block
    own = ledger.of_block(block)
    is_whole = np.array_equal(ids.ravel(), np.arange(own.start, own.start + 2 * own.size))
    # (samples, steps, features) of a row, (samples, features) of a vector
    as_it_is = (own.steps is None) == (ids.ndim - 1 == len(own.shape))
    return block if is_whole and as_it_is and block not in walk.sources.inputs else None


def _output_block(walk: Walk, steps: int | None, read: Steps) -> Block:
    return Block(walk.names.new("y"), "output", steps, (read,))


def _whole(block: Block, number: int) -> Steps:
    steps = range(1 if block.steps is None else block.steps)
    return Steps(tuple((Source(number, step),) for step in steps))


def _read(block: Block) -> Iterator[int]:
    """The blocks that a block reads, or begins with."""
    for operand in block.operands:
        yield from (item.block for item in _sources(operand))
    if isinstance(block.initial, Passed):
        yield block.initial.block
    elif isinstance(block.initial, Begun):
        yield from (item.block for item in block.initial.sources)


def _sources(operand: Operand) -> Iterator[Source]:
    if isinstance(operand, Bus):
        yield from operand.sources
    else:
        for item in operand.of:
            yield from (part for part in item if part is not None)


def _needed(blocks: Sequence[Block], wanted: Sequence[int]) -> list[int]:
    """The blocks on which some depend, in order."""
    found: set[int] = set()
    waiting = list(wanted)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += _read(blocks[number])
    return sorted(found)


def renumbered(block: Block, numbers: dict[int, int]) -> Block:
    """A block of a wiring in which blocks have other numbers."""

    def source(item: Source) -> Source:
        return replace(item, block=numbers[item.block])

    def part(item: Part) -> Part:
        return None if item is None else source(item)

    def operand(item: Operand) -> Operand:
        if isinstance(item, Bus):
            return Bus(tuple(map(source, item.sources)))
        return Steps(tuple(tuple(map(part, row)) for row in item.of))

    initial = block.initial
    if isinstance(initial, Passed):
        initial = Passed(numbers[initial.block])
    elif isinstance(initial, Begun):
        initial = replace(initial, sources=tuple(map(source, initial.sources)))
    return replace(block, operands=tuple(map(operand, block.operands)), initial=initial)
