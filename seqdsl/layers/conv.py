"""convolution over time: an affine map of a window of steps around each step, and an activation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    IN,
    OUT,
    Argument,
    Family,
    Inferred,
    Kind,
    LayerDef,
    Look,
    Role,
    Setting,
    Signature,
    Weight,
    Words,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """All windows that lie within a sequence (..., steps, features): it is padded before, by zeros."""
    from seqdsl.cells.activations import function

    kernel, apart = weights["kernel"], given["dilation"]
    bias = weights["bias"] if given["bias"] else 0.0
    # Kernel 3, dilation 2, 7 steps: three windows, of the steps 0 2 4, 1 3 5 and 2 4 6.
    places = len(kernel)
    count = x.shape[-2] - (places - 1) * apart
    # Step i of the result reads the steps i, i + apart, ..., i + (places - 1) * apart.
    taps = (x[..., k * apart : k * apart + count, :] @ kernel[k] for k in range(places))
    return function(given["activation"])(sum(taps) + bias)


LAYER = LayerDef(
    "conv",
    Family.WINDOW,
    Signature(
        (
            Argument("filters", Kind.SIZE),
            Argument("kernel", Kind.SIZE),
            Argument("activation", Kind.ACTIVATION, "linear"),
        ),
        2,
        (
            Argument("padding", Kind.PADDING, "same"),
            Argument("dilation", Kind.SIZE, 1),
            Argument("bias", Kind.BOOL, True),
        ),
        "conv(32, 3, relu)",
    ),
    inferred=(
        # A dense layer over windows is a convolution, which has units.
        Inferred("units", Kind.SIZE, is_optional=True, instead="filters"),
        # Both may be drawn.
        Inferred("stride", Kind.COUNT),
        Inferred("dilation", Kind.SIZE),
    ),
    output="filters",
    weights=(
        Weight("kernel", Role.KERNEL, (Size.of("kernel"), IN, OUT)),
        Weight("bias", Role.BIAS, (OUT,), needs="bias"),
    ),
    settings=(Setting("activation", elsewhere=True),),
    evaluate=evaluate,
    look=Look.CONV,
    words=Words(
        summary="an affine map of a window of steps around each step, and an activation",
        weights="a weight for each place of the window, and a bias",
    ),
    order=9,
)
