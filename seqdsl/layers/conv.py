"""convolution over time: an affine map of a window of steps around each step, and an activation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    IN,
    OUT,
    Argument,
    Counterpart,
    Family,
    Inferred,
    Instead,
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
        arguments={
            "filters": "output features",
            "kernel": "steps in a window",
            "activation": "the function of its output",
            "padding": "`same`: the window is centered on its step; `causal`: it ends there",
            "dilation": "how many steps apart the steps of a window are",
            "bias": "whether a trained number is added to each filter",
        },
        weights="a weight for each place of the window, and a bias",
        elsewhere=(
            Counterpart(
                "conv conv1d convolution convolution1d cnn tcn temporalconv",
                "filters kernel_size strides padding data_format dilation_rate groups activation use_bias",
            ),
            Counterpart(
                "conv1d lazyconv1d",
                "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode",
                spelling="Conv1d",
            ),
        ),
        renamed={
            "out_channels": "filters",
            "units": "filters",
            "channels": "filters",
            "kernel_size": "kernel",
            "dilation_rate": "dilation",
            "use_bias": "bias",
        },
        instead={
            "in_channels": "the row below tells: `input({value})`",
            "strides": Instead("wire one of every {value} nodes to the row above", default=1),
            "stride": Instead("wire one of every {value} nodes to the row above", default=1),
            "padding": Instead(
                "windows are padded by zeros (`same`); wire only the nodes whose window is whole to the row above "
                "for `valid`",
                default=None,
            ),
            "padding_mode": Instead("padded steps are zeros", default="zeros"),
            "groups": Instead("not in the language; `conv` reads all features", default=1),
        },
    ),
    order=9,
)
