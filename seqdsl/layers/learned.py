"""trained numbers: the same vector at a step for every sample, such as an initial state or the queries of DETR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    OUT,
    Argument,
    Counterpart,
    Family,
    Inferred,
    Kind,
    LayerDef,
    Look,
    Role,
    Signature,
    Weight,
    Words,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(steps: int, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """The vectors of so many steps, (steps, features)."""
    return weights["embeddings"][:steps]


LAYER = LayerDef(
    "learned",
    Family.CONSTANT,
    Signature((Argument("features", Kind.SIZE),), 1, (), "learned(8)"),
    inferred=(Inferred("steps", Kind.SIZE),),
    output="features",
    weights=(Weight("embeddings", Role.TABLE, (Size.of("steps"), OUT)),),
    evaluate=evaluate,
    look=Look.EMBEDDING,
    words=Words(
        summary="trained numbers, the same for every sample",
        arguments={
            "features": "trained numbers in each step",
        },
        does="{is_shape} that {are} trained, the same for every sample",
        weights="the numbers themselves",
        elsewhere=(
            Counterpart("learned learnable trainable"),
            Counterpart("parameter", draw="give it as many features as a step is to have"),
        ),
        renamed={"units": "features", "dim": "features", "shape": "features", "size": "features"},
        instead={"steps": "draw a node for each step", "data": "the numbers are trained"},
    ),
    order=22,
)
