"""rule of a layer, grid → the grid that it gives; what does not fit is a `Misfit`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.compare import Misfit
from seqdsl.ir.images import IMAGE_AXES
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.ir.compare import Sizes
    from seqdsl.layers._grids import GridRule


def places_given(
    rule: GridRule, grid: tuple[Size, ...], arguments: Mapping[str, object], sizes: Sizes
) -> tuple[Size, ...]:
    """The grid that a layer makes of another.

    Raises:
        Misfit: it takes no such grid, or leaves nothing of it.
    """
    if not grid or rule.axes not in (0, len(grid)):
        raise Misfit(f"a grid of {len(grid)} axes is read")
    # A stride or a tile of 0 would divide by it.
    if any(size == Size.of(0) for size in arguments.values()):
        raise Misfit("windows of no places")
    given = rule.places(grid, arguments)
    for side in given:
        sizes.at_least(side, 1, "places")
    return given


def check_images(cell: Cell, grid: tuple[Size, ...]) -> None:
    """A cell of convolutions runs over images, all others over features alone.

    Raises:
        Misfit: it does not.
    """
    if cell.takes_images and len(grid) != IMAGE_AXES:
        raise Misfit(f"`{cell.name}` is for images, with height and width")
    if grid and not cell.takes_images:
        raise Misfit(f"`{cell.name}` cannot read grids")


def check_columns(
    whole: tuple[Size, ...], given: tuple[Size, ...], parts: Size, sizes: Sizes
) -> None:
    """A grid that is cut along its width: the height stays, and all parts are as wide as the whole.

    Raises:
        Misfit: they are not.
    """
    # (6, 8) in 4 parts: (6, 2)
    if len(given) != len(whole):
        raise Misfit(f"a grid of {len(whole)} axes is cut into such of {len(given)}")
    for one, other in zip(whole[:-1], given[:-1], strict=True):
        sizes.agree("places of grids", one, other)
    sizes.agree("columns in all parts", given[-1] * parts, whole[-1])
