"""dropout: in training, some features are lost (Srivastava et al. 2014)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import Argument, Counterpart, Family, Kind, LayerDef, Signature, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """What is read: outside of training nothing is lost."""
    return x


LAYER = LayerDef(
    "dropout",
    Family.STEPWISE,
    Signature((Argument("rate", Kind.RATE),), 1, (), "dropout(0.5)"),
    loses=("rate",),
    keeps_zero=True,
    evaluate=evaluate,
    words=Words(
        summary="drops features at a rate in training",
        arguments={
            "rate": "the share of features that is dropped in training",
        },
        does="drops features at a rate of {rate} in training{at}",
        elsewhere=(
            Counterpart("dropout", "rate noise_shape seed"),
            Counterpart("dropout", "p inplace"),
        ),
        renamed={"p": "rate", "prob": "rate", "probability": "rate"},
        instead={
            "noise_shape": "not in the language; each feature of each step is dropped by itself"
        },
    ),
    order=17,
)
