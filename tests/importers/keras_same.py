"""two wirings of one model → whether they are the same but for what a framework's model does not tell."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import seqdsl
from seqdsl.ir.inline import inlined
from seqdsl.ir.operations import Call
from seqdsl.layers import find_layer
from seqdsl.layout.call_key import kind_of
from seqdsl.layout.from_graph import wirings
from seqdsl.layout.same_wirings import is_same
from seqdsl.layout.wiring import Block, Source, Steps, Wiring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.layout.wiring import Wirings
    from seqdsl.model.spec import ModelSpec

# What is fed back when a model runs free, and where padding is promised to stand, are no part of a model of Keras.
_UNTOLD = re.compile(r", (feedback=\w+|choose=true|padding=end)")


def differing(read: Wirings, spec: ModelSpec) -> list[dict[str, int]]:
    """The lengths at which what was read is not what a picture says."""
    found = []
    # A model that is called for a whole row is read as what is in it.
    flat, _ = inlined(spec)
    opened = any(isinstance(node.operation, Call) for node in spec.nodes)
    for one, other in _bodies(read, spec):
        (mine,), (wanted,) = wirings(one, [{}]).at, wirings(other, [{}]).at
        if not is_same(_unnamed(_plain(mine)), _unnamed(_plain(wanted))):
            found.append({})
    for mine in read.at:
        lengths = lengths_of(mine, spec)
        (wanted,) = wirings(flat, [lengths]).at
        sides = [_plain(item) for item in (mine, wanted)]
        if opened:
            sides = [_unnamed(item) for item in sides]
        if not is_same(*sides):
            found.append(lengths)
    return found


def _unnamed(wiring: Wiring) -> Wiring:
    """A wiring in which layers are told apart by how often they are applied: of called pictures names differ."""
    often = Counter(item.layer for item in wiring.blocks)
    blocks = [
        replace(item, layer=f"applied_{often[item.layer]}", call=_call(item))
        for item in wiring.blocks
    ]
    return replace(wiring, blocks=tuple(blocks))


def _call(block: Block) -> str:
    return block.call if find_layer(kind_of(block.call)) else "called"


def _bodies(read: Wirings, spec: ModelSpec) -> Iterator[tuple[ModelSpec, ModelSpec]]:
    """The pictures that are called for each step, as they were read, and as the model's picture has them."""
    own = [node.operation.body for node in spec.nodes if isinstance(node.operation, Call)]
    for text in read.called:
        name = text.split("\n", 1)[0].removeprefix("model ")
        mine = seqdsl.compile(text, "called.seq").spec
        kinds = [item.call.partition("(")[0] for item in read.at[0].blocks]
        assert name in kinds
        yield mine, own[[kind for kind in kinds if find_layer(kind) is None].index(name)]


def lengths_of(wiring: Wiring, spec: ModelSpec) -> dict[str, int]:
    """The free lengths with which the inputs of a picture are as long as those of a wiring."""
    steps = [
        (spec.nodes[item.block].steps, wiring.blocks[at].steps)
        for at, item in zip(wiring.inputs, spec.inputs, strict=True)
    ]
    for numbers in product(range(1, 90), repeat=len(spec.free)):
        lengths = {**spec.defaults, **dict(zip(spec.free, numbers, strict=True))}
        if all(size is None or size.value(lengths) == number for size, number in steps):
            return dict(zip(spec.free, numbers, strict=True))
    raise AssertionError(f"no lengths of {spec.free} give {steps}")


def _plain(wiring: Wiring) -> Wiring:
    """A wiring without rows that only give what a row is, and with masks where its ids begin."""
    outputs = tuple(_given(at, wiring) for at in wiring.outputs)
    blocks = [replace(item, call=_UNTOLD.sub("", item.call)) for item in wiring.blocks]
    for at, block in enumerate(blocks):
        # embedding(8, mask=true) over tokens(20) is embedding(8) over tokens(20, mask=0)
        if block.call.startswith("embedding") and "mask=true" in block.call:
            blocks[at] = replace(block, call=block.call.replace(", mask=true", ""))
            for ids in {item.block for item in _sources(block)}:
                if "mask=" not in blocks[ids].call:
                    blocks[ids] = replace(blocks[ids], call=f"{blocks[ids].call[:-1]}, mask=0)")
    gone = set(wiring.outputs) - set(outputs)
    return _without(replace(wiring, blocks=tuple(blocks), outputs=outputs), gone)


def _given(at: int, wiring: Wiring) -> int:
    """The block that an output is all of, if nothing else reads that; the output itself where there is none."""
    block = wiring.blocks[at]
    if block.call != "output" or not isinstance(block.operands[0], Steps):
        return at
    rows = block.operands[0].of
    sources = [row[0] for row in rows if len(row) == 1 and row[0] is not None]
    if len(sources) < len(rows) or len({item.block for item in sources}) > 1:
        return at
    source = sources[0].block
    given = wiring.blocks[source]
    whole = [Source(source, step) for step in range(given.steps or 1)]
    readers = [item for item in wiring.blocks if source in {part.block for part in _sources(item)}]
    is_all = sources == whole and (given.steps is None) == (block.steps is None)
    is_end = len(readers) == 1 and source not in (*wiring.inputs, *wiring.outputs)
    return source if is_all and is_end else at


def _sources(block: Block) -> Iterator[Source]:
    for operand in block.operands:
        rows = operand.of if isinstance(operand, Steps) else (operand.sources,)
        yield from (part for row in rows for part in row if part is not None)
    yield from getattr(block.initial, "sources", ())
    if hasattr(block.initial, "block"):
        yield Source(block.initial.block)


def _without(wiring: Wiring, gone: set[int]) -> Wiring:
    kept = [at for at in range(len(wiring.blocks)) if at not in gone]
    number = {old: new for new, old in enumerate(kept)}

    def changed(item: Any) -> Any:
        if isinstance(item, Source):
            return replace(item, block=number[item.block])
        if isinstance(item, tuple):
            return tuple(map(changed, item))
        if isinstance(item, Steps):
            return Steps(changed(item.of))
        if hasattr(item, "sources"):
            return replace(item, sources=changed(item.sources))
        return replace(item, block=number[item.block]) if hasattr(item, "block") else item

    blocks = tuple(
        replace(block, operands=changed(block.operands), initial=changed(block.initial))
        for block in (wiring.blocks[at] for at in kept)
    )
    ends = {
        "inputs": tuple(number[at] for at in wiring.inputs),
        "outputs": tuple(number[at] for at in wiring.outputs),
    }
    return replace(wiring, blocks=blocks, **ends)
