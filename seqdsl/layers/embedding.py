"""embedding: the row of a table for each token (Bengio et al. 2003)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    OUT,
    Argument,
    Counterpart,
    Family,
    Inferred,
    Instead,
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
    begins_mask=("mask",),
    evaluate=evaluate,
    look=Look.EMBEDDING,
    words=Words(
        summary="a vector for each token, looked up in a table",
        arguments={
            "features": "features of the vector of each token",
            "mask": "whether id 0 is padding",
        },
        does="looks up a vector of {features} for each id of {reads}",
        weights="a vector for each id",
        elsewhere=(
            Counterpart(
                "embedding embed wordembedding tokenembedding",
                "input_dim output_dim mask_zero",
            ),
            Counterpart(
                "embedding",
                "num_embeddings embedding_dim padding_idx max_norm norm_type scale_grad_by_freq sparse",
            ),
            Counterpart(
                "embeddingbag",
                "num_embeddings embedding_dim max_norm norm_type scale_grad_by_freq mode sparse",
                draw="combine its steps by a `mean` row above it, which a bus of all steps enters",
            ),
            Counterpart("embedding embed", "output_dim"),
        ),
        renamed={
            "output_dim": "features",
            "embedding_dim": "features",
            "dim": "features",
            "units": "features",
            "mask_zero": "mask",
        },
        instead={
            "input_dim": "the row below tells: `tokens({value})`",
            "num_embeddings": "the row below tells: `tokens({value})`",
            "vocabulary": "the row below tells: `tokens({value})`",
            "vocab_size": "the row below tells: `tokens({value})`",
            "padding_idx": Instead("id 0 is padding with `mask=true`", default=None),
            "max_norm": "not in the language; constrain the weights while you train",
            "norm_type": Instead(
                "not in the language; constrain the weights while you train", default=2.0
            ),
            "scale_grad_by_freq": "not in the language; scale gradients while you train",
            "mode": Instead("draw a row of `max` or `add` for another mode", default="mean"),
            "include_last_offset": "remove it: each sample is a sequence of its own",
            "_freeze": "freeze the weights of the built model",
            "_weight": "set the weights of the built model",
        },
    ),
    order=4,
)
