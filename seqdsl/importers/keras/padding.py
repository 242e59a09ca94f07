"""operations that make masks, Masking and ``where`` → numbers for some samples, and which values are made zero."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from keras import ops

from seqdsl.importers.keras.hints import LENGTHS
from seqdsl.importers.keras.ledger import SAMPLES
from seqdsl.importers.keras.moving import operation
from seqdsl.importers.keras.network import Constant
from seqdsl.importers.keras.refusals import Again, Refused, said
from seqdsl.importers.keras.values import Truth, Value, leaves, replaced, values_in

if TYPE_CHECKING:
    from seqdsl.importers.keras.site import Site

_TELLING_WORDS = "NotEqual Equal Greater GreaterEqual Less LessEqual OnesLike Any All LogicalNot LogicalOr LogicalAnd"
TELLING = frozenset(_TELLING_WORDS.split())
"""Operations whose results are masks, or lead to such, whatever they read."""

_COMPARING = frozenset({"Less", "LessEqual", "Greater", "GreaterEqual"})

_LEADING_WORDS = (
    "Cumsum Subtract Cast Sum Max ExpandDims GetItem LogicalXor Maximum Minimum Argsort Flip Where"
)
LEADING = frozenset(_LEADING_WORDS.split())
"""Operations that masks are made by where they read such."""


def compute(site: Site) -> Any:
    """What an operation makes of masks, or of the numbers of an input."""
    arguments = (list(site.args), site.kwargs)
    origins: set[int] = set()

    def tensor(leaf: Any) -> Any:
        if isinstance(leaf, Value):
            leaf = _numbers(site, leaf)
        if isinstance(leaf, Truth):
            origins.update(leaf.origins)
            return ops.convert_to_tensor(leaf.numbers)
        return _same_for_all(np.asarray(leaf.values)) if isinstance(leaf, Constant) else leaf

    args, kwargs = replaced(arguments, tensor)
    run = operation(site.record.kind, dict(site.config))
    try:
        found = run(*args, **kwargs)
    except Exception as problem:
        raise Refused(f"it cannot be applied: {said(problem)}") from problem
    return replaced(
        list(found) if isinstance(found, list | tuple) else found,
        lambda item: Truth(ops.convert_to_numpy(item), frozenset(origins)),
    )


def _same_for_all(numbers: Any) -> Any:
    """Numbers that code has made for each sample, (samples, ...), once: masks have other samples than ids."""
    is_alike = numbers.ndim > 2 and len(numbers) == SAMPLES and (numbers == numbers[:1]).all()
    return numbers[:1] if is_alike else numbers


def _numbers(site: Site, value: Value) -> Truth:
    if site.record.kind == "OnesLike":
        # Only its shape is looked at.
        return Truth(np.ones((site.walk.masks.samples, *value.ids.shape[1:]), np.float32))
    if site.record.kind in _COMPARING:
        # steps < lengths: whole numbers, one for each sample.
        for item in site.walk.sources.of(value.ids):
            if item.is_single_number and item.block not in site.walk.sources.counted:
                raise Again(site.walk.ledger.paths[item.block], LENGTHS)
    truth = site.walk.masks.numbers(value)
    kind = np.int32 if value.whole else np.float32
    return Truth(truth.numbers.astype(kind), truth.origins)


def masking(site: Site) -> Value:
    """``Masking``: its steps that are padding are zero already, or are not looked at."""
    value = site.value
    site.walk.sources.of(value.ids)
    return value


_SKIPPING = "let a recurrent layer run over the steps, with `mask=`: it skips padded ones"


def where(site: Site) -> Value:
    """``where(mask, x, 0)``: padded steps of x become zero, as they are in a picture."""
    condition, value, other = (*leaves(list(site.args)), *leaves(site.kwargs))[:3]
    if not (isinstance(condition, Truth) and isinstance(value, Value)):
        raise Refused("it chooses between values by computed values")
    if values_in([other]):
        return _waiting(site, condition, value, other)
    if not isinstance(other, int | float):
        raise Refused("it chooses between values by computed values")
    if other != 0 or site.walk.attended.of(value.ids) is not None:
        return replace(value, filled=(condition, float(other)))
    valid = np.asarray(condition.numbers).astype(bool)
    valid = valid.reshape(valid.shape[0], valid.shape[1] if valid.ndim > 1 else 1)
    site.walk.masks.zeroed(site.record.path, value, valid, condition)
    return value


# state = where(valid, new, state)     in an iteration of a loop: that of a picture's row waits where it is padded
def _waiting(site: Site, condition: Truth, value: Value, before: Value) -> Value:
    """The value of a step, where it is that of the step before if that is padded."""
    valid = np.asarray(condition.numbers).astype(bool).reshape(len(condition.numbers), -1)
    if valid.shape[1] != 1 or not site.walk.masks.goes_on(value, before):
        raise Refused(
            "it takes another value where a step is padded than that of the step before", _SKIPPING
        )
    site.walk.masks.of_step(site.record.path, value, valid, condition)
    return value
