"""a model that is applied several times, with its one set of weights → a picture of its own, called each time.

::

    encoder(left), encoder(right)             S       S     encoder
                                            +-+-+   +-+-+
                                            L L L   R R R

Padding goes into such a picture, and out of it step by step (`seqdsl.importers.keras.within`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.importers.keras.called import is_one_picture, look_up, noted
from seqdsl.importers.keras.hints import IN_PLACE
from seqdsl.importers.keras.ledger import SAMPLES
from seqdsl.importers.keras.network import is_network
from seqdsl.importers.keras.refusals import Again
from seqdsl.importers.keras.values import Truth, Value, leaves
from seqdsl.importers.keras.within import Padding

if TYPE_CHECKING:
    from seqdsl.importers.keras.site import Site
    from seqdsl.importers.keras.within import Within
    from seqdsl.importers.reading import Reading
    from seqdsl.layout.wiring import Operand


def applied_again(site: Site) -> Value | None:
    """A call of a picture, which others call as well; ``None``: what is in the model is read in its place.

    Args:
        site: the call, of a model that is applied several times with its one set of weights.

    Raises:
        Again: this call cannot be drawn, and others may have been: all are read in their places then.
    """
    if not _is_applied_again(site):
        return None
    made = _application(site)
    if made is None:
        raise Again(site.record.path, IN_PLACE)
    site.walk.is_shared = True
    return made


def _application(site: Site) -> Value | None:
    """One of several calls of a picture; ``None``: it cannot be drawn."""
    value = _alone(site)
    if value is None:
        return None
    within = site.walk.once.read_model(site.record.live, value.mask is not None)
    if not is_one_picture(within) or not _is_followed(within):
        return None
    assert within.reading.wirings is not None
    # An input of a class of the model's own is known to hold ids only now.
    look_up(site, value, within.reading.wirings.at[0])
    shape = site.record.live.compute_output_shape((None, *value.ids.shape[1:]))[1:]
    read = _whole(site, value, within.reading, shape)
    name = None if read is None else noted(site, value, within.reading)
    if read is None or name is None:
        return None
    steps, shape = (shape[0], shape[1:]) if _gives_row(within.reading) else (None, shape)
    ids = site.block(name, (read,), steps, shape)
    return Value(ids, mask=_mask(site, within, value.mask))


def _mask(site: Site, within: Within, mask: Truth | None) -> Truth | None:
    """The mask that Keras keeps with what the last block gives; what a picture makes of it is noted."""
    masks, block = site.walk.masks, len(site.walk.ledger.blocks) - 1
    # What reads a row without a mask counts all of its steps, as layers do.
    masks.use(site.record.path, block, 0, mask)
    masks.through[block] = lambda: _keeps_padding(site)
    return mask if within.is_masked and within.kept[0].by_keras is Padding.SAME else None


def _keeps_padding(site: Site) -> bool:
    """Whether a picture that reads padded steps gives such, whatever Keras tells it of them."""
    kept = site.walk.once.read_model(site.record.live, True).kept
    return [item.in_picture for item in kept] == [Padding.SAME]


def _is_applied_again(site: Site) -> bool:
    """Whether a model is applied at least twice, and may be a picture of its own."""
    walk, live = site.walk, site.record.live
    is_model = live is not None and is_network(site.record.config)
    is_not = {("", IN_PLACE), (site.record.path, IN_PLACE)} & walk.hints
    may = is_model and not walk.each and not is_not
    return may and walk.repeats[id(live)] > 1


def _alone(site: Site) -> Value | None:
    """The one value that a model is applied to, with its mask; ``None``: there is more."""
    others = site.kwargs | {"mask": None, "training": None}
    given = [item for item in leaves((list(site.args), others)) if item is not None]
    value = given[0] if len(given) == 1 else None
    # Chains that were made samples of a larger batch are applications of their own.
    if not isinstance(value, Value) or not value.is_plain or len(value.ids) != SAMPLES:
        return None
    (mask,) = leaves(site.option("mask"))
    return value if mask is None else replace(value, mask=mask)


def _whole(site: Site, value: Value, reading: Reading, shape: tuple[int, ...]) -> Operand | None:
    """What a call of a picture reads: a vector, or all steps of a sequence; ``None``: it cannot be drawn."""
    assert reading.wirings is not None
    inner, ids = reading.wirings.at[0], value.ids
    source = inner.blocks[inner.inputs[0]]
    if source.steps is None:
        return None if _gives_row(reading) else site.walk.ledger.vector(ids)
    # A vector of a grid has places, and no steps; one step is a vector.
    is_row = (source.call.startswith("tokens") and ids.ndim == 2) or site.has_steps(ids)
    is_long = not _gives_row(reading) or shape[0] > 1
    return site.walk.ledger.bus(ids) if is_row and is_long and ids.shape[1] > 1 else None


def _gives_row(reading: Reading) -> bool:
    """Whether a picture gives a sequence."""
    assert reading.wirings is not None
    inner = reading.wirings.at[0]
    return inner.blocks[inner.outputs[0]].steps is not None


def _is_followed(within: Within) -> bool:
    """Whether a picture can say which mask a result has: none, or that of what the model reads."""
    (kept,) = within.kept
    if within.is_masked:
        return Padding.OTHER not in kept
    return kept.by_keras is Padding.NONE
