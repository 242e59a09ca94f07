"""dense layer: an affine map of the features of each step, and an activation.

Its matrix may be that of an embedding, transposed: weight tying (Press and Wolf 2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    IN,
    OUT,
    Argument,
    Counterpart,
    Family,
    Kind,
    LayerDef,
    Look,
    Role,
    Setting,
    Signature,
    Weight,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """``activation(x @ kernel + bias)`` over the last axis."""
    from seqdsl.cells.activations import function

    bias = weights["bias"] if given["bias"] else 0.0
    return function(given["activation"])(x @ weights["kernel"] + bias)


LAYER = LayerDef(
    "dense",
    Family.STEPWISE,
    Signature(
        (Argument("units", Kind.SIZE), Argument("activation", Kind.ACTIVATION, "linear")),
        1,
        (Argument("bias", Kind.BOOL, True), Argument("tied", Kind.TIED, tells="units")),
        "dense(10, softmax)",
    ),
    output="units",
    weights=(
        # A tied one is its embedding's, which holds it.
        Weight("kernel", Role.KERNEL, (IN, OUT), unless="tied"),
        Weight("bias", Role.BIAS, (OUT,), needs="bias"),
    ),
    settings=(Setting("activation", elsewhere=True),),
    evaluate=evaluate,
    look=Look.DENSE,
    words=Words(
        summary="an affine map of each step, and an activation",
        arguments={
            "units": "output features",
            "activation": "the function of its output",
            "bias": "whether a trained number is added to each unit",
            "tied": "the embedding, by its letter, whose matrix it uses transposed",
        },
        does="is a dense layer of {units}{with_activation}{tied}{applied}",
        weights={
            ("kernel", "bias"): "a weight for each pair, and a bias",
            ("kernel",): "a weight for each pair, and a bias",
            ("bias",): "a bias; the matrix is counted with its embedding",
            (): "the matrix is counted with its embedding",
        },
        elsewhere=(
            Counterpart(
                "dense fc mlp affine fullyconnected",
                "units activation use_bias",
            ),
            Counterpart("linear fc lazylinear", "in_features out_features bias"),
            Counterpart("linear lazylinear", "out_features"),
        ),
        renamed={
            "out_features": "units",
            "output_dim": "units",
            "hidden_size": "units",
            "use_bias": "bias",
        },
        instead={"in_features": "the row below tells: `input({value})`"},
    ),
    order=8,
)
