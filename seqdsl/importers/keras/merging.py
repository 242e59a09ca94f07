"""layers and operations that combine tensors element by element, or pool steps → ``add``, ``mean``, ``max``."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras import attending, tied
from seqdsl.importers.keras.attention import scaled
from seqdsl.importers.keras.ledger import SAMPLES
from seqdsl.importers.keras.refusals import Multiplied, Refused
from seqdsl.importers.keras.values import Truth, Value, replaced, values_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.keras.site import Site

    Ids = NDArray[np.int64]

MERGES = {
    "Add": "add",
    "Multiply": "multiply",
    "Average": "mean",
    "Maximum": "max",
    "Minimum": "min",
}
"""Layers, and operations of the same names, that combine tensors."""

REDUCTIONS = {"Sum": "add", "Mean": "mean", "Max": "max", "Min": "min", "Prod": "multiply"}
"""Operations that combine all steps."""

_NEUTRAL = {"max": -inf, "min": inf, "add": 0.0, "multiply": 1.0, "mean": None}
"""What a padded step may be for it not to count."""

_POOLS = {"Average": "mean", "Max": "max"}


def merge(site: Site) -> Any:
    """``Add()([x, y])``.

    Three of them do not become rows::

        x * 0.5                           a factor, which what reads it may have: the scale of an attention
        matmul(x, table.T) + bias         the bias of `dense(tied=M)`
        softmax(scores) * values          the half of an attention
    """
    constants, kind = site.walk.constants, site.record.kind
    site.args = replaced(list(site.args), lambda item: constants.value(item, site.record))
    # Of a product, what is already multiplied by a number may be multiplied once more.
    given = values_in(site.args) if kind == "Multiply" else site.values
    if len(given) < 2:
        return _with_number(site)
    values = site.values
    _check_whole(values)
    biased = tied.with_bias(site, values) if kind == "Add" else None
    if biased is not None:
        return biased
    arrays = _aligned([item.ids for item in values], is_layer=site.record.module == "keras.layers")

    def row() -> Ids:
        read = [site.walk.ledger.as_values(item) for item in arrays]
        return combined(site, MERGES[kind], _narrow(read))

    weighted = attending.weighted(site, arrays, row) if kind == "Multiply" else None
    return Value(row()) if weighted is None else weighted


def _with_number(site: Site) -> Any:
    """A tensor that is combined with a number."""
    if site.record.kind == "Multiply":
        return scaled(site)
    raise Refused("it combines a tensor with a number, which no layer of the language does")


def _narrow(arrays: Sequence[Ids]) -> Sequence[Ids]:
    """Arrays of which one has the same value in all features, as one that has it once: a row spreads it."""
    same = [item.any() and bool((item == item[..., :1]).all()) for item in arrays]
    if all(same):
        return arrays
    return [item[..., :1] if one else item for item, one in zip(arrays, same, strict=True)]


def _check_whole(values: Sequence[Value]) -> None:
    if any(item.whole for item in values):
        raise Refused("it computes with ids of tokens")


def combined(site: Site, call: str, arrays: Sequence[Ids], part: str = "") -> Ids:
    """A row that combines arrays, each (samples, steps, ...) or all (samples, ...)."""
    if any(site.walk.ledger.are_chains(item) for item in arrays):
        return _each_combined(site, call, arrays, part)
    if len(arrays[0]) != SAMPLES:
        return _chains_combined(site, call, arrays, part)
    ledger = site.walk.ledger
    # What is one value for all steps has the steps already: it was spread.
    sequence = any(site.has_steps(item) for item in arrays) and arrays[0].ndim > 2
    read = tuple(ledger.steps(item) if sequence else ledger.vector(item) for item in arrays)
    first = 2 if sequence else 1
    widest = max((item.shape[first:] for item in arrays), key=lambda shape: shape[-1])
    return site.block(call, read, arrays[0].shape[1] if sequence else None, widest, part=part)


def _each_combined(site: Site, call: str, arrays: Sequence[Ids], part: str) -> Ids:
    """Each query beside all keys, (samples, queries, keys, features)."""
    folded = [item.reshape(-1, *item.shape[2:]) for item in arrays]
    each = combined(site, call, folded, part)
    return each.reshape(*arrays[0].shape[:2], *each.shape[1:])


def _chains_combined(site: Site, call: str, arrays: Sequence[Ids], part: str) -> Ids:
    stacked = np.concatenate(arrays, -1)
    widths = np.cumsum([item.shape[-1] for item in arrays])[:-1]
    return site.for_chains(
        stacked, lambda one: [combined(site, call, np.split(one, widths, -1), part)]
    )[0]


def _aligned(arrays: Sequence[Ids], *, is_layer: bool) -> list[Ids]:
    """Arrays of one shape but for their features: one value for all steps is spread over them.

    Raises:
        Refused: they do not fit.
    """
    rank = max(item.ndim for item in arrays)
    # A layer puts missing axes behind the samples, an operation before them.
    deep = [
        item.reshape(item.shape[0], *(1,) * (rank - item.ndim), *item.shape[1:])
        if is_layer
        else item.reshape((1,) * (rank - item.ndim) + item.shape)
        for item in arrays
    ]
    try:
        outer = np.broadcast_shapes(*(item.shape[:-1] for item in deep))
    except ValueError as problem:
        raise Refused("the shapes of what it combines do not fit") from problem
    widths = {item.shape[-1] for item in deep}
    if len(widths - {1}) > 1 or outer[0] != arrays[0].shape[0]:
        raise Refused("the shapes of what it combines do not fit")
    return [np.broadcast_to(item, (*outer, item.shape[-1])) for item in deep]


def pool_all(site: Site) -> Value:
    """``GlobalAveragePooling1D``: all steps, or of grids all places."""
    kind, config = site.record.kind, site.config
    if config["data_format"] != "channels_last":
        raise Refused("`data_format=channels_first` is not read")
    how = next(word for name, word in _POOLS.items() if name in kind)
    value = site.value
    if kind.endswith("2D"):
        ids = places(site, how, value.ids)
        return Value(ids[..., None, None, :] if config["keepdims"] else ids)
    ids = all_steps(site, how, value.ids)
    block = len(site.walk.ledger.blocks) - 1
    mask = site.option("mask")
    mask = value.mask if mask is None and how == "mean" else mask
    site.walk.masks.use(site.record.path, block, 0, mask)
    return Value(ids[:, None] if config["keepdims"] else ids)


def all_steps(site: Site, how: str, ids: Ids) -> Ids:
    """A node that combines all steps, (samples, steps, ...)."""
    ids = site.walk.ledger.as_values(ids)

    def apply(one: Ids) -> list[Ids]:
        if not site.has_steps(one):
            # (samples, places, features) of a vector: a grid of one axis.
            return [places(site, how, one)]
        return [site.block(how, (site.walk.ledger.bus(one),), None, one.shape[2:])]

    return site.for_chains(ids, apply)[0]


def places(site: Site, how: str, ids: Ids) -> Ids:
    """A row that combines all places of a grid."""
    ledger = site.walk.ledger
    sequence = site.has_steps(ids)
    read = ledger.steps(ids) if sequence else ledger.vector(ids)
    steps = ids.shape[1] if sequence else None
    return site.block(f"{how}(grid)", (read,), steps, ids.shape[-1:])


def reduce(site: Site) -> Value:
    """``ops.max(x, axis=1)``."""
    named = {name: item for name, item in site.kwargs.items() if not isinstance(item, Value)}
    config = {**site.config, **named}
    axis, (value, *_) = config.get("axis"), values_in(site.args)
    axes = tuple(axis) if isinstance(axis, list | tuple) else (axis,)
    how = REDUCTIONS[site.record.kind]
    _check_whole([value])
    if value.factor != 1:
        raise Multiplied("it combines values that are multiplied by a number")
    ids = _of_attention(site, how, value.ids, axes)
    if ids is None:
        if axes not in ((1,), (1 - value.ids.ndim,)) or value.ids.ndim < 3:
            raise Refused(
                f"it combines values over `axis={axis}`; a picture combines steps, axis 1",
                over_features(how, axes, value.ids),
            )
        ids = _over_steps(site, how, value)
    return Value(np.expand_dims(ids, axes) if config.get("keepdims") else ids)


def over_features(how: str, axes: tuple[Any, ...], ids: Ids) -> str:
    """What to do instead of a sum or a mean over the features; of others there is no layer that is the same."""
    last = ids.ndim - 1
    if axes not in ((-1,), (last,)):
        return "combine one axis at a time: the steps, axis 1"
    weights = {"add": "1", "mean": f"1 / {ids.shape[-1]}"}.get(how)
    if weights is None:
        return "use Dense(1), and train it again"
    return f"use Dense(1, use_bias=False) whose weights are all {weights}, which computes the same"


def _of_attention(site: Site, how: str, ids: Ids, axes: tuple[Any, ...]) -> Ids | None:
    """The sum of values times the weights of an attention; ``None``: it is none."""
    if how != "add" or len(axes) != 1 or not isinstance(axes[0], int):
        return None
    return attending.summed(site, ids, axes[0] % ids.ndim)


def _over_steps(site: Site, how: str, value: Value) -> Ids:
    ids = all_steps(site, how, value.ids)
    mask = None if value.filled is None else _left_out(how, *value.filled)
    if mask is not None or how not in ("add", "multiply"):
        block = len(site.walk.ledger.blocks) - 1
        site.walk.masks.use(site.record.path, block, 0, mask)
    return ids


def _left_out(how: str, mask: Truth, number: float) -> Truth:
    """The mask by which padded steps do not count, as they have a number that changes nothing."""
    if number != _NEUTRAL[how]:
        raise Refused(f"padded steps have the number {number}, which counts in it")
    steps = np.asarray(mask.numbers).reshape(mask.numbers.shape[:2])
    return Truth(steps.astype(bool), mask.origins)


def pool_windows(site: Site) -> Value:
    """``MaxPooling1D``: each step combines a window of steps."""
    config, value = site.config, site.value
    if config["data_format"] != "channels_last":
        raise Refused("`data_format=channels_first` is not read")
    size, stride = (_one(config[name]) for name in ("pool_size", "strides"))
    how = next(word for name, word in _POOLS.items() if site.record.kind.startswith(name))
    ids = value.ids
    if config["padding"] == "same":
        steps = ids.shape[1]
        if ((steps + stride - 1) // stride - 1) * stride + size != steps:
            raise Refused(
                "its last window is cut short, and a row combines as many steps at each place",
                "use padding='valid'",
            )
    count = (ids.shape[1] - size) // stride + 1
    if count < 1:
        raise Refused("its window is longer than what it reads")
    last = (count - 1) * stride + 1

    def apply(one: Ids) -> list[Ids]:
        if count == 1:
            return [all_steps(site, how, one[:, :size])[:, None]]
        return [combined(site, how, [one[:, at : at + last : stride] for at in range(size)])]

    return Value(site.for_chains(ids, apply)[0])


def _one(value: Any) -> int:
    return int(value[0] if isinstance(value, list | tuple) else value)
