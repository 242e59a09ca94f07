"""a model that is applied to each step, or several times → a picture of its own, which the picture calls.

::

    TimeDistributed(encoder)(x)             S S S S   encoder
                                            | | | |
    x: documents of sentences of words      X X X X   tokens(40, 5)

    encoder(left), encoder(right)             S       S     encoder
                                            +-+-+   +-+-+
                                            L L L   R R R
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from seqdsl.importers.keras.hints import IN_PLACE, TOKENS
from seqdsl.importers.keras.ledger import SAMPLES
from seqdsl.importers.keras.network import is_network
from seqdsl.importers.keras.refusals import Again
from seqdsl.importers.keras.values import Value, leaves
from seqdsl.ir.carry import Carry
from seqdsl.layers import find_layer
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.layout.picture import Unplaceable
from seqdsl.targets.keras.weights import by_name

if TYPE_CHECKING:
    from seqdsl.importers.keras.site import Site
    from seqdsl.importers.keras.state import State
    from seqdsl.importers.reading import Reading
    from seqdsl.layout.wiring import Operand, Wiring, Wirings


def called(site: Site) -> Value | None:
    """A row that calls a picture; ``None``: what is in the model is read in its place.

    Args:
        site: the call, of the layer that is applied to each step.
    """
    reading = _read(site)
    if reading is None or not _is_of_sequence(reading):
        return None
    live, value = site.record.live, site.value
    name = _noted(site, value, reading)
    if name is None:
        return None
    read = (site.walk.ledger.steps(value.ids),)
    return Value(site.block(name, read, value.ids.shape[1], tuple(live.output_shape[1:])))


def applied_again(site: Site) -> Value | None:
    """A call of a picture, which others call as well; ``None``: what is in the model is read in its place.

    Args:
        site: the call, of a model that is applied several times with its one set of weights.
    """
    value = _alone(site) if _is_applied_again(site) else None
    reading = None if value is None else site.walk.once.read_model(site.record.live)
    if value is None or reading is None or not _is_one_picture(reading):
        return None
    shape = site.record.live.compute_output_shape((None, *value.ids.shape[1:]))[1:]
    read = _whole(site, value, reading, shape)
    name = None if read is None else _noted(site, value, reading)
    if read is None or name is None:
        return None
    site.walk.is_shared = True
    steps, shape = (shape[0], shape[1:]) if _gives_row(reading) else (None, shape)
    return Value(site.block(name, (read,), steps, shape))


def _is_applied_again(site: Site) -> bool:
    """Whether a model is applied at least twice, and may be a picture of its own."""
    walk, live = site.walk, site.record.live
    is_model = live is not None and is_network(site.record.config)
    may = is_model and not walk.each and ("", IN_PLACE) not in walk.hints
    return may and walk.repeats[id(live)] > 1


def require_drawn(walk: State, wirings: Wirings) -> None:
    """Check that a picture can be drawn that calls what is applied several times.

    Raises:
        Again: it cannot be: what is called is read in its place.
    """
    if walk.is_shared and _drawn(wirings) is None:
        raise Again("", IN_PLACE)


def _alone(site: Site) -> Value | None:
    """The one value that a model is applied to, without a mask; ``None``: there is more."""
    given = [item for item in leaves((list(site.args), site.kwargs)) if item is not None]
    is_one = len(given) == 1 and isinstance(given[0], Value) and given[0].is_plain
    # Chains that were made samples of a larger batch are applications of their own.
    return given[0] if is_one and len(given[0].ids) == SAMPLES else None


def _whole(site: Site, value: Value, reading: Reading, shape: tuple[int, ...]) -> Operand | None:
    """What a call of a picture reads: a vector, or all steps of a sequence; ``None``: it cannot be drawn."""
    assert reading.wirings is not None
    inner, ids = reading.wirings.at[0], value.ids
    if inner.blocks[inner.inputs[0]].steps is None:
        return None if _gives_row(reading) else site.walk.ledger.vector(ids)
    # A vector of a grid has places, and no steps; one step is a vector.
    is_row = (value.whole and ids.ndim == 2) or site.has_steps(ids)
    is_long = not _gives_row(reading) or shape[0] > 1
    return site.walk.ledger.bus(ids) if is_row and is_long and ids.shape[1] > 1 else None


def _gives_row(reading: Reading) -> bool:
    """Whether a picture gives a sequence."""
    assert reading.wirings is not None
    inner = reading.wirings.at[0]
    return inner.blocks[inner.outputs[0]].steps is not None


def _noted(site: Site, value: Value, reading: Reading) -> str | None:
    """Note a picture that is called, and what is known of it; its name, or ``None`` if it cannot be drawn."""
    walk = site.walk
    assert reading.wirings is not None
    name, text = _named(walk, reading)
    if text is None:
        return None
    _look_up(site, value, reading.wirings.at[0])
    walk.called[name] = text
    walk.count += reading.operations
    for item in reading.differences:
        walk.differs(f"{site.record.path}.{item.where}", item.what, numbers=item.numbers)
    _note_weights(site, reading)
    return name


def _read(site: Site) -> Reading | None:
    """What is read of a model by itself; ``None``: it is none, or its steps cannot be sequences."""
    live, values = site.record.live, site.values
    if live is None or not is_network(site.record.config) or len(values) != 1:
        return None
    shape = live.output_shape
    # A sequence in each step; what is longer or shorter at each call is no size of a step.
    is_deep = values[0].ids.ndim >= (3 if values[0].whole else 4)
    is_sized = isinstance(shape, tuple) and None not in shape[1:]
    return site.walk.once.read_model(live) if is_deep and is_sized else None


def _is_one_picture(reading: Reading) -> bool:
    """Whether a model is read, as a picture that another one may call."""
    if reading.wirings is None or reading.wirings.called or reading.wirings.cells:
        return False
    wiring = reading.wirings.at[0]
    is_plain = all(block.carry is Carry.NONE for block in wiring.blocks)
    # What marks padding within would have to be said by the picture that calls.
    marks = any(re.search(r"\b(mask|lengths)=", block.call) for block in wiring.blocks)
    return len(wiring.inputs) == len(wiring.outputs) == 1 and is_plain and not marks


def _is_of_sequence(reading: Reading) -> bool:
    """Whether a model is a picture of a sequence of one length."""
    if not _is_one_picture(reading) or reading.wirings is None or len(reading.wirings.at) > 1:
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
        if not _NUMBERED.fullmatch(source.layer) or any(b.layer == "x" for b in wiring.blocks):
            return wiring
        blocks = [*wiring.blocks]
        blocks[at] = replace(source, layer="x")
        return replace(wiring, blocks=tuple(blocks))

    return replace(wirings, at=tuple(map(named, wirings.at)))


_NUMBERED = re.compile(r"(input_layer|keras_tensor)(_\d+)?")


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
