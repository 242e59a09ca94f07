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
    from seqdsl.layout.wiring import Block, Source

_MATRIX = re.compile(r"dense\(([0-9]+), bias=false\)")
_ATTENTION = re.compile(r"attention(\((?P<arguments>[^()]*)\))?")


class Keyed(NamedTuple):
    """The layers that an attention has for itself.

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
        if pair is None or any(often[wiring.blocks[item].layer] > 1 for item in (*pair, at)):
            continue
        query, key = (wiring.blocks[item] for item in pair)
        made = _project(block, query, key)
        if made is None:
            continue
        name = _named(names, block.layer, query.layer, key.layer)
        found[name] = Keyed(block.layer, query.layer, key.layer)
        blocks[at] = replace(made, layer=name)
        gone.update(pair)
    kept = [at for at in range(len(blocks)) if at not in gone]
    numbers = {old: new for new, old in enumerate(kept)}
    whole = Wiring(
        tuple(renumbered(blocks[at], numbers) for at in kept),
        tuple(numbers[at] for at in wiring.inputs),
        tuple(numbers[at] for at in wiring.outputs),
        wiring.lengths,
    )
    return (whole, found) if found else (wiring, {})


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
    match = _ATTENTION.fullmatch(block.call)
    told = {item.partition("=")[0].strip() for item in _arguments(block)}
    if match is None or {"heads", "key"} & told or len(block.operands) != 3:
        return None
    asked, _, keys = block.operands
    if not isinstance(asked, Steps) or not isinstance(keys, Bus):
        return None
    query = _matrix(blocks, [row[0] if len(row) == 1 else None for row in asked.of], readers)
    key = _matrix(blocks, keys.sources, readers)
    if query is None or key is None or query == key:
        return None
    is_one_width = blocks[query].call == blocks[key].call
    return (query, key) if is_one_width else None


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
    (below, *_), (of, *_) = query.operands, key.operands
    assert isinstance(below, Steps) and isinstance(of, Steps)
    read = Steps(tuple(below.of[row[0].step] for row in asked.of if row[0] is not None))
    rows = [of.of[source.step] for source in keys.sources]
    found = tuple(row[0] for row in rows if len(row) == 1 and row[0] is not None)
    if len(found) < len(rows):
        return None
    same = isinstance(values, Bus) and values.sources == found
    operands = (read, values) if same else (read, values, Bus(found))
    match = _MATRIX.fullmatch(query.call)
    assert match is not None
    return replace(block, call=_call(block, match[1]), operands=operands)


def _arguments(block: Block) -> list[str]:
    match = _ATTENTION.fullmatch(block.call)
    return [item for item in (match["arguments"] or "").split(", ") if item] if match else []


def _call(block: Block, width: str) -> str:
    order = [item.name for item in layer_def("attention").signature.arguments]
    arguments = [*_arguments(block), f"key={width}"]
    return f"attention({', '.join(sorted(arguments, key=lambda item: order.index(item.partition('=')[0])))})"


def _named(names: Names, attention: str, query: str, key: str) -> str:
    """The name of the layer that has them, or most; that of the attention if none has."""
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
