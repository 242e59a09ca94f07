"""layer normalization: the features of each step, scaled and shifted to one mean and variance (Ba et al. 2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    IN,
    Argument,
    Counterpart,
    Family,
    Instead,
    Kind,
    LayerDef,
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
    """Over the last axis."""
    import numpy as np

    # gamma * (x - mean) / sqrt(variance + epsilon) + beta; the variance is divided by the number of features, not by
    # one less: numpy's default, and that of both frameworks
    centered = x - x.mean(-1, keepdims=True)
    deviation = np.sqrt(x.var(-1, keepdims=True) + given["epsilon"])
    normalized: Array = centered / deviation * weights["gamma"] + weights["beta"]
    return normalized


LAYER = LayerDef(
    "layernorm",
    Family.STEPWISE,
    Signature(
        keywords=(Argument("epsilon", Kind.EPSILON, 1e-5),), example="layernorm(epsilon=0.001)"
    ),
    weights=(
        Weight("gamma", Role.SCALE, (IN,)),
        Weight("beta", Role.SHIFT, (IN,)),
    ),
    settings=(Setting("epsilon"),),
    evaluate=evaluate,
    words=Words(
        summary="normalizes the features of each step",
        arguments={
            "epsilon": "a small number that is added to the variance",
        },
        does="normalizes each step's features{given}: {reads}",
        weights="scale and shift",
        elsewhere=(
            Counterpart(
                "layernormalization", "axis epsilon center scale", assumes=(("epsilon", "0.001"),)
            ),
            Counterpart("layernorm", "normalized_shape eps elementwise_affine bias"),
        ),
        renamed={"eps": "epsilon"},
        instead={
            "axis": Instead("it normalizes the features of each step", default=-1),
            "normalized_shape": "it normalizes the features of each step",
            "center": Instead(
                "", "not in the language; a scale and a shift are always trained", True
            ),
            "scale": Instead(
                "", "not in the language; a scale and a shift are always trained", True
            ),
            "elementwise_affine": Instead(
                "", "not in the language; a scale and a shift are always trained", True
            ),
            "bias": Instead(
                "", "not in the language; a scale and a shift are always trained", True
            ),
        },
    ),
    order=18,
)
