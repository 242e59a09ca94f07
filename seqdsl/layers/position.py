"""a code of each step's number: trained (Gehring et al. 2017), or of sines and cosines (Vaswani et al. 2017)."""

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
    """The codes of the steps 0 to ``steps - 1``, (steps, features)."""
    import numpy as np

    if given["code"] == "trained":
        return weights["embeddings"][:steps]
    # sin(t), cos(t), sin(t / r), cos(t / r), ... of step t, with r = 10000 ** (2 / features)
    features = given["features"]
    angles = np.arange(steps)[:, None] / 10000 ** (np.arange(0, features, 2) / features)
    return np.stack([np.sin(angles), np.cos(angles)], -1).reshape(steps, -1)[:, :features]


_ANSWER = "draw it beside the row whose steps it counts, and `add` both"

LAYER = LayerDef(
    "position",
    Family.CONSTANT,
    Signature(
        (Argument("features", Kind.SIZE), Argument("code", Kind.CODE, "trained")),
        1,
        (Argument("most", Kind.SIZE),),
        "position(8, sin)",
    ),
    # Of a trained code: as many steps as are drawn, where nothing else is said. A computed one has no limit.
    inferred=(Inferred("most", Kind.SIZE, is_optional=True),),
    output="features",
    weights=(Weight("embeddings", Role.TABLE, (Size.of("most"), OUT), needs="most"),),
    evaluate=evaluate,
    look=Look.EMBEDDING,
    words=Words(
        summary="a code of each step's number, trained or of sines",
        arguments={
            "features": "features of the code",
            "code": "`trained`, or `sin` for sines and cosines",
            "most": "the largest number of steps of a trained code",
        },
        does="gives {shape} that {tell} the number of each step: {code}",
        weights="a vector for each step",
        elsewhere=(
            Counterpart(
                "positionembedding positionalembedding learnedpositionalembedding",
                "most features",
                draw=_ANSWER,
            ),
            Counterpart(
                "positionencoding positionalencoding sinusoidal sinepositionencoding "
                "sinusoidalpositionalembedding",
                "features dropout most",
                write="position(8, sin)",
                draw=_ANSWER,
            ),
        ),
        renamed={
            "d_model": "features",
            "output_dim": "features",
            "embed_dim": "features",
            "units": "features",
            "dim": "features",
            "max_len": "most",
            "max_length": "most",
            "sequence_length": "most",
            "input_dim": "most",
        },
        instead={
            "dropout": "draw a `dropout({value})` row above the sum",
            "max_wavelength": "not in the language; it is 10000",
        },
    ),
    order=21,
)
