"""a model that is applied to each step → a picture of its own, which the model's picture calls.

::

    TimeDistributed(encoder)(x)             S S S S   encoder
                                            | | | |
    x: documents of sentences of words      X X X X   tokens(40, 5)
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from seqdsl.importers.keras.hints import IN_PLACE, TOKENS
from seqdsl.importers.keras.network import is_network
from seqdsl.importers.keras.refusals import Again
from seqdsl.importers.keras.values import Value
from seqdsl.ir.carry import Carry
from seqdsl.layers import find_layer
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.layout.picture import Unplaceable

if TYPE_CHECKING:
    from seqdsl.importers.keras.site import Site
    from seqdsl.importers.keras.state import State
    from seqdsl.importers.keras.within import Within
    from seqdsl.importers.reading import Reading
    from seqdsl.layout.wiring import Wiring, Wirings


def called(site: Site) -> Value | None:
    """A row that calls a picture; ``None``: what is in the model is read in its place.

    Args:
        site: the call, of the layer that is applied to each step.
    """
    within = _read(site)
    if within is None or not _is_of_sequence(within):
        return None
    live, value = site.record.live, site.value
    name = noted(site, value, within.reading)
    if name is None:
        return None
    read = (site.walk.ledger.steps(value.ids),)
    return Value(site.block(name, read, value.ids.shape[1], tuple(live.output_shape[1:])))


def require_drawn(walk: State, wirings: Wirings) -> None:
    """Check that a picture can be drawn that calls what is applied several times.

    Raises:
        Again: it cannot be: what is called is read in its place.
    """
    if walk.is_shared and _drawn(wirings) is None:
        raise Again("", IN_PLACE)


def noted(site: Site, value: Value, reading: Reading) -> str | None:
    """Note a picture that is called, and what is known of it; its name, or ``None`` if it cannot be drawn."""
    walk = site.walk
    assert reading.wirings is not None
    name, text = _named(walk, reading)
    # One letter is one set of weights: what is another picture under a mask is no second one.
    if text is None or walk.drawn_as.setdefault(id(site.record.live), name) != name:
        return None
    look_up(site, value, reading.wirings.at[0])
    walk.called[name] = text
    walk.count += reading.operations
    for item in reading.differences:
        walk.differs(f"{site.record.path}.{item.where}", item.what, numbers=item.numbers)
    _note_weights(site, reading)
    return name


def _read(site: Site) -> Within | None:
    """What is read of a model by itself; ``None``: it is none, or its steps cannot be sequences."""
    live, values = site.record.live, site.values
    if live is None or not is_network(site.record.config) or len(values) != 1:
        return None
    shape = live.output_shape
    # A sequence in each step; what is longer or shorter at each call is no size of a step.
    is_deep = values[0].ids.ndim >= (3 if values[0].whole else 4)
    is_sized = isinstance(shape, tuple) and None not in shape[1:]
    return site.walk.once.read_model(live, False) if is_deep and is_sized else None


def is_one_picture(within: Within) -> bool:
    """Whether a model is read, as a picture that another one may call."""
    reading = within.reading
    if reading.wirings is None or reading.wirings.called or reading.wirings.cells:
        return False
    wiring = reading.wirings.at[0]
    is_plain = all(block.carry is Carry.NONE for block in wiring.blocks)
    # Padding is marked on one side: what enters with a mask has one already. Lengths are an input of their own.
    marks = r"\b(mask|lengths)=" if within.is_masked else r"\blengths="
    is_marked = any(re.search(marks, block.call) for block in wiring.blocks)
    return len(wiring.inputs) == len(wiring.outputs) == 1 and is_plain and not is_marked


def _is_of_sequence(within: Within) -> bool:
    """Whether a model is a picture of a sequence; one of any length has that of what it is applied to."""
    reading = within.reading
    if not is_one_picture(within) or reading.wirings is None:
        return False
    wiring = reading.wirings.at[0]
    return wiring.blocks[wiring.inputs[0]].steps is not None


def _named(walk: State, reading: Reading) -> tuple[str, str | None]:
    """A picture's name, which no other one has, and its text; ``None``: it cannot be drawn."""
    assert reading.wirings is not None
    wanted = _name(reading.wirings.name)
    # Two models of default names are both `sequential`.
    for number in count(1):
        name = wanted if number == 1 else f"{wanted}_{number}"
        text = _text(reading, name)
        if text is None or walk.called.get(name, text) == text:
            return name, text
    raise AssertionError("no name is left")


def _name(wanted: str) -> str:
    """A name for a picture: it is none of a layer of the language."""
    return f"each_{wanted}" if find_layer(wanted) or len(wanted) < 2 else wanted


def _text(reading: Reading, name: str) -> str | None:
    assert reading.wirings is not None
    return _drawn(replace(_with_input(reading.wirings), name=name))


def _drawn(wirings: Wirings) -> str | None:
    """The text of a picture; ``None`` if none was found."""
    try:
        return draw_wirings(wirings)
    except Unplaceable:
        return None


def _with_input(wirings: Wirings) -> Wirings:
    """The same wirings whose input has no name of its own where Keras numbered it: `input_layer_3`."""

    def named(wiring: Wiring) -> Wiring:
        at = wiring.inputs[0]
        source = wiring.blocks[at]
        if not NUMBERED.fullmatch(source.layer) or any(b.layer == "x" for b in wiring.blocks):
            return wiring
        blocks = [*wiring.blocks]
        blocks[at] = replace(source, layer="x")
        return replace(wiring, blocks=tuple(blocks))

    return replace(wirings, at=tuple(map(named, wirings.at)))


NUMBERED = re.compile(r"(input_layer|keras_tensor)(_\d+)?")
"""Names of inputs that nobody named."""


def look_up(site: Site, value: Value, inner: Wiring) -> None:
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
    row = site.walk.names.of(site.record.path)
    for name, place in reading.places.items():
        site.walk.within[f"{row}.{name}"] = site.record.live, place
