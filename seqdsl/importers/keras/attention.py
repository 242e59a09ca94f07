"""Attention, AdditiveAttention and MultiHeadAttention → ``attention``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqdsl.importers.keras.ledger import SAMPLES
from seqdsl.importers.keras.refusals import Multiplied, Refused
from seqdsl.importers.keras.values import UNKNOWN, Truth, Value, values_in
from seqdsl.importers.keras.written import written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seqdsl.importers.keras.site import Site
    from seqdsl.layout.wiring import Operand

    Ids = NDArray[np.int64]


_OTHER_MASK = "its `attention_mask` hides steps other than padded ones and those after each query"
_MASKS = "use use_causal_mask=True, or a mask of its input"


def attention(site: Site) -> Any:
    """``Attention()([query, value, key])``, and the additive one."""
    config = site.config
    query, memory, *keys = values_in(site.args)
    additive = site.record.kind == "AdditiveAttention"
    if additive:
        site.require(use_scale=True)
    else:
        site.require(use_scale=False, score_mode="dot")
    scale = _scale(query, additive=additive)
    if any(not item.is_plain for item in (memory, *keys)):
        raise Multiplied()
    call = written(
        "attention",
        causal=_causal(site),
        score="additive" if additive else None,
        scale=scale,
        dropout=config["dropout"] or None,
    )
    return _attend(site, call, query, memory, *keys)


def heads(site: Site) -> Any:
    """``MultiHeadAttention()(query, value, key)``."""
    config = site.config
    query, memory, *keys = _operands(site)
    site.require(use_bias=True, output_shape=None)
    if config.get("attention_axes") not in (None, [1], (1,)):
        raise Refused("it attends over other axes than the steps")
    given = _attention_mask(site, query.ids.shape[1], memory.ids.shape[1])
    key, count = config["key_dim"], config["num_heads"]
    if config["value_dim"] not in (None, key):
        raise Refused(
            "`value_dim` differs from `key_dim`, and the language has one width of a head"
        )
    features = query.ids.shape[-1]
    call = written(
        "attention",
        heads=count,
        causal=_causal(site) or given.causal,
        key=None if key * count == features else key,
        dropout=config["dropout"] or None,
    )
    memory = memory if given.mask is None else replace(memory, mask=given.mask)
    return _attend(site, call, query, memory, *keys, width=features)


class _Mask(NamedTuple):
    """An ``attention_mask``: whether what is behind each query is hidden, and which keys are padding."""

    causal: bool
    mask: Truth | None


def _attention_mask(site: Site, queries: int, keys: int) -> _Mask:
    """What the ``attention_mask`` of a call hides.

    Raises:
        Refused: it hides anything else.
    """
    given = site.option("attention_mask")
    if given is None:
        return _Mask(causal=False, mask=None)
    numbers = np.asarray(given.numbers if isinstance(given, Truth) else getattr(given, "values", 0))
    if numbers.shape[-1:] != (keys,) or numbers.ndim > 3:
        raise Refused(_OTHER_MASK, _MASKS)
    # (queries, keys), or with samples; (samples, 1, keys) of padding.
    shown = np.broadcast_to(numbers, (*numbers.shape[:-2], queries, keys)).astype(bool)
    shown = shown.reshape(-1, queries, keys)
    valid = shown[:, -1]
    behind = (
        np.tri(queries, keys, dtype=bool) if queries == keys else np.ones((queries, keys), bool)
    )
    if not (shown == valid[:, None] & behind).all():
        behind[:] = True
    if not (shown == valid[:, None] & behind).all():
        raise Refused(_OTHER_MASK, _MASKS)
    mask = Truth(valid, given.origins) if isinstance(given, Truth) else None
    if mask is None and not valid.all():
        raise Refused(_OTHER_MASK, _MASKS)
    return _Mask(causal=not behind.all(), mask=mask)


def _operands(site: Site) -> list[Value]:
    found = list(site.args)
    found += [site.option(name) for name in ("query", "value", "key") if name in site.kwargs]
    values = values_in(found)
    if any(not item.is_plain for item in values):
        raise Multiplied()
    return values


def _causal(site: Site) -> bool:
    return bool(site.option("use_causal_mask", site.config.get("use_causal_mask", False)))


def _scale(query: Value, *, additive: bool) -> bool | None:
    """Whether the query is divided by the root of its width, as ``scale=true`` does."""
    if query.factor == 1:
        return None
    if additive or not np.isclose(query.factor, query.ids.shape[-1] ** -0.5):
        raise Refused("its query is multiplied by a number that is not the root of its width")
    return True


def _attend(
    site: Site, call: str, query: Value, memory: Value, *keys: Value, width: int | None = None
) -> Any:
    ledger = site.walk.ledger
    _check_steps((query, memory, *keys))
    own = [item for item in keys if not np.array_equal(item.ids, memory.ids)]
    read: Operand = ledger.steps(query.ids)
    operands = (read, *(ledger.bus(item.ids) for item in (memory, *own)))
    shape = (width or memory.ids.shape[-1],)
    ids = site.block(call, operands, query.ids.shape[1], shape)
    block = len(ledger.blocks) - 1
    carried = (query.mask, memory.mask, *(item.mask for item in own))
    for operand, told in enumerate(_masks(site)[: len(operands)]):
        mask = carried[operand] if told is None else told
        # A masked query is zero in the result, as in a picture.
        if operand:
            site.walk.masks.use(site.record.path, block, operand, mask)
    result = Value(ids)
    # The scores of attention are no values of a picture.
    return [result, UNKNOWN] if site.option("return_attention_scores") else result


def _check_steps(values: tuple[Value, ...]) -> None:
    if any(item.ids.ndim != 3 or len(item.ids) != SAMPLES for item in values):
        raise Refused("it attends to something else than steps of features")


def _masks(site: Site) -> list[Any]:
    """The masks of query, memory and keys."""
    given = site.option("mask")
    if given is None:
        given = [site.option(name) for name in ("query_mask", "value_mask", "key_mask")]
    return [*given, None, None, None][:3]


def scaled(site: Site) -> Any:
    """A tensor times, or divided by, a number: only a query of an attention may be such."""
    values = values_in(site.args)
    numbers = [item for item in site.args if isinstance(item, int | float)]
    if len(values) != 1 or len(numbers) != 1 or values[0].whole:
        raise Refused("no layer of the language divides")
    (value,), (number,) = values, numbers
    factor = value.factor / number if site.record.kind.endswith("Divide") else value.factor * number
    return replace(value, factor=float(factor))
