"""convolutions and pools over images → nodes of grids; (..., channels, height, width) as PyTorch has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.torch import places
from seqdsl.importers.torch.draft import Result
from seqdsl.importers.torch.grids import inner_axes, read_grids
from seqdsl.importers.torch.nodes import EachStep, Refused
from seqdsl.records import record
from seqdsl.runtime.scattered_weights import parts_of, scattered

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.grids import Grids
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Node
    from seqdsl.importers.torch.trace import Trace

_IMAGE = (-3, -2, -1)


def _check_windows(call: Call, sides: Sequence[int]) -> None:
    """Raise what keeps the windows of a convolution from being read: groups, and gaps between its weights."""
    if call.get(6, "groups", 1) != 1:
        raise Refused("its channels are in groups", "leave `groups` out, and train it again")
    padding = call.get(4, "padding", 0)
    # Of 3 x 5 the first and the last row of 5 x 5 are zero.
    is_same = padding == "same" or [*_pair(padding)] == [side // 2 for side in sides]
    if len(set(sides)) > 1 and is_same and all(side % 2 for side in sides):
        # `same` is for a stride of 1 alone.
        size = max(sides)
        way = f"use kernel_size={size}, padding={size // 2}: with zeros around its weights it computes the same"
        raise Refused(f"its kernel is {tuple(sides)}; in the language both axes have one", way)
    apart = _one(call.get(5, "dilation", 1), "dilation")
    if apart != 1:
        size = (_one(sides, "kernel") - 1) * apart + 1
        way = f"use kernel_size={size} and the same padding: with zeros between its weights it computes the same"
        raise Refused("its windows have gaps (`dilation`)", way)


def convolution(trace: Trace, call: Call) -> Any:
    """``F.conv2d``."""
    value, weight, bias = call.get(0, "input"), call.get(1, "weight"), call.get(2, "bias")
    holder = trace.weights.holder(weight)
    if holder is None or trace.weights.is_bare(weight):
        raise Refused("its kernel is not a weight of a layer", "keep it in an `nn.Conv2d`")
    filters, _, *sides = weight.shape
    _check_windows(call, sides)
    kernel, stride = _one(sides, "kernel"), _one(call.get(3, "stride", 1), "stride")
    ids = trace.read(value)
    inside, around = _without_border(ids)
    padding = _padding(call.get(4, "padding", 0), around, kernel)
    read = images(trace, inside)
    out: torch.Tensor = call.run()
    layer, grid = trace.weights.layer(weight), read.sides(out)
    if read.is_turned:
        # The axes of its windows are those of the picture's the other way round.
        layer = scattered(parts_of(layer, has_bias=bias is not None))
    node = trace.node(
        "conv2d",
        read.grids.order.shape,
        grid[0] * grid[1] * filters,
        EachStep(read.grids.rows),
        layer=layer,
        grid=grid,
        _0=filters,
        _1=kernel,
        stride=stride if stride != 1 else None,
        padding=padding,
        bias=None if bias is not None else False,
    )
    _fill(trace, out, node, read)
    return out


def volume(trace: Trace, call: Call) -> Any:
    """``F.conv3d``.

    Raises:
        Refused: always.
    """
    raise Refused(
        "its windows are over steps, height and width together, which the language does not have",
        "use a `nn.Conv2d` on each frame, and a layer over the steps above it",
    )


def _pair(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value, value)


def _one(value: Any, what: str) -> Any:
    """The one number of both axes.

    Raises:
        Refused: they differ.
    """
    several = [*value] if isinstance(value, list | tuple) else [value]
    if len(set(several)) != 1:
        raise Refused(
            f"its {what} is {tuple(several)}; in the language both axes have one",
            f"use {max(several)} for both, and train it again",
        )
    return several[0]


@record(frozen=True)
class Images:
    """Images with their channels first.

    Attributes:
        grids: the images.
        is_turned: whether their width comes before their height, as of a spectrogram whose steps come first.
    """

    grids: Grids
    is_turned: bool

    def sides(self, out: torch.Tensor) -> tuple[int, int]:
        """Height and width of a result that is turned as well."""
        one, two = out.shape[-2:]
        return (two, one) if self.is_turned else (one, two)


def images(trace: Trace, ids: Ids) -> Images:
    """Images with their channels first.

    Raises:
        Refused: something else is on the last three axes.
    """
    read = read_grids(trace, ids, _IMAGE)
    deep, one, two = read.sizes
    numbers = np.arange(read.features).reshape(deep, one, two)
    # By width, height and channel, of (channels, height, width) or of (channels, width, height).
    if read.places == (one, two) and (read.columns == numbers.T.reshape(-1)).all():
        return Images(read, is_turned=False)
    turned = numbers.transpose(1, 2, 0).reshape(-1)
    if read.places == (two, one) and (read.columns == turned).all():
        return Images(read, is_turned=True)
    raise Refused(
        "its channels, height and width are not those of the images that it reads",
        "give it (..., channels, height, width)",
    )


def _fill(trace: Trace, out: torch.Tensor, node: Node, read: Images) -> None:
    """Overwrite images with their channels first."""
    order = read.grids.order
    samples = np.arange(node.first, node.end).reshape(order.size, -1)
    ids = np.empty_like(samples)
    ids[order.reshape(-1)] = samples
    high, wide = read.sides(out)
    # By width, height and channel, to channel, height and width.
    spread = ids.reshape(len(ids), wide, high, -1)
    axes = (0, 3, 1, 2) if read.is_turned else (0, 3, 2, 1)
    trace.place(out, spread.transpose(axes).reshape(out.shape))


def _without_border(ids: Ids) -> tuple[Ids, list[tuple[int, int]]]:
    """Images without the zeros around them, and how many rows and columns of them were before and after."""
    around = []
    for axis in (-2, -1):
        spread = np.moveaxis(ids, axis, 0)
        filled = np.flatnonzero((spread.reshape(len(spread), -1) != -1).any(axis=1))
        # Images that are zero have no border.
        before, end = (int(filled[0]), int(filled[-1]) + 1) if len(filled) else (0, len(spread))
        around.append((before, len(spread) - end))
        ids = np.moveaxis(spread[before:end], 0, axis)
    return ids, around


def _padding(said: Any, around: list[tuple[int, int]], kernel: int) -> str | None:
    """The padding as the language calls it; ``None``: as many zeros as keep the size.

    Raises:
        Refused: it is any other.
    """
    reach = kernel - 1
    usual = (reach // 2, reach - reach // 2)
    own = {"same": usual, "valid": (0, 0)}.get(said) if isinstance(said, str) else None
    if own is None:
        number = _one(said, "padding")
        own = (number, number)
    both = {(before + own[0], after + own[1]) for before, after in around}
    if both == {usual}:
        return None
    if both == {(0, 0)}:
        return "valid"
    zeros = " and ".join(f"{before} + {after}" for before, after in sorted(both))
    raise Refused(
        f"it has {zeros} zeros around its images; of windows of {kernel} the language has "
        f"{usual[0]} + {usual[1]}, or none",
        f"let it have `padding={reach // 2}`" if reach % 2 == 0 else "",
    )


def tiles(trace: Trace, call: Call) -> Any:
    """``F.max_pool2d`` and ``F.avg_pool2d``."""
    word = "max" if call.name.startswith("max") else "mean"
    said, value = call.get(1, "kernel_size"), call.get(0, "input")
    if tuple(np.broadcast_to(said, 2)) == tuple(value.shape[-2:]):
        return _whole(trace, call, word)
    size = _one(said, "kernel")
    stride = _one(call.get(2, "stride") or size, "stride")
    _check_tiles(call, word, size, stride)
    return _pooled(trace, call, word, size)


def _whole(trace: Trace, call: Call, word: str) -> Any:
    """A window as large as the image."""
    return places.over_places(trace, call, word, (-2, -1))


def _check_tiles(call: Call, word: str, size: int, stride: int) -> None:
    if stride != size:
        raise Refused(
            f"its windows of {size} are {stride} apart; in the language they are tiles",
            f"let it have `stride={size}`",
        )
    # max_pool2d(input, size, stride, padding, dilation, ceil_mode); avg_pool2d has no dilation
    ceil = call.get(5 if word == "max" else 4, "ceil_mode", False)
    if any(np.atleast_1d(call.get(3, "padding", 0))) or ceil:
        raise Refused("its tiles reach over the edge of its images")
    if word == "max" and any(np.atleast_1d(call.get(4, "dilation", 1)) != 1):
        raise Refused("its tiles have gaps")


def _pooled(trace: Trace, call: Call, word: str, size: int) -> Any:
    read = images(trace, trace.read(call.get(0, "input")))
    result = call.run()
    out = result if not isinstance(result, tuple) else result[0]
    high, wide = read.sides(out)
    grids = read.grids
    node = trace.node(
        f"{word}pool2d",
        grids.order.shape,
        high * wide * grids.channels,
        EachStep(grids.rows),
        grid=(high, wide),
        _0=size,
    )
    _fill(trace, out, node, read)
    return result


def adaptive(trace: Trace, call: Call) -> Any:
    """``F.adaptive_avg_pool2d`` and the maximum alike: one place, one for each column, or tiles."""
    word = "max" if "max" in call.name else "mean"
    value, said = call.get(0, "input"), call.get(1, "output_size")
    sides = tuple(value.shape[-2:])
    wanted = _wanted(said, sides)
    if wanted == sides:
        return NotImplemented
    if wanted[0] == 1 and wanted[1] in (1, sides[1]):
        return places.over_places(trace, call, word, (-2, -1) if wanted[1] == 1 else (-2,))
    factor = sides[0] // wanted[0]
    if sides != (wanted[0] * factor, wanted[1] * factor):
        raise Refused(f"it makes {wanted} places of {sides}, which are not square tiles")
    return _pooled(trace, call, word, factor)


def _wanted(said: Any, sides: tuple[int, ...]) -> tuple[int, ...]:
    """How many places there are to be; of ``None`` as many as there are."""
    several = said if isinstance(said, list | tuple) else (said, said)
    return tuple(side if size is None else size for size, side in zip(several, sides, strict=True))


def result_of_grids(trace: Trace, ids: Ids) -> Result | None:
    """A result that holds grids; ``None``: it holds features.

    Raises:
        Refused: its axes are in another order than those of a generated model.
    """
    if not inner_axes(trace, ids):
        return None
    known = trace.nodes.of(int(ids[ids >= 0].flat[0]))
    if len(known.grid) > 1:
        found = images(trace, ids)
        read = found.grids
        if found.is_turned:
            raise Refused("a result of the model has the width of images before their height")
    else:
        # Characters of words have their features last.
        read = read_grids(trace, ids, (-2, -1))
        if not read.has_channels_on(ids.ndim - 1):
            raise Refused("a result of the model has the places of a grid behind their features")
    return Result(read.rows, is_vector=len(read.rows) == 1)
