"""the masks that Keras keeps with tensors → which of them a layer gets, where none stands among its arguments.

Only some layers have the mask that they are given among the arguments of a call; attention and pooling find it on what
they read when the model runs. It begins at an embedding or at `Masking`, goes through layers that support masks, and
is lost in all others, operations among them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras.merging import MERGES
from seqdsl.importers.keras.values import Truth, Value, values_in

if TYPE_CHECKING:
    from seqdsl.importers.keras.site import Site

_PASSING_NAMES = (
    "Dense Dropout SpatialDropout1D LayerNormalization BatchNormalization Activation ReLU LeakyReLU ELU Softmax "
    "Identity TimeDistributed GaussianNoise GaussianDropout AlphaDropout ActivityRegularization LSTM GRU SimpleRNN "
    "Bidirectional MultiHeadAttention Attention AdditiveAttention"
)
_PASSING = frozenset(_PASSING_NAMES.split())
"""Layers that give their result the mask of what they read first."""


def carry(site: Site, result: Any) -> Any:
    """What a call gives, with the mask that Keras keeps with it."""
    kind, values = site.record.kind, values_in((list(site.args), site.kwargs))
    first = result[0] if isinstance(result, list) and result else result
    if not values or not isinstance(first, Value) or ".ops" in site.record.module:
        return result
    mask = _mask(site, kind, values)
    # A single value, such as a final state, has no steps that could be padding.
    if mask is None or first.ids.ndim < 2 or first.ids.shape[1:2] != mask.numbers.shape[1:2]:
        return result
    marked = replace(first, mask=mask)
    return [marked, *result[1:]] if isinstance(result, list) else marked


def _mask(site: Site, kind: str, values: list[Value]) -> Truth | None:
    if kind == "Embedding" and site.config["mask_zero"]:
        return _unlike(site, values[0], 0)
    if kind == "Masking":
        return _unlike(site, values[0], site.config["mask_value"])
    if kind in _PASSING:
        return _passed(site, values[0])
    if kind in MERGES or (kind == "Concatenate" and site.config["axis"] == -1):
        return _any([item.mask for item in values])
    return None


def _passed(site: Site, value: Value) -> Truth | None:
    """The mask of what a layer reads, if it gives as many steps."""
    given = site.option("mask")
    mask = given if isinstance(given, Truth) else value.mask
    return mask if _is_sequence(site) else None


def _is_sequence(site: Site) -> bool:
    """Whether a layer gives all steps: a recurrent one may give its last output alone."""
    inner = site.config.get("layer")
    config = inner["config"] if isinstance(inner, dict) else site.config
    return bool(config.get("return_sequences", True))


def _unlike(site: Site, value: Value, mark: float) -> Truth:
    """Where the numbers of an input are not its mark for padding."""
    told = site.walk.masks.numbers(value)
    differs = told.numbers != mark
    return Truth(differs if differs.ndim < 3 else differs.any(axis=-1), told.origins)


def _any(masks: list[Truth | None]) -> Truth | None:
    """Keras's: where all have a mask, the steps that are valid in any."""
    found = [item for item in masks if item is not None]
    if len(found) < len(masks):
        return None
    valid = np.any([item.numbers for item in found], axis=0)
    return Truth(valid, frozenset().union(*(item.origins for item in found)))
