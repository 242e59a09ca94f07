"""``Dot``, ``ops.matmul``, ``ops.einsum`` → both tensors with the axis last that is summed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.keras.network import Record

    Ids = NDArray[np.int64]


def sides(record: Record, ids: Sequence[Ids]) -> tuple[Ids, Ids, Any]:
    """Both tensors as (samples, a, k) and (samples, b, k), and what makes the result of (samples, a, b)."""
    kind, config = record.kind, record.config
    if kind == "Dot" and ".ops" not in record.module:
        if config["normalize"]:
            raise Refused(
                "`normalize=True` divides by the lengths of vectors, and the language has nothing for that",
                "let the model give both vectors, and compare them behind it, as `keras.losses.CosineSimilarity` does",
            )
        axes = config["axes"]
        return _by_axes(ids, [axes, axes] if isinstance(axes, int) else list(axes))
    if kind == "Matmul" and all(item.ndim == 3 for item in ids):
        return ids[0], np.swapaxes(ids[1], -1, -2), lambda made: made
    if kind == "Einsum":
        return _by_equation(ids, config["subscripts"])
    raise Refused("it multiplies tensors whose axes are not samples, steps and features")


def _by_axes(ids: Sequence[Ids], axes: Sequence[int]) -> tuple[Ids, Ids, Any]:
    if any(not 2 <= item.ndim <= 3 for item in ids):
        raise Refused("it multiplies tensors whose axes are not samples, steps and features")
    left, right = (np.moveaxis(item, axis, -1) for item, axis in zip(ids, axes, strict=True))
    # (samples, k) is one row: its axis goes again, unless none would be left.
    flat = tuple(1 + at for at, item in enumerate((left, right)) if item.ndim == 2)
    both = [item[:, None] if item.ndim == 2 else item for item in (left, right)]
    first, second = both
    return first, second, lambda made: made[:, 0] if len(flat) == 2 else made.squeeze(flat)


def _by_equation(ids: Sequence[Ids], equation: str) -> tuple[Ids, Ids, Any]:
    inputs, _, output = equation.replace(" ", "").partition("->")
    names = inputs.split(",")
    shared = set(names[0]) & set(names[-1])
    over = "".join(shared - set(output))
    sample = output[:1]
    if len(names) != 2 or len(over) != 1 or shared != {sample, over} or "." in inputs:
        raise Refused("it multiplies tensors whose axes are not samples, steps and features")
    both, rest = [], sample
    for item, letters in zip(ids, names, strict=True):
        (own,) = set(letters) - shared if len(letters) == 3 else ("",)
        if not own:
            raise Refused("it multiplies tensors whose axes are not samples, steps and features")
        both.append(np.transpose(item, [letters.index(name) for name in (sample, own, over)]))
        rest += own
    first, second = both
    return first, second, lambda made: np.transpose(made, [rest.index(name) for name in output])
