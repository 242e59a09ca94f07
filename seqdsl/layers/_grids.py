"""grid of a step → grid of what a layer gives: the arithmetic of windows over height and width.

A step may hold a grid: ``(height, width, features)`` of an image, ``(places, features)`` of the characters of a word.
Its features are the last axis, as everywhere.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layers._parts import Combination
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Grid = tuple[Size, ...]
    Arguments = Mapping[str, object]


class GridRule(NamedTuple):
    """What a layer makes of the places of a grid.

    Attributes:
        axes: of how many axes the grid has to be; 0: of any number, at least one.
        places: grid and arguments → the grid that it gives, empty if each step then holds features alone.
        width: grid and features → the features that it gives; a layer with an ``output`` says that itself.
        how: how all places are combined into one; ``None``: they are not.
    """

    axes: int
    places: Callable[[Grid, Arguments], Grid]
    width: Callable[[Grid, Size], Size] = lambda _, features: features
    how: Combination | None = None


def of_windows(grid: Grid, arguments: Arguments) -> Grid:
    """How many windows lie within each axis of a grid, by ``kernel``, ``stride`` and ``padding``."""
    # valid, kernel 3, stride 2, width 7: windows begin at 0, 2 and 4, (7 - 3) // 2 + 1; `same` pads 3 - 1 zeros.
    kernel, stride = arguments["kernel"], arguments.get("stride") or Size.of(1)
    assert isinstance(kernel, Size) and isinstance(stride, Size)
    lost = kernel - 1 if arguments.get("padding") == "valid" else Size.of(0)
    return tuple((side - lost - 1) // stride + 1 for side in grid)


def of_all(grid: Grid, arguments: Arguments) -> Grid:
    """The grid as it is."""
    return grid


def of_tiles(grid: Grid, arguments: Arguments) -> Grid:
    """How many whole tiles lie side by side in each axis of a grid: a remainder is dropped."""
    # Width 7 in tiles of 2: three tiles, and the last column is in none.
    size = arguments["size"]
    assert isinstance(size, Size)
    return tuple(side // size for side in grid)


def of_none(grid: Grid, arguments: Arguments) -> Grid:
    """What is left of a grid that becomes one vector: nothing."""
    return ()


def side_by_side(grid: Grid, features: Size) -> Size:
    """The features of all places, one place after the other."""
    return prod(grid, start=features)


FLAT = GridRule(0, of_none, side_by_side)
"""All places side by side: (28, 28, 1) is 784 features."""
LARGEST = GridRule(0, of_none, how=Combination.MAX)
"""The largest value of all places: (14, 14, 8) is 8 features."""
MEAN = GridRule(0, of_none, how=Combination.MEAN)
"""The mean of all places."""
SAME = GridRule(2, of_all)
"""A place for each: a cell of convolutions, and its state."""
TILES = GridRule(2, of_tiles)
"""Square tiles: (28, 28, 8) is (14, 14, 8) at size 2."""
WINDOWS = GridRule(2, of_windows)
"""Square windows: (28, 28, 1) is (26, 26, filters) at kernel 3, padding valid."""
