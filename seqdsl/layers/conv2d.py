"""convolution over the height and width of a grid: an affine map of a square window around each place.

``same`` pads ``(kernel - 1) // 2`` zeros before and the rest after, whatever the stride, as PyTorch's
``padding="same"`` does where it is defined; Keras's pads less for some strides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import (
    IN,
    OUT,
    Argument,
    Counterpart,
    Family,
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
from seqdsl.layers._grids import WINDOWS
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """Of a grid (..., height, width, features)."""
    import numpy as np

    from seqdsl.cells.activations import function

    kernel, stride = weights["kernel"], given["stride"]
    size = len(kernel)
    if given["padding"] == "same":
        # Kernel 4 pads one row above and two below, one column to the left and two to the right.
        sides = ((size - 1) // 2, size // 2)
        x = np.pad(x, [(0, 0)] * (x.ndim - 3) + [sides, sides, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(-3, -2))
    # (..., height, width, in, kernel, kernel) with (kernel, kernel, in, out): a sum over in and both kernel axes
    taken = windows[..., ::stride, ::stride, :, :, :]
    bias = weights["bias"] if given["bias"] else 0.0
    return function(given["activation"])(np.einsum("...chw,hwco->...o", taken, kernel) + bias)


_KERNEL = Size.of("kernel")

LAYER = LayerDef(
    "conv2d",
    Family.STEPWISE,
    Signature(
        (
            Argument("filters", Kind.SIZE),
            Argument("kernel", Kind.SIZE),
            Argument("activation", Kind.ACTIVATION, "linear"),
        ),
        2,
        (
            Argument("stride", Kind.SIZE, 1),
            Argument("padding", Kind.BORDER, "same"),
            Argument("bias", Kind.BOOL, True),
        ),
        "conv2d(16, 3, relu)",
    ),
    output="filters",
    weights=(
        Weight("kernel", Role.KERNEL, (_KERNEL, _KERNEL, IN, OUT)),
        Weight("bias", Role.BIAS, (OUT,), needs="bias"),
    ),
    settings=(Setting("activation", elsewhere=True),),
    grid=WINDOWS,
    evaluate=evaluate,
    look=Look.CONV,
    words=Words(
        summary="an affine map of a square window around each place of a grid, and an activation",
        arguments={
            "filters": "output features",
            "kernel": "height and width of the window",
            "activation": "the function of its output",
            "stride": "how many places apart windows are",
            "padding": "`same`: zeros around the grid keep its size; `valid`: windows stay within it",
            "bias": "whether a trained number is added to each filter",
        },
        does="is a convolution over height and width with {units}{with_activation}{applied}",
        weights="a weight for each place of the window, and a bias",
        elsewhere=(
            Counterpart(
                "conv2d convolution2d",
                "filters kernel_size strides padding data_format dilation_rate groups activation use_bias",
                assumes=(("padding", "valid"),),
            ),
            Counterpart(
                "conv2d lazyconv2d",
                "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode",
                spelling="Conv2d",
                assumes=(("padding", "valid"),),
            ),
        ),
        renamed={
            "out_channels": "filters",
            "units": "filters",
            "channels": "filters",
            "kernel_size": "kernel",
            "strides": "stride",
            "use_bias": "bias",
        },
        instead={
            "in_channels": "the row below tells: `input(28, 28, {value})`",
            "kernel_size": "windows are square: choose one size",
            "strides": "both axes have one stride",
            "data_format": Instead("channels are last in pictures", default="channels_last"),
            "dilation": Instead("not in the language", default=1),
            "dilation_rate": Instead("not in the language", default=1),
            # A number of zeros: 0 is `valid`, 1 around windows of three is `same`.
            "padding": Instead("`same` puts (kernel - 1) // 2 zeros before", default=0),
            "padding_mode": Instead("what is padded is zero", default="zeros"),
            "groups": Instead("not in the language; `conv2d` reads all features", default=1),
        },
    ),
    order=26,
)
