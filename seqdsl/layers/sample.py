"""an id drawn from the softmax of each step's features, at a temperature: how a language model goes on by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    Argument,
    Counterpart,
    Family,
    Inferred,
    Instead,
    Kind,
    LayerDef,
    Look,
    Signature,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """Over the last axis, which is gone; the Gumbel numbers of the features are ``given["noise"]``."""
    import numpy as np

    # argmax(log p + g) is k with the probability p[k] (Gumbel 1954)
    logits = np.log(x) if given["probabilities"] else x
    ids: Array = (logits / given["temperature"] + given["noise"]).argmax(-1)
    return ids


LAYER = LayerDef(
    "sample",
    Family.STEPWISE,
    Signature((Argument("temperature", Kind.TEMPERATURE, 1.0),), 0, (), "sample(0.8)"),
    # Of a `softmax` its own probabilities are drawn from, of anything else its softmax.
    inferred=(Inferred("probabilities", Kind.BOOL),),
    chooses=True,
    draws=True,
    variants=(("normal", "sample_normal"),),
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="an id drawn from the softmax of each step; `sample(normal)`: a value from a mean and a deviation",
        arguments={
            "temperature": "what logits are divided by: above 1 evens the odds, below 1 prefers the most probable",
        },
        does="draws an id from {drawn_of}{at}",
        elsewhere=(Counterpart("categorical multinomial", "temperature"),),
        renamed={"temp": "temperature", "t": "temperature"},
        instead={
            "seed": "set the seed where the model runs: `torch.manual_seed`, `keras.utils.set_random_seed`",
            "num_samples": Instead("one id is drawn for each step", default=1),
        },
        variable="ids",
    ),
    order=24,
)
