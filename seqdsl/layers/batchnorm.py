"""batch normalization: each feature, brought to one mean and variance over a batch (Ioffe and Szegedy 2015)."""

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
    """By the statistics that were kept, as outside of training."""
    import numpy as np

    # gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta
    deviation = np.sqrt(weights["moving_variance"] + given["epsilon"])
    normalized: Array = (x - weights["moving_mean"]) / deviation
    return normalized * weights["gamma"] + weights["beta"]


LAYER = LayerDef(
    "batchnorm",
    Family.STEPWISE,
    Signature(
        # The momentum is Keras's, 1 - PyTorch's.
        keywords=(
            Argument("epsilon", Kind.EPSILON, 1e-5),
            Argument("momentum", Kind.RATE, 0.9),
        ),
        example="batchnorm(momentum=0.99)",
    ),
    weights=(
        Weight("gamma", Role.SCALE, (IN,)),
        Weight("beta", Role.SHIFT, (IN,)),
        Weight("moving_mean", Role.MEAN, (IN,)),
        # PyTorch keeps the unbiased estimate, Keras the biased one.
        Weight("moving_variance", Role.VARIANCE, (IN,)),
    ),
    settings=(Setting("epsilon"), Setting("momentum", in_training=True)),
    evaluate=evaluate,
    words=Words(
        summary="normalizes each feature over the batch",
        arguments={
            "epsilon": "a small number that is added to the variance",
            "momentum": "how much of the old mean and variance is kept at each training step",
        },
        does="normalizes each feature over the batch{given}: {reads}",
        weights="scale and shift",
        statistics="scale, shift, and the moving mean and variance",
        elsewhere=(
            Counterpart(
                "batchnormalization",
                "axis momentum epsilon center scale",
                assumes=(("epsilon", "0.001"), ("momentum", "0.99")),
            ),
            Counterpart(
                "batchnorm batchnorm1d batchnorm2d lazybatchnorm1d lazybatchnorm2d syncbatchnorm",
                "num_features eps momentum affine track_running_stats",
                # There, it is what a new batch weighs.
                {"momentum": "it is the weight of the old mean here: write 1 - {value}"},
            ),
        ),
        renamed={"eps": "epsilon"},
        instead={
            "axis": Instead("it normalizes each feature over the batch", default=-1),
            "num_features": "the row below tells",
            "center": Instead(
                "", "not in the language; a scale and a shift are always trained", True
            ),
            "scale": Instead(
                "", "not in the language; a scale and a shift are always trained", True
            ),
            "affine": Instead(
                "", "not in the language; a scale and a shift are always trained", True
            ),
            "bias": Instead(
                "", "not in the language; a scale and a shift are always trained", True
            ),
            "track_running_stats": Instead(
                "", "not in the language; the mean and the variance are always kept", True
            ),
            "renorm": "not in the language",
            "renorm_clipping": "not in the language",
            "renorm_momentum": Instead("not in the language", default=0.99),
            "synchronized": "not in the language; convert the built model",
        },
    ),
    order=19,
)
