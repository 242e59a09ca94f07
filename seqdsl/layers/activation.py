"""activation: a function of each feature, or of the features of each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import Argument, Family, Kind, LayerDef, Signature, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """Over the last axis."""
    from seqdsl.cells.activations import function

    return function(given["activation"])(x)


LAYER = LayerDef(
    "activation",
    Family.STEPWISE,
    Signature((Argument("activation", Kind.ACTIVATION),), 1, (), "activation(relu)"),
    is_function=True,
    evaluate=evaluate,
    words=Words(
        summary="a function of each step",
        does="applies `{activation}`{applied}",
        elsewhere={
            "softmax": "write `activation(softmax)`, or `dense(10, softmax)`",
            "relu": "write `activation(relu)`, or `dense(10, relu)`",
            "tanh": "write `activation(tanh)`, or `dense(10, tanh)`",
            "sigmoid": "write `activation(sigmoid)`, or `dense(1, sigmoid)`",
        },
        variable="activated",
    ),
    order=20,
)
