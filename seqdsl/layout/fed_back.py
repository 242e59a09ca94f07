"""wiring with loops → the same in a form in which delayed nodes can give what is fed back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layers import Family, all_layers
from seqdsl.layout.loop_clock import find_circles
from seqdsl.layout.reading import delay_of, delayed_row, family_of, reads
from seqdsl.layout.renumber import changed, in_order
from seqdsl.layout.wiring import Block, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.layout.wiring import Wiring

_PASSING = next(name for name, item in all_layers().items() if item.family is Family.IDENTITY)


# A delayed letter is drawn as exactly one block.


def with_single_blocks(wiring: Wiring) -> Wiring:
    """The wiring in which a row passes on what is fed back of a layer that is applied several times."""
    while True:
        layers = Counter(block.layer for block in wiring.blocks)
        shared = (at for at in _fed(wiring) if layers[wiring.blocks[at].layer] > 1)
        at = next(shared, None)
        if at is None:
            return wiring
        wiring = _passed_on(wiring, at)


def _fed(wiring: Wiring) -> Iterator[int]:
    """The blocks that are fed back."""
    for circle in find_circles(wiring):
        for at in circle:
            for item in reads(wiring.blocks[at]):
                if item.block >= at and item.block in circle:
                    yield item.block


def _passed_on(wiring: Wiring, at: int) -> Wiring:
    """The wiring with a row over a block, which everything reads instead of it."""
    # F and F of one letter, of which the second one is fed back: `concat` over it, and that is fed back.
    block, new = wiring.blocks[at], at + 1

    def moved(item: Source) -> Source:
        if item.block == at and not item.final:
            return replace(item, block=new)
        return replace(item, block=item.block + (item.block > at))

    whole = tuple((Source(at, step),) for step in range(block.steps or 1))
    row = Block(f"{_PASSING}_of_{block.layer}_{at}", _PASSING, block.steps, (Steps(whole),))
    blocks = [changed(item, moved, lambda of: of + (of > at)) for item in wiring.blocks]
    ends = [
        tuple(new if of == at else of + (of > at) for of in items)
        for items in (wiring.inputs, wiring.outputs)
    ]
    blocks = [*blocks[:new], row, *blocks[new:]]
    return replace(wiring, blocks=tuple(blocks), inputs=ends[0], outputs=ends[1])


# Y                   `Q` is only read a step later, and is no result. Over `Y` it would be taken for one, and it would
# |        Q Y        have a last step that nothing reads: so it is drawn below what reads it, over delayed nodes of
# D        |/         `Y`, which is the same.
# |   ->   D
# Q        |
# |        ...
# y
def retimed(wiring: Wiring) -> Wiring:
    """The wiring with all that is only read a step later, and is no result, before what reads it."""
    # Each is moved once: blocks that nothing but each other reads would go round and round.
    for _ in wiring.blocks:
        found = (
            (at, circle[0])
            for circle in find_circles(wiring)
            for at in circle[1:]
            if _is_only_fed(wiring, at)
        )
        at, first = next(found, (0, 0))
        if at == first:
            break
        order = [of for of in range(len(wiring.blocks)) if of != at]
        wiring = in_order(wiring, [*order[:first], at, *order[first:]])
    return wiring


def _is_only_fed(wiring: Wiring, at: int) -> bool:
    readers = (
        of
        for of, block in enumerate(wiring.blocks)
        if any(item.block == at for item in reads(block))
    )
    return at not in wiring.outputs and all(of <= at for of in readers)


# Y          `Y` gives all of `Q`, which nothing else reads but by delayed nodes: so `Q` is the result itself
# |
# Q   ->   Q
# |        |
def without_copies(wiring: Wiring) -> Wiring:
    """The wiring without outputs that only give a row that nothing else reads."""
    outputs, gone = list(wiring.outputs), set()
    names: dict[str, str] = {}
    for place, at in enumerate(wiring.outputs):
        of = _copied(wiring, at)
        taken = (*wiring.inputs, *outputs)
        if of is not None and of not in taken and _may_replace(wiring, at, of):
            names[wiring.blocks[at].layer] = wiring.blocks[of].layer
            outputs[place] = of
            gone.add(at)
    kept = [at for at in range(len(wiring.blocks)) if at not in gone]
    blocks = tuple(_delaying(block, names) for block in wiring.blocks)
    left = replace(wiring, blocks=blocks, outputs=tuple(outputs))
    return in_order(left, kept) if gone else wiring


def _may_replace(wiring: Wiring, at: int, of: int) -> bool:
    """Whether a block may be drawn in the place of an output that copies it, and is all that reads it."""
    readers = Counter(source.block for block in wiring.blocks for source in set(_blocks(block)))
    if readers[of] > 1:
        return False
    # Y = output may be fed back: then what it copies is, and a delayed letter is drawn as exactly one block.
    layer, copied = wiring.blocks[at].layer, wiring.blocks[of].layer
    delays = (delay_of(block) for block in wiring.blocks)
    is_fed = any(delay is not None and delay.layer == layer for delay in delays)
    return not is_fed or sum(block.layer == copied for block in wiring.blocks) == 1


def _delaying(block: Block, names: Mapping[str, str]) -> Block:
    """A row of delayed nodes, of the layer that took the place of its own; any other block as it is."""
    delay = delay_of(block)
    if delay is None or delay.layer not in names:
        return block
    return delayed_row(replace(delay, layer=names[delay.layer]), block.steps or 1)


def _copied(wiring: Wiring, at: int) -> int | None:
    """The block that an output gives as it is."""
    block = wiring.blocks[at]
    first = next(_blocks(block), None)
    if family_of(block) is not Family.OUTPUT or first is None:
        return None
    given = wiring.blocks[first.block]
    whole = tuple((Source(first.block, step),) for step in range(given.steps or 1))
    is_copy = block.operands == (Steps(whole),) and given.steps == block.steps
    return first.block if is_copy else None


def _blocks(block: Block) -> Iterator[Source]:
    """The blocks that a block reads, each once, as sources of their first steps."""
    yield from (Source(at) for at in dict.fromkeys(source.block for source in reads(block)))
