"""activation: a function of each feature, or of the features of each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.cells import ACTIVATIONS
from seqdsl.layers import Argument, Counterpart, Family, Instead, Kind, LayerDef, Signature, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """Over the last axis."""
    from seqdsl.cells.activations import function

    return function(given["activation"])(x)


_BESIDE = {
    "leaky_relu": "; the slope is 0.01, as PyTorch's (Keras: 0.2 for the word, 0.3 for the layer)"
}
"""What there is to know of a word that means something else elsewhere."""

LAYER = LayerDef(
    "activation",
    Family.STEPWISE,
    Signature((Argument("activation", Kind.ACTIVATION),), 1, (), "activation(relu)"),
    is_function=True,
    evaluate=evaluate,
    words=Words(
        summary="a function of each step",
        arguments={
            "activation": "the function",
        },
        does="applies `{activation}`{at}",
        elsewhere=(
            Counterpart("activation nonlinearity", "activation"),
            # `linear` is PyTorch's dense layer.
            *(
                Counterpart(
                    word.replace("_", ""),
                    "negative_slope" if word == "leaky_relu" else "",
                    write=f"activation({word})",
                    draw=f"or give it to the layer: `dense(10, {word})`{_BESIDE.get(word, '')}",
                )
                for word in ACTIVATIONS
                if word != "linear"
            ),
            Counterpart("lrelu", write="activation(leaky_relu)"),
            Counterpart(
                "silu",
                write="activation(swish)",
                draw="or give it to the layer: `dense(10, swish)`",
            ),
        ),
        renamed={"function": "activation", "fn": "activation"},
        instead={
            "axis": Instead("it is over the features of each step", default=-1),
            "dim": Instead("it is over the features of each step", default=-1),
            "approximate": Instead("not in the language; it is the exact function", default="none"),
            "alpha": Instead("not in the language; it is 1", default=1.0),
            "beta": Instead("not in the language; it is 1", default=1.0),
            "threshold": Instead("not in the language; it is as in the papers", default=20.0),
            "max_value": "write `relu6` where it is 6; others are not in the language",
            "negative_slope": Instead("not in the language; it is 0.01", default=0.01),
        },
        variable="activated",
    ),
    order=20,
)
