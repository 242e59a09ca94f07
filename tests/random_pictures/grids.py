"""steps that hold grids → their inputs, and the layers that can read them.

A grid is ``(height, width)`` of an image, ``(places,)`` of the characters of a word; its features are apart.
"""

from __future__ import annotations

from math import prod
from random import Random

from tests.random_pictures.layers import (
    OF_GRIDS,
    Layer,
    Parameters,
    activated,
    is_uneven,
    keeps_grid,
)
from tests.random_pictures.shapes import Grid, Seen

COMBINE = ("add", "multiply", "mean", "max", "min")
KEEP = ("dense", "activation", "dropout", "layernorm", "batchnorm", "output")
"""What acts on the features of each place alone."""

MOST_FLAT = 40
"""Features that a flat grid may have: more would make what reads it large."""


def grid_source(rng: Random, parameters: Parameters, like: Grid, width: int) -> Layer:
    """An input of images, of places, or of ids at places; like another one, if that is told."""
    if not like and rng.random() < 0.3:
        places = rng.randint(1, 5)
        sizes = (rng.randint(2, 9), places)
        return Layer("tokens", tuple(map(parameters.size, sizes)), 1, (places,))
    images = (rng.randint(2, 5), rng.randint(2, 5))
    grid = like or rng.choice([images, images, (rng.randint(1, 5),)])
    width = width if like else rng.randint(1, 3)
    return Layer("input", tuple(map(parameters.size, (*grid, width))), width, grid)


def grid_layer(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    """A layer that can stand over grids."""
    if seen.vocabulary:
        width = rng.randint(1, 4)
        return Layer("embedding", (parameters.size(width),), width, seen.grid)
    if len(seen.wires) > 1 or seen.bus:
        return _together(rng, seen)
    if len(seen.grid) == 2 and parameters.images.random() < 0.15:
        sizes = (parameters.images.randint(1, 3), parameters.images.randint(1, 3))
        return Layer(OF_GRIDS, tuple(map(parameters.size, sizes)), sizes[0], seen.grid)
    kinds = [*KEEP, *_over_grids(seen)]
    kind = rng.choice(kinds)
    if kind == "conv2d":
        return _conv2d(rng, seen, parameters)
    if kind.endswith("pool2d"):
        size = rng.randint(1, min(seen.grid))
        grid = tuple(side // size for side in seen.grid)
        return Layer(kind, (parameters.count(size),), seen.width, grid)
    if kind == "flatten":
        return Layer(kind, (), prod(seen.grid, start=seen.width))
    if kind in ("mean", "max"):
        return Layer(kind, ("grid",), seen.width)
    made = keeps_grid(rng, kind, seen, parameters)
    return Layer(made.kind, made.arguments, made.width, seen.grid)


def _over_grids(seen: Seen) -> list[str]:
    """The layers that know what a grid is, each as often as it is to be drawn."""
    is_image = len(seen.grid) == 2
    kinds = ["conv2d"] * 5 * is_image
    # What passes beside a row is joined to it later: that row gives the same grid.
    if not seen.keeps:
        kinds += ["mean", "max"] * 2 + ["maxpool2d", "meanpool2d"] * 2 * is_image
        kinds += ["flatten"] * 3 if prod(seen.grid, start=seen.width) <= MOST_FLAT else []
    return kinds


def joining(seen: Seen) -> list[str]:
    """The layers that read several grids: place by place, or their features side by side."""
    is_equal = len({width for width in seen.wires if width != 1}) <= 1
    # Three images on one bus are no image: what joins features takes one from each wire.
    return [*COMBINE] * (is_equal and not is_uneven(seen)) + ["concat"] * (not seen.bus)


def _together(rng: Random, seen: Seen) -> Layer:
    kind = rng.choice(joining(seen))
    width = seen.width if kind == "concat" else max(seen.wires)
    return Layer(kind, (), width, seen.grid)


def _conv2d(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    filters, kernel, stride = rng.randint(1, 4), rng.randint(1, 3), 1
    arguments = [
        parameters.size(filters), parameters.count(kernel), *activated(rng, parameters),
    ]  # fmt: skip
    if not seen.keeps and rng.random() < 0.3:
        stride = rng.randint(1, 3)
        arguments.append(f"stride={parameters.count(stride)}")
    is_valid = not seen.keeps and kernel <= min(seen.grid) and rng.random() < 0.4
    if is_valid or rng.random() < 0.2:
        arguments.append(f"padding={'valid' if is_valid else 'same'}")
    if rng.random() < 0.15:
        arguments.append("bias=false")
    # Width 5, kernel 3, stride 2: windows begin at 0 and 2; padded, at 0, 2 and 4.
    lost = kernel - 1 if is_valid else 0
    grid = tuple((side - lost - 1) // stride + 1 for side in seen.grid)
    return Layer("conv2d", tuple(arguments), filters, grid)
