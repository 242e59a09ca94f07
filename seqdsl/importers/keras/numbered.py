"""a reading with names of the order of reading → the same with those that the language gives: `lstm_1`, `lstm_2`.

How many layers of a class a picture has, is known only when all that nothing needs is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.importers.keras.names import Names
    from seqdsl.importers.reading import Reading
    from seqdsl.layout.wiring import Block, Wiring


def numbered(reading: Reading, names: Names) -> Reading:
    """A reading whose layers without names of their own are counted."""
    found = reading.wirings
    if found is None:
        return reading
    new = names.counted([block.layer for block in found.at[0].blocks])
    at = tuple(_wiring(item, new) for item in found.at)
    places = {_place(name, new): place for name, place in reading.places.items()}
    return replace(reading, wirings=replace(found, at=at), places=places)


def _wiring(wiring: Wiring, new: Mapping[str, str]) -> Wiring:
    return replace(wiring, blocks=tuple(_block(item, new) for item in wiring.blocks))


def _block(block: Block, new: Mapping[str, str]) -> Block:
    return replace(block, layer=new.get(block.layer, block.layer), call=_call(block.call, new))


def _call(call: str, new: Mapping[str, str]) -> str:
    """A call with the new name of the layer whose weights it has: ``dense(tied=embedding_1)``."""
    before, sign, rest = call.partition("tied=")
    if not sign:
        return call
    name = re.match(r"\w*", rest)
    assert name is not None
    return f"{before}{sign}{new.get(name[0], name[0])}{rest[name.end() :]}"


def _place(name: str, new: Mapping[str, str]) -> str:
    """The name of a layer with weights; within a picture that a row calls it is ``row.name``."""
    row, point, inner = name.partition(".")
    return f"{new.get(row, row)}{point}{inner}"
