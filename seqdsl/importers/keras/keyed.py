"""attention whose queries and keys are projected without a bias → an attention that does so itself.

::

    attend([query(h), memory, key(memory)])         attention(key=10) h & of memory
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.importers.keras.finish import renumbered
from seqdsl.layers import layer_def
from seqdsl.layout.wiring import Begun, Bus, Passed, Steps, Wiring
from seqdsl.runtime.bare_weights import BARE
from seqdsl.runtime.scattered_weights import Held, scattered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.importers.keras.names import Names
    from seqdsl.layout.wiring import Block, Part, Source

_MATRIX = re.compile(r"dense\(([0-9]+), bias=false\)")
_ATTENTION = re.compile(r"attention(\((?P<arguments>[^()]*)\))?")


class Keyed(NamedTuple):
    """The layers that become part of an attention.

    Attributes:
        was: the name of the attention without them.
        query: what projects queries.
        key: what projects keys.
    """

    was: str
    query: str
    key: str


def with_keys(wiring: Wiring, names: Names) -> tuple[Wiring, dict[str, Keyed]]:
    """The wiring with attentions that project queries and keys, and what they have for that, by their names."""
    readers = Counter(source for block in wiring.blocks for source in _blocks_read(block))
    readers.update(wiring.outputs)
    often = Counter(block.layer for block in wiring.blocks)
    blocks, found, gone = list(wiring.blocks), dict[str, Keyed](), set[int]()
    for at, block in enumerate(wiring.blocks):
        pair = _projected(wiring.blocks, block, readers)
        # A layer that is applied elsewhere as well stays a row of its own.
        if not pair or any(often[wiring.blocks[item].layer] > 1 for item in (*pair, at)):
            continue
        query, key = (wiring.blocks[item] for item in pair)
        made = _project(block, query, key)
        if made is not None:
            name = _named(names, block.layer, query.layer, key.layer)
            found[name] = Keyed(block.layer, query.layer, key.layer)
            blocks[at] = replace(made, layer=name)
            gone.update(pair)
    return _without(replace(wiring, blocks=tuple(blocks)), gone), found


def _without(wiring: Wiring, gone: set[int]) -> Wiring:
    """A wiring without blocks that nothing reads any more."""
    kept = [at for at in range(len(wiring.blocks)) if at not in gone]
    numbers = {old: new for new, old in enumerate(kept)}
    return Wiring(
        tuple(renumbered(wiring.blocks[at], numbers) for at in kept),
        tuple(numbers[at] for at in wiring.inputs),
        tuple(numbers[at] for at in wiring.outputs),
        wiring.lengths,
    )


def _blocks_read(block: Block) -> Iterator[int]:
    """The blocks that one reads, each once for all steps of an operand."""
    for operand in block.operands:
        rows = operand.of if isinstance(operand, Steps) else (operand.sources,)
        yield from {part.block for row in rows for part in row if part is not None}
    if isinstance(block.initial, Begun):
        yield from {source.block for source in block.initial.sources}
    elif isinstance(block.initial, Passed):
        yield block.initial.block


def _projected(
    blocks: Sequence[Block], block: Block, readers: Counter[int]
) -> tuple[int, int] | None:
    """The dense layers that queries and keys of an attention come from; ``None``: they are anything else."""
    told = {item.partition("=")[0] for item in _arguments(block)}
    if not _ATTENTION.fullmatch(block.call) or {"heads", "key"} & told or len(block.operands) != 3:
        return None
    # Query, values and keys: where values are keys, these are projected as well.
    asked, _, keys = block.operands
    assert isinstance(asked, Steps)
    query = _matrix(blocks, list(map(_single, asked.of)), readers)
    key = _matrix(blocks, keys.sources, readers) if isinstance(keys, Bus) else None
    if query is None or key is None:
        return None
    is_alike = query != key and blocks[query].call == blocks[key].call
    return (query, key) if is_alike else None


def _matrix(
    blocks: Sequence[Block], sources: Sequence[Source | None], readers: Counter[int]
) -> int | None:
    """The dense layer without a bias that gives values, to these readers alone."""
    read = {None if source is None or source.final else source.block for source in sources}
    at = read.pop() if len(read) == 1 else None
    if at is None or readers[at] != 1 or not _MATRIX.fullmatch(blocks[at].call):
        return None
    return at


def _project(block: Block, query: Block, key: Block) -> Block | None:
    """The attention that reads what both dense layers read; ``None``: keys are of several values side by side."""
    asked, values, keys = block.operands
    assert isinstance(asked, Steps) and isinstance(keys, Bus)
    # A memory is of single values: of two side by side the dense layer stays a row below.
    found = [_single(_below(key, source)) for source in keys.sources]
    memory = Bus(tuple(item for item in found if item is not None))
    if len(memory.sources) < len(found):
        return None
    read = Steps(tuple(_below(query, row[0]) for row in asked.of))
    # Where what is projected for the keys is what is weighted, it is read once.
    operands = (read, values) if values == memory else (read, values, memory)
    return replace(block, call=_call(block, query.call), operands=operands)


def _single(row: tuple[Part, ...]) -> Part:
    """The only value of several side by side; ``None``: there are others."""
    return row[0] if len(row) == 1 else None


def _below(dense: Block, source: Part) -> tuple[Part, ...]:
    """What a dense layer reads for a step of it."""
    (operand,) = dense.operands
    assert isinstance(operand, Steps) and source is not None
    return operand.of[source.step]


def _arguments(block: Block) -> list[str]:
    match = _ATTENTION.fullmatch(block.call)
    return [item for item in (match["arguments"] or "").split(", ") if item] if match else []


def _call(block: Block, dense: str) -> str:
    """The call with as many features of a key as a dense layer gives."""
    order = [item.name for item in layer_def("attention").signature.arguments]
    match = _MATRIX.fullmatch(dense)
    assert match is not None
    told = [*_arguments(block), f"key={match[1]}"]
    told.sort(key=lambda item: order.index(item.partition("=")[0]))
    return f"attention({', '.join(told)})"


def _named(names: Names, attention: str, query: str, key: str) -> str:
    """The name of the layer that contains them, or most of them; that of the attention if none does."""
    # A loop over a layer may project its keys before the first step, outside of the layer's own call.
    parents = Counter(names.path_of(item).rpartition(".")[0] for item in (attention, query, key))
    parent, often = parents.most_common(1)[0]
    return names.of(parent) if parent and often > 1 else attention


def keyed_places(places: dict[str, str], keyed: dict[str, Keyed]) -> dict[str, str]:
    """Where the weights of attentions are that have those of several layers."""
    found = dict(places)
    for name, item in keyed.items():
        parts = {
            "query/kernel": f"{_short(found.pop(item.query))}.kernel",
            "key/kernel": f"{_short(found.pop(item.key))}.kernel",
        }
        own = found.pop(item.was, "")
        if own:
            # The trained vector of additive scores, which may be the kernel of a Dense(1).
            is_bare = own.startswith(BARE)
            parts["scale"] = own.removeprefix(BARE) if is_bare else f"{_short(own)}.scale"
        found[name] = scattered({part: Held(path) for part, path in parts.items()})
    return found


def _short(place: str) -> str:
    """``#5`` of ``#5 dense``, as a place in a list has no blank."""
    return place.partition(" ")[0]
