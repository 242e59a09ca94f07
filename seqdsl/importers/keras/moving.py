"""layers and operations that may only move values → the ids of what they give, by running them."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

import numpy as np
from keras import ops

from seqdsl.importers.keras.labels import moved
from seqdsl.importers.keras.ledger import SAMPLES
from seqdsl.importers.keras.network import Constant
from seqdsl.importers.keras.refusals import Multiplied, Refused, said
from seqdsl.importers.keras.values import Truth, Value, replaced, values_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.importers.keras.network import Record
    from seqdsl.importers.keras.site import Site

_LAYERS_WORDS = (
    "Flatten Reshape Permute Cropping1D Cropping2D ZeroPadding1D ZeroPadding2D Concatenate RepeatVector "
    "UpSampling1D Identity Lambda"
)
LAYERS = frozenset(_LAYERS_WORDS.split())
"""Layers of Keras that move values, or may do so."""

_OPERATIONS_WORDS = (
    "GetItem Reshape Concatenate Stack Split Unstack Flip ExpandDims Squeeze Transpose Swapaxes Moveaxis "
    "Repeat Tile Roll BroadcastTo Pad Take TakeAlongAxis Slice Copy Identity ZerosLike Hstack Vstack "
    "ArraySplit Ravel Rot90 StopGradient ConvertToTensor Cast"
)
OPERATIONS = frozenset(_OPERATIONS_WORDS.split())
"""Operations of Keras that move values."""


def move(site: Site) -> Any:
    """What a layer, or an operation, makes of the ids that it is given."""
    # A model begins with one for each input, which keeps its mask.
    if site.record.kind == "ConvertToTensor" and len(site.args) == 1 == len(values_in(site.args)):
        return site.args[0]
    called = _callable(site.record)
    # `mask=None` of a wrapper's call is no argument of the layer within.
    named = {name: item for name, item in site.kwargs.items() if item is not None}
    arguments = (list(site.args), named)
    values = values_in(arguments)
    whole = {item.whole for item in values}
    if len(whole) > 1:
        raise Refused("it moves ids of tokens and numbers together")
    if any(not item.is_plain for item in values):
        raise Multiplied()
    found = moved(
        lambda tensors: _run(called, arguments, tensors),
        [item.ids for item in values],
        whole=True in whole,
    )
    return replaced(found, lambda ids: Value(ids, whole=True in whole))


def _callable(record: Record) -> Callable[..., Any]:
    """What a layer does with tensors: the layer itself, or an operation of Keras by its name."""
    if record.kind in OPERATIONS and ".ops" in record.module:
        return operation(record.kind, dict(record.config))
    if record.live is None:
        raise Refused("it is known by its configuration only")
    called: Callable[..., Any] = record.live
    return called


def _run(called: Callable[..., Any], arguments: Any, tensors: list[Any]) -> Any:
    given = iter(tensors)

    def tensor(leaf: Any) -> Any:
        if isinstance(leaf, Value):
            return next(given)
        if isinstance(leaf, Truth):
            # Of a custom layer that checks a mask, or makes padded steps zero: none is padding here.
            return np.ones((SAMPLES, *leaf.numbers.shape[1:]), leaf.numbers.dtype)
        return np.asarray(leaf.values) if isinstance(leaf, Constant) else leaf

    args, kwargs = replaced(arguments, tensor)
    try:
        return called(*args, **kwargs)
    except Exception as problem:
        raise Refused(f"it cannot be applied: {said(problem)}") from problem


def operation(kind: str, config: dict[str, Any]) -> Callable[..., Any]:
    """An operation by the name of its class: the public function of the same name, with its arguments.

    ``GetItem`` is the operator, ``ExpandDims`` with ``axis=1`` is ``ops.expand_dims(x, axis=1)``.
    """
    if kind == "GetItem":
        return lambda x, key: operator.getitem(x, tuple(key) if isinstance(key, list) else key)
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()
    function = getattr(ops, name, None)
    if function is None:
        raise Refused("there is no operation of Keras of this name")
    # The type of an operation's own is a policy; that of `ops.cast` is an argument.
    fixed = {key: item for key, item in config.items() if key != "name"}
    if not isinstance(fixed.get("dtype", ""), str) or name != "cast":
        fixed.pop("dtype", None)
    return lambda *args, **kwargs: function(*args, **{**fixed, **kwargs})
