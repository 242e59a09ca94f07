"""Conv1D, Conv2D and pooling over tiles → ``conv``, ``conv2d``, ``maxpool2d``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.values import Value
from seqdsl.importers.keras.written import activation, square, written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seqdsl.importers.keras.site import Site

    Ids = NDArray[np.int64]


def conv(site: Site) -> Value:
    """``Conv1D``.

    A row computes every window, and what reads it takes some of them::

        valid, kernel 3         . u u u .        windows at the ends reach beyond the row
        strides 2               u . u . u
    """
    config, ids = site.config, site.value.ids
    site.require(groups=1, data_format="channels_last", lora_rank=None)
    (kernel,), (stride,), (apart,) = (
        config[name] for name in ("kernel_size", "strides", "dilation_rate")
    )
    starts = _starts(config["padding"], ids.shape[1], kernel, stride, apart)
    causal = config["padding"] == "causal" or _is_causal(ids, starts, (kernel - 1) * apart)
    # A window is known by its center, or by its last step where it is causal.
    center = (kernel - 1) * apart if causal else (kernel - 1) // 2 * apart
    marked = starts + center
    padded, marked = _trimmed(ids, marked)
    call = written(
        "conv",
        filters=config["filters"],
        kernel=kernel,
        activation=activation(config["activation"]),
        padding="causal" if causal else None,
        dilation=apart,
        bias=config["use_bias"],
    )

    def apply(one: Ids) -> list[Ids]:
        read = (site.walk.ledger.steps(one),)
        # One step alone is a row as well: its windows reach beyond it.
        return [site.block(call, read, one.shape[1], (config["filters"],))]

    return Value(site.for_chains(padded, apply)[0][:, marked])


def _is_causal(ids: Ids, starts: Any, reach: int) -> bool:
    """Whether windows end at the steps that they are for: as many zeros stand in front as a window reaches back.

    ::

        0 0 x x x    windows of three that begin at 0, 1, 2: up to each x
    """
    wired = np.nonzero(ids.reshape(len(ids), ids.shape[1], -1).any(axis=(0, 2)))[0]
    return bool(len(wired)) and reach > 0 and wired[0] - starts[0] == reach


def _trimmed(ids: Ids, marked: Any) -> tuple[Ids, Any]:
    """What a row of windows reads, and which of them are marked: zeros at its ends are padding of windows anyway.

    ::

        0 x x x 0    windows of three around every x     x x x
        x x x        one around the step before          0 x x x
    """
    first, last = int(marked[0]), int(marked[-1])
    wired = np.nonzero(ids.reshape(len(ids), ids.shape[1], -1).any(axis=(0, 2)))[0]
    if not len(wired):
        wired = np.array([first, last])
    start, end = min(first, int(wired[0])), max(last, int(wired[-1])) + 1
    before, after = max(0, -start), max(0, end - ids.shape[1])
    padded = np.pad(ids, [(0, 0), (before, after), *[(0, 0)] * (ids.ndim - 2)])
    return padded[:, start + before : end + before], marked - start


def _starts(padding: str, steps: int, kernel: int, stride: int, apart: int) -> Any:
    """The first step of each window; one before the row where it is padded."""
    reach = (kernel - 1) * apart
    if padding == "valid":
        count, first = (steps - reach - 1) // stride + 1, 0
    else:
        count = (steps + stride - 1) // stride
        # What `same` pads depends on where the last window ends: half of it, rounded down, before.
        padded = max((count - 1) * stride + reach + 1 - steps, 0)
        first = -(padded // 2) if padding == "same" else -reach
    if count < 1:
        raise Refused("its window is longer than what it reads")
    return first + stride * np.arange(count)


def conv2d(site: Site) -> Value:
    """``Conv2D`` at each step that holds a grid."""
    config, ids = site.config, site.value.ids
    site.require(groups=1, data_format="channels_last", lora_rank=None)
    kernel, stride, apart = (
        square(config, name) for name in ("kernel_size", "strides", "dilation_rate")
    )
    if apart != 1:
        raise Refused(
            "`conv2d` has no dilation",
            f"use kernel_size={(kernel - 1) * apart + 1}: with zeros between its weights it computes the same",
        )
    same = config["padding"] == "same"
    if same:
        _check_padding(ids.shape[-3:-1], kernel, stride)
    else:
        # Keras's layers for padding, then `valid`: `same`, as pictures have it.
        inner = _without_border(ids, kernel)
        same, ids = inner is not None, ids if inner is None else inner
    call = written(
        "conv2d",
        filters=config["filters"],
        kernel=kernel,
        activation=activation(config["activation"]),
        stride=stride,
        padding="same" if same else "valid",
        bias=config["use_bias"],
    )
    lost = 0 if same else kernel - 1
    sides = tuple((side - lost - 1) // stride + 1 for side in ids.shape[-3:-1])
    return Value(_grids(site, call, ids, sides, config["filters"]))


def pool2d(site: Site) -> Value:
    """``MaxPooling2D`` and ``AveragePooling2D`` of tiles side by side."""
    config, ids = site.config, site.value.ids
    site.require(data_format="channels_last", padding="valid")
    size, stride = square(config, "pool_size"), square(config, "strides")
    if size != stride:
        raise Refused(
            "its windows overlap or have gaps, and `maxpool2d` has tiles side by side",
            f"use strides={size}, and train it again",
        )
    kind = "maxpool2d" if site.record.kind.startswith("Max") else "meanpool2d"
    sides = tuple(side // size for side in ids.shape[-3:-1])
    return Value(_grids(site, written(kind, size=size), ids, sides, ids.shape[-1]))


def _grids(site: Site, call: str, ids: Ids, sides: tuple[int, ...], features: int) -> Ids:
    ledger = site.walk.ledger

    def apply(one: Ids) -> list[Ids]:
        if one.ndim == 5:
            read, steps = ledger.steps(one), one.shape[1]
        else:
            read, steps = ledger.vector(one), None
        return [site.block(call, (read,), steps, (*sides, features))]

    return site.for_chains(ids, apply)[0]


def _check_padding(sides: tuple[int, ...], kernel: int, stride: int) -> None:
    """Whether ``same`` pads as many zeros before in Keras as here.

    ::

        8 places, kernel 3, stride 2:      0 1 2 3 4 5 6 7 .   Keras, one behind
                                         . 0 1 2 3 4 5 6 7     here, one before
    """
    for side in sides:
        padded = max(((side + stride - 1) // stride - 1) * stride + kernel - side, 0)
        if padded // 2 != (kernel - 1) // 2:
            raise Refused(
                "Keras pads less before than `conv2d` with these strides",
                "pad it by ZeroPadding2D(kernel // 2), and use padding='valid'",
            )


def _without_border(ids: Ids, kernel: int) -> Ids | None:
    """What has zeros around it as ``same`` puts them there; ``None``: it has others."""
    before, after = (kernel - 1) // 2, kernel // 2
    height, width = ids.shape[-3:-1]
    if kernel == 1 or min(height, width) <= kernel:
        return None
    inner = ids[..., before : height - after, before : width - after, :]
    again = np.pad(inner, [(0, 0)] * (ids.ndim - 3) + [(before, after), (before, after), (0, 0)])
    return inner if np.array_equal(again, ids) and inner.all() else None
