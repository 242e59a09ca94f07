"""embedding: the row of a table for each token (Bengio et al. 2003)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    OUT,
    Argument,
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


def evaluate(ids: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """The rows of ids of any shape, as a further axis."""
    # An array as index: ids (batch, steps) give (batch, steps, features).
    return weights["embeddings"][ids]


LAYER = LayerDef(
    "embedding",
    Family.LOOKUP,
    Signature(
        (Argument("features", Kind.SIZE),),
        1,
        (Argument("mask", Kind.BOOL, False),),
        "embedding(64)",
    ),
    inferred=(Inferred("vocabulary", Kind.SIZE),),
    output="features",
    weights=(Weight("embeddings", Role.TABLE, (Size.of("vocabulary"), OUT)),),
    begins_mask="mask",
    evaluate=evaluate,
    look=Look.EMBEDDING,
    words=Words(
        summary="a vector for each token, looked up in a table",
        does="looks up a vector of {features} for each id of {reads}",
        weights="a vector for each id",
    ),
    order=4,
)
