"""text and picture → the call of every block, default roles written out."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.drawn_out.picture import NOTHING, Bus, Entries, Picture, Source
from tests.drawn_out.text import Text

ANONYMOUS = "O"
SOURCES = ("input", "tokens")


def calls(text: Text, picture: Picture) -> list[str]:
    """The call of each block, with its layer's name left out: names do not matter here."""
    beside = [call for cells, call in zip(text.rows, text.beside, strict=True) if _has_nodes(cells)]
    beside.reverse()
    named = dict(text.definitions)
    for block in picture.blocks:
        if beside[block.row] and block.letter != ANONYMOUS:
            named[block.letter] = beside[block.row]
    found: list[str] = []
    for index, block in enumerate(picture.blocks):
        call = beside[block.row] or named.get(block.letter, "")
        if not call:
            call = _default(text, picture, index, found)
            if block.letter != ANONYMOUS:
                named[block.letter] = call
        found.append(_unnamed(call))
    return found


def _has_nodes(cells: str) -> bool:
    return bool(re.search(r"[A-Z.]", cells))


def _unnamed(call: str) -> str:
    call = re.sub(r"name\s*=\s*\w+\s*,\s*|,\s*name\s*=\s*\w+\s*|name\s*=\s*\w+\s*", "", call)
    return call.replace("()", "")


def layer(call: str) -> str:
    """The layer that a call names."""
    return call.partition("(")[0].strip()


def _default(text: Text, picture: Picture, index: int, below: list[str]) -> str:
    """The role of a block without a definition."""
    units, features = ("units", "features")
    units = units if units in text.values else "32"
    features = features if features in text.values else "1"
    block = picture.blocks[index]
    if block.touched:
        return f"lstm({units})"
    sources = {source.block for entry in block.entries for bus in entry for source in bus}
    if not sources:
        return f"input({features})"
    if _is_output(picture, index):
        on_input = all(layer(below[source]) in SOURCES for source in sources)
        return f"dense({units})" if on_input else "output"
    return f"dense({units})" if block.is_vector else f"lstm({units})"


def _is_output(picture: Picture, index: int) -> bool:
    """Whether nothing reads a block."""
    marks = [mark for row in picture.rows for mark in row]
    buses = [bus for block in picture.blocks for entry in block.entries for bus in entry]
    buses += [mark.below for mark in marks]
    return not any(source.block == index for bus in buses for source in bus)


def with_queries(picture: Picture, layers: list[str]) -> Picture:
    """The picture with a wire for each query: over a bus alone, a node of an attention asks with its own column."""
    blocks = list(picture.blocks)
    for index, block in enumerate(picture.blocks):
        wires = [bus for entry in block.entries for bus in entry if bus]
        if layer(layers[index]) != "attention" or any(len(bus) == 1 for bus in wires):
            continue
        pairs = zip(block.entries, block.places, strict=True)
        entries = tuple(_asking(picture, entry, place) for entry, place in pairs)
        blocks[index] = replace(block, entries=entries)
    return replace(picture, blocks=tuple(blocks))


def _asking(picture: Picture, entry: Entries, place: float) -> Entries:
    (memory,) = (bus for bus in entry if bus)
    own: Bus = frozenset(s for s in memory if _place(picture, s) == place)
    assert len(own) == 1, "a query without a column of its own"
    return memory, own, NOTHING


def _place(picture: Picture, source: Source) -> float:
    if source.step >= 0:
        return picture.blocks[source.block].places[source.step]
    marks = (mark for row in picture.rows for mark in row)
    return next(mark.place for mark in marks if source.block in mark.finals)
