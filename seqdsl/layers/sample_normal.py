"""`sample(normal)`: a value drawn from a normal distribution, whose mean and deviation each step reads side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import Counterpart, Family, LayerDef, Look, Signature, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """The first half is the mean, the second the deviation; ``given["noise"]`` are normal numbers of the features."""
    # m0 m1 | s0 s1  ->  m0 + s0 z0, m1 + s1 z1
    half = x.shape[-1] // 2
    drawn: Array = x[..., :half] + x[..., half:] * given["noise"]
    return drawn


LAYER = LayerDef(
    "sample_normal",
    Family.STEPWISE,
    Signature(example="sample(normal)"),
    draws=True,
    shares=2,
    variant_of=("sample", "normal"),
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="a value drawn from a normal distribution: reads its mean, then its standard deviation",
        does="draws {shape} from normal distributions: the first half of what is read is the mean, the second the "
        "standard deviation{applied}",
        elsewhere=(Counterpart("gaussian", write="sample(normal)"),),
        variable="drawn",
    ),
    order=25,
)
