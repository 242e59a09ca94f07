"""a model of a sequence that is applied to each step → a picture of its own, which the picture calls.

::

    TimeDistributed(encoder)(x)             S S S S   encoder
                                            | | | |
    x: documents of sentences of words      X X X X   tokens(40, 5)
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.importers.identifiers import identifier
from seqdsl.importers.keras.hints import TOKENS
from seqdsl.importers.keras.network import is_network
from seqdsl.importers.keras.refusals import Again
from seqdsl.importers.keras.values import Value
from seqdsl.ir.carry import Carry
from seqdsl.layers import find_layer
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.layout.picture import Unplaceable
from seqdsl.targets.keras.weights import by_name

if TYPE_CHECKING:
    from seqdsl.importers.keras.site import Site
    from seqdsl.importers.reading import Reading
    from seqdsl.layout.wiring import Wiring


def called(site: Site) -> Value | None:
    """A row that calls a picture; ``None``: what is in the model is read in its place.

    Args:
        site: the call, of the layer that is applied to each step.
    """
    reading = _read(site)
    if reading is None or reading.wirings is None or not _is_one_picture(reading):
        return None
    walk, live, value = site.walk, site.record.live, site.value
    name = _name(identifier(live.name))
    text = _text(reading, name)
    if text is None:
        return None
    _look_up(site, value, reading.wirings.at[0])
    walk.called[name] = text
    walk.count += reading.operations
    for item in reading.differences:
        walk.differs(f"{site.record.path}.{item.where}", item.what, numbers=item.numbers)
    _note_weights(site, reading)
    read = (walk.ledger.steps(value.ids),)
    return Value(site.block(name, read, value.ids.shape[1], tuple(live.output_shape[1:])))


def _read(site: Site) -> Reading | None:
    """What is read of a model by itself; ``None``: it is none, or its steps cannot be sequences."""
    live, values = site.record.live, site.values
    if live is None or not is_network(site.record.config) or len(values) != 1:
        return None
    shape = live.output_shape
    # A sequence in each step; what is longer or shorter at each call is no size of a step.
    is_deep = values[0].ids.ndim >= (3 if values[0].whole else 4)
    is_sized = isinstance(shape, tuple) and None not in shape[1:]
    return site.walk.read_model(live) if is_deep and is_sized else None


def _is_one_picture(reading: Reading) -> bool:
    """Whether a model is read, as a picture that another one may call, and is about a sequence."""
    if reading.wirings is None or reading.wirings.called or reading.wirings.cells:
        return False
    wiring = reading.wirings.at[0]
    is_plain = all(block.carry is Carry.NONE for block in wiring.blocks)
    # What marks padding within would have to be said by the picture that calls.
    marks = any(re.search(r"\b(mask|lengths)=", block.call) for block in wiring.blocks)
    one = len(wiring.inputs) == len(wiring.outputs) == len(reading.wirings.at) == 1
    return one and is_plain and not marks and wiring.blocks[wiring.inputs[0]].steps is not None


def _name(wanted: str) -> str:
    """A name for a picture: it is none of a layer of the language."""
    return f"each_{wanted}" if find_layer(wanted) or len(wanted) < 2 else wanted


def _text(reading: Reading, name: str) -> str | None:
    assert reading.wirings is not None
    try:
        return draw_wirings(replace(reading.wirings, name=name))
    except Unplaceable:
        return None


def _look_up(site: Site, value: Value, inner: Wiring) -> None:
    """Note the vocabulary of ids that a picture looks up.

    Raises:
        Again: an input holds ids.
    """
    walk = site.walk
    found = re.match(r"tokens\((\d+)", inner.blocks[inner.inputs[0]].call)
    if found is None:
        return
    for item in walk.sources.of(value.ids):
        if not item.is_tokens:
            raise Again(walk.ledger.paths[item.block], TOKENS)
        walk.sources.look_up(item.block, int(found[1]))


def _note_weights(site: Site, reading: Reading) -> None:
    """Note which layer has the weights of each layer of the picture."""
    row, known = site.walk.names.of(site.record.path), by_name(site.record.live)
    for name, place in reading.places.items():
        site.walk.within[f"{row}.{name}"] = known.get(place)
